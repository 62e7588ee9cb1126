/* The same requests over HTTP: by the session's cookie, each on a worker of the program that waits for the answer. */
#include "account/account.h"
#include "chat/core/submission.h"
#include "chat/query/query.h"
#include "chat/submit/ack.h"
#include "chat/submit/call.h"
#include "client.h"
#include "judge.h"
#include "told.h"
#include "world.h"

#include <stdlib.h>
#include <string.h>

/* As if the right password had been shown: none is hashed here. */
static enum err call_proven(struct world *w, const struct caller *who, const struct request *q, struct buf *json)
{
    struct call call;
    const char *why = NULL;
    struct outcome o = {.result = OK};
    enum err e = call_prepare(w->server.chat, who, q, &call, &why);
    if (!e)
        e = submission_wait(w->server.chat, &call.command, &o);
    if (!e)
        ack_write(json, q->id, q->type, call.code, &o);
    call_release(&call);
    return e;
}

/* The answer as a client would have it, or the error. */
static enum err carry_out(struct world *w, const struct caller *who, struct ask *a, const char *text, struct buf *json)
{
    struct request q;
    const char *why = NULL;
    int64_t retry_after_ms = 0;
    enum err e = request_parse_call(a->type, span_of(text), &q, &why);
    if (!e && a->kind == ASK_LIST)
        e = query_wait(w->server.chat, who, &q, json, &why);
    else if (!e && call_needs_password(who, a->type))
        e = call_proven(w, who, &q, json);
    else if (!e)
        e = call_wait(w->server.chat, who, &q, json, &why, &retry_after_ms);
    request_release(&q);
    return e;
}

static void take_answer(struct world *w, struct client *c, struct ask *a, const struct buf *json)
{
    cJSON *answer = cJSON_ParseWithLength(json->p, json->len);
    if (!answer)
        trace_fail(&w->trace, "protocol", "%s: an answer that is no JSON", client_label(c));
    if (a->kind == ASK_LIST)
        client_check_list(w, c, a, answer);
    else
        client_take_ack(w, c, a, answer);
    cJSON_Delete(answer);
}

enum err client_ask_over_http(struct world *w, struct client *c, const struct caller *who, struct ask *a,
                              cJSON *request)
{
    struct buf json = BUF_INIT;
    char *text = cJSON_PrintUnformatted(request);
    world_say(w, "%s >> %s", client_label(c), text);
    judge_read(w, c, a);
    enum err e = carry_out(w, who, a, text, &json);
    judge_read(w, c, a);
    world_say(w, "%s << %s %.*s", client_label(c), err_code(e), (int)(json.len < 150 ? json.len : 150),
              json.len ? json.p : "");
    trace_mix(&w->trace, json.p, json.len);
    if (!w->faults.dead && !(e && client_is_trouble(w, c, a, err_code(e)))) {
        judge_answer(w, c, a, e);
        if (!e)
            take_answer(w, c, a, &json);
    }
    cJSON_free(text);
    cJSON_Delete(request);
    buf_release(&json);
    return e;
}

/* A new password, which needs no old one here; or by a one-time link, whosever it is. */
static void change_password(struct world *w, struct client *c)
{
    uint8_t hash[HASH_BYTES];
    struct outcome outcome;
    bool by_link = *w->reset_code && dice_one_in(&w->dice, 2);
    struct command command = {.kind = by_link ? COMMAND_RESET_USE : COMMAND_PASSWORD_SET,
                              .actor = by_link ? COMMAND_ACTOR_VISITOR : COMMAND_ACTOR_ACCOUNT,
                              .actor_id = by_link ? 0 : c->who.user_id};
    if (by_link && !token_hash(TOKEN_CODE, span_of(w->reset_code), hash))
        trace_fail(&w->trace, "protocol", "%s: %s is no code", client_label(c), w->reset_code);
    if (by_link)
        fields_set_text(&command.f, F_HASH, (struct span){(const char *)hash, sizeof hash});
    else
        fields_set(&command.f, F_KEEP, c->who.session_id);
    fields_set_text(&command.f, F_PASSWORD, span_of("another hash"));
    enum err e = submission_wait(w->server.chat, &command, &outcome); /* the ledger says whether that is right */
    world_say(w, "%s changes a password: %s", client_label(c), err_code(e));
    w->tallies.n[TALLY_passwords] += !e;
}

void client_over_http(struct world *w, struct client *c)
{
    struct caller who;
    struct ask a = {.kind = dice_one_in(&w->dice, 4) ? ASK_LIST : ASK_CALL, .id = "http"};
    int64_t loud = w->ledger.loud;
    c->busy = true;
    if (dice_one_in(&w->dice, 16)) {
        change_password(w, c);
        c->busy = false;
        return;
    }
    c->http = &a;
    enum err e = *c->session ? account_by_session(w->server.chat, span_of(c->session), span_of("192.0.2.7"), &who)
                             : ERR_UNAUTHORIZED;
    /* What is judged is the caller of the connection: so it has to be the same, or as good. */
    bool same = !e && who.scope == c->who.scope && who.user_id == c->who.user_id && who.session_id == c->who.session_id;
    cJSON *request = same && loud == w->ledger.loud
                         ? (a.kind == ASK_LIST ? client_choose_list : client_choose_call)(w, c, &a)
                         : NULL;
    if (request)
        client_ask_over_http(w, c, &who, &a, request);
    c->http = NULL;
    c->busy = false;
}
