#include "apply/apply_internal.h"
#include "apply/rights.h"
#include "base/mem.h"
#include "proto/change.h"
#include "rules/wire.h"
#include "store/moderation.h"

#include <assert.h>
#include <stdlib.h>

#define COMMAND(kind, number, apply, ...) [number] = apply,
static apply_fn *const verbs[COMMAND_KIND_END] = {
#include "proto/verbs.def"
};

/* ------------------------------------------------------------------ the rooms */

struct apply_room *apply_room(struct apply *a, int64_t id)
{
    struct apply_room *r;
    HASH_FIND(hh, a->rooms, &id, sizeof id, r);
    return r;
}

struct apply_room *apply_room_insert(struct apply *a, const struct room_more_row *row)
{
    struct apply_room *r = mem_must_calloc(1, sizeof *r);
    r->id = row->id;
    r->last_seq = row->last_seq;
    r->archived_at = row->archived_at;
    r->created_at = row->created_at;
    r->messages = row->messages;
    r->slow_s = row->slow_s;
    r->locked_at = row->locked_at;
    r->kind = row->kind;
    r->history = row->history;
    r->maybe_hidden = row->kind == ROOM_DIRECT;
    r->direct_key = row->kind == ROOM_DIRECT ? mem_must_copy(row->direct_key) : NULL;
    HASH_ADD(hh, a->rooms, id, sizeof r->id, r);
    return r;
}

static void insert_row(void *ctx, const struct room_more_row *row)
{
    apply_room_insert(ctx, row);
}

/* ------------------------------------------------------------------ life */

static void forget(struct apply *a)
{
    struct apply_room *r, *next_room;
    HASH_ITER(hh, a->rooms, r, next_room)
    {
        HASH_DEL(a->rooms, r); /* NOLINT(clang-analyzer-unix.Malloc): uthash took out what is freed */
        free(r->direct_key);
        free(r);
    }
    read_positions_forget(a);
}

static enum err load(struct apply *a, struct store *s)
{
    forget(a);
    rights_forget(a);
    enum err e = rooms_more_each(s, insert_row, a);
    a->stale = e != OK;
    return e;
}

enum err apply_open(struct store *s, struct apply **out)
{
    struct apply *a = calloc(1, sizeof *a);
    if (a)
        a->known = calloc(KNOWN_RIGHTS, sizeof *a->known);
    enum err e = a && a->known ? load(a, s) : ERR_MEMORY;
    if (e)
        apply_close(a);
    else
        *out = a;
    return e;
}

void apply_close(struct apply *a)
{
    if (!a)
        return;
    forget(a);
    free(a->known);
    buf_release(&a->json);
    buf_release(&a->data);
    buf_release(&a->texts);
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
    enum err e = !command_is(c->kind, COMMAND_KEEPS_RIGHTS) ? read_positions_settle(a, s) : OK;
    if (!e && !command_is(c->kind, COMMAND_KEEPS_RIGHTS))
        read_positions_forget(a);
    if (!e)
        e = verbs[c->kind](a, s, c, out);
    if (e) {
        outcome_clear(out);
        return ERR_STORAGE;
    }
    if (!out->result && !out->duplicate && !command_is(c->kind, COMMAND_KEEPS_RIGHTS))
        rights_forget(a);
    return OK;
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
    if (read_positions_settle(a, s))
        return ERR_STORAGE;
    read_positions_trim(a);
    return OK;
}

void apply_after_commit(struct apply *a, bool stored)
{
    if (!stored)
        a->stale = true;
}

/* ------------------------------------------------------------------ what the verbs share */

static struct event_user named(const struct account_row *user)
{
    return (struct event_user){user->id, user->name, user->display_name};
}

/* The names of change->user are borrowed until the next call on the store. */
static struct event event_of(const struct command *c, const struct apply_room *r, const struct apply_change *change,
                             const struct outcome *out)
{
    struct event event = {.kind = change->kind,
                          .room = r->id,
                          .seq = r->last_seq + 1,
                          .at = c->at_ms,
                          .author = {out->user_id, c->actor_name, c->actor_display},
                          .target = change->target_seq,
                          .name = change->name,
                          .data = change->data};
    if (change->user && change->user->id == out->user_id)
        event.author = named(change->user);
    else if (change->user)
        event.user = named(change->user);
    return event;
}

enum err apply_change(struct apply *a, struct store *s, const struct command *c, struct apply_room *r,
                      const struct apply_change *change, struct outcome *out)
{
    const struct event event = event_of(c, r, change, out);
    buf_clear(&a->json);
    event_write(&a->json, &event);
    struct frame *f = wire_frame(&a->json, event.seq);
    buf_clear(&a->json);
    change_write(&a->json, &event);
    const struct change_row row = {.room_id = r->id,
                                   .seq = event.seq,
                                   .target_seq = event.target,
                                   .actor_id = out->user_id,
                                   .at = event.at,
                                   .kind = event.kind,
                                   .data = buf_span(&a->json)};
    if (!f || a->json.failed || changes_insert(s, &row)) {
        frame_release(f);
        return ERR_STORAGE;
    }
    r->last_seq = row.seq;
    r->dirty = true;
    out->room_id = r->id;
    out->seq = row.seq;
    out->at = row.at;
    outcome_add(out, (struct effect){.kind = EFFECT_EVENT, .room = r->id, .seq = row.seq, .frame = f});
    return OK;
}

enum err apply_audit(struct apply *a, struct store *s, const struct command *c, enum request_type verb,
                     const struct outcome *out, int64_t user_id, int64_t room_id, int64_t seq, struct span detail)
{
    (void)a;
    struct audit_row row = {.at = c->at_ms,
                            .actor_id = out->user_id,
                            .user_id = user_id,
                            .room_id = room_id,
                            .seq = seq,
                            .verb = span_of(request_name(verb)),
                            .address = c->f.t[F_ADDRESS],
                            .detail = detail.len ? detail : span_of("{}")};
    return audit_insert(s, &row);
}

enum err apply_join(struct apply *a, struct store *s, const struct command *c, struct apply_room *r, int64_t user_id,
                    enum room_role role, struct outcome *out)
{
    struct membership_row membership;
    struct account_row user;
    enum err e = memberships_get(s, r->id, user_id, &membership);
    if (e != ERR_NOT_FOUND)
        return e;
    const enum err asked = join_requests_delete(s, r->id, user_id);
    if (asked && asked != ERR_NOT_FOUND)
        return asked;
    if ((e = accounts_by_id(s, user_id, &user)))
        return e;
    struct apply_change change = {.kind = user_id == out->user_id ? EVENT_JOINED : EVENT_ADDED, .user = &user};
    if ((e = apply_change(a, s, c, r, &change, out)))
        return e;
    membership = (struct membership_row){.room_id = r->id,
                                         .user_id = user_id,
                                         .role = role,
                                         .level = LEVEL_ALL,
                                         .joined_at = c->at_ms,
                                         .joined_seq = r->last_seq,
                                         .read_seq = r->last_seq};
    if ((e = memberships_insert(s, &membership)))
        return e;
    outcome_add(out, (struct effect){.kind = EFFECT_JOINED, .room = r->id, .user = user_id});
    if (!asked)
        outcome_add(out, (struct effect){.kind = EFFECT_REQUESTED, .room = r->id});
    return OK;
}
