/* people.h - rows about people: accounts, how they sign in, what lets others sign up. Everything that store.h says
 * holds here too: one thread at a time per store, ERR_STORAGE from any function, borrowed text.
 *
 * Writing functions are called inside a transaction, by the apply halves only. Secrets are kept as their SHA-256. */
#ifndef HUBBUB_STORE_PEOPLE_H
#define HUBBUB_STORE_PEOPLE_H

#include "base/words.h"
#include "store/store.h"

/* ------------------------------------------------------------------ the place */

struct place_row {
    struct span name; /* empty: not chosen */
    int64_t set_up_at;
    bool require_totp;
};

/* The text is borrowed until the next call on this store, as with every look-up here. */
enum err place_get(struct store *s, struct place_row *out);
enum err place_set(struct store *s, const struct place_row *row);

/* ------------------------------------------------------------------ accounts: a user's further columns */

enum { SECRET_HASH_BYTES = 32, TOTP_SECRET_MAX = 32 };

struct account_row {
    int64_t id;
    enum user_kind kind;
    enum role role;
    struct span name, fold, display_name, bio, status_emoji, status_text;
    int64_t status_until, created_at;
    int64_t avatar_version; /* 0: no picture; else a number that no other picture of theirs has had */
    bool is_banned;         /* there is a row in bans; whether it still counts, `banned_until` says */
    int64_t banned_until;
    bool ban_hides;
    bool has_password, has_totp;
    int64_t cookie_number; /* of a guest: which cookies are good */
};

/* ERR_NOT_FOUND. */
enum err accounts_by_id(struct store *s, int64_t id, struct account_row *out);
/* All users but visitors, in id order, those with an id above after_id (-1: the system user too). */
enum err accounts_each(struct store *s, int64_t after_id, int64_t limit,
                       void (*row)(void *ctx, const struct account_row *), void *ctx);
enum err accounts_count_role(struct store *s, enum role role, int64_t *n); /* visitors are not counted */

/* What a sign-in has to be checked against. ERR_NOT_FOUND: nobody with this fold has a password. */
struct credentials_row {
    int64_t user_id;
    struct span password; /* as crypto_pwhash_str wrote it */
    uint8_t totp_secret[TOTP_SECRET_MAX];
    size_t totp_secret_len; /* 0: no second factor */
    int64_t totp_last;
};
enum err credentials_by_fold(struct store *s, struct span fold, struct credentials_row *out);
enum err credentials_by_id(struct store *s, int64_t user_id, struct credentials_row *out); /* also without a password */

/* Turns a guest (or makes, with users_insert(), a new user of kind USER_ACCOUNT) into an account. ERR_NOT_FOUND: no
 * guest or account has this id. */
enum err accounts_promote(struct store *s, int64_t id, enum role role, struct span password);
/* Makes all cookies of a guest worthless. ERR_NOT_FOUND: no guest has this id. */
enum err accounts_forget_cookies(struct store *s, int64_t id);
/* ERR_NOT_FOUND, each of them. */
enum err accounts_set_role(struct store *s, int64_t id, enum role role);
enum err accounts_set_password(struct store *s, int64_t id, struct span password);
enum err accounts_set_totp(struct store *s, int64_t id, struct span secret, int64_t last); /* empty: none */
/* Marks a time step as used. ERR_FORBIDDEN: this one or a later one has been, or there is no such user. */
enum err accounts_use_totp(struct store *s, int64_t id, int64_t step);
/* If the step that was used last is above `limit`, it becomes `last`. */
enum err accounts_lower_totp(struct store *s, int64_t id, int64_t limit, int64_t last);

struct profile_row {
    struct span display_name, bio, status_emoji, status_text;
    int64_t status_until;
};
enum err profiles_set(struct store *s, int64_t id, const struct profile_row *p); /* ERR_NOT_FOUND */
/* Empty bytes: no picture any more. The next one gets another version all the same. ERR_NOT_FOUND. */
enum err avatars_set(struct store *s, int64_t user_id, struct span type, struct span bytes);
enum err avatars_get(struct store *s, int64_t user_id, struct span *type, struct span *bytes); /* ERR_NOT_FOUND */

/* Replaces all of somebody's codes by hashes of SECRET_HASH_BYTES each, one after another. */
enum err recovery_codes_replace(struct store *s, int64_t user_id, struct span hashes);
enum err recovery_codes_use(struct store *s, int64_t user_id, struct span hash); /* ERR_NOT_FOUND */
enum err recovery_codes_count(struct store *s, int64_t user_id, int64_t *n);

/* ------------------------------------------------------------------ visitors who have left nothing behind */

/* Stands for those whose rows have been deleted; this user can do nothing and is in no list. */
enum { DELETED_GUEST_ID = -1 };
#define DELETED_GUEST_NAME "deleted guest"

/* The next `limit` users behind after_id, in id order. is_needed: not a visitor, or made at `made_before` or later, or not
 * all of their messages are deleted, or there is a row about them that would lose its meaning: a ban, a mute that is in
 * force at `at`, a block, a report of a message. Else `messages` counts theirs. */
enum err visitors_each(struct store *s, int64_t after_id, int64_t limit, int64_t made_before, int64_t at,
                       void (*row)(void *ctx, int64_t id, bool is_needed, int64_t messages), void *ctx);
/* Deletes one who is not needed. Messages and changes of theirs are by DELETED_GUEST_ID from then on, without client ids. */
enum err visitors_delete(struct store *s, int64_t id);

/* ------------------------------------------------------------------ sessions, tokens, resets */

struct session_row {
    int64_t id, user_id;
    struct span hash, device, address;
    int64_t created_at, seen_at, expires_at;
};

/* Also removes what the same user has had that is expired at row->created_at. ERR_ID_REUSED: the hash is there. */
enum err sessions_insert(struct store *s, const struct session_row *row, int64_t *id);
enum err sessions_by_hash(struct store *s, struct span hash, struct session_row *out); /* ERR_NOT_FOUND */
/* ERR_NOT_FOUND: it has been ended. */
enum err sessions_touch(struct store *s, int64_t id, int64_t seen_at, int64_t expires_at, struct span address);
/* Ends one of somebody's sessions: ERR_NOT_FOUND when it is not theirs. */
enum err sessions_delete(struct store *s, int64_t user_id, int64_t id);
enum err sessions_delete_others(struct store *s, int64_t user_id, int64_t keep_id); /* keep 0: all */
/* In id order, expired ones too. */
enum err sessions_each(struct store *s, int64_t user_id, void (*row)(void *ctx, const struct session_row *), void *ctx);

struct token_row {
    int64_t id, user_id;
    struct span name, hash;
    enum scope scope;
    int64_t created_at, expires_at; /* 0: never */
};

/* ERR_ID_REUSED: the hash is there. */
enum err tokens_insert(struct store *s, const struct token_row *row, int64_t *id);
enum err tokens_by_hash(struct store *s, struct span hash, struct token_row *out); /* ERR_NOT_FOUND */
/* Revokes one of somebody's tokens, or all. The hash is kept for TOKEN_REVOKED_DAYS, so that whoever still has the token
 * can be told. ERR_NOT_FOUND: there is no such one. */
enum { TOKEN_REVOKED_DAYS = 90 };
enum err tokens_delete(struct store *s, int64_t user_id, int64_t id, int64_t now_ms);
enum err tokens_delete_user(struct store *s, int64_t user_id, int64_t now_ms);
enum err tokens_is_revoked(struct store *s, struct span hash); /* ERR_NOT_FOUND */
enum err tokens_each(struct store *s, int64_t user_id, void (*row)(void *ctx, const struct token_row *), void *ctx);
enum err tokens_count(struct store *s, int64_t user_id, int64_t *n);

struct reset_row {
    struct span hash;
    int64_t user_id, created_by, created_at, expires_at;
};

/* A new one takes the place of an older one of the same user. ERR_ID_REUSED: the hash is there, as somebody else's. */
enum err resets_insert(struct store *s, const struct reset_row *row);
enum err resets_by_hash(struct store *s, struct span hash, struct reset_row *out); /* ERR_NOT_FOUND */
enum err resets_delete_user(struct store *s, int64_t user_id);

/* ------------------------------------------------------------------ invitations */

struct invite_row {
    int64_t id;
    struct span code;
    int64_t created_by, created_at, expires_at, max_uses, uses, revoked_at;
    struct span label;           /* what it is for; empty: nothing was said */
    struct span created_by_name; /* invites_by_code and invites_each only */
};

/* rooms: n ids, a double one is fine. ERR_ID_REUSED: the code is there. */
enum err invites_insert(struct store *s, const struct invite_row *row, const int64_t *rooms, size_t n, int64_t *id);
enum err invites_by_code(struct store *s, struct span code, struct invite_row *out); /* ERR_NOT_FOUND */
enum err invites_use(struct store *s, int64_t id); /* counts one more use, whatever the limit; ERR_NOT_FOUND */
enum err invites_set_label(struct store *s, int64_t id, struct span label); /* ERR_NOT_FOUND */
enum err invites_revoke(struct store *s, int64_t id, int64_t at); /* ERR_NOT_FOUND: no such one, or revoked before */
/* Newest first, with id < before_id (0: from the newest on). */
enum err invites_each(struct store *s, int64_t before_id, int64_t limit,
                      void (*row)(void *ctx, const struct invite_row *), void *ctx);
enum err invites_rooms(struct store *s, int64_t id, void (*room)(void *ctx, int64_t room_id), void *ctx);

#endif
