#include "chat/admit/missing.h"

#include "base/utf8.h"
#include "chat/admit/room_by_name.h"
#include "chat/admit/standing.h"
#include "directory/people.h"

#include <stdio.h>

static bool is_given(const struct request_ref *ref)
{
    return ref->id || ref->name.len;
}

/* What could be no name is not repeated. */
static const char *say(const char *what, const struct request_ref *ref, char words[MISSING_BYTES])
{
    if (ref->id)
        snprintf(words, MISSING_BYTES, "There is no %s %lld.", what, (long long)ref->id);
    else if (ref->name.len < NAME_BYTES && utf8_check(ref->name) && utf8_is_plain(ref->name, false))
        snprintf(words, MISSING_BYTES, "There is no %s \"%.*s\".", what, (int)ref->name.len, ref->name.p);
    else
        snprintf(words, MISSING_BYTES, "There is no such %s.", what);
    return words;
}

/* What the room is named for: the parts that carry these out ask as for that. */
static enum request_type type_of(const struct request *q)
{
    bool adds = q->type == REQUEST_PEOPLE || q->type == REQUEST_CREATE_INVITE;
    return adds ? REQUEST_ADD_MEMBER : q->type;
}

static bool is_room(struct chat *c, const struct caller *who, const struct request *q, const struct request_ref *ref)
{
    int64_t id;
    return rooms_reach(c, who, type_of(q), ref, &id) == OK;
}

static bool is_user(struct chat *c, const struct request_ref *ref)
{
    int64_t id;
    struct directory_user user;
    return standing_user(c, ref, &id) == OK && directory_user(c->directory, id, &user);
}

static const char *find_missing(struct chat *c, const struct caller *who, const struct request *q, char *words)
{
    bool refs_are_rooms = q->type == REQUEST_CREATE_INVITE;
    if (is_given(&q->room) && !is_room(c, who, q, &q->room))
        return say("room", &q->room, words);
    if (is_given(&q->user) && !is_user(c, &q->user))
        return say("user", &q->user, words);
    for (size_t i = 0; i < q->ref_count; i++)
        if (refs_are_rooms ? !is_room(c, who, q, &q->refs[i]) : !is_user(c, &q->refs[i]))
            return say(refs_are_rooms ? "room" : "user", &q->refs[i], words);
    return NULL;
}

enum { IDS_SAID = 8 };

/* NULL: it names no more than one. */
static const char *say_which(struct chat *c, const struct caller *who, const struct request *q,
                             const struct request_ref *ref, char words[MISSING_BYTES])
{
    int64_t ids[IDS_SAID];
    size_t n = ref->name.len ? rooms_find_all(c, who, type_of(q), ref->name, ids, IDS_SAID) : 0;
    if (n < 2)
        return NULL;
    int len = snprintf(words, MISSING_BYTES,
                       "Several rooms are called \"%.*s\". Use the id of the one you mean: ", (int)ref->name.len,
                       ref->name.p);
    for (size_t i = 0; i < n && len < MISSING_BYTES; i++)
        len += snprintf(words + len, (size_t)(MISSING_BYTES - len), "%lld%s", (long long)ids[i],
                        i + 1 == n   ? "."
                        : i + 2 == n ? " or "
                                     : ", ");
    return words;
}

static const char *find_ambiguous(struct chat *c, const struct caller *who, const struct request *q, char *words)
{
    const char *which = say_which(c, who, q, &q->room, words);
    for (size_t i = 0; i < q->ref_count && !which && q->type == REQUEST_CREATE_INVITE; i++)
        which = say_which(c, who, q, &q->refs[i], words);
    return which;
}

const char *missing_words(struct chat *c, const struct caller *who, const struct request *q, enum err e,
                          char words[MISSING_BYTES])
{
    switch (e) {
    case ERR_NOT_FOUND:
        return find_missing(c, who, q, words);
    case ERR_AMBIGUOUS:
        return find_ambiguous(c, who, q, words);
    default:
        return NULL;
    }
}
