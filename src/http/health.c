#include "http/health.h"

#include "http/address.h"
#include "http/exposition.h"
#include "http/server_internal.h"

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

/* A proxy that passes on what somebody asked does not lend its own address to that. */
static bool may_read_metrics(const struct exchange *x)
{
    return x->from.known && !x->from.unclear && address_in_list(&x->from.client, x->server->settings.metrics_allow);
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
