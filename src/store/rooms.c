#include "store/connection.h"
#include "store/membership.h"

enum err rooms_each(struct store *s, void (*row)(void *ctx, const struct room_row *), void *ctx)
{
    enum err e = ERR_STORAGE;
    sqlite3_stmt *st = statement_use(s, STATEMENT_rooms_all);
    while (st && statement_row(s, st, &e)) {
        const struct room_row r = {
            .id = sqlite3_column_int64(st, 0),
            .name = statement_text(st, 1),
            .fold = statement_text(st, 2),
            .last_seq = sqlite3_column_int64(st, 3),
            .created_at = sqlite3_column_int64(st, 4),
            .archived_at = sqlite3_column_int64(st, 5),
        };
        row(ctx, &r);
    }
    return e;
}

enum err rooms_insert(struct store *s, struct span name, struct span fold, int64_t at, int64_t *id)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_rooms_insert);
    if (!st)
        return ERR_STORAGE;
    statement_bind_text(st, 1, name);
    statement_bind_text(st, 2, fold);
    sqlite3_bind_int64(st, 3, at);
    enum err e = statement_run(s, st, ERR_NAME_TAKEN);
    if (!e)
        *id = sqlite3_last_insert_rowid(s->db);
    return e;
}

/* Runs an UPDATE of the row with this id. */
static enum err update(struct store *s, sqlite3_stmt *st, int64_t id)
{
    sqlite3_bind_int64(st, 1, id);
    enum err e = statement_run(s, st, ERR_NAME_TAKEN);
    return e || sqlite3_changes(s->db) ? e : ERR_NOT_FOUND;
}

enum err rooms_set_last_seq(struct store *s, int64_t id, int64_t last_seq)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_rooms_set_last_seq);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 2, last_seq);
    return update(s, st, id);
}

enum err rooms_set_name(struct store *s, int64_t id, struct span name, struct span fold)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_rooms_set_name);
    if (!st)
        return ERR_STORAGE;
    statement_bind_text(st, 2, name);
    statement_bind_text(st, 3, fold);
    return update(s, st, id);
}

enum err rooms_set_archived_at(struct store *s, int64_t id, int64_t at)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_rooms_set_archived_at);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 2, at);
    return update(s, st, id);
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
    enum err e;
    struct room_more_row row;
    sqlite3_stmt *st = statement_use(s, STATEMENT_rooms_more_by_id);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, id);
    if (!statement_row(s, st, &e))
        return e ? e : ERR_NOT_FOUND;
    if (!read_more(st, &row))
        return statement_unknown_word(s, st);
    struct span *const texts[] = {&row.name, &row.fold, &row.topic, &row.description, &row.direct_key};
    e = statement_keep(s, st, texts, sizeof texts / sizeof texts[0]);
    if (!e)
        *out = row;
    return e;
}

enum err rooms_more_each(struct store *s, void (*row)(void *ctx, const struct room_more_row *), void *ctx)
{
    enum err e;
    struct room_more_row room;
    sqlite3_stmt *st = statement_use(s, STATEMENT_rooms_more_all);
    if (!st)
        return ERR_STORAGE;
    while (statement_row(s, st, &e)) {
        if (!read_more(st, &room))
            return statement_unknown_word(s, st);
        row(ctx, &room);
    }
    return e;
}

enum err rooms_by_direct_key(struct store *s, struct span key, int64_t *id)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_rooms_by_direct_key);
    if (!st)
        return ERR_STORAGE;
    statement_bind_text(st, 1, key);
    return statement_i64(s, st, ERR_NOT_FOUND, id);
}

enum err rooms_more_insert(struct store *s, const struct room_more_row *row, int64_t *id)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_rooms_more_insert);
    if (!st)
        return ERR_STORAGE;
    statement_bind_text(st, 1, row->name);
    statement_bind_text(st, 2, row->fold);
    sqlite3_bind_int64(st, 3, row->created_at);
    statement_bind_word(st, 4, &words_room_kind, row->kind);
    statement_bind_word(st, 5, &words_room_history, row->history);
    statement_bind_text(st, 6, row->topic);
    statement_bind_text(st, 7, row->description);
    statement_bind_text(st, 8, row->direct_key);
    sqlite3_bind_int64(st, 9, row->created_by);
    enum err e = statement_run(s, st, ERR_NAME_TAKEN);
    if (!e)
        *id = sqlite3_last_insert_rowid(s->db);
    return e;
}

enum err rooms_more_set(struct store *s, const struct room_more_row *row)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_rooms_more_set);
    if (!st)
        return ERR_STORAGE;
    statement_bind_word(st, 2, &words_room_kind, row->kind);
    statement_bind_word(st, 3, &words_room_history, row->history);
    statement_bind_text(st, 4, row->topic);
    statement_bind_text(st, 5, row->description);
    sqlite3_bind_int64(st, 6, row->slow_s);
    sqlite3_bind_int64(st, 7, row->locked_at);
    return update(s, st, row->id);
}
