#include "apply/apply_internal.h"
#include "base/mem.h"

#include <assert.h>
#include <stdlib.h>

struct effect *outcome_add(struct outcome *o, struct effect e)
{
    if (o->effect_count > o->more_cap) { /* the first one is not among them */
        o->more_cap = o->more_cap ? o->more_cap * 2 : 4;
        o->more = mem_must_resize(o->more, o->more_cap, sizeof *o->more);
    }
    struct effect *at = outcome_effect(o, o->effect_count++);
    *at = e;
    return at;
}

void outcome_clear(struct outcome *o)
{
    for (size_t i = 0; i < o->effect_count; i++) {
        struct effect *e = outcome_effect(o, i);
        frame_release(e->frame);
        free(e->mentioned);
    }
    free(o->more);
    o->more = NULL;
    o->effect_count = o->more_cap = 0;
}

enum err apply_refuse(struct outcome *out, enum err result)
{
    return apply_refuse_because(out, result, NULL);
}

enum err apply_refuse_because(struct outcome *out, enum err result, const char *why)
{
    assert(result && !out->effect_count);
    out->result = result;
    out->why = why;
    return OK;
}

enum err apply_refuse_until(struct outcome *out, enum err result, int64_t retry_after_ms)
{
    out->retry_after_ms = retry_after_ms;
    return apply_refuse(out, result);
}

enum err apply_duplicate(struct outcome *out)
{
    assert(!out->result && !out->effect_count);
    out->duplicate = true;
    return OK;
}
