/* Rooms: made, renamed, archived, changed. */
#include "apply/apply_internal.h"
#include "apply/rights.h"
#include "apply/slow_mode.h"
#include "proto/change.h"

static enum err made(struct apply *a, struct store *s, const struct command *c, const struct room_more_row *row,
                     struct outcome *out)
{
    struct apply_room *r = apply_room_insert(a, row);
    enum err e = OK;
    out->room_id = r->id;
    out->at = c->at_ms;
    outcome_add(out, (struct effect){.kind = EFFECT_ROOM_CREATED, .room = r->id});
    if (out->user_id)
        e = apply_join(a, s, c, r, out->user_id, ROOM_ROLE_MODERATOR, out);
    if (e)
        return e;
    buf_clear(&a->data);
    change_write_name(&a->data, c->name);
    return apply_audit(a, s, c, REQUEST_CREATE_ROOM, out, 0, r->id, 0, buf_span(&a->data));
}

enum err rooms_apply_create(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct rights actor;
    enum err e = rights_check(a, s, c, REQUEST_CREATE_ROOM, out, &actor, NULL, NULL);
    if (e || out->result)
        return e;
    if (c->f.n[F_KIND] == ROOM_DIRECT)
        return apply_refuse(out, ERR_INVALID);
    struct room_more_row row = {.name = c->name,
                                .fold = c->fold,
                                .created_at = c->at_ms,
                                .kind = (enum room_kind)c->f.n[F_KIND],
                                .history = (enum room_history)c->f.n[F_HISTORY],
                                .topic = c->f.t[F_TOPIC],
                                .description = c->f.t[F_DESCRIPTION],
                                .created_by = out->user_id};
    e = rooms_more_insert(s, &row, &row.id);
    if (e)
        return e == ERR_NAME_TAKEN ? apply_refuse(out, e) : e;
    return made(a, s, c, &row, out);
}

/* The room that a verb of this file is about. A direct conversation has no name and no settings of its own. */
static enum err check(struct apply *a, struct store *s, const struct command *c, enum request_type verb,
                      struct outcome *out, struct apply_room **r)
{
    struct rights actor;
    enum err e = rights_check(a, s, c, verb, out, &actor, r, NULL);
    if (!e && !out->result && (*r)->kind == ROOM_DIRECT)
        return apply_refuse_because(out, ERR_FORBIDDEN, "A direct conversation can't be changed.");
    return e;
}

/* What the audit says of it: what the event says, or which way it went where the event says that by its kind. */
static struct span detail_of(struct apply *a, const struct apply_change *change)
{
    if (change->kind == EVENT_CHANGED)
        return change->data;
    buf_clear(&a->data);
    if (change->kind == EVENT_RENAMED)
        change_write_name(&a->data, change->name);
    else
        buf_printf(&a->data, "{\"archived\":%s}", change->kind == EVENT_ARCHIVED ? "true" : "false");
    return buf_span(&a->data);
}

/* Writes the event and the entry in the audit, and has everybody's list of rooms changed. */
static enum err changed(struct apply *a, struct store *s, const struct command *c, enum request_type verb,
                        struct apply_room *r, const struct apply_change *change, struct outcome *out)
{
    enum err e = apply_change(a, s, c, r, change, out);
    if (e)
        return e;
    const char *word = words_name(&words_event_kind, (int)change->kind);
    outcome_add(out, (struct effect){.kind = EFFECT_ROOM_CHANGED, .room = r->id, .change = word});
    return apply_audit(a, s, c, verb, out, 0, r->id, out->seq, detail_of(a, change));
}

enum err rooms_apply_rename(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct apply_room *r;
    struct room_more_row row;
    enum err e = check(a, s, c, REQUEST_RENAME_ROOM, out, &r);
    if (e || out->result)
        return e;
    if ((e = rooms_more_by_id(s, r->id, &row)))
        return e;
    if (span_equal(row.name, c->name))
        return apply_duplicate(out);
    e = rooms_set_name(s, r->id, c->name, c->fold);
    if (e)
        return e == ERR_NAME_TAKEN ? apply_refuse(out, e) : e;
    struct apply_change change = {.kind = EVENT_RENAMED, .name = c->name};
    return changed(a, s, c, REQUEST_RENAME_ROOM, r, &change, out);
}

enum err rooms_apply_archive(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct apply_room *r;
    bool wanted = c->f.n[F_ARCHIVED] != 0;
    enum err e = check(a, s, c, REQUEST_ARCHIVE_ROOM, out, &r);
    if (e || out->result)
        return e;
    if ((r->archived_at != 0) == wanted)
        return apply_duplicate(out);
    int64_t at = wanted ? c->at_ms : 0;
    if ((e = rooms_set_archived_at(s, r->id, at)))
        return e;
    r->archived_at = at;
    struct apply_change change = {.kind = wanted ? EVENT_ARCHIVED : EVENT_UNARCHIVED};
    return changed(a, s, c, REQUEST_ARCHIVE_ROOM, r, &change, out);
}

/* What is given and different, into *different; what holds from now on. */
static struct span edit_text(const struct fields *f, enum field_text i, struct span now, struct fields *different)
{
    if (!fields_has_text(f, i) || span_equal(now, f->t[i]))
        return now;
    fields_set_text(different, i, f->t[i]);
    return f->t[i];
}

static int64_t edit_number(const struct fields *f, enum field_number i, int64_t now, struct fields *different)
{
    if (!fields_has(f, i) || now == f->n[i])
        return now;
    fields_set(different, i, f->n[i]);
    return f->n[i];
}

static void edit(struct room_more_row *row, const struct command *c, struct fields *different)
{
    const struct fields *f = &c->f;
    *different = (struct fields){0};
    row->topic = edit_text(f, F_TOPIC, row->topic, different);
    row->description = edit_text(f, F_DESCRIPTION, row->description, different);
    row->kind = (enum room_kind)edit_number(f, F_KIND, row->kind, different);
    row->history = (enum room_history)edit_number(f, F_HISTORY, row->history, different);
    row->slow_s = edit_number(f, F_SLOW_S, row->slow_s, different);
    edit_number(f, F_LOCKED, row->locked_at != 0, different);
    if (fields_has(different, F_LOCKED))
        row->locked_at = f->n[F_LOCKED] ? c->at_ms : 0;
}

enum err rooms_apply_edit(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct apply_room *r;
    struct room_more_row row;
    struct fields different;
    enum err e = check(a, s, c, REQUEST_EDIT_ROOM, out, &r);
    if (e || out->result)
        return e;
    if (fields_has(&c->f, F_KIND) && c->f.n[F_KIND] == ROOM_DIRECT)
        return apply_refuse(out, ERR_INVALID);
    if (r->id == LOBBY_ID && c->f.n[F_KIND] == ROOM_CLOSED)
        return apply_refuse_because(out, ERR_FORBIDDEN, "Everyone starts in this room, so it must stay public.");
    if ((e = rooms_more_by_id(s, r->id, &row)))
        return e;
    edit(&row, c, &different);
    if (!different.numbers_given && !different.texts_given)
        return apply_duplicate(out);
    buf_clear(&a->data);
    change_write_fields(&a->data, &different);
    if (a->data.failed)
        return ERR_STORAGE;
    e = rooms_more_set(s, &row);
    if (e == ERR_NAME_TAKEN)
        return apply_refuse_because(out, e, "Another room has this name. Rename one of them first.");
    if (e)
        return e;
    if ((e = slow_mode_change(s, r, row.slow_s)))
        return e;
    r->kind = row.kind;
    r->history = row.history;
    r->slow_s = row.slow_s;
    r->locked_at = row.locked_at;
    struct apply_change change = {.kind = EVENT_CHANGED, .data = buf_span(&a->data)};
    return changed(a, s, c, REQUEST_EDIT_ROOM, r, &change, out);
}
