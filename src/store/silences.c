#include "store/connection.h"
#include "store/membership.h"

enum err silences_get(struct store *s, int64_t room_id, int64_t user_id, int64_t *until)
{
    return statement_i64(s, STATEMENT_silences_get, BIND(as_i64(room_id), as_i64(user_id)), ERR_STORAGE, until);
}

enum err silences_set(struct store *s, int64_t room_id, int64_t user_id, int64_t until)
{
    if (!until)
        return statement_run(s, STATEMENT_silences_delete, BIND(as_i64(room_id), as_i64(user_id)));
    return statement_run(s, STATEMENT_silences_set, BIND(as_i64(room_id), as_i64(user_id), as_i64(until)));
}
