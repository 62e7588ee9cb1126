#include "options.h"

#include "fail.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <stdint.h>

/* A source address has 28,000 ports by default, and the kernel takes the even ones first: past 14,000 connections every
 * further one would search long for a port, and the generator be slower than what it measures. */
enum { CONNS_PER_SOURCE = 10000 };

static const struct arguments_row rows[] = {
#define HEADING(name)                                                                                                  \
    {                                                                                                                  \
        name, ARGUMENTS_HEADING, 0, NULL, NULL                                                                         \
    }
#define ROW(...) ARGUMENTS_ROW(struct options, __VA_ARGS__)
    HEADING("Where"),
    ROW("host", TEXT, host, "A", "IPv4 address of the server"),
    ROW("port", COUNT, port, "P", "its port"),
    ROW("path", TEXT, path, "PATH", "request path; %d is the connection's number, %D in eight digits, %g its group's"),
    ROW("header", TEXTS, headers, "'N: V'", "another request header, with the same holes; repeatable"),
    ROW("hello", TEXTS, hellos, "TEXT", "a text frame to send once connected, with the same holes; repeatable"),
    ROW("joined", TEXT, joined, "TEXT", "a connection counts once it has got a frame with this in it"),
    HEADING("Connections"),
    ROW("conns", COUNT, conns, "N", "connections"),
    ROW("groups", COUNT, groups, "G", "rooms: connection i is in group i % G"),
    ROW("connect-rate", REAL, connect_per_s, "X", "new connections a second"),
    ROW("connect-timeout", REAL, connect_timeout_s, "S", "give up this long after the last was due"),
    ROW("sources", COUNT, sources, "K", "connect from 127.0.0.2 and on; default for 127.*: as many as needed"),
    ROW("slow", COUNT, slow, "K", "the last K connections stop reading once they have joined"),
    ROW("slow-rcvbuf", COUNT, slow_rcvbuf, "B", "their SO_RCVBUF; 0 leaves it to the kernel"),
    ROW("slow-source", TEXT, slow_source, "A", "their source address, so that others can tell them apart"),
    ROW("bystanders", COUNT, bystanders, "K", "the last K before those send no hello: what they get is only counted"),
    ROW("threads", COUNT, threads, "T", "threads of the generator"),
    HEADING("Messages"),
    ROW("senders", COUNT, senders, "S", "connections 0 to S-1 send"),
    ROW("rate", REAL, rate, "R", "messages a second in all, whatever comes back; 0: closed loop"),
    ROW("window", COUNT, window, "W", "closed loop: messages of a sender that are on their way at once"),
    ROW("stall", REAL, stall_s, "S", "closed loop: start a window anew after so long without an echo"),
    ROW("send-template", TEXT, message, "T", "what to send: %s is the body, %m before it the message's id"),
    ROW("size", COUNT, size, "B", "bytes of body: a marker with the send time, filled up with dots"),
    HEADING("Phases"),
    ROW("settle", REAL, settle_s, "S", "quiet time after connecting"),
    ROW("warmup", REAL, warmup_s, "S", "sending, not measured"),
    ROW("duration", REAL, duration_s, "S", "measured"),
    ROW("drain", REAL, drain_s, "S", "wait at most so long for what is still on its way"),
    ROW("idle", FLAG, idle, NULL, "only connect and settle: connections a second, memory of each"),
    HEADING("Report"),
    ROW("server-pid", NUMBERS, pids, "P[,P]", "report CPU, memory and threads of these and their descendants"),
    ROW("label", TEXT, label, "TEXT", "put into the report"),
    ROW("json", FLAG, json, NULL, "one JSON object on stdout"),
#undef ROW
#undef HEADING
};

static const struct arguments_table table = {
    .about = "chatload - opens WebSocket connections to a chat server, lets some send, measures what all receive",
    .notes = "Members of a group without a sender receive nothing. A connection sends, is slow, or stands by.\n"
             "A bystander has joined with the first frame that it gets, and none of its frames may hold a message.\n"
             "Exit: 0 all that was expected came and nobody was cut off, 1 otherwise, 2 it could not be measured.",
    .rows = rows,
    .count = sizeof rows / sizeof rows[0],
};

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

static struct sockaddr_in address(const char *option, const char *text, int port)
{
    struct sockaddr_in out = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (inet_pton(AF_INET, text, &out.sin_addr) != 1)
        arguments_refuse(option, text, "an IPv4 address is wanted");
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
    arguments_parse(&table, out, argc, argv);
    if (out->port < 1 || out->port > UINT16_MAX)
        fail_exit("--port", "from 1 to 65535");
    if (out->conns < 1 || out->threads < 1 || out->groups < 1 || out->window < 1 || out->connect_per_s <= 0)
        fail_exit("arguments", "conns, threads, groups, window and connect-rate must be above 0");
    if (out->size > OPTIONS_SIZE_MAX)
        fail_exit("--size", "at most 65536");
    if (out->senders > out->conns - out->slow - out->bystanders)
        fail_exit("arguments", "senders, slow ones and bystanders together are more than the connections");
    derive(out);
}
