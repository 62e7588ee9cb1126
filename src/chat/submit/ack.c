#include "chat/submit/ack.h"

#include "proto/event.h"

static void write_extra(struct buf *extra, enum request_type type, const char *code, const struct outcome *o)
{
    if (type == REQUEST_CREATE_TOKEN)
        buf_printf(extra, ",\"token_id\":%lld,\"token\":\"%s\"", (long long)o->id, code);
    else if (type == REQUEST_CREATE_INVITE)
        buf_printf(extra, ",\"invite\":%lld,\"code\":\"%s\"", (long long)o->id, code);
    else if (type == REQUEST_CREATE_RESET)
        buf_printf(extra, ",\"code\":\"%s\"", code);
    else if (type == REQUEST_REPORT && o->id) /* not when they had reported it before */
        buf_printf(extra, ",\"report\":%lld", (long long)o->id);
}

void ack_write(struct buf *json, struct span id, enum request_type type, const char *code, const struct outcome *o)
{
    struct buf extra = BUF_INIT;
    struct event_ack ack = {.id = id};
    if (!request_is(type, VERB_KEEPS_SECRET)) {
        write_extra(&extra, type, code, o);
        ack.room = o->room_id;
        ack.seq = o->seq;
        ack.at = o->at;
        ack.duplicate = o->duplicate;
        ack.extra = buf_span(&extra);
    }
    event_ack(json, &ack);
    json->failed |= extra.failed;
    buf_release(&extra);
}
