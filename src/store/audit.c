#include "store/connection.h"
#include "store/moderation.h"
#include "store/people.h"

enum err audit_insert(struct store *s, const struct audit_row *row)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_audit_insert);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, row->at);
    sqlite3_bind_int64(st, 2, row->actor_id);
    statement_bind_text(st, 3, row->verb);
    sqlite3_bind_int64(st, 4, row->user_id);
    sqlite3_bind_int64(st, 5, row->room_id);
    sqlite3_bind_int64(st, 6, row->seq);
    statement_bind_text(st, 7, row->address);
    statement_bind_text(st, 8, row->detail.len ? row->detail : span_of("{}"));
    return statement_run(s, st, ERR_STORAGE);
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
    enum err e;
    if (limit <= 0)
        return OK;
    sqlite3_stmt *st = statement_use(s, statement_for(f));
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, f->before_id ? f->before_id : INT64_MAX);
    sqlite3_bind_int64(st, 2, f->actor_id);
    sqlite3_bind_int64(st, 3, f->user_id);
    sqlite3_bind_int64(st, 4, f->room_id);
    statement_bind_text(st, 5, f->verb);
    sqlite3_bind_int64(st, 6, limit);
    while (statement_row(s, st, &e)) {
        struct audit_row audit = {
            .id = sqlite3_column_int64(st, 0),
            .at = sqlite3_column_int64(st, 1),
            .actor_id = sqlite3_column_int64(st, 2),
            .verb = statement_text(st, 3),
            .user_id = sqlite3_column_int64(st, 4),
            .room_id = sqlite3_column_int64(st, 5),
            .seq = sqlite3_column_int64(st, 6),
            .address = statement_text(st, 7),
            .detail = statement_text(st, 8),
            .actor_name = statement_text(st, 9),
            .user_name = statement_text(st, 10),
            .room_name = statement_text(st, 11),
        };
        if (audit.user_id && !audit.user_name.len)
            audit.user_name = span_of(DELETED_GUEST_NAME);
        row(ctx, &audit);
    }
    return e;
}
