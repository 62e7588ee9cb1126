#include "chat/admit/room_by_name.h"

#include "chat/admit/standing.h"
#include "directory/rooms.h"

#include <ctype.h>

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

static bool may_manage(struct chat *c, const struct caller *who, enum request_type type, int64_t room_id)
{
    struct directory_room room;
    return directory_room(c->directory, room_id, 0, &room, NULL, NULL) && room.kind == ROOM_CLOSED &&
           standing_manages(c, who, type);
}

enum err rooms_reach(struct chat *c, const struct caller *who, enum request_type type, const struct request_ref *ref,
                     int64_t *room_id_out)
{
    int64_t floor_seq;
    struct room *r;
    enum err e = rooms_find(c, who, type, ref, &r);
    if (e)
        return e;
    int64_t id = room_id(r);
    if (standing_may_read(c, who, id, &floor_seq) && !may_manage(c, who, type, id))
        return ERR_NOT_FOUND;
    *room_id_out = id;
    return OK;
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
