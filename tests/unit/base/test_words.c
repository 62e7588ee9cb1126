/* words: each set has a word for each of its enumerators, and a number is found by exactly that. */
#include "base/event_kind.h"
#include "base/words.h"
#include "unit.h"

static const struct {
    const struct words *w;
    int count, number; /* of its enumerators; of this one, -1: none */
    const char *word, *why;
} cases[] = {
    {&words_role, ROLE_COUNT, ROLE_VISITOR, "visitor", "the first role"},
    {&words_role, ROLE_COUNT, ROLE_GUEST, "guest", "a role"},
    {&words_role, ROLE_COUNT, ROLE_MEMBER, "member", "a role"},
    {&words_role, ROLE_COUNT, ROLE_MODERATOR, "moderator", "a role"},
    {&words_role, ROLE_COUNT, ROLE_ADMIN, "admin", "a role"},
    {&words_role, ROLE_COUNT, ROLE_OWNER, "owner", "a role"},
    {&words_role, ROLE_COUNT, ROLE_SYSTEM, "system", "the last role"},
    {&words_role, ROLE_COUNT, -1, "Owner", "case counts"},
    {&words_role, ROLE_COUNT, -1, "own", "the beginning of a word"},
    {&words_role, ROLE_COUNT, -1, "owners", "more than a word"},
    {&words_role, ROLE_COUNT, -1, "", "nothing"},
    {&words_room_role, ROOM_ROLE_COUNT, ROOM_ROLE_NONE, "none", "a room's role"},
    {&words_room_role, ROOM_ROLE_COUNT, ROOM_ROLE_MEMBER, "member", "a room's role"},
    {&words_room_role, ROOM_ROLE_COUNT, ROOM_ROLE_MODERATOR, "moderator", "a room's role"},
    {&words_room_role, ROOM_ROLE_COUNT, -1, "admin", "a role, but not a room's"},
    {&words_room_kind, ROOM_KIND_COUNT, ROOM_OPEN, "open", "a kind of room"},
    {&words_room_kind, ROOM_KIND_COUNT, ROOM_CLOSED, "closed", "a kind of room"},
    {&words_room_kind, ROOM_KIND_COUNT, ROOM_ANNOUNCEMENT, "announcement", "a kind of room"},
    {&words_room_kind, ROOM_KIND_COUNT, ROOM_DIRECT, "direct", "a kind of room"},
    {&words_room_history, ROOM_HISTORY_COUNT, ROOM_HISTORY_ALL, "all", "how much of the past"},
    {&words_room_history, ROOM_HISTORY_COUNT, ROOM_HISTORY_JOINED, "joined", "how much of the past"},
    {&words_level, LEVEL_COUNT, LEVEL_ALL, "all", "a level"},
    {&words_level, LEVEL_COUNT, LEVEL_MENTIONS, "mentions", "a level"},
    {&words_level, LEVEL_COUNT, LEVEL_NOTHING, "nothing", "a level"},
    {&words_scope, SCOPE_COUNT, SCOPE_READ, "read", "a scope"},
    {&words_scope, SCOPE_COUNT, SCOPE_WRITE, "write", "a scope"},
    {&words_scope, SCOPE_COUNT, SCOPE_ADMIN, "admin", "a scope"},
    {&words_event_kind, EVENT_KIND_COUNT, EVENT_MESSAGE, "message", "a kind of event"},
    {&words_event_kind, EVENT_KIND_COUNT, EVENT_RENAMED, "renamed", "a kind of event"},
    {&words_event_kind, EVENT_KIND_COUNT, EVENT_ARCHIVED, "archived", "a kind of event"},
    {&words_event_kind, EVENT_KIND_COUNT, EVENT_UNARCHIVED, "unarchived", "a kind of event"},
    {&words_event_kind, EVENT_KIND_COUNT, EVENT_JOINED, "joined", "a kind of event"},
    {&words_event_kind, EVENT_KIND_COUNT, EVENT_LEFT, "left", "a kind of event"},
    {&words_event_kind, EVENT_KIND_COUNT, EVENT_ADDED, "added", "a kind of event"},
    {&words_event_kind, EVENT_KIND_COUNT, EVENT_REMOVED, "removed", "a kind of event"},
    {&words_event_kind, EVENT_KIND_COUNT, EVENT_DELETED, "deleted", "a kind of event"},
    {&words_event_kind, EVENT_KIND_COUNT, EVENT_CHANGED, "changed", "a kind of event"},
};
enum { CASES = sizeof cases / sizeof cases[0] };

static void words_and_numbers(void **state)
{
    (void)state;
    for (size_t i = 0; i < CASES; i++) {
        if (words_find(cases[i].w, span_of(cases[i].word)) != cases[i].number)
            fail_msg("%s: %s", cases[i].word, cases[i].why);
        if (cases[i].number >= 0)
            assert_string_equal(words_name(cases[i].w, cases[i].number), cases[i].word);
    }
}

/* The table above knows each number of each set, and no set has more. */
static void no_set_has_more_or_less(void **state)
{
    (void)state;
    for (size_t i = 0; i < CASES; i++) {
        int known = 0;
        assert_int_equal(cases[i].w->count, cases[i].count);
        for (size_t k = 0; k < CASES; k++)
            known += cases[k].w == cases[i].w && cases[k].number >= 0;
        assert_int_equal(known, cases[i].count);
    }
}

static void a_word_ends_where_its_span_ends(void **state)
{
    (void)state;
    assert_int_equal(words_find(&words_scope, (struct span){"readwrite", 4}), SCOPE_READ);
    assert_int_equal(words_find(&words_scope, (struct span){"read\0write", 10}), -1);
    assert_int_equal(words_find(&words_scope, (struct span){NULL, 0}), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_numbers),
        cmocka_unit_test(no_set_has_more_or_less),
        cmocka_unit_test(a_word_ends_where_its_span_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
