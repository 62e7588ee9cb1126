/* account_internal.h - what the files behind account.h share: what the database knows of an account that somebody wants
 * into, looking at a password that is claimed to be its own, and the session at the end. On threads that may wait. */
#ifndef HUBBUB_ACCOUNT_ACCOUNT_INTERNAL_H
#define HUBBUB_ACCOUNT_ACCOUNT_INTERNAL_H

#include "account/account.h"
#include "account/attempts.h"
#include "account/password.h"
#include "chat/core/submission.h"
#include "rules/ban.h"
#include "store/people.h"

/* A copy of what signing in has to be checked against. Holds secrets: account_forget() at the end. */
struct account_known {
    int64_t id;
    char name[NAME_BYTES], fold[NAME_KEY_BYTES];
    bool is_banned;                     /* now */
    bool was_here;                      /* there is a session from the address that was asked about */
    char password[PASSWORD_HASH_BYTES]; /* "": none */
    uint8_t totp_secret[TOTP_SECRET_MAX];
    size_t totp_secret_len; /* 0: no second factor */
    int64_t totp_last;
};

/* By its fold (then it has a password), or by its id when that is not 0. ERR_NOT_FOUND. */
enum err account_look(struct chat *c, int64_t id, struct span fold, struct span address, struct account_known *out);
void account_forget(struct account_known *known);

/* Looks at a password, if it is not too soon for that. `known` NULL: there is no such account, which takes as long and
 * is wrong. `fold`: what the guess counts for. An old hash is renewed. OK: right, and *attempt is to be ended. ERR_WRONG_PASSWORD;
 * ERR_RATE_LIMITED with *retry_after_ms; ERR_OVERLOADED, ERR_MEMORY, ERR_SHUTTING_DOWN. */
enum err account_guess(struct chat *c, struct account_known *known, struct span fold, struct span address,
                       struct span password, struct attempt *attempt, int64_t *retry_after_ms);

/* The same for somebody who is signed in and has to show that it is still they: with their own account, as a whole. Not
 * by a token. ERR_UNAUTHORIZED, ERR_FORBIDDEN. */
enum err account_guess_own(struct chat *c, const struct caller *who, struct span password, struct account_known *known,
                           int64_t *retry_after_ms);

/* What was given as a second factor, and is used up by the session that it opens. */
struct account_second {
    int64_t step;     /* 0: none */
    uint8_t hash[32]; /* of a recovery code */
    bool is_recovery;
};

/* ERR_TOTP_REQUIRED: `code` is neither a code of the app, of a time step that was not used, nor like a recovery code.
 * Whether there is such a recovery code is found out by using it. */
enum err account_second_factor(const struct account_known *known, struct span code, int64_t now_s,
                               struct account_second *out);

/* Makes ACCOUNT_RECOVERY_CODES codes, each ended by a newline, and appends their hashes. */
void account_recovery_codes(const struct env *env, struct buf *codes, struct buf *hashes);

/* Opens a session. `second` and `password` (the hash that was compared with) may be NULL. ERR_TOTP_REQUIRED: it was
 * used before; ERR_WRONG_PASSWORD: it has been changed meanwhile; ERR_BANNED, ERR_STORAGE and the like. */
enum err account_start_session(struct chat *c, int64_t user_id, const struct account_form *form,
                               const struct account_second *second, const char *password, struct account_login *out);

/* Fills in what is known of every account that comes in. */
void account_fill_caller(struct caller *out, int64_t user_id, struct span address, int64_t known_ms);

#endif
