#include "store/connection.h"
#include "store/membership.h"

enum err messages_insert(struct store *s, const struct message_row *m)
{
    return statement_change(s, STATEMENT_messages_insert,
                            BIND(as_i64(m->room_id), as_i64(m->seq), as_i64(m->author_id), as_text(m->body),
                                 as_i64(m->at), as_i64_or_null(m->reply_to), as_text_or_null(m->client_id),
                                 as_i64(m->number)),
                            ERR_ID_REUSED);
}

enum err messages_by_client_id(struct store *s, int64_t author_id, struct span client_id, struct message_row *out)
{
    struct rows r = statement_rows(s, STATEMENT_messages_by_client_id, BIND(as_i64(author_id), as_text(client_id)));
    if (!rows_first(&r, ERR_NOT_FOUND))
        return r.e;
    struct message_row row = {
        .room_id = sqlite3_column_int64(r.st, 0),
        .seq = sqlite3_column_int64(r.st, 1),
        .author_id = sqlite3_column_int64(r.st, 2),
        .at = sqlite3_column_int64(r.st, 3),
        .reply_to = sqlite3_column_int64(r.st, 4),
        .body = statement_text(r.st, 5),
        .client_id = statement_text(r.st, 6),
        .number = sqlite3_column_int64(r.st, 7),
    };
    enum err e = rows_keep(&r, TEXTS(&row.body, &row.client_id));
    if (!e)
        *out = row;
    return e;
}

enum err messages_exists(struct store *s, int64_t room_id, int64_t seq)
{
    return statement_has(s, STATEMENT_messages_exists, BIND(as_i64(room_id), as_i64(seq)));
}

enum err messages_head(struct store *s, int64_t room_id, int64_t seq, struct message_head *out)
{
    struct rows r = statement_rows(s, STATEMENT_messages_head, BIND(as_i64(room_id), as_i64(seq)));
    if (!rows_first(&r, ERR_NOT_FOUND))
        return r.e;
    const struct message_head head = {
        .author_id = sqlite3_column_int64(r.st, 0),
        .at = sqlite3_column_int64(r.st, 1),
        .deleted_at = sqlite3_column_int64(r.st, 2),
        .number = sqlite3_column_int64(r.st, 3),
    };
    enum err e = rows_end(&r);
    if (!e)
        *out = head;
    return e;
}

enum err messages_any_to_read(struct store *s, int64_t room_id, int64_t user_id, int64_t after_seq)
{
    return statement_has(s, STATEMENT_messages_any_to_read, BIND(as_i64(room_id), as_i64(user_id), as_i64(after_seq)));
}

enum err messages_count_own(struct store *s, int64_t room_id, int64_t author_id, int64_t after_seq, int64_t to_seq,
                            int64_t *n)
{
    return statement_i64(s, STATEMENT_messages_count_own,
                         BIND(as_i64(room_id), as_i64(author_id), as_i64(after_seq), as_i64(to_seq)), ERR_STORAGE, n);
}

enum err messages_delete(struct store *s, int64_t room_id, int64_t seq, int64_t at)
{
    return statement_change(s, STATEMENT_messages_delete, BIND(as_i64(room_id), as_i64(seq), as_i64(at)),
                            ERR_NOT_FOUND);
}
