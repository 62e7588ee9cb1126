/* One connection's reading, sending and ending. */
#include "net/reactor_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

static void arm(struct conn *c, bool deaf, bool want_out)
{
    struct epoll_event ev = {.events = (deaf ? 0u : EPOLLIN) | (want_out ? EPOLLOUT : 0u), .data.ptr = c};
    if (c->deaf != deaf || c->want_out != want_out) {
        epoll_ctl(c->reactor->epoll_fd, EPOLL_CTL_MOD, c->fd, &ev);
        c->deaf = deaf;
        c->want_out = want_out;
    }
}

/* ------------------------------------------------------------------ sending */

void conn_wake(struct conn *c)
{
    if (c->dirty || c->dead)
        return;
    c->dirty = true;
    c->dirty_next = NULL;
    *c->reactor->dirty_tail = c;
    c->reactor->dirty_tail = &c->dirty_next;
}

void reactor_set_stuck(struct conn *c, uint32_t since_ms)
{
    if (since_ms && !c->stuck_ms)
        c->reactor->stuck++;
    else if (!since_ms && c->stuck_ms)
        c->reactor->stuck--;
    c->stuck_ms = since_ms;
}

static void note_progress(struct conn *c, bool is_left, bool progress)
{
    if (!is_left)
        reactor_set_stuck(c, 0);
    else if (progress || !c->stuck_ms)
        reactor_set_stuck(c, (uint32_t)c->reactor->now_ms | 1); /* 0 says something else */
}

void reactor_send(struct conn *c)
{
    struct iovec iov[REACTOR_IOV_MAX];
    struct msghdr msg = {.msg_iov = iov};
    bool progress = false;
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
        progress = true;
        metric_add(&c->reactor->metrics->bytes_sent_total, sent);
        c->transport->sent(c, (size_t)sent);
        if (c->dead)
            return;
        if ((size_t)sent < want)
            break; /* full: a further call would only say EAGAIN */
    }
    note_progress(c, msg.msg_iovlen != 0, progress);
    arm(c, c->deaf, msg.msg_iovlen != 0);
    if (msg.msg_iovlen == 0 && c->finishing && !c->shut) {
        c->shut = true;
        shutdown(c->fd, SHUT_WR);
    }
}

void conn_flush(struct conn *c)
{
    if (!c->dead && !c->want_out)
        reactor_send(c);
}

/* ------------------------------------------------------------------ reading */

static struct reactor_kept *find_kept(const struct conn *c)
{
    struct reactor *r = c->reactor;
    for (size_t i = 0; i < r->kept_len; i++)
        if (r->kept[i].conn == c)
            return &r->kept[i];
    return NULL;
}

void reactor_forget_kept(struct conn *c)
{
    struct reactor *r = c->reactor;
    struct reactor_kept *k = c->deaf ? find_kept(c) : NULL;
    if (k) {
        free(k->bytes);
        *k = r->kept[--r->kept_len];
    }
}

/* False: no memory. */
static bool keep(struct conn *c, const uint8_t *bytes, size_t len)
{
    struct reactor *r = c->reactor;
    if (r->kept_len == r->kept_cap) {
        size_t cap = r->kept_cap ? r->kept_cap * 2 : 16;
        struct reactor_kept *list = reallocarray(r->kept, cap, sizeof *list);
        if (!list)
            return false;
        r->kept = list;
        r->kept_cap = cap;
    }
    uint8_t *copy = malloc(len);
    if (!copy)
        return false;
    memcpy(copy, bytes, len);
    r->kept[r->kept_len++] = (struct reactor_kept){c, copy, len};
    return true;
}

void conn_pause(struct conn *c)
{
    if (c->finishing || c->dead)
        return;
    c->paused = true;
    arm(c, true, c->want_out);
}

void conn_resume(struct conn *c)
{
    if (!c->paused)
        return;
    c->paused = false;
    c->reactor->table[c->slot].received_ms = (uint32_t)c->reactor->now_ms;
    if (find_kept(c))
        c->reactor->has_resumed = true;
    else
        arm(c, false, c->want_out);
}

/* Gives what has come to the transport, and keeps what it leaves. */
static void hand_over(struct conn *c, uint8_t *bytes, size_t len)
{
    size_t took = c->finishing ? len : c->transport->received(c, bytes, len);
    if (took == len || c->dead || c->finishing)
        return;
    arm(c, true, c->want_out); /* it can have been resumed meanwhile */
    c->reactor->has_resumed |= !c->paused;
    if (!keep(c, bytes + took, len - took))
        conn_kill(c); /* no memory for what it would lose */
}

void reactor_receive(struct conn *c)
{
    struct reactor *r = c->reactor;
    ssize_t got = recv(c->fd, r->read_buffer, sizeof r->read_buffer, MSG_DONTWAIT);
    if (got > 0) {
        r->table[c->slot].received_ms = (uint32_t)r->now_ms;
        metric_add(&r->metrics->bytes_received_total, got);
        hand_over(c, r->read_buffer, (size_t)got);
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        conn_kill(c);
    }
}

/* From the last to the first: what is taken out makes room for the last, and what is left again comes behind. */
void reactor_go_on(struct reactor *r)
{
    if (!r->has_resumed)
        return;
    r->has_resumed = false;
    for (size_t i = r->kept_len; i-- > 0;) {
        struct reactor_kept k = r->kept[i];
        if (k.conn->paused || k.conn->dead)
            continue;
        r->kept[i] = r->kept[--r->kept_len];
        hand_over(k.conn, k.bytes, k.len);
        free(k.bytes);
        if (!k.conn->paused && !find_kept(k.conn))
            arm(k.conn, false, k.conn->want_out);
    }
}

/* ------------------------------------------------------------------ ending */

void conn_kill(struct conn *c)
{
    if (c->dead)
        return;
    c->dead = true;
    c->reactor->dead[c->reactor->dead_len++] = c;
}

/* From here on what comes is read and thrown away, until the end of file. */
static void listen_for_the_end(struct conn *c)
{
    reactor_forget_kept(c);
    c->paused = false;
    arm(c, false, c->want_out);
}

void conn_finish(struct conn *c)
{
    struct reactor *r = c->reactor;
    if (c->finishing || c->dead)
        return;
    if (r->finishing_len == r->finishing_cap) {
        size_t cap = r->finishing_cap ? r->finishing_cap * 2 : 16;
        struct reactor_finishing *list = reallocarray(r->finishing, cap, sizeof *list);
        if (!list) {
            conn_kill(c); /* no memory to be polite with */
            return;
        }
        r->finishing = list;
        r->finishing_cap = cap;
    }
    r->finishing[r->finishing_len++] = (struct reactor_finishing){c, r->now_ms + r->options.linger_ms};
    c->finishing = true;
    listen_for_the_end(c);
    conn_wake(c);
}

void reactor_forget_finishing(struct conn *c)
{
    struct reactor *r = c->reactor;
    for (size_t i = 0; c->finishing && i < r->finishing_len; i++)
        if (r->finishing[i].conn == c) {
            r->finishing[i] = r->finishing[--r->finishing_len];
            return;
        }
}
