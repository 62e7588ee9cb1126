/* people.h - the place, and everybody in it: who they are, what they are called, whom they have blocked. Any
 * thread; see directory.h. */
#ifndef HUBBUB_DIRECTORY_PEOPLE_H
#define HUBBUB_DIRECTORY_PEOPLE_H

#include "base/buf.h"
#include "base/words.h"
#include "directory/directory.h"
#include "rules/rate.h"

/* A copy of what is known about a user. */
struct directory_user {
    int64_t id, avatar_version, banned_until, status_until;
    int64_t cookie_number; /* of a guest: which cookies are good */
    enum user_kind kind;
    enum role role;
    bool is_banned, ban_hides;
    char name[DIRECTORY_NAME_BYTES], display_name[DIRECTORY_NAME_BYTES];
    char status_emoji[DIRECTORY_EMOJI_BYTES], status_text[DIRECTORY_STATUS_BYTES];
};

bool directory_is_set_up(struct directory *d);
bool directory_requires_totp(struct directory *d);
/* The place's name; "" when none was chosen. */
void directory_place_name(struct directory *d, char out[DIRECTORY_NAME_BYTES]);

/* False: no such user. Visitors' rows are not kept here. */
bool directory_user(struct directory *d, int64_t id, struct directory_user *out);
/* By exact fold; 0: nobody. */
int64_t directory_user_by_fold(struct directory *d, struct span fold);
/* ROLE_VISITOR for whoever is not kept here. */
enum role directory_role(struct directory *d, int64_t user_id);
/* The display name, NUL-terminated; "" when there is none. */
void directory_display_name(struct directory *d, int64_t user_id, char out[DIRECTORY_NAME_BYTES]);
/* What an account is called, and the fold of that, both NUL-terminated. False: no account has this id. */
bool directory_account_name(struct directory *d, int64_t user_id, char name[NAME_BYTES], char fold[NAME_KEY_BYTES]);
/* Whether this is an admin or owner who lacks the second factor that the place requires of them. */
bool directory_lacks_totp(struct directory *d, int64_t user_id);
/* Whether a ban counts at this time; *until 0: for ever. */
bool directory_is_banned(struct directory *d, int64_t user_id, int64_t now_ms, int64_t *until);
/* Takes a token of the bucket that a user has for all connections and HTTP calls together, by the limit that belongs to
 * their role. As rate_take(); -1: nobody who is kept here. */
int64_t directory_take_token(struct directory *d, int64_t user_id, const struct rate_limit limits[ROLE_COUNT],
                             int64_t now_ns);
/* What has a limit a day, each user its own: rooms that they make, conversations that they open, rooms that others add
 * them to. Takes one of `limit`, which come back in the course of a day; false: there is none left. True for users who
 * are not kept here. */
bool directory_take_daily(struct directory *d, int64_t user_id, enum daily what, int64_t limit, int64_t now_ns);
/* The ids of all users of at least this role, appended as int64. */
void directory_users_of_role(struct directory *d, enum role least, struct buf *ids);
/* Whom a user has blocked, appended as int64. */
void directory_blocks_of(struct directory *d, int64_t user_id, struct buf *ids);

/* A page of people, by id: those after `after_id` in whose name or display name the fold is found (empty: in all), at
 * most max, appended as int64. `without_banned_at` not 0: nobody who is banned at that time. `to_add_to` not 0: only
 * accounts that are not members of this room. True: there are more. */
bool directory_find_people(struct directory *d, struct span fold, int64_t after_id, int64_t without_banned_at,
                           int64_t to_add_to, size_t max, struct buf *ids);

/* With whom a user has direct conversations, without those of whom one has blocked the other: ids in no order, some
 * twice, appended as int64. */
void directory_partners(struct directory *d, int64_t user_id, struct buf *ids);

/* Whether one of two people has blocked the other. Then neither is told whether the other is online: whatever tells of
 * that asks here, or directory_partners(). */
bool directory_is_apart(struct directory *d, int64_t a, int64_t b);
struct directory_apart {
    int64_t user_id, other_id;
};
/* The same for all of n users at once (ids that ascend): who is kept apart from whom of them, each pair both ways round,
 * some twice; appended as struct directory_apart. Takes as long as there are users, and blocks by them. */
void directory_find_apart(struct directory *d, const int64_t *ids, size_t n, struct buf *pairs);

#endif
