#include "store/connection.h"
#include "store/moderation.h"
#include "store/people.h"

enum err audit_insert(struct store *s, const struct audit_row *row)
{
    return statement_run(s, STATEMENT_audit_insert,
                         BIND(as_i64(row->at), as_i64(row->actor_id), as_text(row->verb), as_i64(row->user_id),
                              as_i64(row->room_id), as_i64(row->seq), as_text(row->address),
                              as_text(row->detail.len ? row->detail : span_of("{}"))));
}

/* By what is likely to leave the fewest rows to look at. */
static enum statement statement_for(const struct audit_filter *f)
{
    if (f->by_system)
        return STATEMENT_audit_by_actor;
    if (f->user_id)
        return STATEMENT_audit_by_user;
    if (f->room_id)
        return STATEMENT_audit_by_room;
    if (f->actor_id)
        return STATEMENT_audit_by_actor;
    return f->verb.len ? STATEMENT_audit_by_verb : STATEMENT_audit_all;
}

enum err audit_each(struct store *s, const struct audit_filter *f, int64_t limit,
                    void (*row)(void *ctx, const struct audit_row *), void *ctx)
{
    if (limit <= 0)
        return OK;
    struct rows r = statement_rows(s, statement_for(f),
                                   BIND(as_i64(f->before_id ? f->before_id : INT64_MAX), as_i64(f->actor_id),
                                        as_i64(f->user_id), as_i64(f->room_id), as_text(f->verb), as_i64(limit)));
    while (rows_next(&r)) {
        struct audit_row audit = {
            .id = sqlite3_column_int64(r.st, 0),
            .at = sqlite3_column_int64(r.st, 1),
            .actor_id = sqlite3_column_int64(r.st, 2),
            .verb = statement_text(r.st, 3),
            .user_id = sqlite3_column_int64(r.st, 4),
            .room_id = sqlite3_column_int64(r.st, 5),
            .seq = sqlite3_column_int64(r.st, 6),
            .address = statement_text(r.st, 7),
            .detail = statement_text(r.st, 8),
            .actor_name = statement_text(r.st, 9),
            .user_name = statement_text(r.st, 10),
            .room_name = statement_text(r.st, 11),
        };
        if (audit.user_id && !audit.user_name.len)
            audit.user_name = span_of(DELETED_GUEST_NAME);
        row(ctx, &audit);
    }
    return r.e;
}
