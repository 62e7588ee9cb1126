#include "store/connection.h"
#include "store/moderation.h"

enum err reports_insert(struct store *s, const struct report_row *row, int64_t *id)
{
    return statement_insert(
        s, STATEMENT_reports_insert,
        BIND(as_i64(row->room_id), as_i64(row->seq), as_i64(row->reporter_id), as_text(row->reason), as_i64(row->at)),
        ERR_ID_REUSED, id);
}

enum err reports_handle(struct store *s, int64_t id, int64_t by, int64_t at, struct span outcome)
{
    return statement_change(s, STATEMENT_reports_handle, BIND(as_i64(id), as_i64(by), as_i64(at), as_text(outcome)),
                            ERR_NOT_FOUND);
}

enum err reports_each(struct store *s, bool handled, int64_t cursor, int64_t limit,
                      void (*row)(void *ctx, const struct report_row *), void *ctx)
{
    if (limit <= 0)
        return OK;
    struct rows r = statement_rows(s, handled ? STATEMENT_reports_handled : STATEMENT_reports_waiting,
                                   BIND(as_i64(limit), as_i64(handled && !cursor ? INT64_MAX : cursor)));
    while (rows_next(&r)) {
        const struct report_row report = {
            .id = sqlite3_column_int64(r.st, 0),
            .room_id = sqlite3_column_int64(r.st, 1),
            .seq = sqlite3_column_int64(r.st, 2),
            .reporter_id = sqlite3_column_int64(r.st, 3),
            .at = sqlite3_column_int64(r.st, 4),
            .handled_at = sqlite3_column_int64(r.st, 5),
            .handled_by = sqlite3_column_int64(r.st, 6),
            .reason = statement_text(r.st, 7),
            .outcome = statement_text(r.st, 8),
            .reporter_name = statement_text(r.st, 9),
            .author_name = statement_text(r.st, 10),
            .body = statement_text(r.st, 11),
            .room_name = statement_text(r.st, 12),
            .handler_name = statement_text(r.st, 13),
            .author_id = sqlite3_column_int64(r.st, 14),
        };
        row(ctx, &report);
    }
    return r.e;
}

enum err reports_room(struct store *s, int64_t id, int64_t *room_id)
{
    return statement_i64(s, STATEMENT_reports_room, BIND(as_i64(id)), ERR_NOT_FOUND, room_id);
}
