/* account.h - the way into an account: first owner, sign-up, sign-in, sessions, tokens, second factor, reset.
 *
 * Called by HTTP workers and the command line, never on a reactor or the writer, as all of it waits: for the slow hash,
 * for readers, for the log. Wrong guesses are slowed down by account and by address (attempts.h) and cost the same
 * whether the name exists or not. Secrets leave here once and are kept as their SHA-256. */
#ifndef HUBBUB_ACCOUNT_ACCOUNT_H
#define HUBBUB_ACCOUNT_ACCOUNT_H

#include "account/password.h"
#include "chat/core/core.h"
#include "rules/caller.h"

enum {
    ACCOUNT_TOKEN_BYTES = 64, /* text of a session's or access token, with NUL */
    ACCOUNT_SESSION_DAYS = 30,
    ACCOUNT_RESET_HOURS = 24,
    ACCOUNT_RECOVERY_CODES = 10,
    ACCOUNT_RECOVERY_CODE_BYTES = 12, /* "k7p2q-dx4vh" with NUL */
};

struct account_login {
    struct caller who;
    char token[ACCOUNT_TOKEN_BYTES]; /* a new session's, for the cookie; "" when there is none new */
};

/* What is typed; empty: not given. */
struct account_form {
    struct span name, display_name, password, place, invite, code; /* code: of the second factor, or a recovery code */
    struct span device;                                            /* the User-Agent */
    struct span address;                                           /* where from, as text */
};

/* What is wrong with one field of a form; all of it is constant. */
struct account_fault {
    const char *field; /* as the API calls it */
    enum err e;
    const char *why; /* NULL: the err's own sentence */
};
enum { ACCOUNT_FAULTS_MAX = 5 };

/* All that is wrong with a form for a new account (for the owner, while there is none), where the functions below stop at
 * the first fault. How many. That a name is taken is told only to those who may make an account. */
size_t account_faults(struct chat *c, const struct account_form *form, int64_t guest_id,
                      struct account_fault out[ACCOUNT_FAULTS_MAX]);

/* All that can be said of a setup before there is a password. ERR_FORBIDDEN: there is an owner. ERR_INVALID with *why. */
enum err account_may_set_up(struct chat *c, const struct account_form *form, const char **why);
/* Makes the owner and signs them in. Refusals as above. */
enum err account_set_up(struct chat *c, const struct account_form *form, struct account_login *out, const char **why);
/* By the settings, and an invitation where one is needed (ERR_NOT_FOUND: none such, used up, expired, revoked).
 * `guest_id` not 0: that guest becomes the account and keeps its messages. */
enum err account_sign_up(struct chat *c, const struct account_form *form, int64_t guest_id, struct account_login *out,
                         const char **why);
/* ERR_WRONG_PASSWORD, ERR_TOTP_REQUIRED, ERR_BANNED; ERR_RATE_LIMITED with *retry_after_ms. */
enum err account_sign_in(struct chat *c, const struct account_form *form, struct account_login *out,
                         int64_t *retry_after_ms);

/* Who a cookie's or bearer's token is. Renews the session when it has not been seen for an hour. ERR_UNAUTHORIZED,
 * ERR_BANNED. */
enum err account_by_session(struct chat *c, struct span token, struct span address, struct caller *out);
/* The same, and *why when it is ERR_UNAUTHORIZED: expired, revoked within TOKEN_REVOKED_DAYS, or not known. */
enum err account_by_token(struct chat *c, struct span token, struct caller *out, const char **why);
/* The person behind a proxy's header, which has signed them in: an account of that name, made when there is none
 * (without a password, unless nobody may sign up). ERR_INVALID with *why: no account can have that name;
 * ERR_NAME_TAKEN: a guest has it, or an account has one that looks like it; ERR_FORBIDDEN, ERR_BANNED. */
enum err account_by_proxy(struct chat *c, struct span name, struct span address, struct caller *out, const char **why);

/* A session in use is renewed: so long after it was last, with a request; and so long after that while it is connected, with
 * or without one. Not each time, as that is a commit. */
enum { ACCOUNT_RENEW_MS = 3600 * 1000, ACCOUNT_RENEW_LIVE_MS = 24 * 3600 * 1000 };
bool account_is_due(int64_t seen_ms, int64_t now_ms, int64_t every_ms);

/* That a session is in use at this time, by the wall's clock: its time to live begins anew. Nobody waits for it, so any
 * thread. ERR_OVERLOADED and the like: it was not proposed. */
enum err account_seen(struct chat *c, const struct caller *who, int64_t now_ms);

enum err account_sign_out(struct chat *c, const struct caller *who);
/* Ends the other sessions. ERR_WRONG_PASSWORD, ERR_INVALID with *why, ERR_RATE_LIMITED. */
enum err account_set_password(struct chat *c, const struct caller *who, struct span current, struct span wanted,
                              const char **why, int64_t *retry_after_ms);
/* Whose password a one-time link changes. ERR_NOT_FOUND: none such, used or expired; ERR_BANNED. */
enum err account_look_at_reset(struct chat *c, struct span code, char name[NAME_BYTES]);
/* With the code of a one-time link. ERR_NOT_FOUND: none such, used or expired. */
enum err account_use_reset(struct chat *c, struct span code, struct span wanted, struct span address, const char **why);

/* For what needs the password beside the session: the password as it is stored, which F_PROVEN says, so that it can be told
 * when it was changed meanwhile. Secret: the caller wipes it. Not by a token. ERR_UNAUTHORIZED, ERR_FORBIDDEN,
 * ERR_WRONG_PASSWORD, ERR_RATE_LIMITED with *retry_after_ms. */
enum err account_prove(struct chat *c, const struct caller *who, struct span password, char proven[PASSWORD_HASH_BYTES],
                       int64_t *retry_after_ms);

/* A new secret, in base32, and the otpauth: address for a QR code; nothing is stored. */
enum err account_totp_begin(struct chat *c, const struct caller *who, struct buf *secret, struct buf *uri);
/* Turns it on, with a code that shows that the app has the secret. `codes`: ACCOUNT_RECOVERY_CODES codes, each ended by
 * a newline. ERR_TOTP_REQUIRED: wrong code; ERR_WRONG_PASSWORD; ERR_RATE_LIMITED with *retry_after_ms. */
enum err account_totp_confirm(struct chat *c, const struct caller *who, struct span password, struct span secret,
                              struct span code, struct buf *codes, int64_t *retry_after_ms);
/* ERR_FORBIDDEN with *why: this place wants it of its admins. ERR_WRONG_PASSWORD, ERR_RATE_LIMITED. */
enum err account_totp_stop(struct chat *c, const struct caller *who, struct span password, const char **why,
                           int64_t *retry_after_ms);

/* For the command line: takes the second factor, and its recovery codes, from whoever has lost it. ERR_NOT_FOUND: there
 * is no user of that name; or, with *why, nothing to take away. */
enum err account_totp_take_away(struct chat *c, struct span name, const char **why);

/* Lets a caller in on a live connection. The caller of this owns a reference to the person. */
enum err account_enter(struct chat *c, const struct caller *who, struct person **out);

#endif
