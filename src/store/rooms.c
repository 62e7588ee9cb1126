#include "store/connection.h"
#include "store/membership.h"

enum err rooms_each(struct store *s, void (*row)(void *ctx, const struct room_row *), void *ctx)
{
    struct rows r = statement_rows(s, STATEMENT_rooms_all, BIND_NONE);
    while (rows_next(&r)) {
        const struct room_row room = {
            .id = sqlite3_column_int64(r.st, 0),
            .name = statement_text(r.st, 1),
            .fold = statement_text(r.st, 2),
            .last_seq = sqlite3_column_int64(r.st, 3),
            .created_at = sqlite3_column_int64(r.st, 4),
            .archived_at = sqlite3_column_int64(r.st, 5),
        };
        row(ctx, &room);
    }
    return r.e;
}

enum err rooms_insert(struct store *s, struct span name, struct span fold, int64_t at, int64_t *id)
{
    return statement_insert(s, STATEMENT_rooms_insert, BIND(as_text(name), as_text(fold), as_i64(at)), ERR_NAME_TAKEN,
                            id);
}

enum err rooms_set_last_seq(struct store *s, int64_t id, int64_t last_seq)
{
    return statement_change(s, STATEMENT_rooms_set_last_seq, BIND(as_i64(id), as_i64(last_seq)), ERR_NOT_FOUND);
}

enum err rooms_set_name(struct store *s, int64_t id, struct span name, struct span fold)
{
    return statement_update(s, STATEMENT_rooms_set_name, BIND(as_i64(id), as_text(name), as_text(fold)), ERR_NAME_TAKEN,
                            ERR_NOT_FOUND);
}

enum err rooms_set_archived_at(struct store *s, int64_t id, int64_t at)
{
    return statement_change(s, STATEMENT_rooms_set_archived_at, BIND(as_i64(id), as_i64(at)), ERR_NOT_FOUND);
}

/* ------------------------------------------------------------------ with all columns */

/* False: a kind, or a rule about the history, that this program does not know. */
static bool read_more(sqlite3_stmt *st, struct room_more_row *out)
{
    const int kind = statement_word(st, 6, &words_room_kind), history = statement_word(st, 7, &words_room_history);
    *out = (struct room_more_row){
        .id = sqlite3_column_int64(st, 0),
        .name = statement_text(st, 1),
        .fold = statement_text(st, 2),
        .last_seq = sqlite3_column_int64(st, 3),
        .created_at = sqlite3_column_int64(st, 4),
        .archived_at = sqlite3_column_int64(st, 5),
        .kind = (enum room_kind)kind,
        .history = (enum room_history)history,
        .topic = statement_text(st, 8),
        .description = statement_text(st, 9),
        .direct_key = statement_text(st, 10),
        .slow_s = sqlite3_column_int64(st, 11),
        .locked_at = sqlite3_column_int64(st, 12),
        .created_by = sqlite3_column_int64(st, 13),
        .messages = sqlite3_column_int64(st, 14),
        .last_message_at = sqlite3_column_int64(st, 15),
    };
    return kind >= 0 && history >= 0;
}

enum err rooms_more_by_id(struct store *s, int64_t id, struct room_more_row *out)
{
    struct room_more_row row;
    struct rows r = statement_rows(s, STATEMENT_rooms_more_by_id, BIND(as_i64(id)));
    if (!rows_first(&r, ERR_NOT_FOUND))
        return r.e;
    if (!read_more(r.st, &row))
        return rows_unknown_word(&r);
    enum err e = rows_keep(&r, TEXTS(&row.name, &row.fold, &row.topic, &row.description, &row.direct_key));
    if (!e)
        *out = row;
    return e;
}

enum err rooms_more_each(struct store *s, void (*row)(void *ctx, const struct room_more_row *), void *ctx)
{
    struct room_more_row room;
    struct rows r = statement_rows(s, STATEMENT_rooms_more_all, BIND_NONE);
    while (rows_next(&r)) {
        if (!read_more(r.st, &room))
            return rows_unknown_word(&r);
        row(ctx, &room);
    }
    return r.e;
}

enum err rooms_by_direct_key(struct store *s, struct span key, int64_t *id)
{
    return statement_i64(s, STATEMENT_rooms_by_direct_key, BIND(as_text(key)), ERR_NOT_FOUND, id);
}

enum err rooms_more_insert(struct store *s, const struct room_more_row *row, int64_t *id)
{
    return statement_insert(s, STATEMENT_rooms_more_insert,
                            BIND(as_text(row->name), as_text(row->fold), as_i64(row->created_at),
                                 as_word(&words_room_kind, row->kind), as_word(&words_room_history, row->history),
                                 as_text(row->topic), as_text(row->description), as_text(row->direct_key),
                                 as_i64(row->created_by)),
                            ERR_NAME_TAKEN, id);
}

enum err rooms_more_set(struct store *s, const struct room_more_row *row)
{
    return statement_update(s, STATEMENT_rooms_more_set,
                            BIND(as_i64(row->id), as_word(&words_room_kind, row->kind),
                                 as_word(&words_room_history, row->history), as_text(row->topic),
                                 as_text(row->description), as_i64(row->slow_s), as_i64(row->locked_at)),
                            ERR_NAME_TAKEN, ERR_NOT_FOUND);
}
