#include "model.h"

#include "base/mem.h"
#include "store/people.h"
#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void model_clear(struct model *m)
{
    for (size_t i = 0; i < m->sends_count; i++)
        free(m->sends[i].body);
    free(m->sends);
    free(m->persons);
    *m = (struct model){0};
}

/* ------------------------------------------------------------------ people */

size_t model_person_add(struct model *m, int64_t user_id)
{
    if (m->persons_count % 64 == 0)
        m->persons = mem_must_resize(m->persons, m->persons_count + 64, sizeof *m->persons);
    m->persons[m->persons_count] = user_id;
    return m->persons_count++;
}

/* The author of what this person sent: the same id each time, and nobody else's. */
static void check_author(struct world *w, size_t person, const struct place_event *e)
{
    int64_t *user = &w->model.persons[person];
    for (size_t i = 0; !*user && i < w->model.persons_count; i++)
        if (w->model.persons[i] == e->author)
            trace_fail(&w->trace, "I4", "room %" PRId64 " seq %" PRId64 ": user %" PRId64 " is somebody else already",
                       e->room, e->seq, e->author);
    if (!*user)
        *user = e->author;
    if (*user != e->author)
        trace_fail(&w->trace, "I4", "room %" PRId64 " seq %" PRId64 ": sent by user %" PRId64 ", not by %" PRId64,
                   e->room, e->seq, *user, e->author);
}

/* ------------------------------------------------------------------ sends */

size_t model_send_add(struct world *w, size_t person, int64_t room, const char *body, int64_t reply_to,
                      const char *must_fail)
{
    struct model *m = &w->model;
    if (m->sends_count % 256 == 0)
        m->sends = mem_must_resize(m->sends, m->sends_count + 256, sizeof *m->sends);
    struct model_send *s = &m->sends[m->sends_count];
    *s = (struct model_send){.person = person, .room = room, .reply_to = reply_to, .must_fail = must_fail};
    snprintf(s->id, sizeof s->id, "m%zu-%08x", m->sends_count, (unsigned)dice_u64(&w->dice));
    s->body = mem_must_calloc(strlen(body) + 1, 1);
    memcpy(s->body, body, strlen(body));
    return m->sends_count++;
}

struct model_send *model_send_find(struct model *m, const char *id)
{
    size_t i = *id == 'm' ? (size_t)strtoull(id + 1, NULL, 10) : SIZE_MAX;
    return i < m->sends_count && strcmp(m->sends[i].id, id) == 0 ? &m->sends[i] : NULL;
}

/* A message stands for the send with its id, and there is one message for each. */
static void check_send(struct world *w, const char *who, const struct place_event *e)
{
    struct model_send *s = model_send_find(&w->model, e->id);
    if (!s)
        trace_fail(&w->trace, "I2", "%s: room %" PRId64 " seq %" PRId64 ": nobody sent \"%s\"", who, e->room, e->seq,
                   e->id);
    if (s->room != e->room || s->reply_to != e->reply_to || strcmp(s->body, e->text) != 0)
        trace_fail(&w->trace, "I2",
                   "%s: room %" PRId64 " seq %" PRId64 ": %s was sent otherwise: room %" PRId64 " \"%s\", not \"%s\"",
                   who, e->room, e->seq, s->id, s->room, s->body, e->text);
    if (s->must_fail)
        trace_fail(&w->trace, "I2", "%s: room %" PRId64 " seq %" PRId64 ": %s had to be refused with %s", who, e->room,
                   e->seq, s->id, s->must_fail);
    if (s->seq && s->seq != e->seq)
        trace_fail(&w->trace, "I4", "%s: room %" PRId64 ": %s has seq %" PRId64 " and seq %" PRId64, who, e->room,
                   s->id, s->seq, e->seq);
    s->seq = e->seq;
    check_author(w, s->person, e);
}

/* ------------------------------------------------------------------ events */

static struct place_event *decided(struct world *w, const char *who, const struct place_event *e)
{
    const struct place_room *r = place_room(&w->place, e->room);
    struct place_event *k = r ? place_event(r, e->seq) : NULL;
    if (!k)
        trace_fail(&w->trace, "I1", "%s has room %" PRId64 " seq %" PRId64 ", which has not been decided", who, e->room,
                   e->seq);
    return k;
}

/* By nobody in particular: once the author, a visitor, has been swept, which a database can be ahead of. */
static bool may_be_swept(const struct world *w, const struct place_event *k, const struct place_event *e)
{
    const struct place_user *author = place_user(&w->place, k->author);
    bool has_nothing = k->kind == EVENT_MESSAGE ? k->deleted_moment || e->is_deleted : k->kind == EVENT_DELETED;
    return e->author == DELETED_GUEST_ID && !*e->id && author && author->kind == USER_VISITOR && has_nothing;
}

void model_compare(struct world *w, const char *who, const struct place_event *e)
{
    const struct place_event *k = decided(w, who, e);
    bool has_body = !e->is_deleted && !e->is_hidden;
    bool same_author = k->author == e->author && strcmp(k->id, e->id) == 0;
    bool same = k->kind == e->kind && (same_author || may_be_swept(w, k, e)) && k->at == e->at &&
                k->reply_to == e->reply_to && k->user == e->user && k->target == e->target &&
                strcmp(has_body ? k->text : "", e->text) == 0;
    if (!same)
        trace_fail(&w->trace, "I2",
                   "%s: room %" PRId64 " seq %" PRId64 " is %s by %" PRId64 " at %" PRId64
                   " id \"%s\" \"%s\" (user %" PRId64 ", target %" PRId64 "), but was decided as %s by %" PRId64
                   " at %" PRId64 " id \"%s\" \"%s\" (user %" PRId64 ", target %" PRId64 ")",
                   who, e->room, e->seq, words_name(&words_event_kind, (int)e->kind), e->author, e->at, e->id, e->text,
                   e->user, e->target, words_name(&words_event_kind, (int)k->kind), k->author, k->at, k->id, k->text,
                   k->user, k->target);
}

/* Whoever asks after the sweep is not told of the visitor any more. */
static void check_swept(struct world *w, const char *who, const struct place_event *e, const struct place_event *k,
                        int64_t lo)
{
    const bool is_swept = e->author == DELETED_GUEST_ID;
    const bool is_late = k->swept_moment && k->swept_moment <= lo;
    if ((is_swept && !k->swept_moment) || (!is_swept && is_late && !ledger_was_stale(w, lo, w->place.moment)))
        trace_fail(&w->trace, "sight",
                   "%s: room %" PRId64 " seq %" PRId64 " is by user %" PRId64 ", but was swept at moment %" PRId64
                   " (asked for at moment %" PRId64 ")",
                   who, e->room, e->seq, e->author, k->swept_moment, lo);
    w->tallies.n[TALLY_swept_events] += is_swept;
}

/* What was said and is not to be read any more is not shown to whoever asks afterwards. */
static void check_body(struct world *w, const char *who, const struct place_event *e, const struct place_event *k,
                       int64_t lo)
{
    int64_t hi = w->place.moment;
    const char *wrong = NULL;
    if (k->deleted_moment && k->deleted_moment <= lo && !e->is_deleted)
        wrong = "shown, but was deleted before that was asked for";
    else if (e->is_deleted && !k->deleted_moment)
        wrong = "deleted, but nobody has deleted it";
    else if (e->is_hidden && !sight_may_hide(w, k, lo < k->moment ? lo : k->moment, hi))
        wrong = "hidden, but nobody hides it";
    else if (!e->is_hidden && sight_must_hide(w, k, lo, hi) && !ledger_was_stale(w, lo, hi))
        wrong = "shown, but its author's messages had been hidden before that was asked for";
    if (wrong)
        trace_fail(&w->trace, "sight", "%s: room %" PRId64 " seq %" PRId64 " is %s (asked for at moment %" PRId64 ")",
                   who, e->room, e->seq, wrong, lo);
    w->tallies.n[TALLY_deleted_messages] += e->is_deleted;
    w->tallies.n[TALLY_hidden_messages] += e->is_hidden;
}

void model_event(struct world *w, const char *who, const struct place_event *e, const char *author_name, int64_t lo)
{
    struct place_event *k = decided(w, who, e);
    const struct place_user *author = place_user(&w->place, e->author);
    if (e->kind == EVENT_MESSAGE && !e->is_deleted && !e->is_hidden)
        check_send(w, who, e);
    model_compare(w, who, e);
    if (e->kind == EVENT_MESSAGE)
        check_body(w, who, e, k, lo);
    check_swept(w, who, e, k, lo);
    bool has_name = e->author == DELETED_GUEST_ID ? !author_name || strcmp(author_name, DELETED_GUEST_NAME) == 0
                                                  : !author_name || place_user_has_name(author, author_name);
    if (!has_name)
        trace_fail(&w->trace, "I2", "%s: room %" PRId64 " seq %" PRId64 ": user %" PRId64 " was never called %s", who,
                   e->room, e->seq, e->author, author_name);
    model_last_seq(w, e->room, e->seq);
    if (k->seen)
        return;
    k->seen = true;
    w->model.events++;
    check_is_committed(w, who, e);
}

void model_last_seq(struct world *w, int64_t room, int64_t last_seq)
{
    const struct place_room *r = place_room(&w->place, room);
    if (!r || last_seq > r->last_seq)
        trace_fail(&w->trace, "I1", "somebody is told that room %" PRId64 " has seq %" PRId64 ", but it has %" PRId64,
                   room, last_seq, r ? r->last_seq : -1);
    if (last_seq <= w->model.last_seen[room])
        return;
    w->model.last_seen[room] = last_seq;
    /* What an earlier life has written and not synced may be read back after its death: that must not be shown before
     * it is synced. */
    if (!w->server.commits)
        check_power_loss(w, false);
}

void model_ack(struct world *w, struct model_send *s, int64_t room, int64_t seq, int64_t at, bool duplicate)
{
    struct place_event stored;
    s->answered++;
    s->acks++;
    if (s->must_fail)
        trace_fail(&w->trace, "protocol", "%s was acked, but had to be refused with %s", s->id, s->must_fail);
    if (!duplicate && s->acks > 1)
        trace_fail(&w->trace, "I4", "%s was stored before, but this ack does not say so", s->id);
    if (duplicate && s->sent == 1)
        trace_fail(&w->trace, "I4", "%s was sent once, but is said to be a duplicate", s->id);
    if (room != s->room || (s->seq && s->seq != seq) || (s->at && s->at != at))
        trace_fail(&w->trace, "I4",
                   "%s is in room %" PRId64 " with seq %" PRId64 " at %" PRId64 ", but the ack says %" PRId64
                   ", %" PRId64 ", %" PRId64,
                   s->id, s->room, s->seq, s->at, room, seq, at);
    s->seq = seq;
    s->at = at;
    if (!check_is_open(&w->check)) /* the answer of a server that is gone: the next start is checked against it */
        return;
    if (!check_find(w, room, seq, &stored))
        trace_fail(&w->trace, "I1", "%s was acked as room %" PRId64 " seq %" PRId64 ", which is not in the database",
                   s->id, room, seq);
    model_event(w, "ack", &stored, NULL, 0);
}

void model_refused(struct world *w, struct model_send *s, const char *code, bool final)
{
    s->answered++;
    s->refused = true;
    /* Unless the sender may not send at all any more, it is answered as it was before. */
    if (final && s->acks && strcmp(code, "banned") != 0 && strcmp(code, "unauthorized") != 0 &&
        strcmp(code, "forbidden") != 0)
        trace_fail(&w->trace, "I4", "%s was acked before and is now refused: %s", s->id, code);
    if (strcmp(code, "storage_failed") != 0 || s->doubtful)
        return;
    s->doubtful = true;
    w->model.doubtful++;
}

static void settle(struct model *m, bool excused)
{
    for (size_t i = 0; i < m->sends_count && m->doubtful; i++) {
        struct model_send *s = &m->sends[i];
        m->doubtful -= s->doubtful;
        s->excused |= s->doubtful && excused;
        s->doubtful = false;
    }
}

void model_committed(struct model *m)
{
    settle(m, false);
}

void model_excuse(struct model *m)
{
    settle(m, true);
}
