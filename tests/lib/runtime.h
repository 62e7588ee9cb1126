/* runtime.h - a whole chat on a real database, with people and connections, on one thread: the writer, the reader and
 * the shard's tasks take their turns in rt_run(), so that a test says in which order things happen. With rt_start() the
 * writer and the reader have threads of their own, for what waits.
 *
 * The first account is the owner, with id 1, and a moderator of the lobby, which has id 1 too. */
#ifndef HUBBUB_TESTS_LIB_RUNTIME_H
#define HUBBUB_TESTS_LIB_RUNTIME_H

#include "base/diag.h"
#include "base/mem.h"
#include "base/secret.h"
#include "chat/admit/standing.h"
#include "chat/announce/presence.h"
#include "chat/chat.h"
#include "chat/core/submission.h"
#include "chat/session_life.h"
#include "directory/people.h"
#include "directory/rooms.h"
#include "temporary.h"
#include "unit.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WITH_RUNTIME(test) cmocka_unit_test_setup_teardown(test, rt_setup, rt_teardown)

enum { RT_CLIENTS = 256, LOBBY = 1, OWNER = 1 };

/* A connection: what it has been sent, one frame in a line. */
struct client {
    struct session *session;
    struct buf bytes; /* not yet a whole frame */
    struct buf said;
    bool stalled; /* the socket takes nothing */
    bool is_closed;
    int readies; /* how often io->ready was called */
    enum err why;
    char reason[64];
};

static struct {
    char dir[64], path[96];
    struct store *store;
    struct reader *reader;
    struct metrics metrics;
    struct chat *chat;
    struct env env;
    int64_t now_ms;
    uint64_t random;
    pthread_mutex_t lock; /* of the tasks */
    struct task_list tasks;
    struct client *clients[RT_CLIENTS];
    size_t client_count;
    bool has_threads;
} rt;

/* ------------------------------------------------------------------ time and chance */

static int64_t rt_wall_ms(void *ctx)
{
    (void)ctx;
    return rt.now_ms;
}

static int64_t rt_mono_ns(void *ctx)
{
    (void)ctx;
    return rt.now_ms * 1000000;
}

static void rt_random(void *ctx, uint8_t *out, size_t len)
{
    (void)ctx;
    for (size_t i = 0; i < len; i++) {
        rt.random = rt.random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        out[i] = (uint8_t)(rt.random >> 56);
    }
}

/* ------------------------------------------------------------------ turns */

static void rt_post(void *ctx, struct task *t)
{
    (void)ctx;
    pthread_mutex_lock(&rt.lock);
    task_list_push(&rt.tasks, t);
    pthread_mutex_unlock(&rt.lock);
}

/* One task; false: there was none. */
static inline bool rt_task(void)
{
    pthread_mutex_lock(&rt.lock);
    struct task *t = task_list_pop(&rt.tasks);
    pthread_mutex_unlock(&rt.lock);
    if (t)
        t->run(t);
    return t != NULL;
}

static inline bool rt_tasks(void)
{
    bool any = false;
    while (rt_task())
        any = true;
    return any;
}

/* Takes the frames that are whole out of what was sent: RFC 6455, from a server. */
static inline void rt_split(struct client *c)
{
    for (;;) {
        const uint8_t *p = (const uint8_t *)c->bytes.p;
        size_t head = 2, len = c->bytes.len >= 2 ? p[1] : 0;
        if (c->bytes.len < 2)
            return;
        if (len == 126) {
            head = 4;
            len = c->bytes.len >= head ? (size_t)p[2] << 8 | p[3] : 0;
        } else if (len == 127) {
            head = 10;
            len = 0;
            for (size_t i = 2; c->bytes.len >= head && i < 10; i++)
                len = len << 8 | p[i];
        }
        if (c->bytes.len < head + len || c->bytes.len < head)
            return;
        assert_int_equal(p[0], 0x81);
        buf_add(&c->said, c->bytes.p + head, len);
        buf_add_char(&c->said, '\n');
        memmove(c->bytes.p, c->bytes.p + head + len, c->bytes.len - head - len);
        c->bytes.len -= head + len;
    }
}

/* The socket takes what is queued. */
static inline bool rt_drain(struct client *c)
{
    struct iovec iov[64];
    bool any = false;
    struct outbox *o = session_outbox(c->session);
    while (!c->stalled && !outbox_is_empty(o)) {
        size_t n = outbox_gather(o, iov, 64), total = 0;
        for (size_t i = 0; i < n; i++) {
            buf_add(&c->bytes, iov[i].iov_base, iov[i].iov_len);
            total += iov[i].iov_len;
        }
        outbox_consume(o, total, &rt.chat->settings.outbox);
        any = true;
    }
    rt_split(c);
    return any;
}

/* Until nothing is left to do. */
static inline void rt_run(void)
{
    bool any = true;
    while (any) {
        any = !rt.has_threads && log_step(rt.chat->log) > 0;
        any |= !rt.has_threads && reader_step(rt.reader);
        any |= rt_tasks();
        for (size_t i = 0; i < rt.client_count; i++) {
            struct client *c = rt.clients[i];
            if (c->session && !c->is_closed && rt_drain(c)) {
                session_drained(c->session);
                any = true;
            }
        }
    }
}

/* ------------------------------------------------------------------ life */

static inline void rt_open(void)
{
    struct store_error why;
    struct store_options options = {.path = rt.path};
    assert_int_equal(store_open(&options, &rt.store, &why), OK);
    options.read_only = true;
    assert_int_equal(reader_open(&options, 1, 1024, &rt.metrics, &rt.reader, &why), OK);
    struct chat_options chat = {
        .settings = {.server_name = "Test",
                     .allow_guests = true,
                     .signup = SIGNUP_OPEN,
                     .message_max_bytes = 16384,
                     .history_on_join = 10,
                     .outbox = {.frames = 256, .bytes = 1 << 20},
                     .reconnect_spread_ms = 1000},
        .env = &rt.env,
        .metrics = &rt.metrics,
        .store = rt.store,
        .reader = rt.reader,
        .writer = {65536, 1024, 256 * 1024},
        .shards = 1,
    };
    assert_int_equal(chat_open(&chat, &rt.chat), OK);
    struct mailbox mailbox = {rt_post, NULL};
    chat_attach(rt.chat, 0, &mailbox);
}

static inline void rt_client_close(struct client *c)
{
    if (c->session)
        session_close(c->session);
    c->session = NULL;
}

static inline void rt_close(void)
{
    for (size_t i = 0; i < rt.client_count; i++) {
        rt_client_close(rt.clients[i]);
        buf_release(&rt.clients[i]->bytes);
        buf_release(&rt.clients[i]->said);
        free(rt.clients[i]);
    }
    rt.client_count = 0;
    log_stop(rt.chat->log);
    reader_stop(rt.reader);
    rt_tasks();
    chat_close(rt.chat);
    reader_free(rt.reader);
    store_close(rt.store);
}

/* From here on what waits can be waited for. */
static inline void rt_start(void)
{
    assert_int_equal(log_start(rt.chat->log), OK);
    assert_int_equal(reader_start(rt.reader), OK);
    rt.has_threads = true;
}

static const struct caller rt_system = {.kind = COMMAND_ACTOR_SYSTEM, .scope = SCOPE_ADMIN};

/* Carries a command out as the system; the id that came of it is looked up by the caller. */
static inline void rt_command(struct command *c)
{
    if (!c->actor_name.len)
        c->actor_name = span_of("admin");
    if (rt.has_threads) {
        struct outcome o;
        assert_int_equal(submission_wait(rt.chat, c, &o), OK);
    } else {
        assert_int_equal(submission_forget(rt.chat, c), OK);
        rt_run();
    }
}

static inline int64_t rt_id_of(const char *name)
{
    char fold[NAME_KEY_BYTES];
    assert_int_equal(name_fold(rt.chat->names, span_of(name), fold), OK);
    return directory_user_by_fold(rt.chat->directory, span_of(fold));
}

static inline int64_t rt_add(enum command_kind kind, const char *name)
{
    char fold[NAME_KEY_BYTES];
    struct command c = {.kind = kind, .actor = COMMAND_ACTOR_VISITOR, .name = span_of(name)};
    assert_int_equal(name_fold(rt.chat->names, span_of(name), fold), OK);
    assert_int_equal(rt_id_of(name), 0); /* else this one looks like it */
    c.fold = span_of(fold);
    c.actor_name = c.name;
    env_random(&rt.env, c.actor_key, sizeof c.actor_key);
    fields_set_text(&c.f, F_PASSWORD, span_of("x"));
    rt_command(&c);
    int64_t id = rt_id_of(name);
    assert_true(id > 0);
    return id;
}

static inline int64_t rt_account(const char *name)
{
    return rt_add(COMMAND_SIGN_UP, name);
}

static inline int64_t rt_guest(const char *name)
{
    return rt_add(COMMAND_GUEST_REGISTER, name);
}

static inline void rt_set_role(int64_t user_id, enum role role)
{
    struct command c = {.kind = COMMAND_SET_ROLE, .actor = COMMAND_ACTOR_SYSTEM};
    fields_set(&c.f, F_USER, user_id);
    fields_set(&c.f, F_ROLE, role);
    rt_command(&c);
    assert_int_equal(directory_role(rt.chat->directory, user_id), role);
}

static inline int rt_setup(void **state)
{
    (void)state;
    diag_open(NULL, DIAG_ERROR);
    secret_init();
    memset(&rt, 0, sizeof rt);
    pthread_mutex_init(&rt.lock, NULL);
    task_list_init(&rt.tasks);
    rt.now_ms = INT64_C(1790000000000);
    rt.random = 1;
    rt.env = (struct env){rt_wall_ms, rt_mono_ns, rt_random, NULL};
    if (!temporary_database(rt.dir, rt.path, "runtime"))
        return -1;
    rt_open();
    assert_int_equal(rt_add(COMMAND_SET_UP, "olga"), OWNER);
    return 0;
}

static inline int rt_teardown(void **state)
{
    (void)state;
    rt_close();
    pthread_mutex_destroy(&rt.lock);
    return temporary_remove(rt.dir, rt.path);
}

/* The newest event of a room. */
static inline int64_t rt_last(int64_t room_id)
{
    struct directory_room r;
    assert_true(directory_room(rt.chat->directory, room_id, 0, &r, NULL, NULL));
    return r.last_seq;
}

#include "runtime_client.h"

#endif
