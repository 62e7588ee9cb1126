#include "chat/allowance.h"

#include "chat/directory.h"

enum { MODERATOR_FACTOR = 4 }; /* they answer many, and clear up behind others */

/* Without a general limit there is none for anybody. */
static void limits_of(const struct chat_settings *s, struct rate_limit out[ROLE_COUNT])
{
    const struct rate_limit off = {0, 1}, members = {s->rate_messages_per_s, s->rate_burst},
                            guests = {s->rate_guest_messages_per_s, s->rate_guest_burst},
                            moderators = {members.per_s * MODERATOR_FACTOR, members.burst * MODERATOR_FACTOR};
    for (int role = 0; role < ROLE_COUNT; role++)
        out[role] = !members.per_s ? off : role < ROLE_MEMBER ? guests : role < ROLE_MODERATOR ? members : moderators;
}

enum err allowance_take(struct chat *c, const struct caller *who, struct person *visitor, int64_t *retry_after_ms)
{
    struct rate_limit limits[ROLE_COUNT];
    int64_t now_ns = env_mono_ns(c->env), wait_ns = -1;
    if (who->kind == COMMAND_ACTOR_SYSTEM)
        return OK;
    limits_of(&c->settings, limits);
    if (who->user_id)
        wait_ns = directory_take_token(c->directory, who->user_id, limits, now_ns);
    if (wait_ns < 0)
        wait_ns = visitor ? rate_take(&visitor->bucket, &limits[ROLE_VISITOR], now_ns) : 0;
    if (!wait_ns)
        return OK;
    metric_add(&c->metrics->requests_rate_limited, 1);
    *retry_after_ms = wait_ns / 1000000 + 1;
    return ERR_RATE_LIMITED;
}
