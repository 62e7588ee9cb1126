#include "rules/wire.h"

#include "proto/change.h"
#include "proto/ws_frame.h"

struct frame *wire_frame(const struct buf *json, int64_t seq)
{
    uint8_t head[WS_HEADER_MAX];
    if (json->failed)
        return NULL;
    size_t head_len = ws_frame_header(head, WS_OP_TEXT, json->len);
    return frame_new((struct span){(const char *)head, head_len}, buf_span(json), seq);
}

void wire_write_row(struct buf *b, const struct event_row *row)
{
    struct change_names names;
    struct event e = {
        .kind = row->kind,
        .room = row->room_id,
        .seq = row->seq,
        .at = row->at,
        .author = {row->author_id, row->author_name, row->author_display},
        .target = row->target_seq,
        .is_deleted = row->is_deleted,
        .is_hidden = row->is_hidden,
        .body = row->body,
        .client_id = row->client_id,
        .reply_to = row->reply_to,
    };
    change_read(row->data, &e, &names);
    event_write(b, &e);
}

struct frame *wire_row_frame(struct buf *scratch, const struct event_row *row)
{
    buf_clear(scratch);
    wire_write_row(scratch, row);
    return wire_frame(scratch, row->seq);
}
