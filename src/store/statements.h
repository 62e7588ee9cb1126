/* statements.h - the SQL of this layer: migrations/ and src/store/sql/, compiled in by cmake/embed_sql.mjs, and a
 * store's prepared statements.
 *
 * Each statement is prepared at its first use, stays prepared until the store is closed, and is reset after each use,
 * on every path: a statement that is left running keeps a read transaction open, and with it the WAL from being reset.
 * Private to src/store. */
#ifndef HUBBUB_STORE_STATEMENTS_H
#define HUBBUB_STORE_STATEMENTS_H

#include "base/err.h"
#include "base/words.h"

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

struct store;

/* All names; embed_sql.mjs makes one without SQL, or SQL without its name here, an error of the build. */
#define STATEMENTS(X)                                                                                                  \
    X(begin_write)                                                                                                     \
    X(begin_read)                                                                                                      \
    X(commit)                                                                                                          \
    X(rollback)                                                                                                        \
    X(touch)                                                                                                           \
    X(schema_tables)                                                                                                   \
    X(application_id)                                                                                                  \
    X(migrations_all)                                                                                                  \
    X(migrations_insert)                                                                                               \
    X(applied_get)                                                                                                     \
    X(applied_set)                                                                                                     \
    X(lineage_get)                                                                                                     \
    X(lineage_set)                                                                                                     \
    X(name_rules_get)                                                                                                  \
    X(name_rules_set)                                                                                                  \
    X(users_named)                                                                                                     \
    X(rooms_named)                                                                                                     \
    X(place_get)                                                                                                       \
    X(place_set)                                                                                                       \
    X(accounts_by_id)                                                                                                  \
    X(accounts_each)                                                                                                   \
    X(accounts_count_role)                                                                                             \
    X(accounts_promote)                                                                                                \
    X(accounts_set_role)                                                                                               \
    X(accounts_set_profile)                                                                                            \
    X(accounts_forget_cookies)                                                                                         \
    X(credentials_by_fold)                                                                                             \
    X(credentials_by_id)                                                                                               \
    X(credentials_set_password)                                                                                        \
    X(credentials_set_totp)                                                                                            \
    X(credentials_use_totp)                                                                                            \
    X(credentials_lower_totp)                                                                                          \
    X(recovery_codes_insert)                                                                                           \
    X(recovery_codes_delete_all)                                                                                       \
    X(recovery_codes_use)                                                                                              \
    X(recovery_codes_count)                                                                                            \
    X(avatars_count)                                                                                                   \
    X(avatars_put)                                                                                                     \
    X(avatars_delete)                                                                                                  \
    X(avatars_get)                                                                                                     \
    X(sessions_insert)                                                                                                 \
    X(sessions_delete_expired)                                                                                         \
    X(sessions_by_hash)                                                                                                \
    X(sessions_touch)                                                                                                  \
    X(sessions_delete)                                                                                                 \
    X(sessions_delete_others)                                                                                          \
    X(sessions_each)                                                                                                   \
    X(tokens_insert)                                                                                                   \
    X(tokens_by_hash)                                                                                                  \
    X(tokens_delete)                                                                                                   \
    X(tokens_note_one)                                                                                                 \
    X(tokens_note_user)                                                                                                \
    X(tokens_forget_revoked)                                                                                           \
    X(tokens_is_revoked)                                                                                               \
    X(tokens_delete_user)                                                                                              \
    X(tokens_each)                                                                                                     \
    X(tokens_count)                                                                                                    \
    X(resets_insert)                                                                                                   \
    X(resets_by_hash)                                                                                                  \
    X(resets_delete_user)                                                                                              \
    X(invites_insert)                                                                                                  \
    X(invites_insert_room)                                                                                             \
    X(invites_by_code)                                                                                                 \
    X(invites_use)                                                                                                     \
    X(invites_revoke)                                                                                                  \
    X(invites_set_label)                                                                                               \
    X(invites_each)                                                                                                    \
    X(invites_rooms)                                                                                                   \
    X(rooms_all)                                                                                                       \
    X(rooms_insert)                                                                                                    \
    X(rooms_set_last_seq)                                                                                              \
    X(rooms_set_name)                                                                                                  \
    X(rooms_set_archived_at)                                                                                           \
    X(rooms_more_by_id)                                                                                                \
    X(rooms_more_all)                                                                                                  \
    X(rooms_by_direct_key)                                                                                             \
    X(rooms_more_insert)                                                                                               \
    X(rooms_more_set)                                                                                                  \
    X(users_by_key)                                                                                                    \
    X(users_by_id)                                                                                                     \
    X(users_by_fold)                                                                                                   \
    X(users_insert)                                                                                                    \
    X(users_set_name)                                                                                                  \
    X(visitors_each)                                                                                                   \
    X(visitors_give_messages)                                                                                          \
    X(visitors_give_changes)                                                                                           \
    X(visitors_delete_silences)                                                                                        \
    X(visitors_delete_paces)                                                                                           \
    X(visitors_delete)                                                                                                 \
    X(memberships_get)                                                                                                 \
    X(memberships_all)                                                                                                 \
    X(memberships_insert)                                                                                              \
    X(memberships_set)                                                                                                 \
    X(memberships_set_read)                                                                                            \
    X(memberships_read_position)                                                                                       \
    X(memberships_own_deleted)                                                                                         \
    X(memberships_delete)                                                                                              \
    X(memberships_count_role)                                                                                          \
    X(silences_get)                                                                                                    \
    X(silences_set)                                                                                                    \
    X(silences_delete)                                                                                                 \
    X(paces_get)                                                                                                       \
    X(paces_set)                                                                                                       \
    X(paces_delete)                                                                                                    \
    X(join_requests_set)                                                                                               \
    X(join_requests_delete)                                                                                            \
    X(join_requests_each)                                                                                              \
    X(messages_insert)                                                                                                 \
    X(messages_by_client_id)                                                                                           \
    X(messages_exists)                                                                                                 \
    X(messages_head)                                                                                                   \
    X(messages_any_to_read)                                                                                            \
    X(messages_count_own)                                                                                              \
    X(messages_delete)                                                                                                 \
    X(messages_by_author)                                                                                              \
    X(messages_gone)                                                                                                   \
    X(mentions_insert)                                                                                                 \
    X(mentions_of)                                                                                                     \
    X(mentions_delete)                                                                                                 \
    X(mentions_by_author)                                                                                              \
    X(changes_insert)                                                                                                  \
    X(events_after)                                                                                                    \
    X(events_down)                                                                                                     \
    X(events_floor)                                                                                                    \
    X(bans_get)                                                                                                        \
    X(bans_set)                                                                                                        \
    X(bans_delete)                                                                                                     \
    X(bans_each)                                                                                                       \
    X(bans_hiding)                                                                                                     \
    X(blocks_insert)                                                                                                   \
    X(blocks_delete)                                                                                                   \
    X(blocks_has)                                                                                                      \
    X(blocks_each)                                                                                                     \
    X(reports_insert)                                                                                                  \
    X(reports_handle)                                                                                                  \
    X(reports_room)                                                                                                    \
    X(reports_waiting)                                                                                                 \
    X(reports_handled)                                                                                                 \
    X(audit_insert)                                                                                                    \
    X(audit_by_user)                                                                                                   \
    X(audit_by_room)                                                                                                   \
    X(audit_by_verb)                                                                                                   \
    X(audit_by_actor)                                                                                                  \
    X(audit_all)                                                                                                       \
    X(blocks_all)                                                                                                      \
    X(reports_count_waiting)                                                                                           \
    X(reports_count_each)                                                                                              \
    X(join_requests_count)                                                                                             \
    X(join_requests_count_each)

#define STATEMENTS_ENUM(name) STATEMENT_##name,
enum statement { STATEMENTS(STATEMENTS_ENUM) STATEMENT_COUNT };
#undef STATEMENTS_ENUM

struct statement_source {
    const char *name;
    /* What its plan searches by: index names, "rowid", "primary key", comma separated; or "none" and why. */
    const char *index;
    const char *sql;
};

extern const struct statement_source statement_sources[STATEMENT_COUNT];

struct migration {
    int version;
    const char *name;     /* the file's name without .sql, e.g. "0001_initial" */
    const char *checksum; /* SHA-256 of the file, 64 hexadecimal digits */
    const char *sql;
    const char *about;   /* for people: what it makes */
    const char *earlier; /* checksums of earlier wordings that did the same, each with a blank behind it; "": none */
};

extern const struct migration migrations[];
extern const size_t migrations_count;

/* The prepared statement, ready to be bound. NULL: it could not be prepared; storage_failed has been reported. */
sqlite3_stmt *statement_use(struct store *s, enum statement id);

/* One step. True: there is a row, and a statement_end() must follow. False: it is over, with *e as statement_end()
 * gives it. */
bool statement_row(struct store *s, sqlite3_stmt *st, enum err *e);

/* Resets it. OK; ERR_STORAGE when its last step failed, which has been reported. */
enum err statement_end(struct store *s, sqlite3_stmt *st);

/* For a statement that gives no rows: step and end. Where a UNIQUE index refuses, the result is `unique`, and unless
 * that is ERR_STORAGE it is not reported as a failure. */
enum err statement_run(struct store *s, sqlite3_stmt *st, enum err unique);

/* The same for a statement without parameters. */
enum err statement_exec(struct store *s, enum statement id);

/* The same, for a statement that finds its rows itself: `none` when it has inserted, changed or deleted none. */
enum err statement_change(struct store *s, sqlite3_stmt *st, enum err none);

/* Runs a statement that gives one integer; `none` when it gives no row. */
enum err statement_i64(struct store *s, sqlite3_stmt *st, enum err none, int64_t *out);

/* The bytes are borrowed: they must live until the statement has been ended. An empty span is ''. */
void statement_bind_text(sqlite3_stmt *st, int parameter, struct span text);
void statement_bind_text_or_null(sqlite3_stmt *st, int parameter, struct span text); /* an empty span is NULL */
void statement_bind_i64_or_null(sqlite3_stmt *st, int parameter, int64_t value);     /* 0 is NULL */
void statement_bind_blob(sqlite3_stmt *st, int parameter, struct span bytes);        /* an empty span is NULL */
void statement_bind_word(sqlite3_stmt *st, int parameter, const struct words *w, unsigned number);

/* A text or blob column of the current row, valid until the next step or end. NULL is empty. */
struct span statement_text(sqlite3_stmt *st, int column);
struct span statement_blob(sqlite3_stmt *st, int column);

/* The number of the word in a column of the current row; -1: none of them. Then statement_unknown_word() ends it. */
int statement_word(sqlite3_stmt *st, int column, const struct words *w);

/* Ends a statement whose row holds a word that this program does not know, which is reported; ERR_STORAGE. */
enum err statement_unknown_word(struct store *s, sqlite3_stmt *st);

/* Copies n texts of the current row into s->row, where they stay until the next look-up, points them there, and ends
 * the statement, which so need not stay open. OK; ERR_STORAGE: a text could not be had, which has been reported. */
enum err statement_keep(struct store *s, sqlite3_stmt *st, struct span *const texts[], size_t n);

/* Ends whatever is still running and frees all. */
void statements_close(struct store *s);

#endif
