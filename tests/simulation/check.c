#include "check.h"

#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define EVENT_COLUMNS_M                                                                                                \
    "m.room_id, m.seq, m.author_id, m.at, coalesce(m.reply_to, 0), m.body, coalesce(m.client_id, ''), 'message', "     \
    "m.deleted_at IS NOT NULL, 0, 0"
#define EVENT_COLUMNS_C                                                                                                \
    "c.room_id, c.seq, c.actor_id, c.at, 0, "                                                                          \
    "CASE c.kind WHEN 'renamed' THEN coalesce(c.data ->> '$.name', '') WHEN 'changed' THEN c.data ELSE '' END, '', "   \
    "c.kind, 0, coalesce(c.target_seq, 0), coalesce(c.data ->> '$.user.id', 0)"

static const char find_sql[] =
    "SELECT " EVENT_COLUMNS_M " FROM messages AS m WHERE m.room_id = ?1 AND m.seq = ?2 UNION ALL "
    "SELECT " EVENT_COLUMNS_C " FROM changes AS c WHERE c.room_id = ?1 AND c.seq = ?2";
const char check_all_events_sql[] = "SELECT " EVENT_COLUMNS_M " FROM messages AS m UNION ALL SELECT " EVENT_COLUMNS_C
                                    " FROM changes AS c ORDER BY 1, 2";

sqlite3_stmt *check_prepare(struct world *w, sqlite3 *db, const char *sql)
{
    sqlite3_stmt *st = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
        trace_fail(&w->trace, "I1", "the database cannot be read: %s", sqlite3_errmsg(db));
    return st;
}

bool check_row(struct world *w, sqlite3_stmt *st)
{
    int code = sqlite3_step(st);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        trace_fail(&w->trace, "I1", "the database cannot be read: %s", sqlite3_errmsg(sqlite3_db_handle(st)));
    return code == SQLITE_ROW;
}

static void open_check(struct world *w, struct check *c, const char *vfs)
{
    int code = sqlite3_open_v2(WORLD_DATABASE, &c->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, vfs);
    if (code != SQLITE_OK)
        trace_fail(&w->trace, "I1", "the database cannot be opened: %s", sqlite3_errstr(code));
    /* It only looks; but it is as well the first who opens what a power loss has left. */
    sqlite3_db_config(c->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    c->find = check_prepare(w, c->db, find_sql);
}

static void close_check(struct check *c)
{
    sqlite3_finalize(c->find);
    sqlite3_close(c->db);
    *c = (struct check){0};
}

void check_open(struct world *w)
{
    w->faults.exempt = true;
    open_check(w, &w->check, WORLD_VFS);
    w->faults.exempt = false;
}

void check_close(struct world *w)
{
    w->faults.exempt = true;
    close_check(&w->check);
    w->faults.exempt = false;
}

bool check_is_open(const struct check *c)
{
    return c->db != NULL;
}

/* ------------------------------------------------------------------ one event */

void check_read_event(struct world *w, sqlite3_stmt *st, struct place_event *out)
{
    const char *kind = (const char *)sqlite3_column_text(st, 7);
    const int k = words_find(&words_event_kind, span_of(kind));
    if (k < 0)
        trace_fail(&w->trace, "I1", "the database has a change of kind %s", kind);
    *out = (struct place_event){
        .kind = (enum event_kind)k,
        .room = sqlite3_column_int64(st, 0),
        .seq = sqlite3_column_int64(st, 1),
        .author = sqlite3_column_int64(st, 2),
        .at = sqlite3_column_int64(st, 3),
        .reply_to = sqlite3_column_int64(st, 4),
        .text = (const char *)sqlite3_column_text(st, 5),
        .id = (const char *)sqlite3_column_text(st, 6),
        .is_deleted = sqlite3_column_int(st, 8),
        .target = sqlite3_column_int64(st, 9),
        .user = sqlite3_column_int64(st, 10),
    };
}

bool check_find(struct world *w, int64_t room, int64_t seq, struct place_event *out)
{
    static char text[32768], id[MODEL_ID_BYTES];
    sqlite3_stmt *st = w->check.find;
    w->faults.exempt = true;
    sqlite3_bind_int64(st, 1, room);
    sqlite3_bind_int64(st, 2, seq);
    bool there = check_row(w, st);
    if (there) {
        check_read_event(w, st, out);
        snprintf(text, sizeof text, "%s", out->text);
        snprintf(id, sizeof id, "%s", out->id);
        out->text = text;
        out->id = id;
    }
    sqlite3_reset(st);
    w->faults.exempt = false;
    return there;
}

void check_is_committed(struct world *w, const char *who, const struct place_event *e)
{
    struct place_event stored;
    if (!check_is_open(&w->check))
        return;
    if (!check_find(w, e->room, e->seq, &stored))
        trace_fail(&w->trace, "I1", "%s has room %" PRId64 " seq %" PRId64 ", which is not committed", who, e->room,
                   e->seq);
    model_compare(w, "the database", &stored);
}

/* ------------------------------------------------------------------ all of it, see check_db.c */

void check_all(struct world *w)
{
    w->faults.exempt = true;
    check_db(w, "the database", w->check.db);
    w->faults.exempt = false;
}

void check_power_loss(struct world *w, bool keep_some)
{
    struct check c = {0};
    size_t size;
    world_count(w, looks);
    struct disk *after = disk_after_power_loss(w->disk, keep_some ? &w->disk_dice : NULL);
    if (disk_has(after, WORLD_DATABASE, &size) && size > 0) {
        vfs_insert(w->what_if, after);
        open_check(w, &c, WORLD_WHAT_IF_VFS);
        check_db(w, "after a power loss the database", c.db);
        close_check(&c);
    } else if (w->model.events) {
        trace_fail(&w->trace, "I1", "after a power loss there is no database");
    }
    disk_free(after);
}

int64_t check_last_seq(struct world *w, int64_t room)
{
    w->faults.exempt = true;
    sqlite3_stmt *st = check_prepare(w, w->check.db, "SELECT last_seq FROM rooms WHERE id = ?1");
    sqlite3_bind_int64(st, 1, room);
    int64_t last_seq = check_row(w, st) ? sqlite3_column_int64(st, 0) : 0;
    sqlite3_finalize(st);
    w->faults.exempt = false;
    return last_seq;
}

int64_t check_read_applied(struct world *w, sqlite3 *db, uint8_t hash[32])
{
    sqlite3_stmt *st = check_prepare(w, db, "SELECT number, hash FROM applied");
    int64_t number = check_row(w, st) ? sqlite3_column_int64(st, 0) : -1;
    if (number >= 0 && sqlite3_column_bytes(st, 1) == 32)
        memcpy(hash, sqlite3_column_blob(st, 1), 32);
    sqlite3_finalize(st);
    return number;
}

int64_t check_applied(struct world *w, uint8_t hash[32])
{
    w->faults.exempt = true;
    int64_t number = check_read_applied(w, w->check.db, hash);
    w->faults.exempt = false;
    return number;
}
