/* every.h - a database with one of everything in it, and a call of each function that reads or writes rows, to be made
 * while something fails. Each gives OK on this database when nothing does. */
#ifndef HUBBUB_TESTS_STORE_EVERY_H
#define HUBBUB_TESTS_STORE_EVERY_H

#include "fixture.h"
#include "store/connection.h"
#include "store/lists.h"
#include "store/membership.h"
#include "store/moderation.h"
#include "store/people.h"

enum { ANNA = 1, BEN, GUS, LOBBY = 1, DIRECT };

/* Whatever a call gives back; rows counts those that a callback was given. */
struct every_out {
    int rows;
    int64_t n;
    char version[NAME_RULES_VERSION_BYTES];
    struct span text, bytes;
    struct store_position position;
    struct lineage_row lineage;
    struct place_row place;
    struct account_row account;
    struct credentials_row credentials;
    struct session_row session;
    struct token_row token;
    struct reset_row reset;
    struct invite_row invite;
    struct room_more_row room;
    struct membership_row membership;
    struct read_position read_position;
    struct message_row message;
    struct message_head head;
    struct user_row user;
    struct ban_row ban;
};

#define EVERY_COUNT(type)                                                                                              \
    static inline void count_##type(void *ctx, const struct type *row)                                                 \
    {                                                                                                                  \
        (void)row;                                                                                                     \
        ++*(int *)ctx;                                                                                                 \
    }
EVERY_COUNT(account_row)
EVERY_COUNT(session_row)
EVERY_COUNT(token_row)
EVERY_COUNT(invite_row)
EVERY_COUNT(room_row)
EVERY_COUNT(room_more_row)
EVERY_COUNT(membership_row)
EVERY_COUNT(join_request_row)
EVERY_COUNT(ban_row)
EVERY_COUNT(report_row)
EVERY_COUNT(audit_row)

static inline bool count_event_row(void *ctx, const struct event_row *row)
{
    (void)row;
    ++*(int *)ctx;
    return true;
}

static inline void count_id(void *ctx, int64_t id)
{
    (void)id;
    ++*(int *)ctx;
}

static inline void count_pair(void *ctx, int64_t user_id, int64_t blocked_id)
{
    (void)user_id;
    count_id(ctx, blocked_id);
}

static inline void count_block(void *ctx, int64_t id, struct span name)
{
    (void)name;
    count_id(ctx, id);
}

static inline void count_named(void *ctx, int64_t id, struct span name, struct span fold)
{
    (void)name, (void)fold;
    count_id(ctx, id);
}

static inline void count_visitor(void *ctx, int64_t id, bool is_needed, int64_t messages)
{
    (void)is_needed, (void)messages;
    count_id(ctx, id);
}

#define EVERY_READ(X)                                                                                                  \
    X(store_position_get(s, &v->position))                                                                             \
    X(lineage_get(s, &v->lineage))                                                                                     \
    X(name_rules_get(s, v->version))                                                                                   \
    X(users_named(s, count_named, &v->rows))                                                                           \
    X(rooms_named(s, count_named, &v->rows))                                                                           \
    X(rooms_each(s, count_room_row, &v->rows))                                                                         \
    X(users_by_key(s, (const uint8_t *)"anna\0\0\0\0\0\0\0\0\0\0\0", &v->user))                                        \
    X(users_by_id(s, ANNA, &v->user))                                                                                  \
    X(visitors_each(s, 0, 10, 100, 9, count_visitor, &v->rows))                                                        \
    X(users_by_fold(s, SPAN("anna"), &v->user))                                                                        \
    X(messages_by_client_id(s, BEN, SPAN("c1"), &v->message))                                                          \
    X(messages_exists(s, LOBBY, 1))                                                                                    \
    X(messages_head(s, LOBBY, 1, &v->head))                                                                            \
    X(messages_by_author(s, BEN, count_pair, &v->rows))                                                                \
    X(messages_gone(s, count_pair, &v->rows))                                                                          \
    X(mentions_of(s, LOBBY, 1, count_id, &v->rows))                                                                    \
    X(mentions_by_author(s, BEN, count_pair, &v->rows))                                                                \
    X(bans_hiding(s, count_id, &v->rows))                                                                              \
    X(events_after(s, LOBBY, 0, INT64_MAX, 10, count_event_row, &v->rows))                                             \
    X(events_before(s, LOBBY, 0, INT64_MAX, 2, count_event_row, &v->rows))                                             \
    X(events_down(s, LOBBY, 0, INT64_MAX, 2, count_event_row, &v->rows))                                               \
    X(place_get(s, &v->place))                                                                                         \
    X(accounts_by_id(s, ANNA, &v->account))                                                                            \
    X(accounts_each(s, 0, 10, count_account_row, &v->rows))                                                            \
    X(accounts_count_role(s, ROLE_MEMBER, &v->n))                                                                      \
    X(credentials_by_fold(s, SPAN("anna"), &v->credentials))                                                           \
    X(credentials_by_id(s, ANNA, &v->credentials))                                                                     \
    X(recovery_codes_count(s, ANNA, &v->n))                                                                            \
    X(avatars_get(s, ANNA, &v->text, &v->bytes))                                                                       \
    X(sessions_by_hash(s, fixture_hash('s'), &v->session))                                                             \
    X(sessions_each(s, ANNA, count_session_row, &v->rows))                                                             \
    X(tokens_by_hash(s, fixture_hash('t'), &v->token))                                                                 \
    X(tokens_each(s, ANNA, count_token_row, &v->rows))                                                                 \
    X(tokens_count(s, ANNA, &v->n))                                                                                    \
    X(tokens_is_revoked(s, fixture_hash('r')))                                                                         \
    X(resets_by_hash(s, fixture_hash('r'), &v->reset))                                                                 \
    X(invites_by_code(s, SPAN("code"), &v->invite))                                                                    \
    X(invites_each(s, 0, 10, count_invite_row, &v->rows))                                                              \
    X(invites_rooms(s, 1, count_id, &v->rows))                                                                         \
    X(rooms_more_by_id(s, LOBBY, &v->room))                                                                            \
    X(rooms_more_each(s, count_room_more_row, &v->rows))                                                               \
    X(rooms_by_direct_key(s, SPAN("1,2"), &v->n))                                                                      \
    X(memberships_get(s, LOBBY, ANNA, &v->membership))                                                                 \
    X(memberships_read_position(s, LOBBY, ANNA, &v->read_position))                                                    \
    X(messages_any_to_read(s, LOBBY, GUS, 0))                                                                          \
    X(messages_count_own(s, LOBBY, ANNA, 0, 9, &v->n))                                                                 \
    X(memberships_each(s, count_membership_row, &v->rows))                                                             \
    X(memberships_count_role(s, LOBBY, ROOM_ROLE_MEMBER, &v->n))                                                       \
    X(silences_get(s, LOBBY, BEN, &v->n))                                                                              \
    X(paces_get(s, LOBBY, BEN, &v->n))                                                                                 \
    X(join_requests_each(s, LOBBY, 0, 10, count_join_request_row, &v->rows))                                           \
    X(bans_get(s, BEN, &v->ban))                                                                                       \
    X(bans_each(s, 0, 10, count_ban_row, &v->rows))                                                                    \
    X(blocks_has(s, ANNA, BEN))                                                                                        \
    X(blocks_each(s, ANNA, count_block, &v->rows))                                                                     \
    X(blocks_all(s, count_pair, &v->rows))                                                                             \
    X(reports_each(s, false, 0, 10, count_report_row, &v->rows))                                                       \
    X(reports_each(s, true, 0, 10, count_report_row, &v->rows))                                                        \
    X(reports_room(s, 1, &v->n))                                                                                       \
    X(reports_count_waiting(s, LOBBY, &v->n))                                                                          \
    X(reports_count_each(s, count_pair, &v->rows))                                                                     \
    X(join_requests_count(s, LOBBY, &v->n))                                                                            \
    X(join_requests_count_each(s, count_pair, &v->rows))                                                               \
    X(audit_each(s, &(struct audit_filter){0}, 10, count_audit_row, &v->rows))                                         \
    X(audit_each(s, &(struct audit_filter){.actor_id = ANNA}, 10, count_audit_row, &v->rows))                          \
    X(audit_each(s, &(struct audit_filter){.user_id = BEN}, 10, count_audit_row, &v->rows))                            \
    X(audit_each(s, &(struct audit_filter){.room_id = LOBBY}, 10, count_audit_row, &v->rows))                          \
    X(audit_each(s, &(struct audit_filter){.verb = SPAN("ban")}, 10, count_audit_row, &v->rows))

static const char every_key[USER_KEY_BYTES] = "zoe";
#define EVERY_CODES                                                                                                    \
    ((struct span){(const char *)"0123456789abcdef0123456789abcdefABCDEF9876543210ABCDEF9876543210", 64})

#define EVERY_WRITE(X)                                                                                                 \
    X(store_position_set(s, &(struct store_position){1, 2, {3}}))                                                      \
    X(lineage_set(s, &(struct lineage_row){.epoch = "e"}))                                                             \
    X(name_rules_set(s, "1"))                                                                                          \
    X(rooms_insert(s, SPAN("zoo"), SPAN("zoo"), 1, &v->n))                                                             \
    X(rooms_set_last_seq(s, LOBBY, 9))                                                                                 \
    X(rooms_set_name(s, LOBBY, SPAN("foyer"), SPAN("foyer")))                                                          \
    X(rooms_set_archived_at(s, LOBBY, 9))                                                                              \
    X(users_insert(s, every_user(v), &v->n))                                                                           \
    X(users_set_name(s, ANNA, SPAN("Anna"), SPAN("annA")))                                                             \
    X(visitors_delete(s, 99))                                                                                          \
    X(messages_insert(s,                                                                                               \
                      &(struct message_row){.room_id = LOBBY, .seq = 9, .body = SPAN("x"), .client_id = SPAN("c")}))   \
    X(messages_delete(s, LOBBY, 1, 9))                                                                                 \
    X(changes_insert(s, &(struct change_row){.room_id = LOBBY, .seq = 9, .kind = EVENT_LEFT, .data = SPAN("{}")}))     \
    X(place_set(s, &(struct place_row){.name = SPAN("Home")}))                                                         \
    X(accounts_forget_cookies(s, GUS))                                                                                 \
    X(accounts_promote(s, GUS, ROLE_MEMBER, SPAN("p")))                                                                \
    X(accounts_set_role(s, ANNA, ROLE_ADMIN))                                                                          \
    X(accounts_set_password(s, ANNA, SPAN("q")))                                                                       \
    X(accounts_set_totp(s, ANNA, SPAN("secret"), 9))                                                                   \
    X(accounts_use_totp(s, ANNA, 9))                                                                                   \
    X(accounts_lower_totp(s, ANNA, 60, 40))                                                                            \
    X(profiles_set(s, ANNA, &(struct profile_row){.bio = SPAN("short")}))                                              \
    X(avatars_set(s, ANNA, SPAN("image/png"), SPAN("y")))                                                              \
    X(avatars_set(s, ANNA, SPAN(""), SPAN("")))                                                                        \
    X(recovery_codes_replace(s, ANNA, EVERY_CODES))                                                                    \
    X(recovery_codes_use(s, ANNA, (struct span){EVERY_CODES.p, 32}))                                                   \
    X(sessions_insert(s, &(struct session_row){.user_id = ANNA, .hash = fixture_hash('x')}, &v->n))                    \
    X(sessions_touch(s, 1, 8, 9, SPAN("::1")))                                                                         \
    X(sessions_delete(s, ANNA, 1))                                                                                     \
    X(sessions_delete_others(s, ANNA, 0))                                                                              \
    X(tokens_insert(s, &(struct token_row){.user_id = ANNA, .hash = fixture_hash('x')}, &v->n))                        \
    X(tokens_delete(s, ANNA, 1, 9))                                                                                    \
    X(tokens_delete_user(s, ANNA, 9))                                                                                  \
    X(resets_insert(s, &(struct reset_row){.user_id = BEN, .hash = fixture_hash('x')}))                                \
    X(resets_delete_user(s, ANNA))                                                                                     \
    X(invites_insert(s, &(struct invite_row){.code = SPAN("x"), .created_by = ANNA}, (int64_t[]){LOBBY}, 1, &v->n))    \
    X(invites_use(s, 1))                                                                                               \
    X(invites_set_label(s, 1, SPAN("x")))                                                                              \
    X(invites_revoke(s, 1, 9))                                                                                         \
    X(rooms_more_insert(s, &(struct room_more_row){.name = SPAN("zoo"), .fold = SPAN("zoo")}, &v->n))                  \
    X(rooms_more_set(s, &(struct room_more_row){.id = LOBBY, .topic = SPAN("x")}))                                     \
    X(memberships_insert(s, &(struct membership_row){.room_id = DIRECT, .user_id = GUS}))                              \
    X(memberships_set(s, &(struct membership_row){.room_id = LOBBY, .user_id = ANNA, .section = SPAN("x")}))           \
    X(memberships_set_read(s, LOBBY, ANNA, 9, 1))                                                                      \
    X(memberships_own_deleted(s, LOBBY, ANNA, 10))                                                                     \
    X(memberships_delete(s, LOBBY, ANNA))                                                                              \
    X(silences_set(s, LOBBY, BEN, 9))                                                                                  \
    X(silences_set(s, LOBBY, BEN, 0))                                                                                  \
    X(paces_set(s, LOBBY, BEN, 9))                                                                                     \
    X(paces_clear(s, LOBBY))                                                                                           \
    X(join_requests_set(s, &(struct join_request_row){.room_id = LOBBY, .user_id = BEN, .text = SPAN("x")}))           \
    X(join_requests_delete(s, LOBBY, GUS))                                                                             \
    X(mentions_insert(s, LOBBY, 3, (int64_t[]){0, ANNA}, 2))                                                           \
    X(mentions_delete(s, LOBBY, 1))                                                                                    \
    X(bans_set(s, &(struct ban_row){.user_id = GUS, .reason = SPAN("x")}))                                             \
    X(bans_delete(s, BEN))                                                                                             \
    X(blocks_insert(s, BEN, ANNA, 9))                                                                                  \
    X(blocks_delete(s, ANNA, BEN))                                                                                     \
    X(reports_insert(s, &(struct report_row){.room_id = LOBBY, .seq = 3, .reporter_id = GUS}, &v->n))                  \
    X(reports_handle(s, 1, ANNA, 9, SPAN("x")))                                                                        \
    X(audit_insert(s, &(struct audit_row){.verb = SPAN("ban")}))

static inline const struct user_row *every_user(struct every_out *v)
{
    v->user = (struct user_row){.kind = USER_ACCOUNT, .name = SPAN("zoe"), .fold = SPAN("zoe")};
    memcpy(v->user.key, every_key, sizeof v->user.key);
    return &v->user;
}

#define EVERY_CASE(expression)                                                                                         \
    if (at++ == i) {                                                                                                   \
        *call = #expression;                                                                                           \
        return expression;                                                                                             \
    }

/* Makes the i-th call and tells its text; ERR_COUNT behind the last. */
static inline enum err every_read(struct store *s, int i, struct every_out *v, const char **call)
{
    int at = 0;
    EVERY_READ(EVERY_CASE)
    return ERR_COUNT;
}

static inline enum err every_write(struct store *s, int i, struct every_out *v, const char **call)
{
    int at = 0;
    EVERY_WRITE(EVERY_CASE)
    return ERR_COUNT;
}

static inline void every_fill(struct fixture *f)
{
    struct store *s = f->s;
    int64_t id;
    const struct {
        int64_t room_id, user_id;
    } members[] = {{LOBBY, ANNA}, {LOBBY, BEN}, {DIRECT, ANNA}};
    assert_int_equal(store_begin(s), OK);
    assert_int_equal(fixture_user(f, USER_ACCOUNT, "anna"), ANNA);
    assert_int_equal(fixture_user(f, USER_ACCOUNT, "ben"), BEN);
    assert_int_equal(fixture_user(f, USER_GUEST, "gus"), GUS);
    const struct room_more_row direct = {
        .name = SPAN("#direct 1,2"), .fold = SPAN("#direct 1,2"), .kind = ROOM_DIRECT, .direct_key = SPAN("1,2")};
    assert_int_equal(rooms_more_insert(s, &direct, &id), OK);
    assert_int_equal(id, DIRECT);
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const struct membership_row m = {
            .room_id = members[i].room_id, .user_id = members[i].user_id, .role = ROOM_ROLE_MEMBER, .hidden = true};
        assert_int_equal(memberships_insert(s, &m), OK);
    }
    const struct message_row one = {
        .room_id = LOBBY, .seq = 1, .author_id = BEN, .at = 5, .body = SPAN("one"), .client_id = SPAN("c1")};
    const struct message_row three = {.room_id = LOBBY, .seq = 3, .author_id = BEN, .body = SPAN("three")};
    const struct change_row two = {.room_id = LOBBY, .seq = 2, .kind = EVENT_ARCHIVED, .data = SPAN("{}")};
    assert_int_equal(messages_insert(s, &one), OK);
    assert_int_equal(changes_insert(s, &two), OK);
    assert_int_equal(messages_insert(s, &three), OK);
    assert_int_equal(mentions_insert(s, LOBBY, 1, (int64_t[]){0, ANNA}, 2), OK);

    assert_int_equal(accounts_promote(s, ANNA, ROLE_MEMBER, SPAN("p")), OK);
    assert_int_equal(accounts_set_totp(s, ANNA, SPAN("secret"), 1), OK);
    assert_int_equal(recovery_codes_replace(s, ANNA, EVERY_CODES), OK);
    assert_int_equal(avatars_set(s, ANNA, SPAN("image/png"), SPAN("x")), OK);
    const struct session_row session = {.user_id = ANNA, .hash = fixture_hash('s'), .expires_at = 5};
    const struct token_row token = {.user_id = ANNA, .hash = fixture_hash('t'), .name = SPAN("bot")};
    const struct reset_row reset = {.user_id = ANNA, .hash = fixture_hash('r')};
    const struct invite_row invite = {.code = SPAN("code"), .created_by = ANNA};
    assert_int_equal(sessions_insert(s, &session, &id), OK);
    const struct token_row revoked = {.user_id = ANNA, .hash = fixture_hash('r'), .name = SPAN("old bot")};
    assert_int_equal(tokens_insert(s, &token, &id), OK);
    assert_int_equal(tokens_insert(s, &revoked, &id), OK);
    assert_int_equal(tokens_delete(s, ANNA, id, 5), OK);
    assert_int_equal(resets_insert(s, &reset), OK);
    assert_int_equal(invites_insert(s, &invite, (int64_t[]){LOBBY}, 1, &id), OK);

    const struct join_request_row request = {.room_id = LOBBY, .user_id = GUS, .text = SPAN("please")};
    const struct ban_row ban = {.user_id = BEN, .actor_id = ANNA, .reason = SPAN("spam")};
    const struct report_row reports[] = {{.room_id = LOBBY, .seq = 1, .reporter_id = ANNA, .reason = SPAN("spam")},
                                         {.room_id = LOBBY, .seq = 1, .reporter_id = GUS}};
    const struct audit_row audit = {.actor_id = ANNA, .user_id = BEN, .room_id = LOBBY, .verb = SPAN("ban")};
    assert_int_equal(silences_set(s, LOBBY, BEN, 5), OK);
    assert_int_equal(paces_set(s, LOBBY, BEN, 5), OK);
    assert_int_equal(join_requests_set(s, &request), OK);
    assert_int_equal(bans_set(s, &ban), OK);
    assert_int_equal(blocks_insert(s, ANNA, BEN, 5), OK);
    assert_int_equal(reports_insert(s, &reports[0], &id), OK);
    assert_int_equal(reports_insert(s, &reports[1], &id), OK);
    assert_int_equal(reports_handle(s, id, ANNA, 5, SPAN("nothing")), OK);
    assert_int_equal(audit_insert(s, &audit), OK);
    assert_int_equal(store_commit(s), OK);
}

/* Makes the i-th call of either list, a writing one inside a transaction that is rolled back afterwards. `arm` is
 * called in front of it and `disarm` behind it, unless NULL. *rows: how many a callback was given. */
static inline enum err every_call(struct store *s, bool writes, int i, void (*arm)(int64_t nth), int64_t nth,
                                  void (*disarm)(void), int *rows, const char **call)
{
    struct every_out out = {0};
    if (writes)
        assert_int_equal(store_begin(s), OK);
    if (arm)
        arm(nth);
    enum err e = (writes ? every_write : every_read)(s, i, &out, call);
    if (disarm)
        disarm();
    if (writes)
        store_rollback(s);
    *rows = out.rows;
    return e;
}

#endif
