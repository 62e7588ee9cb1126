/* The first frame of a connection: who one is, and one's rooms with what is unread in them. All of it is in the
 * directory, so that no connection waits for the database. */
#include "chat/directory.h"
#include "chat/listing.h"
#include "chat/session_internal.h"

/* Of somebody who is not kept: a name, for the length of the connection. */
static void write_visitor(struct session *s, char name[HUB_NAME_BYTES], struct event_person *out)
{
    *out = (struct event_person){
        .user = {.id = atomic_load_explicit(&s->who->user_id, memory_order_relaxed),
                 .name = {name, hub_person_name(s->shard->chat->hub, s->who, name)}},
        .role = session_kind(s) == USER_VISITOR ? ROLE_VISITOR : ROLE_GUEST,
        .with_role = true,
    };
}

static void write_rooms(struct session *s, struct listing *l, struct buf *ids)
{
    struct directory *d = s->shard->chat->directory;
    int64_t user_id = atomic_load_explicit(&s->who->user_id, memory_order_relaxed);
    bool first = true;
    buf_clear(ids);
    directory_rooms_of(d, user_id, session_kind(s), ids);
    s->shard->json.failed |= ids->failed;
    for (size_t i = 0; i < ids->len / sizeof(int64_t); i++) {
        if (!listing_room(l, d, ((const int64_t *)ids->p)[i], session_device(s) ? user_id : 0))
            continue;
        if (session_device(s) && !l->room.is_member)
            continue; /* not any more */
        event_welcome_room(&s->shard->json, &l->room, first);
        first = false;
    }
}

void session_write_welcome(struct session *s)
{
    struct chat *chat = s->shard->chat;
    struct listing l;
    struct buf ids = BUF_INIT, blocked = BUF_INIT;
    char name[HUB_NAME_BYTES], place[DIRECTORY_NAME_BYTES];
    int64_t user_id = atomic_load_explicit(&s->who->user_id, memory_order_relaxed);
    directory_place_name(chat->directory, place);
    struct event_welcome w = {
        .server_name = span_of(place[0] ? place : chat->settings.server_name),
        .server_version = span_of(HUBBUB_VERSION),
        .epoch = span_of(chat->epoch),
        .now = env_wall_ms(chat->env),
        .message_max_bytes = chat->settings.message_max_bytes,
        .history_on_join = chat->settings.history_on_join,
        .history_page = REQUEST_HISTORY_MAX,
    };
    listing_init(&l);
    if (session_kind(s) != USER_VISITOR && listing_person(&l, chat->directory, user_id, w.now))
        w.user = l.person;
    else
        write_visitor(s, name, &w.user);
    if (session_device(s)) {
        directory_blocks_of(chat->directory, user_id, &blocked);
        w.reports_waiting = directory_reports_waiting(chat->directory, user_id);
    }
    w.blocked = (const int64_t *)blocked.p;
    w.blocked_count = blocked.len / sizeof(int64_t);
    event_welcome_begin(&s->shard->json, &w);
    write_rooms(s, &l, &ids);
    event_welcome_end(&s->shard->json, &w);
    listing_clear(&l);
    buf_release(&ids);
    buf_release(&blocked);
}
