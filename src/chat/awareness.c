#include "chat/awareness.h"

#include "chat/directory.h"
#include "chat/origin.h"
#include "chat/wire.h"

enum err awareness_typing(struct session *s, struct room *r, const struct request *q, const char **why)
{
    (void)why;
    struct chat *chat = s->shard->chat;
    struct member *m = session_member(s, r);
    uint32_t now_s = (uint32_t)(env_mono_ms(chat->env) / 1000);
    int64_t floor_seq;
    char name[HUB_NAME_BYTES], display[DIRECTORY_NAME_BYTES];
    if (session_may_read(s, room_id(r), &floor_seq))
        return ERR_NOT_FOUND;
    if (!m)
        return ERR_NOT_JOINED;
    int64_t ignored_ms;
    const char *ignored;
    if (now_s >= s->typing_until_s && !origin_take(session_origin(s), ORIGIN_TYPING, 1, &ignored_ms, &ignored)) {
        s->typing_until_s = now_s + SESSION_TYPING_EVERY_S;
        int64_t id = atomic_load(&s->who->user_id);
        directory_display_name(chat->directory, id, display);
        struct event_user user = {id, {name, hub_person_name(chat->hub, s->who, name)}, span_of(display)};
        event_typing(&s->shard->json, room_id(r), &user);
        struct frame *f = wire_frame(&s->shard->json, 0);
        buf_clear(&s->shard->json);
        if (f)
            hub_publish_ephemeral(chat->hub, r, f, m);
        frame_release(f);
    }
    struct event_ack ack = {.id = q->id};
    session_ack(s, &ack);
    return OK;
}

enum err awareness_presence(struct session *s, struct room *r, const struct request *q, const char **why)
{
    (void)r;
    (void)why;
    if (s->active != q->active) {
        s->active = q->active;
        hub_person_active(s->shard->chat->hub, s->who, q->active ? +1 : -1);
    }
    struct event_ack ack = {.id = q->id};
    session_ack(s, &ack);
    return OK;
}

static void write_presence(struct chat *c, struct buf *json, int64_t room, size_t count,
                           const struct presence_person *people)
{
    char display[DIRECTORY_NAME_BYTES];
    event_presence_begin(json, room, count, people != NULL);
    for (size_t i = 0; people && i < count; i++) {
        directory_display_name(c->directory, people[i].user_id, display);
        struct event_user user = {people[i].user_id, span_of(people[i].name), span_of(display)};
        event_presence_person(json, &user, people[i].active, i == 0);
    }
    event_presence_end(json, people != NULL);
}

static void show(void *ctx, struct room *r, size_t count, const struct presence_person *people)
{
    struct session *s = ctx;
    write_presence(s->shard->chat, &s->shard->json, room_id(r), count, people);
    session_say(s);
}

void awareness_show(struct session *s, struct room *r)
{
    hub_presence(s->shard->chat->hub, r, show, s);
}

static void publish(void *ctx, struct room *r, size_t count, const struct presence_person *people)
{
    struct chat *c = ctx;
    struct buf json = BUF_INIT;
    write_presence(c, &json, room_id(r), count, people);
    struct frame *f = wire_frame(&json, 0);
    if (f)
        hub_publish_ephemeral(c->hub, r, f, NULL);
    frame_release(f);
    buf_release(&json);
}

void awareness_tick(struct chat *c)
{
    hub_presence_changes(c->hub, publish, c);
}
