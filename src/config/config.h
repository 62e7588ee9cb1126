/* config.h - every setting, from the file, the environment and the command line, in one plain struct.
 *
 * Loaded and checked once at start by the main thread, read-only afterwards, so any thread may read it. Precedence,
 * lowest first: built-in default, the file, environment HUBBUB_NAME, `--set name=value`. The rows of setting.c say
 * what each name allows; config/civetweb.conf documents each one, and a test holds that file against the rows.
 *
 * The file is CivetWeb's format, `name value` a line, with three things more: a `#` with white space on both sides
 * begins a comment behind a value, a value may stand in double quotes (\" and \\ inside; "" is the empty value), and
 * a name given twice is an error. A byte order mark and CRLF are tolerated; control characters and lines over
 * CONFIG_LINE_MAX bytes are not.
 *
 * In the environment, names that begin with HUBBUB_ must be settings, so that a misspelt one is noticed. Left alone:
 * HUBBUB_BIN, HUBBUB_SEED and HUBBUB_BENCH_* (the tools of this repository), HUBBUB_PORT, HUBBUB_PORT_* and
 * HUBBUB_SERVICE_* (which Kubernetes and Docker set by themselves for a service called hubbub). */
#ifndef HUBBUB_CONFIG_CONFIG_H
#define HUBBUB_CONFIG_CONFIG_H

#include "base/buf.h"
#include "base/diag.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
    CONFIG_PATH_MAX = 512,
    CONFIG_TEXT_MAX = 1024,
    CONFIG_LINE_MAX = 2048,
    CONFIG_FILE_MAX = 1024 * 1024, /* bytes of a settings file: beyond that it is some other file */
    CONFIG_SETTINGS_MAX = 128,     /* rows that setting.c may have */
    CONFIG_CIVETWEB_MAX = 16,      /* options that go to CivetWeb */
};

enum config_tristate { CONFIG_AUTO, CONFIG_YES, CONFIG_NO };
enum config_signup { CONFIG_SIGNUP_INVITE, CONFIG_SIGNUP_OPEN, CONFIG_SIGNUP_CLOSED };

struct config_origin {
    enum { CONFIG_FROM_DEFAULT, CONFIG_FROM_FILE, CONFIG_FROM_ENVIRONMENT, CONFIG_FROM_SET } kind;
    int line; /* in the file; 0: from elsewhere */
};

/* Not to be copied: civetweb[] points into it. */
struct config {
    /* where */
    char data_dir[CONFIG_PATH_MAX]; /* hubbub.db, secret.key, hubbub.sock; made at start (0700) */
    char log_file[CONFIG_PATH_MAX]; /* "" is stderr */
    enum diag_level log_level;
    char server_name[64];                  /* shown in the page and in welcome */
    char listening_ports[CONFIG_TEXT_MAX]; /* CivetWeb's syntax, without TLS; port 0 is a free one */

    char public_url[256]; /* how people reach the page, for links; "": http://localhost:PORT */

    /* who */
    enum config_signup signup; /* who may make an account */
    bool allow_guests;
    char
        allowed_origins[CONFIG_TEXT_MAX]; /* comma separated scheme://host[:port], besides the page's own; "*" is any */
    char metrics_allow[CONFIG_TEXT_MAX];  /* comma separated addresses or CIDR; default 127.0.0.1 */
    char
        trusted_proxies[CONFIG_TEXT_MAX]; /* comma separated addresses or CIDR: what they say of a client is believed */
    char auth_proxy_header[65];           /* in which they name who they have signed in; "": they sign nobody in */
    enum config_tristate cookie_secure;   /* auto: when a trusted proxy says X-Forwarded-Proto: https */

    /* limits; 0 turns a rate, and each of the connection limits, off */
    int64_t max_connections;             /* 10,000 */
    int64_t max_connections_per_address; /* 1,000 */
    int64_t message_max_bytes;           /* 16,384 */
    int64_t history_on_join;             /* 200 events */
    int64_t ring_memory_bytes;           /* 64 MiB */
    int64_t rate_messages_per_s;         /* 5 */
    int64_t rate_burst;                  /* 20 */
    int64_t rate_guest_messages_per_s;   /* 2 */
    int64_t rate_guest_burst;            /* 10 */
    int64_t rate_address_people;         /* 10 */
    int64_t rate_address_bytes_per_s;    /* 32 KiB */
    int64_t replay_bytes_per_s;          /* 1 MiB */
    int64_t rate_newcomers_per_min;      /* 6 from one address */
    int64_t rate_newcomers_burst;        /* 60 */
    int64_t rooms_per_day;               /* 50, of one person */
    int64_t directs_per_day;             /* 200, likewise */
    int64_t added_per_day;               /* 100, by others */
    int64_t outbound_queue_frames;       /* 256 */
    int64_t outbound_queue_bytes;        /* 1 MiB */
    int64_t outbound_memory_bytes;       /* 128 MiB */
    int64_t socket_send_buffer_bytes;    /* 256 KiB */
    int64_t command_queue;               /* 65,536 commands */
    int64_t commit_max_commands;         /* 1,024 */
    int64_t commit_max_bytes;            /* 256 KiB: so that one commit cannot overflow a healthy client's queue */
    int64_t reader_queue;                /* 4,096 jobs */
    int64_t wal_limit_bytes;             /* 64 MiB */

    /* times */
    int64_t ping_interval_ms;    /* 30,000 */
    int64_t idle_timeout_ms;     /* 75,000 */
    int64_t stall_timeout_ms;    /* 20,000 */
    int64_t drain_ms;            /* 5,000 */
    int64_t reconnect_spread_ms; /* 3,000: bye spreads reconnect_in_ms over this */

    /* threads */
    int64_t reactor_threads;  /* 1 */
    int64_t reader_threads;   /* 2 */
    int64_t password_threads; /* 2: each takes 64 MiB while it hashes */

    /* CivetWeb's own options, besides listening_ports */
    int64_t num_threads;                       /* 14 */
    int64_t connection_queue;                  /* 256 connections */
    int64_t listen_backlog;                    /* 4,096 connections */
    int64_t request_timeout_ms;                /* 5,000 */
    int64_t max_request_size;                  /* 16,384 bytes of request line and headers */
    bool enable_keep_alive;                    /* yes */
    int64_t keep_alive_timeout_ms;             /* 500 */
    int64_t linger_timeout_ms;                 /* -1: as the system does */
    int64_t tcp_nodelay;                       /* 1 */
    char access_log_file[CONFIG_PATH_MAX];     /* "": none */
    char error_log_file[CONFIG_PATH_MAX];      /* "": none */
    char access_control_list[CONFIG_TEXT_MAX]; /* "": everybody */
    char run_as_user[64];                      /* "": stay who one is */

    /* what goes to mg_start(): name, value, name, value, ..., NULL; the strings belong to the config */
    const char *civetweb[2 * CONFIG_CIVETWEB_MAX + 1];
    char civetweb_values[CONFIG_CIVETWEB_MAX][CONFIG_TEXT_MAX];

    /* where each value came from, for --check-config; indexed like the rows of setting.c */
    char file[CONFIG_PATH_MAX]; /* "": none was read */
    struct config_origin origin[CONFIG_SETTINGS_MAX];
};

/* One clear line for people about what is wrong: where (file:line, the environment's or the option's name), what,
 * what is allowed. */
struct config_error {
    char text[1024];
};

/* Reads it all. file NULL: no file. sets: n strings "name=value". Nothing outside is changed or opened but the file;
 * unknown names, bad values and forbidden options (document_root, ssl_certificate, ...) are ERR_INVALID, an
 * unreadable file is ERR_IO, both with *why; *out is of no use then. */
enum err config_load(const char *file, const char *const *sets, int n, struct config *out, struct config_error *why);

/* Where the value of a setting came from: "default", "FILE:LINE", "environment" or "--set". Index as in `origin`. */
struct config_where {
    char text[CONFIG_PATH_MAX + 16];
};
struct config_where config_where(const struct config *c, size_t index);

/* Prints `name value   # from where` for every setting in force: a file that config_load would read. */
void config_print(const struct config *c, FILE *out);

/* The same for a page: appends [{"name":...,"value":...,"from":...},...]. No setting is a secret. Any thread. */
void config_write_json(const struct config *c, struct buf *json);

#endif
