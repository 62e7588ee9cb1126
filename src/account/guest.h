/* guest.h - who comes in without an account: guests, known by a signed cookie, and visitors, for the length of one
 * connection. How the cookie is made is in cookie.h. All functions may be called from any thread but a reactor's and the
 * writer's, as they wait for those. */
#ifndef HUBBUB_ACCOUNT_GUEST_H
#define HUBBUB_ACCOUNT_GUEST_H

#include "account/cookie.h"
#include "chat/core/core.h"

/* The guest whose cookie this is, with a fresh one; as guest_cookie_read(). */
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
