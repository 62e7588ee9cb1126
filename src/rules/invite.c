#include "rules/invite.h"

enum invite_state invite_state(const struct invite_row *row, int64_t now_ms)
{
    if (row->revoked_at)
        return INVITE_REVOKED;
    if (row->max_uses && row->uses >= row->max_uses)
        return INVITE_USED_UP;
    return row->expires_at && row->expires_at <= now_ms ? INVITE_EXPIRED : INVITE_VALID;
}

const char *invite_why(enum invite_state state)
{
    static const char *const whys[] = {
        [INVITE_UNKNOWN] = "This invitation doesn't exist. Check the link.",
        [INVITE_VALID] = NULL,
        [INVITE_EXPIRED] = "This invitation has expired. Ask for a new one.",
        [INVITE_REVOKED] = "This invitation has been revoked. Ask for a new one.",
        [INVITE_USED_UP] = "This invitation has already been used. Ask for a new one.",
    };
    return whys[state];
}
