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

enum event_kind wire_event_kind(enum change_kind kind)
{
    static const enum event_kind kinds[CHANGE_KINDS] = {
        [CHANGE_RENAMED] = EVENT_RENAMED, [CHANGE_ARCHIVED] = EVENT_ARCHIVED, [CHANGE_UNARCHIVED] = EVENT_UNARCHIVED,
        [CHANGE_JOINED] = EVENT_JOINED,   [CHANGE_LEFT] = EVENT_LEFT,         [CHANGE_ADDED] = EVENT_ADDED,
        [CHANGE_REMOVED] = EVENT_REMOVED, [CHANGE_DELETED] = EVENT_DELETED,   [CHANGE_CHANGED] = EVENT_CHANGED,
    };
    return kinds[kind];
}

void wire_write_row(struct buf *b, const struct event_row *row)
{
    char name[CHANGE_NAME_BYTES] = "";
    struct change_names names;
    struct event e = {
        .kind = row->is_change ? wire_event_kind(row->change) : EVENT_MESSAGE,
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
    if (e.kind == EVENT_RENAMED)
        change_name(row->data, name, sizeof name);
    else if (e.kind == EVENT_ADDED || e.kind == EVENT_REMOVED)
        change_user(row->data, &e.user, &names);
    else if (e.kind == EVENT_CHANGED)
        e.data = row->data;
    e.name = span_of(name);
    event_write(b, &e);
}

struct frame *wire_row_frame(struct buf *scratch, const struct event_row *row)
{
    buf_clear(scratch);
    wire_write_row(scratch, row);
    return wire_frame(scratch, row->seq);
}
