#include "store/connection.h"

static const char *const change_names[] = {
    [CHANGE_RENAMED] = "renamed",
    [CHANGE_ARCHIVED] = "archived",
    [CHANGE_UNARCHIVED] = "unarchived",
};
enum { CHANGES = sizeof change_names / sizeof change_names[0] };

/* The columns of events_after. */
enum { COL_SEQ, COL_AT, COL_AUTHOR, COL_NAME, COL_TEXT, COL_CLIENT_ID, COL_TARGET, COL_KIND };

enum err changes_insert(struct store *s, const struct change_row *c)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_changes_insert);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, c->room_id);
    sqlite3_bind_int64(st, 2, c->seq);
    statement_bind_text(st, 3, span_of(change_names[c->kind]));
    statement_bind_i64_or_null(st, 4, c->target_seq);
    sqlite3_bind_int64(st, 5, c->actor_id);
    sqlite3_bind_int64(st, 6, c->at);
    statement_bind_text(st, 7, c->data);
    return statement_run(s, st, ERR_STORAGE);
}

static int change_of(struct span name)
{
    int k = 0;
    while (k < CHANGES && !span_equal(name, span_of(change_names[k])))
        k++;
    return k;
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
        .is_change = sqlite3_column_type(st, COL_KIND) != SQLITE_NULL,
    };
    if (!out->is_change) {
        out->reply_to = sqlite3_column_int64(st, COL_TARGET);
        out->body = statement_text(st, COL_TEXT);
        out->client_id = statement_text(st, COL_CLIENT_ID);
        return true;
    }
    int kind = change_of(statement_text(st, COL_KIND));
    if (kind == CHANGES)
        return false;
    out->change = (enum change_kind)kind;
    out->target_seq = sqlite3_column_int64(st, COL_TARGET);
    out->data = statement_text(st, COL_TEXT);
    return true;
}

static void bind_range(sqlite3_stmt *st, int64_t room_id, int64_t after, int64_t before, int64_t limit)
{
    sqlite3_bind_int64(st, 1, room_id);
    sqlite3_bind_int64(st, 2, after);
    sqlite3_bind_int64(st, 3, before);
    sqlite3_bind_int64(st, 4, limit);
}

enum err events_after(struct store *s, int64_t room_id, int64_t after, int64_t before, int64_t limit, event_row_fn *row,
                      void *ctx)
{
    enum err e;
    struct event_row event;
    if (limit <= 0) /* to SQLite a negative LIMIT is none */
        return OK;
    sqlite3_stmt *st = statement_use(s, STATEMENT_events_after);
    if (!st)
        return ERR_STORAGE;
    bind_range(st, room_id, after, before, limit);
    while (statement_row(s, st, &e)) {
        if (!read_event(st, room_id, &event)) {
            (void)statement_end(s, st);
            return store_contradiction("events_after", "a kind of change that this program does not know");
        }
        row(ctx, &event);
    }
    return e;
}

/* The first row of the page is looked for in the indices, downwards; then the page is read upwards from there. That is
 * less work than to read it downwards and turn it round. The first statement stays open meanwhile: that keeps both in
 * one read transaction, so that events which are committed in between cannot push the newest of this page out of it. */
enum err events_before(struct store *s, int64_t room_id, int64_t after, int64_t before, int64_t limit,
                       event_row_fn *row, void *ctx)
{
    enum err e;
    if (limit <= 0)
        return OK;
    sqlite3_stmt *floor = statement_use(s, STATEMENT_events_floor);
    if (!floor)
        return ERR_STORAGE;
    bind_range(floor, room_id, after, before, limit - 1);
    if (!statement_row(s, floor, &e))
        return ERR_STORAGE;
    e = events_after(s, room_id, sqlite3_column_int64(floor, 0), before, limit, row, ctx);
    enum err ended = statement_end(s, floor);
    return e ? e : ended;
}
