/* migrate.h - brings the schema up to date: migrations/NNNN_name.sql, compiled into the program, applied in order,
 * forward only.
 *
 * Each is applied in one transaction together with its row in schema_migrations (version, name, SHA-256 of the file). A
 * database that has a migration which this program does not know was written by a newer program; one whose applied
 * migrations differ from the program's was tampered with, or is of a branch of development. Both are refused before
 * anything is changed. A migration may be reworded when the new wording does the same and names the checksum of the old
 * one, which then counts as its own. Private to src/store. */
#ifndef HUBBUB_STORE_MIGRATE_H
#define HUBBUB_STORE_MIGRATE_H

#include "store/connection.h"
#include "store/store.h"

/* Reads only. OK and how many of the `n` migrations of `list` (numbered from 1) the database has: 0 for a new, empty
 * one. ERR_NEWER; ERR_CORRUPT: an applied one is missing or differs, or the database is another program's. Those with
 * one line for people in *why. ERR_STORAGE: SQLite failed, see sqlite3_extended_errcode(). */
enum err migrate_check(struct store *s, const struct migration *list, size_t n, size_t *applied,
                       struct store_error *why);

/* Applies list[applied] to list[n - 1]. ERR_STORAGE: one of them failed and has left nothing behind; those before it
 * stay. */
enum err migrate_apply(struct store *s, const struct migration *list, size_t n, size_t applied);

#endif
