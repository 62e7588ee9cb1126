#include "check.h"

#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define EVENT_COLUMNS_M "m.room_id, m.seq, m.author_id, m.at, coalesce(m.reply_to, 0), m.body, coalesce(m.client_id, ''), 'message'"
#define EVENT_COLUMNS_C "c.room_id, c.seq, c.actor_id, c.at, 0, coalesce(c.data ->> '$.name', ''), '', c.kind"

static const char find_sql[] = "SELECT " EVENT_COLUMNS_M " FROM messages AS m WHERE m.room_id = ?1 AND m.seq = ?2 UNION ALL "
                               "SELECT " EVENT_COLUMNS_C " FROM changes AS c WHERE c.room_id = ?1 AND c.seq = ?2";
static const char all_sql[] = "SELECT " EVENT_COLUMNS_M " FROM messages AS m UNION ALL SELECT " EVENT_COLUMNS_C
                              " FROM changes AS c ORDER BY 1, 2";

static int prepare(struct world *w, sqlite3 *db, const char *sql, sqlite3_stmt **st)
{
    int code = sqlite3_prepare_v2(db, sql, -1, st, NULL);
    if (code != SQLITE_OK)
        trace_fail(&w->trace, "I1", "the database cannot be read: %s", sqlite3_errmsg(db));
    return code;
}

static bool row(struct world *w, sqlite3_stmt *st)
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
    prepare(w, c->db, find_sql, &c->find);
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

static void read_event(struct world *w, sqlite3_stmt *st, struct model_event *out)
{
    static const char *const kinds[] = {"message", "renamed", "archived", "unarchived"};
    const char *kind = (const char *)sqlite3_column_text(st, 7);
    int k = 0;
    while (k < 4 && strcmp(kinds[k], kind) != 0)
        k++;
    if (k == 4)
        trace_fail(&w->trace, "I1", "the database has a change of kind %s", kind);
    *out = (struct model_event){
        .kind = (enum model_kind)k,
        .room = sqlite3_column_int64(st, 0),
        .seq = sqlite3_column_int64(st, 1),
        .author = sqlite3_column_int64(st, 2),
        .at = sqlite3_column_int64(st, 3),
        .reply_to = sqlite3_column_int64(st, 4),
        .text = (const char *)sqlite3_column_text(st, 5),
        .id = (const char *)sqlite3_column_text(st, 6),
    };
}

bool check_find(struct world *w, int64_t room, int64_t seq, struct model_event *out)
{
    static char text[32768], id[MODEL_ID_BYTES];
    sqlite3_stmt *st = w->check.find;
    w->faults.exempt = true;
    sqlite3_bind_int64(st, 1, room);
    sqlite3_bind_int64(st, 2, seq);
    bool there = row(w, st);
    if (there) {
        read_event(w, st, out);
        snprintf(text, sizeof text, "%s", out->text);
        snprintf(id, sizeof id, "%s", out->id);
        out->text = text;
        out->id = id;
    }
    sqlite3_reset(st);
    w->faults.exempt = false;
    return there;
}

void check_is_committed(struct world *w, const char *who, const struct model_event *e)
{
    struct model_event stored;
    if (!check_is_open(&w->check))
        return;
    if (!check_find(w, e->room, e->seq, &stored))
        trace_fail(&w->trace, "I1", "%s has room %" PRId64 " seq %" PRId64 ", which is not committed", who, e->room, e->seq);
    model_compare(w, "the database", &stored);
}

/* ------------------------------------------------------------------ all of it */

static void expect_ok(struct world *w, sqlite3 *db, const char *pragma)
{
    sqlite3_stmt *st;
    prepare(w, db, pragma, &st);
    if (row(w, st) && strcmp((const char *)sqlite3_column_text(st, 0), "ok") != 0)
        trace_fail(&w->trace, "I1", "%s: %s", pragma, sqlite3_column_text(st, 0));
    sqlite3_finalize(st);
}

/* What a send came to: stored as it was sent, and not after all its answers were refusals. */
static void check_stored(struct world *w, const char *who, const struct model_event *e)
{
    struct model_send *s = model_send_find(&w->model, e->id);
    if (!s)
        trace_fail(&w->trace, "I2", "%s has room %" PRId64 " seq %" PRId64 " from a send \"%s\" that nobody made", who, e->room,
                   e->seq, e->id);
    if (s->room != e->room || s->reply_to != e->reply_to || strcmp(s->body, e->text) != 0)
        trace_fail(&w->trace, "I2", "%s has %s in room %" PRId64 " as \"%s\"", who, s->id, e->room, e->text);
    if (s->seq && s->seq != e->seq)
        trace_fail(&w->trace, "I4", "%s has %s as seq %" PRId64 ", but it was seen as seq %" PRId64, who, s->id, e->seq, s->seq);
    if (s->must_fail || (s->refused && !s->doubtful && !s->excused && s->answered == s->sent && !s->acks))
        trace_fail(&w->trace, "I2", "%s has %s (room %" PRId64 " seq %" PRId64 "), which was refused", who, s->id, e->room, e->seq);
}

/* Each room's events are 1, 2, 3, ...; what has been seen of them is still the same. counts[room] becomes how many there are. */
static void check_events(struct world *w, const char *who, sqlite3 *db, int64_t counts[MODEL_ROOMS_MAX])
{
    sqlite3_stmt *st;
    struct model_event e;
    prepare(w, db, all_sql, &st);
    while (row(w, st)) {
        read_event(w, st, &e);
        model_room(w, e.room);
        if (e.seq != ++counts[e.room])
            trace_fail(&w->trace, "I2", "%s has seq %" PRId64 " after %" PRId64 " in room %" PRId64, who, e.seq, counts[e.room] - 1,
                       e.room);
        model_compare(w, who, &e);
        if (e.kind == MODEL_MESSAGE)
            check_stored(w, who, &e);
    }
    sqlite3_finalize(st);
}

/* A room's row says what its events say. */
static void check_rooms(struct world *w, const char *who, sqlite3 *db, int64_t counts[MODEL_ROOMS_MAX])
{
    bool there[MODEL_ROOMS_MAX] = {false};
    sqlite3_stmt *st;
    prepare(w, db,
            "SELECT r.id, r.last_seq, r.name = coalesce((SELECT data ->> '$.name' FROM changes WHERE room_id = r.id AND kind = "
            "'renamed' ORDER BY seq DESC LIMIT 1), r.name), (r.archived_at <> 0) = coalesce((SELECT kind = 'archived' FROM changes "
            "WHERE room_id = r.id AND kind <> 'renamed' ORDER BY seq DESC LIMIT 1), 0), r.name FROM rooms AS r",
            &st);
    while (row(w, st)) {
        int64_t id = sqlite3_column_int64(st, 0), last_seq = sqlite3_column_int64(st, 1);
        struct model_room *r = model_room(w, id);
        there[id] = true;
        if (last_seq != counts[id])
            trace_fail(&w->trace, "I2", "%s: room %" PRId64 " has last_seq %" PRId64 ", but %" PRId64 " events", who, id, last_seq,
                       counts[id]);
        if (r->last_seen > last_seq)
            trace_fail(&w->trace, "I1", "%s: room %" PRId64 " has lost what comes after seq %" PRId64 "; seq %" PRId64 " has been seen", who,
                       id, last_seq, r->last_seen);
        if (!sqlite3_column_int(st, 2) || !sqlite3_column_int(st, 3))
            trace_fail(&w->trace, "I1", "%s: room %" PRId64 " (%s) differs from its last change", who, id, sqlite3_column_text(st, 4));
    }
    sqlite3_finalize(st);
    for (int64_t id = 1; id < MODEL_ROOMS_MAX; id++)
        if (!there[id] && (w->model.rooms[id].promised || w->model.rooms[id].last_seen))
            trace_fail(&w->trace, "I1", "%s: room %" PRId64 " is lost", who, id);
}

static void check_sends(struct world *w, const char *who, sqlite3 *db)
{
    sqlite3_stmt *st;
    prepare(w, db, "SELECT seq, room_id, at FROM messages WHERE client_id = ?1", &st);
    for (size_t i = 0; i < w->model.sends_count; i++) {
        const struct model_send *s = &w->model.sends[i];
        if (!s->acks)
            continue;
        sqlite3_bind_text(st, 1, s->id, -1, SQLITE_STATIC);
        if (!row(w, st) || sqlite3_column_int64(st, 0) != s->seq || sqlite3_column_int64(st, 1) != s->room ||
            sqlite3_column_int64(st, 2) != s->at)
            trace_fail(&w->trace, "I1", "%s: %s was acked as room %" PRId64 " seq %" PRId64 " and is not there", who, s->id, s->room,
                       s->seq);
        if (row(w, st))
            trace_fail(&w->trace, "I4", "%s: %s is there twice", who, s->id);
        sqlite3_reset(st);
    }
    sqlite3_finalize(st);
}

static void check_people(struct world *w, const char *who, sqlite3 *db)
{
    sqlite3_stmt *st;
    prepare(w, db, "SELECT name FROM users WHERE id = ?1 AND kind = ?2", &st);
    for (size_t i = 0; i < w->model.persons_count; i++) {
        const struct model_person *p = &w->model.persons[i];
        if (!p->user_id)
            continue;
        sqlite3_bind_int64(st, 1, p->user_id);
        sqlite3_bind_text(st, 2, p->is_guest ? "guest" : "visitor", -1, SQLITE_STATIC);
        if (!row(w, st))
            trace_fail(&w->trace, "I1", "%s: user %" PRId64 " (%s) is lost", who, p->user_id, p->names[0]);
        if (!model_person_has_name(p, (const char *)sqlite3_column_text(st, 0)))
            trace_fail(&w->trace, "I1", "%s: user %" PRId64 " is called %s", who, p->user_id, sqlite3_column_text(st, 0));
        sqlite3_reset(st);
    }
    sqlite3_finalize(st);
}

static void check_db(struct world *w, const char *who, sqlite3 *db)
{
    int64_t counts[MODEL_ROOMS_MAX] = {0};
    expect_ok(w, db, "PRAGMA integrity_check(1)");
    check_events(w, who, db, counts);
    check_rooms(w, who, db, counts);
    check_sends(w, who, db);
    check_people(w, who, db);
}

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
    sqlite3_stmt *st;
    w->faults.exempt = true;
    prepare(w, w->check.db, "SELECT last_seq FROM rooms WHERE id = ?1", &st);
    sqlite3_bind_int64(st, 1, room);
    int64_t last_seq = row(w, st) ? sqlite3_column_int64(st, 0) : 0;
    sqlite3_finalize(st);
    w->faults.exempt = false;
    return last_seq;
}
