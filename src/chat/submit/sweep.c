#include "chat/submit/sweep.h"

#include "chat/core/submission.h"
#include "chat/submit/for_tests.h"
#include "store/people.h"

#include <stdlib.h>

struct sweep {
    struct reader_job job; /* first: the pool gives it back */
    struct chat *chat;
    int64_t next_ms;  /* the tick's, by the wall's clock: when to look again */
    int64_t after_id; /* who has been looked at in this round */
    atomic_bool is_looking;
};

/* ------------------------------------------------------------------ who can go: on a reader's thread */

struct look {
    int64_t ids[FIELD_IDS_MAX];
    size_t count;
    int64_t messages;       /* of all of them */
    int64_t last_id, users; /* looked at */
    bool is_full;           /* the others are looked at the next time */
    struct hub *hub;
};

static bool is_connected(struct hub *h, int64_t id)
{
    uint8_t state;
    hub_states(h, &id, 1, &state);
    return state != PERSON_OFFLINE;
}

static void look_at(void *ctx, int64_t id, bool is_needed, int64_t messages)
{
    struct look *l = ctx;
    if (l->is_full)
        return;
    if (!is_needed && !is_connected(l->hub, id)) {
        l->is_full = l->count == FIELD_IDS_MAX || (l->count && l->messages + messages > SWEEP_MESSAGES);
        if (l->is_full)
            return;
        l->ids[l->count++] = id;
        l->messages += messages;
    }
    l->last_id = id;
    l->users++;
}

static void propose(struct chat *c, const struct look *l, int64_t made_before)
{
    struct command command = {.kind = COMMAND_SWEEP_VISITORS, .actor = COMMAND_ACTOR_SYSTEM};
    fields_set(&command.f, F_UNTIL, made_before);
    memcpy(command.f.ids, l->ids, sizeof command.f.ids);
    command.f.id_count = (uint8_t)l->count;
    submission_forget(c, &command); /* whoever is not deleted now is found in the next round */
}

static void run(struct reader_job *job, struct store *s)
{
    struct sweep *w = (struct sweep *)job;
    struct chat *c = w->chat;
    const int64_t kept_ms = c->settings.visitor_kept_ms ? c->settings.visitor_kept_ms : SWEEP_KEPT_MS;
    const int64_t now = env_wall_ms(c->env);
    struct look look = {.hub = c->hub, .last_id = w->after_id};
    if (s && !visitors_each(s, w->after_id, SWEEP_USERS, now - kept_ms, now, look_at, &look)) {
        if (look.count)
            propose(c, &look, now - kept_ms);
        w->after_id = look.is_full || look.users == SWEEP_USERS ? look.last_id : 0;
    }
    atomic_store(&w->is_looking, false);
}

/* ------------------------------------------------------------------ the tick's thread */

struct sweep *sweep_new(struct chat *c)
{
    struct sweep *w = calloc(1, sizeof *w);
    if (w)
        *w = (struct sweep){.job = {.run = run, .lane = READER_PAGES}, .chat = c};
    return w;
}

void sweep_free(struct sweep *w)
{
    free(w);
}

void sweep_tick(struct sweep *w)
{
    const int64_t now_ms = env_wall_ms(w->chat->env);
    const int64_t every_ms = w->chat->settings.sweep_every_ms ? w->chat->settings.sweep_every_ms : SWEEP_EVERY_MS;
    if (!w->next_ms || w->next_ms > now_ms + every_ms) /* the clock was set back */
        w->next_ms = now_ms + every_ms;
    if (now_ms < w->next_ms || atomic_load(&w->is_looking))
        return;
    w->next_ms = now_ms + every_ms;
    atomic_store(&w->is_looking, true);
    if (reader_submit(w->chat->reader, &w->job))
        atomic_store(&w->is_looking, false);
}

bool sweep_is_looking(const struct sweep *w)
{
    return atomic_load(&w->is_looking);
}
