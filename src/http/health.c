#include "http/health.h"

#include "http/address.h"
#include "http/exposition.h"
#include "http/header.h"
#include "http/server_internal.h"

#include <civetweb.h>

int health_answer(struct exchange *x)
{
    const char *reason = http_draining(x->server)                           ? err_code(ERR_SHUTTING_DOWN)
                         : metric_get(&x->server->metrics->storage_ok) == 0 ? err_code(ERR_STORAGE)
                                                                            : NULL;
    struct buf body = BUF_INIT;
    if (reason)
        buf_printf(&body, "{\"status\":\"unavailable\",\"reason\":\"%s\"}", reason);
    else
        buf_add_str(&body, "{\"status\":\"ok\"}");
    struct answer a = {.status = reason ? 503 : 200, .type = "application/json", .body = buf_span(&body)};
    int status = exchange_answer(x, &a);
    buf_release(&body);
    return status;
}

/* What a proxy passes on was asked by somebody else than its address says, so it is never allowed here. */
static bool may_read_metrics(const struct exchange *x)
{
    struct address from;
    bool forwarded = header_get(x->request, "X-Forwarded-For") || header_get(x->request, "Forwarded");
    return !forwarded && address_parse(span_of(x->request->remote_addr), &from) &&
           address_in_list(&from, x->server->settings.metrics_allow);
}

int health_metrics(struct exchange *x)
{
    if (!may_read_metrics(x))
        return exchange_text(x, 403, "The metrics are not for your address. See the setting metrics_allow.\n", NULL);
    struct buf body = BUF_INIT;
    exposition_write(&body, x->server->metrics, env_mono_ms(x->server->chat->env) - x->server->started_ms);
    struct answer a = {.status = 200, .type = "text/plain; version=0.0.4; charset=utf-8", .body = buf_span(&body)};
    int status = body.failed ? exchange_error(x, ERR_MEMORY, NULL) : exchange_answer(x, &a);
    buf_release(&body);
    return status;
}
