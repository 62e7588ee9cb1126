/* Every statement's plan is the one that its index line in src/store/sql promises. */
#include "fixture.h"
#include "store/connection.h"

/* Statements that read a whole table, and why that is right. */
static const struct {
    enum statement id;
    const char *why;
} scans[] = {
    {STATEMENT_rooms_all, "all rooms, once at start"},
    {STATEMENT_users_named, "all who keep a name, once after the rules for names have changed"},
    {STATEMENT_migrations_all, "all migrations, once at start"},
    {STATEMENT_schema_tables, "sqlite_schema, once at start"},
};

static bool may_scan(enum statement id)
{
    for (size_t i = 0; i < sizeof scans / sizeof scans[0]; i++)
        if (scans[i].id == id)
            return true;
    return false;
}

static bool is_listed(const char *list, const char *name, size_t len)
{
    for (const char *p = list; p; p = strchr(p, ',')) {
        p += strspn(p, ", ");
        if (strncmp(p, name, len) == 0 && (p[len] == ',' || p[len] == 0))
            return true;
    }
    return false;
}

/* Looks at one line of a plan; what it searches by is added to `used`. */
static void check_line(enum statement id, const char *line, char used[512])
{
    const struct statement_source *s = &statement_sources[id];
    if (strstr(line, "TEMP B-TREE") || strstr(line, "AUTOMATIC"))
        fail_msg("%s sorts or builds an index: %s", s->name, line);
    if (strncmp(line, "SCAN", 4) == 0 && strcmp(line, "SCAN CONSTANT ROW") != 0 && !may_scan(id))
        fail_msg("%s reads a whole table: %s", s->name, line);
    if (strncmp(line, "SEARCH", 6) != 0)
        return;

    static const char *const marks[][2] = {
        {"USING INTEGER PRIMARY KEY", "rowid"},
        {"USING PRIMARY KEY", "primary key"},
        {"USING COVERING INDEX ", NULL},
        {"USING INDEX ", NULL},
    };
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        const char *at = strstr(line, marks[i][0]);
        if (!at)
            continue;
        const char *name = marks[i][1] ? marks[i][1] : at + strlen(marks[i][0]);
        size_t len = marks[i][1] ? strlen(name) : strcspn(name, " ");
        if (!is_listed(s->index, name, len))
            fail_msg("%s searches by %.*s, its index line says %s", s->name, (int)len, name, s->index);
        size_t end = strlen(used);
        snprintf(used + end, 512 - end, "%s%.*s", end ? "," : "", (int)len, name);
        return;
    }
    fail_msg("%s searches in an unknown way: %s", s->name, line);
}

static void check_plan(struct store *s, enum statement id)
{
    char sql[2048], used[512] = "";
    sqlite3_stmt *st;
    assert_non_null(statement_use(s, id)); /* it can be prepared at all */
    snprintf(sql, sizeof sql, "EXPLAIN QUERY PLAN %s", statement_sources[id].sql);
    if (sqlite3_prepare_v2(s->db, sql, -1, &st, NULL) != SQLITE_OK)
        fail_msg("%s: %s", statement_sources[id].name, sqlite3_errmsg(s->db));
    while (sqlite3_step(st) == SQLITE_ROW)
        check_line(id, (const char *)sqlite3_column_text(st, 3), used);
    sqlite3_finalize(st);

    const char *list = statement_sources[id].index;
    if (strncmp(list, "none", 4) == 0) {
        assert_string_equal(used, "");
        return;
    }
    for (const char *p = list; *p;) {
        size_t len = strcspn(p, ",");
        if (!is_listed(used, p, len))
            fail_msg("%s does not search by %.*s", statement_sources[id].name, (int)len, p);
        p += len;
        p += strspn(p, ", ");
    }
}

static bool is_query(enum statement id)
{
    const char *sql = statement_sources[id].sql;
    return strncmp(sql, "SELECT", 6) == 0 || strncmp(sql, "UPDATE", 6) == 0 || strncmp(sql, "INSERT", 6) == 0;
}

static void every_plan_is_as_its_index_line_says(void **state)
{
    struct fixture *f = *state;
    int checked = 0;
    for (int id = 0; id < STATEMENT_COUNT; id++) {
        if (!is_query((enum statement)id))
            continue;
        check_plan(f->s, (enum statement)id);
        checked++;
    }
    assert_int_equal(checked, STATEMENT_COUNT - 6); /* all but two BEGIN, COMMIT, ROLLBACK and two PRAGMA */
}

/* The same with statistics, should an operator run ANALYZE. */
static void and_after_analyze_too(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(store_begin(f->s), OK);
    for (int64_t i = 1; i <= 200; i++) {
        char name[16];
        snprintf(name, sizeof name, "u%d", (int)i);
        struct user_row u = {.kind = USER_GUEST, .name = span_of(name), .fold = span_of(name), .key = {1, (uint8_t)i}};
        struct message_row m = {.room_id = 1, .seq = 2 * i, .body = SPAN("x"), .client_id = span_of(name)};
        struct change_row c = {.room_id = 1, .seq = 2 * i + 1, .kind = CHANGE_ARCHIVED, .data = SPAN("{}")};
        assert_int_equal(users_insert(f->s, &u, &m.author_id), OK);
        assert_int_equal(messages_insert(f->s, &m), OK);
        assert_int_equal(changes_insert(f->s, &c), OK);
    }
    assert_int_equal(store_commit(f->s), OK);
    outside_exec(f->path, "ANALYZE");
    fixture_reopen(f);
    every_plan_is_as_its_index_line_says(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_plan_is_as_its_index_line_says, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(and_after_analyze_too, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
