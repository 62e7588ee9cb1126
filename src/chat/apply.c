#include "base/diag.h"
#include "base/mem.h"
#include "chat/apply_internal.h"
#include "chat/wire.h"
#include "proto/change.h"

#include <stdlib.h>

typedef enum err apply_fn(struct apply *a, struct store *s, const struct command *c, struct outcome *out);

static apply_fn *const verbs[COMMAND_KIND_END] = {
    [COMMAND_MESSAGE_SEND] = message_apply_send, [COMMAND_GUEST_REGISTER] = guest_apply_register,
    [COMMAND_GUEST_RENAME] = guest_apply_rename, [COMMAND_ROOM_ADD] = rooms_apply_add,
    [COMMAND_ROOM_RENAME] = rooms_apply_rename,  [COMMAND_ROOM_ARCHIVE] = rooms_apply_archive,
};

static char *copy(struct span s)
{
    char *p = mem_must_calloc(s.len + 1, 1);
    if (s.len)
        memcpy(p, s.p, s.len);
    return p;
}

struct apply_room *apply_room(struct apply *a, int64_t id)
{
    struct apply_room *r;
    HASH_FIND(hh, a->rooms, &id, sizeof id, r);
    return r;
}

struct apply_room *apply_room_insert(struct apply *a, const struct room_row *row)
{
    struct apply_room *r = mem_must_calloc(1, sizeof *r);
    r->id = row->id;
    r->last_seq = row->last_seq;
    r->archived_at = row->archived_at;
    r->created_at = row->created_at;
    r->name = copy(row->name);
    r->fold = copy(row->fold);
    HASH_ADD(hh, a->rooms, id, sizeof r->id, r);
    return r;
}

static void forget(struct apply *a)
{
    struct apply_room *r, *next;
    HASH_ITER(hh, a->rooms, r, next)
    {
        HASH_DEL(a->rooms, r);
        free(r->name);
        free(r->fold);
        free(r);
    }
    memset(a->known_users, 0, sizeof a->known_users);
}

static void insert_row(void *ctx, const struct room_row *row)
{
    apply_room_insert(ctx, row);
}

static enum err load(struct apply *a, struct store *s)
{
    forget(a);
    enum err e = rooms_each(s, insert_row, a);
    a->stale = e != OK;
    return e;
}

enum err apply_open(struct store *s, struct apply **out)
{
    struct apply *a = calloc(1, sizeof *a);
    if (!a)
        return ERR_MEMORY;
    enum err e = load(a, s);
    if (e) {
        apply_close(a);
        return e;
    }
    *out = a;
    return OK;
}

void apply_close(struct apply *a)
{
    if (!a)
        return;
    forget(a);
    buf_release(&a->json);
    free(a);
}

enum err apply_command(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    *out = (struct outcome){.room_id = c->room_id, .user_id = c->actor_id};
    if (a->stale) {
        enum err e = load(a, s);
        if (e)
            return ERR_STORAGE;
    }
    return verbs[c->kind](a, s, c, out);
}

enum err apply_before_commit(struct apply *a, struct store *s)
{
    for (struct apply_room *r = a->rooms; r; r = r->hh.next) {
        if (!r->dirty)
            continue;
        if (rooms_set_last_seq(s, r->id, r->last_seq))
            return ERR_STORAGE;
        r->dirty = false;
    }
    return OK;
}

void apply_after_commit(struct apply *a, bool stored)
{
    if (!stored)
        a->stale = true;
}

void apply_rooms_each(struct apply *a, void (*each)(void *ctx, const struct room_row *), void *ctx)
{
    for (struct apply_room *r = a->rooms; r; r = r->hh.next) {
        struct room_row row = {r->id, span_of(r->name), span_of(r->fold), r->last_seq, r->created_at, r->archived_at};
        each(ctx, &row);
    }
}

enum err apply_actor(struct apply *a, struct store *s, const struct command *c, bool make, int64_t *id)
{
    struct user_row row;
    enum err e;
    if (c->actor == COMMAND_ACTOR_SYSTEM) {
        *id = 0;
        return OK;
    }
    int64_t *known = &a->known_users[(uint64_t)c->actor_id % KNOWN_USERS];
    if (c->actor_id) {
        if (*known != c->actor_id) {
            if ((e = users_by_id(s, c->actor_id, &row)))
                return e == ERR_NOT_FOUND ? ERR_UNAUTHORIZED : e;
            *known = c->actor_id;
        }
        *id = c->actor_id;
        return OK;
    }
    e = users_by_key(s, c->actor_key, &row);
    if (!e)
        *id = row.id;
    if (e != ERR_NOT_FOUND || !make)
        return e;
    row = (struct user_row){.kind = USER_VISITOR, .name = c->actor_name, .fold = c->actor_fold, .created_at = c->at_ms};
    memcpy(row.key, c->actor_key, sizeof row.key);
    return users_insert(s, &row, id);
}

enum err apply_frame(struct apply *a, int64_t seq, struct outcome *out)
{
    out->event = wire_frame(&a->json, seq);
    return out->event ? OK : ERR_STORAGE;
}

enum err apply_change(struct apply *a, struct store *s, const struct command *c, struct apply_room *r,
                      enum change_kind kind, struct outcome *out)
{
    static const enum event_kind events[] = {
        [CHANGE_RENAMED] = EVENT_RENAMED, [CHANGE_ARCHIVED] = EVENT_ARCHIVED, [CHANGE_UNARCHIVED] = EVENT_UNARCHIVED};
    struct span name = kind == CHANGE_RENAMED ? c->name : (struct span){NULL, 0};
    struct change_row row = {
        .room_id = r->id, .seq = r->last_seq + 1, .actor_id = out->user_id, .at = c->at_ms, .kind = kind};
    buf_clear(&a->json);
    change_write(&a->json, name);
    row.data = buf_span(&a->json);
    enum err e = a->json.failed ? ERR_STORAGE : changes_insert(s, &row);
    if (e)
        return ERR_STORAGE;
    r->last_seq = row.seq;
    r->dirty = true;
    out->room_id = r->id;
    out->seq = row.seq;
    out->at = row.at;
    struct event event = {.kind = events[kind],
                          .room = r->id,
                          .seq = row.seq,
                          .at = row.at,
                          .author = {out->user_id, c->actor_name},
                          .name = name};
    buf_clear(&a->json);
    event_write(&a->json, &event);
    return apply_frame(a, row.seq, out);
}
