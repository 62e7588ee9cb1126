#include "http/server.h"

#include "base/diag.h"
#include "http/exchange.h"
#include "http/head.h"
#include "http/listeners.h"
#include "http/request.h"
#include "http/routes.h"
#include "http/server_internal.h"
#include "http/upgrade.h"

#include <assert.h>
#include <civetweb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    OWN_DESCRIPTORS =
        256, /* what the rest of the program may have open with low numbers: database, log, epoll, command line */
    PORTS_MAX = 32,
    OPTIONS_MAX = 128,
};

/* What Hubbub decides and CivetWeb must not: addresses come as they were sent, and the link that it makes of a
 * request (see takeover.c) has the connection's own address. */
static const char *const fixed_options[] = {"decode_url", "no", "enable_auth_domain_check", "no"};

/* ------------------------------------------------------------------ life */

/* The value of one of CivetWeb's options in the settings, or `otherwise`, its default. */
static const char *option(const struct http_settings *settings, const char *name, const char *otherwise)
{
    for (const char *const *o = settings->civetweb; *o; o += 2) {
        if (strcmp(o[0], name) == 0)
            otherwise = o[1];
    }
    return otherwise;
}

static long number_option(const struct http_settings *settings, const char *name, const char *otherwise)
{
    return strtol(option(settings, name, otherwise), NULL, 10);
}

/* What the program needs besides live sockets: a socket for each worker, those that wait for one, what CivetWeb listens on,
 * and files. */
static int64_t other_descriptors(const struct http_settings *settings)
{
    long sockets = number_option(settings, "num_threads", "50") + number_option(settings, "connection_queue", "20");
    return OWN_DESCRIPTORS + sockets + PORTS_MAX;
}

/* How many the kernel allows; INT64_MAX: no limit. */
static int64_t allowed_descriptors(void)
{
    struct rlimit files;
    return getrlimit(RLIMIT_NOFILE, &files) || files.rlim_cur == RLIM_INFINITY ? INT64_MAX : (int64_t)files.rlim_cur;
}

/* CivetWeb's sockets are numbered below, live ones from here on. With few descriptors, live sockets need some too. */
static int find_limit(const struct http_settings *settings)
{
    int64_t others = other_descriptors(settings), half = allowed_descriptors() / 2;
    return (int)(half < others ? half : others);
}

/* How many live connections the gate lets in. The kernel refuses descriptors beyond its limit only after the upgrade,
 * when it's too late for an answer: so no more are let in than have one. 0: no limit. */
static int64_t connections_max(const struct http_settings *settings)
{
    int64_t wanted = settings->max_connections, allowed = allowed_descriptors();
    if (allowed == INT64_MAX)
        return wanted;
    int64_t fit = allowed - other_descriptors(settings);
    if (fit < 1)
        fit = 1;
    if (wanted && wanted <= fit)
        return wanted;
    if (wanted)
        diag_warn("too_few_descriptors", "allowed=%lld connections=%lld max_connections=%lld hint=%s",
                  (long long)allowed, (long long)fit, (long long)wanted,
                  diag_quote("allow more open files (ulimit -n, LimitNOFILE=) or lower max_connections").s);
    return fit;
}

struct http_server *http_new(const struct http_settings *settings, const struct env *env, struct metrics *metrics)
{
    struct http_server *h = calloc(1, sizeof *h);
    if (!h)
        return NULL;
    h->settings = *settings;
    h->env = env;
    h->metrics = metrics;
    h->started_ms = env_mono_ms(env);
    atomic_init(&h->doing, "The server is starting.");
    h->range.first = STDERR_FILENO + 1;
    h->range.limit = find_limit(settings);
    h->keep_alive = strcmp(option(settings, "enable_keep_alive", "no"), "yes") == 0;
    h->keep_alive_s = (number_option(settings, "keep_alive_timeout_ms", "500") + 999) / 1000;
    h->max_head = (size_t)number_option(settings, "max_request_size", "16384");
    h->guard = guard_new(env, (int)number_option(settings, "num_threads", "50"), h->max_head);
    env_random(env, h->mark, sizeof h->mark);
    if (h->guard)
        return h;
    http_free(h);
    return NULL;
}

void http_free(struct http_server *h)
{
    if (!h)
        return;
    gate_free(h->gate);
    origins_free(h->origins); /* after the gate, which holds some */
    guard_free(h->guard);
    free(h->ws);
    free(h);
}

/* ------------------------------------------------------------------ what CivetWeb calls */

static struct http_server *server_of(const struct mg_connection *conn)
{
    return mg_get_user_data(mg_get_context(conn));
}

static void on_init_context(const struct mg_context *ctx)
{
    upgrade_install((struct mg_context *)ctx,
                    mg_get_user_data(ctx)); /* const to callbacks, but this is the moment to register handlers */
}

static void *on_init_thread(const struct mg_context *ctx, int type)
{
    enum { WORKER = 1 };
    struct http_server *h = mg_get_user_data(ctx);
    return type == WORKER ? worker_new(h) : NULL;
}

static void on_exit_thread(const struct mg_context *ctx, int type, void *worker)
{
    (void)ctx;
    (void)type;
    worker_free(worker);
}

static int on_init_connection(const struct mg_connection *conn, void **data)
{
    *data = NULL;
    worker_connected(worker_of(conn), (struct mg_connection *)conn);
    return 0;
}

/* CivetWeb has read a request whose target is "*" or another server, and would close without a word. */
static bool is_unanswered(const struct mg_connection *conn)
{
    const struct mg_request_info *r = mg_get_request_info(conn);
    return r && r->request_method && r->request_uri && !r->local_uri_raw && !worker_has_refused(worker_of(conn));
}

static void answer_lost(struct mg_connection *conn)
{
    struct exchange x;
    exchange_init(&x, server_of(conn), conn);
    routes_answer_lost(&x);
}

static void on_connection_close(const struct mg_connection *conn)
{
    worker_learn(server_of(conn), conn);
    worker_has_read(worker_of(conn));
    if (is_unanswered(conn))
        answer_lost((struct mg_connection *)conn);
    worker_disconnected(worker_of(conn));
    upgrade_abandon(conn);
}

static int on_begin_request(struct mg_connection *conn)
{
    struct exchange x;
    struct mg_request_info *r = (struct mg_request_info *)mg_get_request_info(conn); /* const to callbacks */
    worker_has_read(worker_of(conn));
    const struct refusal *no = head_check(r);
    const char *end = no ? NULL : head_end(r);
    if (!no)
        head_trim(r);
    exchange_init(&x, server_of(conn), conn);
    worker_request(x.worker, conn, end, &x.from.client);
    return no ? routes_refuse(&x, no) : routes_handle(&x);
}

static void on_end_request(const struct mg_connection *conn, int status)
{
    const struct mg_request_info *r = mg_get_request_info(conn);
    const char *path = r->local_uri ? r->local_uri : "";
    bool is_api = strncmp(path, "/api/", 5) == 0; /* a link to the page may have a code in its path */
    diag_debug("http_request", "method=%s path=%s status=%d address=%s", diag_quote(r->request_method).s,
               is_api ? diag_quote(path).s : "(page)", status, r->remote_addr);
    worker_answered(worker_of(conn), request_body_bytes(mg_get_request_info(conn)));
}

static int on_http_error(struct mg_connection *conn, int status, const char *message)
{
    (void)message; /* written for programmers */
    struct exchange x;
    worker_has_read(worker_of(conn));
    exchange_init(&x, server_of(conn), conn);
    if (status == 400 && worker_head_is_full(x.worker))
        status = 431; /* CivetWeb calls all of them malformed */
    worker_request(x.worker, conn, NULL, &x.from.client);
    routes_reject(&x, status);
    return 0;
}

static int on_log_message(const struct mg_connection *conn, const char *message)
{
    struct http_server *h = server_of(conn);
    if (pthread_equal(pthread_self(), h->starter) && h->starting) {
        if (!*h->first_complaint)
            snprintf(h->first_complaint, sizeof h->first_complaint, "%s", message);
    } else {
        diag_warn("civetweb", "message=%s", diag_quote(message).s);
    }
    return 0; /* and into error_log_file, where there is one */
}

/* ------------------------------------------------------------------ start and stop */

/* CivetWeb as it was built must be able to do what is asked of it. */
static enum err check_build(struct http_error *why)
{
    if (mg_check_feature(MG_FEATURES_WEBSOCKET))
        return OK;
    snprintf(why->text, sizeof why->text, "this build of CivetWeb %s has no WebSockets", mg_version());
    return ERR_INVALID;
}

static const char **make_options(const struct http_settings *settings)
{
    size_t n = 0, fixed = sizeof fixed_options / sizeof fixed_options[0];
    while (settings->civetweb[n])
        n++;
    const char **options = calloc(n + fixed + 1, sizeof *options);
    if (!options)
        return NULL;
    memcpy(options, settings->civetweb, n * sizeof *options);
    memcpy(options + n, fixed_options, sizeof fixed_options);
    return options;
}

static enum err start_civetweb(struct http_server *h, struct http_error *why)
{
    const struct mg_callbacks callbacks = {
        .begin_request = on_begin_request,
        .end_request = on_end_request,
        .log_message = on_log_message,
        .connection_close = on_connection_close,
        .http_error = on_http_error,
        .init_context = on_init_context,
        .init_thread = on_init_thread,
        .exit_thread = on_exit_thread,
        .init_connection = on_init_connection,
    };
    const char **options = make_options(&h->settings);
    if (!options) {
        snprintf(why->text, sizeof why->text, "%s", err_message(ERR_MEMORY));
        return ERR_MEMORY;
    }
    mg_init_library(MG_FEATURES_DEFAULT);
    h->starter = pthread_self();
    h->starting = true;
    h->ctx = mg_start(&callbacks, h, options);
    h->starting = false;
    free(options);
    if (h->ctx)
        return OK;
    mg_exit_library();
    return listeners_explain(h->first_complaint, why);
}

static enum err find_listeners(struct http_server *h, struct http_error *why)
{
    int highest = listeners_address(h->ctx, h->range.limit, h->address, sizeof h->address);
    if (highest >= 0) {
        h->range.first = highest + 1;
        return OK;
    }
    snprintf(why->text, sizeof why->text,
             "cannot find the sockets that CivetWeb listens on among the first %d descriptors", h->range.limit);
    return ERR_IO;
}

enum err http_start(struct http_server *h, struct http_error *why)
{
    enum err e = check_build(why);
    if (!e)
        e = start_civetweb(h, why);
    if (!e)
        e = find_listeners(h, why);
    if (e) {
        http_stop(h);
        return e;
    }
    if (!mg_check_feature(MG_FEATURES_IPV6) && strncmp(h->address, "0.0.0.0:", 8) == 0)
        diag_info("ipv4_only", "address=%s reason=\"this build of CivetWeb has no IPv6; a proxy can listen there\"",
                  h->address);
    listeners_greet(h->ctx, h->range.limit); /* for worker_learn() */
    listeners_wait_for_data(h->ctx, h->range.limit);
    return OK;
}

void http_tell(struct http_server *h, const char *what)
{
    atomic_store(&h->doing, what);
}

enum err http_open(struct http_server *h, struct chat *chat, struct ws *const *ws, int ws_count)
{
    const struct http_settings *settings = &h->settings;
    h->origins = origins_new(h->env, h->metrics, &chat->settings, settings->rate_newcomers_per_min,
                             settings->rate_newcomers_burst);
    h->gate = gate_new(connections_max(settings), settings->max_connections_per_address, h->origins);
    h->ws = calloc((size_t)ws_count, sizeof(struct ws *));
    if (!h->origins || !h->gate || !h->ws)
        return ERR_MEMORY;
    memcpy(h->ws, ws, (size_t)ws_count * sizeof(struct ws *));
    h->ws_count = ws_count;
    h->chat = chat;
    waits_limit(&chat->waits, (int)number_option(settings, "num_threads", "50"));
    atomic_store_explicit(&h->open, true, memory_order_release);
    return OK;
}

void http_address(const struct http_server *h, char *address, size_t size)
{
    snprintf(address, size, "%s", h->address);
}

void http_live_closed(void *ctx, void *tag)
{
    struct http_server *h = ctx;
    gate_leave(h->gate, tag);
}

void http_drain(struct http_server *h)
{
    atomic_store(&h->draining, true);
}

void http_stop(struct http_server *h)
{
    if (!h->ctx)
        return;
    listeners_shut(h->ctx, h->range.limit);
    guard_stop(h->guard);
    mg_stop(h->ctx);
    h->ctx = NULL;
    mg_exit_library();
}
