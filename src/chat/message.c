#include "chat/message.h"

#include "base/utf8.h"
#include "chat/apply_internal.h"
#include "chat/submission.h"
#include "chat/wire.h"

enum err message_send(struct session *s, struct room *r, const struct request *q, const char **why)
{
    struct chat *chat = s->shard->chat;
    struct span body = utf8_trim(q->body);
    if (!body.len) {
        *why = "A message needs some text.";
        return ERR_INVALID;
    }
    if ((int64_t)body.len > chat->settings.message_max_bytes)
        return ERR_TOO_BIG;
    struct command c = {
        .kind = COMMAND_MESSAGE_SEND, .room_id = room_id(r), .client_id = q->id, .body = body, .reply_to = q->reply_to};
    return submission_propose(s, &c);
}

/* The message that an earlier command with this client id made: the same again is answered from it, another one is
 * refused. */
static enum err apply_again(struct store *s, const struct command *c, int64_t author_id, struct outcome *out)
{
    struct message_row first;
    enum err e = messages_by_client_id(s, author_id, c->client_id, &first);
    if (e)
        return e;
    if (first.room_id != c->room_id || !span_equal(first.body, c->body) || first.reply_to != c->reply_to) {
        out->result = ERR_ID_REUSED;
        return OK;
    }
    out->duplicate = true;
    out->seq = first.seq;
    out->at = first.at;
    return OK;
}

/* What would be refused if it were new may have been accepted before: then that is the answer. */
static enum err refuse_unless_again(struct apply *a, struct store *s, const struct command *c, enum err refusal,
                                    struct outcome *out)
{
    int64_t author_id;
    enum err e = apply_actor(a, s, c, false, &author_id);
    if (!e) {
        out->user_id = author_id;
        e = apply_again(s, c, author_id, out);
    }
    if (e == ERR_NOT_FOUND || e == ERR_UNAUTHORIZED) {
        out->result = refusal;
        return OK;
    }
    return e;
}

enum err message_apply_send(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    enum err e;
    int64_t author_id;
    struct apply_room *r = apply_room(a, c->room_id);
    if (!r) {
        out->result = ERR_NOT_FOUND;
        return OK;
    }
    if (r->archived_at)
        return refuse_unless_again(a, s, c, ERR_ARCHIVED, out);
    if (c->reply_to && (e = messages_exists(s, r->id, c->reply_to)))
        return e == ERR_NOT_FOUND ? refuse_unless_again(a, s, c, ERR_NOT_FOUND, out) : e;
    if ((e = apply_actor(a, s, c, true, &author_id))) {
        out->result = e;
        return e == ERR_UNAUTHORIZED ? OK : e;
    }
    out->user_id = author_id;

    struct message_row row = {.room_id = r->id,
                              .seq = r->last_seq + 1,
                              .author_id = author_id,
                              .at = c->at_ms,
                              .reply_to = c->reply_to,
                              .body = c->body,
                              .client_id = c->client_id};
    e = messages_insert(s, &row);
    if (e == ERR_ID_REUSED)
        return apply_again(s, c, author_id, out);
    if (e)
        return e;
    r->last_seq = row.seq;
    r->dirty = true;
    out->seq = row.seq;
    out->at = row.at;
    struct event event = {.kind = EVENT_MESSAGE,
                          .room = r->id,
                          .seq = row.seq,
                          .at = row.at,
                          .author = {author_id, c->actor_name},
                          .body = c->body,
                          .client_id = c->client_id,
                          .reply_to = c->reply_to};
    buf_clear(&a->json);
    event_write(&a->json, &event);
    return apply_frame(a, row.seq, out);
}
