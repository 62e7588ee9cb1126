#include "http/upgrade.h"

#include "account/account.h"
#include "account/guest.h"
#include "base/diag.h"
#include "directory/people.h"
#include "http/gate.h"
#include "http/handshake.h"
#include "http/identity.h"
#include "http/query.h"
#include "http/server_internal.h"
#include "http/takeover.h"
#include "proto/ws_frame.h"

#include <civetweb.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    NAME_QUERY_MAX = 1024
}; /* far more than a name may have; the rules of names say what is wrong with a longer one */

struct upgrade {
    struct http_server *server;
    struct gate_place *place;
    struct person *person;
    struct caller who;
    int live; /* the socket, taken over; -1 before that */
};

static const struct refusal address_full = {429, "too_many", "Too many connections from your address.", NULL};

static void forget(struct upgrade *u)
{
    if (!u)
        return;
    if (u->person)
        hub_person_release(u->server->chat->hub, u->person);
    if (u->place)
        gate_leave(u->server->gate, u->place);
    free(u);
}

/* ------------------------------------------------------------------ before the 101 */

static enum err enter_visitor(struct exchange *x, struct upgrade *u, const char **why, int64_t *retry_after_ms)
{
    char name[NAME_QUERY_MAX];
    size_t len = 0;
    enum err e = query_get(x->request->query_string, "name", name, sizeof name, &len);
    if (e && e != ERR_NOT_FOUND) {
        *why = e == ERR_TOO_BIG ? "That name is too long." : "The name in the address is not correctly encoded.";
        return ERR_INVALID;
    }
    e = len ? origin_take(gate_origin(u->place), ORIGIN_NAMES, 1, retry_after_ms, why) : OK;
    return e ? e : guest_enter_visitor(x->server->chat, (struct span){name, len}, &u->person, why);
}

/* While the place takes no guests, a guest is nobody, and nobody is refused. */
static enum err enter(struct exchange *x, struct upgrade *u, const char **why, int64_t *retry_after_ms)
{
    struct identity identity;
    struct chat *chat = x->server->chat;
    enum err e = identity_of(x, &identity, why);
    if (e)
        return e;
    u->who = identity.who;
    switch (identity.who.kind) {
    case COMMAND_ACTOR_ACCOUNT:
        return account_enter(chat, &identity.who, &u->person);
    case COMMAND_ACTOR_GUEST:
        u->who.origin = gate_origin(u->place);
        return guest_enter(chat, &identity.guest, &u->person);
    default:
        u->who.origin = gate_origin(u->place);
        return enter_visitor(x, u, why, retry_after_ms);
    }
}

static int refuse_at_gate(struct exchange *x, enum gate_result why)
{
    metric_add(&x->server->metrics->connections_refused, 1);
    if (why == GATE_ADDRESS_FULL)
        return exchange_refuse(x, &address_full);
    return exchange_error(x, why == GATE_FULL ? ERR_TOO_MANY : ERR_MEMORY, NULL);
}

int upgrade_begin(struct exchange *x)
{
    struct http_server *h = x->server;
    const struct refusal *no = handshake_check(x->request, x->from.https, h->settings.allowed_origins);
    x->last = true; /* whatever the answer, CivetWeb closes the connection after it */
    if (no)
        return exchange_refuse(x, no);
    if (http_draining(h))
        return exchange_error(x, ERR_SHUTTING_DOWN, NULL);
    if (!directory_is_set_up(h->chat->directory))
        return exchange_error(x, ERR_NOT_SET_UP, NULL);

    const char *why = NULL;
    int64_t retry_after_ms = 0;
    enum err e = OK;
    struct upgrade *u = calloc(1, sizeof *u);
    if (!u)
        return exchange_error(x, ERR_MEMORY, NULL);
    *u = (struct upgrade){.server = h, .live = -1};
    if (!x->from.known) {
        e = ERR_IO;
        goto refused;
    }
    enum gate_result gate = gate_enter(h->gate, &x->from.client, &u->place);
    if (gate != GATE_OPEN) {
        forget(u);
        return refuse_at_gate(x, gate);
    }
    e = enter(x, u, &why, &retry_after_ms);
    if (e)
        goto refused;
    mg_set_user_connection_data(x->conn, u);
    return 0;
refused:
    forget(u);
    return exchange_fail(x, &(struct failure){.e = e, .why = why, .retry_after_ms = retry_after_ms});
}

void upgrade_abandon(const struct mg_connection *conn)
{
    forget(mg_get_user_connection_data(conn));
    mg_set_user_connection_data(conn, NULL);
}

/* ------------------------------------------------------------------ what CivetWeb calls */

/* CivetWeb 1.15 never clears the sub-protocol that it chose for the last connection of this worker, and would send it
 * to a client that asked for none. The request info is const to us, not in itself. */
static int on_connect(const struct mg_connection *conn, void *ctx)
{
    (void)ctx;
    struct mg_request_info *r = (struct mg_request_info *)mg_get_request_info(conn);
    r->acceptedWebSocketSubprotocol = handshake_subprotocol(r);
    return 0;
}

static enum err take_over(const struct mg_connection *conn, struct upgrade *u)
{
    struct http_server *h = u->server;
    int fd = worker_fd(worker_of(conn));
    if (fd < 0) {
        errno = EBADF;
        return ERR_IO;
    }
    return takeover_replace(fd, h->range.limit, h->mark, &u->live);
}

static void on_ready(struct mg_connection *conn, void *ctx)
{
    (void)ctx;
    uint8_t payload[WS_CONTROL_MAX];
    struct upgrade *u = mg_get_user_connection_data(conn);
    enum err e = u ? take_over(conn, u) : ERR_IO;
    if (!e)
        return;
    diag_error("takeover_failed", "code=%s errno=%d", err_code(e), errno);
    size_t len = ws_close_payload(payload, 1013, span_of("the server is out of file descriptors"));
    mg_websocket_write(conn, WS_OP_CLOSE, (const char *)payload, len);
    mg_disable_connection_keep_alive(conn); /* or its reader would begin */
}

/* The first frame that CivetWeb reads is the mark, and the live socket goes to a reactor; or the client sent
 * something too early. Either way CivetWeb shall end. */
static int on_data(struct mg_connection *conn, int bits, char *data, size_t len, void *ctx)
{
    struct http_server *h = ctx;
    struct upgrade *u = mg_get_user_connection_data(conn);
    if (!u || u->live < 0 || !takeover_is_mark(h->mark, bits, data, len))
        return 0;
    unsigned turn = atomic_fetch_add_explicit(&h->next_ws, 1, memory_order_relaxed);
    ws_adopt(h->ws[turn % (unsigned)h->ws_count], u->live, u->person, &u->who, u->place);
    u->live = -1;
    u->person = NULL;
    u->place = NULL;
    return 0;
}

/* Ends a live socket that nobody may have. What has come is read away, or closing would make the kernel throw away
 * the Close frame. */
static void end_live(int fd, uint16_t code, const char *reason)
{
    uint8_t frame[WS_HEADER_MAX + WS_CONTROL_MAX], payload[WS_CONTROL_MAX], sink[1024];
    size_t payload_len = ws_close_payload(payload, code, span_of(reason));
    size_t header_len = ws_frame_header(frame, WS_OP_CLOSE, payload_len);
    memcpy(frame + header_len, payload, payload_len);
    ssize_t ignored = send(fd, frame, header_len + payload_len, MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)ignored;
    shutdown(fd, SHUT_WR);
    for (int i = 0; i < 64 && recv(fd, sink, sizeof sink, MSG_DONTWAIT) > 0; i++)
        ;
    close(fd);
}

static void on_close(const struct mg_connection *conn, void *ctx)
{
    struct http_server *h = ctx;
    struct upgrade *u = mg_get_user_connection_data(conn);
    if (u && u->live >= 0 && http_draining(h)) {
        end_live(u->live, 1012, "restart");
    } else if (u && u->live >= 0) {
        metric_add(&h->metrics->closes[CLOSE_PROTOCOL], 1);
        end_live(u->live, 1002, "frames before the handshake was complete");
    }
    upgrade_abandon(conn);
}

void upgrade_install(struct mg_context *ctx, struct http_server *server)
{
    mg_set_websocket_handler(ctx, "/ws", on_connect, on_ready, on_data, on_close, server);
}
