/* All reads of a thread go into one buffer, in front of which stands what the link had left over from its last read, so
 * that frames are looked at in one piece without a buffer per connection: ten thousand idle links hold nothing. */
#include "link.h"

#include "fail.h"
#include "mono.h"
#include "ws.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    READ_SIZE = 64 * 1024,
    EVENTS_MAX = 1024,
    REQUEST_MAX = 16384,
    CLOSE_CODE_SIZE = 2,
    LEFT_OVER_MAX = LINK_FRAME_MAX + WS_HEAD_MAX + WS_ANSWER_MAX
};

void link_io_init(struct link_io *io, const struct link_handler *handler, void *ctx, size_t payload_max)
{
    size_t capacity = WS_HEAD_MAX + (payload_max > REQUEST_MAX ? payload_max : REQUEST_MAX);
    *io = (struct link_io){.handler = handler, .ctx = ctx, .random = mono_ns() | 1, .output_capacity = capacity};
    io->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (io->epoll < 0)
        fail_exit("epoll_create1", strerror(errno));
    io->input = fail_alloc(1, LEFT_OVER_MAX + READ_SIZE);
    io->output = fail_alloc(1, capacity);
}

void link_io_clear(struct link_io *io)
{
    close(io->epoll);
    free(io->input);
    free(io->output);
}

static uint32_t next_random(struct link_io *io)
{
    uint64_t x = io->random;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    io->random = x;
    return (uint32_t)(x >> 16);
}

static void watch_events(struct link *l, struct link_io *io)
{
    struct epoll_event event = {.events = EPOLLRDHUP, .data.ptr = l};
    if (!l->paused)
        event.events |= EPOLLIN;
    if (l->wants_write)
        event.events |= EPOLLOUT;
    epoll_ctl(io->epoll, EPOLL_CTL_MOD, l->fd, &event);
}

static void end(struct link *l, struct link_io *io, unsigned code)
{
    enum link_state was = l->state;
    if (was == LINK_CLOSED || was == LINK_NEW)
        return;
    if (l->fd >= 0)
        close(l->fd);
    free(l->input.data);
    free(l->output.data);
    *l = (struct link){.fd = -1, .state = LINK_CLOSED};
    io->handler->closed(io->ctx, l, was, code);
}

void link_close(struct link *l, struct link_io *io)
{
    end(l, io, 0);
}

void link_clear(struct link *l)
{
    if (l->state != LINK_NEW && l->state != LINK_CLOSED && l->fd >= 0)
        close(l->fd);
    free(l->input.data);
    free(l->output.data);
    *l = (struct link){.fd = -1, .state = LINK_CLOSED};
}

void link_pause(struct link *l, struct link_io *io, bool paused)
{
    l->paused = paused;
    if (l->state == LINK_HANDSHAKE || l->state == LINK_OPEN)
        watch_events(l, io);
}

/* ---- writing ---- */

static void queue_bytes(struct link_bytes *q, const uint8_t *bytes, size_t count)
{
    if (q->end + count > q->capacity && q->start) {
        memmove(q->data, q->data + q->start, q->end - q->start);
        q->end -= q->start;
        q->start = 0;
    }
    if (q->end + count > q->capacity) {
        q->capacity = (q->end + count) * 2;
        q->data = fail_realloc(q->data, q->capacity);
    }
    memcpy(q->data + q->end, bytes, count);
    q->end += count;
}

static void put(struct link *l, struct link_io *io, const uint8_t *bytes, size_t count)
{
    size_t sent = 0;
    if (l->output.start == l->output.end) {
        ssize_t n = send(l->fd, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n == (ssize_t)count)
            return;
        if (n < 0 && errno != EAGAIN)
            return; /* the read side will report the end */
        sent = n > 0 ? (size_t)n : 0;
        io->blocked_sends++;
    }
    if (l->output.end - l->output.start + count > LINK_QUEUE_MAX) {
        fail_note("send queue", "over 64 MiB, a frame is not sent");
        return;
    }
    queue_bytes(&l->output, bytes + sent, count - sent);
    if (!l->wants_write) {
        l->wants_write = true;
        watch_events(l, io);
    }
}

static void flush(struct link *l, struct link_io *io)
{
    struct link_bytes *q = &l->output;
    while (q->start < q->end) {
        ssize_t n = send(l->fd, q->data + q->start, q->end - q->start, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno == EAGAIN)
            return;
        if (n <= 0)
            break; /* the read side will report the end */
        q->start += (size_t)n;
    }
    q->start = q->end = 0;
    l->wants_write = false;
    watch_events(l, io);
}

uint8_t *link_payload(struct link_io *io)
{
    return io->output + WS_HEAD_MAX;
}

void link_send(struct link *l, struct link_io *io, unsigned opcode, size_t count)
{
    uint8_t *payload = link_payload(io);
    size_t head = ws_frame(payload, count, opcode, next_random(io));
    put(l, io, payload - head, head + count);
}

void link_send_text(struct link *l, struct link_io *io, const char *text)
{
    size_t count = strlen(text);
    if (WS_HEAD_MAX + count > io->output_capacity)
        fail_exit("frame", "longer than was planned for");
    memcpy(link_payload(io), text, count);
    link_send(l, io, WS_TEXT, count);
}

/* ---- connecting ---- */

void link_connect(struct link *l, struct link_io *io, const struct sockaddr_in *to, const struct sockaddr_in *from,
                  int rcvbuf)
{
    static const int on = 1;
    *l = (struct link){.state = LINK_CONNECTING};
    l->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (l->fd < 0) {
        fail_note("socket", strerror(errno));
        end(l, io, 0);
        return;
    }
    setsockopt(l->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(l->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    if (rcvbuf > 0)
        setsockopt(l->fd, SOL_SOCKET, SO_RCVBUF, &rcvbuf, sizeof rcvbuf);
    if (from && bind(l->fd, (const struct sockaddr *)from, sizeof *from) < 0)
        fail_note("bind", strerror(errno));
    if (connect(l->fd, (const struct sockaddr *)to, sizeof *to) < 0 && errno != EINPROGRESS) {
        fail_note("connect", strerror(errno));
        end(l, io, 0);
        return;
    }
    struct epoll_event event = {.events = EPOLLOUT | EPOLLIN | EPOLLRDHUP, .data.ptr = l};
    epoll_ctl(io->epoll, EPOLL_CTL_ADD, l->fd, &event);
}

static void connected(struct link *l, struct link_io *io, uint32_t events)
{
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(l->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) {
        fail_note("connect", strerror(error));
        end(l, io, 0);
        return;
    }
    if (!(events & EPOLLOUT))
        return;
    char *request = (char *)link_payload(io);
    size_t count = io->handler->request(io->ctx, l, request, REQUEST_MAX);
    if (!count) {
        fail_note("request", "too long");
        end(l, io, 0);
        return;
    }
    l->state = LINK_HANDSHAKE;
    l->wants_write = false;
    watch_events(l, io);
    put(l, io, (const uint8_t *)request, count);
}

/* ---- reading ---- */

enum fed { FED, FED_END };

static enum fed control_frame(struct link *l, struct link_io *io, unsigned opcode, const uint8_t *bytes, size_t count,
                              unsigned *code)
{
    if (opcode == WS_PING) {
        memcpy(link_payload(io), bytes, count);
        link_send(l, io, WS_PONG, count);
        io->pings++;
    }
    if (opcode != WS_CLOSE)
        return FED;
    if (count >= CLOSE_CODE_SIZE)
        *code = (unsigned)bytes[0] << 8 | bytes[1];
    return FED_END;
}

/* Takes every whole frame out of bytes[0..count). */
static enum fed feed(struct link *l, struct link_io *io, const uint8_t *bytes, size_t count, uint64_t now, size_t *used,
                     unsigned *code)
{
    size_t at = 0;
    if (l->state == LINK_HANDSHAKE) {
        char why[96];
        enum ws_result answer = ws_answer(bytes, count, &at, why, sizeof why);
        if (answer == WS_BAD) {
            fail_note("handshake refused", why);
            return FED_END;
        }
        if (answer == WS_MORE) {
            *used = 0;
            return FED;
        }
        l->state = LINK_OPEN;
        io->handler->opened(io->ctx, l, now);
    }
    for (;;) {
        struct ws_head head;
        enum ws_result got = ws_head(bytes + at, count - at, &head);
        if (got == WS_BAD || (got == WS_OK && head.length > LINK_FRAME_MAX)) {
            fail_note("protocol", "the server sent a frame that RFC 6455 forbids, or one over 1 MiB");
            return FED_END;
        }
        if (got == WS_MORE || count - at - head.size < head.length)
            break;
        const uint8_t *payload = bytes + at + head.size;
        if (head.opcode < WS_CONTROL) {
            io->frames++;
            io->handler->payload(io->ctx, l, payload, (size_t)head.length, now);
        } else if (control_frame(l, io, head.opcode, payload, (size_t)head.length, code) == FED_END) {
            return FED_END;
        }
        at += head.size + (size_t)head.length;
    }
    *used = at;
    return FED;
}

static void readable(struct link *l, struct link_io *io)
{
    struct link_bytes *left = &l->input;
    size_t had = left->end, used = 0;
    unsigned code = 0;
    if (had)
        memcpy(io->input, left->data, had);
    ssize_t n = recv(l->fd, io->input + had, READ_SIZE, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        end(l, io, 0);
        return;
    }
    io->bytes_read += (uint64_t)n;
    io->reads++;
    size_t count = had + (size_t)n;
    if (feed(l, io, io->input, count, mono_ns(), &used, &code) == FED_END) {
        end(l, io, code);
        return;
    }
    left->end = 0;
    if (used < count)
        queue_bytes(left, io->input + used, count - used);
}

static void on_event(struct link *l, struct link_io *io, uint32_t events)
{
    const uint32_t over = EPOLLRDHUP | EPOLLHUP | EPOLLERR;
    if (l->state == LINK_CONNECTING) {
        connected(l, io, events);
        return;
    }
    if (l->state != LINK_HANDSHAKE && l->state != LINK_OPEN)
        return;
    if (events & EPOLLOUT)
        flush(l, io);
    if (l->paused && (events & over))
        end(l, io, 0);
    else if (!l->paused && (events & (EPOLLIN | over)))
        readable(l, io);
}

int link_io_wait(struct link_io *io, uint64_t timeout_ns)
{
    struct epoll_event events[EVENTS_MAX];
    struct timespec timeout = {.tv_sec = (time_t)(timeout_ns / MONO_SECOND),
                               .tv_nsec = (long)(timeout_ns % MONO_SECOND)};
    int n = epoll_pwait2(io->epoll, events, EVENTS_MAX, &timeout, NULL);
    if (n < 0 && errno != EINTR)
        fail_exit("epoll_pwait2", strerror(errno));
    for (int i = 0; i < n; i++)
        on_event(events[i].data.ptr, io, events[i].events);
    return n;
}
