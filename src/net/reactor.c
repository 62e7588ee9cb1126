/* The loop.
 *
 * A turn: epoll_wait -> read and hand over -> run posted tasks -> send to the dirty ones -> close the dead ones.
 * Everything that a turn has to say to a connection is gathered before the one send at its end; nothing frees a
 * connection while the turn may still hold a pointer to it.
 *
 * Time-outs need no timer heap: a table of all connections is swept a share per second, so that each is looked at
 * once every tick_ms. */
#include "net/reactor.h"

#include "net/inbox.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    READ_BYTES = 64 * 1024, /* per connection and turn: level-triggered, the rest comes next turn */
    EVENTS_PER_TURN = 1024,
    SECOND_MS = 1000,
};

struct finishing { /* a connection that is being closed politely, and until when */
    struct conn *conn;
    int64_t until_ms;
};

struct reactor {
    struct reactor_options options;
    const struct env *env;
    struct metrics *metrics;
    struct inbox inbox;
    pthread_t thread;
    bool started;
    int epoll_fd;

    /* the loop's thread */
    struct conn **table; /* every connection, densely */
    uint32_t table_len, table_cap, sweep_at;
    _Atomic uint32_t count;
    struct finishing *finishing;
    size_t finishing_len, finishing_cap;
    struct conn *dirty, **dirty_tail; /* first in, first out */
    struct conn **dead;               /* room for table_cap of them, so that killing cannot fail */
    uint32_t dead_len;
    int64_t now_ms, next_second_ms;
    uint8_t read_buffer[READ_BYTES];
};

/* ------------------------------------------------------------------ connections */

static void arm(struct conn *c, bool want_out)
{
    struct epoll_event ev = {.events = EPOLLIN | (want_out ? EPOLLOUT : 0u), .data.ptr = c};
    if (c->want_out != want_out) {
        epoll_ctl(c->reactor->epoll_fd, EPOLL_CTL_MOD, c->fd, &ev);
        c->want_out = want_out;
    }
}

/* False: no memory; all is as it was, as far as anybody sees. */
static bool grow(struct reactor *r)
{
    uint32_t cap = r->table_cap ? r->table_cap * 2 : 64;
    struct conn **table = reallocarray(r->table, cap, sizeof(struct conn *));
    if (!table)
        return false;
    r->table = table;
    struct conn **dead = reallocarray(r->dead, cap, sizeof(struct conn *));
    if (!dead)
        return false;
    r->dead = dead;
    r->table_cap = cap;
    return true;
}

enum err reactor_add(struct reactor *r, struct conn *c, int fd)
{
    int one = 1, half = (int)(r->options.send_buffer_bytes / 2); /* the kernel doubles what it is given: socket(7) */
    if (r->table_len == r->table_cap && !grow(r)) {
        close(fd);
        return ERR_MEMORY;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &half, sizeof half);
    struct timeval never = {
        0,
        0}; /* time-outs that the HTTP server may have set do not concern a non-blocking socket, but tidy them away */
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &never, sizeof never);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &never, sizeof never);
    struct epoll_event ev = {.events = EPOLLIN, .data.ptr = c};
    if (epoll_ctl(r->epoll_fd, EPOLL_CTL_ADD, fd, &ev)) {
        close(fd);
        return ERR_IO;
    }
    c->reactor = r;
    c->fd = fd;
    c->dirty = c->dead = c->want_out = c->finishing = c->shut = false;
    c->last_received_ms = (uint32_t)r->now_ms;
    c->slot = r->table_len;
    r->table[r->table_len++] = c;
    atomic_store_explicit(&r->count, r->table_len, memory_order_relaxed);
    return OK;
}

void conn_wake(struct conn *c)
{
    if (c->dirty || c->dead)
        return;
    c->dirty = true;
    c->dirty_next = NULL;
    *c->reactor->dirty_tail = c;
    c->reactor->dirty_tail = &c->dirty_next;
}

void conn_kill(struct conn *c)
{
    if (c->dead)
        return;
    c->dead = true;
    c->reactor->dead[c->reactor->dead_len++] = c;
}

void conn_finish(struct conn *c)
{
    struct reactor *r = c->reactor;
    if (c->finishing || c->dead)
        return;
    if (r->finishing_len == r->finishing_cap) {
        size_t cap = r->finishing_cap ? r->finishing_cap * 2 : 16;
        struct finishing *list = reallocarray(r->finishing, cap, sizeof *list);
        if (!list) {
            conn_kill(c); /* no memory to be polite with */
            return;
        }
        r->finishing = list;
        r->finishing_cap = cap;
    }
    r->finishing[r->finishing_len++] = (struct finishing){c, r->now_ms + r->options.linger_ms};
    c->finishing = true;
    conn_wake(c);
}

static void forget_finishing(struct reactor *r, const struct conn *c)
{
    for (size_t i = 0; i < r->finishing_len; i++)
        if (r->finishing[i].conn == c) {
            r->finishing[i] = r->finishing[--r->finishing_len];
            return;
        }
}

static void close_dead(struct reactor *r)
{
    while (r->dead_len) {
        struct conn *c = r->dead[--r->dead_len];
        if (c->finishing)
            forget_finishing(r, c);
        close(c->fd); /* leaves epoll with it: nobody else holds this descriptor */
        struct conn *last = r->table[--r->table_len];
        r->table[c->slot] = last;
        last->slot = c->slot;
        atomic_store_explicit(&r->count, r->table_len, memory_order_relaxed);
        c->transport->closed(c);
    }
}

/* Sends until nothing is left or the socket is full. */
static void send_to(struct conn *c)
{
    struct iovec iov[REACTOR_IOV_MAX];
    struct msghdr msg = {.msg_iov = iov};
    while ((msg.msg_iovlen = c->transport->gather(c, iov, REACTOR_IOV_MAX))) {
        size_t want = 0;
        for (size_t i = 0; i < msg.msg_iovlen; i++)
            want += iov[i].iov_len;
        ssize_t sent = msg.msg_iovlen == 1 /* the cheaper call; most turns bring a connection one piece */
                           ? send(c->fd, iov[0].iov_base, iov[0].iov_len, MSG_NOSIGNAL | MSG_DONTWAIT)
                           : sendmsg(c->fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0) {
            if (errno == EAGAIN || errno == EINTR)
                break;
            conn_kill(c);
            return;
        }
        metric_add(&c->reactor->metrics->bytes_sent_total, sent);
        c->transport->sent(c, (size_t)sent);
        if (c->dead)
            return;
        if ((size_t)sent < want)
            break; /* full: a further call would only say EAGAIN */
    }
    arm(c, msg.msg_iovlen != 0);
    if (msg.msg_iovlen == 0 && c->finishing && !c->shut) {
        c->shut = true;
        shutdown(c->fd, SHUT_WR);
    }
}

void conn_flush(struct conn *c)
{
    if (!c->dead && !c->want_out)
        send_to(c);
}

/* In the order in which they were woken: whoever was told first can answer while the others are being told, and all
 * those answers are there when the next turn begins. */
static void send_dirty(struct reactor *r)
{
    struct conn *c;
    while ((c = r->dirty)) {
        r->dirty = c->dirty_next;
        if (!r->dirty)
            r->dirty_tail = &r->dirty;
        c->dirty = false;
        if (!c->dead)
            send_to(c);
    }
}

static void receive_from(struct reactor *r, struct conn *c)
{
    ssize_t got = recv(c->fd, r->read_buffer, sizeof r->read_buffer, MSG_DONTWAIT);
    if (got > 0) {
        c->last_received_ms = (uint32_t)r->now_ms;
        metric_add(&r->metrics->bytes_received_total, got);
        if (!c->finishing)
            c->transport->received(c, r->read_buffer, (size_t)got);
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        conn_kill(c);
    }
}

/* ------------------------------------------------------------------ time */

static void cut_off_finishing(struct reactor *r)
{
    for (size_t i = 0; i < r->finishing_len; i++)
        if (r->now_ms >= r->finishing[i].until_ms)
            conn_kill(r->finishing[i].conn);
}

/* Looks at a share of the table, so that each connection's turn comes about once every tick_ms. Removal moves the
 * last connection into a gap: one may be looked at twice or late by a round, which the idle limit has room for. */
static void sweep(struct reactor *r)
{
    uint32_t share = (uint32_t)((int64_t)r->table_len * SECOND_MS / r->options.tick_ms) + 1;
    for (uint32_t i = 0; i < share && i < r->table_len; i++) {
        if (r->sweep_at >= r->table_len)
            r->sweep_at = 0;
        struct conn *c = r->table[r->sweep_at++];
        if (!c->finishing && !c->dead)
            c->transport->tick(c, (uint32_t)r->now_ms - c->last_received_ms);
    }
}

static void keep_time(struct reactor *r)
{
    if (r->now_ms < r->next_second_ms)
        return;
    r->next_second_ms = r->now_ms + SECOND_MS;
    cut_off_finishing(r);
    sweep(r);
    if (r->options.every_second)
        r->options.every_second(r->options.ctx);
}

/* ------------------------------------------------------------------ the loop */

static bool turn(struct reactor *r)
{
    struct epoll_event events[EVENTS_PER_TURN];
    int64_t left_ms = r->next_second_ms - r->now_ms;
    int n = epoll_wait(r->epoll_fd, events, EVENTS_PER_TURN, left_ms > 0 ? (int)left_ms : 0);
    int64_t began_ns = env_mono_ns(r->env);
    r->now_ms = began_ns / 1000000;

    for (int i = 0; i < n; i++) {
        struct conn *c = events[i].data.ptr;
        if (!c) {
            inbox_acknowledge(&r->inbox);
            continue;
        }
        if (c->dead)
            continue;
        if (events[i].events & EPOLLOUT)
            conn_wake(c);
        if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
            receive_from(r, c);
    }
    if (r->options.after_reading)
        r->options.after_reading(r->options.ctx, r);
    bool ran, stopping = inbox_run(&r->inbox, &ran);
    keep_time(r);
    send_dirty(r);
    close_dead(r);
    metrics_observe(&r->metrics->loop_lag_us, (env_mono_ns(r->env) - began_ns) / 1000);
    return !stopping;
}

static void *loop(void *ctx)
{
    struct reactor *r = ctx;
    r->now_ms = env_mono_ms(r->env);
    while (turn(r))
        ;
    for (uint32_t i = 0; i < r->table_len; i++)
        conn_kill(r->table[i]);
    close_dead(r);
    return NULL;
}

struct reactor *reactor_new(const struct reactor_options *options, const struct env *env, struct metrics *metrics)
{
    struct reactor *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->options = *options;
    r->env = env;
    r->metrics = metrics;
    r->dirty_tail = &r->dirty;
    inbox_init(&r->inbox);
    r->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event ev = {.events = EPOLLIN, .data.ptr = NULL};
    if (r->epoll_fd < 0 || r->inbox.wake_fd < 0 || epoll_ctl(r->epoll_fd, EPOLL_CTL_ADD, r->inbox.wake_fd, &ev)) {
        reactor_free(r);
        return NULL;
    }
    return r;
}

enum err reactor_start(struct reactor *r, int number)
{
    char name[16] = "reactor-0";
    if (pthread_create(&r->thread, NULL, loop, r))
        return ERR_MEMORY;
    r->started = true;
    name[8] = (char)('0' + number % 10);
    pthread_setname_np(r->thread, name);
    return OK;
}

void reactor_stop(struct reactor *r)
{
    if (!r->started)
        return;
    inbox_stop(&r->inbox);
    pthread_join(r->thread, NULL);
    r->started = false;
}

bool reactor_run_left(struct reactor *r)
{
    assert(!r->started);
    bool any;
    inbox_run(&r->inbox, &any);
    for (uint32_t i = 0; i < r->table_len; i++) /* sockets that were on their way here */
        conn_kill(r->table[i]);
    close_dead(r);
    return any;
}

void reactor_free(struct reactor *r)
{
    if (!r)
        return;
    assert(!r->started && r->table_len == 0);
    if (r->epoll_fd >= 0)
        close(r->epoll_fd);
    inbox_clear(&r->inbox);
    free(r->table);
    free(r->dead);
    free(r->finishing);
    free(r);
}

const struct mailbox *reactor_mailbox(struct reactor *r)
{
    return &r->inbox.mailbox;
}

size_t reactor_connections(const struct reactor *r)
{
    return atomic_load_explicit(&r->count, memory_order_relaxed);
}
