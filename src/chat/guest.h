/* guest.h - who comes in without an account: guests, known by a signed cookie, and visitors, for the length of one
 * connection.
 *
 * The cookie's value is `v1.ID.NAME.ISSUED.MAC`: user id, name in base64url, seconds, and HMAC-SHA-512-256 over what
 * stands before it with the server's secret, so that looking at it needs no database. All functions may be called
 * from any thread but a reactor's and the writer's, as they wait for those. */
#ifndef HUBBUB_CHAT_GUEST_H
#define HUBBUB_CHAT_GUEST_H

#include "chat/chat.h"

enum { GUEST_COOKIE_MAX_BYTES = 512 };

struct guest {
    int64_t id;
    char name[NAME_BYTES];
    char cookie[GUEST_COOKIE_MAX_BYTES + 1]; /* the value of a fresh cookie for it */
};

/* Checks the value of a cookie. ERR_UNAUTHORIZED: not ours, damaged, or made with another secret. */
enum err guest_from_cookie(struct chat *c, struct span cookie, struct guest *out);

/* Makes a guest with this name; durable when it returns OK. ERR_INVALID (*why says which rule), ERR_NAME_TAKEN,
 * ERR_FORBIDDEN (allow_guests no), ERR_STORAGE, ERR_OVERLOADED, ERR_SHUTTING_DOWN. */
enum err guest_register(struct chat *c, struct span name, struct guest *out, const char **why);

/* Gives a guest another name, everywhere and for good; `address`, as text, is where they are, for the audit. The same
 * errors. */
enum err guest_rename(struct chat *c, const struct guest *who, struct span name, struct span address, struct guest *out,
                      const char **why);

/* Lets somebody in: a guest with a checked cookie, or a visitor (`name` empty: one is made up). The caller owns a
 * reference to the person. */
enum err guest_enter(struct chat *c, const struct guest *who, struct person **out);
enum err guest_enter_visitor(struct chat *c, struct span name, struct person **out, const char **why);

#endif
