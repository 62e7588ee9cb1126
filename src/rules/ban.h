/* ban.h - whether a ban is in force: the one place that says so. Pure: any thread. */
#ifndef HUBBUB_RULES_BAN_H
#define HUBBUB_RULES_BAN_H

#include "store/people.h"

/* until 0: for ever. */
static inline bool ban_is_in_force(bool is_banned, int64_t until, int64_t now_ms)
{
    return is_banned && (until == 0 || until > now_ms);
}

static inline bool ban_counts(const struct account_row *user, int64_t now_ms)
{
    return ban_is_in_force(user->is_banned, user->banned_until, now_ms);
}

#endif
