/* The table of permissions: as printed in src/proto/README.md, and how it is read. */
#include "rules/role.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

enum { README_BYTES = 131072, ROW_BYTES = 256 };

static char readme[README_BYTES];
static const char heading[] = "\n## Who may do what\n",
                  head[] = "\n| --- | --- | --- | --- | --- | --- | --- | --- |\n";

static int read_readme(void **state)
{
    (void)state;
    FILE *f = fopen(SOURCE_DIR "/src/proto/README.md", "r");
    if (!f)
        return -1;
    size_t n = fread(readme, 1, sizeof readme - 1, f);
    fclose(f);
    return n > 0 && n < sizeof readme - 1 ? 0 : -1;
}

/* Where the rows begin and end. */
static const char *rows_of_readme(const char **end)
{
    const char *at = strstr(readme, heading);
    assert_non_null(at);
    at = strstr(at, head);
    assert_non_null(at);
    at += sizeof head - 1;
    *end = strstr(at, "\n\n");
    assert_non_null(*end);
    ++*end;
    return at;
}

static void add_cell(char row[ROW_BYTES], const char *text)
{
    size_t len = strlen(row);
    snprintf(row + len, ROW_BYTES - len, *text ? " %s |" : " |", text);
}

static const char *word_of(enum role role)
{
    return role == ROLE_NEVER ? "" : words_name(&words_role, (int)role);
}

static const char *scope_of(const struct permission *p)
{
    if (permission_needs_session(p))
        return p->scope == SCOPE_PASSWORD ? "password" : "session";
    return words_name(&words_scope, p->scope);
}

/* The row as it has to be printed. */
static void row_of(enum request_type type, char row[ROW_BYTES])
{
    const struct permission *p = permission_of(type);
    snprintf(row, ROW_BYTES, "| `%s` |", request_name(type));
    add_cell(row, word_of(p->anywhere));
    add_cell(row, word_of(p->as_member));
    add_cell(row, word_of(p->as_room_moderator));
    add_cell(row, word_of(p->for_oneself));
    add_cell(row, scope_of(p));
    add_cell(row, p->outranks ? "yes" : "");
    add_cell(row, p->audited ? "yes" : "");
    strcat(row, "\n");
}

static void each_request_is_printed(void **state)
{
    const char *end, *rows = rows_of_readme(&end);
    (void)state;
    for (int i = 0; i < REQUEST_TYPES; i++) {
        char row[ROW_BYTES];
        row_of((enum request_type)i, row);
        const char *found = strstr(rows, row);
        if (!found || found >= end)
            fail_msg("README.md lacks: %s", row);
    }
}

static void each_printed_row_is_a_request(void **state)
{
    const char *end, *at = rows_of_readme(&end);
    int n = 0;
    (void)state;
    for (; at < end; n++) {
        char row[ROW_BYTES];
        struct span name = {at + 3, strcspn(at + 3, "`")};
        size_t len = strcspn(at, "\n") + 1;
        int type = request_type_named(name);
        if (type < 0)
            fail_msg("no request: %.*s", (int)len, at);
        row_of((enum request_type)type, row);
        if (strlen(row) != len || strncmp(row, at, len) != 0)
            fail_msg("README.md: %.*scode: %s", (int)len, at, row);
        at += len;
    }
    assert_int_equal(n, REQUEST_TYPES);
}

/* Rules that the whole table keeps. */
static void the_table_is_sound(void **state)
{
    (void)state;
    for (int i = 0; i < REQUEST_TYPES; i++) {
        const struct permission *p = permission_of((enum request_type)i);
        bool asks = i >= REQUEST_PEOPLE || i == REQUEST_HISTORY;
        bool needs_admin = p->anywhere >= ROLE_ADMIN && p->anywhere != ROLE_NEVER && p->as_member == ROLE_NEVER &&
                           p->as_room_moderator == ROLE_NEVER && p->for_oneself == ROLE_NEVER;
        assert_true(p->anywhere != ROLE_NEVER || p->as_member != ROLE_NEVER);
        assert_true(needs_admin ? p->scope >= SCOPE_ADMIN : true);
        assert_true(asks ? !p->audited && !p->outranks && (needs_admin || p->scope == SCOPE_READ) : true);
        assert_true(p->outranks ? p->audited : true);
        assert_true(p->as_room_moderator == ROLE_NEVER || p->as_room_moderator == ROLE_MEMBER);
    }
}

static void standing_decides(void **state)
{
    static const struct {
        enum request_type type;
        struct standing s;
        enum err want;
        const char *why;
    } cases[] = {
#define ME(as, in) {ROLE_##as, ROOM_ROLE_##in, false, false, ROLE_VISITOR}
#define TO(as, in, whom)                                                                                               \
    {                                                                                                                  \
        ROLE_##as, ROOM_ROLE_##in, false, true, ROLE_##whom                                                            \
    }
#define SELF(as, in)                                                                                                   \
    {                                                                                                                  \
        ROLE_##as, ROOM_ROLE_##in, true, true, ROLE_##as                                                               \
    }
        {REQUEST_SEND, ME(VISITOR, MEMBER), OK, "a visitor in an open room"},
        {REQUEST_SEND, ME(OWNER, NONE), ERR_NOT_MEMBER, "an owner who has not joined"},
        {REQUEST_SEND, ME(MEMBER, NONE), ERR_NOT_MEMBER, "an account that has not joined"},
        {REQUEST_SEND, ME(MEMBER, MODERATOR), OK, "a moderator belongs to it too"},
        {REQUEST_CREATE_ROOM, ME(GUEST, NONE), ERR_FORBIDDEN, "no membership would help"},
        {REQUEST_CREATE_ROOM, ME(MEMBER, NONE), OK, "an account"},
        {REQUEST_EDIT_ROOM, ME(MEMBER, MEMBER), ERR_FORBIDDEN, "a member"},
        {REQUEST_EDIT_ROOM, ME(MEMBER, NONE), ERR_FORBIDDEN, "nor would a membership help"},
        {REQUEST_EDIT_ROOM, ME(MEMBER, MODERATOR), OK, "the room's moderator"},
        {REQUEST_EDIT_ROOM, ME(MODERATOR, NONE), OK, "the place's moderator"},
        {REQUEST_EDIT_ROOM, ME(SYSTEM, NONE), OK, "the command line"},
        {REQUEST_ADD_MEMBER, SELF(MEMBER, NONE), OK, "joining"},
        {REQUEST_ADD_MEMBER, SELF(GUEST, MEMBER), ERR_FORBIDDEN, "a guest joins nothing"},
        {REQUEST_ADD_MEMBER, TO(MEMBER, NONE, MEMBER), ERR_NOT_MEMBER, "somebody else, from outside"},
        {REQUEST_ADD_MEMBER, TO(MEMBER, MEMBER, OWNER), OK, "anybody, by a member"},
        {REQUEST_ADD_MEMBER, TO(ADMIN, NONE, MEMBER), OK, "by an admin from outside"},
        {REQUEST_REMOVE_MEMBER, SELF(MEMBER, MEMBER), OK, "leaving"},
        {REQUEST_REMOVE_MEMBER, TO(MEMBER, MEMBER, MEMBER), ERR_FORBIDDEN, "by a member"},
        {REQUEST_REMOVE_MEMBER, TO(MEMBER, MODERATOR, MEMBER), OK, "by the room's moderator"},
        {REQUEST_REMOVE_MEMBER, TO(MEMBER, MODERATOR, MODERATOR), ERR_FORBIDDEN, "who ranks like the place's"},
        {REQUEST_REMOVE_MEMBER, TO(MEMBER, MODERATOR, ADMIN), ERR_FORBIDDEN, "who ranks below an admin"},
        {REQUEST_REMOVE_MEMBER, TO(ADMIN, MODERATOR, MODERATOR), OK, "an admin does not rank lower for leading a room"},
        {REQUEST_REMOVE_MEMBER, TO(MODERATOR, NONE, MODERATOR), ERR_FORBIDDEN, "of the same role"},
        {REQUEST_REMOVE_MEMBER, SELF(MODERATOR, MEMBER), OK, "oneself is of the same role"},
        {REQUEST_SET_ROLE, TO(ADMIN, NONE, MODERATOR), OK, "a lower role"},
        {REQUEST_SET_ROLE, TO(ADMIN, NONE, ADMIN), ERR_FORBIDDEN, "the same role"},
        {REQUEST_SET_ROLE, TO(OWNER, NONE, OWNER), OK, "an owner outranks all"},
        {REQUEST_SET_ROLE, TO(SYSTEM, NONE, OWNER), OK, "so does the command line"},
        {REQUEST_SET_ROLE, TO(MODERATOR, NONE, MEMBER), ERR_FORBIDDEN, "not by a moderator"},
        {REQUEST_BAN, TO(MODERATOR, NONE, MEMBER), OK, "by a moderator"},
        {REQUEST_BAN, TO(MODERATOR, NONE, OWNER), ERR_FORBIDDEN, "not of an owner"},
        {REQUEST_READ, ME(GUEST, MEMBER), ERR_FORBIDDEN, "a guest has no position"},
        {REQUEST_READ, ME(MEMBER, NONE), ERR_NOT_MEMBER, "nor who is no member"},
        {REQUEST_BAN, {ROLE_MODERATOR, ROOM_ROLE_NONE, false, false, ROLE_OWNER}, OK, "of somebody without a role"},
        {REQUEST_CREATE_ROOM, ME(GUEST, MODERATOR), ERR_FORBIDDEN, "leading a room does not help where no room counts"},
        {REQUEST_SET_PLACE, ME(ADMIN, NONE), ERR_FORBIDDEN, "the place is the owners'"},
        {REQUEST_SET_PLACE, ME(OWNER, NONE), OK, "the place is the owners'"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum err e = permission_check(permission_of(cases[i].type), &cases[i].s);
        if (e != cases[i].want)
            fail_msg("%s, %s: %s", request_name(cases[i].type), cases[i].why, err_code(e));
    }
}

/* No verb is such that plain members use it on each other and have to outrank each other. */
static void a_member_ranks_by_its_role(void **state)
{
    static const struct permission p = {ROLE_NEVER, ROLE_GUEST, ROLE_NEVER, ROLE_NEVER, SCOPE_WRITE, true, true};
    static const struct standing lower = TO(MEMBER, MEMBER, GUEST), same = TO(MEMBER, MEMBER, MEMBER),
                                 leads = TO(MEMBER, MODERATOR, MEMBER);
    (void)state;
    assert_int_equal(permission_check(&p, &lower), OK);
    assert_int_equal(permission_check(&p, &same), ERR_FORBIDDEN);
    assert_int_equal(permission_check(&p, &leads), OK);
}

/* What reaches a closed room from outside is what manages it; nothing that reads or writes in it. */
static void admins_manage_from_outside(void **state)
{
    static const enum request_type manage[] = {
        REQUEST_RENAME_ROOM,    REQUEST_ARCHIVE_ROOM,  REQUEST_EDIT_ROOM, REQUEST_ADD_MEMBER, REQUEST_REMOVE_MEMBER,
        REQUEST_ANSWER_REQUEST, REQUEST_SET_ROOM_ROLE, REQUEST_MUTE,      REQUEST_DELETE,     REQUEST_REQUESTS};
    static const enum request_type read[] = {REQUEST_JOIN,   REQUEST_SEND,    REQUEST_HISTORY,
                                             REQUEST_TYPING, REQUEST_READ,    REQUEST_MARK_UNREAD,
                                             REQUEST_REPORT, REQUEST_MEMBERS, REQUEST_SET_MEMBERSHIP};
    (void)state;
    for (size_t i = 0; i < sizeof manage / sizeof *manage; i++)
        assert_true(permission_manages(permission_of(manage[i])));
    for (size_t i = 0; i < sizeof read / sizeof *read; i++)
        assert_false(permission_manages(permission_of(read[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_request_is_printed),    cmocka_unit_test(each_printed_row_is_a_request),
        cmocka_unit_test(the_table_is_sound),         cmocka_unit_test(standing_decides),
        cmocka_unit_test(a_member_ranks_by_its_role), cmocka_unit_test(admins_manage_from_outside),
    };
    return cmocka_run_group_tests(tests, read_readme, NULL);
}
