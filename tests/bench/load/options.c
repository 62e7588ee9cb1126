/* One table says what each option is called, how its value is read, where it goes and what --help prints. */
#include "options.h"

#include "fail.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONNS_PER_SOURCE = 20000 }; /* of the 28,000 ports that a source address has by default */

enum kind { HEADING, TEXT, LIST, COUNT, REAL, FLAG, PIDS, HELP };

static const struct row {
    const char *name;
    enum kind kind;
    size_t at;
    const char *value, *help;
} rows[] = {
#define AT(field) offsetof(struct options, field)
    {"Where", HEADING, 0, NULL, NULL},
    {"host", TEXT, AT(host), "A", "IPv4 address of the server"},
    {"port", COUNT, AT(port), "P", "its port"},
    {"path", TEXT, AT(path), "PATH", "request path; %d is the connection's number, %g its group's"},
    {"header", LIST, AT(headers), "'N: V'", "another request header, %d and %g as above; repeatable"},
    {"hello", LIST, AT(hellos), "TEXT", "a text frame to send once connected, %d and %g as above; repeatable"},
    {"joined", TEXT, AT(joined), "TEXT", "a connection counts once it has got a frame with this in it"},
    {"Connections", HEADING, 0, NULL, NULL},
    {"conns", COUNT, AT(conns), "N", "connections"},
    {"groups", COUNT, AT(groups), "G", "rooms: connection i is in group i % G"},
    {"connect-rate", REAL, AT(connect_per_s), "X", "new connections a second"},
    {"connect-timeout", REAL, AT(connect_timeout_s), "S", "give up this long after the last was due"},
    {"sources", COUNT, AT(sources), "K", "connect from 127.0.0.2 and on; default for 127.*: as many as needed"},
    {"slow", COUNT, AT(slow), "K", "the last K connections stop reading once they have joined"},
    {"slow-rcvbuf", COUNT, AT(slow_rcvbuf), "B", "their SO_RCVBUF; 0 leaves it to the kernel"},
    {"slow-source", TEXT, AT(slow_source), "A", "their source address, so that others can tell them apart"},
    {"threads", COUNT, AT(threads), "T", "threads of the generator"},
    {"Messages", HEADING, 0, NULL, NULL},
    {"senders", COUNT, AT(senders), "S", "connections 0 to S-1 send"},
    {"rate", REAL, AT(rate), "R", "messages a second in all, whatever comes back; 0: closed loop"},
    {"window", COUNT, AT(window), "W", "closed loop: messages of a sender that are on their way at once"},
    {"stall", REAL, AT(stall_s), "S", "closed loop: start a window anew after so long without an echo"},
    {"send-template", TEXT, AT(message), "T", "what to send: %s is the body, %m before it the message's id"},
    {"size", COUNT, AT(size), "B", "bytes of body: a marker with the send time, filled up with dots"},
    {"Phases", HEADING, 0, NULL, NULL},
    {"settle", REAL, AT(settle_s), "S", "quiet time after connecting"},
    {"warmup", REAL, AT(warmup_s), "S", "sending, not measured"},
    {"duration", REAL, AT(duration_s), "S", "measured"},
    {"drain", REAL, AT(drain_s), "S", "wait at most so long for what is still on its way"},
    {"idle", FLAG, AT(idle), NULL, "only connect and settle: connections a second, memory of each"},
    {"Report", HEADING, 0, NULL, NULL},
    {"server-pid", PIDS, AT(pids), "P[,P]", "report CPU, memory and threads of these and their descendants"},
    {"label", TEXT, AT(label), "TEXT", "put into the report"},
    {"json", FLAG, AT(json), NULL, "one JSON object on stdout"},
    {"help", HELP, 0, NULL, "this"},
#undef AT
};
enum { ROWS = sizeof rows / sizeof rows[0] };

static const struct options defaults = {
    .host = "127.0.0.1",
    .path = "/ws",
    .label = "",
    .message = "%s",
    .port = 8080,
    .conns = 100,
    .threads = 1,
    .groups = 1,
    .senders = 1,
    .window = 1,
    .size = 128,
    .sources = -1,
    .connect_per_s = 5000,
    .connect_timeout_s = 30,
    .settle_s = 1,
    .warmup_s = 2,
    .duration_s = 10,
    .drain_s = 3,
    .stall_s = 5,
};

static void print_help(void)
{
    puts("chatload - opens WebSocket connections to a chat server, lets some send, and measures what all receive\n"
         "usage: chatload [--OPTION VALUE]...");
    for (int i = 0; i < ROWS; i++) {
        const struct row *row = &rows[i];
        const void *standard = (const char *)&defaults + row->at;
        if (row->kind == HEADING) {
            printf("\n%s\n", row->name);
            continue;
        }
        printf("  --%-15s %-7s %s", row->name, row->value ? row->value : "", row->help);
        if (row->kind == COUNT && *(const int *)standard >= 0)
            printf(" (%d)", *(const int *)standard);
        if (row->kind == REAL)
            printf(" (%g)", *(const double *)standard);
        if (row->kind == TEXT && *(const char *const *)standard && **(const char *const *)standard)
            printf(" (%s)", *(const char *const *)standard);
        putchar('\n');
    }
    puts("\nA group must have a sender for its members to receive; senders and slow connections are different ones.\n"
         "Exit: 0 all that was expected came and nobody was cut off, 1 otherwise, 2 it could not be measured.");
}

_Noreturn static void refuse(const char *option, const char *value, const char *why)
{
    char text[256];
    snprintf(text, sizeof text, "--%s %s", option, value ? value : "");
    fail_exit(text, why);
}

static int read_count(const char *name, const char *text)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (end == text || *end || errno || value < 0 || value > INT32_MAX)
        refuse(name, text, "a whole number from 0 is wanted");
    return (int)value;
}

static double read_real(const char *name, const char *text)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end || !(value >= 0 && value <= 1e9))
        refuse(name, text, "a number from 0 to 1e9 is wanted");
    return value;
}

static void read_pids(struct options *o, const char *name, const char *text)
{
    char *copy = strdup(text), *rest = copy;
    for (char *item; (item = strsep(&rest, ",")) != NULL;) {
        if (o->pid_count == OPTIONS_LIST_MAX)
            refuse(name, text, "too many");
        o->pids[o->pid_count++] = read_count(name, item);
    }
    free(copy);
}

static void read_value(struct options *o, const struct row *row, const char *value)
{
    void *field = (char *)o + row->at;
    struct options_list *list = field;
    switch (row->kind) {
    case TEXT:
        *(const char **)field = value;
        break;
    case LIST:
        if (list->count == OPTIONS_LIST_MAX)
            refuse(row->name, value, "too many");
        list->items[list->count++] = value;
        break;
    case COUNT:
        *(int *)field = read_count(row->name, value);
        break;
    case REAL:
        *(double *)field = read_real(row->name, value);
        break;
    case PIDS:
        read_pids(o, row->name, value);
        break;
    case FLAG:
        *(bool *)field = true;
        break;
    case HELP:
        print_help();
        exit(0);
    case HEADING:
        break;
    }
}

static const struct row *find_row(const char *argument)
{
    for (int i = 0; i < ROWS; i++)
        if (rows[i].kind != HEADING && strncmp(argument, "--", 2) == 0 && strcmp(argument + 2, rows[i].name) == 0)
            return &rows[i];
    return NULL;
}

static struct sockaddr_in address(const char *option, const char *text, int port)
{
    struct sockaddr_in out = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (inet_pton(AF_INET, text, &out.sin_addr) != 1)
        refuse(option, text, "an IPv4 address is wanted");
    return out;
}

static void derive(struct options *o)
{
    o->to = address("host", o->host, o->port);
    bool loopback = ntohl(o->to.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    if (o->sources < 0)
        o->sources = loopback ? (o->conns + CONNS_PER_SOURCE - 1) / CONNS_PER_SOURCE : 0;
    if (o->sources > OPTIONS_SOURCE_MAX)
        o->sources = OPTIONS_SOURCE_MAX;
    for (int i = 0; i < o->sources; i++) {
        o->from[i] = (struct sockaddr_in){.sin_family = AF_INET};
        o->from[i].sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + (uint32_t)i);
    }
    if (o->slow_source)
        o->slow_from = address("slow-source", o->slow_source, 0);
    if (o->idle)
        o->senders = 0;
}

void options_parse(struct options *out, int argc, char **argv)
{
    *out = defaults;
    for (int i = 1; i < argc; i++) {
        const struct row *row = find_row(argv[i]);
        if (!row)
            fail_exit(argv[i], "no such option; see --help");
        bool wants_value = row->kind != FLAG && row->kind != HELP;
        if (wants_value && i + 1 == argc)
            refuse(row->name, NULL, "a value is missing");
        read_value(out, row, wants_value ? argv[++i] : NULL);
    }
    if (out->port < 1 || out->port > UINT16_MAX)
        fail_exit("--port", "from 1 to 65535");
    if (out->conns < 1 || out->threads < 1 || out->groups < 1 || out->window < 1 || out->connect_per_s <= 0)
        fail_exit("arguments", "conns, threads, groups, window and connect-rate must be above 0");
    if (out->size > OPTIONS_SIZE_MAX)
        fail_exit("--size", "at most 65536");
    if (out->senders > out->conns - out->slow)
        fail_exit("arguments", "senders and slow connections together are more than the connections");
    derive(out);
}
