#include "chat/admit/allowance.h"

#include "chat/admit/standing.h"
#include "directory/directory.h"
#include "directory/memberships.h"
#include "directory/people.h"

enum {
    MODERATOR_FACTOR = 4, /* they answer many, and clear up behind others */
    JOINS_PER_TOKEN = 4,  /* each device that comes back joins several rooms at once */
};

/* Without a general limit there is none for anybody. `per_token`: so many of what is counted cost one token. */
static void limits_of(const struct chat_settings *s, int64_t per_token, struct rate_limit out[ROLE_COUNT])
{
    const struct rate_limit off = {0, 1}, members = {s->rate_messages_per_s * per_token, s->rate_burst * per_token},
                            guests = {s->rate_guest_messages_per_s * per_token, s->rate_guest_burst * per_token},
                            moderators = {members.per_s * MODERATOR_FACTOR, members.burst * MODERATOR_FACTOR};
    for (int role = 0; role < ROLE_COUNT; role++)
        out[role] = !members.per_s ? off : role < ROLE_MEMBER ? guests : role < ROLE_MODERATOR ? members : moderators;
}

static int64_t take_own(struct chat *c, const struct caller *who, struct person *visitor, int64_t per_token)
{
    struct rate_limit limits[ROLE_COUNT];
    int64_t now_ns = env_mono_ns(c->env), wait_ns = -1;
    limits_of(&c->settings, per_token, limits);
    if (who->user_id)
        wait_ns = directory_take_token(c->directory, who->user_id, limits, now_ns);
    if (wait_ns < 0)
        wait_ns = visitor ? rate_take(&visitor->bucket, &limits[ROLE_VISITOR], now_ns) : 0;
    return wait_ns;
}

static enum err take_of_address(struct origin *from, int64_t bytes, int64_t *retry_after_ms, const char **why)
{
    enum err e = origin_take(from, ORIGIN_MESSAGES, 1, retry_after_ms, why);
    if (e)
        return e;
    e = origin_take(from, ORIGIN_BYTES, bytes, retry_after_ms, why);
    if (e)
        origin_give_back(from, ORIGIN_MESSAGES, 1);
    return e;
}

enum err allowance_take(struct chat *c, const struct caller *who, struct person *visitor, size_t bytes,
                        int64_t *retry_after_ms, const char **why)
{
    if (who->kind == COMMAND_ACTOR_SYSTEM)
        return OK;
    enum err e = take_of_address(who->origin, (int64_t)bytes, retry_after_ms, why);
    const int64_t wait_ns = e ? 0 : take_own(c, who, visitor, 1);
    if (wait_ns) {
        origin_give_back(who->origin, ORIGIN_MESSAGES, 1);
        origin_give_back(who->origin, ORIGIN_BYTES, (int64_t)bytes);
        *retry_after_ms = wait_ns / 1000000 + 1;
        e = ERR_RATE_LIMITED;
    }
    if (e)
        metric_add(&c->metrics->requests_rate_limited, 1);
    return e;
}

/* Those of people without an account count for their address, as requests and by what they draw. */
static enum err take_join(struct chat *c, const struct caller *who, int64_t *retry_after_ms, const char **why)
{
    const int64_t wait_ns = who->kind == COMMAND_ACTOR_ACCOUNT ? take_own(c, who, NULL, JOINS_PER_TOKEN) : 0;
    if (!wait_ns)
        return OK;
    *retry_after_ms = wait_ns / 1000000 + 1;
    *why = "You're opening rooms too fast. Try again in a moment.";
    return ERR_RATE_LIMITED;
}

enum err allowance_read(struct chat *c, const struct caller *who, enum request_type type, int64_t *retry_after_ms,
                        const char **why)
{
    const bool reads = request_is(type, VERB_READS) || request_is_query(type);
    if (!reads && !request_is(type, VERB_DRAWS))
        return OK;
    enum err e = origin_take(who->origin, ORIGIN_DRAWN, 0, retry_after_ms, why);
    if (!e && reads)
        e = origin_take(who->origin, ORIGIN_READS, 1, retry_after_ms, why);
    if (!e && !reads)
        e = take_join(c, who, retry_after_ms, why);
    if (e)
        metric_add(&c->metrics->requests_rate_limited, 1);
    return e;
}

void allowance_drawn(struct chat *c, struct origin *from, size_t bytes)
{
    metric_add(&c->metrics->drawn_bytes_total, (int64_t)bytes);
    origin_spend(from, ORIGIN_DRAWN, (int64_t)bytes);
}

/* Whose limit it is that a command counts for, and how high that is; 0: there is none. */
static int64_t daily_limit(const struct chat *c, const struct caller *who, const struct command *command,
                           enum daily *what, int64_t *user_id)
{
    *user_id = who->user_id;
    switch (command->kind) {
    case COMMAND_ROOM_CREATE:
        *what = DAILY_ROOMS;
        return c->settings.rooms_per_day;
    case COMMAND_DIRECT_OPEN:
        *what = DAILY_DIRECTS;
        return c->settings.directs_per_day;
    case COMMAND_MEMBER_ADD:
        *what = DAILY_ADDED;
        *user_id = command->f.n[F_USER];
        bool is_new = *user_id != who->user_id && !directory_is_member(c->directory, command->room_id, *user_id);
        return is_new ? c->settings.added_per_day : 0;
    default:
        return 0;
    }
}

enum err allowance_take_daily(struct chat *c, const struct caller *who, const struct command *command, const char **why)
{
    static const char *const words[DAILY_KINDS] = {
        [DAILY_ROOMS] = "You've created as many rooms as you can in a day. Try again tomorrow.",
        [DAILY_DIRECTS] = "You've opened as many conversations as you can in a day. Try again tomorrow.",
        [DAILY_ADDED] = "This person has been added to too many rooms today. Try again tomorrow.",
    };
    enum daily what;
    int64_t user_id, limit = daily_limit(c, who, command, &what, &user_id);
    if (!limit || standing_role(c, who) >= ROLE_MODERATOR ||
        directory_take_daily(c->directory, user_id, what, limit, env_mono_ns(c->env)))
        return OK;
    metric_add(&c->metrics->requests_rate_limited, 1);
    *why = words[what];
    return ERR_FORBIDDEN;
}
