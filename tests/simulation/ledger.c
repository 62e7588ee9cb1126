#include "ledger.h"

#include "base/hash.h"
#include "base/mem.h"
#include "chat/announce/consumer.h"
#include "chat/announce/publish_internal.h"
#include "chat/core/submission.h"
#include "world.h"

#include <inttypes.h>
#include <stdlib.h>

/* A command that has been applied, and what the program says came of it. */
struct ledger_entry {
    struct ledger_entry *next;
    enum err result;
    bool is_duplicate;
    int64_t room, seq, id, user;
    size_t len;
    char bytes[];
};

struct ledger_batch {
    struct ledger_batch *next;
    struct ledger_entry *first, **last;
    int64_t count, from; /* from: the moment that it begins at */
    uint8_t hash[HASH_BYTES];
};

void ledger_init(struct world *w)
{
    place_init(&w->place);
}

static void batch_free(struct ledger_batch *b)
{
    struct ledger_entry *next;
    for (struct ledger_entry *e = b ? b->first : NULL; e; e = next) {
        next = e->next;
        free(e);
    }
    free(b);
}

static void forget_doubtful(struct ledger *l)
{
    for (struct ledger_batch *b = l->doubtful, *next; b; b = next) {
        next = b->next;
        batch_free(b);
    }
    l->doubtful = NULL;
}

void ledger_clear(struct world *w)
{
    forget_doubtful(&w->ledger);
    batch_free(w->ledger.current);
    free(w->ledger.ended);
    place_clear(&w->place);
}

/* ------------------------------------------------------------------ what has been committed */

static void check_verdict(struct world *w, const struct command *c, const struct ledger_entry *e,
                          const struct verdict *v)
{
    bool same = e->result == v->result && e->is_duplicate == v->is_duplicate;
    /* What a sign-up joins it joins in no particular order. */
    if (same && !e->result && c->kind != COMMAND_SIGN_UP)
        same =
            e->user == v->user && (!v->seq || (e->seq == v->seq && e->room == v->room)) && (!v->id || e->id == v->id);
    if (!same)
        trace_fail(&w->trace, "rules",
                   "command %" PRId64 ", kind %d by user %" PRId64 " (%d) in room %" PRId64 " about user %" PRId64
                   ", seq %" PRId64 ": came to %s%s, room %" PRId64 " seq %" PRId64 " id %" PRId64 " user %" PRId64
                   ", but had to come to %s%s, room %" PRId64 " seq %" PRId64 " id %" PRId64 " user %" PRId64,
                   w->place.moment, (int)c->kind, c->actor_id, (int)c->actor, c->room_id, c->f.n[F_USER], c->f.n[F_SEQ],
                   err_code(e->result), e->is_duplicate ? " again" : "", e->room, e->seq, e->id, e->user,
                   err_code(v->result), v->is_duplicate ? " again" : "", v->room, v->seq, v->id, v->user);
}

static void adopt(struct world *w, struct ledger_batch *b)
{
    struct command c;
    struct verdict v;
    for (const struct ledger_entry *e = b->first; e; e = e->next) {
        if (command_read((struct span){e->bytes, e->len}, &c))
            trace_fail(&w->trace, "simulation", "a command cannot be read");
        place_carry_out(&w->place, &c, &v);
        check_verdict(w, &c, e, &v);
        w->tallies.n[TALLY_commands] += !v.is_quiet;
        bool has_changed = !v.result && !v.is_duplicate;
        if (has_changed && v.touched && !v.is_quiet)
            sight_refresh(w, v.touched);
        w->ledger.loud += has_changed && !v.is_quiet;
        judge_decided(w, &c, &v);
    }
    memcpy(w->ledger.hash, b->hash, sizeof w->ledger.hash);
}

static void record(struct ledger *l, const struct place *p, struct span bytes, const struct outcome *o)
{
    struct ledger_entry *e = mem_must_calloc(1, sizeof *e + bytes.len);
    e->result = o->result;
    e->is_duplicate = o->duplicate;
    e->room = o->room_id;
    e->seq = o->seq;
    e->id = o->id;
    e->user = o->user_id;
    e->len = bytes.len;
    memcpy(e->bytes, bytes.p, bytes.len);
    struct ledger_batch *b = l->current;
    if (!b) {
        b = l->current = mem_must_calloc(1, sizeof *b);
        b->last = &b->first;
        b->from = p->moment;
        memcpy(b->hash, l->hash, sizeof b->hash);
    }
    hash_chain(b->hash, (struct span){e->bytes, e->len});
    b->count++;
    *b->last = e;
    b->last = &e->next;
}

static enum err apply(void *ctx, struct store *s, struct log_entry *e)
{
    struct world *w = ctx;
    const struct submission *sub = (const struct submission *)e; /* as submission.c has it */
    enum err failed = w->ledger.program.apply(w->ledger.program.ctx, s, e);
    if (!failed)
        record(&w->ledger, &w->place, e->job.command, &sub->outcome);
    return failed;
}

static enum err before_commit(void *ctx, struct store *s)
{
    struct world *w = ctx;
    return w->ledger.program.before_commit(w->ledger.program.ctx, s);
}

static void committed(void *ctx, struct store *s, struct log_entry *first, bool stored)
{
    struct world *w = ctx;
    struct ledger *l = &w->ledger;
    struct ledger_batch *b = l->current;
    l->current = NULL;
    if (b && stored) {
        adopt(w, b);
        batch_free(b);
        forget_doubtful(l);
    } else if (b) {
        b->next = l->doubtful;
        l->doubtful = b;
    }
    l->program.committed(l->program.ctx, s, first, stored);
}

enum err ledger_attach(struct world *w, struct chat *chat, struct store *store, const struct writer_limits *limits)
{
    const struct log_consumer consumer = {apply, before_commit, committed, w};
    struct log *log;
    w->ledger.program = consumer_of(chat);
    enum err e = log_open_local(store, &consumer, limits, &w->env, chat->metrics, &log);
    if (e)
        return e;
    log_free(chat->log);
    chat->log = log;
    return OK;
}

/* ------------------------------------------------------------------ after a crash */

static struct ledger_batch *find_batch(const struct world *w, int64_t number, const uint8_t hash[HASH_BYTES])
{
    struct ledger_batch *b = w->ledger.doubtful;
    while (b && (b->from + b->count != number || memcmp(b->hash, hash, HASH_BYTES) != 0))
        b = b->next;
    return b;
}

enum ledger_state ledger_state(const struct world *w, int64_t number, const uint8_t hash[HASH_BYTES])
{
    const struct ledger_batch *b = w->ledger.current;
    if (number == w->place.moment && memcmp(hash, w->ledger.hash, HASH_BYTES) == 0)
        return LEDGER_NEWEST;
    if (b && b->from + b->count == number && memcmp(b->hash, hash, HASH_BYTES) == 0)
        return LEDGER_DOUBTFUL;
    return find_batch(w, number, hash) ? LEDGER_DOUBTFUL : LEDGER_NEVER;
}

void ledger_start(struct world *w, int64_t number, const uint8_t hash[HASH_BYTES])
{
    struct ledger *l = &w->ledger;
    if (ledger_state(w, number, hash) == LEDGER_NEVER)
        trace_fail(&w->trace, "I1",
                   "the database stands at %" PRId64 ", where no commands lead to; it has been at %" PRId64, number,
                   w->place.moment);
    struct ledger_batch *b = find_batch(w, number, hash);
    if (b) {
        world_say(w, "what had failed is there: %" PRId64 " commands", b->count);
        world_count(w, comebacks);
        adopt(w, b);
    }
    forget_doubtful(l);
    l->is_stale = false;
    l->settled = w->place.moment;
}

/* ------------------------------------------------------------------ what the program knows */

void ledger_settle(struct world *w)
{
    struct ledger *l = &w->ledger;
    bool is_stale = w->server.chat->publisher->missed_count > 0;
    if (is_stale && !l->is_stale)
        l->stale_from = l->settled;
    if (is_stale || l->is_stale)
        l->stale_to = w->place.moment;
    l->is_stale = is_stale;
    l->settled = w->place.moment;
}

bool ledger_is_settled(const struct world *w)
{
    return !(w->turns.busy & 1u << PART_WRITER) && !w->ledger.is_stale;
}

bool ledger_was_stale(const struct world *w, int64_t from, int64_t to)
{
    const struct ledger *l = &w->ledger;
    return l->is_stale ? to >= l->stale_from : l->stale_to && from <= l->stale_to && to >= l->stale_from;
}
