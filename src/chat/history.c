#include "chat/history.h"

#include "chat/wire.h"

#include <stdlib.h>

struct history_job {
    struct reader_job job;
    struct task task;
    struct session *s; /* a reference */
    int64_t room, last_seq;
    int64_t after, before, limit;
    int64_t around;   /* -1: not asked for */
    bool newest_last; /* of the range take the last events, rather than the first */
    size_t n;
    size_t ends[REQUEST_HISTORY_MAX]; /* in `events`: where each event ends */
    int64_t seqs[REQUEST_HISTORY_MAX];
    struct buf events; /* JSON objects, one after another */
    struct frame *frame;
    enum err result;
    uint8_t id_len;
    char id[REQUEST_ID_MAX_BYTES];
};

static void read_row(void *ctx, const struct event_row *row)
{
    struct history_job *j = ctx;
    if (j->n == REQUEST_HISTORY_MAX)
        return;
    wire_write_row(&j->events, row);
    j->seqs[j->n] = row->seq;
    j->ends[j->n++] = j->events.len;
}

static size_t start_of(const struct history_job *j, size_t i)
{
    return i ? j->ends[i - 1] : 0;
}

/* Which of the events read make the page: as many as fit into HISTORY_PAGE_BYTES, and into a queue that is half full, at
 * least one, from the end that was asked for; `around` stays as near to the middle as it can. */
static void choose(const struct history_job *j, size_t *from, size_t *to)
{
    size_t half_queue = j->s->shard->chat->settings.outbox.bytes / 2;
    size_t limit = half_queue < HISTORY_PAGE_BYTES ? half_queue : HISTORY_PAGE_BYTES;
    *from = 0;
    *to = j->n;
    while (*to - *from > 1 && j->ends[*to - 1] - start_of(j, *from) > limit) {
        bool drop_first = j->newest_last;
        if (j->around >= 0)
            drop_first = j->around - j->seqs[*from] > j->seqs[*to - 1] - j->around;
        if (drop_first)
            ++*from;
        else
            --*to;
    }
}

/* A room's events have no gaps, so whether there are more is told by the numbers alone. */
static void encode(struct history_job *j, bool backwards)
{
    struct buf json = BUF_INIT;
    size_t from, to;
    choose(j, &from, &to);
    event_history_begin(&json, (struct span){j->id, j->id_len}, j->room);
    for (size_t i = from; i < to; i++) {
        if (i > from)
            buf_add_char(&json, ',');
        buf_add(&json, j->events.p + start_of(j, i), j->ends[i] - start_of(j, i));
    }
    bool more = to > from && (backwards ? j->seqs[from] > 1 : j->seqs[to - 1] < j->last_seq);
    event_history_end(&json, more);
    j->frame = j->events.failed ? NULL : wire_frame(&json, 0);
    buf_release(&json);
}

static void run_history(struct reader_job *job, struct store *store)
{
    struct history_job *j = (struct history_job *)job;
    struct chat *chat = j->s->shard->chat;
    int64_t began_ns = env_mono_ns(chat->env);
    bool forwards = !j->newest_last && j->before == INT64_MAX && j->after >= 0;
    j->result = ERR_SHUTTING_DOWN;
    if (store && j->newest_last)
        j->result = events_before(store, j->room, j->after, j->before, j->limit, read_row, j);
    else if (store)
        j->result = events_after(store, j->room, j->after, j->before, j->limit, read_row, j);
    if (!j->result)
        encode(j, !forwards);
    buf_release(&j->events);
    metrics_observe(&chat->metrics->history_us, (env_mono_ns(chat->env) - began_ns) / 1000);
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
    }
    frame_release(j->frame);
    session_release(s);
    free(j);
}

enum err history_read(struct session *s, struct room *r, const struct request *q, const char **why)
{
    struct chat *chat = s->shard->chat;
    struct room_info info;
    (void)why;
    struct history_job *j = calloc(1, sizeof *j);
    if (!j)
        return ERR_MEMORY;
    hub_room_info(chat->hub, r, &info);
    j->job.run = run_history;
    j->task.run = come_back;
    j->s = session_retain(s);
    j->room = info.id;
    j->last_seq = info.last_seq;
    j->limit = q->limit;
    j->after = q->after >= 0 ? q->after : 0;
    j->before = q->before >= 0 ? q->before : INT64_MAX;
    j->newest_last = q->after < 0;
    j->around = q->around;
    if (q->around >= 0) { /* half before it; near the end of the room, more before it */
        int64_t half = q->around - q->limit / 2 - 1, latest = info.last_seq - q->limit;
        j->after = half < latest ? half : latest;
        j->after = j->after > 0 ? j->after : 0;
        j->before = j->after + q->limit + 1;
        j->newest_last = false;
    }
    j->id_len = (uint8_t)q->id.len;
    if (q->id.len)
        memcpy(j->id, q->id.p, q->id.len);
    enum err e = reader_submit(chat->reader, &j->job);
    if (e) {
        session_release(s);
        free(j);
    }
    return e;
}
