/* account.h - what the apply halves about people share, beside apply_internal.h. On the writer's thread. */
#ifndef HUBBUB_APPLY_ACCOUNT_H
#define HUBBUB_APPLY_ACCOUNT_H

#include "apply/apply_internal.h"

/* Whether a time that is given (0: never) is over when the command comes. */
static inline bool account_is_past(const struct command *c, enum field_number f)
{
    return c->f.n[f] != 0 && c->f.n[f] <= c->at_ms;
}

/* Writes into the audit what is no request of the protocol, as people have not signed in yet or type a secret:
 * "sign_up", "set_password" and the like; by the actor out->user_id, mostly about themselves. ERR_STORAGE. */
enum err account_audit(struct store *s, const struct command *c, const char *verb, const struct outcome *out,
                       int64_t about_id);

/* The actor of a command that only an account gives, about itself. Refuses others. ERR_STORAGE. */
enum err account_find(struct apply *a, struct store *s, const struct command *c, struct outcome *out,
                      struct account_row *row);

bool account_is_hash(struct span s);

/* The password that was looked at, which the field holds, may have been changed meanwhile: then whoever knew it came too
 * late and is refused. Without the field: OK. */
enum err account_check_password(struct store *s, const struct command *c, enum field_text f, int64_t user_id,
                                struct outcome *out);

/* Whether this session is one of the user's. */
enum err account_has_session(struct store *s, int64_t user_id, int64_t session_id, bool *has);

/* Ends all sessions of a user but keep_id (0: all). */
enum err account_end_sessions(struct store *s, int64_t user_id, int64_t keep_id, struct outcome *out);

/* Uses up the time step or the recovery code that a sign-in brings along: each lets in once. Refuses those that were used.
 * (totp.c) */
enum err totp_use(struct store *s, const struct command *c, const struct account_row *account, struct outcome *out);

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
