#include "store/lists.h"

#include "store/connection.h"

static enum err count(struct store *s, enum statement id, int64_t room_id, int64_t *n)
{
    sqlite3_stmt *st = statement_use(s, id);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, room_id);
    return statement_i64(s, st, ERR_STORAGE, n);
}

static enum err pairs(struct store *s, enum statement id, void (*row)(void *ctx, int64_t a, int64_t b), void *ctx)
{
    enum err e;
    sqlite3_stmt *st = statement_use(s, id);
    if (!st)
        return ERR_STORAGE;
    while (statement_row(s, st, &e))
        row(ctx, sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1));
    return e;
}

enum err blocks_all(struct store *s, void (*row)(void *ctx, int64_t user_id, int64_t blocked_id), void *ctx)
{
    return pairs(s, STATEMENT_blocks_all, row, ctx);
}

enum err reports_count_waiting(struct store *s, int64_t room_id, int64_t *n)
{
    return count(s, STATEMENT_reports_count_waiting, room_id, n);
}

enum err reports_count_each(struct store *s, void (*row)(void *ctx, int64_t room_id, int64_t n), void *ctx)
{
    return pairs(s, STATEMENT_reports_count_each, row, ctx);
}

enum err join_requests_count(struct store *s, int64_t room_id, int64_t *n)
{
    return count(s, STATEMENT_join_requests_count, room_id, n);
}

enum err join_requests_count_each(struct store *s, void (*row)(void *ctx, int64_t room_id, int64_t n), void *ctx)
{
    return pairs(s, STATEMENT_join_requests_count_each, row, ctx);
}

static enum err ids(struct store *s, enum statement id, void (*row)(void *ctx, int64_t user_id), void *ctx)
{
    enum err e;
    sqlite3_stmt *st = statement_use(s, id);
    if (!st)
        return ERR_STORAGE;
    while (statement_row(s, st, &e))
        row(ctx, sqlite3_column_int64(st, 0));
    return e;
}

static enum err pairs_of(struct store *s, enum statement id, int64_t author_id,
                         void (*row)(void *ctx, int64_t a, int64_t b), void *ctx)
{
    enum err e;
    sqlite3_stmt *st = statement_use(s, id);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, author_id);
    while (statement_row(s, st, &e))
        row(ctx, sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1));
    return e;
}

enum err messages_by_author(struct store *s, int64_t author_id, void (*row)(void *ctx, int64_t room_id, int64_t number),
                            void *ctx)
{
    return pairs_of(s, STATEMENT_messages_by_author, author_id, row, ctx);
}

enum err mentions_by_author(struct store *s, int64_t author_id,
                            void (*row)(void *ctx, int64_t room_id, int64_t user_id), void *ctx)
{
    return pairs_of(s, STATEMENT_mentions_by_author, author_id, row, ctx);
}

enum err messages_gone(struct store *s, void (*row)(void *ctx, int64_t room_id, int64_t number), void *ctx)
{
    return pairs(s, STATEMENT_messages_gone, row, ctx);
}

enum err bans_hiding(struct store *s, void (*row)(void *ctx, int64_t user_id), void *ctx)
{
    return ids(s, STATEMENT_bans_hiding, row, ctx);
}
