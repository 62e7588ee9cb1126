#include "http/health.h"

#include "http/address.h"
#include "http/exposition.h"
#include "http/server_internal.h"

static int answer(struct exchange *x, const char *reason, const char *doing)
{
    struct buf body = BUF_INIT;
    if (reason)
        buf_printf(&body, "{\"status\":\"unavailable\",\"reason\":\"%s\"", reason);
    else
        buf_add_str(&body, "{\"status\":\"ok\"");
    if (doing)
        buf_printf(&body, ",\"message\":\"%s\"", doing);
    buf_add_char(&body, '}');
    struct answer a = {.status = reason ? 503 : 200, .type = "application/json", .body = buf_span(&body)};
    int status = exchange_answer(x, &a);
    buf_release(&body);
    return status;
}

int health_answer(struct exchange *x)
{
    const struct metrics *m = x->server->metrics;
    bool is_well = metric_get(&m->storage_ok) != 0 && metric_get(&m->storage_damaged) == 0;
    return answer(x,
                  http_draining(x->server) ? err_code(ERR_SHUTTING_DOWN)
                  : is_well                ? NULL
                                           : err_code(ERR_STORAGE),
                  NULL);
}

int health_starting(struct exchange *x, const char *doing)
{
    return answer(x, "starting", doing);
}

/* A proxy that passes on what somebody asked does not lend its own address to that. */
static bool may_read_metrics(const struct exchange *x)
{
    return x->from.known && !x->from.unclear && address_in_list(&x->from.client, x->server->settings.metrics_allow);
}

int health_metrics(struct exchange *x)
{
    if (!may_read_metrics(x))
        return exchange_text(x, 403, "Your address can't read the metrics. See the setting metrics_allow.\n", NULL);
    struct buf body = BUF_INIT;
    exposition_write(&body, x->server->metrics, env_mono_ms(x->server->env) - x->server->started_ms);
    struct answer a = {.status = 200, .type = "text/plain; version=0.0.4; charset=utf-8", .body = buf_span(&body)};
    int status = body.failed ? exchange_error(x, ERR_MEMORY, NULL) : exchange_answer(x, &a);
    buf_release(&body);
    return status;
}
