/* Connections whose session has ended, or whose owner is banned: that they are closed in time, and no others. */
#include "link.h"
#include "world.h"

#include <inttypes.h>

/* Of what was queued only a frame whose beginning has been sent is sent to its end. */
void link_note_last_byte(struct link *l)
{
    const struct outbox *o = session_outbox(l->session);
    struct iovec iov;
    l->last_byte = l->bytes_sent;
    if (o->head_sent && outbox_gather(o, &iov, 1))
        l->last_byte += iov.iov_len;
}

void link_check_ended_why(struct link *l, enum err why)
{
    struct world *w = l->world;
    bool is_meant = l->ended != INT64_MAX || !l->who.user_id || !ledger_is_settled(w);
    /* Notes of what has ended go by the millisecond, see directory/ended.h. */
    for (size_t i = 0; i < w->ledger.ended_count; i++)
        is_meant |= w->ledger.ended[i].at_ms >= l->who.known_ms && link_is_meant(l, &w->ledger.ended[i].ending);
    is_meant |= l->who.expires_ms && l->who.expires_ms <= w->env.wall_ms(w->env.ctx);
    if ((why == ERR_SESSION_ENDED || why == ERR_BANNED) && !is_meant &&
        !place_is_banned(&w->place, l->who.user_id, w->env.wall_ms(w->env.ctx)))
        trace_fail(&w->trace, "rules", "link %d is ended (%s), but nobody has ended it", l->number, err_code(why));
}

bool link_is_meant(const struct link *l, const struct ending *e)
{
    switch (e->of) {
    case ENDING_SESSION:
        return l->who.session_id == e->id;
    case ENDING_TOKEN:
        return l->who.token_id == e->id;
    case ENDING_USER:
        return l->who.user_id == e->id && (!e->keep || (l->who.session_id && l->who.session_id != e->keep));
    case ENDING_GUEST:
        return l->who.kind == COMMAND_ACTOR_GUEST && l->who.user_id == e->id;
    case ENDING_NONE:
        break;
    }
    return false;
}

void link_end_due(struct world *w)
{
    for (struct link *l = w->server.links; l; l = l->next)
        if (l->ended != INT64_MAX && !l->end_due)
            l->end_due = w->server.mail[l->shard].posted + 1;
}

void link_check_ended(struct world *w, int shard)
{
    for (const struct link *l = w->server.links; l; l = l->next)
        if (l->shard == shard && l->end_due && l->session && !l->closing &&
            w->server.mail[shard].done >= l->end_due - 1)
            trace_fail(&w->trace, "rules", "link %d is still there, but was ended at moment %" PRId64, l->number,
                       l->ended);
}
