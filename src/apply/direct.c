/* Direct conversations: between the same people there is one, found again by its key, the ids in ascending order. */
#include "apply/apply_internal.h"
#include "apply/rights.h"
#include "rules/ban.h"
#include "store/moderation.h"

#include <stdlib.h>

size_t direct_people(const struct apply_room *r, int64_t ids[DIRECT_PEOPLE_MAX])
{
    size_t n = 0;
    for (char *at = r->direct_key; at && *at && n < DIRECT_PEOPLE_MAX; at += *at == ',')
        ids[n++] = strtoll(at, &at, 10);
    return n;
}

struct people {
    int64_t ids[FIELD_IDS_MAX + 1]; /* ascending, each once */
    size_t n;
};

static void insert(struct people *p, int64_t id)
{
    size_t at = p->n;
    while (at && p->ids[at - 1] > id)
        at--;
    if (at && p->ids[at - 1] == id)
        return;
    memmove(p->ids + at + 1, p->ids + at, (p->n - at) * sizeof *p->ids);
    p->ids[at] = id;
    p->n++;
}

/* Whether somebody can be asked into a conversation that is new. */
static enum err check_other(struct store *s, const struct command *c, int64_t id, struct outcome *out)
{
    struct account_row other;
    enum err e = id ? accounts_by_id(s, id, &other) : ERR_NOT_FOUND;
    if (!e && (other.kind != USER_ACCOUNT || ban_counts(&other, c->at_ms)))
        e = ERR_NOT_FOUND;
    if (e)
        return e == ERR_NOT_FOUND ? apply_refuse(out, e) : e;
    e = blocks_has(s, id, out->user_id);
    if (e == OK)
        return apply_refuse_because(out, ERR_FORBIDDEN, "One of these people has blocked you.");
    return e == ERR_NOT_FOUND ? OK : e;
}

/* It was there before: whoever opens it sees it again. */
static enum err open_again(struct store *s, int64_t room_id, struct outcome *out)
{
    struct membership_row membership;
    out->room_id = room_id;
    enum err e = memberships_get(s, room_id, out->user_id, &membership);
    if (e)
        return e;
    if (!membership.hidden)
        return apply_duplicate(out);
    membership.hidden = false;
    outcome_add(out, (struct effect){.kind = EFFECT_MEMBERSHIP, .room = room_id, .user = out->user_id});
    return memberships_set(s, &membership);
}

/* The others see it once something is said in it. */
static enum err add_people(struct store *s, const struct command *c, const struct people *p, int64_t room_id,
                           struct outcome *out)
{
    enum err e = OK;
    for (size_t i = 0; i < p->n && !e; i++) {
        struct membership_row membership = {.room_id = room_id,
                                            .user_id = p->ids[i],
                                            .role = ROOM_ROLE_MEMBER,
                                            .level = LEVEL_ALL,
                                            .joined_at = c->at_ms,
                                            .hidden = p->ids[i] != out->user_id};
        e = memberships_insert(s, &membership);
        outcome_add(out, (struct effect){.kind = EFFECT_JOINED, .room = room_id, .user = p->ids[i]});
    }
    return e;
}

static enum err make(struct apply *a, struct store *s, const struct command *c, const struct people *p,
                     struct span name, struct span key, struct outcome *out)
{
    struct room_more_row row = {.name = name,
                                .fold = name,
                                .created_at = c->at_ms,
                                .kind = ROOM_DIRECT,
                                .direct_key = key,
                                .created_by = out->user_id};
    for (size_t i = 0; i < p->n; i++) {
        enum err e = p->ids[i] == out->user_id ? OK : check_other(s, c, p->ids[i], out);
        if (e || out->result)
            return e;
    }
    if (rooms_more_insert(s, &row, &row.id))
        return ERR_STORAGE;
    apply_room_insert(a, &row);
    out->room_id = row.id;
    out->at = c->at_ms;
    out->created = true;
    outcome_add(out, (struct effect){.kind = EFFECT_ROOM_CREATED, .room = row.id});
    return add_people(s, c, p, row.id, out);
}

enum err direct_apply_open(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    static const char prefix[] = "#direct ";
    struct rights actor;
    struct people p = {.n = 0};
    int64_t room_id;
    enum err e = rights_check(a, s, c, REQUEST_OPEN_DIRECT, out, &actor, NULL, NULL);
    if (e || out->result)
        return e;
    if (!actor.user_id)
        return apply_refuse(out, ERR_FORBIDDEN); /* the command line talks to nobody */
    insert(&p, actor.user_id);
    for (size_t i = 0; i < c->f.id_count; i++)
        insert(&p, c->f.ids[i]);
    if (p.n > DIRECT_PEOPLE_MAX)
        return apply_refuse_because(out, ERR_INVALID, "A direct conversation can have at most 12 people.");

    /* No name that somebody can choose begins with #, so this one is never taken. */
    buf_clear(&a->data);
    buf_add_str(&a->data, prefix);
    for (size_t i = 0; i < p.n; i++) {
        if (i)
            buf_add_char(&a->data, ',');
        buf_add_i64(&a->data, p.ids[i]);
    }
    if (a->data.failed)
        return ERR_STORAGE;
    struct span name = buf_span(&a->data);
    struct span key = {name.p + sizeof prefix - 1, name.len - (sizeof prefix - 1)};
    e = rooms_by_direct_key(s, key, &room_id);
    if (!e)
        return open_again(s, room_id, out);
    return e == ERR_NOT_FOUND ? make(a, s, c, &p, name, key, out) : e;
}
