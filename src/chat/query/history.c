#include "chat/query/history.h"

#include "chat/admit/allowance.h"
#include "chat/admit/standing.h"
#include "chat/session/replay.h"
#include "rules/wire.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ which events */

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

enum err history_plan(struct chat *c, const struct caller *who, struct room *r, const struct request *q,
                      struct history_range *out)
{
    struct room_info info;
    int64_t floor_seq;
    hub_room_info(c->hub, r, &info); /* first: whoever may read now might have read all that is there already */
    enum err e = standing_may_read(c, who, info.id, &floor_seq);
    if (e)
        return e;
    *out = (struct history_range){.room = info.id,
                                  .after = q->after,
                                  .before = q->before >= 0 ? q->before : INT64_MAX,
                                  .limit = q->limit,
                                  .floor_seq = floor_seq,
                                  .last_seq = info.last_seq,
                                  .around = q->around,
                                  .newest_last = q->after < 0};
    if (q->around >= 0) { /* half before it; near the end of the room, more before it */
        int64_t half = q->around - q->limit / 2 - 1, latest = info.last_seq - q->limit;
        out->after = clamp(half < latest ? half : latest, floor_seq, INT64_MAX);
        out->before = out->after + q->limit + 1;
        out->newest_last = false;
    }
    out->after = clamp(out->after, floor_seq, INT64_MAX);
    out->before = clamp(out->before, 0, info.last_seq + 1);
    return OK;
}

/* ------------------------------------------------------------------ reading them */

/* An event of the page: where it stands in `events`. */
struct piece {
    int64_t seq;
    size_t at, len;
};

struct page {
    const struct history_range *range;
    size_t limit_bytes;
    struct piece *down, *up;                      /* the first of them, and the end: both begin in the middle */
    size_t bytes;                                 /* of the read that is under way */
    struct piece pieces[2 * REQUEST_HISTORY_MAX]; /* in seq order; only [down, up) */
    struct buf events;                            /* JSON objects, in the order in which they were read */
};

/* What does not fit into the page is not read: long messages would be read by the megabyte for nothing. */
static bool is_enough(const struct page *p)
{
    return p->bytes >= p->limit_bytes;
}

static struct piece write_piece(struct page *p, const struct event_row *row)
{
    const size_t at = p->events.len;
    wire_write_row(&p->events, row);
    p->bytes += p->events.len - at;
    return (struct piece){row->seq, at, p->events.len - at};
}

static bool read_down(void *ctx, const struct event_row *row)
{
    struct page *p = ctx;
    if (p->down == p->pieces)
        return false;
    *--p->down = write_piece(p, row);
    return !is_enough(p);
}

static bool read_up(void *ctx, const struct event_row *row)
{
    struct page *p = ctx;
    if (p->up == p->pieces + 2 * REQUEST_HISTORY_MAX)
        return false;
    *p->up++ = write_piece(p, row);
    return !is_enough(p);
}

/* From the end that was asked for; or from `around` on, in both directions. */
static enum err read_page(struct store *s, struct page *p)
{
    const struct history_range *r = p->range;
    if (r->newest_last)
        return events_down(s, r->room, r->after, r->before, r->limit, read_down, p);
    if (r->around < 0)
        return events_after(s, r->room, r->after, r->before, r->limit, read_up, p);
    const int64_t middle = clamp(r->around, r->after, r->before - 1);
    enum err e = events_down(s, r->room, r->after, middle + 1, r->limit, read_down, p);
    p->bytes = 0;
    return e ? e : events_after(s, r->room, middle, r->before, r->limit, read_up, p);
}

/* Which of the events read make the page: as many as fit, at least one, from the end that was asked for; `around` stays
 * as near to the middle as it can. */
static void choose(const struct page *p, struct piece **from, struct piece **to)
{
    const int64_t around = p->range->around;
    size_t bytes = p->events.len;
    *from = p->down;
    *to = p->up;
    while (*to - *from > 1 && bytes > p->limit_bytes) {
        bool drop_first = p->range->newest_last;
        if (around >= 0)
            drop_first = around - (*from)->seq > (*to)[-1].seq - around;
        bytes -= drop_first ? (*(*from)++).len : (*--*to).len;
    }
}

/* A room's events have no gaps, so whether there are more is told by the numbers alone. */
static void write_page(const struct page *p, struct span id, struct buf *json)
{
    const struct history_range *r = p->range;
    bool backwards = r->newest_last || r->around >= 0;
    struct piece *from, *to;
    choose(p, &from, &to);
    event_history_begin(json, id, r->room);
    for (const struct piece *i = from; i < to; i++) {
        if (i > from)
            buf_add_char(json, ',');
        buf_add(json, p->events.p + i->at, i->len);
    }
    bool more = to > from && (backwards ? from->seq > r->floor_seq + 1 : to[-1].seq < r->last_seq);
    event_history_end(json, more);
}

enum err history_write(struct store *s, const struct history_range *range, struct span id, size_t limit_bytes,
                       struct buf *json)
{
    struct page *p = calloc(1, sizeof *p);
    if (!p)
        return ERR_MEMORY;
    p->range = range;
    p->limit_bytes = limit_bytes;
    p->down = p->up = p->pieces + REQUEST_HISTORY_MAX;
    enum err e = read_page(s, p);
    if (!e) {
        write_page(p, id, json);
        if (p->events.failed || json->failed)
            e = ERR_MEMORY;
    }
    buf_release(&p->events);
    free(p);
    return e;
}

size_t history_limit_bytes(const struct chat *c)
{
    size_t half_queue = c->settings.outbox.bytes / 2;
    return half_queue < HISTORY_PAGE_BYTES ? half_queue : HISTORY_PAGE_BYTES;
}

/* ------------------------------------------------------------------ for a session */

struct history_job {
    struct reader_job job;
    struct task task;
    struct session *s; /* a reference */
    struct history_range range;
    struct frame *frame;
    enum err result;
    uint8_t id_len;
    char id[REQUEST_ID_MAX_BYTES];
};

static void run_history(struct reader_job *job, struct store *store)
{
    struct history_job *j = (struct history_job *)job;
    struct chat *chat = j->s->shard->chat;
    struct buf json = BUF_INIT;
    int64_t began_ns = env_mono_ns(chat->env);
    j->result = ERR_SHUTTING_DOWN;
    if (store && !j->s->gone) {
        j->result = history_write(store, &j->range, (struct span){j->id, j->id_len}, history_limit_bytes(chat), &json);
        if (!j->result)
            j->frame = wire_frame(&json, 0);
        metrics_observe(&chat->metrics->history_us, (env_mono_ns(chat->env) - began_ns) / 1000);
    }
    buf_release(&json);
    mailbox_post(shard_mailbox(j->s->shard->hub_shard), &j->task);
}

static void come_back(struct task *task)
{
    struct history_job *j = (struct history_job *)((char *)task - offsetof(struct history_job, task));
    struct session *s = j->s;
    if (!s->gone) {
        if (j->result)
            session_error(s, (struct span){j->id, j->id_len}, j->result, NULL, SESSION_RETRY_MS);
        else
            session_push(s, j->frame);
        allowance_drawn(s->shard->chat, session_origin(s), j->frame ? j->frame->len : 0);
    }
    frame_release(j->frame);
    replay_end_read(s);
    free(j);
}

enum err history_read(struct session *s, struct room *r, const struct request *q, const char **why)
{
    struct caller who;
    (void)why;
    if (!session_may_begin_read(s))
        return ERR_OVERLOADED;
    struct history_job *j = calloc(1, sizeof *j);
    if (!j)
        return ERR_MEMORY;
    session_caller(s, &who);
    enum err e = history_plan(s->shard->chat, &who, r, q, &j->range);
    if (e) {
        free(j);
        return e;
    }
    j->job.run = run_history;
    j->task.run = come_back;
    j->s = session_begin_read(s);
    j->id_len = (uint8_t)q->id.len;
    if (q->id.len)
        memcpy(j->id, q->id.p, q->id.len);
    e = reader_submit(s->shard->chat->reader, &j->job);
    if (e) {
        replay_end_read(s);
        free(j);
    }
    return e;
}
