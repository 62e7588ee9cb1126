/* http_client.h - a plain blocking HTTP client for tests: it sends what it is told, byte for byte, and waits at most 20 seconds for anything. */
#ifndef HUBBUB_TESTS_HTTP_CLIENT_H
#define HUBBUB_TESTS_HTTP_CLIENT_H

#include "base/buf.h"
#include "unit.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

struct client {
    int fd;
    struct buf in; /* received and not yet looked at */
};

struct reply {
    int status; /* 0: the connection ended before a whole head had come */
    char head[4096];
    char body[8192];
    size_t body_len;
};

static inline struct client client_open(int port)
{
    struct client c = {.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = 20};
    assert_true(c.fd >= 0);
    assert_int_equal(setsockopt(c.fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
    assert_int_equal(connect(c.fd, (struct sockaddr *)&to, sizeof to), 0);
    return c;
}

static inline void client_close(struct client *c)
{
    close(c->fd);
    buf_release(&c->in);
}

static inline void client_send(struct client *c, const void *bytes, size_t len)
{
    assert_int_equal(send(c->fd, bytes, len, MSG_NOSIGNAL), len);
}

static inline void client_say(struct client *c, const char *text)
{
    client_send(c, text, strlen(text));
}

/* Waits for more bytes; false at the end of the connection. */
static inline bool client_more(struct client *c)
{
    char part[4096];
    ssize_t n = recv(c->fd, part, sizeof part, 0);
    if (n > 0)
        buf_add(&c->in, part, (size_t)n);
    return n > 0;
}

/* Waits for that many bytes, and takes them. False: the connection ended before. */
static inline bool client_take(struct client *c, void *out, size_t len)
{
    while (c->in.len < len) {
        if (!client_more(c))
            return false;
    }
    memcpy(out, c->in.p, len);
    memmove(c->in.p, c->in.p + len, c->in.len - len);
    c->in.len -= len;
    return true;
}

/* The header's value in a reply, cut at the end of its line; NULL: none. Good until the next call. */
static inline const char *reply_header(const struct reply *r, const char *name)
{
    static char value[1024];
    for (const char *line = strstr(r->head, "\r\n"); line && line[2]; line = strstr(line + 2, "\r\n")) {
        size_t n = strlen(name);
        if (strncasecmp(line + 2, name, n) == 0 && line[2 + n] == ':') {
            const char *from = line + 2 + n + 1 + strspn(line + 2 + n + 1, " ");
            size_t len = strcspn(from, "\r");
            assert_true(len < sizeof value);
            memcpy(value, from, len);
            value[len] = 0;
            return value;
        }
    }
    return NULL;
}

/* Reads one reply; `no_body`: it answers a HEAD. */
static inline struct reply client_reply(struct client *c, bool no_body)
{
    struct reply r = {0};
    char *end;
    while (!c->in.len || !(end = memmem(c->in.p, c->in.len, "\r\n\r\n", 4))) {
        if (!client_more(c))
            return r;
    }
    size_t head = (size_t)(end - c->in.p) + 4;
    assert_true(head < sizeof r.head);
    assert_true(client_take(c, r.head, head));
    assert_int_equal(sscanf(r.head, "HTTP/1.1 %d ", &r.status), 1);
    const char *length = reply_header(&r, "Content-Length");
    r.body_len = length && !no_body ? (size_t)atol(length) : 0;
    assert_true(r.body_len < sizeof r.body);
    assert_true(client_take(c, r.body, r.body_len));
    return r;
}

/* True when the server has ended the connection and nothing is left to read. */
static inline bool client_at_end(struct client *c)
{
    return c->in.len == 0 && !client_more(c);
}

/* One request on a connection of its own. */
static inline struct reply client_ask(int port, const char *text)
{
    struct client c = client_open(port);
    client_say(&c, text);
    struct reply r = client_reply(&c, strncmp(text, "HEAD", 4) == 0);
    client_close(&c);
    return r;
}

#endif
