#include "client.h"
#include "judge.h"
#include "told.h"
#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { REPLAY_AT_MOST = 1000, PAGE_WHOLE_BYTES = 20000 };

/* ------------------------------------------------------------------ acks */

/* The same message may be asked for several times at once: which of them an answer is for cannot be told. */
static void share(struct client *c, const char *id)
{
    struct ask all = {.may_be = 0};
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < c->asks_count; i++) {
            struct ask *a = &c->asks[i];
            if (strcmp(a->id, id) != 0)
                continue;
            all.may_be |= a->may_be;
            all.is_blurred |= a->is_blurred;
            all.is_read |= a->is_read;
            a->may_be = all.may_be;
            a->is_blurred = all.is_blurred;
            a->is_read = all.is_read;
        }
}

struct ask client_take_ask(struct world *w, struct client *c, const char *id)
{
    size_t i = 0;
    share(c, id);
    while (i < c->asks_count && strcmp(c->asks[i].id, id) != 0)
        i++;
    if (i == c->asks_count)
        trace_fail(&w->trace, "protocol", "%s: an answer to \"%s\", which was not asked", client_label(c), id);
    struct ask found = c->asks[i];
    memmove(c->asks + i, c->asks + i + 1, (--c->asks_count - i) * sizeof found);
    return found;
}

/* Whether its history has begun at the same place since it was asked for. */
static bool knows_floor(const struct world *w, const struct client *c, const struct ask *a, int64_t room)
{
    return sight_always_from(w, client_viewer(c), room, a->floor, a->lo, w->place.moment);
}

/* From where on the events come. */
static void begin_room(struct world *w, const struct client *c, int64_t room, struct follow *f, const struct ask *a,
                       int64_t last_seq)
{
    int64_t from = last_seq > w->profile.history_on_join ? last_seq - w->profile.history_on_join : 0;
    if (a->after >= 0)
        from = a->after < last_seq ? a->after : last_seq;
    int64_t floor = a->floor < last_seq ? a->floor : last_seq;
    f->must_reset = a->foreign || (a->after >= 0 && (last_seq - from > REPLAY_AT_MOST || a->after < floor ||
                                                     a->after > place_room(&w->place, room)->last_seq));
    f->may_reset = a->after > last_seq; /* what was stored by then, and not yet published, needs none */
    f->last = from > floor ? from : floor;
    f->is_vague = !knows_floor(w, c, a, room);
}

static void on_join_ack(struct world *w, struct client *c, const struct ask *a, const cJSON *json)
{
    int64_t room = told_i64(w, json, "room"), last_seq = told_i64(w, json, "last_seq");
    struct follow *f = client_follow(w, c, room);
    if (room != a->room && !a->room_by_name) /* the name may be another one's by now */
        trace_fail(&w->trace, "protocol", "%s: joined room %" PRId64 " instead of %" PRId64, client_label(c), room,
                   a->room);
    if (last_seq < a->known_last)
        trace_fail(&w->trace, "I1", "%s: room %" PRId64 " has last_seq %" PRId64 ", but seq %" PRId64 " was there",
                   client_label(c), room, last_seq, a->known_last);
    if (!sight_knows(w, client_viewer(c), room, last_seq, a->lo, w->place.moment) &&
        !ledger_was_stale(w, a->lo, w->place.moment))
        trace_fail(&w->trace, "sight", "%s: is told that room %" PRId64 " ends with seq %" PRId64, client_label(c),
                   room, last_seq);
    model_last_seq(w, room, last_seq);
    world_count(w, acks_of_joins);
    c->rooms[a->room].wanted = c->rooms[a->room].open; /* which it may be, if the name led to another one */
    w->tallies.n[TALLY_resumes] += a->after >= 0;
    f->open = f->wanted = true;
    f->count = -1;
    f->lo = a->lo;
    begin_room(w, c, room, f, a, last_seq);
}

static void on_send_ack(struct world *w, struct client *c, const struct ask *a, const cJSON *json)
{
    struct model_send *s = &w->model.sends[a->send];
    struct open_send *o = client_open_send(c, a->send);
    w->tallies.n[TALLY_duplicates] += told_flag(json, "duplicate");
    model_ack(w, s, told_i64(w, json, "room"), told_i64(w, json, "seq"), told_i64(w, json, "at"),
              told_flag(json, "duplicate"));
    client_forget_send(c, o);
    c->recent[c->recent_count < CLIENT_RECENT ? c->recent_count++ : dice_below(&w->dice, CLIENT_RECENT)] = a->send;
}

static void take_token(struct world *w, struct client *c, const cJSON *json)
{
    struct account *account = c->account;
    if (!account || account->token_count == CLIENT_TOKENS)
        return;
    size_t i = account->token_count++;
    account->tokens[i].id = told_i64(w, json, "token_id");
    snprintf(account->tokens[i].text, CLIENT_TOKEN_BYTES, "%s", told_text(w, json, "token"));
}

void client_take_ack(struct world *w, struct client *c, const struct ask *a, const cJSON *json)
{
    int64_t room = told_i64_or(w, json, "room", 0), seq = told_i64_or(w, json, "seq", 0);
    const struct place_room *r = place_room(&w->place, room);
    const struct place_event *e = r ? place_event(r, seq) : NULL;
    world_count(w, calls);
    w->tallies.done[a->type]++;
    if (a->type == REQUEST_REQUEST_JOIN && room)
        trace_fail(&w->trace, "sight", "%s: asking for a room tells that it is there", client_label(c));
    if (seq && (!e || e->author != c->who.user_id || e->kind == EVENT_MESSAGE))
        trace_fail(&w->trace, "protocol", "%s: \"%s\" made room %" PRId64 " seq %" PRId64 ", which is somebody else's",
                   client_label(c), a->id, room, seq);
    if (room && !r)
        trace_fail(&w->trace, "I1", "%s: room %" PRId64 " is acked, but not decided", client_label(c), room);
    if (room && (a->type == REQUEST_CREATE_ROOM || a->type == REQUEST_OPEN_DIRECT))
        c->rooms[room].known = true;
    if (a->type == REQUEST_CREATE_TOKEN)
        take_token(w, c, json);
    if (a->type == REQUEST_CREATE_RESET)
        snprintf(w->reset_code, sizeof w->reset_code, "%s", told_text(w, json, "code"));
}

void client_on_ack(struct world *w, struct client *c, const cJSON *json)
{
    struct ask a = client_take_ask(w, c, told_text(w, json, "id"));
    if (a.must_fail)
        trace_fail(&w->trace, "protocol", "%s: \"%s\" was acked, but had to be refused with %s", client_label(c), a.id,
                   a.must_fail);
    judge_answer(w, c, &a, OK);
    w->tallies.done[a.type] += a.kind != ASK_CALL; /* that is counted where other ways in come by */
    switch (a.kind) {
    case ASK_JOIN:
        on_join_ack(w, c, &a, json);
        break;
    case ASK_LEAVE:
        c->rooms[a.room].open = c->rooms[a.room].must_reset = false;
        /* A join by name that was asked before it can have led there meanwhile. */
        c->rooms[a.room].wanted = client_is_asked(c, ASK_JOIN, a.room);
        break;
    case ASK_SEND:
        on_send_ack(w, c, &a, json);
        break;
    case ASK_CALL:
        client_take_ack(w, c, &a, json);
        break;
    case ASK_TYPING:
    case ASK_PRESENCE:
    case ASK_PING:
        break;
    case ASK_REUSE: /* nobody knows any more what a deleted message said */
        if (told_flag(json, "duplicate"))
            break;
        trace_fail(&w->trace, "I4", "%s: \"%s\" was stored again", client_label(c), a.id);
    case ASK_HISTORY:
    case ASK_LIST:
    case ASK_WRONG:
        trace_fail(&w->trace, "protocol", "%s: \"%s\" cannot be acked", client_label(c), a.id);
    }
}

/* ------------------------------------------------------------------ refusals */

bool client_is_trouble(const struct world *w, const struct client *c, const struct ask *a, const char *code)
{
    bool is_send = a->kind == ASK_SEND || a->kind == ASK_REUSE;
    bool is_queued = is_send || a->kind == ASK_HISTORY || a->kind == ASK_CALL || a->kind == ASK_LIST;
    bool is_counted = is_send || (a->kind == ASK_CALL && a->type != REQUEST_READ) ||
                      (a->type == REQUEST_JOIN && c->kind == CLIENT_ACCOUNT);
    bool faulted = w->server.faulted || (c->link && c->link->faulted);
    if (strcmp(code, "storage_failed") == 0)
        return is_queued && faulted;
    if (strcmp(code, "overloaded") == 0)
        return is_queued;
    if (strcmp(code, "shutting_down") == 0)
        return is_queued && (!c->link || c->link->over || w->server.state != SERVER_UP);
    /* By the rate at which one may send; a room in slow mode refuses likewise, by the rules. */
    return strcmp(code, "rate_limited") == 0 && is_counted && w->profile.rate_messages_per_s;
}

static enum err err_of(struct world *w, const char *code)
{
    for (int e = 0; e < ERR_COUNT; e++)
        if (strcmp(err_code((enum err)e), code) == 0)
            return (enum err)e;
    trace_fail(&w->trace, "protocol", "there is no error %s", code);
}

static void on_send_refused(struct world *w, struct client *c, const struct ask *a, const char *code, bool final,
                            int64_t retry_ms)
{
    struct model_send *s = &w->model.sends[a->send];
    struct open_send *o = client_open_send(c, a->send);
    model_refused(w, s, code, final);
    if (o && final)
        client_forget_send(c, o);
    if (!o || final)
        return;
    o->in_flight--;
    o->retry_us = w->now_us + retry_ms * 1000 + dice_between(&w->dice, 0, 100000);
}

/* It has got another name meanwhile, or is not the only one of it, or can no longer be seen: the client is told so of
 * what was open by an earlier join. */
static void on_join_refused(struct world *w, struct client *c, const struct ask *a)
{
    struct follow *f = &c->rooms[a->room];
    if (a->room_by_name && sight_reads(w, client_viewer(c), a->room, w->place.moment, w->place.moment))
        client_join(w, c, a->room, f->last);
    else
        f->wanted = f->open = f->open && a->room_by_name;
}

void client_on_error(struct world *w, struct client *c, const cJSON *json)
{
    const char *code = told_text(w, json, "code");
    int64_t retry_ms = told_i64_or(w, json, "retry_after_ms", 0);
    if (strcmp(code, "banned") == 0 && c->has_babbled && !cJSON_HasObjectItem(json, "id"))
        return;
    struct ask a = client_take_ask(w, c, told_text_or(w, json, "id", ""));
    tally_refusal(&w->tallies, code);
    bool is_trouble = client_is_trouble(w, c, &a, code);
    bool is_out = strcmp(code, "banned") == 0 && judge_allows(&a, ERR_BANNED);
    if (a.must_fail && !is_trouble && !is_out && strcmp(code, a.must_fail) != 0)
        trace_fail(&w->trace, "protocol", "%s: \"%s\" was refused with %s instead of %s", client_label(c), a.id, code,
                   a.must_fail);
    if (!a.must_fail && !is_trouble)
        judge_answer(w, c, &a, err_of(w, code));
    if (a.kind == ASK_SEND)
        on_send_refused(w, c, &a, code, !is_trouble, retry_ms);
    if (a.kind == ASK_JOIN && (strcmp(code, "not_found") == 0 || strcmp(code, "ambiguous") == 0))
        on_join_refused(w, c, &a);
    bool gives_up =
        (a.kind == ASK_JOIN || a.kind == ASK_LEAVE) && strcmp(code, "banned") == 0; /* until the clock goes on again */
    gives_up |= a.kind == ASK_JOIN && strcmp(code, "rate_limited") == 0;
    if (gives_up)
        c->rooms[a.room].wanted = c->rooms[a.room].open;
    if (strcmp(code, "not_a_member") == 0 && c->kind == CLIENT_ACCOUNT && dice_one_in(&w->dice, 2))
        client_become_member(w, c, a.room);
}

/* ------------------------------------------------------------------ history */

/* The page that a request has to get, as far as can be told from outside: the room has grown since, but no further
 * than `last`. What lies at or before the floor is not there for the asker. */
static void check_page(struct world *w, const struct client *c, const struct ask *a, int64_t n, int64_t first,
                       bool more, bool whole)
{
    int64_t known = a->known_last, last = first + n - 1, floor = a->floor;
    bool newest = a->after < 0 && a->before < 0 && a->around < 0;
    const char *wrong = NULL;
    if (n > a->limit)
        wrong = "longer than asked for";
    else if (!n)
        wrong =
            known > floor && ((a->after >= 0 && a->after < known) || a->before > floor + 1 || a->around > 0 || newest)
                ? "empty"
                : NULL;
    else if (a->after >= 0 && first != (a->after > floor ? a->after : floor) + 1)
        wrong = "not what follows";
    else if (a->after >= 0 && ((n < a->limit && whole && last < known) || (!more && last < known)))
        wrong = "too short";
    else if (a->before >= 0 && last != a->before - 1 && (last > a->before - 1 || last < known))
        wrong = "not what comes before";
    else if (newest && last < known)
        wrong = "not the newest";
    else if (a->around > floor && a->around <= known && (first > a->around || last < a->around))
        wrong = "somewhere else";
    else if (a->after < 0 && (more != (first > floor + 1) || (whole && n < a->limit && first > floor + 1)))
        wrong = "wrong about what is before it";
    if (wrong)
        trace_fail(&w->trace, "I2",
                   "%s: the page of room %" PRId64 " (after %" PRId64 ", before %" PRId64 ", around %" PRId64
                   ", limit %" PRId64 ") is %s: seq %" PRId64 " to %" PRId64 ", more %d, known to seq %" PRId64
                   ", from seq %" PRId64,
                   client_label(c), a->room, a->after, a->before, a->around, a->limit, wrong, first, last, more, known,
                   floor);
}

void client_on_history(struct world *w, struct client *c, const cJSON *json)
{
    struct ask a = client_take_ask(w, c, told_text(w, json, "id"));
    const cJSON *events = told_list(w, json, "events"), *item;
    int64_t n = 0, first = 0, now = w->place.moment;
    if (a.kind != ASK_HISTORY || told_i64(w, json, "room") != a.room)
        trace_fail(&w->trace, "protocol", "%s: a history that was not asked for", client_label(c));
    judge_answer(w, c, &a, OK);
    cJSON_ArrayForEach(item, events)
    {
        struct place_event e;
        const char *author_name;
        told_event(w, item, &e, &author_name);
        if (!n)
            first = e.seq;
        if (e.room != a.room || e.seq != first + n)
            trace_fail(&w->trace, "I2", "%s: a page of room %" PRId64 " has seq %" PRId64 " after seq %" PRId64,
                       client_label(c), a.room, e.seq, first + n - 1);
        n++;
        model_event(w, "history", &e, author_name, a.lo);
    }
    if (n && !sight_shows(w, client_viewer(c), a.room, first, first + n - 1, a.lo, now) &&
        !ledger_was_stale(w, a.lo, now))
        trace_fail(&w->trace, "sight",
                   "%s: a page shows room %" PRId64 " seq %" PRId64 " to %" PRId64 " (moments %" PRId64 " to %" PRId64
                   "), which is not for it",
                   client_label(c), a.room, first, first + n - 1, a.lo, now);
    world_count(w, pages);
    w->tallies.done[REQUEST_HISTORY]++;
    w->tallies.n[TALLY_cut_pages] += n && n < a.limit && a.around < 0 && told_flag(json, "more");
    if (knows_floor(w, c, &a, a.room))
        check_page(w, c, &a, n, first, told_flag(json, "more"), c->heard_bytes < PAGE_WHOLE_BYTES);
}
