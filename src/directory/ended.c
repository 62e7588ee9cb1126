#include "directory/ended.h"

#include "base/mem.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum note_kind { NOTE_SESSION, NOTE_TOKEN, NOTE_USER };

struct note {
    enum note_kind kind;
    int64_t id, keep_id, at_ms;
};

struct ended {
    const struct env *env;
    pthread_mutex_t lock;
    struct note *notes; /* in the order of their times */
    size_t count, cap;
};

struct ended *ended_new(const struct env *env)
{
    struct ended *e = calloc(1, sizeof *e);
    if (!e)
        return NULL;
    e->env = env;
    pthread_mutex_init(&e->lock, NULL);
    return e;
}

void ended_free(struct ended *e)
{
    if (!e)
        return;
    pthread_mutex_destroy(&e->lock);
    free(e->notes);
    free(e);
}

/* Under the lock. */
static void forget_old(struct ended *e, int64_t now_ms)
{
    size_t old = 0;
    while (old < e->count && e->notes[old].at_ms < now_ms - ENDED_KEPT_MS)
        old++;
    if (!old)
        return;
    e->count -= old;
    memmove(e->notes, e->notes + old, e->count * sizeof *e->notes);
}

static void add(struct ended *e, enum note_kind kind, int64_t id, int64_t keep_id)
{
    pthread_mutex_lock(&e->lock);
    int64_t now_ms = env_mono_ms(e->env); /* under the lock: so the times are in order */
    forget_old(e, now_ms);
    if (e->count == e->cap) {
        e->cap = e->cap ? e->cap * 2 : 16;
        e->notes = mem_must_resize(e->notes, e->cap, sizeof *e->notes);
    }
    e->notes[e->count++] = (struct note){kind, id, keep_id, now_ms};
    pthread_mutex_unlock(&e->lock);
}

void ended_session(struct ended *e, int64_t session_id)
{
    add(e, NOTE_SESSION, session_id, 0);
}

void ended_token(struct ended *e, int64_t token_id)
{
    add(e, NOTE_TOKEN, token_id, 0);
}

void ended_user(struct ended *e, int64_t user_id, int64_t keep_id)
{
    add(e, NOTE_USER, user_id, keep_id);
}

static bool is_meant(const struct note *n, const struct caller *who)
{
    switch (n->kind) {
    case NOTE_SESSION:
        return n->id == who->session_id;
    case NOTE_TOKEN:
        return n->id == who->token_id;
    case NOTE_USER:
        return n->id == who->user_id && (!n->keep_id || (who->session_id && who->session_id != n->keep_id));
    }
    return false;
}

enum err ended_check(struct ended *e, const struct caller *who)
{
    bool refused = false;
    pthread_mutex_lock(&e->lock);
    int64_t now_ms = env_mono_ms(e->env);
    if (who->known_ms < now_ms - ENDED_KEPT_MS)
        refused = true;
    for (size_t i = e->count; i && !refused && e->notes[i - 1].at_ms >= who->known_ms; i--)
        refused = is_meant(&e->notes[i - 1], who);
    pthread_mutex_unlock(&e->lock);
    return refused ? ERR_SESSION_ENDED : OK;
}
