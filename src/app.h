/* app.h - the parts of the program, put together: built in order, torn down in reverse. Main thread. */
#ifndef HUBBUB_APP_H
#define HUBBUB_APP_H

#include "config.h"
#include "datadir.h"
#include "http/server.h"
#include "mark.h"

enum { APP_REACTORS_MAX = 64, APP_PAGE_BYTES = 300 };

struct app {
    const struct config *config;
    struct datadir datadir;
    struct mark mark;
    struct metrics metrics;
    struct store *store;
    struct reader *reader;
    struct chat *chat;
    struct reactor *reactors[APP_REACTORS_MAX];
    struct ws *ws[APP_REACTORS_MAX];
    int reactor_count;
    struct http_server *http;
    int control_fd;
};

struct app_error {
    char text[2048]; /* one line for people: what, where, what to do */
};

/* Whether the ports are free, before anything is made. */
enum err app_check_ports(const struct config *config, struct app_error *why);

/* Opens data directory and database and makes the chat, with one shard per reactor. `make`: makes them where there are
 * none. No threads run yet. On failure with *why, and app_close() is still to be called. */
enum err app_open(struct app *a, const struct config *config, int shards, bool make, struct app_error *why);

/* Starts everything that serves: threads, reactors, HTTP, the control socket. */
enum err app_serve(struct app *a, struct app_error *why);

/* How people reach the page: the setting public_url, or http://localhost with the port of `address`, which is one that
 * is listened on ("127.0.0.1:8080") or the setting listening_ports. */
void app_page(const struct config *config, const char *address, char page[APP_PAGE_BYTES]);

/* Writes down how far the log has been committed; a few times a second while it serves. */
void app_note(struct app *a);

/* Stops serving: says bye, commits what was taken, sends what is queued for up to drain_ms, closes. */
void app_drain(struct app *a);

/* Frees everything, whatever had been made. */
void app_close(struct app *a);

#endif
