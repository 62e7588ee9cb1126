#include "base/words.h"

#include <assert.h>

#define WORDS(name, ...)                                                                                               \
    static const char *const name##_list[] = {__VA_ARGS__};                                                            \
    const struct words words_##name = {name##_list, sizeof name##_list / sizeof *name##_list}

WORDS(role, "visitor", "guest", "member", "moderator", "admin", "owner", "system");
WORDS(room_role, "none", "member", "moderator");
WORDS(room_kind, "open", "closed", "announcement", "direct");
WORDS(room_history, "all", "joined");
WORDS(level, "all", "mentions", "nothing");
WORDS(scope, "read", "write", "admin");

int words_find(const struct words *w, struct span word)
{
    int i = 0;
    while (i < w->count && !span_equal(word, span_of(w->list[i])))
        i++;
    return i < w->count ? i : -1;
}

const char *words_name(const struct words *w, int i)
{
    assert(i >= 0 && i < w->count);
    return w->list[i];
}
