#include "store/connection.h"
#include "store/store.h"

/* The columns of events_after, and what the last of them is made of. */
enum { COL_SEQ, COL_AT, COL_AUTHOR, COL_NAME, COL_DISPLAY, COL_TEXT, COL_CLIENT_ID, COL_TARGET, COL_KIND, COL_FLAGS };
enum { FLAG_DELETED = 1, FLAG_HIDDEN = 2 };

enum err changes_insert(struct store *s, const struct change_row *c)
{
    return statement_run(s, STATEMENT_changes_insert,
                         BIND(as_i64(c->room_id), as_i64(c->seq), as_word(&words_event_kind, c->kind),
                              as_i64_or_null(c->target_seq), as_i64(c->actor_id), as_i64(c->at), as_text(c->data)));
}

/* The row that the statement stands on. False: a kind of change that this program does not know. */
static bool read_event(sqlite3_stmt *st, int64_t room_id, struct event_row *out)
{
    *out = (struct event_row){
        .room_id = room_id,
        .seq = sqlite3_column_int64(st, COL_SEQ),
        .at = sqlite3_column_int64(st, COL_AT),
        .author_id = sqlite3_column_int64(st, COL_AUTHOR),
        .author_name = statement_text(st, COL_NAME),
        .author_display = statement_text(st, COL_DISPLAY),
        .kind = EVENT_MESSAGE,
    };
    if (sqlite3_column_type(st, COL_KIND) == SQLITE_NULL) {
        out->reply_to = sqlite3_column_int64(st, COL_TARGET);
        out->body = statement_text(st, COL_TEXT);
        out->client_id = statement_text(st, COL_CLIENT_ID);
        const int flags = sqlite3_column_int(st, COL_FLAGS);
        out->is_deleted = flags & FLAG_DELETED;
        out->is_hidden = flags & FLAG_HIDDEN;
        return true;
    }
    const int kind = statement_word(st, COL_KIND, &words_event_kind);
    out->kind = (enum event_kind)kind;
    out->target_seq = sqlite3_column_int64(st, COL_TARGET);
    out->data = statement_text(st, COL_TEXT);
    return kind > EVENT_MESSAGE;
}

static enum err each(struct store *s, enum statement which, int64_t room_id, int64_t after, int64_t before,
                     int64_t limit, event_row_fn *row, void *ctx)
{
    struct event_row event;
    if (limit <= 0) /* to SQLite a negative LIMIT is none */
        return OK;
    struct rows r = statement_rows(s, which, BIND(as_i64(room_id), as_i64(after), as_i64(before), as_i64(limit)));
    while (rows_next(&r)) {
        if (!read_event(r.st, room_id, &event))
            return rows_unknown_word(&r);
        if (!row(ctx, &event))
            return rows_end(&r);
    }
    return r.e;
}

enum err events_after(struct store *s, int64_t room_id, int64_t after, int64_t before, int64_t limit, event_row_fn *row,
                      void *ctx)
{
    return each(s, STATEMENT_events_after, room_id, after, before, limit, row, ctx);
}

enum err events_down(struct store *s, int64_t room_id, int64_t after, int64_t before, int64_t limit, event_row_fn *row,
                     void *ctx)
{
    return each(s, STATEMENT_events_down, room_id, after, before, limit, row, ctx);
}

/* The first row of the page is looked for in the indices, downwards; then the page is read upwards from there. That is
 * less work than to read it downwards and turn it round. The first statement stays open meanwhile: that keeps both in
 * one read transaction, so that events which are committed in between cannot push the newest of this page out of it. */
enum err events_before(struct store *s, int64_t room_id, int64_t after, int64_t before, int64_t limit,
                       event_row_fn *row, void *ctx)
{
    if (limit <= 0)
        return OK;
    struct rows floor = statement_rows(s, STATEMENT_events_floor,
                                       BIND(as_i64(room_id), as_i64(after), as_i64(before), as_i64(limit - 1)));
    if (!rows_first(&floor, ERR_STORAGE))
        return floor.e;
    enum err e = events_after(s, room_id, sqlite3_column_int64(floor.st, 0), before, limit, row, ctx);
    enum err ended = rows_end(&floor);
    return e ? e : ended;
}
