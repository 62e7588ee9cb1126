/* reconnect - how long a crowd takes to be whole again after a restart of the server. --help says what can be varied.
 *
 * 1. Everybody connects, joins the room, and gets some messages.
 * 2. The line "restart" on stdout: whoever started this program ends the server and starts it again on the same data
 *    and the same port, then writes a line to stdin.
 * 3. While all are away, one connection sends what they will have missed.
 * 4. All connect at once, each joins with the last number it saw, and while they catch up, messages keep coming.
 * 5. One JSON object on stdout: how long until everyone had what was there when they began to reconnect, and whether
 *    anybody saw a gap or a message twice, then or later. */
#include "arguments.h"
#include "fail.h"
#include "histogram.h"
#include "hubbub.h"
#include "mono.h"
#include "reply.h"
#include "ws.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define TURN_NS  ((uint64_t)2 * MONO_MS)
#define RETRY_NS ((uint64_t)200 * MONO_MS) /* a refused connection tries again after this */

enum {
    FIRST_CONNECTING_MAX = 400, /* handshakes under way in step 1, which is not what is measured */
    WINDOW = 32,                /* messages of the writer without an answer */
    PAYLOAD_MAX = 4096,
    OTHER_DESCRIPTORS = 64,
    CODE_RESTART = 1012
};

struct options {
    const char *room;
    int port, conns, seen, missed, size;
    double live_per_s, timeout_s;
};

struct guest {
    struct link link; /* first, so that a link's handler finds its guest */
    bool joined;
    int64_t last;       /* the last number it saw; 0: none yet */
    uint64_t caught_ns; /* when it had all that was there; 0: not yet */
    uint64_t retry_ns;  /* when to connect again; 0: not to */
};

struct crowd {
    struct hubbub hubbub; /* first, so that hubbub_request finds it */
    struct options options;
    struct guest *guests; /* conns that listen, and the writer behind them */
    struct guest *writer;
    int joined, connecting;
    int wanted, sent, answered; /* the writer's messages, over all steps */
    int64_t stored;             /* the last number that the writer was told */
    char epoch[64];             /* of the first welcome; "": there was none yet */
    int64_t target;             /* what a guest must have seen to have caught up; 0: step 4 has not begun */
    bool reconnecting;
    int caught;
    int gaps, again, resets, errors, retries, cut_off, told_restart;
};

/* ---- what the links report ---- */

static void on_opened(void *ctx, struct link *l, uint64_t now)
{
    struct crowd *crowd = ctx;
    struct guest *g = (struct guest *)l;
    char text[PAYLOAD_MAX];
    (void)now;
    if (g == crowd->writer) {
        g->joined = true;
        return;
    }
    if (g->last)
        snprintf(text, sizeof text,
                 "{\"type\":\"join\",\"id\":\"j\",\"room\":\"%s\",\"after\":%" PRId64 ",\"epoch\":\"%s\"}",
                 crowd->options.room, g->last, crowd->epoch);
    else
        snprintf(text, sizeof text, "{\"type\":\"join\",\"id\":\"j\",\"room\":\"%s\"}", crowd->options.room);
    link_send_text(l, &crowd->hubbub.io, text);
}

static void on_message(struct crowd *crowd, struct guest *g, int64_t seq, uint64_t now)
{
    if (g->last && seq <= g->last) {
        crowd->again++;
        return;
    }
    crowd->gaps += g->last && seq != g->last + 1;
    g->last = seq;
    if (crowd->target && seq >= crowd->target && !g->caught_ns) {
        g->caught_ns = now;
        crowd->caught++;
    }
}

static void on_payload(void *ctx, struct link *l, const uint8_t *bytes, size_t count, uint64_t now)
{
    struct crowd *crowd = ctx;
    struct guest *g = (struct guest *)l;
    if (!crowd->epoch[0] && reply_is(bytes, count, "welcome") &&
        !reply_text(bytes, count, "epoch", crowd->epoch, sizeof crowd->epoch))
        fail_exit("welcome", "it has no epoch");
    if (reply_is(bytes, count, "message")) {
        on_message(crowd, g, reply_number(bytes, count, "seq"), now);
    } else if (reply_is(bytes, count, "ack") && g == crowd->writer) {
        int64_t seq = reply_number(bytes, count, "seq");
        crowd->answered++;
        crowd->stored = seq > crowd->stored ? seq : crowd->stored;
    } else if (reply_is(bytes, count, "ack") && !g->joined) {
        g->joined = true;
        crowd->joined++;
        crowd->connecting--;
    } else if (reply_is(bytes, count, "reset")) {
        crowd->resets++;
    } else if (hubbub_refused(bytes, count)) {
        crowd->errors++;
        crowd->answered += g == crowd->writer;
    }
}

static void on_closed(void *ctx, struct link *l, enum link_state was, unsigned code)
{
    struct crowd *crowd = ctx;
    struct guest *g = (struct guest *)l;
    (void)was;
    if (g == crowd->writer) {
        g->joined = false;
        return;
    }
    if (g->joined)
        crowd->joined--;
    else
        crowd->connecting--;
    if (crowd->reconnecting) {
        crowd->cut_off += g->joined;
        g->retry_ns = mono_ns() + RETRY_NS;
    } else {
        crowd->told_restart += code == CODE_RESTART;
    }
    g->joined = false;
}

static const struct link_handler handler = {hubbub_request, on_opened, on_payload, on_closed};

/* ---- the steps ---- */

static void connect_guest(struct crowd *crowd, struct guest *g)
{
    crowd->connecting++;
    hubbub_connect(&crowd->hubbub, &g->link);
}

static void send_wanted(struct crowd *crowd)
{
    while (crowd->writer->joined && crowd->sent < crowd->wanted && crowd->sent - crowd->answered < WINDOW) {
        char *text = (char *)link_payload(&crowd->hubbub.io);
        int number = ++crowd->sent;
        int n = snprintf(text, PAYLOAD_MAX, "{\"type\":\"send\",\"id\":\"w%d\",\"room\":\"%s\",\"body\":\"%0*d\"}",
                         number, crowd->options.room, crowd->options.size, number);
        link_send(&crowd->writer->link, &crowd->hubbub.io, WS_TEXT, (size_t)n);
    }
}

static void turn(struct crowd *crowd)
{
    send_wanted(crowd);
    link_io_wait(&crowd->hubbub.io, TURN_NS);
}

static bool all_have(const struct crowd *crowd, int64_t seq)
{
    for (int i = 0; i < crowd->options.conns; i++)
        if (crowd->guests[i].last < seq)
            return false;
    return true;
}

static void connect_everybody(struct crowd *crowd, uint64_t deadline)
{
    int next = 0, conns = crowd->options.conns;
    hubbub_connect(&crowd->hubbub, &crowd->writer->link);
    while (crowd->joined < conns || !crowd->writer->joined) {
        while (next < conns && crowd->connecting < FIRST_CONNECTING_MAX)
            connect_guest(crowd, &crowd->guests[next++]);
        if ((next == conns && crowd->joined + crowd->connecting < conns) || mono_ns() > deadline)
            fail_exit("connecting", "not everybody could join before the restart");
        turn(crowd);
    }
}

static void write_more(struct crowd *crowd, int count, uint64_t deadline)
{
    crowd->wanted += count;
    while (crowd->answered < crowd->wanted) {
        if (mono_ns() > deadline || crowd->writer->link.state == LINK_CLOSED)
            fail_exit("sending", "the server did not take the messages");
        turn(crowd);
    }
}

static void wait_for_restart(struct crowd *crowd)
{
    char line[16];
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    puts("restart");
    fflush(stdout);
    while (poll(&input, 1, 0) == 0)
        turn(crowd);
    if (read(STDIN_FILENO, line, sizeof line) <= 0)
        fail_exit("restart", "nobody said that it was done");
    for (int i = 0; i <= crowd->options.conns; i++)
        link_close(&crowd->guests[i].link, &crowd->hubbub.io);
}

static void retry_due(struct crowd *crowd, uint64_t now)
{
    for (int i = 0; i < crowd->options.conns; i++) {
        struct guest *g = &crowd->guests[i];
        if (!g->retry_ns || now < g->retry_ns)
            continue;
        g->retry_ns = 0;
        crowd->retries++;
        connect_guest(crowd, g);
    }
}

/* Returns when it began. */
static uint64_t reconnect_everybody(struct crowd *crowd, uint64_t timeout_ns)
{
    uint64_t began = mono_ns();
    int base = crowd->wanted;
    crowd->target = crowd->stored;
    crowd->reconnecting = true;
    for (int i = 0; i < crowd->options.conns; i++)
        connect_guest(crowd, &crowd->guests[i]);
    for (uint64_t now; (now = mono_ns()) < began + timeout_ns && crowd->caught < crowd->options.conns;) {
        crowd->wanted = base + (int)(mono_to_s(now - began) * crowd->options.live_per_s);
        retry_due(crowd, now);
        turn(crowd);
    }
    return began;
}

/* Lets what was sent last reach everybody. */
static void settle(struct crowd *crowd, uint64_t deadline)
{
    while (mono_ns() < deadline && (crowd->answered < crowd->sent || !all_have(crowd, crowd->stored))) {
        retry_due(crowd, mono_ns());
        turn(crowd);
    }
}

static bool report(const struct crowd *crowd, uint64_t began)
{
    struct histogram *times = fail_alloc(1, sizeof *times);
    int complete = 0;
    for (int i = 0; i < crowd->options.conns; i++) {
        const struct guest *g = &crowd->guests[i];
        complete += g->last >= crowd->stored;
        if (g->caught_ns)
            histogram_add(times, g->caught_ns - began);
    }
    printf("{\"conns\":%d,\"caught_up\":%d,\"caught_up_s\":%.3f,\"p50_s\":%.3f,\"p99_s\":%.3f,\"complete\":%d,"
           "\"last_seq\":%" PRId64 ",\"missed\":%d,\"live\":%d,",
           crowd->options.conns, crowd->caught, histogram_max_ms(times) / 1e3,
           histogram_percentile_ms(times, 0.5) / 1e3, histogram_percentile_ms(times, 0.99) / 1e3, complete,
           crowd->stored, crowd->options.missed, crowd->sent - crowd->options.seen - crowd->options.missed);
    printf("\"gaps\":%d,\"again\":%d,\"resets\":%d,\"errors\":%d,\"retries\":%d,\"cut_off\":%d,\"told_restart\":%d}\n",
           crowd->gaps, crowd->again, crowd->resets, crowd->errors, crowd->retries, crowd->cut_off,
           crowd->told_restart);
    free(times);
    return complete == crowd->options.conns && !crowd->gaps && !crowd->again && !crowd->resets && !crowd->errors;
}

static void read_options(struct options *out, int argc, char **argv)
{
#define ROW(...) ARGUMENTS_ROW(struct options, __VA_ARGS__)
    static const struct arguments_row rows[] = {
        ROW("port", COUNT, port, "P", "port of the server on 127.0.0.1"),
        ROW("room", TEXT, room, "NAME", "the room that all join"),
        ROW("conns", COUNT, conns, "N", "how many connect"),
        ROW("seen", COUNT, seen, "M", "messages that they get before the restart"),
        ROW("missed", COUNT, missed, "M", "messages that are sent while they are away"),
        ROW("live", REAL, live_per_s, "R", "messages a second while they catch up"),
        ROW("size", COUNT, size, "B", "bytes of each body"),
        ROW("timeout", REAL, timeout_s, "S", "how long each step may take"),
    };
#undef ROW
    static const struct arguments_table table = {
        .about = "reconnect - how long a crowd takes to be whole again after a restart of Hubbub",
        .notes = "Prints \"restart\", waits for a line on stdin, then reconnects everybody and prints a JSON object.\n"
                 "Exit: 0 everybody has everything once, 1 otherwise, 2 it could not be measured.",
        .rows = rows,
        .count = sizeof rows / sizeof rows[0],
    };
    *out = (struct options){.room = "lobby",
                            .port = 8080,
                            .conns = 5000,
                            .seen = 50,
                            .missed = 100,
                            .size = 128,
                            .live_per_s = 20,
                            .timeout_s = 30};
    arguments_parse(&table, out, argc, argv);
    if (out->conns < 1 || out->seen < 1 || out->missed < 1 || out->size > PAYLOAD_MAX / 2 ||
        strlen(out->room) > PAYLOAD_MAX / 4)
        fail_exit("arguments", "conns, seen and missed must be above 0, size and room not so long");
}

static void raise_descriptor_limit(int conns)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_max < (rlim_t)conns + OTHER_DESCRIPTORS)
        fail_exit("--conns", "more than the limit on open files");
}

int main(int argc, char **argv)
{
    struct crowd crowd = {0};
    read_options(&crowd.options, argc, argv);
    raise_descriptor_limit(crowd.options.conns);
    crowd.guests = fail_alloc((size_t)crowd.options.conns + 1, sizeof *crowd.guests);
    crowd.writer = &crowd.guests[crowd.options.conns];
    hubbub_init(&crowd.hubbub, crowd.options.port, NULL, &handler, PAYLOAD_MAX);
    const uint64_t timeout = mono_from_s(crowd.options.timeout_s);

    connect_everybody(&crowd, mono_ns() + timeout);
    write_more(&crowd, crowd.options.seen, mono_ns() + timeout);
    settle(&crowd, mono_ns() + timeout);
    wait_for_restart(&crowd);
    hubbub_connect(&crowd.hubbub, &crowd.writer->link);
    write_more(&crowd, crowd.options.missed, mono_ns() + timeout);
    uint64_t began = reconnect_everybody(&crowd, timeout);
    settle(&crowd, mono_ns() + timeout / 2);
    bool clean = report(&crowd, began);

    for (int i = 0; i <= crowd.options.conns; i++)
        link_clear(&crowd.guests[i].link);
    free(crowd.guests);
    hubbub_clear(&crowd.hubbub);
    return clean ? 0 : 1;
}
