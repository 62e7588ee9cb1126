#include "hubbub.h"

#include "fail.h"
#include "mono.h"
#include "reply.h"
#include "ws.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>

#define TURN_NS ((uint64_t)20 * MONO_MS)
#define OPEN_NS ((uint64_t)10 * MONO_SECOND)

enum { HEADER_MAX = 512, TOLD_MAX = 160 };

void hubbub_init(struct hubbub *h, int port, const char *cookie, const struct link_handler *handler, size_t payload_max)
{
    if (port < 1 || port > UINT16_MAX)
        fail_exit("--port", "from 1 to 65535");
    signal(SIGPIPE, SIG_IGN);
    h->port = port;
    h->cookie = cookie;
    h->to = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    h->to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    link_io_init(&h->io, handler, h, payload_max);
}

void hubbub_clear(struct hubbub *h)
{
    link_io_clear(&h->io);
}

size_t hubbub_request(void *ctx, struct link *l, char *out, size_t capacity)
{
    const struct hubbub *h = ctx;
    char header[HEADER_MAX] = "";
    (void)l;
    if (h->cookie && (size_t)snprintf(header, sizeof header, "Cookie: %s\r\n", h->cookie) >= sizeof header)
        return 0;
    return ws_request(out, capacity, "127.0.0.1", h->port, "/ws", header);
}

void hubbub_connect(struct hubbub *h, struct link *l)
{
    link_connect(l, &h->io, &h->to, NULL, 0);
}

void hubbub_wait_open(struct hubbub *h, const struct link *l)
{
    for (uint64_t until = mono_ns() + OPEN_NS; l->state != LINK_OPEN;) {
        if (l->state == LINK_CLOSED || mono_ns() > until)
            fail_exit("connecting", "no connection");
        link_io_wait(&h->io, TURN_NS);
    }
}

bool hubbub_refused(const uint8_t *bytes, size_t count)
{
    char text[TOLD_MAX];
    if (!reply_is(bytes, count, "error"))
        return false;
    snprintf(text, sizeof text, "%.*s", (int)count, (const char *)bytes);
    fail_note("the server refused something", text);
    return true;
}
