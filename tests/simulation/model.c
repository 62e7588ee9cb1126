#include "model.h"

#include "base/mem.h"
#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void model_clear(struct model *m)
{
    for (int i = 0; i < MODEL_ROOMS_MAX; i++) {
        for (size_t seq = 0; seq < m->rooms[i].cap; seq++)
            free(m->rooms[i].seen[seq]);
        free(m->rooms[i].seen);
    }
    for (size_t i = 0; i < m->sends_count; i++)
        free(m->sends[i].body);
    free(m->sends);
    free(m->persons);
    *m = (struct model){0};
}

struct model_room *model_room(struct world *w, int64_t id)
{
    if (id < 1 || id >= MODEL_ROOMS_MAX)
        trace_fail(&w->trace, "protocol", "there is no room %" PRId64, id);
    return &w->model.rooms[id];
}

/* ------------------------------------------------------------------ people */

size_t model_person_add(struct model *m, bool is_guest, int64_t user_id, const char *name)
{
    if (m->persons_count % 64 == 0)
        m->persons = mem_must_resize(m->persons, m->persons_count + 64, sizeof *m->persons);
    m->persons[m->persons_count] = (struct model_person){.is_guest = is_guest, .user_id = user_id};
    model_person_name(m, m->persons_count, name);
    return m->persons_count++;
}

void model_person_name(struct model *m, size_t person, const char *name)
{
    struct model_person *p = &m->persons[person];
    if (model_person_has_name(p, name))
        return;
    snprintf(p->names[p->names_count % MODEL_NAMES_MAX], MODEL_NAME_BYTES, "%s", name);
    p->names_count++;
}

bool model_person_has_name(const struct model_person *p, const char *name)
{
    for (int i = 0; i < p->names_count && i < MODEL_NAMES_MAX; i++)
        if (strcmp(p->names[i], name) == 0)
            return true;
    return false;
}

/* The author of what this person sent: the same id each time, and nobody else's. */
static void check_author(struct world *w, size_t person, const struct model_event *e, const char *author_name)
{
    struct model_person *p = &w->model.persons[person];
    for (size_t i = 0; !p->user_id && i < w->model.persons_count; i++)
        if (w->model.persons[i].user_id == e->author)
            trace_fail(&w->trace, "I4", "room %" PRId64 " seq %" PRId64 ": user %" PRId64 " is somebody else already",
                       e->room, e->seq, e->author);
    if (!p->user_id)
        p->user_id = e->author;
    if (p->user_id != e->author)
        trace_fail(&w->trace, "I4", "room %" PRId64 " seq %" PRId64 ": sent by user %" PRId64 ", not by %" PRId64,
                   e->room, e->seq, p->user_id, e->author);
    if (author_name && !model_person_has_name(p, author_name))
        trace_fail(&w->trace, "I2", "room %" PRId64 " seq %" PRId64 ": user %" PRId64 " was never called %s", e->room,
                   e->seq, e->author, author_name);
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
static void check_send(struct world *w, const char *who, const struct model_event *e, const char *author_name)
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
    check_author(w, s->person, e, author_name);
}

/* ------------------------------------------------------------------ events */

static struct model_event *keep(const struct model_event *e)
{
    size_t text = strlen(e->text) + 1, id = strlen(e->id) + 1;
    struct model_event *k = mem_must_calloc(1, sizeof *k + text + id);
    char *bytes = (char *)(k + 1);
    *k = *e;
    k->text = memcpy(bytes, e->text, text);
    k->id = memcpy(bytes + text, e->id, id);
    return k;
}

void model_compare(struct world *w, const char *who, const struct model_event *e)
{
    const struct model_room *r = model_room(w, e->room);
    const struct model_event *k = (size_t)e->seq < r->cap ? r->seen[e->seq] : NULL;
    if (k && (k->kind != e->kind || k->author != e->author || k->at != e->at || k->reply_to != e->reply_to ||
              strcmp(k->text, e->text) != 0 || strcmp(k->id, e->id) != 0))
        trace_fail(&w->trace, "I2",
                   "%s: room %" PRId64 " seq %" PRId64 " is kind %d by %" PRId64 " at %" PRId64
                   " id \"%s\" \"%s\", but was kind %d by %" PRId64 " at %" PRId64 " id \"%s\" \"%s\"",
                   who, e->room, e->seq, e->kind, e->author, e->at, e->id, e->text, k->kind, k->author, k->at, k->id,
                   k->text);
}

void model_event(struct world *w, const char *who, const struct model_event *e, const char *author_name)
{
    struct model_room *r = model_room(w, e->room);
    if (e->seq < 1)
        trace_fail(&w->trace, "protocol", "%s: room %" PRId64 " has seq %" PRId64, who, e->room, e->seq);
    if (e->kind == MODEL_MESSAGE)
        check_send(w, who, e, author_name);
    model_compare(w, who, e);
    if ((size_t)e->seq >= r->cap) {
        size_t cap = (size_t)e->seq * 2 + 32;
        r->seen = mem_must_resize(r->seen, cap, sizeof *r->seen);
        memset(r->seen + r->cap, 0, (cap - r->cap) * sizeof *r->seen);
        r->cap = cap;
    }
    if (r->seen[e->seq])
        return;
    r->seen[e->seq] = keep(e);
    w->model.events++;
    check_is_committed(w, who, e);
    model_last_seq(w, e->room, e->seq);
}

void model_last_seq(struct world *w, int64_t room, int64_t last_seq)
{
    struct model_room *r = model_room(w, room);
    if (last_seq <= r->last_seen)
        return;
    r->last_seen = last_seq;
    /* What an earlier life has written and not synced may be read back after its death: that must not be shown before
     * it is synced. */
    if (!w->server.commits)
        check_power_loss(w, false);
}

void model_ack(struct world *w, struct model_send *s, int64_t room, int64_t seq, int64_t at, bool duplicate)
{
    struct model_event stored;
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
    model_event(w, "ack", &stored, NULL);
}

void model_refused(struct world *w, struct model_send *s, const char *code, bool final)
{
    s->answered++;
    s->refused = true;
    if (final && s->acks)
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
