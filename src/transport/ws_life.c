/* The WebSocket transport of one reactor: it is made, takes over sockets, and says goodbye to all. */
#include "transport/ws_internal.h"

#include <stdlib.h>
#include <unistd.h>

struct ws *ws_new(struct chat *chat, struct shard *shard, struct reactor *reactor, const struct ws_settings *settings)
{
    struct ws *ws = calloc(1, sizeof *ws);
    if (!ws)
        return NULL;
    ws->transport = ws_operations;
    ws->chat = chat;
    ws->shard = shard;
    ws->reactor = reactor;
    ws->settings = *settings;
    ws->ping = ws_control_frame(WS_OP_PING, (struct span){NULL, 0});
    if (!ws->ping) {
        free(ws);
        return NULL;
    }
    return ws;
}

void ws_free(struct ws *ws)
{
    if (!ws)
        return;
    frame_release(ws->ping);
    free(ws);
}

struct adoption {
    struct task task;
    struct ws *ws;
    struct person *who;
    struct caller caller;
    void *tag;
    int fd;
};

/* Sets the connection up on its reactor. Each failure leaves nothing behind but on_closed(). */
static void adopt(struct task *task)
{
    struct adoption *a = (struct adoption *)task;
    struct ws *ws = a->ws;
    struct ws_conn *w = calloc(1, sizeof *w);
    if (!w || reactor_add(ws->reactor, &w->conn, a->fd) != OK) {
        if (!w)
            close(a->fd);
        hub_person_release(ws->chat->hub, a->who);
        free(w);
        ws->settings.on_closed(ws->settings.ctx, a->tag);
        free(a);
        return;
    }
    w->conn.transport = &ws->transport;
    w->tag = a->tag;
    w->ended = CLOSE_LOST;
    metric_add(&ws->chat->metrics->connections_open, 1);
    metric_add(&ws->chat->metrics->connections_total, 1);
    if (session_open(ws->chat, ws->shard, a->who, &a->caller, &ws_session_io, w, &w->session) != OK)
        conn_kill(&w->conn);
    free(a);
}

void ws_adopt(struct ws *ws, int fd, struct person *who, const struct caller *caller, void *tag)
{
    struct adoption *a = malloc(sizeof *a);
    if (!a) {
        close(fd);
        hub_person_release(ws->chat->hub, who);
        ws->settings.on_closed(ws->settings.ctx, tag);
        return;
    }
    *a = (struct adoption){.task.run = adopt, .ws = ws, .who = who, .caller = *caller, .tag = tag, .fd = fd};
    mailbox_post(reactor_mailbox(ws->reactor), &a->task);
}

struct drain {
    struct task task;
    struct ws *ws;
    const char *reason;
};

static void drain(struct task *task)
{
    struct drain *d = (struct drain *)task;
    session_bye_all(d->ws->chat, d->ws->shard, d->reason);
    session_end_all(d->ws->shard, ERR_SHUTTING_DOWN, d->reason);
    free(d);
}

void ws_drain(struct ws *ws, const char *reason)
{
    struct drain *d = malloc(sizeof *d);
    if (!d)
        return;
    *d = (struct drain){.task.run = drain, .ws = ws, .reason = reason};
    mailbox_post(reactor_mailbox(ws->reactor), &d->task);
}
