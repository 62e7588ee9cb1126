/* Whether people have read up to what they write. They have when nothing before it is unread; else their read position
 * stays where it is, and what they write is only not counted as unread.
 *
 * Both are asked for each message, so the positions of those who wrote last are kept here, and written once per batch. */
#include "apply/apply_internal.h"
#include "base/mem.h"

#include <stdlib.h>

enum {
    POSITIONS_KEPT = 4096,
    LOOK_BACK = 1000, /* messages: where more lie behind the position, something among them counts as unread */
};

struct writer_position {
    struct {
        int64_t room_id, user_id;
    } by;
    struct read_position at;
    bool has_unread; /* something of what others have said after it: that stays so until what people can read changes */
    bool has_moved;  /* is among a->moved_positions */
    struct writer_position *next_moved;
    UT_hash_handle hh;
};

static struct writer_position *find(struct apply *a, int64_t room_id, int64_t user_id)
{
    const struct writer_position key = {.by = {room_id, user_id}};
    struct writer_position *p;
    HASH_FIND(hh, a->positions, &key.by, sizeof key.by, p);
    return p;
}

static enum err need(struct apply *a, struct store *s, int64_t room_id, int64_t user_id, struct writer_position **out)
{
    *out = find(a, room_id, user_id);
    if (*out)
        return OK;
    struct read_position at;
    enum err e = memberships_read_position(s, room_id, user_id, &at);
    if (e)
        return e;
    struct writer_position *p = mem_must_calloc(1, sizeof *p);
    p->by.room_id = room_id;
    p->by.user_id = user_id;
    p->at = at;
    HASH_ADD(hh, a->positions, by, sizeof p->by, p);
    *out = p;
    return OK;
}

/* Whether anything of others is unread before this message of one's own. */
static enum err look_back(struct store *s, struct writer_position *p, const struct message_row *row)
{
    const int64_t between = row->number - 1 - p->at.number;
    if (p->has_unread || between == p->at.own_after)
        return OK;
    enum err e = between > LOOK_BACK ? OK : messages_any_to_read(s, row->room_id, row->author_id, p->at.seq);
    p->has_unread = !e;
    return e == ERR_NOT_FOUND ? OK : e;
}

enum err read_positions_wrote(struct apply *a, struct store *s, const struct message_row *row, bool by_program,
                              bool *has_read)
{
    struct writer_position *p;
    enum err e = need(a, s, row->room_id, row->author_id, &p);
    if (!e && !by_program)
        e = look_back(s, p, row);
    if (e)
        return ERR_STORAGE;
    *has_read = !by_program && !p->has_unread;
    if (*has_read)
        p->at = (struct read_position){.seq = row->seq, .number = row->number};
    else
        p->at.own_after++;
    if (!p->has_moved) {
        p->has_moved = true;
        p->next_moved = a->moved_positions;
        a->moved_positions = p;
    }
    return OK;
}

/* `at` points to it, in the list of those that have moved. */
static enum err settle(struct store *s, struct writer_position **at)
{
    struct writer_position *p = *at;
    if (memberships_set_read(s, p->by.room_id, p->by.user_id, p->at.seq, p->at.own_after))
        return ERR_STORAGE;
    *at = p->next_moved;
    p->has_moved = false;
    return OK;
}

enum err read_positions_settle(struct apply *a, struct store *s)
{
    enum err e = OK;
    while (!e && a->moved_positions)
        e = settle(s, &a->moved_positions);
    return e;
}

enum err read_positions_take_out(struct apply *a, struct store *s, int64_t room_id, int64_t user_id)
{
    struct writer_position *p = find(a, room_id, user_id), **at = &a->moved_positions;
    if (!p)
        return OK;
    while (p->has_moved && *at != p)
        at = &(*at)->next_moved;
    if (p->has_moved && settle(s, at))
        return ERR_STORAGE;
    HASH_DEL(a->positions, p);
    free(p);
    return OK;
}

void read_positions_forget(struct apply *a)
{
    struct writer_position *p, *next;
    a->moved_positions = NULL;
    HASH_ITER(hh, a->positions, p, next)
    {
        HASH_DEL(a->positions, p); /* NOLINT(clang-analyzer-unix.Malloc): uthash took out what is freed */
        free(p);
    }
}

void read_positions_trim(struct apply *a)
{
    if (HASH_COUNT(a->positions) > POSITIONS_KEPT)
        read_positions_forget(a);
}
