/* account_apply.h - what the apply halves about people share, beside apply_internal.h. On the writer's thread. */
#ifndef HUBBUB_CHAT_ACCOUNT_APPLY_H
#define HUBBUB_CHAT_ACCOUNT_APPLY_H

#include "chat/apply_internal.h"

/* Whether a time that is given (0: never) is over when the command comes. */
static inline bool account_is_past(const struct command *c, enum field_number f)
{
    return c->f.n[f] != 0 && c->f.n[f] <= c->at_ms;
}

/* Writes into the audit what is no request of the protocol, as people have not signed in yet or type a secret:
 * "sign_up", "set_password" and the like; by the actor out->user_id, mostly about themselves. ERR_STORAGE. */
enum err account_audit(struct store *s, const struct command *c, const char *verb, const struct outcome *out,
                       int64_t about_id);

/* For what needs a session and the password: a session that has ended meanwhile (F_SESSION), or a password that is
 * another one by now than was shown (F_PROVEN), refuses. Without these fields: OK. */
enum err account_check_proven(struct store *s, const struct command *c, struct outcome *out);

/* The limits of a profile's texts, as the directory keeps them. */
enum {
    ACCOUNT_DISPLAY_NAME_BYTES = 256,
    ACCOUNT_BIO_BYTES = 2000,
    ACCOUNT_STATUS_EMOJI_BYTES = 64,
    ACCOUNT_STATUS_TEXT_BYTES = 400,
};

#endif
