#include "chat/session/typing.h"

#include "chat/admit/origin.h"
#include "directory/directory.h"
#include "directory/people.h"
#include "rules/wire.h"

enum err typing_tell(struct session *s, struct room *r, const struct request *q, const char **why)
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
