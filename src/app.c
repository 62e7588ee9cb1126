#include "app.h"

#include "base/diag.h"
#include "chat/chat.h"
#include "chat/submit/proposal.h"
#include "cli/control.h"
#include "http/probe.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { LINGER_MS = 5000 }; /* a client that is told to go may take this long to read what is left */

static void explain(struct app_error *why, const char *text)
{
    snprintf(why->text, sizeof why->text, "%s", text);
}

enum err app_check_ports(const struct config *config, struct app_error *why)
{
    struct http_error http_why;
    enum err e = http_probe(config->listening_ports, &http_why);
    if (e)
        explain(why, http_why.text);
    return e;
}

static void write_settings(void *ctx, struct buf *json)
{
    const struct app *a = ctx;
    config_write_json(a->config, json);
}

static void tell(struct app *a, const char *what)
{
    if (a->http)
        http_tell(a->http, what);
}

static struct store_options database_options(struct app *a)
{
    return (struct store_options){
        .path = a->datadir.database,
        .wal_limit_bytes = a->config->wal_limit_bytes,
        .metrics = &a->metrics,
    };
}

static enum err open_database(struct app *a, struct app_error *why)
{
    struct datadir_error datadir_why;
    struct store_error store_why;
    struct store_position at;
    struct store_options store = database_options(a);
    store.must_exist = !a->may_make || a->datadir.has_key;
    tell(a, "The server is starting: opening the database, and upgrading it if needed.");
    enum err e = store_open(&store, &a->store, &store_why);
    if (e) {
        explain(why, store_why.text);
        return e;
    }
    snprintf(why->text, sizeof why->text, "cannot read the database %s; see the log for the reason",
             a->datadir.database);
    if ((e = store_position_get(a->store, &at)))
        return e;
    if ((e = datadir_need_key(&a->datadir, at.number > 0, &datadir_why))) {
        explain(why, datadir_why.text);
        return e;
    }
    return mark_open(&a->mark, a->datadir.mark, a->datadir.database, a->store, store_was_unclean(a->store));
}

static enum err open_readers(struct app *a, struct app_error *why)
{
    struct store_error store_why;
    struct store_options store = database_options(a);
    store.read_only = true;
    enum err e = reader_open(&store, (int)a->config->reader_threads, a->config->reader_queue, &a->metrics, &a->reader,
                             &store_why);
    if (e)
        explain(why, store_why.text);
    return e;
}

static enum err open_chat(struct app *a, int shards, struct app_error *why)
{
    const struct config *config = a->config;
    tell(a, "The server is starting: loading people and rooms.");
    static const enum signup signups[] = {[CONFIG_SIGNUP_INVITE] = SIGNUP_INVITE,
                                          [CONFIG_SIGNUP_OPEN] = SIGNUP_OPEN,
                                          [CONFIG_SIGNUP_CLOSED] = SIGNUP_CLOSED};
    struct chat_options chat = {
        .settings =
            {
                .server_name = config->server_name,
                .allow_guests = config->allow_guests,
                .named_by_proxy = config->auth_proxy_header[0] != 0,
                .signup = signups[config->signup],
                .password_threads = config->password_threads,
                .rate_guest_messages_per_s = config->rate_guest_messages_per_s,
                .rate_guest_burst = config->rate_guest_burst,
                .rate_address_people = config->rate_address_people,
                .rate_address_bytes_per_s = config->rate_address_bytes_per_s,
                .replay_bytes_per_s = config->replay_bytes_per_s,
                .message_max_bytes = config->message_max_bytes,
                .history_on_join = config->history_on_join,
                .ring_memory_bytes = config->ring_memory_bytes,
                .rate_messages_per_s = config->rate_messages_per_s,
                .rate_burst = config->rate_burst,
                .rooms_per_day = config->rooms_per_day,
                .directs_per_day = config->directs_per_day,
                .added_per_day = config->added_per_day,
                .outbox = {.frames = (uint32_t)config->outbound_queue_frames,
                           .bytes = (uint32_t)config->outbound_queue_bytes,
                           .memory_bytes = config->outbound_memory_bytes},
                .reconnect_spread_ms = config->reconnect_spread_ms,
                .write_settings = write_settings,
                .settings_ctx = a,
            },
        .env = env_system(),
        .metrics = &a->metrics,
        .store = a->store,
        .reader = a->reader,
        .writer = {config->command_queue, config->commit_max_commands, config->commit_max_bytes},
        .shards = shards,
        .epoch = a->mark.epoch,
    };
    memcpy(chat.cookie_secret, a->datadir.secret, sizeof chat.cookie_secret);
    enum err e = chat_open(&chat, &a->chat);
    if (e)
        snprintf(why->text, sizeof why->text, "cannot open the chat on %s: %s", a->datadir.database, err_message(e));
    return e;
}

enum err app_begin(struct app *a, const struct config *config, bool make, struct app_error *why)
{
    struct datadir_error datadir_why;
    *a = (struct app){.config = config, .may_make = make, .datadir.lock_fd = -1, .mark.fd = -1, .control_fd = -1};
    enum err e = datadir_open(&a->datadir, config->data_dir, make, &datadir_why);
    if (e)
        explain(why, datadir_why.text);
    return e;
}

enum err app_open(struct app *a, int shards, struct app_error *why)
{
    enum err e = open_database(a, why);
    if (!e)
        e = open_readers(a, why);
    return e ? e : open_chat(a, shards, why);
}

/* ------------------------------------------------------------------ the check of the pages */

/* After an unclean stop, and until one has ended well. */
static void start_check(struct app *a)
{
    struct store_error why;
    const struct store_options store = database_options(a);
    if (!a->mark.check_due)
        return;
    mark_set_check_due(&a->mark, true);
    diag_info("check", "file=%s reason=%s", diag_quote(a->datadir.database).s,
              diag_quote("the last stop was not clean, or the last check did not finish").s);
    if (checker_start(&store, &a->checker, &why))
        diag_warn("check_failed", "reason=%s", diag_quote(why.text).s);
}

static void look_at_check(struct app *a)
{
    bool damaged = metric_get(&a->metrics.storage_damaged) != 0;
    if (damaged && !a->mark.check_due)
        mark_set_check_due(&a->mark, true);
    if (!a->checker || checker_state(a->checker) == CHECKER_RUNS)
        return;
    if (checker_state(a->checker) == CHECKER_SOUND && !damaged)
        mark_set_check_due(&a->mark, false);
    checker_stop(a->checker);
    a->checker = NULL;
}

void app_look(struct app *a)
{
    if (!a->chat)
        return;
    mark_note(&a->mark, log_committed(a->chat->log));
    look_at_check(a);
}

static void every_second(void *ctx)
{
    struct app *a = ctx;
    chat_tick(a->chat);
}

static void after_reading(void *ctx, struct reactor *r)
{
    struct app *a = ctx;
    for (int i = 0; i < a->reactor_count; i++)
        if (a->reactors[i] == r)
            proposals_send(hub_shard(a->chat->hub, i));
}

/* One reactor with its transport. The first one also keeps the chat's time. */
static enum err add_reactor(struct app *a, struct shard *shard)
{
    int i = a->reactor_count;
    struct reactor_options reactor = {
        .tick_ms = a->config->ping_interval_ms,
        .idle_ms = a->config->idle_timeout_ms,
        .stall_ms = a->config->stall_timeout_ms,
        .linger_ms = LINGER_MS,
        .send_buffer_bytes = a->config->socket_send_buffer_bytes,
        .every_second = i == 0 ? every_second : NULL,
        .after_reading = after_reading,
        .ctx = a,
    };
    struct ws_settings ws = {
        .frame_limit_bytes = a->config->message_max_bytes + 4096,
        .idle_timeout_ms = a->config->idle_timeout_ms,
        .on_closed = http_live_closed,
        .ctx = a->http,
    };
    a->reactors[i] = reactor_new(&reactor, env_system(), &a->metrics);
    if (!a->reactors[i])
        return ERR_MEMORY;
    a->reactor_count++;
    chat_attach(a->chat, i, reactor_mailbox(a->reactors[i]));
    proposals_gather(shard);
    a->ws[i] = ws_new(a->chat, shard, a->reactors[i], &ws);
    return a->ws[i] ? OK : ERR_MEMORY;
}

static enum err start_threads(struct app *a)
{
    enum err e = log_start(a->chat->log);
    if (!e)
        e = reader_start(a->reader);
    if (!e)
        e = chat_start_passwords(a->chat);
    for (int i = 0; !e && i < a->reactor_count; i++)
        e = reactor_start(a->reactors[i], i);
    return e;
}

enum err app_listen(struct app *a, struct app_error *why)
{
    static const enum http_secure secure[] = {
        [CONFIG_AUTO] = HTTP_SECURE_AUTO, [CONFIG_YES] = HTTP_SECURE_YES, [CONFIG_NO] = HTTP_SECURE_NO};
    struct http_settings http = {
        .civetweb = a->config->civetweb,
        .allowed_origins = a->config->allowed_origins,
        .public_url = a->config->public_url,
        .metrics_allow = a->config->metrics_allow,
        .trusted_proxies = a->config->trusted_proxies,
        .auth_proxy_header = a->config->auth_proxy_header,
        .max_connections = a->config->max_connections,
        .max_connections_per_address = a->config->max_connections_per_address,
        .rate_newcomers_per_min = a->config->rate_newcomers_per_min,
        .rate_newcomers_burst = a->config->rate_newcomers_burst,
        .message_max_bytes = a->config->message_max_bytes,
        .cookie_secure = secure[a->config->cookie_secure],
    };
    struct http_error http_why;
    explain(why, "out of memory or threads");
    a->http = http_new(&http, env_system(), &a->metrics);
    if (!a->http)
        return ERR_MEMORY;
    a->control_fd = control_listen(a->datadir.socket);
    if (a->control_fd < 0) /* only the command line against a running server needs it */
        diag_warn("no_control_socket", "path=%s reason=%s", diag_quote(a->datadir.socket).s,
                  diag_quote(strerror(errno)).s);
    enum err e = http_start(a->http, &http_why);
    if (e)
        explain(why, http_why.text);
    return e;
}

enum err app_serve(struct app *a, struct app_error *why)
{
    enum err e;
    explain(why, "out of memory or threads");
    for (int i = 0; i < a->chat->shard_count; i++)
        if ((e = add_reactor(a, hub_shard(a->chat->hub, i))))
            return e;
    if ((e = start_threads(a)))
        return e;
    start_check(a);
    return http_open(a->http, a->chat, a->ws, a->reactor_count);
}

void app_page(const struct config *config, const char *address, char page[APP_PAGE_BYTES])
{
    size_t first = strcspn(address, ","), digits = 0;
    while (digits < first && address[first - digits - 1] >= '0' && address[first - digits - 1] <= '9')
        digits++;
    if (config->public_url[0])
        snprintf(page, APP_PAGE_BYTES, "%s", config->public_url);
    else
        snprintf(page, APP_PAGE_BYTES, "http://localhost:%.*s", (int)digits, address + first - digits);
}

static size_t connections(const struct app *a)
{
    size_t n = 0;
    for (int i = 0; i < a->reactor_count; i++)
        n += reactor_connections(a->reactors[i]);
    return n;
}

void app_drain(struct app *a)
{
    const struct timespec moment = {.tv_nsec = 10 * 1000 * 1000};
    int64_t until_ms = env_mono_ms(env_system()) + a->config->drain_ms;
    http_drain(a->http);
    chat_drain(a->chat);
    log_stop(a->chat->log); /* commits what was taken; the answers are on their way to the reactors before bye is */
    for (int i = 0; i < a->reactor_count; i++)
        ws_drain(a->ws[i], "restart");
    while (connections(a) && env_mono_ms(env_system()) < until_ms)
        nanosleep(&moment, NULL);
}

/* What is still in the mailboxes frees itself by running. */
static void run_left(struct app *a)
{
    bool any = true;
    while (any) {
        any = false;
        for (int i = 0; i < a->reactor_count; i++)
            any |= reactor_run_left(a->reactors[i]);
    }
}

void app_close(struct app *a)
{
    if (a->http)
        http_stop(a->http);
    checker_stop(a->checker);
    if (a->chat)
        log_stop(a->chat->log);
    if (a->reader)
        reader_stop(a->reader);
    for (int i = 0; i < a->reactor_count; i++)
        reactor_stop(a->reactors[i]);
    run_left(a);
    control_close(a->control_fd, a->datadir.socket);
    for (int i = 0; i < a->reactor_count; i++) {
        reactor_free(a->reactors[i]);
        ws_free(a->ws[i]);
    }
    http_free(a->http);
    if (a->chat)
        mark_note(&a->mark, log_committed(a->chat->log));
    chat_close(a->chat);
    reader_free(a->reader);
    store_close(a->store);
    mark_close(&a->mark);
    datadir_close(&a->datadir);
}

/* ------------------------------------------------------------------ the command line without a server */

static void never_post(void *ctx, struct task *t)
{
    (void)ctx;
    t->run(t); /* there are no sessions: whatever is posted only frees itself */
}

/* The threads that a verb may wait for. */
static enum err start_for_command(struct app *app, bool with_password)
{
    const struct mailbox nobody = {never_post, NULL};
    chat_attach(app->chat, 0, &nobody);
    enum err e = log_start(app->chat->log);
    if (!e)
        e = reader_start(app->reader);
    if (!e && with_password)
        e = chat_start_passwords(app->chat);
    return e;
}

int app_run_command(const struct config *config, const char *const *words, int n, bool with_password, struct buf *out)
{
    struct app app;
    struct app_error why;
    char page[APP_PAGE_BYTES];
    int status = 1;
    if (app_begin(&app, config, admin_makes_place(words, n), &why) || app_open(&app, 1, &why)) {
        buf_printf(out, "hubbub: %s\n", why.text);
    } else if (start_for_command(&app, with_password)) {
        buf_add_str(out, "hubbub: out of memory or threads\n");
    } else {
        app_page(config, config->listening_ports, page);
        status = admin_run(&(struct admin){app.chat, page}, words, n, out);
    }
    app_close(&app);
    return status;
}
