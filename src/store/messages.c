#include "store/connection.h"
#include "store/membership.h"

enum err messages_insert(struct store *s, const struct message_row *m)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_messages_insert);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, m->room_id);
    sqlite3_bind_int64(st, 2, m->seq);
    sqlite3_bind_int64(st, 3, m->author_id);
    statement_bind_text(st, 4, m->body);
    sqlite3_bind_int64(st, 5, m->at);
    statement_bind_i64_or_null(st, 6, m->reply_to);
    statement_bind_text_or_null(st, 7, m->client_id);
    sqlite3_bind_int64(st, 8, m->number);
    return statement_change(s, st, ERR_ID_REUSED);
}

enum err messages_by_client_id(struct store *s, int64_t author_id, struct span client_id, struct message_row *out)
{
    enum err e;
    sqlite3_stmt *st = statement_use(s, STATEMENT_messages_by_client_id);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, author_id);
    statement_bind_text(st, 2, client_id);
    if (!statement_row(s, st, &e))
        return e ? e : ERR_NOT_FOUND;
    struct message_row row = {
        .room_id = sqlite3_column_int64(st, 0),
        .seq = sqlite3_column_int64(st, 1),
        .author_id = sqlite3_column_int64(st, 2),
        .at = sqlite3_column_int64(st, 3),
        .reply_to = sqlite3_column_int64(st, 4),
        .body = statement_text(st, 5),
        .client_id = statement_text(st, 6),
        .number = sqlite3_column_int64(st, 7),
    };
    e = statement_keep(s, st, (struct span *const[]){&row.body, &row.client_id}, 2);
    if (!e)
        *out = row;
    return e;
}

enum err messages_exists(struct store *s, int64_t room_id, int64_t seq)
{
    enum err e;
    sqlite3_stmt *st = statement_use(s, STATEMENT_messages_exists);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, room_id);
    sqlite3_bind_int64(st, 2, seq);
    if (statement_row(s, st, &e))
        return statement_end(s, st);
    return e ? e : ERR_NOT_FOUND;
}

enum err messages_head(struct store *s, int64_t room_id, int64_t seq, struct message_head *out)
{
    enum err e;
    sqlite3_stmt *st = statement_use(s, STATEMENT_messages_head);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, room_id);
    sqlite3_bind_int64(st, 2, seq);
    if (!statement_row(s, st, &e))
        return e ? e : ERR_NOT_FOUND;
    const struct message_head head = {
        .author_id = sqlite3_column_int64(st, 0),
        .at = sqlite3_column_int64(st, 1),
        .deleted_at = sqlite3_column_int64(st, 2),
        .number = sqlite3_column_int64(st, 3),
    };
    e = statement_end(s, st);
    if (!e)
        *out = head;
    return e;
}

enum err messages_any_to_read(struct store *s, int64_t room_id, int64_t user_id, int64_t after_seq)
{
    enum err e;
    sqlite3_stmt *st = statement_use(s, STATEMENT_messages_any_to_read);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, room_id);
    sqlite3_bind_int64(st, 2, user_id);
    sqlite3_bind_int64(st, 3, after_seq);
    if (statement_row(s, st, &e))
        return statement_end(s, st);
    return e ? e : ERR_NOT_FOUND;
}

enum err messages_count_own(struct store *s, int64_t room_id, int64_t author_id, int64_t after_seq, int64_t to_seq,
                            int64_t *n)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_messages_count_own);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, room_id);
    sqlite3_bind_int64(st, 2, author_id);
    sqlite3_bind_int64(st, 3, after_seq);
    sqlite3_bind_int64(st, 4, to_seq);
    return statement_i64(s, st, ERR_STORAGE, n);
}

enum err messages_delete(struct store *s, int64_t room_id, int64_t seq, int64_t at)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_messages_delete);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, room_id);
    sqlite3_bind_int64(st, 2, seq);
    sqlite3_bind_int64(st, 3, at);
    return statement_change(s, st, ERR_NOT_FOUND);
}
