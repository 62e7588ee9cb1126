#include "chat/rooms.h"

#include "chat/apply_internal.h"
#include "chat/submission.h"

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

struct room *rooms_find(struct chat *c, struct span id_or_name)
{
    char name[NAME_BYTES], fold[NAME_KEY_BYTES];
    const char *why;
    int64_t id;
    if (read_id(id_or_name, &id))
        return hub_room_by_id(c->hub, id);
    struct room *exact = hub_room_by_name(
        c->hub, id_or_name); /* as programs give it: folding takes longer than all the rest of a send */
    if (exact)
        return exact;
    if (name_check_room(c->names, id_or_name, name, &why) || name_fold(c->names, span_of(name), fold))
        return NULL;
    return hub_room_by_fold(c->hub, span_of(fold));
}

static const struct span actor_name = {"admin", 5}; /* the command line; the row with id 0 */

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
    return submission_wait(c, command, out);
}

enum err rooms_add(struct chat *c, struct span name, int64_t *id, const char **why)
{
    struct outcome out;
    struct command command = {.kind = COMMAND_ROOM_ADD, .actor = COMMAND_ACTOR_SYSTEM, .actor_name = actor_name};
    enum err e = with_name(c, &command, name, &out, why);
    if (!e)
        *id = out.room_id;
    return e;
}

enum err rooms_rename(struct chat *c, struct span id_or_name, struct span name, const char **why)
{
    struct outcome out;
    struct room *r = rooms_find(c, id_or_name);
    struct command command = {.kind = COMMAND_ROOM_RENAME, .actor = COMMAND_ACTOR_SYSTEM, .actor_name = actor_name};
    if (!r)
        return ERR_NOT_FOUND;
    command.room_id = room_id(r);
    return with_name(c, &command, name, &out, why);
}

enum err rooms_archive(struct chat *c, struct span id_or_name, bool archived)
{
    struct outcome out;
    struct room *r = rooms_find(c, id_or_name);
    struct command command = {
        .kind = COMMAND_ROOM_ARCHIVE, .actor = COMMAND_ACTOR_SYSTEM, .actor_name = actor_name, .flag = archived};
    if (!r)
        return ERR_NOT_FOUND;
    command.room_id = room_id(r);
    return submission_wait(c, &command, &out);
}

/* ------------------------------------------------------------------ apply */

static bool is_taken(const struct apply *a, struct span fold, const struct apply_room *except)
{
    for (const struct apply_room *r = a->rooms; r; r = r->hh.next)
        if (r != except && span_equal(span_of(r->fold), fold))
            return true;
    return false;
}

enum err rooms_apply_add(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct room_row row = {.name = c->name, .fold = c->fold, .created_at = c->at_ms};
    if (is_taken(a, c->fold, NULL)) {
        out->result = ERR_NAME_TAKEN;
        return OK;
    }
    enum err e = rooms_insert(s, c->name, c->fold, c->at_ms, &row.id);
    if (e)
        return ERR_STORAGE;
    apply_room_insert(a, &row);
    out->room_id = row.id;
    out->at = c->at_ms;
    return OK;
}

static void replace(char **text, struct span with)
{
    char *fresh = strndup(with.p, with.len);
    if (!fresh)
        return; /* the cache is only asked whether a name is taken, and the unique index has the last word */
    free(*text);
    *text = fresh;
}

enum err rooms_apply_rename(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct apply_room *r = apply_room(a, c->room_id);
    if (!r || is_taken(a, c->fold, r)) {
        out->result = r ? ERR_NAME_TAKEN : ERR_NOT_FOUND;
        return OK;
    }
    if (rooms_set_name(s, r->id, c->name, c->fold))
        return ERR_STORAGE;
    replace(&r->name, c->name);
    replace(&r->fold, c->fold);
    return apply_change(a, s, c, r, CHANGE_RENAMED, out);
}

enum err rooms_apply_archive(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct apply_room *r = apply_room(a, c->room_id);
    if (!r || (r->archived_at != 0) == c->flag) {
        out->result = r ? ERR_ARCHIVED : ERR_NOT_FOUND;
        return OK;
    }
    int64_t at = c->flag ? c->at_ms : 0;
    if (rooms_set_archived_at(s, r->id, at))
        return ERR_STORAGE;
    r->archived_at = at;
    return apply_change(a, s, c, r, c->flag ? CHANGE_ARCHIVED : CHANGE_UNARCHIVED, out);
}
