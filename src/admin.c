#include "admin.h"

#include "base/diag.h"
#include "chat/rooms.h"

#include <string.h>

typedef int verb_fn(struct chat *chat, const char *const *args, struct buf *out);

static int answer(struct buf *out, enum err e, const char *why, const char *done, const char *name)
{
    if (e) {
        buf_printf(out, "hubbub: %s: %s\n", diag_quote(name).s, why ? why : err_message(e));
        return 1;
    }
    buf_printf(out, "%s\n", done);
    return 0;
}

static int room_add(struct chat *chat, const char *const *args, struct buf *out)
{
    int64_t id = 0;
    const char *why = NULL;
    enum err e = rooms_add(chat, span_of(args[0]), &id, &why);
    if (e)
        return answer(out, e, why, NULL, args[0]);
    buf_printf(out, "room %lld\n", (long long)id);
    return 0;
}

static int room_rename(struct chat *chat, const char *const *args, struct buf *out)
{
    const char *why = NULL;
    enum err e = rooms_rename(chat, span_of(args[0]), span_of(args[1]), &why);
    return answer(out, e, why, "renamed", e == ERR_NOT_FOUND ? args[0] : args[1]);
}

static int set_archived(struct chat *chat, const char *name, bool archived, struct buf *out)
{
    enum err e = rooms_archive(chat, span_of(name), archived);
    const char *why =
        e == ERR_ARCHIVED ? (archived ? "This room is archived already." : "This room is not archived.") : NULL;
    return answer(out, e, why, archived ? "archived" : "unarchived", name);
}

static int room_archive(struct chat *chat, const char *const *args, struct buf *out)
{
    return set_archived(chat, args[0], true, out);
}

static int room_unarchive(struct chat *chat, const char *const *args, struct buf *out)
{
    return set_archived(chat, args[0], false, out);
}

static void list_room(void *ctx, const struct room_info *r)
{
    buf_printf(ctx, "%6lld  %10lld  %-8s  %s\n", (long long)r->id, (long long)r->last_seq,
               r->archived ? "archived" : "open", r->name);
}

static int room_list(struct chat *chat, const char *const *args, struct buf *out)
{
    (void)args;
    buf_printf(out, "%6s  %10s  %-8s  %s\n", "id", "events", "state", "name");
    hub_rooms_each(chat->hub, list_room, out);
    return 0;
}

static const struct {
    const char *noun, *verb, *arguments;
    int count;
    verb_fn *run;
} verbs[] = {
    {"room", "add", "NAME", 1, room_add},
    {"room", "list", "", 0, room_list},
    {"room", "rename", "ROOM NAME", 2, room_rename},
    {"room", "archive", "ROOM", 1, room_archive},
    {"room", "unarchive", "ROOM", 1, room_unarchive},
};

enum { VERBS = sizeof verbs / sizeof *verbs };

static int find(const char *const *words, int n)
{
    for (int i = 0; n >= 2 && i < VERBS; i++)
        if (strcmp(words[0], verbs[i].noun) == 0 && strcmp(words[1], verbs[i].verb) == 0 && n - 2 == verbs[i].count)
            return i;
    return -1;
}

bool admin_knows(const char *const *words, int n, struct buf *usage)
{
    if (find(words, n) >= 0)
        return true;
    buf_add_str(usage, "commands:\n");
    for (int i = 0; i < VERBS; i++)
        buf_printf(usage, "  hubbub [options] %s %s %s\n", verbs[i].noun, verbs[i].verb, verbs[i].arguments);
    buf_add_str(usage, "ROOM is a room's name or id.\n");
    return false;
}

int admin_run(struct chat *chat, const char *const *words, int n, struct buf *out)
{
    int i = find(words, n);
    if (i < 0) {
        admin_knows(words, n, out);
        return 2;
    }
    return verbs[i].run(chat, words + 2, out);
}
