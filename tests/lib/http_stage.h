/* http_stage.h - the HTTP layer with CivetWeb on a free port, for tests, and what it stands on played: who may come in, and where live sockets
 * go. For one test program: it defines the functions that it plays, which then win over those of the libraries. */
#ifndef HUBBUB_TESTS_HTTP_STAGE_H
#define HUBBUB_TESTS_HTTP_STAGE_H

#include "chat/guest.h"
#include "http/gate.h"
#include "http/server.h"
#include "http/server_internal.h"
#include "http_client.h"

#include <dirent.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>

/* ------------------------------------------------------------------ what is played */

struct ws {
    int unused;
};

enum { ADOPTED_MAX = 64 };

static struct {
    pthread_mutex_t lock;
    pthread_cond_t change;
    struct {
        struct ws *ws;
        int fd;
        struct person *who;
        void *tag;
    } adopted[ADOPTED_MAX];
    int adopted_count, people; /* references out */
    char visitor[64];          /* the name that the last visitor asked for */
} played = {.lock = PTHREAD_MUTEX_INITIALIZER, .change = PTHREAD_COND_INITIALIZER};

void ws_adopt(struct ws *w, int fd, struct person *who, void *tag)
{
    pthread_mutex_lock(&played.lock);
    assert_true(played.adopted_count < ADOPTED_MAX);
    int i = played.adopted_count++;
    played.adopted[i].ws = w;
    played.adopted[i].fd = fd;
    played.adopted[i].who = who;
    played.adopted[i].tag = tag;
    pthread_cond_signal(&played.change);
    pthread_mutex_unlock(&played.lock);
}

static inline enum err enter(struct person **out)
{
    *out = calloc(1, sizeof **out);
    pthread_mutex_lock(&played.lock);
    played.people++;
    pthread_mutex_unlock(&played.lock);
    return *out ? OK : ERR_MEMORY;
}

void hub_person_release(struct hub *h, struct person *p)
{
    (void)h;
    free(p);
    pthread_mutex_lock(&played.lock);
    played.people--;
    pthread_cond_signal(&played.change);
    pthread_mutex_unlock(&played.lock);
}

enum err guest_from_cookie(struct chat *c, struct span cookie, struct guest *out)
{
    (void)c;
    if (!span_equal(cookie, span_of("good")))
        return ERR_UNAUTHORIZED;
    *out = (struct guest){.id = 7, .name = "Anna", .cookie = "good"};
    return OK;
}

enum err guest_register(struct chat *c, struct span name, struct guest *out, const char **why)
{
    (void)c;
    if (span_equal(name, span_of("taken")))
        return ERR_NAME_TAKEN;
    if (name.len == 0 || name.len >= sizeof out->name) {
        *why = "A name has 1 to 32 characters.";
        return ERR_INVALID;
    }
    *out = (struct guest){.id = 8, .cookie = "fresh"};
    memcpy(out->name, name.p, name.len);
    return OK;
}

enum err guest_rename(struct chat *c, const struct guest *who, struct span name, struct guest *out, const char **why)
{
    enum err e = guest_register(c, name, out, why);
    if (!e)
        out->id = who->id;
    return e;
}

enum err guest_enter(struct chat *c, const struct guest *who, struct person **out)
{
    (void)c;
    assert_int_equal(who->id, 7);
    return enter(out);
}

enum err guest_enter_visitor(struct chat *c, struct span name, struct person **out, const char **why)
{
    (void)c;
    *why = NULL;
    if (span_equal(name, span_of("taken")))
        return ERR_NAME_TAKEN;
    if (span_equal(name, span_of("closed")))
        return ERR_FORBIDDEN;
    assert_true(name.len < sizeof played.visitor);
    if (name.len)
        memcpy(played.visitor, name.p, name.len);
    played.visitor[name.len] = 0;
    return enter(out);
}

/* ------------------------------------------------------------------ one server per test */

static struct chat chat;
static struct metrics metrics;
static struct http_server *server;
static struct ws transports[2];
static int port, descriptors_before;

static inline int count_descriptors(void)
{
    int n = 0;
    DIR *dir = opendir("/proc/self/fd");
    while (readdir(dir))
        n++;
    closedir(dir);
    return n;
}

static const char *const usual_options[] = {
    "listening_ports",
    "127.0.0.1:0",
    "num_threads",
    "4",
    "connection_queue",
    "128",
    "request_timeout_ms",
    "2000",
    "enable_keep_alive",
    "yes",
    "max_request_size",
    "16384",
    "keep_alive_timeout_ms",
    "500",
    "tcp_nodelay",
    "1",
    "listen_backlog",
    "1024",
    NULL,
};

static const struct http_settings usual = {
    .civetweb = usual_options,
    .allowed_origins = "https://friend.example",
    .metrics_allow = "127.0.0.1",
    .max_connections = 8,
    .max_connections_per_address = 6,
};

static inline enum err start(const struct http_settings *settings, struct http_error *why)
{
    char address[64];
    struct ws *const both[] = {&transports[0], &transports[1]};
    memset(&chat, 0, sizeof chat);
    memset(&metrics, 0, sizeof metrics);
    metric_set(&metrics.storage_ok, 1);
    chat.env = env_system();
    played.adopted_count = 0;
    server = http_new(settings, &chat, &metrics);
    assert_non_null(server);
    enum err e = http_start(server, both, 2, why);
    if (e)
        return e;
    http_address(server, address, sizeof address);
    assert_int_equal(sscanf(address, "127.0.0.1:%d", &port), 1);
    return OK;
}

static inline int set_up(void **state)
{
    (void)state;
    struct http_error why;
    descriptors_before = count_descriptors();
    return start(&usual, &why) == OK ? 0 : -1;
}

/* Nothing may be left: no place at the gate, no reference to a person. A connection that was accepted in the moment of stopping is not closed by
 * CivetWeb, so where clients were left waiting, descriptors are not counted. */
static inline int tear_down_untidy(void **state)
{
    (void)state;
    http_stop(server);
    assert_int_equal(gate_count(server->gate), 0);
    assert_int_equal(played.people, 0);
    http_free(server);
    return 0;
}

/* And no descriptor. */
static inline int tear_down(void **state)
{
    tear_down_untidy(state);
    assert_int_equal(count_descriptors(), descriptors_before);
    return 0;
}

#define HOST    "Host: 127.0.0.1\r\n"
#define KEY     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
#define VERSION "Sec-WebSocket-Version: 13\r\n"
#define UPGRADE "Connection: Upgrade\r\nUpgrade: websocket\r\n"
#define SHAKE   HOST UPGRADE KEY VERSION
#define JSON    "Content-Type: application/json\r\n"
#define END     "\r\n"

static inline void upgrade(struct client *c, const char *path, const char *lines)
{
    char text[1024];
    *c = client_open(port);
    snprintf(text, sizeof text, "GET %s HTTP/1.1\r\n" SHAKE "%s" END, path, lines);
    client_say(c, text);
}

static inline void wait_adopted(int n)
{
    pthread_mutex_lock(&played.lock);
    while (played.adopted_count < n)
        pthread_cond_wait(&played.change, &played.lock);
    pthread_mutex_unlock(&played.lock);
}

static inline void wait_people(int n)
{
    pthread_mutex_lock(&played.lock);
    while (played.people != n)
        pthread_cond_wait(&played.change, &played.lock);
    pthread_mutex_unlock(&played.lock);
}

/* What the transport does at the end of a live socket. */
static inline void drop_adopted(int i)
{
    close(played.adopted[i].fd);
    hub_person_release(NULL, played.adopted[i].who);
    http_live_closed(server, played.adopted[i].tag);
}

#endif
