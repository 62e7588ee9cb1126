/* runtime_client.h - connections to the chat of runtime.h, which includes this: opening them, saying something, and
 * what was heard. */
#ifndef HUBBUB_TESTS_LIB_RUNTIME_CLIENT_H
#define HUBBUB_TESTS_LIB_RUNTIME_CLIENT_H

#include <sqlite3.h>

static void rt_wake(void *conn)
{
    (void)conn;
}

static void rt_flush(void *conn)
{
    struct client *c = conn;
    if (c->session)
        rt_drain(c);
}

static void rt_ready(void *conn)
{
    ((struct client *)conn)->readies++;
}

static void rt_cut(void *conn)
{
    struct client *c = conn;
    c->is_closed = true;
    c->why = ERR_TOO_SLOW;
    outbox_clear(session_outbox(c->session), &rt.chat->settings.outbox);
}

static void rt_on_close(void *conn, enum err why, const char *reason)
{
    struct client *c = conn;
    c->is_closed = true;
    c->why = why;
    snprintf(c->reason, sizeof c->reason, "%s", reason);
}

static const struct session_io rt_io = {rt_wake, rt_flush, rt_ready, rt_cut, rt_on_close};

static inline struct client *rt_open_client(const struct hub_entrant *entrant, const struct caller *caller)
{
    struct person *person;
    assert_true(rt.client_count < RT_CLIENTS);
    struct client *c = mem_must_calloc(1, sizeof *c);
    rt.clients[rt.client_count++] = c;
    assert_int_equal(hub_enter(rt.chat->hub, entrant, &person), OK);
    assert_int_equal(session_open(rt.chat, hub_shard(rt.chat->hub, 0), person, caller, &rt_io, c, &c->session), OK);
    return c;
}

static inline void rt_fill_caller(int64_t user_id, struct caller *out)
{
    *out = (struct caller){.kind = COMMAND_ACTOR_ACCOUNT,
                           .user_id = user_id,
                           .session_id = 1000 + user_id,
                           .known_ms = rt.now_ms,
                           .scope = SCOPE_ADMIN,
                           .address = "192.0.2.1"};
}

/* That session, in the database too: for what looks whether it is there. */
static inline void rt_store_session(int64_t user_id)
{
    char sql[256];
    sqlite3 *db;
    snprintf(sql, sizeof sql,
             "INSERT INTO sessions (id, user_id, token_hash, device, address, created_at, seen_at, expires_at) "
             "VALUES (%lld, %lld, randomblob(32), '', '', 1, 1, 9000000000000)",
             (long long)(1000 + user_id), (long long)user_id);
    assert_int_equal(sqlite3_open_v2(rt.path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static inline struct client *rt_connect_as(const struct caller *caller)
{
    char fold[NAME_KEY_BYTES];
    struct directory_user u;
    assert_true(directory_user(rt.chat->directory, caller->user_id, &u));
    assert_int_equal(name_fold(rt.chat->names, span_of(u.name), fold), OK);
    struct hub_entrant entrant = {.kind = u.kind == USER_ACCOUNT ? PERSON_ACCOUNT : PERSON_GUEST,
                                  .user_id = u.id,
                                  .name = span_of(u.name),
                                  .fold = span_of(fold)};
    return rt_open_client(&entrant, u.kind == USER_ACCOUNT ? caller : NULL);
}

/* An account (by its browser) or a guest, who has got the welcome. */
static inline struct client *rt_connect(int64_t user_id)
{
    struct caller caller;
    rt_fill_caller(user_id, &caller);
    struct client *c = rt_connect_as(&caller);
    rt_run();
    return c;
}

static inline struct client *rt_visit(const char *name)
{
    struct hub_entrant entrant = {
        .kind = PERSON_VISITOR, .name = span_of(name), .fold = span_of(name), .made_up = true};
    env_random(&rt.env, entrant.key, sizeof entrant.key);
    struct client *c = rt_open_client(&entrant, NULL);
    rt_run();
    return c;
}

/* What the client says, without a turn for anybody; and with. */
static inline void rt_text(struct client *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
static inline void rt_text(struct client *c, const char *format, ...)
{
    char text[4096];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    session_text(c->session, span_of(text));
}

#define rt_say(c, ...) (rt_text(c, __VA_ARGS__), rt_run())

/* Forgets what a client has heard so far. */
static inline void rt_forget(struct client *c)
{
    buf_clear(&c->said);
}

static inline void rt_forget_all(void)
{
    for (size_t i = 0; i < rt.client_count; i++)
        rt_forget(rt.clients[i]);
}

static inline const char *rt_heard(struct client *c)
{
    buf_add_char(&c->said, 0);
    c->said.len--;
    return c->said.p;
}

/* Whether a frame with this in it has been heard. */
static inline bool rt_has(struct client *c, const char *part)
{
    return strstr(rt_heard(c), part) != NULL;
}

/* How often it has been heard. */
static inline size_t rt_times(struct client *c, const char *part)
{
    size_t n = 0;
    for (const char *at = rt_heard(c); (at = strstr(at, part)); at += strlen(part))
        n++;
    return n;
}

/* A text with numbers in it. */
static inline const char *rt_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
static inline const char *rt_format(const char *format, ...)
{
    static char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return text;
}

#define assert_heard(c, part)                                                                                          \
    do {                                                                                                               \
        if (!rt_has(c, part))                                                                                          \
            fail_msg("not heard: %s\nbut:\n%s", part, rt_heard(c));                                                    \
    } while (0)

#define assert_not_heard(c, part)                                                                                      \
    do {                                                                                                               \
        if (rt_has(c, part))                                                                                           \
            fail_msg("heard: %s\nin:\n%s", part, rt_heard(c));                                                         \
    } while (0)

/* The number that follows in what has been heard, as in `"room":`; fails when there is none. */
static inline int64_t rt_number(struct client *c, const char *after)
{
    const char *at = strstr(rt_heard(c), after);
    if (!at)
        fail_msg("no %s in:\n%s", after, rt_heard(c));
    return strtoll(at + strlen(after), NULL, 10);
}

/* A room, made by somebody connected; its id. */
static inline int64_t rt_room(struct client *by, const char *name, const char *kind, const char *history)
{
    rt_forget(by);
    rt_say(by, "{\"type\":\"create_room\",\"id\":\"make\",\"name\":\"%s\",\"kind\":\"%s\",\"history\":\"%s\"}", name,
           kind, history);
    int64_t id = rt_number(by, "{\"type\":\"ack\",\"id\":\"make\",\"room\":");
    rt_forget(by);
    return id;
}

static inline void rt_send(struct client *by, int64_t room, const char *body)
{
    static int64_t sends;
    rt_say(by, "{\"type\":\"send\",\"id\":\"s%lld\",\"room\":%lld,\"body\":\"%s\"}", (long long)++sends,
           (long long)room, body);
}

#endif
