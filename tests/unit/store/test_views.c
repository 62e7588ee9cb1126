/* The views that people ask at a sqlite3 prompt. Times are local, so the test says where it is. */
#include "fixture.h"
#include "store/membership.h"
#include "store/moderation.h"

enum { LOBBY = 1, ANNA = 1, BEN, CARL, VERA };

/* Seconds after the first of January 2026, 00:00:00 UTC; the place is an hour ahead. */
static int64_t at(int64_t s)
{
    return 1767225600000 + 1000 * s;
}

struct rooms {
    int64_t garden, two, three;
};

static void put_users_and_rooms(struct fixture *f, struct rooms *r)
{
    struct room_more_row two = {
        .name = SPAN("#direct 1,2"), .fold = SPAN("#direct 1,2"), .kind = ROOM_DIRECT, .direct_key = SPAN("1,2")};
    struct room_more_row three = {
        .name = SPAN("#direct 1,2,3"), .fold = SPAN("#direct 1,2,3"), .kind = ROOM_DIRECT, .direct_key = SPAN("1,2,3")};
    assert_int_equal(fixture_user(f, USER_ACCOUNT, "Anna"), ANNA);
    assert_int_equal(fixture_user(f, USER_ACCOUNT, "Ben"), BEN);
    assert_int_equal(fixture_user(f, USER_GUEST, "Carl"), CARL);
    assert_int_equal(fixture_user(f, USER_VISITOR, "Vera"), VERA);
    assert_int_equal(rooms_insert(f->s, SPAN("garden"), SPAN("garden"), 1, &r->garden), OK);
    assert_int_equal(rooms_more_insert(f->s, &two, &r->two), OK);
    assert_int_equal(rooms_more_insert(f->s, &three, &r->three), OK);
    for (int64_t user = ANNA; user <= BEN; user++) {
        const struct membership_row m = {.room_id = r->two, .user_id = user, .role = ROOM_ROLE_MEMBER};
        assert_int_equal(memberships_insert(f->s, &m), OK);
    }
}

static void put_events(struct fixture *f, const struct rooms *r)
{
    const struct message_row messages[] = {
        {.room_id = r->garden, .seq = 1, .author_id = ANNA, .at = at(0) + 999, .body = SPAN("green")},
        {.room_id = r->garden, .seq = 2, .author_id = CARL, .at = at(5), .body = SPAN("buy pills")},
        {.room_id = LOBBY, .seq = 1, .author_id = ANNA, .at = at(1), .body = SPAN("Hello **all**")},
        {.room_id = LOBBY, .seq = 3, .author_id = ANNA, .at = at(86400), .body = SPAN("two\nlines")},
        {.room_id = LOBBY, .seq = 4, .author_id = ANNA, .at = at(86401), .body = SPAN("oops")},
        {.room_id = r->two, .seq = 1, .author_id = BEN, .at = at(7), .body = SPAN("psst")},
        {.room_id = r->three, .seq = 1, .author_id = ANNA, .at = at(8), .body = SPAN("all three")},
    };
    const struct change_row changes[] = {
        {.room_id = LOBBY, .seq = 2, .at = at(2), .kind = EVENT_RENAMED, .data = SPAN("{\"name\":\"foy\\\"er\"}")},
        {.room_id = LOBBY, .seq = 5, .at = at(86402), .kind = EVENT_ARCHIVED, .data = SPAN("{}")},
        {.room_id = LOBBY, .seq = 6, .at = at(86403), .kind = EVENT_UNARCHIVED, .data = SPAN("{}")},
        {.room_id = LOBBY, .seq = 7, .actor_id = BEN, .at = at(86404), .kind = EVENT_JOINED, .data = SPAN("{}")},
        {.room_id = LOBBY,
         .seq = 8,
         .actor_id = BEN,
         .at = at(86405),
         .kind = EVENT_ADDED,
         .data = SPAN("{\"user\":{\"id\":3,\"name\":\"Carl\"}}")},
        {.room_id = LOBBY,
         .seq = 9,
         .at = at(86406),
         .kind = EVENT_REMOVED,
         .data = SPAN("{\"user\":{\"id\":3,\"name\":\"Carl\"}}")},
        {.room_id = LOBBY, .seq = 10, .actor_id = BEN, .at = at(86407), .kind = EVENT_LEFT, .data = SPAN("{}")},
        {.room_id = LOBBY, .seq = 11, .target_seq = 4, .at = at(86408), .kind = EVENT_DELETED, .data = SPAN("{}")},
        {.room_id = LOBBY,
         .seq = 12,
         .at = at(86409),
         .kind = EVENT_CHANGED,
         .data = SPAN("{\"topic\":\"it's new\",\"slow_s\":30}")},
    };
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++)
        assert_int_equal(messages_insert(f->s, &messages[i]), OK);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++)
        assert_int_equal(changes_insert(f->s, &changes[i]), OK);
    assert_int_equal(messages_delete(f->s, LOBBY, 4, at(86408)), OK);
    assert_int_equal(rooms_set_last_seq(f->s, LOBBY, 12), OK);
    assert_int_equal(rooms_set_last_seq(f->s, r->garden, 2), OK);
    assert_int_equal(rooms_set_archived_at(f->s, r->garden, 7), OK);
}

static void put_moderation(struct fixture *f, const struct rooms *r)
{
    const struct ban_row bans[] = {{.user_id = CARL, .at = at(9), .hides = true},
                                   {.user_id = BEN, .at = at(9), .until = at(100)}};
    const struct audit_row entries[] = {
        {.at = at(1), .verb = SPAN("set_place")},
        {.at = at(9),
         .actor_id = ANNA,
         .user_id = CARL,
         .verb = SPAN("ban"),
         .address = SPAN("192.0.2.7"),
         .detail = SPAN("{\"reason\":\"spam\"}")},
        {.at = at(10), .actor_id = ANNA, .room_id = r->two, .seq = 1, .verb = SPAN("delete"), .address = SPAN("::1")},
        {.at = at(11), .actor_id = BEN, .room_id = LOBBY, .verb = SPAN("edit_room"), .address = SPAN("::1")},
    };
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(bans_set(f->s, &bans[i]), OK);
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++)
        assert_int_equal(audit_insert(f->s, &entries[i]), OK);
}

static void fill(struct fixture *f)
{
    struct rooms r;
    assert_int_equal(store_begin(f->s), OK);
    put_users_and_rooms(f, &r);
    put_events(f, &r);
    put_moderation(f, &r);
    assert_int_equal(store_commit(f->s), OK);
    outside_exec(f->path, "INSERT INTO changes VALUES (1, 13, 'pinned', 3, 0, 1767225600000, '{\"x\":1}');"
                          "UPDATE users SET display_name = 'Anna A.', created_at = 1767225600000 WHERE id = 1;"
                          "UPDATE users SET role = 'owner' WHERE id = 1; UPDATE users SET created_at = 0 WHERE id > 1");
}

static void answers(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *sql, *want;
    } cases[] = {
        {"SELECT * FROM history",
         "lobby|1|2026-01-01 01:00:01|Anna|Hello **all**\n"
         "lobby|2|2026-01-01 01:00:02|admin|* renamed the room to foy\"er\n"
         "lobby|3|2026-01-02 01:00:00|Anna|two\nlines\n"
         "lobby|4|2026-01-02 01:00:01|Anna|(deleted)\n"
         "lobby|5|2026-01-02 01:00:02|admin|* archived the room\n"
         "lobby|6|2026-01-02 01:00:03|admin|* opened the room again\n"
         "lobby|7|2026-01-02 01:00:04|Ben|* joined\n"
         "lobby|8|2026-01-02 01:00:05|Ben|* added Carl\n"
         "lobby|9|2026-01-02 01:00:06|admin|* removed Carl\n"
         "lobby|10|2026-01-02 01:00:07|Ben|* left\n"
         "lobby|11|2026-01-02 01:00:08|admin|* deleted message 4\n"
         "lobby|12|2026-01-02 01:00:09|admin|* changed the room: topic = it's new, slow_s = 30\n"
         "lobby|13|2026-01-01 01:00:00|admin|* pinned {\"x\":1}\n"
         "garden|1|2026-01-01 01:00:00|Anna|green\n"
         "garden|2|2026-01-01 01:00:05|Carl|(hidden) buy pills\n"
         "Anna, Ben|1|2026-01-01 01:00:07|Ben|psst\n"
         "Anna, Ben, Carl|1|2026-01-01 01:00:08|Anna|all three\n"},
        {"SELECT number FROM history WHERE room = 'lobby' ORDER BY number DESC LIMIT 3", "13\n12\n11\n"},
        {"SELECT text FROM history WHERE room = 'Anna, Ben'", "psst\n"},
        {"SELECT * FROM room_activity", "lobby|open|no|0|3|1|12|2026-01-02 01:00:01|Anna\n"
                                        "garden|open|yes|0|2|2|2|2026-01-01 01:00:05|Carl\n"
                                        "Anna, Ben|direct|no|2|1|1|0|2026-01-01 01:00:07|Ben\n"
                                        "Anna, Ben, Carl|direct|no|0|1|1|0|2026-01-01 01:00:08|Anna\n"},
        {"SELECT * FROM people", "0|admin||system|system||0||\n"
                                 "1|Anna|Anna A.|account|owner|2026-01-01 01:00:00|5|2026-01-02 01:00:01|\n"
                                 "2|Ben||account|member||1|2026-01-01 01:00:07|until 2026-01-01 01:01:40\n"
                                 "3|Carl||guest|guest||1|2026-01-01 01:00:05|for ever\n"
                                 "4|Vera||visitor|visitor||0||\n"},
        {"SELECT * FROM audit_log", "2026-01-01 01:00:01|admin|set_place|||NULL|(command line)|\n"
                                    "2026-01-01 01:00:09|Anna|ban|Carl||NULL|192.0.2.7|{\"reason\":\"spam\"}\n"
                                    "2026-01-01 01:00:10|Anna|delete||Anna, Ben|1|::1|\n"
                                    "2026-01-01 01:00:11|Ben|edit_room||lobby|NULL|::1|\n"},
        {"SELECT * FROM room_names", "1|lobby\n2|garden\n3|Anna, Ben\n4|Anna, Ben, Carl\n"},
    };
    fill(f);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[4096];
        assert_string_equal(outside_query(f->path, cases[i].sql, out), cases[i].want);
    }
}

/* The view knows each kind in words of its own, with what the kind holds; what it doesn't know it shows as it is stored. */
static void history_knows_each_kind(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *data, *shown;
    } of_extra[] = {
        [EXTRA_NONE] = {"{}", ""},
        [EXTRA_NAME] = {"{\"name\":\"foyer\"}", "foyer"},
        [EXTRA_USER] = {"{\"user\":{\"id\":3,\"name\":\"Carl\"}}", "Carl"},
        [EXTRA_TARGET] = {"{}", "4"},
        [EXTRA_DATA] = {"{\"topic\":\"new\"}", "topic = new"},
    };
    for (int kind = EVENT_MESSAGE + 1; kind < EVENT_KIND_COUNT; kind++) {
        const enum event_extra extra = event_extra((enum event_kind)kind);
        const char *data = of_extra[extra].data, *shown = of_extra[extra].shown;
        const struct change_row c = {
            .room_id = LOBBY, .seq = kind, .target_seq = 4, .kind = (enum event_kind)kind, .data = span_of(data)};
        char sql[80], raw[80], out[4096];
        assert_int_equal(changes_insert(f->s, &c), OK);
        snprintf(sql, sizeof sql, "SELECT text FROM history WHERE room = 'lobby' AND number = %d", kind);
        snprintf(raw, sizeof raw, "* %s %s\n", words_name(&words_event_kind, kind), data);
        outside_query(f->path, sql, out);
        if (strncmp(out, "* ", 2) != 0 || strcmp(out, raw) == 0 || !strstr(out, shown))
            fail_msg("the view history shows %s as %s", words_name(&words_event_kind, kind), out);
    }
}

/* People with large databases scroll through them too. */
static void long_views_are_not_sorted_first(void **state)
{
    struct fixture *f = *state;
    static const char *const views[] = {"history", "audit_log", "room_names"};
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
        char sql[128], out[4096];
        snprintf(sql, sizeof sql, "EXPLAIN QUERY PLAN SELECT * FROM %s", views[i]);
        outside_query(f->path, sql, out);
        assert_null(strstr(out, "TEMP B-TREE"));
        assert_null(strstr(out, "MATERIALIZE"));
        assert_null(strstr(out, "AUTOMATIC"));
    }
}

int main(void)
{
    setenv("TZ", "CET-1", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(answers, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(history_knows_each_kind, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(long_views_are_not_sorted_first, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
