/* A WebSocket connection between its reactor and its session.
 *
 * While nothing is incomplete a connection holds no parser: received bytes go through one that the transport keeps
 * for all, and only when they end in the middle of a message is it copied to the heap for this connection. Control
 * frames of ours are small frames in the same outbox, so that everything leaves in order; a Close comes last, after
 * what is queued has been dropped or sent. */
#include "base/diag.h"
#include "transport/ws_internal.h"

#include <stdlib.h>

enum {
    DRAINED_FRAMES = 32, /* an outbox this short is ready for more of a replay */
};

/* A message that has come in part. */
struct unfinished {
    struct ws_parser parser;
    int64_t since_ms; /* on the loop's clock */
};

static struct ws_conn *conn_of(struct conn *c)
{
    return (struct ws_conn *)c;
}

static struct ws *ws_of(struct ws_conn *w)
{
    return (struct ws *)w->conn.transport;
}

static const struct outbox_limits *limits_of(struct ws_conn *w)
{
    return &ws_of(w)->chat->settings.outbox;
}

/* ------------------------------------------------------------------ saying */

struct frame *ws_control_frame(enum ws_opcode opcode, struct span payload)
{
    uint8_t head[WS_HEADER_MAX];
    size_t len = ws_frame_header(head, opcode, payload.len);
    return frame_new((struct span){(const char *)head, len}, payload, 0);
}

static enum err push_control(struct ws_conn *w, struct frame *f)
{
    enum err e = f ? outbox_push(session_outbox(w->session), f, limits_of(w)) : ERR_MEMORY;
    conn_wake(&w->conn);
    return e;
}

static enum metrics_close close_reason(uint16_t code)
{
    switch (code) {
    case 1002:
    case 1003:
    case 1007:
        return CLOSE_PROTOCOL;
    case 1008:
        return CLOSE_FLOOD;
    case 1009:
        return CLOSE_TOO_BIG;
    case 1011:
        return CLOSE_INTERNAL;
    case 1012:
        return CLOSE_RESTART;
    case 1013:
        return CLOSE_TOO_SLOW;
    case 1001:
        return CLOSE_IDLE;
    default:
        return CLOSE_BY_PEER;
    }
}

/* Queues a Close, behind which nothing is said, and lets the reactor end the connection once it is sent. `drop`: what is queued and not yet on its
 * way is given up. */
static void end_as(struct ws_conn *w, uint16_t code, struct span reason, bool drop, enum metrics_close counted)
{
    uint8_t payload[WS_CONTROL_MAX];
    if (w->closing)
        return;
    w->closing = true;
    w->ended = (uint8_t)counted;
    if (drop)
        outbox_drop_unsent(session_outbox(w->session), limits_of(w));
    size_t len = ws_close_payload(payload, code, reason);
    struct frame *f = ws_control_frame(WS_OP_CLOSE, (struct span){(const char *)payload, len});
    if (!f || outbox_push_last(session_outbox(w->session), f, limits_of(w)) != OK)
        conn_kill(&w->conn);
    frame_release(f);
    session_hang_up(w->session);
    conn_finish(&w->conn);
}

static void end(struct ws_conn *w, uint16_t code, struct span reason, bool drop)
{
    end_as(w, code, reason, drop, close_reason(code));
}

static void on_wake(void *conn)
{
    struct ws_conn *w = conn;
    conn_wake(&w->conn);
}

static void on_flush(void *conn)
{
    struct ws_conn *w = conn;
    conn_flush(&w->conn);
}

static void on_close(void *conn, enum err why, const char *reason)
{
    struct ws_conn *w = conn;
    uint16_t code = (uint16_t)err_ws_close(why);
    bool has_ended = why == ERR_SESSION_ENDED || why == ERR_BANNED; /* 1008 as well, but no flood */
    end_as(w, code, span_of(reason), why != ERR_SHUTTING_DOWN, has_ended ? CLOSE_ENDED : close_reason(code));
}

static void on_ready(void *conn)
{
    struct ws_conn *w = conn;
    conn_resume(&w->conn);
}

/* Its socket is full, so that no Close gets through. What is queued goes at once: its memory is wanted. */
static void on_cut(void *conn)
{
    struct ws_conn *w = conn;
    if (!w->closing)
        w->ended = CLOSE_TOO_SLOW;
    w->closing = true;
    session_hang_up(w->session);
    outbox_clear(session_outbox(w->session), limits_of(w));
    conn_kill(&w->conn);
}

const struct session_io ws_session_io = {on_wake, on_flush, on_ready, on_cut, on_close};

/* ------------------------------------------------------------------ hearing */

/* Of many pings in one read the last is answered (RFC 6455, 5.5.3), or they would fill the queue. */
struct ping {
    bool is_due;
    uint8_t len;
    char payload[WS_CONTROL_MAX];
};

static void answer_ping(struct ws_conn *w, const struct ping *ping)
{
    if (!ping->is_due || w->closing)
        return;
    struct frame *pong = ws_control_frame(WS_OP_PONG, (struct span){ping->payload, ping->len});
    if (push_control(w, pong) != OK)
        end(w, 1013, span_of("too slow"), true);
    frame_release(pong);
}

static void handle(struct ws_conn *w, enum ws_result what, const struct ws_event *event, struct ping *ping)
{
    switch (what) {
    case WS_TEXT:
        session_text(w->session, event->payload);
        break;
    case WS_PING:
        ping->is_due = true;
        ping->len = (uint8_t)event->payload.len;
        if (ping->len)
            memcpy(ping->payload, event->payload.p, ping->len);
        break;
    case WS_CLOSE: /* the same code goes back (RFC 6455, 5.5.1) */
        end(w, event->code == WS_CODE_NONE ? 1000 : event->code, (struct span){NULL, 0}, false);
        w->ended = CLOSE_BY_PEER;
        break;
    case WS_ERROR:
        end(w, event->code, event->payload, false);
        break;
    case WS_PONG:
    case WS_MORE:
        break;
    }
}

static void forget_unfinished(struct ws_conn *w)
{
    if (w->unfinished)
        ws_parser_clear(&w->unfinished->parser);
    free(w->unfinished);
    w->unfinished = NULL;
}

/* Keeps the state of an incomplete message for this connection, or lets go of what it kept. False: no memory. */
static bool keep_parser(struct ws_conn *w, struct ws_parser *used)
{
    bool idle = ws_parser_idle(used), is_kept = w->unfinished && used == &w->unfinished->parser;
    if (is_kept && idle) {
        forget_unfinished(w);
    } else if (!is_kept && !idle) {
        w->unfinished = malloc(sizeof *w->unfinished);
        if (!w->unfinished) {
            ws_parser_clear(used);
            return false;
        }
        *w->unfinished = (struct unfinished){*used, reactor_now_ms(w->conn.reactor)}; /* what it holds moves with it */
    }
    return true;
}

/* Between two messages, so that nothing is incomplete: whether the session takes the next. */
static bool must_wait(struct ws_conn *w, enum ws_result last)
{
    if (last != WS_TEXT || w->closing || session_is_ready(w->session))
        return false;
    conn_pause(&w->conn);
    return true;
}

static size_t received(struct conn *c, uint8_t *data, size_t len)
{
    struct ws_conn *w = conn_of(c);
    const size_t all = len;
    struct ws_parser *p = w->unfinished ? &w->unfinished->parser : &ws_of(w)->scratch;
    if (!w->unfinished) {
        ws_parser_init(p, (uint32_t)ws_of(w)->settings.frame_limit_bytes);
    }
    enum ws_result what = WS_TEXT;
    struct ping ping = {.is_due = false};
    bool waits = false;
    while (what != WS_MORE && !w->closing) {
        struct ws_event event;
        size_t used;
        what = ws_parser_feed(p, data, waits ? 0 : len, &used, &event);
        data += used;
        len -= used;
        handle(w, what, &event, &ping);
        waits = waits || must_wait(w, what); /* then once more, for the parser to let go of what it held */
    }
    answer_ping(w, &ping);
    if (w->closing) { /* nothing more is read: RFC 6455, 5.5.1 and 7.1.7 */
        if (w->unfinished)
            forget_unfinished(w);
        else
            ws_parser_clear(p);
    } else if (!keep_parser(w, p)) {
        end(w, 1011, span_of("out of memory"), true);
    }
    return all - len;
}

/* ------------------------------------------------------------------ the reactor's other calls */

static size_t gather(struct conn *c, struct iovec *iov, size_t max)
{
    return outbox_gather(session_outbox(conn_of(c)->session), iov, max);
}

static void sent(struct conn *c, size_t n)
{
    struct ws_conn *w = conn_of(c);
    struct outbox *o = session_outbox(w->session);
    outbox_consume(o, n, limits_of(w));
    if (o->len <= DRAINED_FRAMES && !w->closing)
        session_drained(w->session);
}

static void tick(struct conn *c, int64_t idle_ms)
{
    struct ws_conn *w = conn_of(c);
    if (w->closing)
        return;
    const int64_t limit_ms = ws_of(w)->settings.idle_timeout_ms, now_ms = reactor_now_ms(c->reactor);
    if (idle_ms >= limit_ms)
        end(w, 1001, span_of("nothing heard"), true);
    else if (w->unfinished && now_ms - w->unfinished->since_ms >= limit_ms) /* dribbling keeps it from being idle */
        end(w, 1008, span_of("unfinished message"), true);
    else if (push_control(w, ws_of(w)->ping) != OK)
        end(w, 1013, span_of("too slow"), true);
}

static void stalled(struct conn *c)
{
    on_cut(c);
}

static void closed(struct conn *c)
{
    struct ws_conn *w = conn_of(c);
    struct ws *ws = ws_of(w);
    metric_add(&ws->chat->metrics->closes[w->ended], 1);
    diag_debug("disconnected", "reason=%s fd=%d", metrics_close_name(w->ended), c->fd);
    metric_add(&ws->chat->metrics->connections_open, -1);
    session_close(w->session);
    forget_unfinished(w);
    void *tag = w->tag;
    free(w);
    ws->settings.on_closed(ws->settings.ctx, tag);
}

const struct transport ws_operations = {received, gather, sent, tick, stalled, closed};
