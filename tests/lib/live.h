/* live.h - a whole chat with its writer and readers, and no reactor: for tests of what HTTP workers call. The clocks
 * stand still until a test moves them. Tasks for the one shard are kept until live_tasks(). */
#ifndef HUBBUB_TESTS_LIB_LIVE_H
#define HUBBUB_TESTS_LIB_LIVE_H

#include "base/diag.h"
#include "base/secret.h"
#include "chat/chat.h"
#include "chat/core/submission.h"
#include "query.h"
#include "temporary.h"
#include "unit.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define WITH_LIVE(test) cmocka_unit_test_setup_teardown(test, live_setup, live_teardown)

static struct {
    char dir[64], path[96];
    struct store *store;
    struct reader *reader;
    struct chat *chat;
    struct metrics metrics;
    pthread_mutex_t lock;
    struct task_list tasks;
    _Atomic int64_t passed_ms; /* since the start, on both clocks */
    _Atomic int64_t set_ms;    /* how far the wall's clock was set, back when it is negative */
} live;

static const int64_t live_start_ms = INT64_C(1790000000000);

static inline int64_t live_wall_ms(void *ctx)
{
    (void)ctx;
    return live_start_ms + atomic_load(&live.passed_ms) + atomic_load(&live.set_ms);
}

static inline int64_t live_mono_ns(void *ctx)
{
    (void)ctx;
    return (1000 + atomic_load(&live.passed_ms)) * 1000000;
}

static inline void live_random(void *ctx, uint8_t *out, size_t len)
{
    (void)ctx;
    env_random(env_system(), out, len);
}

static const struct env live_env = {live_wall_ms, live_mono_ns, live_random, NULL};

static inline void pass_ms(int64_t ms)
{
    atomic_fetch_add(&live.passed_ms, ms);
}

static inline void set_clock_ms(int64_t ms)
{
    atomic_fetch_add(&live.set_ms, ms);
}

static inline void live_post(void *ctx, struct task *task)
{
    (void)ctx;
    pthread_mutex_lock(&live.lock);
    task_list_push(&live.tasks, task);
    pthread_mutex_unlock(&live.lock);
}

/* Runs what has been posted to the shard. */
static inline void live_tasks(void)
{
    for (;;) {
        pthread_mutex_lock(&live.lock);
        struct task *t = task_list_pop(&live.tasks);
        pthread_mutex_unlock(&live.lock);
        if (!t)
            return;
        t->run(t);
    }
}

static inline int live_setup(void **state)
{
    struct store_error why;
    (void)state;
    diag_open(NULL, DIAG_WARN);
    memset(&live, 0, sizeof live);
    pthread_mutex_init(&live.lock, NULL);
    task_list_init(&live.tasks);
    if (!temporary_database(live.dir, live.path, "live"))
        return -1;
    struct store_options options = {.path = live.path};
    struct store_options read_only = {.path = live.path, .read_only = true};
    if (store_open(&options, &live.store, &why) || reader_open(&read_only, 2, 4096, &live.metrics, &live.reader, &why))
        return -1;
    struct chat_options chat = {
        .settings = {.server_name = "Hubbub",
                     .allow_guests = true,
                     .signup = SIGNUP_INVITE,
                     .password_threads = 2,
                     .message_max_bytes = 16384,
                     .history_on_join = 50,
                     .outbox = {.frames = 256, .bytes = 1 << 20}},
        .env = &live_env,
        .metrics = &live.metrics,
        .store = live.store,
        .reader = live.reader,
        .writer = {.queue_commands = 65536, .commit_max_commands = 1024, .commit_max_bytes = 262144},
        .shards = 1,
    };
    static const struct mailbox mailbox = {.post = live_post};
    if (chat_open(&chat, &live.chat))
        return -1;
    chat_attach(live.chat, 0, &mailbox);
    return chat_start_passwords(live.chat) || log_start(live.chat->log) || reader_start(live.reader) ? -1 : 0;
}

static inline int live_teardown(void **state)
{
    (void)state;
    log_close_queue(live.chat->log);
    log_stop(live.chat->log);
    reader_stop(live.reader);
    live_tasks();
    chat_close(live.chat);
    reader_free(live.reader);
    store_close(live.store);
    pthread_mutex_destroy(&live.lock);
    return temporary_remove(live.dir, live.path);
}

static inline int64_t live_query(const char *sql)
{
    return query_number(live.path, sql);
}

/* A command on its own. */
static inline struct outcome live_run(struct command *c)
{
    struct outcome out = {.result = OK};
    enum err e = submission_wait(live.chat, c, &out);
    if (e)
        fail_msg("refused: %s (%s)", err_code(e), out.why ? out.why : "");
    return out;
}

static inline struct command live_command(int64_t user_id, enum command_kind kind)
{
    return (struct command){.kind = kind,
                            .actor = user_id ? COMMAND_ACTOR_ACCOUNT : COMMAND_ACTOR_SYSTEM,
                            .actor_id = user_id,
                            .actor_name = span_of("somebody")};
}

#endif
