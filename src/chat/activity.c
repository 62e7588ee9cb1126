#include "chat/activity.h"

#include "chat/directory.h"
#include "chat/wire.h"

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

void activity_tell(struct chat_shard *shard, int64_t room_id)
{
    struct kept kept[KEPT_FRAMES] = {{0}};
    const struct room *r = hub_room_by_id(shard->chat->hub, room_id);
    struct buf *rows = &shard->scratch;
    buf_clear(rows);
    int64_t last_seq = directory_unread(shard->chat->directory, room_id, rows);
    const struct directory_unread *row = (const struct directory_unread *)rows->p;
    const struct directory_unread *end = row + rows->len / sizeof *row;
    for (; r && row < end; row++)
        for (struct device *d = devices_of(shard->devices, row->user_id); d; d = d->next)
            if (!session_member(d->session, r))
                session_push(d->session, frame_for(shard, kept, room_id, last_seq, row));
    for (size_t i = 0; i < KEPT_FRAMES; i++)
        frame_release(kept[i].frame);
}
