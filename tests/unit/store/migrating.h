/* migrating.h - a database with some migrations only. */
#ifndef HUBBUB_UNIT_STORE_MIGRATING_H
#define HUBBUB_UNIT_STORE_MIGRATING_H

#include "fixture.h"
#include "store/migrate.h"

/* With the first n of a list. */
static inline enum err migrate(const char *path, const struct migration *list, size_t n)
{
    struct store s = {0};
    struct store_error why;
    size_t applied = 99;
    s.db = outside_open(path);
    enum err e = migrate_check(&s, list, n, &applied, &why);
    if (!e)
        e = migrate_apply(&s, list, n, applied);
    statements_close(&s);
    sqlite3_close(s.db);
    return e;
}

#endif
