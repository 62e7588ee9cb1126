/* pages - how fast Hubbub answers with a page of history out of a long room. --help says what can be varied.
 *
 * First the room is filled through the server itself, by a few writers that each keep some messages on their way, so
 * that the writer thread's group commits are full. Then one connection asks for pages at random places, one after the
 * other, and checks that each holds exactly the events it should. One JSON object on stdout. */
#include "arguments.h"
#include "fail.h"
#include "histogram.h"
#include "hubbub.h"
#include "mono.h"
#include "reply.h"
#include "ws.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TURN_NS   ((uint64_t)20 * MONO_MS)
#define ANSWER_NS ((uint64_t)10 * MONO_SECOND) /* no answer for so long: the server is stuck */

enum { PAYLOAD_MAX = 4096, WARMUP_REQUESTS = 100, FIRST_SEED = 12345 };

struct options {
    const char *room;
    int port, fill, size, writers, window, requests, limit;
    double fill_s;
};

struct visitor {
    struct link link; /* first, so that a link's handler finds its visitor */
    int index, pending, sent;
};

struct room {
    struct hubbub hubbub; /* first, so that hubbub_request finds it */
    struct options options;
    struct visitor *visitors; /* the writers, and the reader behind them */
    bool filling;
    int sent, stored, refused; /* messages */
    int64_t last;              /* the highest number given out */
    uint64_t heard_ns;         /* when an answer came last */

    int64_t before; /* the page that was asked for ends right before this number */
    bool answered;
    int wrong;
};

/* ---- what the links report ---- */

static void fill_window(struct room *room, struct visitor *v)
{
    const struct options *o = &room->options;
    while (room->filling && v->pending < o->window && room->sent - room->refused < o->fill) {
        char *text = (char *)link_payload(&room->hubbub.io);
        int n = snprintf(text, PAYLOAD_MAX, "{\"type\":\"send\",\"id\":\"p%d-%d\",\"room\":\"%s\",\"body\":\"%0*d\"}",
                         v->index, ++v->sent, o->room, o->size, ++room->sent);
        v->pending++;
        link_send(&v->link, &room->hubbub.io, WS_TEXT, (size_t)n);
    }
}

static void on_opened(void *ctx, struct link *l, uint64_t now)
{
    struct room *room = ctx;
    struct visitor *v = (struct visitor *)l;
    (void)now;
    if (v->index < room->options.writers)
        fill_window(room, v);
}

/* A page must hold the events right before the number asked for, as many as were asked for or there are. */
static bool page_is_right(const struct room *room, const uint8_t *bytes, size_t count)
{
    int64_t wanted = room->before - room->options.limit > 1 ? room->before - room->options.limit : 1, seq;
    for (size_t at = 0; (seq = reply_next_number(bytes, count, "seq", &at)) >= 0; wanted++)
        if (seq != wanted)
            return false;
    return wanted == room->before;
}

static void on_payload(void *ctx, struct link *l, const uint8_t *bytes, size_t count, uint64_t now)
{
    struct room *room = ctx;
    struct visitor *v = (struct visitor *)l;
    bool ack = reply_is(bytes, count, "ack"), refused = hubbub_refused(bytes, count);
    if (reply_is(bytes, count, "history")) {
        room->answered = true;
        room->wrong += !page_is_right(room, bytes, count);
    }
    if ((ack || refused) && v->index < room->options.writers) {
        int64_t seq = reply_number(bytes, count, "seq");
        room->heard_ns = now;
        room->stored += ack;
        room->refused += refused;
        room->last = ack && seq > room->last ? seq : room->last;
        v->pending--;
        fill_window(room, v);
    }
}

static void on_closed(void *ctx, struct link *l, enum link_state was, unsigned code)
{
    char text[64];
    (void)ctx;
    (void)l;
    (void)was;
    snprintf(text, sizeof text, "by the server, close code %u", code);
    fail_exit("connection closed", text);
}

static const struct link_handler handler = {hubbub_request, on_opened, on_payload, on_closed};

/* ---- filling and asking ---- */

static double fill(struct room *room)
{
    const struct options *o = &room->options;
    uint64_t began = mono_ns(), until = began + mono_from_s(o->fill_s);
    room->filling = true;
    room->heard_ns = began;
    for (int i = 0; i < o->writers; i++)
        hubbub_connect(&room->hubbub, &room->visitors[i].link);
    while (room->stored < o->fill) {
        uint64_t now = mono_ns();
        if (now > room->heard_ns + ANSWER_NS)
            fail_exit("filling", "the server stopped answering");
        if (now > until)
            room->filling = false; /* time is up: wait for what is on its way, and measure with that */
        if (!room->filling && room->stored + room->refused == room->sent)
            break;
        link_io_wait(&room->hubbub.io, TURN_NS);
    }
    for (int i = 0; i < o->writers; i++)
        link_clear(&room->visitors[i].link);
    return mono_to_s(mono_ns() - began);
}

/* Returns how long the answer took. */
static uint64_t ask(struct room *room, struct visitor *reader)
{
    char text[PAYLOAD_MAX];
    snprintf(text, sizeof text,
             "{\"type\":\"history\",\"id\":\"h\",\"room\":\"%s\",\"before\":%" PRId64 ",\"limit\":%d}",
             room->options.room, room->before, room->options.limit);
    room->answered = false;
    uint64_t began = mono_ns();
    link_send_text(&reader->link, &room->hubbub.io, text);
    while (!room->answered) {
        if (mono_ns() > began + ANSWER_NS)
            fail_exit("history", "no answer");
        link_io_wait(&room->hubbub.io, TURN_NS);
    }
    return mono_ns() - began;
}

static void ask_all(struct room *room, struct histogram *times)
{
    struct visitor *reader = &room->visitors[room->options.writers];
    unsigned short seed[3] = {FIRST_SEED, 0, 0}; /* the same places in every run */
    hubbub_connect(&room->hubbub, &reader->link);
    hubbub_wait_open(&room->hubbub, &reader->link);
    for (int i = -WARMUP_REQUESTS; i < room->options.requests; i++) {
        room->before = 2 + (int64_t)(erand48(seed) * (double)(room->last - 1));
        uint64_t took = ask(room, reader);
        if (i >= 0)
            histogram_add(times, took);
    }
    link_clear(&reader->link);
}

static void read_options(struct options *out, int argc, char **argv)
{
#define ROW(...) ARGUMENTS_ROW(struct options, __VA_ARGS__)
    static const struct arguments_row rows[] = {
        ROW("port", COUNT, port, "P", "port of the server on 127.0.0.1"),
        ROW("room", TEXT, room, "NAME", "the room to fill and to read"),
        ROW("fill", COUNT, fill, "N", "messages to fill it with"),
        ROW("fill-time", REAL, fill_s, "S", "fill at most so long"),
        ROW("size", COUNT, size, "B", "bytes of each body"),
        ROW("writers", COUNT, writers, "W", "connections that fill it"),
        ROW("window", COUNT, window, "M", "messages of a writer that are on their way at once"),
        ROW("requests", COUNT, requests, "N", "pages to ask for"),
        ROW("limit", COUNT, limit, "L", "events of a page"),
    };
#undef ROW
    static const struct arguments_table table = {
        .about = "pages - how fast Hubbub answers with pages of history out of a long room",
        .notes = "The room must be new. The window must stay below the server's queue of a connection (256 frames).\n"
                 "Exit: 0 every page was right, 1 otherwise, 2 it could not be measured.",
        .rows = rows,
        .count = sizeof rows / sizeof rows[0],
    };
    *out = (struct options){.room = "lobby",
                            .port = 8080,
                            .fill = 1000000,
                            .size = 128,
                            .writers = 16,
                            .window = 100,
                            .requests = 3000,
                            .limit = 50,
                            .fill_s = 120};
    arguments_parse(&table, out, argc, argv);
    if (out->fill < 2 || out->writers < 1 || out->window < 1 || out->requests < 1 || out->limit < 1 ||
        out->size > PAYLOAD_MAX / 2 || strlen(out->room) > PAYLOAD_MAX / 4)
        fail_exit("arguments", "all numbers must be above 0, size and room not so long");
}

int main(int argc, char **argv)
{
    struct room room = {0};
    read_options(&room.options, argc, argv);
    room.visitors = fail_alloc((size_t)room.options.writers + 1, sizeof *room.visitors);
    for (int i = 0; i <= room.options.writers; i++)
        room.visitors[i].index = i;
    struct histogram *times = fail_alloc(1, sizeof *times);
    hubbub_init(&room.hubbub, room.options.port, NULL, &handler, PAYLOAD_MAX);

    double fill_s = fill(&room);
    if (room.last < 2)
        fail_exit("filling", "nothing was stored");
    ask_all(&room, times);
    printf("{\"messages\":%" PRId64
           ",\"fill_s\":%.1f,\"stored_per_s\":%.0f,\"refused\":%d,\"requests\":%d,\"limit\":%d,"
           "\"wrong\":%d,\"mean_ms\":%.3f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"p999_ms\":%.3f,\"max_ms\":%.3f}\n",
           room.last, fill_s, (double)room.stored / fill_s, room.refused, room.options.requests, room.options.limit,
           room.wrong, histogram_mean_ms(times), histogram_percentile_ms(times, 0.5),
           histogram_percentile_ms(times, 0.99), histogram_percentile_ms(times, 0.999), histogram_max_ms(times));

    free(room.visitors);
    free(times);
    hubbub_clear(&room.hubbub);
    return room.wrong ? 1 : 0;
}
