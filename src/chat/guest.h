/* guest.h - who comes in without an account: guests, known by a signed cookie, and visitors, for the length of one
 * connection.
 *
 * The cookie's value is `v2.ID.NAME.NUMBER.ISSUED.MAC`: user id, name in base64url, which of the guest's cookies are
 * good, seconds, and HMAC-SHA-512-256 over what stands before it with the server's secret. It is good for
 * GUEST_COOKIE_DAYS, or until the guest forgets it, wherever else it may be kept. All functions may be called
 * from any thread but a reactor's and the writer's, as they wait for those. */
#ifndef HUBBUB_CHAT_GUEST_H
#define HUBBUB_CHAT_GUEST_H

#include "chat/chat.h"

enum { GUEST_COOKIE_MAX_BYTES = 512, GUEST_COOKIE_DAYS = 365 };

struct guest {
    int64_t id, number; /* number: against the one in the database, which guest_enter() looks at */
    char name[NAME_BYTES];
    char cookie[GUEST_COOKIE_MAX_BYTES + 1]; /* the value of a fresh cookie for it */
};

/* Checks the value of a cookie, all but its number. ERR_UNAUTHORIZED: not ours, damaged, too old, or made with another
 * secret. */
enum err guest_from_cookie(struct chat *c, struct span cookie, struct guest *out);

/* Makes a guest with this name; durable when it returns OK. ERR_INVALID (*why says which rule), ERR_NAME_TAKEN,
 * ERR_FORBIDDEN (allow_guests no), ERR_STORAGE, ERR_OVERLOADED, ERR_SHUTTING_DOWN. */
enum err guest_register(struct chat *c, struct span name, struct guest *out, const char **why);

/* Gives a guest another name, everywhere and for good; `address`, as text, is where they are, for the audit. The same
 * errors. */
enum err guest_rename(struct chat *c, const struct guest *who, struct span name, struct span address, struct guest *out,
                      const char **why);

/* Makes all cookies of a guest worthless, and ends their live connections. ERR_UNAUTHORIZED: there is no such guest;
 * ERR_BANNED, ERR_STORAGE, ERR_OVERLOADED, ERR_SHUTTING_DOWN. */
enum err guest_forget(struct chat *c, const struct guest *who, struct span address);

/* Lets somebody in: a guest with a checked cookie, or a visitor (`name` empty: one is made up). The caller owns a
 * reference to the person. */
enum err guest_enter(struct chat *c, const struct guest *who, struct person **out);
enum err guest_enter_visitor(struct chat *c, struct span name, struct person **out, const char **why);

#endif
