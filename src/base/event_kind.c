#include "base/event_kind.h"

static const char *const words[] = {
#define EVENT(kind, word, ...) [EVENT_##kind] = #word,
#include "base/event_kinds.def"
};

const struct words words_event_kind = {words, EVENT_KIND_COUNT};

enum event_extra event_extra(enum event_kind kind)
{
    static const enum event_extra extras[] = {
#define EVENT(kind, word, extra, ...) [EVENT_##kind] = EXTRA_##extra,
#include "base/event_kinds.def"
    };
    return extras[kind];
}
