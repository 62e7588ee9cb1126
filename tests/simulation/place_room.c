/* Rooms: made, changed, and found again when they are direct conversations. */
#include "base/buf.h"
#include "place_rules.h"
#include "proto/change.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ making and changing */

struct place_room *rule_new_room(struct deed *d)
{
    int64_t id = 1;
    while (id < PLACE_ROOMS_MAX && d->p->rooms[id].exists)
        id++;
    if (id == PLACE_ROOMS_MAX)
        abort(); /* nobody here makes so many */
    d->p->rooms[id] = (struct place_room){.exists = true, .created_by = d->v->user, .created_at = d->c->at_ms};
    d->v->room = id;
    rule_touch(d, &d->p->rooms[id]);
    return &d->p->rooms[id];
}

/* Of the rooms that are not closed no two look alike. */
static bool is_taken(const struct deed *d, const char *fold, const struct place_room *but)
{
    for (int64_t id = 1; id < PLACE_ROOMS_MAX; id++) {
        const struct place_room *r = &d->p->rooms[id];
        if (r->exists && r != but && r->kind != ROOM_CLOSED && strcmp(r->fold, fold) == 0)
            return true;
    }
    return false;
}

enum err rule_create_room(struct deed *d)
{
    const struct fields *f = &d->c->f;
    char fold[PLACE_FOLD_BYTES];
    enum err e = rule_check(d, REQUEST_CREATE_ROOM, NULL, NULL);
    if (e)
        return e;
    if (f->n[F_KIND] == ROOM_DIRECT)
        return ERR_INVALID;
    rule_copy(fold, sizeof fold, d->c->fold);
    if (f->n[F_KIND] != ROOM_CLOSED && is_taken(d, fold, NULL))
        return ERR_NAME_TAKEN;
    struct place_room *r = rule_new_room(d);
    r->kind = (enum room_kind)f->n[F_KIND];
    r->history = (enum room_history)f->n[F_HISTORY];
    rule_copy(r->name, sizeof r->name, d->c->name);
    rule_copy(r->fold, sizeof r->fold, d->c->fold);
    rule_copy(r->topic, sizeof r->topic, f->t[F_TOPIC]);
    rule_copy(r->description, sizeof r->description, f->t[F_DESCRIPTION]);
    if (d->v->user)
        rule_join(d, r, d->v->user, ROOM_ROLE_MODERATOR);
    rule_audit_request(d, REQUEST_CREATE_ROOM, 0, d->v->room, 0);
    return OK;
}

/* A direct conversation has no name and no settings. */
static enum err check(struct deed *d, enum request_type verb, struct place_room **r)
{
    enum err e = rule_check(d, verb, r, NULL);
    return !e && (*r)->kind == ROOM_DIRECT ? ERR_FORBIDDEN : e;
}

static void be_changed(struct deed *d, enum request_type verb, struct place_room *r, enum event_kind kind,
                       const char *text)
{
    rule_change(d, r, kind, text);
    rule_audit_request(d, verb, 0, d->v->room, d->v->seq);
}

enum err rule_rename_room(struct deed *d)
{
    struct place_room *r;
    char name[PLACE_NAME_BYTES], fold[PLACE_FOLD_BYTES];
    enum err e = check(d, REQUEST_RENAME_ROOM, &r);
    if (e)
        return e;
    rule_copy(name, sizeof name, d->c->name);
    rule_copy(fold, sizeof fold, d->c->fold);
    d->v->is_duplicate = strcmp(name, r->name) == 0;
    if (d->v->is_duplicate)
        return OK;
    if (r->kind != ROOM_CLOSED && is_taken(d, fold, r))
        return ERR_NAME_TAKEN;
    rule_copy(r->name, sizeof r->name, d->c->name);
    rule_copy(r->fold, sizeof r->fold, d->c->fold);
    be_changed(d, REQUEST_RENAME_ROOM, r, EVENT_RENAMED, name);
    return OK;
}

enum err rule_archive_room(struct deed *d)
{
    struct place_room *r;
    bool wanted = d->c->f.n[F_ARCHIVED] != 0;
    enum err e = check(d, REQUEST_ARCHIVE_ROOM, &r);
    if (e)
        return e;
    d->v->is_duplicate = r->archived == wanted;
    if (d->v->is_duplicate)
        return OK;
    r->archived = wanted;
    be_changed(d, REQUEST_ARCHIVE_ROOM, r, wanted ? EVENT_ARCHIVED : EVENT_UNARCHIVED, "");
    return OK;
}

static void edit_text(const struct fields *f, enum field_text i, char now[PLACE_TEXT_BYTES], struct fields *different)
{
    if (!fields_has_text(f, i) || span_equal(span_of(now), f->t[i]))
        return;
    fields_set_text(different, i, f->t[i]);
}

static void edit_number(const struct fields *f, enum field_number i, int64_t now, struct fields *different)
{
    if (fields_has(f, i) && f->n[i] != now)
        fields_set(different, i, f->n[i]);
}

static void take_edits(struct place_room *r, const struct fields *f)
{
    if (fields_has_text(f, F_TOPIC))
        rule_copy(r->topic, sizeof r->topic, f->t[F_TOPIC]);
    if (fields_has_text(f, F_DESCRIPTION))
        rule_copy(r->description, sizeof r->description, f->t[F_DESCRIPTION]);
    if (fields_has(f, F_KIND))
        r->kind = (enum room_kind)f->n[F_KIND];
    if (fields_has(f, F_HISTORY))
        r->history = (enum room_history)f->n[F_HISTORY];
    if (fields_has(f, F_SLOW_S)) {
        r->slow_from = r->slow_s ? r->slow_from : r->last_seq;
        r->slow_s = f->n[F_SLOW_S];
    }
    if (fields_has(f, F_LOCKED))
        r->locked = f->n[F_LOCKED] != 0;
}

enum err rule_edit_room(struct deed *d)
{
    struct place_room *r;
    const struct fields *f = &d->c->f;
    struct fields different = {0};
    struct buf data = BUF_INIT;
    enum err e = check(d, REQUEST_EDIT_ROOM, &r);
    if (e)
        return e;
    if (fields_has(f, F_KIND) && f->n[F_KIND] == ROOM_DIRECT)
        return ERR_INVALID;
    if (d->c->room_id == LOBBY && f->n[F_KIND] == ROOM_CLOSED)
        return ERR_FORBIDDEN;
    edit_text(f, F_TOPIC, r->topic, &different);
    edit_text(f, F_DESCRIPTION, r->description, &different);
    edit_number(f, F_KIND, r->kind, &different);
    edit_number(f, F_HISTORY, r->history, &different);
    edit_number(f, F_SLOW_S, r->slow_s, &different);
    edit_number(f, F_LOCKED, r->locked, &different);
    d->v->is_duplicate = !different.numbers_given && !different.texts_given;
    if (d->v->is_duplicate)
        return OK;
    if (fields_has(&different, F_KIND) && f->n[F_KIND] != ROOM_CLOSED && is_taken(d, r->fold, r))
        return ERR_NAME_TAKEN;
    change_write_fields(&data, &different);
    buf_add_char(&data, 0);
    take_edits(r, &different);
    be_changed(d, REQUEST_EDIT_ROOM, r, EVENT_CHANGED, data.p);
    buf_release(&data);
    return OK;
}

/* ------------------------------------------------------------------ direct conversations */

static size_t direct_people(const struct deed *d, int64_t ids[FIELD_IDS_MAX + 1])
{
    size_t n = 0;
    for (size_t i = 0; i <= d->c->f.id_count; i++) {
        int64_t id = i < d->c->f.id_count ? d->c->f.ids[i] : d->actor;
        size_t at = 0;
        while (at < n && ids[at] < id)
            at++;
        if (at < n && ids[at] == id)
            continue;
        memmove(ids + at + 1, ids + at, (n - at) * sizeof *ids);
        ids[at] = id;
        n++;
    }
    return n;
}

static struct place_room *find_direct(const struct deed *d, const int64_t *ids, size_t n)
{
    for (int64_t id = 1; id < PLACE_ROOMS_MAX; id++) {
        struct place_room *r = &d->p->rooms[id];
        if (r->exists && r->people_count == n && n && memcmp(r->people, ids, n * sizeof *ids) == 0)
            return r;
    }
    return NULL;
}

static enum err make_direct(struct deed *d, const int64_t *ids, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct place_user *u = ids[i] ? place_user(d->p, ids[i]) : NULL;
        if (ids[i] == d->actor)
            continue;
        if (!u || u->kind != USER_ACCOUNT || place_is_banned(d->p, ids[i], d->c->at_ms))
            return ERR_NOT_FOUND;
        if (place_has_blocked(d->p, ids[i], d->actor))
            return ERR_FORBIDDEN;
    }
    struct place_room *r = rule_new_room(d);
    r->kind = ROOM_DIRECT;
    memcpy(r->people, ids, n * sizeof *ids);
    r->people_count = n;
    for (size_t i = 0; i < n; i++)
        rule_put_member(r, ids[i], ROOM_ROLE_MEMBER)->hidden = ids[i] != d->actor;
    return OK;
}

enum err rule_open_direct(struct deed *d)
{
    int64_t ids[FIELD_IDS_MAX + 1];
    enum err e = rule_check(d, REQUEST_OPEN_DIRECT, NULL, NULL);
    if (e)
        return e;
    if (!d->actor)
        return ERR_FORBIDDEN;
    size_t n = direct_people(d, ids);
    if (n > PLACE_DIRECT_MAX)
        return ERR_INVALID;
    struct place_room *r = find_direct(d, ids, n);
    if (!r)
        return make_direct(d, ids, n);
    struct place_member *m = place_member(r, d->actor);
    d->v->room = rule_room_id(d, r);
    d->v->is_duplicate = !m->hidden;
    if (m->hidden) {
        m->hidden = false;
        rule_touch(d, r);
    }
    return OK;
}
