/* `hubbub room ...` */
#include "base/diag.h"
#include "base/words.h"
#include "chat/admit/missing.h"
#include "cli/admin_internal.h"
#include "directory/rooms.h"

int admin_room_add(const struct admin *a, const struct admin_arguments *args, struct buf *out)
{
    struct request q = {.type = REQUEST_CREATE_ROOM};
    struct admin_result result;
    const char *why = NULL;
    fields_set_text(&q.f, F_NAME, span_of(args->word[0]));
    if (args->option[0]) {
        int kind = words_find(&words_room_kind, span_of(args->option[0]));
        if (kind < 0 || kind == ROOM_DIRECT)
            return admin_refuse(out, args->option[0], ERR_INVALID, "The kind must be open, closed or announcement.");
        fields_set(&q.f, F_KIND, kind);
    }
    enum err e = admin_request(a, &q, &result, &why);
    if (e)
        return admin_refuse(out, args->word[0], e, why);
    buf_printf(out, "Created room %s (%lld).\n", diag_quote(args->word[0]).s, (long long)result.room_id);
    return 0;
}

/* Prints why the room that is named could not be found. */
static int refuse_room(const struct admin *a, const char *name, enum err e, struct buf *out)
{
    static const struct caller system = {.kind = COMMAND_ACTOR_SYSTEM, .scope = SCOPE_ADMIN};
    const struct request q = {.type = REQUEST_RENAME_ROOM, .room = {.name = span_of(name)}};
    char words[MISSING_BYTES];
    if (e == ERR_NOT_FOUND)
        return admin_missing(out, "room", name);
    return admin_refuse(out, name, e, missing_words(a->chat, &system, &q, e, words));
}

int admin_room_rename(const struct admin *a, const struct admin_arguments *args, struct buf *out)
{
    struct request q = {.type = REQUEST_RENAME_ROOM, .room = {.name = span_of(args->word[0])}};
    struct admin_result result;
    const char *why = NULL;
    fields_set_text(&q.f, F_NAME, span_of(args->word[1]));
    enum err e = admin_request(a, &q, &result, &why);
    if (e == ERR_NOT_FOUND || e == ERR_AMBIGUOUS)
        return refuse_room(a, args->word[0], e, out);
    if (e)
        return admin_refuse(out, args->word[1], e, why);
    buf_printf(out, "Renamed %s to %s.\n", diag_quote(args->word[0]).s, diag_quote(args->word[1]).s);
    return 0;
}

static int set_archived(const struct admin *a, const char *name, bool archived, struct buf *out)
{
    struct request q = {.type = REQUEST_ARCHIVE_ROOM, .room = {.name = span_of(name)}};
    struct admin_result result;
    const char *why = NULL;
    fields_set(&q.f, F_ARCHIVED, archived);
    enum err e = admin_request(a, &q, &result, &why);
    if (e == ERR_NOT_FOUND || e == ERR_AMBIGUOUS)
        return refuse_room(a, name, e, out);
    if (e)
        return admin_refuse(out, name, e, why);
    if (result.duplicate)
        return admin_refuse(out, name, ERR_ARCHIVED,
                            archived ? "This room is already archived." : "This room is not archived.");
    buf_printf(out, "%s %s.\n", archived ? "Archived" : "Unarchived", diag_quote(name).s);
    return 0;
}

int admin_room_archive(const struct admin *a, const struct admin_arguments *args, struct buf *out)
{
    return set_archived(a, args->word[0], true, out);
}

int admin_room_unarchive(const struct admin *a, const struct admin_arguments *args, struct buf *out)
{
    return set_archived(a, args->word[0], false, out);
}

struct listing {
    struct chat *chat;
    struct buf *out;
};

/* Conversations between people are theirs, and have no name. */
static void list_room(void *ctx, const struct room_info *r)
{
    const struct listing *l = ctx;
    struct directory_room room;
    if (!directory_room(l->chat->directory, r->id, 0, &room, NULL, NULL) || room.kind == ROOM_DIRECT)
        return;
    buf_printf(l->out, "%6lld  %10lld  %-12s  %s\n", (long long)r->id, (long long)r->last_seq,
               r->archived ? "archived" : words_name(&words_room_kind, (int)room.kind), r->name);
}

int admin_room_list(const struct admin *a, const struct admin_arguments *args, struct buf *out)
{
    struct listing l = {a->chat, out};
    (void)args;
    buf_printf(out, "%6s  %10s  %-12s  %s\n", "id", "events", "state", "name");
    hub_rooms_each(a->chat->hub, list_room, &l);
    return 0;
}
