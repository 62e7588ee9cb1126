#include "client.h"
#include "told.h"
#include "world.h"

#include <inttypes.h>
#include <string.h>

enum { REPLAY_AT_MOST = 1000, PAGE_WHOLE_BYTES = 20000 };

/* ------------------------------------------------------------------ answers */

static struct ask *find_ask(struct world *w, struct client *c, const char *id)
{
    size_t i = 0;
    while (i < c->asks_count && strcmp(c->asks[i].id, id) != 0)
        i++;
    if (i == c->asks_count)
        trace_fail(&w->trace, "protocol", "%s: an answer to \"%s\", which was not asked", client_label(c), id);
    return &c->asks[i];
}

static void forget_ask(struct client *c, struct ask *a)
{
    size_t behind = (size_t)(c->asks + c->asks_count-- - a - 1);
    memmove(a, a + 1, behind * sizeof *a);
}

static void on_join_ack(struct world *w, struct client *c, const struct ask *a, const cJSON *json)
{
    int64_t room = told_i64(w, json, "room"), last_seq = told_i64(w, json, "last_seq");
    struct follow *f = client_follow(w, c, room);
    if (room != a->room)
        trace_fail(&w->trace, "protocol", "%s: joined room %" PRId64 " instead of %" PRId64, client_label(c), room,
                   a->room);
    if (last_seq < a->known_last)
        trace_fail(&w->trace, "I1", "%s: room %" PRId64 " has last_seq %" PRId64 ", but seq %" PRId64 " has been seen",
                   client_label(c), room, last_seq, a->known_last);
    model_last_seq(w, room, last_seq);
    world_count(w, acks_of_joins);
    w->tallies.n[TALLY_resumes] += a->after >= 0;
    f->open = true;
    f->count = -1;
    f->must_reset = a->after >= 0 && last_seq - a->after > REPLAY_AT_MOST;
    if (a->after >= 0)
        f->last = a->after < last_seq ? a->after : last_seq;
    else
        f->last = last_seq > w->profile.history_on_join ? last_seq - w->profile.history_on_join : 0;
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

void client_on_ack(struct world *w, struct client *c, const cJSON *json)
{
    struct ask *found = find_ask(w, c, told_text(w, json, "id")), a = *found;
    forget_ask(c, found);
    if (a.must_fail)
        trace_fail(&w->trace, "protocol", "%s: \"%s\" was acked, but had to be refused with %s", client_label(c), a.id,
                   a.must_fail);
    switch (a.kind) {
    case ASK_JOIN:
        on_join_ack(w, c, &a, json);
        break;
    case ASK_LEAVE:
        c->rooms[a.room].open = c->rooms[a.room].must_reset = false;
        break;
    case ASK_SEND:
        on_send_ack(w, c, &a, json);
        break;
    case ASK_TYPING:
    case ASK_PRESENCE:
    case ASK_PING:
        break;
    case ASK_HISTORY:
    case ASK_REUSE:
    case ASK_WRONG:
        trace_fail(&w->trace, "protocol", "%s: \"%s\" cannot be acked", client_label(c), a.id);
    }
}

/* What any request can be refused with when the program has trouble of its own. */
static bool is_trouble(const struct world *w, const struct client *c, const struct ask *a, const char *code)
{
    bool is_send = a->kind == ASK_SEND || a->kind == ASK_REUSE, is_queued = is_send || a->kind == ASK_HISTORY;
    if (strcmp(code, "storage_failed") == 0)
        return is_queued && c->link->faulted;
    if (strcmp(code, "overloaded") == 0)
        return is_queued;
    if (strcmp(code, "shutting_down") == 0)
        return is_queued && (c->link->over || w->server.state != SERVER_UP);
    return strcmp(code, "rate_limited") == 0 && is_send && w->profile.rate_messages_per_s;
}

/* A refusal that sending again does not change. */
static bool is_final(struct world *w, const struct ask *a, const char *code)
{
    if (a->must_fail && strcmp(code, a->must_fail) == 0)
        return true;
    return a->kind == ASK_SEND && strcmp(code, "archived") == 0 && a->room < MODEL_ROOMS_MAX &&
           model_room(w, a->room)->may_be_archived;
}

static void on_send_refused(struct world *w, struct client *c, const struct ask *a, const char *code, int64_t retry_ms)
{
    struct model_send *s = &w->model.sends[a->send];
    struct open_send *o = client_open_send(c, a->send);
    bool final = is_final(w, a, code);
    model_refused(w, s, code, final);
    if (o && final)
        client_forget_send(c, o);
    if (!o || final)
        return;
    o->in_flight--;
    o->retry_us = w->now_us + retry_ms * 1000 + dice_between(&w->dice, 0, 100000);
}

void client_on_error(struct world *w, struct client *c, const cJSON *json)
{
    const char *code = told_text(w, json, "code"),
               *id = cJSON_HasObjectItem(json, "id") ? told_text(w, json, "id") : "";
    int64_t retry_ms = cJSON_HasObjectItem(json, "retry_after_ms") ? told_i64(w, json, "retry_after_ms") : 0;
    struct ask *found = find_ask(w, c, id), a = *found;
    forget_ask(c, found);
    tally_refusal(&w->tallies, code);
    if (a.by_name && w->admin.renames && strcmp(code, "not_found") == 0) { /* it has got another name meanwhile */
        client_join(w, c, a.room, c->rooms[a.room].last);
        return;
    }
    if (!is_trouble(w, c, &a, code) && !is_final(w, &a, code))
        trace_fail(&w->trace, "protocol", "%s: \"%s\" was refused with %s instead of %s", client_label(c), a.id, code,
                   a.must_fail ? a.must_fail : "being carried out");
    if (a.kind == ASK_SEND)
        on_send_refused(w, c, &a, code, retry_ms);
}

/* ------------------------------------------------------------------ history */

/* The page that a request has to get, as far as can be told from outside: the room has grown since, but no further
 * than `last`. */
static void check_page(struct world *w, const struct client *c, const struct ask *a, int64_t n, int64_t first,
                       bool more, bool whole)
{
    int64_t known = a->known_last, last = first + n - 1;
    const char *wrong = NULL;
    if (n > a->limit)
        wrong = "longer than asked for";
    else if (!n)
        wrong = (a->after >= 0 && a->after < known) || (a->before > 1 && known) || (a->around > 0 && known) ||
                        (a->after < 0 && a->before < 0 && a->around < 0 && known)
                    ? "empty"
                    : NULL;
    else if (a->after >= 0 && first != a->after + 1)
        wrong = "not what follows";
    else if (a->after >= 0 && ((n < a->limit && whole && last < known) || (!more && last < known)))
        wrong = "too short";
    else if (a->before >= 0 && last != a->before - 1 && (last > a->before - 1 || last < known))
        wrong = "not what comes before";
    else if (a->after < 0 && a->before < 0 && a->around < 0 && last < known)
        wrong = "not the newest";
    else if (a->around > 0 && a->around <= known && (first > a->around || last < a->around))
        wrong = "somewhere else";
    else if (a->after < 0 && (more != (first > 1) || (whole && n < a->limit && first > 1)))
        wrong = "wrong about what is before it";
    if (wrong)
        trace_fail(&w->trace, "I2",
                   "%s: the page of room %" PRId64 " (after %" PRId64 ", before %" PRId64 ", around %" PRId64
                   ", limit %" PRId64 ") is %s: seq %" PRId64 " to %" PRId64 ", more %d, known to seq %" PRId64,
                   client_label(c), a->room, a->after, a->before, a->around, a->limit, wrong, first, last, more, known);
}

void client_on_history(struct world *w, struct client *c, const cJSON *json)
{
    struct ask *found = find_ask(w, c, told_text(w, json, "id")), a = *found;
    const cJSON *events = cJSON_GetObjectItemCaseSensitive(json, "events"), *item;
    int64_t n = 0, first = 0;
    forget_ask(c, found);
    if (a.kind != ASK_HISTORY || told_i64(w, json, "room") != a.room || !cJSON_IsArray(events))
        trace_fail(&w->trace, "protocol", "%s: a history that was not asked for", client_label(c));
    cJSON_ArrayForEach(item, events)
    {
        struct model_event e;
        const char *author_name;
        told_event(w, item, &e, &author_name);
        if (!n)
            first = e.seq;
        if (e.room != a.room || e.seq != first + n)
            trace_fail(&w->trace, "I2", "%s: a page of room %" PRId64 " has seq %" PRId64 " after seq %" PRId64,
                       client_label(c), a.room, e.seq, first + n - 1);
        n++;
        model_event(w, "history", &e, author_name);
    }
    world_count(w, pages);
    w->tallies.n[TALLY_cut_pages] += n && n < a.limit && a.around < 0 && told_flag(json, "more");
    check_page(w, c, &a, n, first, told_flag(json, "more"), c->heard_bytes < PAGE_WHOLE_BYTES);
}
