#include "proto/command.h"

enum { HEAD_BYTES = 4 + 8 + 8 + COMMAND_KEY_BYTES + 8 + 8, TEXTS = 6 };

static void put_u64(uint8_t *to, uint64_t v, int bytes)
{
    for (int i = 0; i < bytes; i++)
        to[i] = (uint8_t)(v >> (8 * i));
}

static uint64_t get_u64(const uint8_t *from, int bytes)
{
    uint64_t v = 0;
    for (int i = 0; i < bytes; i++)
        v |= (uint64_t)from[i] << (8 * i);
    return v;
}

void command_write(struct buf *b, const struct command *c)
{
    const struct span texts[TEXTS] = {c->actor_name, c->actor_fold, c->name, c->fold, c->client_id, c->body};
    uint8_t head[HEAD_BYTES] = {COMMAND_VERSION, (uint8_t)c->kind, (uint8_t)c->actor, c->flag};
    put_u64(head + 4, (uint64_t)c->at_ms, 8);
    put_u64(head + 12, (uint64_t)c->actor_id, 8);
    memcpy(head + 20, c->actor_key, COMMAND_KEY_BYTES);
    put_u64(head + 36, (uint64_t)c->room_id, 8);
    put_u64(head + 44, (uint64_t)c->reply_to, 8);
    buf_add(b, head, sizeof head);
    for (int i = 0; i < TEXTS; i++) {
        uint8_t len[4];
        put_u64(len, texts[i].len, 4);
        buf_add(b, len, sizeof len);
        buf_add_span(b, texts[i]);
    }
}

enum err command_read(struct span bytes, struct command *out)
{
    const uint8_t *p = (const uint8_t *)bytes.p;
    struct command c;
    if (bytes.len < 2)
        return ERR_CORRUPT;
    if (p[0] != COMMAND_VERSION || p[1] < COMMAND_MESSAGE_SEND || p[1] >= COMMAND_KIND_END)
        return ERR_UNKNOWN_TYPE;
    if (bytes.len < HEAD_BYTES || p[2] > COMMAND_ACTOR_GUEST || p[3] > 1)
        return ERR_CORRUPT;
    c.kind = (enum command_kind)p[1];
    c.actor = (enum command_actor)p[2];
    c.flag = p[3];
    c.at_ms = (int64_t)get_u64(p + 4, 8);
    c.actor_id = (int64_t)get_u64(p + 12, 8);
    memcpy(c.actor_key, p + 20, COMMAND_KEY_BYTES);
    c.room_id = (int64_t)get_u64(p + 36, 8);
    c.reply_to = (int64_t)get_u64(p + 44, 8);

    struct span *const texts[TEXTS] = {&c.actor_name, &c.actor_fold, &c.name, &c.fold, &c.client_id, &c.body};
    size_t at = HEAD_BYTES;
    for (int i = 0; i < TEXTS; i++) {
        if (bytes.len - at < 4)
            return ERR_CORRUPT;
        size_t len = (size_t)get_u64(p + at, 4);
        at += 4;
        if (bytes.len - at < len)
            return ERR_CORRUPT;
        *texts[i] = (struct span){bytes.p + at, len};
        at += len;
    }
    if (at != bytes.len)
        return ERR_CORRUPT;
    *out = c;
    return OK;
}
