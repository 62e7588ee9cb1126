/* Saying something in a room. */
#include "apply/apply_internal.h"
#include "apply/rights.h"
#include "apply/slow_mode.h"
#include "base/mem.h"
#include "rules/mention.h"
#include "rules/wire.h"
#include "store/moderation.h"

/* ------------------------------------------------------------------ sending what was sent before */

/* The message that an earlier command with this client id made: the same again is answered from it, another one is
 * refused. ERR_NOT_FOUND: there is none. */
static enum err apply_again(struct store *s, const struct command *c, struct outcome *out)
{
    struct message_row first;
    enum err e = messages_by_client_id(s, out->user_id, c->client_id, &first);
    if (e)
        return e;
    bool is_deleted = !first.body.len; /* then nobody knows any more what it said */
    out->result = OK;
    out->why = NULL;
    out->retry_after_ms = 0;
    /* 0: by a name that leads to no room for them any more, which is no other room. */
    if ((c->room_id && first.room_id != c->room_id) || first.reply_to != c->reply_to ||
        (!is_deleted && !span_equal(first.body, c->body)))
        return apply_refuse(out, ERR_ID_REUSED);
    out->seq = first.seq;
    out->at = first.at;
    return apply_duplicate(out);
}

/* What is refused now may have been accepted before: then that is the answer. */
static enum err unless_again(struct store *s, const struct command *c, struct outcome *out)
{
    enum err e = out->user_id ? apply_again(s, c, out) : ERR_NOT_FOUND;
    return e == ERR_NOT_FOUND ? OK : e;
}

/* ------------------------------------------------------------------ who may send */

/* Between two people, whoever is blocked does not get through. */
static enum err check_block(struct store *s, const struct apply_room *r, const struct rights *actor,
                            struct outcome *out)
{
    int64_t ids[DIRECT_PEOPLE_MAX];
    if (direct_people(r, ids) != 2)
        return OK;
    enum err e = blocks_has(s, ids[0] == actor->user_id ? ids[1] : ids[0], actor->user_id);
    if (e)
        return e == ERR_NOT_FOUND ? OK : e;
    return apply_refuse_because(out, ERR_FORBIDDEN, "This person has blocked you.");
}

/* What the role table does not know of: the state of the room, and of the actor in it. */
static enum err check_room(struct store *s, const struct command *c, const struct apply_room *r,
                           const struct rights *actor, struct outcome *out)
{
    if (r->archived_at)
        return apply_refuse(out, ERR_ARCHIVED);
    if ((r->locked_at || r->kind == ROOM_ANNOUNCEMENT) && !rights_moderates(actor))
        return apply_refuse(out, ERR_LOCKED);
    if (actor->silenced_until > c->at_ms)
        return apply_refuse_until(out, ERR_MUTED, actor->silenced_until - c->at_ms);
    enum err e = r->kind == ROOM_DIRECT ? check_block(s, r, actor, out) : OK;
    if (!e && !out->result && c->reply_to) {
        e = rights_may_see(actor, r, c->reply_to) ? messages_exists(s, r->id, c->reply_to) : ERR_NOT_FOUND;
        if (e == ERR_NOT_FOUND)
            return apply_refuse_because(out, e, "There is no such message to reply to.");
    }
    return e || out->result ? e : slow_mode_check(s, c, r, actor, out);
}

/* ------------------------------------------------------------------ whom a message mentions */

static bool has_id(const struct effect *event, int64_t id)
{
    for (size_t i = 0; i < event->mentioned_count; i++)
        if (event->mentioned[i] == id)
            return true;
    return false;
}

/* The user with this fold, if the message is to be told to them: a member, not the author, not one who has blocked the
 * author. ERR_NOT_FOUND: nobody. */
static enum err find_mentioned(struct apply *a, struct store *s, const struct command *c, const struct apply_room *r,
                               int64_t author_id, struct span fold, int64_t *id)
{
    struct user_row user;
    struct rights rights;
    enum err e = users_by_fold(s, fold, &user);
    if (e)
        return e;
    *id = user.id;
    if (*id == author_id || *id == 0)
        return ERR_NOT_FOUND;
    if ((e = rights_of(a, s, *id, r, c->at_ms, &rights)))
        return e;
    if (!rights.is_member)
        return ERR_NOT_FOUND;
    e = blocks_has(s, *id, author_id);
    return e == OK ? ERR_NOT_FOUND : e == ERR_NOT_FOUND ? OK : e;
}

/* Only accounts can mention everybody: people without one come and go, and nobody answers for them. */
static enum err insert_mentions(struct apply *a, struct store *s, const struct command *c, const struct apply_room *r,
                                const struct rights *author, struct effect *event)
{
    const bool may_mention_all = author->kind == USER_ACCOUNT || author->kind == USER_SYSTEM;
    struct span rest = c->f.t[F_FOLDS];
    if (!rest.len)
        return OK;
    event->mentioned = mem_must_calloc(MENTIONS_MAX, sizeof *event->mentioned);
    while (rest.len && event->mentioned_count < MENTIONS_MAX) {
        struct span fold = {rest.p, strnlen(rest.p, rest.len)};
        size_t taken = fold.len < rest.len ? fold.len + 1 : fold.len;
        int64_t id = 0; /* everybody */
        enum err e = may_mention_all ? OK : ERR_NOT_FOUND;
        if (fold.len)
            e = find_mentioned(a, s, c, r, event->user, fold, &id);
        if (e && e != ERR_NOT_FOUND)
            return e;
        if (!e && !has_id(event, id))
            event->mentioned[event->mentioned_count++] = id;
        rest = (struct span){rest.p + taken, rest.len - taken};
    }
    if (!event->mentioned_count)
        return OK;
    return mentions_insert(s, r->id, event->seq, event->mentioned, event->mentioned_count);
}

/* ------------------------------------------------------------------ sending */

static struct frame *message_frame(struct apply *a, const struct command *c, const struct message_row *row)
{
    struct event event = {.kind = EVENT_MESSAGE,
                          .room = row->room_id,
                          .seq = row->seq,
                          .at = row->at,
                          .author = {row->author_id, c->actor_name, c->actor_display},
                          .body = row->body,
                          .client_id = row->client_id,
                          .reply_to = row->reply_to};
    buf_clear(&a->json);
    event_write(&a->json, &event);
    return wire_frame(&a->json, row->seq);
}

/* Who has hidden the conversation sees it again; unless it is somebody they have blocked who writes. *stays: it stays
 * hidden from this person. */
static enum err unhide_from(struct store *s, const struct apply_room *r, int64_t user_id, int64_t author_id,
                            struct outcome *out, bool *stays)
{
    struct membership_row membership;
    enum err blocked = blocks_has(s, user_id, author_id);
    if (blocked && blocked != ERR_NOT_FOUND)
        return blocked;
    enum err e = memberships_get(s, r->id, user_id, &membership);
    if (e || !membership.hidden)
        return e;
    *stays = *stays || !blocked;
    if (!blocked)
        return OK;
    membership.hidden = false;
    outcome_add(out, (struct effect){.kind = EFFECT_MEMBERSHIP, .room = r->id, .user = user_id});
    return memberships_set(s, &membership);
}

static enum err unhide(struct store *s, struct apply_room *r, int64_t author_id, struct outcome *out)
{
    int64_t ids[DIRECT_PEOPLE_MAX];
    size_t n = direct_people(r, ids);
    bool stays = false;
    enum err e = OK;
    for (size_t i = 0; i < n && !e; i++)
        e = unhide_from(s, r, ids[i], author_id, out, &stays);
    r->maybe_hidden = stays;
    return e;
}

/* The message is in the database: what follows from it. */
static enum err sent(struct apply *a, struct store *s, const struct command *c, struct apply_room *r,
                     const struct rights *actor, const struct message_row *row, struct outcome *out)
{
    struct frame *f = message_frame(a, c, row);
    if (!f)
        return ERR_STORAGE;
    struct effect *event = outcome_add(out, (struct effect){.kind = EFFECT_EVENT,
                                                            .room = r->id,
                                                            .user = row->author_id,
                                                            .seq = row->seq,
                                                            .number = row->number,
                                                            .at = row->at,
                                                            .frame = f});
    r->last_seq = row->seq;
    r->messages = row->number;
    r->dirty = true;
    out->seq = row->seq;
    out->at = row->at;
    enum err e = actor->is_member ? read_positions_wrote(a, s, row, c->f.n[F_BY_TOKEN] != 0, &event->has_read) : OK;
    if (!e)
        e = insert_mentions(a, s, c, r, actor, event);
    if (!e)
        e = slow_mode_note(s, r, row);
    return !e && r->maybe_hidden ? unhide(s, r, row->author_id, out) : e;
}

enum err message_apply_send(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct apply_room *r;
    struct rights actor;
    enum err e = rights_check(a, s, c, REQUEST_SEND, out, &actor, &r, NULL);
    if (!e && !out->result)
        e = check_room(s, c, r, &actor, out);
    if (e || out->result)
        return e ? e : unless_again(s, c, out);
    if (!actor.user_id && (e = apply_actor(a, s, c, true, &out->user_id)))
        return e;
    struct message_row row = {.room_id = r->id,
                              .seq = r->last_seq + 1,
                              .number = r->messages + 1,
                              .author_id = out->user_id,
                              .at = c->at_ms,
                              .reply_to = c->reply_to,
                              .body = c->body,
                              .client_id = c->client_id};
    e = messages_insert(s, &row);
    if (e == ERR_ID_REUSED)
        e = apply_again(s, c, out);
    else if (!e)
        e = sent(a, s, c, r, &actor, &row, out);
    return e;
}
