#include "store/connection.h"
#include "store/moderation.h"

enum err reports_insert(struct store *s, const struct report_row *row, int64_t *id)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_reports_insert);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, row->room_id);
    sqlite3_bind_int64(st, 2, row->seq);
    sqlite3_bind_int64(st, 3, row->reporter_id);
    statement_bind_text(st, 4, row->reason);
    sqlite3_bind_int64(st, 5, row->at);
    enum err e = statement_run(s, st, ERR_ID_REUSED);
    if (!e)
        *id = sqlite3_last_insert_rowid(s->db);
    return e;
}

enum err reports_handle(struct store *s, int64_t id, int64_t by, int64_t at, struct span outcome)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_reports_handle);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, id);
    sqlite3_bind_int64(st, 2, by);
    sqlite3_bind_int64(st, 3, at);
    statement_bind_text(st, 4, outcome);
    return statement_change(s, st, ERR_NOT_FOUND);
}

enum err reports_each(struct store *s, bool handled, int64_t cursor, int64_t limit,
                      void (*row)(void *ctx, const struct report_row *), void *ctx)
{
    enum err e;
    if (limit <= 0)
        return OK;
    sqlite3_stmt *st = statement_use(s, handled ? STATEMENT_reports_handled : STATEMENT_reports_waiting);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, limit);
    sqlite3_bind_int64(st, 2, handled && !cursor ? INT64_MAX : cursor);
    while (statement_row(s, st, &e)) {
        const struct report_row report = {
            .id = sqlite3_column_int64(st, 0),
            .room_id = sqlite3_column_int64(st, 1),
            .seq = sqlite3_column_int64(st, 2),
            .reporter_id = sqlite3_column_int64(st, 3),
            .at = sqlite3_column_int64(st, 4),
            .handled_at = sqlite3_column_int64(st, 5),
            .handled_by = sqlite3_column_int64(st, 6),
            .reason = statement_text(st, 7),
            .outcome = statement_text(st, 8),
            .reporter_name = statement_text(st, 9),
            .author_name = statement_text(st, 10),
            .body = statement_text(st, 11),
            .room_name = statement_text(st, 12),
            .handler_name = statement_text(st, 13),
            .author_id = sqlite3_column_int64(st, 14),
        };
        row(ctx, &report);
    }
    return e;
}

enum err reports_room(struct store *s, int64_t id, int64_t *room_id)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_reports_room);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, id);
    return statement_i64(s, st, ERR_NOT_FOUND, room_id);
}
