/* From the cursor to the head.
 *
 *             +--------------- ring holds the cursor ----------------+
 *             v                                                      |
 *     behind --- hub_catch_up ---> live            reading (a reader thread, a chunk at a time)
 *        |  ^           |                                  ^
 *        |  |           +-- older than the ring -----------+
 *        |  +-- outbox full, or too many reads: paused until it is short again, or one has ended
 *        +----- ring not filled yet: waiting until a reader has filled it
 *
 * Live events that are published meanwhile stay in the ring, where the cursor will find them; when a slow replay
 * falls behind the ring, it reads on from the database. Nothing is queued twice and nothing beyond the outbox's
 * limits. */
#include "chat/session/replay.h"

#include "chat/admit/allowance.h"
#include "rules/wire.h"

#include <stdlib.h>

enum {
    TAKE_MAX = 64,             /* frames taken from the ring at a time */
    EPHEMERAL_FRAMES_MAX = 16, /* typing and presence are for queues shorter than this */
};

static bool has_room(const struct session *s, const struct frame *f)
{
    const struct outbox_limits *limits = &s->shard->chat->settings.outbox;
    /* A replay fills no more than half of the outbox: the rest is for live events and answers. */
    return outbox_is_empty(&s->outbox) ||
           (s->outbox.len < limits->frames / 2 && s->outbox.bytes + f->len <= limits->bytes / 2);
}

/* Queues frames, oldest first, and releases them. False: there was no room for all; the cursor is at the first that
 * did not fit. */
static bool push_all(struct session *s, struct member *m, struct frame **frames, size_t n)
{
    struct chat *chat = s->shard->chat;
    size_t i = 0, bytes = 0;
    while (i < n && has_room(s, frames[i])) {
        session_push(s, frames[i]);
        bytes += frames[i]->len;
        frame_release(frames[i++]);
    }
    allowance_drawn(chat, session_origin(s), bytes);
    metric_add(&chat->metrics->replayed_total, (int64_t)i);
    metric_add(&chat->metrics->deliveries_total, (int64_t)i);
    if (i == n)
        return true;
    m->live = false;
    hub_seek(chat->hub, m, frames[i]->first_seq);
    while (i < n)
        frame_release(frames[i++]);
    s->outbox_full = true;
    return false;
}

/* ------------------------------------------------------------------ the database */

/* Events of one room, read on a reader thread. */
struct read_job {
    struct reader_job job;
    struct task task;  /* then it travels back to the shard */
    struct session *s; /* a reference */
    struct room *room;
    int64_t after, before, limit;
    uint64_t serial; /* of the member that it is for; 0: it is for hub_fill() */
    enum err result;
    size_t n;
    struct buf scratch;
    struct frame *frames[]; /* limit of them */
};

static bool read_row(void *ctx, const struct event_row *row)
{
    struct read_job *j = ctx;
    struct frame *f = (int64_t)j->n < j->limit && !j->result ? wire_row_frame(&j->scratch, row) : NULL;
    if (f)
        j->frames[j->n++] = f;
    else
        j->result = ERR_MEMORY;
    return !j->result;
}

static void drop_frames(struct read_job *j)
{
    for (size_t i = 0; i < j->n; i++)
        frame_release(j->frames[i]);
    j->n = 0;
}

static void run_read(struct reader_job *job, struct store *store)
{
    struct read_job *j = (struct read_job *)job;
    enum err e = ERR_SHUTTING_DOWN;
    if (j->serial && j->s->gone)
        store = NULL; /* others wait for what fills a ring */
    if (store && !j->serial)
        e = events_before(store, room_id(j->room), 0, j->before, j->limit, read_row, j);
    else if (store)
        e = events_after(store, room_id(j->room), j->after, j->before, j->limit, read_row, j);
    buf_release(&j->scratch);
    if (e)
        j->result = e;
    if (j->result)
        drop_frames(j);
    mailbox_post(shard_mailbox(j->s->shard->hub_shard), &j->task);
}

/* The readers have too much to do: the client comes back later, with its cursor. */
static void give_up(struct session *s, enum err e)
{
    session_end(s, e == ERR_SHUTTING_DOWN ? e : ERR_OVERLOADED, "overloaded");
}

/* The events could not be read. What the readers would not take is no fault of the disk. */
static void give_up_read(struct session *s, enum err e)
{
    if (e == ERR_OVERLOADED || e == ERR_MEMORY || e == ERR_SHUTTING_DOWN)
        give_up(s, e);
    else
        session_end(s, ERR_STORAGE, "cannot read the history");
}

static void pump(struct session *s, struct member *m);

/* Back on the shard. The member may have left, or joined anew, since: then this is not for it, as it was read before that
 * was asked for, and may show what has been deleted in between. */
static void come_back(struct task *task)
{
    struct read_job *j = (struct read_job *)((char *)task - offsetof(struct read_job, task));
    struct session *s = j->s;
    struct hub *hub = s->shard->chat->hub;
    if (!j->serial) {
        hub_fill(hub, j->room, j->frames, j->n, j->result);
        drop_frames(j);
    } else {
        struct member *m = s->gone || s->closing ? NULL : session_member(s, j->room);
        if (m && m->serial == j->serial && m->reading && m->next_seq == j->after + 1) {
            m->reading = false;
            if (j->result || !j->n) {
                drop_frames(j);
                give_up_read(s, j->result);
            } else {
                hub_seek(hub, m, frame_last_seq(j->frames[j->n - 1]) + 1);
                if (push_all(s, m, j->frames, j->n))
                    pump(s, m);
            }
        } else {
            drop_frames(j);
        }
    }
    replay_end_read(s);
    free(j);
}

static enum err submit_read(struct session *s, struct room *r, int64_t after, int64_t before, int64_t limit,
                            uint64_t serial)
{
    struct read_job *j = calloc(1, sizeof *j + (size_t)limit * sizeof(struct frame *));
    if (!j)
        return ERR_MEMORY;
    j->job.run = run_read;
    j->task.run = come_back;
    j->s = session_begin_read(s);
    j->room = r;
    j->after = after;
    j->before = before;
    j->limit = limit;
    j->serial = serial;
    enum err e = reader_submit(s->shard->chat->reader, &j->job);
    if (e) {
        replay_end_read(s);
        free(j);
    }
    return e;
}

/* ------------------------------------------------------------------ the pump */

static void tell_reset(struct session *s, struct member *m, int64_t last_seq)
{
    metric_add(&s->shard->chat->metrics->resets_total, 1);
    event_reset(&s->shard->json, room_id(member_room(m)), last_seq);
    session_say(s);
}

static void skip_to_head(struct session *s, struct member *m)
{
    int64_t last_seq;
    hub_skip_to_head(s->shard->chat->hub, m, &last_seq);
    tell_reset(s, m, last_seq);
}

static void load_ring(struct session *s, struct member *m, int64_t ring_first)
{
    struct chat *chat = s->shard->chat;
    enum err e = submit_read(s, member_room(m), 0, ring_first, chat->settings.history_on_join, 0);
    if (e) {
        hub_fill(chat->hub, member_room(m), NULL, 0, e);
        give_up(s, e);
    }
}

static void read_older(struct session *s, struct member *m, int64_t ring_first)
{
    if (ring_first - m->next_seq > REPLAY_EVENTS_MAX) {
        skip_to_head(s, m);
        return;
    }
    m->reading = true;
    enum err e = submit_read(s, member_room(m), m->next_seq - 1, ring_first, REPLAY_CHUNK, m->serial);
    if (e)
        give_up(s, e);
}

/* Moves the member on until it is live, or something has to be waited for. */
static void pump(struct session *s, struct member *m)
{
    struct frame *frames[TAKE_MAX];
    enum hub_catch_up state = HUB_MORE;
    while (state == HUB_MORE && !s->closing) {
        size_t n;
        int64_t ring_first;
        if (!session_may_begin_read(s)) { /* what comes next can be a read */
            s->awaits_read = true;
            return;
        }
        state = hub_catch_up(s->shard->chat->hub, m, frames, TAKE_MAX, &n, &ring_first);
        if (!push_all(s, m, frames, n))
            return;
        if (state == HUB_LOAD)
            load_ring(s, m, ring_first);
        else if (state == HUB_TOO_OLD)
            read_older(s, m, ring_first);
    }
}

void replay_start(struct session *s, struct member *m, bool resumes, bool has_gap)
{
    struct room_info info;
    hub_room_info(s->shard->chat->hub, member_room(m), &info);
    int64_t missed = info.last_seq - m->next_seq + 1;
    if (has_gap && missed <= 0) { /* already as far as anybody */
        tell_reset(s, m, m->next_seq - 1);
        pump(s, m);
    } else if (has_gap || (resumes && missed > REPLAY_EVENTS_MAX)) {
        skip_to_head(s, m);
    } else {
        pump(s, m);
    }
}

void replay_go_on(struct session *s)
{
    s->outbox_full = s->awaits_read = false;
    for (struct member *m = s->members; m && !s->outbox_full && !s->awaits_read && !s->closing; m = m->next_of_owner)
        if (!m->live && !m->waiting && !m->reading)
            pump(s, m);
}

void replay_end_read(struct session *s)
{
    s->reads--;
    if (s->awaits_read && !s->outbox_full && !s->gone && !s->closing)
        replay_go_on(s);
    session_release(s);
}

/* ------------------------------------------------------------------ the hub's callbacks */

void replay_deliver(struct member *m, struct frame *f)
{
    struct session *s = m->owner;
    struct metrics *metrics = s->shard->chat->metrics;
    if (!f->first_seq && s->outbox.len >= EPHEMERAL_FRAMES_MAX) {
        metric_add(&metrics->ephemeral_dropped_total, 1);
        return;
    }
    session_push(s, f);
    metric_add(&metrics->deliveries_total, f->first_seq ? (int64_t)f->more + 1 : 1);
}

void replay_resume(struct member *m, enum err e)
{
    struct session *s = m->owner;
    if (s->closing)
        return;
    if (e)
        give_up_read(s, e);
    else if (!m->live && !m->reading && !m->waiting)
        pump(s, m);
}
