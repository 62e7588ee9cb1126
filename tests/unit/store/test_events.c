#include "fixture.h"
#include "store/membership.h"
#include "store/moderation.h"
#include "store/people.h"

/* The rows of one answer as text, one letter and the seq per event: m1 m2 c3. */
struct page {
    char text[2048];
    struct event_row last; /* its texts are gone */
    char body[64], client_id[64], author[64], display[64], data[64];
};

static void copy(char out[64], struct span s)
{
    snprintf(out, 64, "%.*s", (int)s.len, s.len ? s.p : "");
}

static bool add(void *ctx, const struct event_row *r)
{
    struct page *p = ctx;
    size_t len = strlen(p->text);
    snprintf(p->text + len, sizeof p->text - len, "%s%s%lld", len ? " " : "", r->kind == EVENT_MESSAGE ? "m" : "c",
             (long long)r->seq);
    p->last = *r;
    copy(p->body, r->body);
    copy(p->client_id, r->client_id);
    copy(p->author, r->author_name);
    copy(p->display, r->author_display);
    copy(p->data, r->data);
    return true;
}

static void put_message(struct store *s, int64_t room_id, int64_t seq)
{
    struct message_row m = {.room_id = room_id, .seq = seq, .at = 1000 + seq, .body = SPAN("body")};
    assert_int_equal(messages_insert(s, &m), OK);
}

static void put_change(struct store *s, int64_t room_id, int64_t seq)
{
    struct change_row c = {
        .room_id = room_id, .seq = seq, .at = 1000 + seq, .kind = EVENT_ARCHIVED, .data = SPAN("{}")};
    assert_int_equal(changes_insert(s, &c), OK);
}

/* Room 1: m1 m2 c3 m4 c5 c6 m7 m8 m9 m10; room 2, which must never show: m1 m2 m3. */
static void fill(struct store *s)
{
    int64_t id;
    assert_int_equal(store_begin(s), OK);
    assert_int_equal(rooms_insert(s, SPAN("other"), SPAN("other"), 1, &id), OK);
    for (int64_t seq = 1; seq <= 10; seq++) {
        if (seq == 3 || seq == 5 || seq == 6)
            put_change(s, 1, seq);
        else
            put_message(s, 1, seq);
        if (seq <= 3)
            put_message(s, id, seq);
    }
    assert_int_equal(store_commit(s), OK);
}

static void pages(void **state)
{
    struct fixture *f = *state;
    const int64_t max = INT64_MAX;
    fill(f->s);
    const struct {
        bool newest;
        int64_t room, after, before, limit;
        const char *want, *why;
    } cases[] = {
        {false, 1, 0, max, 100, "m1 m2 c3 m4 c5 c6 m7 m8 m9 m10", "all"},
        {true, 1, 0, max, 100, "m1 m2 c3 m4 c5 c6 m7 m8 m9 m10", "all, asked from the end"},
        {false, 1, 0, max, 10, "m1 m2 c3 m4 c5 c6 m7 m8 m9 m10", "as many as there are"},
        {true, 1, 0, max, 10, "m1 m2 c3 m4 c5 c6 m7 m8 m9 m10", "as many as there are, from the end"},
        {false, 1, 0, max, 4, "m1 m2 c3 m4", "the first"},
        {true, 1, 0, max, 4, "m7 m8 m9 m10", "the last"},
        {true, 1, 0, max, 5, "c6 m7 m8 m9 m10", "the last begin with a change"},
        {false, 1, 2, max, 3, "c3 m4 c5", "after is exclusive"},
        {false, 1, 2, 5, 100, "c3 m4", "before is exclusive"},
        {true, 1, 2, 5, 100, "c3 m4", "both bounds, from the end"},
        {true, 1, 2, 9, 3, "c6 m7 m8", "the last of a range"},
        {false, 1, 2, 9, 3, "c3 m4 c5", "the first of a range"},
        {true, 1, 4, 7, 1, "c6", "only changes"},
        {false, 1, 10, max, 5, "", "nothing after the last"},
        {true, 1, 10, max, 5, "", "nothing after the last, from the end"},
        {false, 1, 4, 5, 5, "", "nothing between neighbours"},
        {true, 1, 0, 1, 5, "", "nothing before the first"},
        {false, 1, 0, max, 0, "", "no rows asked for"},
        {true, 1, 0, max, 0, "", "no rows asked for, from the end"},
        {false, 1, 0, max, -1, "", "less than none"},
        {true, 1, 0, max, -1, "", "less than none, from the end"},
        {false, 99, 0, max, 5, "", "an unknown room"},
        {true, 99, 0, max, 5, "", "an unknown room, from the end"},
        {true, 2, 0, max, 2, "m2 m3", "another room"},
        {false, 1, -5, max, 2, "m1 m2", "after nothing at all"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct page p = {0};
        enum err e = (cases[i].newest ? events_before : events_after)(f->s, cases[i].room, cases[i].after,
                                                                      cases[i].before, cases[i].limit, add, &p);
        assert_int_equal(e, OK);
        if (strcmp(p.text, cases[i].want) != 0)
            fail_msg("%s: wanted %s, got %s", cases[i].why, cases[i].want, p.text);
    }
}

static void a_message_comes_back_whole(void **state)
{
    struct fixture *f = *state;
    struct user_row anna = {.kind = USER_GUEST, .name = SPAN("Anna"), .fold = SPAN("anna"), .key = {1}};
    struct message_row m = {
        .room_id = 1, .seq = 5, .at = 77, .reply_to = 3, .body = SPAN("hi"), .client_id = SPAN("id1")};
    struct page p = {0};
    assert_int_equal(users_insert(f->s, &anna, &m.author_id), OK);
    assert_int_equal(messages_insert(f->s, &m), OK);
    assert_int_equal(users_set_name(f->s, m.author_id, SPAN("Anna B"), SPAN("anna b")), OK);
    assert_int_equal(events_after(f->s, 1, 0, INT64_MAX, 10, add, &p), OK);
    assert_string_equal(p.text, "m5");
    assert_int_equal(p.last.room_id, 1);
    assert_int_equal(p.last.at, 77);
    assert_int_equal(p.last.author_id, m.author_id);
    assert_int_equal(p.last.reply_to, 3);
    assert_string_equal(p.author, "Anna B"); /* the name they have now */
    assert_string_equal(p.display, "");
    assert_false(p.last.is_deleted || p.last.is_hidden);
    assert_string_equal(p.body, "hi");
    assert_string_equal(p.client_id, "id1");
    assert_string_equal(p.data, "");
}

static bool add_three(void *ctx, const struct event_row *r)
{
    struct page *p = ctx;
    add(ctx, r);
    return strlen(p->text) < strlen("m1 m2 c3");
}

static void downwards_and_no_further_than_wanted(void **state)
{
    struct fixture *f = *state;
    struct page down = {0}, first_three = {0}, last_three = {0}, again = {0};
    fill(f->s);
    assert_int_equal(events_down(f->s, 1, 2, 9, 5, add, &down), OK);
    assert_string_equal(down.text, "m8 m7 c6 c5 m4");
    assert_int_equal(events_after(f->s, 1, 0, INT64_MAX, 10, add_three, &first_three), OK);
    assert_string_equal(first_three.text, "m1 m2 c3");
    assert_int_equal(events_down(f->s, 1, 0, 10, 10, add_three, &last_three), OK);
    assert_string_equal(last_three.text, "m9 m8 m7");
    assert_int_equal(events_down(f->s, 1, 0, 3, 10, add, &again), OK);
    assert_string_equal(again.text, "m2 m1");
}

static void a_change_comes_back_whole(void **state)
{
    struct fixture *f = *state;
    char words[4096];
    for (int64_t i = EVENT_MESSAGE + 1; i < EVENT_KIND_COUNT; i++) {
        struct change_row c = {
            .room_id = 1, .seq = i, .at = 77, .kind = (enum event_kind)i, .data = SPAN("{\"name\":\"foyer\"}")};
        struct page p = {0};
        c.target_seq = (i - 1) * 4; /* 0: none */
        assert_int_equal(changes_insert(f->s, &c), OK);
        assert_int_equal(events_after(f->s, 1, i - 1, INT64_MAX, 10, add, &p), OK);
        assert_int_equal(p.last.seq, i);
        assert_int_equal(p.last.kind, i);
        assert_int_equal(p.last.target_seq, (i - 1) * 4);
        assert_int_equal(p.last.author_id, 0);
        assert_string_equal(p.author, "admin");
        assert_string_equal(p.data, "{\"name\":\"foyer\"}");
        assert_string_equal(p.body, "");
        assert_false(p.last.is_deleted || p.last.is_hidden);
    }
    assert_string_equal(outside_query(f->path, "SELECT group_concat(kind) FROM changes", words),
                        "renamed,archived,unarchived,joined,left,added,removed,deleted,changed\n");
}

/* Message 1 of Anna's, message 2 of Ben's, both of which are there; Anna joins with 3. */
static void what_is_shown_of_a_message(void **state)
{
    struct fixture *f = *state;
    const int64_t anna = fixture_user(f, USER_ACCOUNT, "anna"), ben = fixture_user(f, USER_ACCOUNT, "ben");
    const struct message_row one = {.room_id = 1, .seq = 1, .author_id = anna, .body = SPAN("one"), .reply_to = 9},
                             two = {.room_id = 1, .seq = 2, .author_id = ben, .body = SPAN("two")};
    const struct change_row three = {
        .room_id = 1, .seq = 3, .actor_id = anna, .kind = EVENT_JOINED, .data = SPAN("{}")};
    static const struct {
        bool is_banned, hides, is_deleted;
        const char *body;
        const char *why;
    } cases[] = {
        {false, false, false, "one", "nothing has happened"},
        {true, false, false, "one", "a ban that hides nothing"},
        {true, true, false, "", "a ban that hides, and is over long since"},
        {true, true, true, "", "deleted as well"},
        {true, false, true, "", "deleted"},
        {false, false, true, "", "deleted"},
    };
    const struct profile_row profile = {.display_name = SPAN("Anna \xc3\x85")};
    assert_int_equal(messages_insert(f->s, &one), OK);
    assert_int_equal(messages_insert(f->s, &two), OK);
    assert_int_equal(changes_insert(f->s, &three), OK);
    assert_int_equal(profiles_set(f->s, anna, &profile), OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct page p = {0}, others = {0}, change = {0};
        if (cases[i].is_banned)
            assert_int_equal(
                bans_set(f->s, &(struct ban_row){.user_id = anna, .at = 1, .until = 2, .hides = cases[i].hides}), OK);
        else
            (void)bans_delete(f->s, anna);
        if (cases[i].is_deleted)
            (void)messages_delete(f->s, 1, 1, 55);
        assert_int_equal(events_after(f->s, 1, 0, 2, 10, add, &p), OK);
        if (strcmp(p.body, cases[i].body) != 0 || p.last.is_deleted != cases[i].is_deleted ||
            p.last.is_hidden != cases[i].hides)
            fail_msg("%s: '%s'", cases[i].why, p.body);
        assert_int_equal(p.last.reply_to, 9);
        assert_string_equal(p.author, "anna");
        assert_string_equal(p.display, "Anna \xc3\x85");
        assert_int_equal(events_before(f->s, 1, 1, 3, 10, add, &others), OK);
        assert_string_equal(others.text, "m2");
        assert_string_equal(others.body, "two");
        assert_false(others.last.is_deleted || others.last.is_hidden);
        assert_string_equal(others.display, "");
        assert_int_equal(events_after(f->s, 1, 2, 4, 10, add, &change), OK);
        assert_string_equal(change.text, "c3");
        assert_string_equal(change.display, "Anna \xc3\x85");
        assert_false(change.last.is_deleted || change.last.is_hidden);
    }
}

/* What emptied the body is not what hides it: when the ban goes, what was hidden is there again. */
static void what_was_hidden_can_come_back(void **state)
{
    struct fixture *f = *state;
    struct page hidden = {0}, shown = {0};
    const int64_t anna = fixture_user(f, USER_ACCOUNT, "anna");
    const struct message_row m = {.room_id = 1, .seq = 1, .author_id = anna, .body = SPAN("one")};
    assert_int_equal(messages_insert(f->s, &m), OK);
    assert_int_equal(bans_set(f->s, &(struct ban_row){.user_id = anna, .hides = true}), OK);
    assert_int_equal(events_after(f->s, 1, 0, 2, 10, add, &hidden), OK);
    assert_string_equal(hidden.body, "");
    assert_int_equal(bans_delete(f->s, anna), OK);
    assert_int_equal(events_after(f->s, 1, 0, 2, 10, add, &shown), OK);
    assert_string_equal(shown.body, "one");
    assert_false(shown.last.is_hidden);
}

/* As a person at a prompt might mark it, leaving the body where it is. */
static void a_deleted_message_has_no_body(void **state)
{
    struct fixture *f = *state;
    struct page p = {0};
    put_message(f->s, 1, 1);
    outside_exec(f->path, "UPDATE messages SET deleted_at = 5");
    assert_int_equal(events_after(f->s, 1, 0, 2, 10, add, &p), OK);
    assert_string_equal(p.body, "");
    assert_true(p.last.is_deleted);
}

static void a_number_is_given_once_among_changes(void **state)
{
    struct fixture *f = *state;
    struct change_row c = {.room_id = 1, .seq = 1, .kind = EVENT_ARCHIVED, .data = SPAN("{}")};
    assert_int_equal(changes_insert(f->s, &c), OK);
    assert_int_equal(changes_insert(f->s, &c), ERR_STORAGE);
}

static void an_unknown_kind_of_change_is_not_passed_on(void **state)
{
    struct fixture *f = *state;
    static const char *const unknown[] = {"pinned", "message" /* which is not a change */};
    struct page p = {0};
    fill(f->s);
    outside_exec(f->path, "INSERT INTO changes (room_id, seq, kind, actor_id, at) VALUES (1, 11, '', 0, 1)");
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        char sql[64];
        snprintf(sql, sizeof sql, "UPDATE changes SET kind = '%s' WHERE seq = 11", unknown[i]);
        outside_exec(f->path, sql);
        assert_int_equal(events_after(f->s, 1, 9, INT64_MAX, 10, add, &p), ERR_STORAGE);
        assert_int_equal(events_after(f->s, 1, 9, 11, 10, add, &p), OK); /* the statement is ready again */
    }
}

/* Commits a further message in front of the row callback: the page must be of one state. */
struct meddler {
    struct page page;
    struct store *writer;
    int64_t next;
};

static bool meddle(void *ctx, const struct event_row *r)
{
    struct meddler *m = ctx;
    put_message(m->writer, 1, m->next++);
    add(&m->page, r);
    return true;
}

static void a_page_is_of_one_state(void **state)
{
    struct fixture *f = *state;
    struct store *reader;
    struct store_error why;
    fill(f->s);
    assert_int_equal(store_open(&(struct store_options){.path = f->path, .read_only = true}, &reader, &why), OK);
    struct meddler m = {.writer = f->s, .next = 11};
    assert_int_equal(events_before(reader, 1, 0, INT64_MAX, 3, meddle, &m), OK);
    assert_string_equal(m.page.text, "m8 m9 m10");
    m = (struct meddler){.writer = f->s, .next = m.next};
    assert_int_equal(events_after(reader, 1, 9, INT64_MAX, 100, meddle, &m), OK);
    assert_string_equal(m.page.text, "m10 m11 m12 m13");
    store_close(reader);
}

static void several_reads_see_one_state(void **state)
{
    struct fixture *f = *state;
    struct store *reader;
    struct store_error why;
    struct page before = {0}, after = {0}, later = {0};
    fill(f->s);
    assert_int_equal(store_open(&(struct store_options){.path = f->path, .read_only = true}, &reader, &why), OK);
    assert_int_equal(store_read_begin(reader), OK);
    assert_int_equal(events_after(reader, 1, 8, INT64_MAX, 100, add, &before), OK);
    put_message(f->s, 1, 11);
    assert_int_equal(events_after(reader, 1, 8, INT64_MAX, 100, add, &after), OK);
    store_read_end(reader);
    assert_int_equal(events_after(reader, 1, 8, INT64_MAX, 100, add, &later), OK);
    assert_string_equal(before.text, "m9 m10");
    assert_string_equal(after.text, "m9 m10");
    assert_string_equal(later.text, "m9 m10 m11");
    store_close(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(pages, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_message_comes_back_whole, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(downwards_and_no_further_than_wanted, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_change_comes_back_whole, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(what_is_shown_of_a_message, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(what_was_hidden_can_come_back, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_deleted_message_has_no_body, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_number_is_given_once_among_changes, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(an_unknown_kind_of_change_is_not_passed_on, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_page_is_of_one_state, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(several_reads_see_one_state, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
