#include "store/lists.h"

#include "store/connection.h"

static enum err count(struct store *s, enum statement id, int64_t room_id, int64_t *n)
{
    return statement_i64(s, id, BIND(as_i64(room_id)), ERR_STORAGE, n);
}

static enum err pairs(struct store *s, enum statement id, void (*row)(void *ctx, int64_t a, int64_t b), void *ctx)
{
    struct rows r = statement_rows(s, id, BIND_NONE);
    while (rows_next(&r))
        row(ctx, sqlite3_column_int64(r.st, 0), sqlite3_column_int64(r.st, 1));
    return r.e;
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
    struct rows r = statement_rows(s, id, BIND_NONE);
    while (rows_next(&r))
        row(ctx, sqlite3_column_int64(r.st, 0));
    return r.e;
}

static enum err pairs_of(struct store *s, enum statement id, int64_t author_id,
                         void (*row)(void *ctx, int64_t a, int64_t b), void *ctx)
{
    struct rows r = statement_rows(s, id, BIND(as_i64(author_id)));
    while (rows_next(&r))
        row(ctx, sqlite3_column_int64(r.st, 0), sqlite3_column_int64(r.st, 1));
    return r.e;
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
