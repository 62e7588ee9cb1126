#include "base/utf8.h"
#include "chat/admit/allowance.h"
#include "chat/admit/missing.h"
#include "chat/query/query.h"
#include "chat/submit/call.h"
#include "http/api_internal.h"
#include "http/server_internal.h"

#include <civetweb.h>

enum {
    BODY_MAX = 64 * 1024,
    PROFILE_BODY_MAX = 128 * 1024, /* a picture of 64 KiB, in base64, and some text */
};

static const struct refusal no_such_call = {404, "not_found", "Unknown API call.", NULL};
static const struct refusal only_post = {405, "invalid", "Use POST for this call.", "Allow: POST\r\n"};

/* What needs a live connection is no call. */
static bool is_call(enum request_type type)
{
    return request_is(type, VERB_OVER_HTTP) || call_is_command(type) || request_is_query(type);
}

static enum err read_past(struct chat *chat, const struct caller *who, const struct request *q, struct buf *json,
                          struct failure *failure)
{
    enum err e = allowance_read(chat, who, q->type, &failure->retry_after_ms, &failure->why);
    if (!e)
        e = query_wait(chat, who, q, json, &failure->why);
    if (!e)
        allowance_drawn(chat, who->origin, json->len);
    return e;
}

static int carry_out(struct exchange *x, const struct caller *who, enum request_type type, struct span body)
{
    struct chat *chat = x->server->chat;
    struct request q;
    struct buf json = BUF_INIT;
    struct failure failure = {.e = OK};
    char words[MISSING_BYTES];
    if (!utf8_check(body))
        return exchange_error(x, ERR_INVALID_JSON, NULL);
    failure.e = request_parse_call(type, body, &q, &failure.why);
    if (!failure.e && (request_is(type, VERB_READS) || request_is_query(type)))
        failure.e = read_past(chat, who, &q, &json, &failure);
    else if (!failure.e)
        failure.e = call_wait(chat, who, &q, &json, &failure.why, &failure.retry_after_ms);
    if (failure.e && !failure.why)
        failure.why = missing_words(chat, who, &q, failure.e, words);
    request_release(&q);
    if (!failure.e)
        return api_answer(x, 200, &json, NULL);
    buf_release(&json);
    return exchange_fail(x, &failure);
}

/* Guests have the limits of their address, too. */
static int carry_out_within(struct exchange *x, struct caller *who, enum request_type type, struct span body)
{
    const struct address block = address_block(&x->from.client);
    if (who->kind == COMMAND_ACTOR_ACCOUNT)
        return carry_out(x, who, type, body);
    who->origin = origin_enter(x->server->origins, block.bytes);
    int status = who->origin ? carry_out(x, who, type, body) : exchange_error(x, ERR_MEMORY, NULL);
    origin_leave(who->origin);
    return status;
}

int api_request(struct exchange *x)
{
    const char *name = x->request->local_uri_raw + sizeof "/api/v1" - 1; /* "/send", or nothing at all */
    int status, type = *name ? request_type_named(span_of(name + 1)) : -1;
    struct identity identity;
    struct buf body = BUF_INIT;
    if (type < 0 || !is_call((enum request_type)type))
        return exchange_refuse(x, &no_such_call);
    if (strcmp(x->request->request_method, "POST") != 0)
        return exchange_refuse(x, &only_post);
    size_t limit = request_is((enum request_type)type, VERB_LARGE) ? PROFILE_BODY_MAX : BODY_MAX;
    if (api_take_body(x, API_KNOWN, limit, &identity, &body, &status))
        status = carry_out_within(x, &identity.who, (enum request_type)type, buf_span(&body));
    buf_release(&body);
    return status;
}
