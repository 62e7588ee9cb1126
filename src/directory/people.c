/* The directory's people: who they are, what they are called. */
#include "directory/people.h"

#include "base/mem.h"
#include "base/sorted.h"
#include "directory/directory_internal.h"
#include "directory/load.h"
#include "rules/ban.h"
#include "store/moderation.h"

#include <stdlib.h>

enum { FIND_STEP = 512 }; /* people looked at before others get the lock */

/* Where the id is, or belongs, in the array of users. */
static size_t place_of(const struct directory *d, int64_t id)
{
    return sorted_place_of_pointer(d->users, d->user_count, id);
}

struct listed_user *directory_find_any_user(struct directory *d, int64_t id)
{
    struct listed_user *u;
    HASH_FIND(hh, d->users_by_id, &id, sizeof id, u);
    return u;
}

struct listed_user *directory_find_user(struct directory *d, int64_t id)
{
    struct listed_user *u = directory_find_any_user(d, id);
    return u && u->is_known ? u : NULL;
}

struct listed_user *directory_need_user(struct directory *d, int64_t id)
{
    struct listed_user *u = directory_find_any_user(d, id);
    if (u)
        return u;
    size_t at = place_of(d, id);
    u = mem_must_calloc(1, sizeof *u);
    u->id = id;
    u->name = u->fold = u->display_name = u->display_fold = u->status_emoji = u->status_text = "";
    d->users = directory_make_gap(d->users, d->user_count, &d->user_cap, sizeof(struct listed_user *), at);
    d->users[at] = u;
    d->user_count++;
    HASH_ADD(hh, d->users_by_id, id, sizeof u->id, u);
    return u;
}

/* ------------------------------------------------------------------ the writer's thread */

static void forget_fold(struct directory *d, struct listed_user *u)
{
    if (u->by_fold)
        HASH_DELETE(hh_fold, d->users_by_fold, u);
    u->by_fold = false;
}

void directory_take_user(struct directory *d, const struct account_row *row)
{
    char display_fold[NAME_KEY_BYTES] = "";
    if (row->display_name.len && name_fold(d->names, row->display_name, display_fold))
        display_fold[0] = 0; /* then it cannot be searched for */
    const struct span texts[] = {row->name,         row->fold,       row->display_name, span_of(display_fold),
                                 row->status_emoji, row->status_text};
    pthread_mutex_lock(&d->lock);
    struct listed_user *u = directory_need_user(d, row->id);
    forget_fold(d, u);
    char *old = u->texts;
    const char **const targets[] = {&u->name,         &u->fold,         &u->display_name,
                                    &u->display_fold, &u->status_emoji, &u->status_text};
    u->texts = directory_keep_texts(sizeof texts / sizeof *texts, texts, targets);
    u->kind = row->kind;
    u->role = row->role;
    u->avatar_version = row->avatar_version;
    u->cookie_number = row->cookie_number;
    u->status_until = row->status_until;
    u->is_banned = row->is_banned;
    u->banned_until = row->banned_until;
    u->ban_hides = row->ban_hides;
    u->has_totp = row->has_totp;
    u->is_known = true;
    u->by_fold = true;
    HASH_ADD_KEYPTR(hh_fold, d->users_by_fold, u->fold, strlen(u->fold), u);
    pthread_mutex_unlock(&d->lock);
    free(old);
}

static void forget_user(struct directory *d, int64_t id)
{
    pthread_mutex_lock(&d->lock);
    struct listed_user *u = directory_find_user(d, id);
    if (u) {
        forget_fold(d, u);
        u->is_known = false;
    }
    pthread_mutex_unlock(&d->lock);
}

enum err directory_load_user(struct directory *d, struct store *s, int64_t user_id)
{
    struct account_row row;
    enum err e = accounts_by_id(s, user_id, &row);
    if (e == ERR_NOT_FOUND || (!e && (row.kind == USER_VISITOR || row.kind == USER_SYSTEM))) {
        forget_user(d, user_id);
        return OK;
    }
    if (!e)
        directory_take_user(d, &row);
    return e;
}

/* ------------------------------------------------------------------ any thread */

bool directory_user(struct directory *d, int64_t id, struct directory_user *out)
{
    pthread_mutex_lock(&d->lock);
    const struct listed_user *u = directory_find_user(d, id);
    if (u) {
        out->id = u->id;
        out->avatar_version = u->avatar_version;
        out->cookie_number = u->cookie_number;
        out->banned_until = u->banned_until;
        out->status_until = u->status_until;
        out->kind = u->kind;
        out->role = u->role;
        out->is_banned = u->is_banned;
        out->ban_hides = u->ban_hides;
        directory_copy_text(out->name, sizeof out->name, u->name);
        directory_copy_text(out->display_name, sizeof out->display_name, u->display_name);
        directory_copy_text(out->status_emoji, sizeof out->status_emoji, u->status_emoji);
        directory_copy_text(out->status_text, sizeof out->status_text, u->status_text);
    }
    pthread_mutex_unlock(&d->lock);
    return u != NULL;
}

int64_t directory_user_by_fold(struct directory *d, struct span fold)
{
    struct listed_user *u;
    pthread_mutex_lock(&d->lock);
    HASH_FIND(hh_fold, d->users_by_fold, fold.p, fold.len, u);
    int64_t id = u ? u->id : 0;
    pthread_mutex_unlock(&d->lock);
    return id;
}

enum role directory_role(struct directory *d, int64_t user_id)
{
    pthread_mutex_lock(&d->lock);
    const struct listed_user *u = directory_find_user(d, user_id);
    enum role role = u ? u->role : ROLE_VISITOR;
    pthread_mutex_unlock(&d->lock);
    return role;
}

void directory_display_name(struct directory *d, int64_t user_id, char out[DIRECTORY_NAME_BYTES])
{
    out[0] = 0;
    pthread_mutex_lock(&d->lock);
    const struct listed_user *u = directory_find_user(d, user_id);
    if (u)
        directory_copy_text(out, DIRECTORY_NAME_BYTES, u->display_name);
    pthread_mutex_unlock(&d->lock);
}

bool directory_account_name(struct directory *d, int64_t user_id, char name[NAME_BYTES], char fold[NAME_KEY_BYTES])
{
    pthread_mutex_lock(&d->lock);
    const struct listed_user *u = directory_find_user(d, user_id);
    const bool is_account = u && u->kind == USER_ACCOUNT;
    if (is_account) {
        directory_copy_text(name, NAME_BYTES, u->name);
        directory_copy_text(fold, NAME_KEY_BYTES, u->fold);
    }
    pthread_mutex_unlock(&d->lock);
    return is_account;
}

bool directory_lacks_totp(struct directory *d, int64_t user_id)
{
    pthread_mutex_lock(&d->lock);
    const struct listed_user *u = directory_find_user(d, user_id);
    bool lacks = d->requires_totp && u && u->role >= ROLE_ADMIN && !u->has_totp;
    pthread_mutex_unlock(&d->lock);
    return lacks;
}

static bool is_banned_at(const struct listed_user *u, int64_t now_ms)
{
    return ban_is_in_force(u->is_banned, u->banned_until, now_ms);
}

bool directory_is_banned(struct directory *d, int64_t user_id, int64_t now_ms, int64_t *until)
{
    pthread_mutex_lock(&d->lock);
    const struct listed_user *u = directory_find_user(d, user_id);
    bool banned = u && is_banned_at(u, now_ms);
    if (banned)
        *until = u->banned_until;
    pthread_mutex_unlock(&d->lock);
    return banned;
}

bool directory_take_daily(struct directory *d, int64_t user_id, enum daily what, int64_t limit, int64_t now_ns)
{
    static const int64_t day_ns = INT64_C(24) * 3600 * 1000000000;
    pthread_mutex_lock(&d->lock);
    struct listed_user *u = directory_find_user(d, user_id);
    bool taken = !u || !rate_take_every(&u->daily[what], day_ns / limit, limit, now_ns);
    pthread_mutex_unlock(&d->lock);
    return taken;
}

int64_t directory_take_token(struct directory *d, int64_t user_id, const struct rate_limit limits[ROLE_COUNT],
                             int64_t now_ns)
{
    pthread_mutex_lock(&d->lock);
    struct listed_user *u = directory_find_user(d, user_id);
    int64_t wait_ns = u ? rate_take(&u->bucket, &limits[u->role], now_ns) : -1;
    pthread_mutex_unlock(&d->lock);
    return wait_ns;
}

void directory_users_of_role(struct directory *d, enum role least, struct buf *ids)
{
    pthread_mutex_lock(&d->lock);
    for (size_t i = 0; i < d->user_count; i++)
        if (d->users[i]->is_known && d->users[i]->role >= least)
            buf_add(ids, &d->users[i]->id, sizeof(int64_t));
    pthread_mutex_unlock(&d->lock);
}

static bool is_wanted(const struct listed_user *u, const char *fold, int64_t without_banned_at)
{
    return u->is_known && !(without_banned_at && is_banned_at(u, without_banned_at)) &&
           (strstr(u->fold, fold) || strstr(u->display_fold, fold));
}

static bool can_be_added(const struct listed_user *u, const struct listed_room *r)
{
    return u->kind == USER_ACCOUNT && !directory_find_membership(r, u->id);
}

bool directory_find_people(struct directory *d, struct span fold, int64_t after_id, int64_t without_banned_at,
                           int64_t to_add_to, size_t max, struct buf *ids)
{
    char wanted[NAME_KEY_BYTES];
    size_t found = 0;
    bool more = false, left = true;
    if (fold.len >= sizeof wanted)
        return false;
    if (fold.len)
        memcpy(wanted, fold.p, fold.len);
    wanted[fold.len] = 0;
    while (left && !more) {
        pthread_mutex_lock(&d->lock);
        const struct listed_room *r = to_add_to ? directory_find_room(d, to_add_to) : NULL;
        size_t i = place_of(d, after_id + 1), end = i + FIND_STEP;
        for (; i < end && i < d->user_count && !more; i++) {
            const struct listed_user *u = d->users[i];
            after_id = u->id;
            if (!is_wanted(u, wanted, without_banned_at) || (r && !can_be_added(u, r)))
                continue;
            more = found == max;
            if (!more) {
                buf_add(ids, &u->id, sizeof u->id);
                found++;
            }
        }
        left = i < d->user_count;
        pthread_mutex_unlock(&d->lock);
    }
    return more;
}
