#include "chat/announce/activity.h"

#include "base/mem.h"
#include "chat/session/session.h"
#include "directory/memberships.h"
#include "rules/wire.h"

#include <stdlib.h>

/* What one shard has still to tell of. Between two slices it holds on to nobody: who comes, goes or closes a device
 * meanwhile is met as they are then. */
struct round {
    struct task task;
    struct chat_shard *shard;
    int64_t after_id; /* in the first of the rooms that are left: the last member who has been looked at */
    size_t at, count; /* of the rooms */
    int64_t rooms[];
};

/* Most members of a room have the same numbers: those who have just read all of it, and those who have not looked for
 * long and were not mentioned differ, but many are alike. So frames are kept for a while by what they say. */
enum { KEPT_FRAMES = 64 };

struct kept {
    int64_t unread, mentions;
    struct frame *frame;
};

static struct frame *frame_for(struct chat_shard *shard, struct kept *kept, int64_t room_id, int64_t last_seq,
                               const struct directory_unread *row)
{
    struct kept *k = &kept[((uint64_t)row->unread * 7 + (uint64_t)row->mentions) % KEPT_FRAMES];
    if (k->frame && k->unread == row->unread && k->mentions == row->mentions)
        return k->frame;
    frame_release(k->frame);
    k->unread = row->unread;
    k->mentions = row->mentions;
    event_activity(&shard->json, room_id, last_seq, row->unread, row->mentions);
    k->frame = wire_frame(&shard->json, 0);
    buf_clear(&shard->json);
    return k->frame;
}

/* What is unread to the next members of the round's first room, told to their devices. *looked_at and *told go up. */
static void tell_some(struct round *round, size_t *looked_at, size_t *told)
{
    struct chat_shard *shard = round->shard;
    const int64_t room_id = round->rooms[round->at];
    const struct room *r = hub_room_by_id(shard->chat->hub, room_id);
    struct kept kept[KEPT_FRAMES] = {{0}};
    struct buf *rows = &shard->scratch;
    bool more;
    buf_clear(rows);
    int64_t last_seq = directory_unread(shard->chat->directory, room_id, round->after_id,
                                        ACTIVITY_MEMBERS_PER_SLICE - *looked_at, rows, &more);
    const struct directory_unread *row = (const struct directory_unread *)rows->p;
    const struct directory_unread *end = row + rows->len / sizeof *row;
    for (; r && row < end && *told < ACTIVITY_DEVICES_PER_SLICE; row++) {
        for (struct device *d = devices_of(&shard->devices, row->user_id); d; d = devices_next(d))
            if (!row->hidden && !session_member(d->session, r)) {
                session_push(d->session, frame_for(shard, kept, room_id, last_seq, row));
                ++*told;
            }
        round->after_id = row->user_id;
        ++*looked_at;
    }
    for (size_t i = 0; i < KEPT_FRAMES; i++)
        frame_release(kept[i].frame);
    if (!r || !rows->len || (row == end && !more)) {
        round->at++;
        round->after_id = 0;
        ++*looked_at; /* an empty room is not for nothing */
    }
}

static void run_slice(struct task *task)
{
    struct round *round = (struct round *)task;
    struct chat_shard *shard = round->shard;
    size_t looked_at = 0, told = 0;
    while (shard->devices.count && round->at < round->count && looked_at < ACTIVITY_MEMBERS_PER_SLICE &&
           told < ACTIVITY_DEVICES_PER_SLICE)
        tell_some(round, &looked_at, &told);
    if (shard->devices.count && round->at < round->count) {
        mailbox_post(shard_mailbox(shard->hub_shard), task);
        return;
    }
    atomic_fetch_sub(&shard->chat->activity_rounds, 1);
    free(round);
}

void activity_tick(struct chat *c)
{
    struct buf ids = BUF_INIT;
    if (atomic_load(&c->activity_rounds))
        return;
    directory_take_active(c->directory, &ids);
    for (int i = 0; ids.len && i < c->shard_count; i++) {
        struct round *round = mem_must_calloc(1, sizeof *round + ids.len);
        *round = (struct round){.task.run = run_slice, .shard = &c->shards[i], .count = ids.len / sizeof(int64_t)};
        memcpy(round->rooms, ids.p, ids.len);
        atomic_fetch_add(&c->activity_rounds, 1);
        mailbox_post(shard_mailbox(round->shard->hub_shard), &round->task);
    }
    buf_release(&ids);
}
