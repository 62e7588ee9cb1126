#include "store/connection.h"
#include "store/membership.h"

enum err paces_get(struct store *s, int64_t room_id, int64_t user_id, int64_t *at)
{
    return statement_i64(s, STATEMENT_paces_get, BIND(as_i64(room_id), as_i64(user_id)), ERR_STORAGE, at);
}

enum err paces_set(struct store *s, int64_t room_id, int64_t user_id, int64_t at)
{
    return statement_run(s, STATEMENT_paces_set, BIND(as_i64(room_id), as_i64(user_id), as_i64(at)));
}

enum err paces_clear(struct store *s, int64_t room_id)
{
    return statement_run(s, STATEMENT_paces_delete, BIND(as_i64(room_id)));
}
