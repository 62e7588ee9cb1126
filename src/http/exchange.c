#include "http/exchange.h"

#include "http/header.h"
#include "http/request.h"
#include "http/server_internal.h"
#include "proto/api.h"

#include <civetweb.h>
#include <time.h>

enum {
    BODY_MS = 5000,         /* a body may take this long to come */
    BODY_BYTES_PER_MS = 16, /* and a long one so much longer: a picture from a telephone */
    LEFTOVER_MAX =
        4096, /* so much of a body that nobody wants is read away, so that the client sees the answer and not a reset */
    LEFTOVER_MS = 1000,
    WRITE_MS = 5000,            /* a client that takes nothing of its answer for so long is gone */
    OVERLOADED_RETRY_MS = 1000, /* nobody knows when there is less to do */
    LINGER_MS = 1000,           /* for so long a client that is still sending when it has its answer is listened to */
};

/* What an answer may do in a browser when it is not the page. */
static const char policy_of_data[] = "default-src 'none'; frame-ancestors 'none'";

static const char security_headers[] = "X-Content-Type-Options: nosniff\r\n"
                                       "Cross-Origin-Opener-Policy: same-origin\r\n"
                                       "Cross-Origin-Resource-Policy: same-origin\r\n"
                                       "Permissions-Policy: camera=(), microphone=(), geolocation=()\r\n";

/* Whether CivetWeb would go on with this connection after an answer; mirrored so that "Connection: close" is said
 * when it would not. */
static bool may_go_on(const struct exchange *x)
{
    if (!x->server->keep_alive || !request_is_http_1_1(x->request))
        return false;
    return !header_get(x->request, "Connection") || header_has_token(x->request, "Connection", "keep-alive");
}

void exchange_init(struct exchange *x, struct http_server *server, struct mg_connection *conn)
{
    *x = (struct exchange){
        .server = server, .conn = conn, .worker = worker_of(conn), .request = mg_get_request_info(conn)};
    const char *method = x->request ? x->request->request_method : NULL;
    x->head = method && strcmp(method, "HEAD") == 0;
    x->last = !x->request || !may_go_on(x) || guard_is_crowded(server->guard);
    x->body_left = x->request ? request_body_bytes(x->request) : 0;
    if (x->request)
        forwarded_read(x->request, server->settings.trusted_proxies, &x->from);
    if (x->from.known)
        address_text(&x->from.client, x->address);
}

enum err exchange_read_body(struct exchange *x, size_t limit, struct buf *out)
{
    if (x->body_left > (long long)limit)
        return ERR_TOO_BIG;
    if (!buf_reserve(out, (size_t)x->body_left))
        return ERR_MEMORY;
    if (x->body_left > 0 && header_get(x->request, "Expect"))
        mg_write(x->conn, "HTTP/1.1 100 Continue\r\n\r\n", 25);
    int64_t limit_ms = BODY_MS + x->body_left / BODY_BYTES_PER_MS;
    return worker_read(x->worker, x->conn, &x->body_left, limit_ms, out) ? OK : ERR_IO;
}

/* A connection with an unread body cannot go on. */
static void drop_body(struct exchange *x)
{
    if (x->body_left > LEFTOVER_MAX || header_get(x->request, "Expect") ||
        !worker_read(x->worker, x->conn, &x->body_left, LEFTOVER_MS, NULL))
        x->last = true;
}

static bool has_length(int status)
{
    return status >= 200 && status != 204 && status != 304;
}

static void write_head(const struct exchange *x, const struct answer *a, struct buf *out)
{
    char date[40];
    struct tm utc;
    time_t now = (time_t)(env_wall_ms(x->server->env) / 1000);
    gmtime_r(&now, &utc);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &utc);

    buf_printf(out, "HTTP/1.1 %d %s\r\nDate: %s\r\n", a->status, mg_get_response_code_text(x->conn, a->status), date);
    if (a->type)
        buf_printf(out, "Content-Type: %s\r\n", a->type);
    if (has_length(a->status))
        buf_printf(out, "Content-Length: %zu\r\n", a->body.len);
    buf_printf(out, "Cache-Control: %s\r\n", a->cache ? a->cache : "no-store");
    buf_printf(out, "Content-Security-Policy: %s\r\n", a->policy ? a->policy : policy_of_data);
    buf_printf(out, "Referrer-Policy: %s\r\n", a->no_referrer ? "no-referrer" : "same-origin");
    buf_add_str(out, security_headers);
    if (a->headers)
        buf_add_str(out, a->headers);
    if (x->last)
        buf_add_str(out, "Connection: close\r\n");
    else /* programs stop using the connection in time, instead of losing a request to its end (RFC 2068, 19.7.1.1) */
        buf_printf(out, "Keep-Alive: timeout=%ld\r\n", x->server->keep_alive_s);
    buf_add_str(out, "\r\n");
}

int exchange_answer(struct exchange *x, const struct answer *a)
{
    struct buf head = BUF_INIT;
    bool with_body = !x->head && has_length(a->status) && a->body.len > 0;
    bool together = a->body.len <= 8192; /* one packet or two instead of one more; a larger body is not copied */

    if (x->body_left > 0)
        drop_body(x);
    write_head(x, a, &head);
    if (with_body && together)
        buf_add_span(&head, a->body);
    bool sent = !head.failed && worker_write(x->worker, x->conn, buf_span(&head), WRITE_MS);
    if (sent && with_body && !together)
        sent = worker_write(x->worker, x->conn, a->body, WRITE_MS);
    if (x->last || !sent)
        mg_disable_connection_keep_alive(x->conn);
    /* Closing a socket with bytes unread, or before more come, makes the kernel reset the connection, and the client
     * loses the answer: it is shut for writing first, and what comes is thrown away for a while (RFC 9112, 9.6). */
    if (sent && (x->body_left > 0 || x->rest_unknown))
        worker_linger(x->worker, LINGER_MS);
    buf_release(&head);
    return a->status;
}

static int answer_error(struct exchange *x, int status, const char *code, const struct failure *f, const char *headers)
{
    struct buf body = BUF_INIT;
    api_write_error(&body, span_of(code), span_of(f->why), f->retry_after_ms, f->faults, f->fault_count);
    struct answer a = {.status = status, .type = "application/json", .body = buf_span(&body), .headers = headers};
    exchange_answer(x, &a);
    buf_release(&body);
    return status;
}

int exchange_refuse(struct exchange *x, const struct refusal *why)
{
    return answer_error(x, why->status, why->code, &(struct failure){.why = why->message}, why->headers);
}

int exchange_fail(struct exchange *x, const struct failure *f)
{
    struct buf headers = BUF_INIT;
    struct failure said = *f;
    if (!f->retry_after_ms && f->e == ERR_OVERLOADED)
        said.retry_after_ms = OVERLOADED_RETRY_MS;
    if (!f->why)
        said.why = err_message(f->e);
    if (f->headers)
        buf_add_str(&headers, f->headers);
    if (said.retry_after_ms > 0)
        buf_printf(&headers, "Retry-After: %lld\r\n", (long long)(said.retry_after_ms + 999) / 1000);
    buf_add(&headers, "", 1);
    int status = answer_error(x, err_http_status(f->e), err_code(f->e), &said, headers.failed ? NULL : headers.p);
    buf_release(&headers);
    return status;
}

int exchange_error(struct exchange *x, enum err e, const char *why)
{
    return exchange_fail(x, &(struct failure){.e = e, .why = why});
}

int exchange_text(struct exchange *x, int status, const char *text, const char *headers)
{
    struct answer a = {
        .status = status, .type = "text/plain; charset=utf-8", .body = span_of(text), .headers = headers};
    return exchange_answer(x, &a);
}
