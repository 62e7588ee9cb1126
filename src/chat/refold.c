#include "chat/refold.h"

#include "base/diag.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A name whose fold is to be another one. */
struct stale {
    int64_t id;
    char name[NAME_BYTES], fold[NAME_KEY_BYTES];
};

struct stale_list {
    const struct name_rules *rules;
    struct stale *all;
    size_t len, cap;
};

static void check(void *ctx, int64_t id, struct span name, struct span fold)
{
    char fresh[NAME_KEY_BYTES];
    struct stale_list *list = ctx;
    if (name.len >= NAME_BYTES || name_fold(list->rules, name, fresh) || span_equal(span_of(fresh), fold))
        return;
    if (list->len == list->cap) {
        list->cap = list->cap ? list->cap * 2 : 16;
        list->all = mem_must_resize(list->all, list->cap, sizeof *list->all);
    }
    struct stale *stale = &list->all[list->len++];
    stale->id = id;
    snprintf(stale->name, sizeof stale->name, "%.*s", (int)name.len, name.p);
    memcpy(stale->fold, fresh, sizeof fresh);
}

typedef enum err set_name_fn(struct store *s, int64_t id, struct span name, struct span fold);

static enum err write_all(struct store *s, const struct stale_list *list, const char *what, set_name_fn *set_name)
{
    for (size_t i = 0; i < list->len; i++) {
        const struct stale *stale = &list->all[i];
        enum err e = set_name(s, stale->id, span_of(stale->name), span_of(stale->fold));
        if (e == ERR_NAME_TAKEN)
            diag_warn("names_look_alike", "%s=%s hint=%s", what, diag_quote(stale->name).s,
                      diag_quote("another name looks like it now").s);
        else if (e)
            return e;
    }
    return OK;
}

enum err refold_names(struct store *s, const struct name_rules *rules)
{
    char version[NAME_RULES_VERSION_BYTES];
    struct stale_list users = {.rules = rules}, rooms = {.rules = rules};
    enum err e = name_rules_get(s, version);
    if (e || strcmp(version, name_key_version()) == 0)
        return e;
    if ((e = store_begin(s)))
        return e;
    if (!(e = users_named(s, check, &users)) && !(e = rooms_named(s, check, &rooms)) &&
        !(e = write_all(s, &users, "user", users_set_name)) && !(e = write_all(s, &rooms, "room", rooms_set_name)) &&
        !(e = name_rules_set(s, name_key_version())))
        e = store_commit(s);
    else
        store_rollback(s);
    if (!e && *version)
        diag_info("names_refolded", "from=%s to=%s users=%zu rooms=%zu", version, name_key_version(), users.len,
                  rooms.len);
    free(users.all);
    free(rooms.all);
    return e;
}
