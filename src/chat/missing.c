#include "chat/missing.h"

#include "base/utf8.h"
#include "chat/directory.h"
#include "chat/standing.h"

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

static bool is_room(struct chat *c, const struct caller *who, const struct request *q, const struct request_ref *ref)
{
    int64_t id;
    /* As the parts do that carry these out. */
    bool adds = q->type == REQUEST_PEOPLE || q->type == REQUEST_CREATE_INVITE;
    return standing_room(c, who, adds ? REQUEST_ADD_MEMBER : q->type, ref, &id) == OK;
}

static bool is_user(struct chat *c, const struct request_ref *ref)
{
    int64_t id;
    struct directory_user user;
    return standing_user(c, ref, &id) == OK && directory_user(c->directory, id, &user);
}

const char *missing_words(struct chat *c, const struct caller *who, const struct request *q, char words[MISSING_BYTES])
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
