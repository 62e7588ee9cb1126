/* apply_seen.h - who there is in the world of apply_world.h, and what commands have done there: the whole database as
 * text, effects in words, frames held against what is read back later. */
#ifndef HUBBUB_TESTS_APPLY_APPLY_SEEN_H
#define HUBBUB_TESTS_APPLY_APPLY_SEEN_H

#include "../store/fixture.h"
#include "apply/apply.h"
#include "base/buf.h"
#include "rules/wire.h"

/* ------------------------------------------------------------------ the cast */

/* Their ids. Anna, Ben, Cleo and Dora are members of the place; Gus is a guest, Vera a visitor, Eve is banned. */
enum { SYSTEM, OLGA, ADA, MOE, ANNA, BEN, CLEO, DORA, EVE, GUS, VERA, CAST };

struct part {
    const char *name, *display;
    enum user_kind kind;
    enum role role;
};

static const struct part cast[CAST] = {
    [SYSTEM] = {"admin", "", USER_SYSTEM, ROLE_SYSTEM},
    [OLGA] = {"olga", "", USER_ACCOUNT, ROLE_OWNER},
    [ADA] = {"ada", "Ada L.", USER_ACCOUNT, ROLE_ADMIN},
    [MOE] = {"moe", "", USER_ACCOUNT, ROLE_MODERATOR},
    [ANNA] = {"anna", "Anna Berg", USER_ACCOUNT, ROLE_MEMBER},
    [BEN] = {"ben", "", USER_ACCOUNT, ROLE_MEMBER},
    [CLEO] = {"cleo", "", USER_ACCOUNT, ROLE_MEMBER},
    [DORA] = {"dora", "Dora", USER_ACCOUNT, ROLE_MEMBER},
    [EVE] = {"eve", "", USER_ACCOUNT, ROLE_MEMBER},
    [GUS] = {"gus", "", USER_GUEST, ROLE_GUEST},
    [VERA] = {"vera", "", USER_VISITOR, ROLE_VISITOR},
};

/* ------------------------------------------------------------------ what can be seen */

/* Everything in the database that commands decide about; a database's lineage is its own. */
static inline char *world_dump(const char *path)
{
    struct buf b = BUF_INIT;
    sqlite3_stmt *tables, *rows;
    sqlite3 *db = outside_open(path);
    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN "
                                        "('schema_migrations', 'lineage') ORDER BY 1",
                                        -1, &tables, NULL),
                     SQLITE_OK);
    while (sqlite3_step(tables) == SQLITE_ROW) {
        char sql[128];
        snprintf(sql, sizeof sql, "SELECT * FROM %s", (const char *)sqlite3_column_text(tables, 0));
        buf_printf(&b, "-- %s\n", sql);
        assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &rows, NULL), SQLITE_OK);
        while (sqlite3_step(rows) == SQLITE_ROW) {
            for (int i = 0; i < sqlite3_column_count(rows); i++) {
                const void *bytes = sqlite3_column_blob(rows, i);
                for (int k = 0; k < sqlite3_column_bytes(rows, i); k++) {
                    char c = ((const char *)bytes)[k];
                    buf_add_char(&b, c ? c : '0');
                }
                buf_add_char(&b, '|');
            }
            buf_add_char(&b, '\n');
        }
        sqlite3_finalize(rows);
    }
    sqlite3_finalize(tables);
    sqlite3_close(db);
    buf_add_char(&b, 0);
    assert_false(b.failed);
    return b.p;
}

static inline void assert_dumps_equal(const char *what, const char *a, const char *b)
{
    size_t i = 0;
    while (a[i] && a[i] == b[i])
        i++;
    if (a[i] == b[i])
        return;
    while (i && a[i - 1] != '\n')
        i--;
    fail_msg("%s:\n%.*s\n%.*s", what, (int)strcspn(a + i, "\n"), a + i, (int)strcspn(b + i, "\n"), b + i);
}

/* "event", "event(ben,*)" with who is mentioned, "created", "changed:renamed", "joined:ben", ... divided by blanks. */
static inline void world_effects(const struct outcome *o, char out[512])
{
    static const char *const names[] = {[EFFECT_EVENT] = "event",
                                        [EFFECT_ROOM_CREATED] = "created",
                                        [EFFECT_ROOM_CHANGED] = "changed",
                                        [EFFECT_JOINED] = "joined",
                                        [EFFECT_LEFT] = "left",
                                        [EFFECT_MEMBERSHIP] = "membership",
                                        [EFFECT_READ] = "read",
                                        [EFFECT_MESSAGE_GONE] = "gone",
                                        [EFFECT_REPORTED] = "reported",
                                        [EFFECT_REQUESTED] = "requested",
                                        [EFFECT_USER] = "user",
                                        [EFFECT_PLACE] = "place",
                                        [EFFECT_SESSION_ENDED] = "session",
                                        [EFFECT_SESSIONS_ENDED] = "logout",
                                        [EFFECT_TOKEN_ENDED] = "token",
                                        [EFFECT_BANNED] = "banned",
                                        [EFFECT_HISTORY_HIDDEN] = "hidden",
                                        [EFFECT_BLOCKS] = "blocks",
                                        [EFFECT_SWEPT] = "swept"};
    size_t len = 0;
    out[0] = 0;
    if (o->duplicate)
        snprintf(out, 512, "duplicate");
    for (size_t i = 0; i < o->effect_count; i++) {
        const struct effect *e = outcome_effect((struct outcome *)o, i);
        if (e->kind != EFFECT_REQUESTED) /* of which there may be one for each of several rooms */
            assert_int_equal(e->room, o->room_id);
        len += (size_t)snprintf(out + len, 512 - len, "%s%s", i ? " " : "", names[e->kind]);
        if (e->kind == EFFECT_MESSAGE_GONE)
            len += (size_t)snprintf(out + len, 512 - len, ":%d", (int)e->seq);
        if (e->change)
            len += (size_t)snprintf(out + len, 512 - len, ":%s", e->change);
        if (e->user && e->kind != EFFECT_EVENT && e->kind != EFFECT_MESSAGE_GONE)
            len += (size_t)snprintf(out + len, 512 - len, ":%s", cast[e->user].name);
        for (size_t k = 0; k < e->mentioned_count; k++)
            len += (size_t)snprintf(out + len, 512 - len, "%s%s%s", k ? "," : "(",
                                    e->mentioned[k] ? cast[e->mentioned[k]].name : "*",
                                    k + 1 == e->mentioned_count ? ")" : "");
        assert_true(len < 512);
    }
}

static inline bool compare_frame(void *ctx, const struct event_row *row)
{
    struct buf scratch = BUF_INIT;
    const struct frame *sent = ctx;
    struct frame *later = wire_row_frame(&scratch, row);
    assert_non_null(later);
    if (sent->len != later->len || memcmp(sent->bytes, later->bytes, sent->len))
        fail_msg("sent:  %.*s\nlater: %.*s", (int)sent->len, (const char *)sent->bytes, (int)later->len,
                 (const char *)later->bytes);
    assert_int_equal(sent->first_seq, later->first_seq);
    frame_release(later);
    buf_release(&scratch);
    return true;
}

static inline void check_frames(struct store *s, const struct outcome *o)
{
    for (size_t i = 0; i < o->effect_count; i++) {
        const struct effect *e = outcome_effect((struct outcome *)o, i);
        bool has_frame = e->kind == EFFECT_EVENT || e->kind == EFFECT_MESSAGE_GONE;
        assert_int_equal(e->frame != NULL, has_frame);
        if (has_frame) {
            assert_int_equal(e->frame->first_seq, e->seq);
            assert_int_equal(events_after(s, e->room, e->seq - 1, e->seq + 1, 1, compare_frame, e->frame), OK);
        }
    }
}

#endif
