#include "base/err.h"

#include <stddef.h>

struct face {
    const char *code;
    const char *message;
    int http;
    int ws_close;
};

static const struct face faces[ERR_COUNT] = {
    [OK] = {"ok", "Done.", 200, 1000},
    [ERR_AGAIN] = {"again", "Not yet. Try again.", 503, 1013},
    [ERR_MEMORY] = {"no_memory", "The server is out of memory. Try again later.", 503, 1013},
    [ERR_INVALID] = {"invalid", "The request is not valid.", 400, 1008},
    [ERR_INVALID_JSON] = {"invalid_json", "That is not a valid JSON object.", 400, 1008},
    [ERR_UNKNOWN_TYPE] = {"unknown_type", "Unknown request type.", 400, 1008},
    [ERR_NOT_FOUND] = {"not_found", "That doesn't exist, or you can't see it.", 404, 1008},
    [ERR_AMBIGUOUS] = {"ambiguous", "Several rooms have this name. Use the id of the one you mean.", 409, 1008},
    [ERR_NOT_JOINED] = {"not_joined", "Join the room first.", 409, 1008},
    [ERR_ARCHIVED] = {"archived", "This room is archived and read-only.", 409, 1008},
    [ERR_TOO_BIG] = {"too_big", "That is too long.", 413, 1009},
    [ERR_ID_REUSED] = {"id_reused", "This id was used for another message. Use a new one.", 409, 1008},
    [ERR_NAME_TAKEN] = {"name_taken", "That name (or a very similar one) is taken. Choose another.", 409, 1008},
    [ERR_FORBIDDEN] = {"forbidden", "You're not allowed to do that.", 403, 1008},
    [ERR_UNAUTHORIZED] = {"unauthorized", "Sign in first.", 401, 1008},
    [ERR_WRONG_PASSWORD] = {"wrong_password", "Wrong username or password.", 401, 1008},
    [ERR_TOTP_REQUIRED] = {"totp_required", "Enter the 6-digit code from your authenticator app.", 401, 1008},
    [ERR_NOT_SET_UP] = {"not_set_up", "This workspace has no owner yet. Open its page to set it up.", 503, 1013},
    [ERR_NOT_MEMBER] = {"not_a_member", "You're not a member of this room.", 403, 1008},
    [ERR_BANNED] = {"banned", "You have been banned from this workspace.", 403, 1008},
    [ERR_MUTED] = {"muted", "A moderator has muted you in this room.", 403, 1008},
    [ERR_LOCKED] = {"locked", "Only moderators can post in this room.", 403, 1008},
    [ERR_SESSION_ENDED] = {"session_ended", "Your session has ended. Sign in again.", 401, 1008},
    [ERR_RATE_LIMITED] = {"rate_limited", "You're sending too fast. Try again in a moment.", 429, 1008},
    [ERR_FLOOD] = {"flood", "You're sending far too fast.", 429, 1008},
    [ERR_TOO_SLOW] = {"too_slow", "Your connection is too slow.", 503, 1013},
    [ERR_TOO_MANY] = {"too_many", "Too many connections. Try again later.", 503, 1013},
    [ERR_OVERLOADED] = {"overloaded", "The server is too busy. Try again in a moment.", 503, 1013},
    [ERR_STORAGE] = {"storage_failed", "The server couldn't store that. Try again later.", 507, 1011},
    [ERR_SHUTTING_DOWN] = {"shutting_down", "The server is restarting. Try again in a moment.", 503, 1012},
    [ERR_IO] = {"io_failed", "The server couldn't read or write its data.", 500, 1011},
    [ERR_IN_USE] = {"in_use", "That is in use.", 409, 1011},
    [ERR_NEWER] = {"newer", "The data was written by a newer version.", 500, 1011},
    [ERR_CORRUPT] = {"corrupt", "The data is damaged.", 500, 1011},
};

static const struct face *face_of(enum err e)
{
    return &faces[(unsigned)e < ERR_COUNT ? e : ERR_CORRUPT];
}

const char *err_code(enum err e)
{
    return face_of(e)->code;
}

const char *err_message(enum err e)
{
    return face_of(e)->message;
}

int err_http_status(enum err e)
{
    return face_of(e)->http;
}

int err_ws_close(enum err e)
{
    return face_of(e)->ws_close;
}
