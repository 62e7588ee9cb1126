/* Deleting visitors' rows: who refers to users, and what becomes of that. */
#include "fixture.h"
#include "store/membership.h"
#include "store/moderation.h"
#include "store/people.h"

enum { LOBBY = 1 };

/* Whoever adds a foreign key to users says in sql/visitors.sql what becomes of the row when a visitor goes (most are
 * asked for in visitors_each, so that the visitor stays), and gives it an index. */
static void all_that_refers_to_users_is_thought_of(void **state)
{
    struct fixture *f = *state;
    char out[4096];
    assert_string_equal(
        outside_query(f->path,
                      "SELECT m.name, group_concat(k.\"from\") FROM sqlite_schema AS m CROSS JOIN"
                      " (SELECT t.name, l.\"from\" FROM sqlite_schema AS t, pragma_foreign_key_list(t.name) AS l"
                      "  WHERE t.type = 'table' AND l.\"table\" = 'users' ORDER BY 2) AS k ON k.name = m.name"
                      " WHERE m.type = 'table' GROUP BY 1 ORDER BY 1",
                      out),
        "audit|actor_id\navatars|user_id\nbans|actor_id,user_id\nblocks|blocked_id,user_id\nchanges|actor_id\n"
        "invites|created_by\njoin_requests|user_id\nmemberships|user_id\nmentions|user_id\nmessages|author_id\n"
        "paces|user_id\nrecovery_codes|user_id\nreports|reporter_id\nresets|created_by,user_id\nsessions|user_id\n"
        "silences|user_id\ntokens|user_id\n");
}

static void add_visitor(void *ctx, int64_t id, bool is_needed, int64_t messages)
{
    lines_add(ctx, "%d %s %d\n", (int)id, is_needed ? "needed" : "-", (int)messages);
}

static const char *looked_at(struct fixture *f, int64_t after_id, int64_t limit, int64_t made_before, struct lines *out)
{
    *out = (struct lines){""};
    assert_int_equal(visitors_each(f->s, after_id, limit, made_before, 500, add_visitor, out), OK);
    return out->text;
}

static void say(struct fixture *f, int64_t author, int64_t seq, bool is_deleted)
{
    char id[16];
    snprintf(id, sizeof id, "c%d", (int)seq);
    struct message_row m = {
        .room_id = LOBBY, .seq = seq, .author_id = author, .at = 1, .body = SPAN("x"), .client_id = span_of(id)};
    assert_int_equal(messages_insert(f->s, &m), OK);
    if (is_deleted)
        assert_int_equal(messages_delete(f->s, LOBBY, seq, 2), OK);
}

static void some_are_needed(void **state)
{
    struct fixture *f = *state;
    struct lines out;
    char text[4096];
    const int64_t anna = fixture_user(f, USER_ACCOUNT, "anna"), empty = fixture_user(f, USER_VISITOR, "empty");
    const int64_t gone = fixture_user(f, USER_VISITOR, "gone"), said = fixture_user(f, USER_VISITOR, "said");
    assert_int_equal(store_begin(f->s), OK);
    say(f, gone, 1, true);
    say(f, gone, 2, true);
    say(f, said, 3, true);
    say(f, said, 4, false);
    assert_int_equal(store_commit(f->s), OK);
    assert_string_equal(looked_at(f, 0, 10, 1001, &out), "1 needed 0\n2 - 0\n3 - 2\n4 needed 0\n");
    assert_string_equal(looked_at(f, 0, 10, 1000, &out), "1 needed 0\n2 needed 0\n3 needed 0\n4 needed 0\n");
    assert_string_equal(looked_at(f, empty, 1, 1001, &out), "3 - 2\n");
    assert_string_equal(looked_at(f, said, 1, 1001, &out), "");
    assert_string_equal(looked_at(f, DELETED_GUEST_ID - 1, 2, 1001, &out), "-1 needed 0\n0 needed 0\n");

    assert_int_equal(store_begin(f->s), OK);
    assert_int_equal(visitors_delete(f->s, gone), OK);
    assert_int_equal(visitors_delete(f->s, empty), OK);
    assert_int_equal(visitors_delete(f->s, anna), OK); /* no visitor: nothing of hers is there, but she stays */
    assert_int_equal(store_commit(f->s), OK);
    assert_string_equal(outside_query(f->path, "SELECT id, name FROM users ORDER BY id", text),
                        "-1|deleted guest\n0|admin\n1|anna\n4|said\n");
    assert_string_equal(outside_query(f->path, "SELECT seq, author_id, client_id FROM messages ORDER BY seq", text),
                        "1|-1|NULL\n2|-1|NULL\n3|4|c3\n4|4|c4\n");
}

static void add_entry(void *ctx, const struct audit_row *row)
{
    lines_add(ctx, "%.*s|", SPAN_ARGS(row->user_name));
}

static void the_audit_names_them(void **state)
{
    struct fixture *f = *state;
    struct lines out = {""};
    const int64_t gone = fixture_user(f, USER_VISITOR, "gone");
    assert_int_equal(store_begin(f->s), OK);
    assert_int_equal(audit_insert(f->s, &(struct audit_row){.verb = SPAN("set_place")}), OK);
    assert_int_equal(audit_insert(f->s, &(struct audit_row){.verb = SPAN("delete"), .user_id = gone}), OK);
    assert_int_equal(visitors_delete(f->s, gone), OK);
    assert_int_equal(store_commit(f->s), OK);
    assert_int_equal(audit_each(f->s, &(struct audit_filter){0}, 10, add_entry, &out), OK);
    assert_string_equal(out.text, DELETED_GUEST_NAME "||");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(all_that_refers_to_users_is_thought_of, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(some_are_needed, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(the_audit_names_them, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
