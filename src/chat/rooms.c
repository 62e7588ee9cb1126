#include "chat/rooms.h"

#include "chat/apply_internal.h"
#include "chat/directory.h"
#include "chat/rights.h"
#include "chat/standing.h"
#include "chat/submission.h"
#include "proto/change.h"

#include <ctype.h>
#include <stdlib.h>

/* ------------------------------------------------------------------ submit */

static bool read_id(struct span text, int64_t *id)
{
    *id = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (!isdigit((unsigned char)text.p[i]) || i >= 15)
            return false;
        *id = *id * 10 + (text.p[i] - '0');
    }
    return text.len > 0;
}

static bool fold_room_name(struct chat *c, struct span typed, char fold[NAME_KEY_BYTES])
{
    char name[NAME_BYTES];
    const char *why;
    return !name_check_room(c->names, typed, name, &why) && !name_fold(c->names, span_of(name), fold);
}

size_t rooms_find_all(struct chat *c, const struct caller *who, enum request_type type, struct span name, int64_t *ids,
                      size_t max)
{
    char fold[NAME_KEY_BYTES];
    const struct directory_seeker seeker = {
        .user_id = who->user_id, .kind = standing_kind(who), .manages = standing_manages(c, who, type)};
    /* As programs give it: folding takes longer than all the rest of a send. */
    size_t n = directory_rooms_by_name(c->directory, &seeker, name, ids, max);
    if (n || !fold_room_name(c, name, fold))
        return n;
    return directory_rooms_by_fold(c->directory, &seeker, span_of(fold), ids, max);
}

enum err rooms_find(struct chat *c, const struct caller *who, enum request_type type, const struct request_ref *ref,
                    struct room **r)
{
    int64_t id = ref->id, ids[2];
    *r = NULL;
    if (!id && !read_id(ref->name, &id)) {
        size_t n = rooms_find_all(c, who, type, ref->name, ids, 2);
        if (n != 1)
            return n ? ERR_AMBIGUOUS : ERR_NOT_FOUND;
        id = ids[0];
    }
    *r = hub_room_by_id(c->hub, id);
    return *r ? OK : ERR_NOT_FOUND;
}

size_t rooms_to_ask(struct chat *c, int64_t user_id, const struct request_ref *ref, int64_t *ids, size_t max)
{
    char fold[NAME_KEY_BYTES];
    int64_t id = ref->id;
    if (id || read_id(ref->name, &id)) {
        ids[0] = id;
        return id && hub_room_by_id(c->hub, id) ? 1 : 0;
    }
    return fold_room_name(c, ref->name, fold) ? directory_rooms_to_ask(c->directory, user_id, span_of(fold), ids, max)
                                              : 0;
}

/* What the command line names; it sees all rooms. */
static enum err find_for_system(struct chat *c, enum request_type type, struct span id_or_name, int64_t *id)
{
    const struct caller who = {.kind = COMMAND_ACTOR_SYSTEM, .scope = SCOPE_ADMIN};
    const struct request_ref ref = {.name = id_or_name};
    struct room *r;
    enum err e = rooms_find(c, &who, type, &ref, &r);
    if (!e)
        *id = room_id(r);
    return e;
}

/* The command line acts as the row with id 0. */
static enum err as_system(struct chat *c, struct command *command, struct outcome *out)
{
    command->actor = COMMAND_ACTOR_SYSTEM;
    command->actor_name = span_of("admin");
    return submission_wait(c, command, out);
}

static enum err with_name(struct chat *c, struct command *command, struct span typed, struct outcome *out,
                          const char **why)
{
    char name[NAME_BYTES], fold[NAME_KEY_BYTES];
    enum err e = name_check_room(c->names, typed, name, why);
    if (!e)
        e = name_fold(c->names, span_of(name), fold);
    if (e)
        return e;
    command->name = span_of(name);
    command->fold = span_of(fold);
    e = as_system(c, command, out);
    if (e && out->why)
        *why = out->why;
    return e;
}

enum err rooms_add(struct chat *c, struct span name, int64_t *id, const char **why)
{
    struct outcome out = {0};
    struct command command = {.kind = COMMAND_ROOM_CREATE};
    enum err e = with_name(c, &command, name, &out, why);
    if (!e)
        *id = out.room_id;
    return e;
}

enum err rooms_rename(struct chat *c, struct span id_or_name, struct span name, const char **why)
{
    struct outcome out = {0};
    struct command command = {.kind = COMMAND_ROOM_RENAME};
    enum err e = find_for_system(c, REQUEST_RENAME_ROOM, id_or_name, &command.room_id);
    return e ? e : with_name(c, &command, name, &out, why);
}

enum err rooms_archive(struct chat *c, struct span id_or_name, bool archived)
{
    struct outcome out = {0};
    struct command command = {.kind = COMMAND_ROOM_ARCHIVE};
    enum err e = find_for_system(c, REQUEST_ARCHIVE_ROOM, id_or_name, &command.room_id);
    if (e)
        return e;
    fields_set(&command.f, F_ARCHIVED, archived);
    e = as_system(c, &command, &out);
    return !e && out.duplicate ? ERR_ARCHIVED : e;
}

/* ------------------------------------------------------------------ apply */

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
    change_write(&a->data, c->name);
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

/* Writes the event and the entry in the audit, with what the event says, and has everybody's list of rooms changed. */
static enum err changed(struct apply *a, struct store *s, const struct command *c, enum request_type verb,
                        const char *word, struct apply_room *r, const struct apply_change *change, struct outcome *out)
{
    enum err e = apply_change(a, s, c, r, change, out);
    if (e)
        return e;
    outcome_add(out, (struct effect){.kind = EFFECT_ROOM_CHANGED, .room = r->id, .change = word});
    if (verb == REQUEST_ARCHIVE_ROOM) { /* of which the event says by its kind which way it went */
        buf_clear(&a->data);
        buf_printf(&a->data, "{\"archived\":%s}", r->archived_at ? "true" : "false");
    }
    return apply_audit(a, s, c, verb, out, 0, r->id, out->seq, buf_span(&a->data));
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
    struct apply_change change = {.kind = CHANGE_RENAMED, .name = c->name};
    return changed(a, s, c, REQUEST_RENAME_ROOM, "renamed", r, &change, out);
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
    struct apply_change change = {.kind = wanted ? CHANGE_ARCHIVED : CHANGE_UNARCHIVED};
    return changed(a, s, c, REQUEST_ARCHIVE_ROOM, wanted ? "archived" : "unarchived", r, &change, out);
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
    e = rooms_more_set(s, &row);
    if (e == ERR_NAME_TAKEN)
        return apply_refuse_because(out, e, "Another room has this name. Rename one of them first.");
    if (e)
        return e;
    if (r->slow_s && !row.slow_s && (e = paces_clear(s, r->id)))
        return e;
    r->kind = row.kind;
    r->history = row.history;
    r->slow_s = row.slow_s;
    r->locked_at = row.locked_at;
    struct apply_change change = {.kind = CHANGE_CHANGED, .data = buf_span(&a->data)};
    return changed(a, s, c, REQUEST_EDIT_ROOM, "changed", r, &change, out);
}
