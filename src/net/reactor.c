/* The loop.
 *
 * A turn: epoll_wait -> read and hand over -> run posted tasks -> send to the dirty ones -> close the dead ones.
 * Everything that a turn has to say to a connection is gathered before the one send at its end; nothing frees a
 * connection while the turn may still hold a pointer to it.
 *
 * Time-outs need no timer heap: all connections are looked at each second, see watch.c. */
#include "net/reactor_internal.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    EVENTS_PER_TURN = 1024,
    GAP_MAX_MS = 2 * REACTOR_SECOND_MS, /* a longer turn is a freeze; the loop wakes up each second */
};

/* ------------------------------------------------------------------ connections */

/* False: no memory; all is as it was, as far as anybody sees. */
static bool grow(struct reactor *r)
{
    uint32_t cap = r->table_cap ? r->table_cap * 2 : 64;
    struct reactor_entry *table = reallocarray(r->table, cap, sizeof *table);
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

/* So that those who came together, after a restart, are not all pinged together: the first tick comes after half of
 * tick_ms to all of it. */
static uint32_t first_look(struct reactor *r)
{
    uint32_t half_ms = (uint32_t)(r->options.tick_ms / 2);
    return (uint32_t)r->now_ms - (half_ms ? r->added++ * 2654435761u % half_ms : 0); /* 2^32 over the golden ratio */
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
    c->dirty = c->dead = c->want_out = c->finishing = c->shut = c->paused = c->deaf = false;
    c->stuck_ms = 0;
    c->slot = r->table_len;
    r->table[r->table_len++] = (struct reactor_entry){c, (uint32_t)r->now_ms, first_look(r)};
    atomic_store_explicit(&r->count, r->table_len, memory_order_relaxed);
    return OK;
}

static void close_dead(struct reactor *r)
{
    while (r->dead_len) {
        struct conn *c = r->dead[--r->dead_len];
        reactor_forget_finishing(c);
        reactor_forget_kept(c);
        reactor_set_stuck(c, 0);
        close(c->fd); /* leaves epoll with it: nobody else holds this descriptor */
        r->table[c->slot] = r->table[--r->table_len];
        r->table[c->slot].conn->slot = c->slot;
        atomic_store_explicit(&r->count, r->table_len, memory_order_relaxed);
        c->transport->closed(c);
    }
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
            reactor_send(c);
    }
}

static void keep_time(struct reactor *r)
{
    if (r->now_ms < r->next_second_ms)
        return;
    r->next_second_ms = r->now_ms + REACTOR_SECOND_MS;
    reactor_watch(r);
    if (r->options.every_second)
        r->options.every_second(r->options.ctx);
}

/* ------------------------------------------------------------------ the loop */

static void advance(struct reactor *r, int64_t mono_ms)
{
    int64_t gap_ms = mono_ms - r->mono_ms;
    r->now_ms += gap_ms < GAP_MAX_MS ? gap_ms : GAP_MAX_MS;
    r->mono_ms = mono_ms;
}

static bool turn(struct reactor *r)
{
    struct epoll_event events[EVENTS_PER_TURN];
    int64_t left_ms = r->next_second_ms - r->now_ms;
    int n = epoll_wait(r->epoll_fd, events, EVENTS_PER_TURN, left_ms > 0 && !r->has_resumed ? (int)left_ms : 0);
    int64_t began_ns = env_mono_ns(r->env);
    advance(r, began_ns / 1000000);

    reactor_go_on(r);
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
        if (!c->deaf && events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
            reactor_receive(c);
        else if (events[i].events & (EPOLLHUP | EPOLLERR)) /* nobody is there to be answered */
            conn_kill(c);
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
    r->mono_ms = env_mono_ms(r->env);
    while (turn(r))
        ;
    for (uint32_t i = 0; i < r->table_len; i++)
        conn_kill(r->table[i].conn);
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
        conn_kill(r->table[i].conn);
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
    free(r->kept);
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

int64_t reactor_now_ms(const struct reactor *r)
{
    return r->now_ms;
}
