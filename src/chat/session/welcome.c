/* The first frames of a connection: who one is, and one's rooms with what is unread in them. All of it is in the
 * directory, so that no connection waits for the database.
 *
 * The rooms come in pages, as others can add somebody to any number of rooms. `welcome` has the first page. Each
 * further page is made once the outbox is nearly empty: so it tells of the rooms as they are then, and a slow client
 * gets all of them, however many there are. */
#include "chat/session/welcome.h"

#include "directory/directory.h"
#include "directory/listing.h"
#include "directory/people.h"
#include "directory/rooms.h"

#include <stdlib.h>

enum {
    PAGE_BYTES = 128 * 1024,
    PAGE_ROOMS = 1024,
    PAGES_IN_OUTBOX = 8, /* so many pages fit into an outbox at least: the rest is for whatever else happens */
};

/* How far the list has come, of a session that has not got all of it. */
struct greeting {
    struct table_link of_session; /* by the session's address */
    int64_t after;                /* the last room that was told or passed over */
    bool is_saying;               /* a page is being put into the outbox, which may drain it on the way */
};

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

static uint64_t key_of(const struct session *s)
{
    return (uint64_t)(uintptr_t)s;
}

static struct greeting *greeting_of(const struct session *s)
{
    struct table_link *l = s->is_greeted ? NULL : table_find(&s->shard->greetings, key_of(s));
    return l ? table_owner(l, struct greeting, of_session) : NULL;
}

static size_t page_bytes(const struct session *s)
{
    const struct chat_settings *settings = &s->shard->chat->settings;
    size_t wanted = settings->welcome_page_bytes ? settings->welcome_page_bytes : PAGE_BYTES;
    size_t share = settings->outbox.bytes / PAGES_IN_OUTBOX;
    return share < wanted ? share : wanted;
}

/* Writes the rooms behind *after, as many as fit into a page that begins at `begun`, but at least one. True: there are
 * more of them, behind *after. */
static bool write_rooms(struct session *s, struct listing *l, size_t begun, int64_t *after)
{
    struct directory *d = s->shard->chat->directory;
    struct buf ids = BUF_INIT, *json = &s->shard->json;
    const int64_t user_id = atomic_load_explicit(&s->who->user_id, memory_order_relaxed);
    bool more = directory_rooms_of(d, user_id, session_kind(s), false, *after, PAGE_ROOMS, &ids), first = true;
    json->failed |= ids.failed;
    for (size_t i = 0; i < ids.len / sizeof(int64_t); i++) {
        int64_t id = ((const int64_t *)ids.p)[i];
        if (!first && json->len - begun > page_bytes(s)) {
            more = true;
            break;
        }
        *after = id;
        if (!listing_room(l, d, id, session_device(s) ? user_id : 0) || (session_device(s) && !l->room.is_member))
            continue; /* not any more */
        event_welcome_room(json, &l->room, first);
        first = false;
    }
    buf_release(&ids);
    return more;
}

static void remember(struct session *s, int64_t after)
{
    struct greeting *g = calloc(1, sizeof *g);
    if (!g) {
        session_end(s, ERR_MEMORY, "out of memory");
        return;
    }
    g->after = after;
    g->is_saying = true;
    s->is_greeted = false;
    table_add(&s->shard->greetings, &g->of_session, key_of(s));
}

void welcome_forget(struct session *s)
{
    struct greeting *g = greeting_of(s);
    s->is_greeted = true;
    if (!g)
        return;
    table_remove(&s->shard->greetings, &g->of_session);
    free(g);
}

/* Says what has been written, and lets the next page follow: not before, or it would overtake this one. */
static void say(struct session *s)
{
    session_say(s);
    struct greeting *g = greeting_of(s);
    if (g)
        g->is_saying = false;
}

void welcome_go_on(struct session *s)
{
    struct greeting *g = greeting_of(s);
    const struct outbox_limits *limits = &s->shard->chat->settings.outbox;
    struct listing l;
    if (!g || g->is_saying || s->outbox.bytes > limits->bytes / PAGES_IN_OUTBOX)
        return;
    struct buf *json = &s->shard->json;
    const size_t begun = json->len;
    g->is_saying = true;
    listing_init(&l);
    event_welcome_rooms_begin(json);
    bool more = write_rooms(s, &l, begun, &g->after);
    event_welcome_rooms_end(json, more);
    listing_clear(&l);
    if (!more)
        welcome_forget(s);
    say(s);
}

void welcome_begin(struct session *s)
{
    struct chat *chat = s->shard->chat;
    struct listing l;
    struct buf blocked = BUF_INIT;
    char name[HUB_NAME_BYTES], place[DIRECTORY_NAME_BYTES];
    const int64_t began_ns = env_mono_ns(chat->env);
    int64_t user_id = atomic_load_explicit(&s->who->user_id, memory_order_relaxed), after = 0;
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
    bool more = write_rooms(s, &l, s->shard->json.len, &after);
    event_welcome_end(&s->shard->json, &w, more);
    listing_clear(&l);
    buf_release(&blocked);
    metrics_observe(&chat->metrics->welcome_us, (env_mono_ns(chat->env) - began_ns) / 1000);
    if (more)
        remember(s, after);
    say(s);
}
