/* app.h - the parts of the program, put together: built in order, torn down in reverse. Main thread. */
#ifndef HUBBUB_APP_H
#define HUBBUB_APP_H

#include "config/config.h"
#include "datadir.h"
#include "http/server.h"
#include "mark.h"
#include "store/checker.h"

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
    struct checker *checker; /* NULL: none runs */
    bool may_make;           /* a place where there is none */
};

struct app_error {
    char text[2048]; /* one line for people: what, where, what to do */
};

/* Whether the ports are free, before anything is made. */
enum err app_check_ports(const struct config *config, struct app_error *why);

/* The start comes in steps. Each may fail, with *why; app_close() is to be called in any case. */

/* Takes the data directory. `make`: makes it where there is none. */
enum err app_begin(struct app *a, const struct config *config, bool make, struct app_error *why);

/* Listens: HTTP answers 503 and says what is being done, and so does the control socket. */
enum err app_listen(struct app *a, struct app_error *why);

/* Opens the database and makes the chat, with one shard per reactor. This and the next step take long when there is much
 * to bring up to date, and can be on a thread of their own; a process that dies meanwhile has lost nothing. */
enum err app_open(struct app *a, int shards, struct app_error *why);

/* Starts everything that serves: threads and reactors; opens HTTP. */
enum err app_serve(struct app *a, struct app_error *why);

/* How people reach the page: the setting public_url, or http://localhost with the port of `address`, which is one that
 * is listened on ("127.0.0.1:8080") or the setting listening_ports. */
void app_page(const struct config *config, const char *address, char page[APP_PAGE_BYTES]);

/* Main thread, a few times a second while it serves: writes down how far the log has been committed, and what the check of
 * the pages has come to. */
void app_look(struct app *a);

/* Stops serving: says bye, commits what was taken, sends what is queued for up to drain_ms, closes. */
void app_drain(struct app *a);

/* Frees everything, whatever had been made. */
void app_close(struct app *a);

/* No server runs: carries words of the command line out on the same data, by the same code. As admin_run(). */
int app_run_command(const struct config *config, const char *const *words, int n, bool with_password, struct buf *out);

#endif
