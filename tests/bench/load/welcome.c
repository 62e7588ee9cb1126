/* welcome - how long Hubbub takes to welcome somebody who is a member of many rooms. --help says what can be varied.
 *
 * One connection after the other, all of the same account: each is asked for, upgraded, and gets its first frames, the
 * welcome and its further pages, which must have as many rooms as there are. One JSON object on stdout. */
#include "arguments.h"
#include "fail.h"
#include "histogram.h"
#include "hubbub.h"
#include "mono.h"
#include "reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TURN_NS   ((uint64_t)20 * MONO_MS)
#define ANSWER_NS ((uint64_t)10 * MONO_SECOND) /* nothing for so long: the server is stuck */
#define PAUSE_NS  ((uint64_t)5 * MONO_MS) /* the one before is being taken apart meanwhile, which is not measured */

enum { PAYLOAD_MAX = 256, WARMUP_CONNECTS = 10 };

struct options {
    const char *cookie;
    int port, connects, rooms;
};

struct guest {
    struct hubbub hubbub; /* first, so that hubbub_request finds it */
    struct options options;
    struct link link;
    uint64_t asked_ns, opened_ns, welcomed_ns; /* of this connection; 0: not yet */
    size_t bytes;                              /* of the last welcome, with all its pages */
    int rooms;                                 /* in it so far */
    int wrong;
};

struct times {
    struct histogram upgrade; /* from the request to the answer that lets in */
    struct histogram welcome; /* from there to the last byte of the welcome */
    struct histogram both;
};

static size_t on_request(void *ctx, struct link *l, char *out, size_t capacity)
{
    struct guest *g = ctx;
    g->asked_ns = mono_ns();
    return hubbub_request(ctx, l, out, capacity);
}

static void on_opened(void *ctx, struct link *l, uint64_t now)
{
    struct guest *g = ctx;
    (void)l;
    g->opened_ns = now;
}

static void count_rooms(struct guest *g, const uint8_t *bytes, size_t count)
{
    for (size_t at = 0; reply_next_number(bytes, count, "last_seq", &at) >= 0;)
        g->rooms++;
}

static bool has_more(const uint8_t *bytes, size_t count)
{
    static const char more[] = "],\"more\":true";
    return memmem(bytes, count, more, sizeof more - 1) != NULL;
}

static void on_payload(void *ctx, struct link *l, const uint8_t *bytes, size_t count, uint64_t now)
{
    struct guest *g = ctx;
    bool is_page = reply_is(bytes, count, "welcome_rooms");
    (void)l;
    if (g->welcomed_ns || (!is_page && !reply_is(bytes, count, "welcome")))
        return;
    g->bytes = is_page ? g->bytes + count : count;
    count_rooms(g, bytes, count);
    if (has_more(bytes, count))
        return;
    g->welcomed_ns = now;
    g->wrong += g->rooms != g->options.rooms;
}

static void on_closed(void *ctx, struct link *l, enum link_state was, unsigned code)
{
    (void)ctx, (void)l, (void)was, (void)code;
    fail_exit("connecting", "the server did not let in, or closed");
}

static const struct link_handler handler = {on_request, on_opened, on_payload, on_closed};

static void connect_once(struct guest *g)
{
    const uint64_t until = mono_ns() + ANSWER_NS;
    g->asked_ns = g->opened_ns = g->welcomed_ns = 0;
    g->rooms = 0;
    hubbub_connect(&g->hubbub, &g->link);
    while (!g->welcomed_ns) {
        if (mono_ns() > until)
            fail_exit("connecting", "no welcome");
        link_io_wait(&g->hubbub.io, TURN_NS);
    }
    link_clear(&g->link);
    mono_sleep(PAUSE_NS);
}

static void connect_all(struct guest *g, struct times *times)
{
    for (int i = 0; i < WARMUP_CONNECTS; i++)
        connect_once(g);
    for (int i = 0; i < g->options.connects; i++) {
        connect_once(g);
        histogram_add(&times->upgrade, g->opened_ns - g->asked_ns);
        histogram_add(&times->welcome, g->welcomed_ns - g->opened_ns);
        histogram_add(&times->both, g->welcomed_ns - g->asked_ns);
    }
}

static void print_times(const char *name, const struct histogram *h)
{
    printf(",\"%s_ms\":{\"p50\":%.3f,\"p99\":%.3f,\"max\":%.3f}", name, histogram_percentile_ms(h, 0.5),
           histogram_percentile_ms(h, 0.99), histogram_max_ms(h));
}

static void read_options(struct options *out, int argc, char **argv)
{
#define ROW(...) ARGUMENTS_ROW(struct options, __VA_ARGS__)
    static const struct arguments_row rows[] = {
        ROW("port", COUNT, port, "P", "port of the server on 127.0.0.1"),
        ROW("cookie", TEXT, cookie, "N=V", "the session's cookie; without, a visitor connects"),
        ROW("connects", COUNT, connects, "N", "how often to connect"),
        ROW("rooms", COUNT, rooms, "N", "how many rooms a welcome must have"),
    };
#undef ROW
    static const struct arguments_table table = {
        .about = "welcome - how long Hubbub takes to welcome somebody who is a member of many rooms",
        .notes = "Exit: 0 every welcome was whole, 1 otherwise, 2 it could not be measured.",
        .rows = rows,
        .count = sizeof rows / sizeof rows[0],
    };
    *out = (struct options){.port = 8080, .connects = 200, .rooms = 1};
    arguments_parse(&table, out, argc, argv);
    if (out->connects < 1)
        fail_exit("--connects", "must be above 0");
}

int main(int argc, char **argv)
{
    struct guest g = {.wrong = 0};
    struct times *times = fail_alloc(1, sizeof *times);
    read_options(&g.options, argc, argv);
    hubbub_init(&g.hubbub, g.options.port, g.options.cookie, &handler, PAYLOAD_MAX);
    connect_all(&g, times);
    printf("{\"connects\":%d,\"rooms\":%d,\"bytes\":%zu,\"wrong\":%d", g.options.connects, g.options.rooms, g.bytes,
           g.wrong);
    print_times("upgrade", &times->upgrade);
    print_times("welcome", &times->welcome);
    print_times("both", &times->both);
    puts("}");
    free(times);
    hubbub_clear(&g.hubbub);
    return g.wrong ? 1 : 0;
}
