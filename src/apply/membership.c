/* A member's own view of a room: how it stands in their sidebar, what they are notified of, how far they have read. */
#include "apply/apply_internal.h"
#include "apply/rights.h"

/* So many events further back than one has read, one can mark as unread: one's own among them are looked for. */
enum { MARK_UNREAD_MAX = 10000 };

/* Takes what is given into the row; whether any of it is different. */
static bool take(struct membership_row *m, const struct fields *f)
{
    const struct membership_row before = *m;
    if (fields_has(f, F_LEVEL))
        m->level = (enum level)f->n[F_LEVEL];
    if (fields_has(f, F_MUTED_UNTIL))
        m->muted_until = f->n[F_MUTED_UNTIL];
    if (fields_has(f, F_HIDDEN))
        m->hidden = f->n[F_HIDDEN] != 0;
    if (fields_has(f, F_FAVOURITE))
        m->favourite = f->n[F_FAVOURITE] != 0;
    if (fields_has_text(f, F_SECTION))
        m->section = f->t[F_SECTION];
    if (fields_has(f, F_POSITION))
        m->position = f->n[F_POSITION];
    return m->level != before.level || m->muted_until != before.muted_until || m->hidden != before.hidden ||
           m->favourite != before.favourite || m->position != before.position ||
           !span_equal(m->section, before.section);
}

enum err membership_apply_set(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct rights actor;
    struct apply_room *r;
    struct membership_row m;
    enum err e = rights_check(a, s, c, REQUEST_SET_MEMBERSHIP, out, &actor, &r, NULL);
    if (e || out->result)
        return e;
    if (c->f.n[F_HIDDEN] && r->kind != ROOM_DIRECT)
        return apply_refuse_because(out, ERR_INVALID, "Only a direct conversation can be hidden.");
    if ((e = memberships_get(s, r->id, actor.user_id, &m)))
        return e;
    if (!take(&m, &c->f))
        return apply_duplicate(out);
    if ((e = memberships_set(s, &m)))
        return e;
    if (m.hidden)
        r->maybe_hidden = true;
    outcome_add(out, (struct effect){.kind = EFFECT_MEMBERSHIP, .room = r->id, .user = actor.user_id});
    return OK;
}

/* What one has said oneself between where one had read to and where one has read to now is no longer, or again, behind
 * the position. */
static enum err count_own(struct store *s, const struct apply_room *r, const struct membership_row *m, int64_t seq,
                          int64_t *own_after)
{
    int64_t n;
    *own_after = m->own_after;
    if (seq > m->read_seq && (!m->own_after || seq == r->last_seq)) {
        *own_after = 0;
        return OK;
    }
    enum err e = seq > m->read_seq ? messages_count_own(s, r->id, m->user_id, m->read_seq, seq, &n)
                                   : messages_count_own(s, r->id, m->user_id, seq, m->read_seq, &n);
    if (!e)
        *own_after += seq > m->read_seq ? -n : n;
    return e;
}

static enum err move(struct apply *a, struct store *s, const struct command *c, enum request_type verb,
                     struct outcome *out)
{
    struct rights actor;
    struct apply_room *r;
    struct membership_row m;
    int64_t own_after;
    bool back = verb == REQUEST_MARK_UNREAD;
    enum err e = rights_check(a, s, c, verb, out, &actor, &r, NULL);
    if (e || out->result)
        return e;
    int64_t seq = back ? c->f.n[F_SEQ] - 1 : c->f.n[F_SEQ];
    if (seq > r->last_seq)
        seq = r->last_seq;
    if (seq < rights_floor(&actor, r)) /* what one does not see is not unread */
        seq = rights_floor(&actor, r);
    if ((e = read_positions_take_out(a, s, r->id, actor.user_id)) || (e = memberships_get(s, r->id, actor.user_id, &m)))
        return e;
    if (seq == m.read_seq || (seq < m.read_seq && !back))
        return apply_duplicate(out);
    if (m.read_seq - seq > MARK_UNREAD_MAX)
        return apply_refuse_because(out, ERR_INVALID, "That message is too far back to mark as unread.");
    if ((e = count_own(s, r, &m, seq, &own_after)) ||
        (e = memberships_set_read(s, r->id, actor.user_id, seq, own_after)))
        return e;
    outcome_add(out, (struct effect){.kind = EFFECT_READ, .room = r->id, .user = actor.user_id});
    return OK;
}

enum err membership_apply_read(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    return move(a, s, c, REQUEST_READ, out);
}

enum err membership_apply_mark_unread(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    return move(a, s, c, REQUEST_MARK_UNREAD, out);
}
