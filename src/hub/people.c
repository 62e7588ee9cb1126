/* The people who are connected: one struct per identity, found by user id and by folded name; and who of them is in
 * which room. */
#include "base/mem.h"
#include "hub/hub_internal.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
    PRESENCE_WALK_MAX = 1000, /* members looked at under the mutex; with more of them (many tabs) presence is a count */
    STATES_STEP = 128,        /* people looked up before others get the mutex */
};

static struct person_index *find_fold(struct hub *h, struct span fold)
{
    for (struct table_link *l = table_find(&h->people_by_fold, table_hash(fold)); l; l = table_next(l)) {
        struct person_index *x = table_owner(l, struct person_index, by_fold);
        if (span_equal(span_of(x->fold), fold))
            return x;
    }
    return NULL;
}

struct person_index *hub_find_person(struct hub *h, int64_t user_id)
{
    struct table_link *l = table_find(&h->people_by_id, (uint64_t)user_id);
    return l ? table_owner(l, struct person_index, by_id) : NULL;
}

/* Under the mutex. */
static void note_id(struct hub *h, int64_t user_id)
{
    if (h->changed_len == h->changed_cap) {
        h->changed_cap = h->changed_cap ? h->changed_cap * 2 : 64;
        h->changed_people = mem_must_resize(h->changed_people, h->changed_cap, sizeof *h->changed_people);
    }
    h->changed_people[h->changed_len++] = user_id;
}

/* Under the mutex. */
static void note_account(struct hub *h, struct person *p)
{
    if (p->is_changed || atomic_load(&p->kind) != PERSON_ACCOUNT)
        return;
    p->is_changed = true;
    note_id(h, atomic_load(&p->user_id));
}

static struct person *person_make(const struct hub_entrant *who)
{
    size_t size = offsetof(struct person, first_name) + who->name.len + 1;
    struct person *p = mem_must_calloc(1, size > sizeof *p ? size : sizeof *p);
    p->refs = 1;
    atomic_init(&p->kind, (uint8_t)who->kind);
    atomic_init(&p->user_id, who->user_id);
    memcpy(p->key, who->key, sizeof p->key);
    memcpy(p->first_name, who->name.p, who->name.len);
    p->name = p->first_name;
    return p;
}

static struct person_index *index_make(struct person *p, struct span fold)
{
    size_t size = offsetof(struct person_index, first_fold) + fold.len + 1;
    struct person_index *x = mem_must_calloc(1, size > sizeof *x ? size : sizeof *x);
    memcpy(x->first_fold, fold.p, fold.len);
    x->fold = x->first_fold;
    x->person = p;
    return x;
}

static void index_free(struct person_index *x)
{
    if (x && x->fold != x->first_fold)
        free(x->fold);
    free(x);
}

/* Under the mutex. */
static void index_fold(struct hub *h, struct person_index *x, char *fold)
{
    x->fold = fold;
    x->has_fold = !find_fold(h, span_of(fold)); /* a visitor of that look may have been here before the guest was */
    if (x->has_fold)
        table_add(&h->people_by_fold, &x->by_fold, table_hash(span_of(fold)));
}

static void unindex_fold(struct hub *h, struct person_index *x)
{
    if (x->has_fold)
        table_remove(&h->people_by_fold, &x->by_fold);
    x->has_fold = false;
}

enum err hub_enter(struct hub *h, const struct hub_entrant *who, struct person **out)
{
    enum err e = OK;
    struct person_index *found = NULL;
    struct person *p = NULL;
    pthread_mutex_lock(&h->lock);
    if (who->user_id && (found = hub_find_person(h, who->user_id))) {
        p = found->person;
        p->refs++;
        if (who->kind == PERSON_ACCOUNT && atomic_exchange(&p->kind, PERSON_ACCOUNT) != PERSON_ACCOUNT)
            note_account(h, p);
    } else if (who->kind == PERSON_VISITOR && !who->made_up && find_fold(h, who->fold)) {
        e = ERR_NAME_TAKEN;
    } else {
        p = person_make(who);
        if (!who->made_up) {
            struct person_index *x = p->index = index_make(p, who->fold);
            index_fold(h, x, x->first_fold);
            x->has_id = who->user_id != 0;
            if (x->has_id)
                table_add(&h->people_by_id, &x->by_id, (uint64_t)who->user_id);
        }
        note_account(h, p);
    }
    pthread_mutex_unlock(&h->lock);
    if (!e)
        *out = p;
    return e;
}

void hub_person_release(struct hub *h, struct person *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&h->lock);
    bool last = --p->refs == 0;
    if (last)
        note_account(h, p);
    if (last && p->index) {
        unindex_fold(h, p->index);
        if (p->index->has_id)
            table_remove(&h->people_by_id, &p->index->by_id);
    }
    pthread_mutex_unlock(&h->lock);
    if (!last)
        return;
    index_free(p->index);
    if (p->name != p->first_name)
        free(p->name);
    free(p);
}

bool hub_name_in_use(struct hub *h, struct span fold, int64_t except_id)
{
    pthread_mutex_lock(&h->lock);
    struct person_index *found = find_fold(h, fold);
    bool in_use = found && (!except_id || (int64_t)found->by_id.key != except_id);
    pthread_mutex_unlock(&h->lock);
    return in_use;
}

static void person_presence_changed(struct hub *h, const struct person *p)
{
    for (const struct member *m = p->members; m; m = m->person_next)
        hub_room_presence_changed(h, m->at->room);
}

void hub_rename(struct hub *h, int64_t user_id, struct span name, struct span fold)
{
    char *new_name = mem_must_copy(name), *new_fold = mem_must_copy(fold);
    pthread_mutex_lock(&h->lock);
    struct person_index *x = hub_find_person(h, user_id);
    if (x) {
        struct person *p = x->person;
        char *old_name = p->name == p->first_name ? NULL : p->name,
             *old_fold = x->fold == x->first_fold ? NULL : x->fold;
        unindex_fold(h, x);
        p->name = new_name;
        index_fold(h, x, new_fold);
        person_presence_changed(h, p);
        new_name = old_name;
        new_fold = old_fold;
    }
    pthread_mutex_unlock(&h->lock);
    free(new_name);
    free(new_fold);
}

size_t hub_person_name(struct hub *h, const struct person *p, char out[HUB_NAME_BYTES])
{
    pthread_mutex_lock(&h->lock);
    size_t len = hub_clip_name(p->name, out);
    pthread_mutex_unlock(&h->lock);
    return len;
}

void hub_person_set_id(struct hub *h, struct person *p, int64_t user_id)
{
    pthread_mutex_lock(&h->lock);
    if (!p->index)
        p->index = index_make(p, (struct span){"", 0});
    if (p->index->has_id)
        table_remove(&h->people_by_id, &p->index->by_id);
    p->index->has_id = true;
    table_add(&h->people_by_id, &p->index->by_id, (uint64_t)user_id);
    atomic_store(&p->user_id, user_id);
    person_presence_changed(h, p);
    pthread_mutex_unlock(&h->lock);
}

void hub_person_active(struct hub *h, struct person *p, int change)
{
    pthread_mutex_lock(&h->lock);
    bool was = p->active > 0;
    p->active += change;
    if (was != (p->active > 0)) {
        person_presence_changed(h, p);
        note_account(h, p);
    }
    pthread_mutex_unlock(&h->lock);
}

void hub_states(struct hub *h, const int64_t *ids, size_t n, uint8_t *states)
{
    for (size_t at = 0; at < n;) {
        size_t end = n - at > STATES_STEP ? at + STATES_STEP : n;
        pthread_mutex_lock(&h->lock);
        for (; at < end; at++) {
            const struct person_index *x = ids[at] ? hub_find_person(h, ids[at]) : NULL;
            states[at] = !x ? PERSON_OFFLINE : x->person->active > 0 ? PERSON_ACTIVE : PERSON_AWAY;
        }
        pthread_mutex_unlock(&h->lock);
    }
}

void hub_take_changed_people(struct hub *h, struct buf *ids)
{
    pthread_mutex_lock(&h->lock);
    int64_t *changed = h->changed_people;
    size_t n = h->changed_len;
    h->changed_people = NULL;
    h->changed_len = h->changed_cap = 0;
    pthread_mutex_unlock(&h->lock);
    /* Who changes before they are marked as taken is looked up after that. */
    for (size_t at = 0; at < n;) {
        size_t end = n - at > STATES_STEP ? at + STATES_STEP : n;
        pthread_mutex_lock(&h->lock);
        for (; at < end; at++) {
            const struct person_index *x = hub_find_person(h, changed[at]);
            if (x)
                x->person->is_changed = false;
        }
        pthread_mutex_unlock(&h->lock);
    }
    if (n)
        buf_add(ids, changed, n * sizeof *changed);
    free(changed);
}

void hub_note_person(struct hub *h, int64_t user_id)
{
    pthread_mutex_lock(&h->lock);
    note_id(h, user_id);
    pthread_mutex_unlock(&h->lock);
}

void hub_note_room(struct hub *h, int64_t room_id)
{
    pthread_mutex_lock(&h->lock);
    struct room *r = hub_find_room(h, room_id);
    if (r && r->member_count)
        hub_room_presence_changed(h, r);
    pthread_mutex_unlock(&h->lock);
}

void hub_room_presence_changed(struct hub *h, struct room *r)
{
    if (r->presence_changed)
        return;
    r->presence_changed = true;
    r->presence_next = h->presence_changed;
    h->presence_changed = r;
}

/* Under the mutex: each person in the room once; how many. */
static size_t list_people(struct hub *h, const struct room *r, struct presence_person *out)
{
    size_t n = 0;
    uint32_t mark = ++h->marks;
    for (int i = 0; i < h->shard_count; i++) {
        const struct shard_room *sr = &r->shards[i];
        for (uint32_t j = 0; j < sr->len && n < HUB_PRESENCE_LIST_MAX; j++) {
            struct person *p = sr->members[j]->person;
            if (p->mark == mark)
                continue;
            p->mark = mark;
            out[n].user_id = atomic_load(&p->user_id);
            out[n].active = p->active > 0;
            out[n].is_account = atomic_load(&p->kind) == PERSON_ACCOUNT;
            hub_clip_name(p->name, out[n].name);
            n++;
        }
    }
    return n;
}

/* Under the mutex, which it gives up while it calls `tell`. `people` is room for a list, made when first needed. */
static void tell_presence(struct hub *h, struct room *r, struct presence_person **people, hub_presence_fn *tell,
                          void *ctx)
{
    size_t count = r->people_count;
    bool list = count <= HUB_PRESENCE_LIST_MAX && r->member_count <= PRESENCE_WALK_MAX;
    if (list && !*people)
        *people = mem_must_calloc(HUB_PRESENCE_LIST_MAX, sizeof **people);
    if (list)
        count = list_people(h, r, *people);
    pthread_mutex_unlock(&h->lock);
    tell(ctx, r, count, list ? *people : NULL);
    pthread_mutex_lock(&h->lock);
}

void hub_presence_changes(struct hub *h, hub_presence_fn *changed, void *ctx)
{
    struct presence_person *people = NULL;
    pthread_mutex_lock(&h->lock);
    struct room *r = h->presence_changed;
    h->presence_changed = NULL;
    while (r) {
        struct room *next = r->presence_next;
        r->presence_changed = false;
        tell_presence(h, r, &people, changed, ctx);
        r = next;
    }
    pthread_mutex_unlock(&h->lock);
    free(people);
}

void hub_presence(struct hub *h, struct room *r, hub_presence_fn *show, void *ctx)
{
    struct presence_person *people = NULL;
    pthread_mutex_lock(&h->lock);
    tell_presence(h, r, &people, show, ctx);
    pthread_mutex_unlock(&h->lock);
    free(people);
}
