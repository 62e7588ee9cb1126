#include "apply/slow_mode.h"

#include "store/moderation.h"

/* When the clock was set back, the last message can
 * lie in the future: then it counts as sent now, for good, or the wait would last until the clock has caught up. */
enum err slow_mode_check(struct store *s, const struct command *c, const struct apply_room *r,
                         const struct rights *actor, struct outcome *out)
{
    int64_t last_at, pace_ms = r->slow_s * 1000;
    if (!pace_ms || !actor->user_id || rights_moderates(actor))
        return OK;
    enum err e = paces_get(s, r->id, actor->user_id, &last_at);
    if (!e && last_at > c->at_ms) {
        last_at = c->at_ms;
        e = paces_set(s, r->id, actor->user_id, last_at);
    }
    int64_t rest_ms = e || !last_at ? 0 : last_at + pace_ms - c->at_ms;
    return e || rest_ms <= 0 ? e : apply_refuse_until(out, ERR_RATE_LIMITED, rest_ms);
}

/* Also of moderators: they may not be moderators any more the next time. */
enum err slow_mode_note(struct store *s, const struct apply_room *r, const struct message_row *row)
{
    return r->slow_s ? paces_set(s, r->id, row->author_id, row->at) : OK;
}

enum err slow_mode_change(struct store *s, const struct apply_room *r, int64_t slow_s)
{
    return r->slow_s && !slow_s ? paces_clear(s, r->id) : OK;
}
