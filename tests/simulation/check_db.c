/* A whole database against what the outside world knows, against the ledger, and against itself. */
#include "check.h"
#include "store/people.h"
#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void expect_ok(struct world *w, sqlite3 *db, const char *pragma)
{
    sqlite3_stmt *st = check_prepare(w, db, pragma);
    if (check_row(w, st) && strcmp((const char *)sqlite3_column_text(st, 0), "ok") != 0)
        trace_fail(&w->trace, "I1", "%s: %s", pragma, sqlite3_column_text(st, 0));
    sqlite3_finalize(st);
}

/* What a send came to: stored once, as it was sent, and not after all its answers were refusals. */
static void check_stored(struct world *w, const char *who, const struct place_event *e)
{
    const struct place_event *k = place_event(&w->place.rooms[e->room], e->seq);
    struct model_send *s = model_send_find(&w->model, e->author == DELETED_GUEST_ID && k ? k->id : e->id);
    if (!s)
        trace_fail(&w->trace, "I2", "%s has room %" PRId64 " seq %" PRId64 " from a send \"%s\" that nobody made", who,
                   e->room, e->seq, e->id);
    if (s->found == w->model.searches)
        trace_fail(&w->trace, "I4", "%s has %s twice, the second time as room %" PRId64 " seq %" PRId64, who, s->id,
                   e->room, e->seq);
    s->found = w->model.searches;
    if (s->room != e->room || s->reply_to != e->reply_to || (!e->is_deleted && strcmp(s->body, e->text) != 0))
        trace_fail(&w->trace, "I2", "%s has %s in room %" PRId64 " as \"%s\"", who, s->id, e->room, e->text);
    if ((s->seq && s->seq != e->seq) || (s->at && s->at != e->at))
        trace_fail(&w->trace, "I4",
                   "%s has %s as seq %" PRId64 " at %" PRId64 ", but it was seq %" PRId64 " at %" PRId64, who, s->id,
                   e->seq, e->at, s->seq, s->at);
    if (s->must_fail || (s->refused && !s->doubtful && !s->excused && s->answered == s->sent && !s->acks))
        trace_fail(&w->trace, "I2", "%s has %s (room %" PRId64 " seq %" PRId64 "), which was refused", who, s->id,
                   e->room, e->seq);
}

/* Each room's events are 1, 2, 3, ..., as they were decided; a database with a doubtful batch may have more. */
static void check_events(struct world *w, const char *who, sqlite3 *db, bool is_newest, int64_t counts[PLACE_ROOMS_MAX])
{
    struct place_event e;
    sqlite3_stmt *st = check_prepare(w, db, check_all_events_sql);
    while (check_row(w, st)) {
        check_read_event(w, st, &e);
        const struct place_room *r = place_room(&w->place, e.room);
        const struct place_event *k = r ? place_event(r, e.seq) : NULL;
        if (e.room < 1 || e.room >= PLACE_ROOMS_MAX || e.seq != ++counts[e.room])
            trace_fail(&w->trace, "I2", "%s has seq %" PRId64 " out of order in room %" PRId64, who, e.seq, e.room);
        if (k || is_newest)
            model_compare(w, who, &e);
        if (k && is_newest && e.is_deleted != (k->deleted_moment != 0))
            trace_fail(&w->trace, "I1", "%s has room %" PRId64 " seq %" PRId64 ", deleted %d", who, e.room, e.seq,
                       e.is_deleted);
        if (k && is_newest && (e.author == DELETED_GUEST_ID) != (k->swept_moment != 0))
            trace_fail(&w->trace, "rules", "%s has room %" PRId64 " seq %" PRId64 " by user %" PRId64, who, e.room,
                       e.seq, e.author);
        if (e.kind == EVENT_MESSAGE)
            check_stored(w, who, &e);
    }
    sqlite3_finalize(st);
}

/* A room has all that was decided in it, and its row says so. */
static void check_rooms(struct world *w, const char *who, sqlite3 *db, const int64_t counts[PLACE_ROOMS_MAX])
{
    bool there[PLACE_ROOMS_MAX] = {false};
    sqlite3_stmt *st = check_prepare(w, db, "SELECT id, last_seq FROM rooms");
    while (check_row(w, st)) {
        int64_t id = sqlite3_column_int64(st, 0), last_seq = sqlite3_column_int64(st, 1);
        const struct place_room *r = place_room(&w->place, id);
        there[id] = true;
        if (last_seq != counts[id])
            trace_fail(&w->trace, "I2", "%s: room %" PRId64 " has last_seq %" PRId64 ", but %" PRId64 " events", who,
                       id, last_seq, counts[id]);
        if (r && r->last_seq > last_seq)
            trace_fail(&w->trace, "I1",
                       "%s: room %" PRId64 " has lost what comes after seq %" PRId64 "; it had seq %" PRId64, who, id,
                       last_seq, r->last_seq);
    }
    sqlite3_finalize(st);
    for (int64_t id = 1; id < PLACE_ROOMS_MAX; id++)
        if (!there[id] && place_room(&w->place, id))
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

void check_db(struct world *w, const char *who, sqlite3 *db)
{
    int64_t counts[PLACE_ROOMS_MAX] = {0};
    uint8_t hash[32];
    w->model.searches++;
    expect_ok(w, db, "PRAGMA integrity_check(1)");
    int64_t number = check_read_applied(w, db, hash);
    enum ledger_state state = ledger_state(w, number, hash);
    if (state == LEDGER_NEVER)
        trace_fail(&w->trace, "I1", "%s stands at %" PRId64 ", but %" PRId64 " commands have been committed", who,
                   number, w->place.moment);
    check_events(w, who, db, state == LEDGER_NEWEST, counts);
    check_rooms(w, who, db, counts);
    check_sends(w, who);
    if (state == LEDGER_NEWEST)
        check_place(w, who, db);
}
