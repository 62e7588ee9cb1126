/* directory_internal.h - the structs behind directory.h. All but `names` and `lock` is read and changed under the lock.
 *
 * Users and rooms stay where they are until the directory is closed, so that they can point to each other; who is gone
 * (or was only ever named by a membership) is marked as not known. */
#ifndef HUBBUB_DIRECTORY_DIRECTORY_INTERNAL_H
#define HUBBUB_DIRECTORY_DIRECTORY_INTERNAL_H

#include "base/buf.h"
#include "base/keyed_uthash.h"
#include "base/table.h"
#include "base/words.h"
#include "directory/directory.h"
#include "directory/numbers.h"
#include "store/membership.h"
#include "store/people.h"

#include <assert.h>
#include <pthread.h>

/* What few have set: the rest of a membership. */
struct membership_extras {
    int64_t muted_until, position;
    char section[];
};

/* In the room's array, so that a million of them is no more than their sum. */
struct membership {
    int64_t user_id;
    int64_t joined_seq, read_seq, read_number;
    struct membership_extras *extras; /* NULL: none of it is set */
    uint32_t own_after;               /* messages of one's own after read_number that are not deleted */
    uint16_t mentions;
    uint8_t role : 4, level : 2;
    bool hidden : 1, favourite : 1;
};
static_assert(sizeof(struct membership) == 48, "a million memberships are 48 MB");
static_assert(MEMBERSHIP_MENTIONS_MAX <= UINT16_MAX, "a membership counts its mentions in 16 bits");

/* What somebody whom others have blocked has said in a room: those others don't count it. */
struct shunned {
    int64_t author_id;
    struct numbers said; /* without what is in the room's `gone` */
};

struct listed_room {
    int64_t id, last_seq, archived_at, locked_at, slow_s, messages;
    enum room_kind kind;
    enum room_history history;
    char *texts; /* owns what the next three point to */
    const char *name, *fold, *topic;
    struct table_link by_name, by_fold;
    struct membership *members; /* by user id */
    size_t member_count, member_cap;
    int64_t *people; /* of a direct conversation */
    size_t people_count;
    int64_t reports;  /* that wait */
    int64_t requests; /* to join it, likewise */
    int64_t active_at;
    struct numbers gone;     /* of the messages that nobody can read: deleted, or hidden with their author's ban */
    struct shunned *shunned; /* by author */
    size_t shunned_count, shunned_cap;
    bool is_active;
    struct listed_room *next_active;
    UT_hash_handle hh;
};

struct listed_user {
    int64_t id, avatar_version, banned_until, status_until, cookie_number;
    _Atomic int64_t bucket, daily[DAILY_KINDS];
    enum user_kind kind;
    enum role role;
    bool is_known, is_banned, ban_hides, has_totp;
    bool by_fold;    /* is in users_by_fold */
    bool is_shunned; /* has been blocked by anyone since the start: what they say is kept in `shunned` */
    bool is_hidden;  /* what they say is in `gone` */
    char *texts;     /* owns what the next six point to */
    const char *name, *fold, *display_name, *display_fold, *status_emoji, *status_text;
    struct listed_room **rooms; /* by id */
    size_t room_count, room_cap;
    int64_t *blocked; /* by id */
    size_t blocked_count;
    UT_hash_handle hh, hh_fold;
};

struct directory {
    const struct name_rules *names;
    pthread_mutex_t lock;
    struct listed_user *users_by_id, *users_by_fold;
    struct listed_user **users; /* by id */
    size_t user_count, user_cap;
    struct listed_room *rooms_by_id;
    struct table rooms_by_name, rooms_by_fold; /* several may have the same */
    struct listed_room **rooms;                /* by id */
    size_t room_count, room_cap;
    struct listed_room *active;
    char place_name[DIRECTORY_NAME_BYTES];
    int64_t set_up_at;
    int64_t reports, requests; /* that wait, in all rooms */
    bool requires_totp;
};

/* Under the lock: NULL when there is none. */
struct listed_user *directory_find_user(struct directory *d, int64_t id); /* known ones only */
struct listed_room *directory_find_room(struct directory *d, int64_t id);
struct listed_user *directory_find_any_user(struct directory *d, int64_t id);
struct membership *directory_find_membership(const struct listed_room *r, int64_t user_id);
/* Where the user is, or belongs, in the room's array. */
size_t directory_membership_place(const struct listed_room *r, int64_t user_id);
bool directory_has_blocked(const struct listed_user *u, int64_t other_id); /* u NULL: no */
int64_t directory_count_unread(struct directory *d, const struct listed_room *r, const struct membership *m);
void directory_release_counts(struct listed_room *r);
/* How many requests to join the room wait for this user to answer them; 0 for whoever may not. */
int64_t directory_requests_for(struct directory *d, const struct listed_room *r, int64_t user_id);

/* Under the lock: by what the room is found, as its texts are now. Forget it before they change. */
void directory_index_names(struct directory *d, struct listed_room *r);
void directory_forget_names(struct directory *d, struct listed_room *r);

/* Under the lock: as directory_may_read(). */
enum err directory_check_read(const struct listed_room *r, int64_t user_id, enum user_kind kind, int64_t *floor_seq);

/* Under the lock, or before there are other threads: the user, made when it is not there. */
struct listed_user *directory_need_user(struct directory *d, int64_t id);

/* Rows, as they come in. They take the lock themselves. False: no such room here. */
void directory_take_user(struct directory *d, const struct account_row *row);
void directory_take_room(struct directory *d, const struct room_more_row *row);
bool directory_take_membership(struct directory *d, const struct membership_row *row);
void directory_take_gone(struct directory *d, int64_t room_id, int64_t number);
void directory_take_reports(struct directory *d, int64_t room_id, int64_t waiting);
/* True: it is another number than before. */
bool directory_take_requests(struct directory *d, int64_t room_id, int64_t waiting);

/* Copies as much as fits, NUL-terminated, whole characters only. */
void directory_copy_text(char *out, size_t size, const char *text);

/* Makes one block of n texts, each ended by NUL, and points the targets into it. */
char *directory_keep_texts(size_t n, const struct span texts[], const char **const targets[]);

/* Makes room for one more in an array sorted by id, at place `at`; the array may move. */
void *directory_make_gap(void *array, size_t count, size_t *cap, size_t size, size_t at);

#endif
