/* A whole database against what the outside world knows, and against itself. */
#include "check.h"
#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* What a room's events say of it. */
struct account {
    int64_t events;
    bool archived;
    char name[MODEL_NAME_BYTES]; /* "": not known */
};

static void expect_ok(struct world *w, sqlite3 *db, const char *pragma)
{
    sqlite3_stmt *st = check_prepare(w, db, pragma);
    if (check_row(w, st) && strcmp((const char *)sqlite3_column_text(st, 0), "ok") != 0)
        trace_fail(&w->trace, "I1", "%s: %s", pragma, sqlite3_column_text(st, 0));
    sqlite3_finalize(st);
}

/* What a send came to: stored once, as it was sent, and not after all its answers were refusals. */
static void check_stored(struct world *w, const char *who, const struct model_event *e)
{
    struct model_send *s = model_send_find(&w->model, e->id);
    if (!s)
        trace_fail(&w->trace, "I2", "%s has room %" PRId64 " seq %" PRId64 " from a send \"%s\" that nobody made", who,
                   e->room, e->seq, e->id);
    if (s->found == w->model.searches)
        trace_fail(&w->trace, "I4", "%s has %s twice, the second time as room %" PRId64 " seq %" PRId64, who, s->id,
                   e->room, e->seq);
    s->found = w->model.searches;
    if (s->room != e->room || s->reply_to != e->reply_to || strcmp(s->body, e->text) != 0)
        trace_fail(&w->trace, "I2", "%s has %s in room %" PRId64 " as \"%s\"", who, s->id, e->room, e->text);
    if ((s->seq && s->seq != e->seq) || (s->at && s->at != e->at))
        trace_fail(&w->trace, "I4",
                   "%s has %s as seq %" PRId64 " at %" PRId64 ", but it was seq %" PRId64 " at %" PRId64, who, s->id,
                   e->seq, e->at, s->seq, s->at);
    if (s->must_fail || (s->refused && !s->doubtful && !s->excused && s->answered == s->sent && !s->acks))
        trace_fail(&w->trace, "I2", "%s has %s (room %" PRId64 " seq %" PRId64 "), which was refused", who, s->id,
                   e->room, e->seq);
}

static void follow_event(struct world *w, const char *who, struct account *a, const struct model_event *e)
{
    bool possible = e->kind == MODEL_RENAMED || a->archived == (e->kind == MODEL_UNARCHIVED);
    if (e->seq != ++a->events)
        trace_fail(&w->trace, "I2", "%s has seq %" PRId64 " after %" PRId64 " in room %" PRId64, who, e->seq,
                   a->events - 1, e->room);
    if (!possible)
        trace_fail(&w->trace, "I2", "%s has room %" PRId64 " seq %" PRId64 ", kind %d, while the room is %sarchived",
                   who, e->room, e->seq, e->kind, a->archived ? "" : "not ");
    if (e->kind == MODEL_ARCHIVED || e->kind == MODEL_UNARCHIVED)
        a->archived = e->kind == MODEL_ARCHIVED;
    if (e->kind == MODEL_RENAMED)
        snprintf(a->name, sizeof a->name, "%s", e->text);
}

/* Each room's events are 1, 2, 3, ...; what has been seen of them is still the same. */
static void check_events(struct world *w, const char *who, sqlite3 *db, struct account accounts[MODEL_ROOMS_MAX])
{
    struct model_event e;
    sqlite3_stmt *st = check_prepare(w, db, check_all_events_sql);
    while (check_row(w, st)) {
        check_read_event(w, st, &e);
        model_room(w, e.room);
        follow_event(w, who, &accounts[e.room], &e);
        model_compare(w, who, &e);
        if (e.kind == MODEL_MESSAGE)
            check_stored(w, who, &e);
    }
    sqlite3_finalize(st);
}

/* A room's row says what its events say, and the room has all that was seen of it. */
static void check_rooms(struct world *w, const char *who, sqlite3 *db, const struct account accounts[MODEL_ROOMS_MAX])
{
    bool there[MODEL_ROOMS_MAX] = {false};
    sqlite3_stmt *st = check_prepare(w, db, "SELECT id, last_seq, name, archived_at <> 0 FROM rooms");
    while (check_row(w, st)) {
        int64_t id = sqlite3_column_int64(st, 0), last_seq = sqlite3_column_int64(st, 1);
        const char *name = (const char *)sqlite3_column_text(st, 2);
        const struct model_room *r = model_room(w, id);
        const struct account *a = &accounts[id];
        there[id] = true;
        if (last_seq != a->events)
            trace_fail(&w->trace, "I2", "%s: room %" PRId64 " has last_seq %" PRId64 ", but %" PRId64 " events", who,
                       id, last_seq, a->events);
        if (r->last_seen > last_seq)
            trace_fail(&w->trace, "I1",
                       "%s: room %" PRId64 " has lost what comes after seq %" PRId64 "; seq %" PRId64 " has been seen",
                       who, id, last_seq, r->last_seen);
        if ((*a->name && strcmp(a->name, name) != 0) || a->archived != (sqlite3_column_int(st, 3) != 0))
            trace_fail(&w->trace, "I1",
                       "%s: room %" PRId64 " (%s, archived %d) is not what its events say (%s, archived %d)", who, id,
                       name, sqlite3_column_int(st, 3), a->name, a->archived);
    }
    sqlite3_finalize(st);
    for (int64_t id = 1; id < MODEL_ROOMS_MAX; id++)
        if (!there[id] && (w->model.rooms[id].promised || w->model.rooms[id].last_seen))
            trace_fail(&w->trace, "I1", "%s: room %" PRId64 " is lost", who, id);
}

/* What was acked has been found. */
static void check_sends(struct world *w, const char *who)
{
    for (size_t i = 0; i < w->model.sends_count; i++) {
        const struct model_send *s = &w->model.sends[i];
        if (s->acks && s->found != w->model.searches)
            trace_fail(&w->trace, "I1", "%s: %s was acked as room %" PRId64 " seq %" PRId64 " and is not there", who,
                       s->id, s->room, s->seq);
    }
}

static void check_people(struct world *w, const char *who, sqlite3 *db)
{
    sqlite3_stmt *st = check_prepare(w, db, "SELECT name FROM users WHERE id = ?1 AND kind = ?2");
    for (size_t i = 0; i < w->model.persons_count; i++) {
        const struct model_person *p = &w->model.persons[i];
        if (!p->user_id)
            continue;
        sqlite3_bind_int64(st, 1, p->user_id);
        sqlite3_bind_text(st, 2, p->is_guest ? "guest" : "visitor", -1, SQLITE_STATIC);
        if (!check_row(w, st))
            trace_fail(&w->trace, "I1", "%s: user %" PRId64 " (%s) is lost", who, p->user_id, p->names[0]);
        if (!model_person_has_name(p, (const char *)sqlite3_column_text(st, 0)))
            trace_fail(&w->trace, "I1", "%s: user %" PRId64 " is called %s", who, p->user_id,
                       sqlite3_column_text(st, 0));
        sqlite3_reset(st);
    }
    sqlite3_finalize(st);
}

void check_db(struct world *w, const char *who, sqlite3 *db)
{
    struct account accounts[MODEL_ROOMS_MAX] = {0};
    for (int64_t id = 1; id < MODEL_ROOMS_MAX; id++)
        snprintf(accounts[id].name, sizeof accounts[id].name, "%s", w->model.rooms[id].first_name);
    w->model.searches++;
    expect_ok(w, db, "PRAGMA integrity_check(1)");
    check_events(w, who, db, accounts);
    check_rooms(w, who, db, accounts);
    check_sends(w, who);
    check_people(w, who, db);
}
