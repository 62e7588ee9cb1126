/* Every statement's plan is the one that its index line in src/store/sql promises. */
#include "fixture.h"
#include "store/connection.h"

/* Statements that read a whole table, and why that is right. */
static const struct {
    enum statement id;
    const char *why;
} scans[] = {
    {STATEMENT_rooms_all, "all rooms, once at start"},
    {STATEMENT_rooms_more_all, "all rooms, once at start"},
    {STATEMENT_memberships_all, "all memberships, once at start"},
    {STATEMENT_blocks_all, "all blocks, once at start"},
    {STATEMENT_messages_gone, "a partial index that holds nothing else, once at start"},
    {STATEMENT_bans_hiding, "all bans, once at start"},
    {STATEMENT_reports_count_each, "a partial index that holds nothing else, once at start"},
    {STATEMENT_join_requests_count_each, "all requests to join, once at start"},
    {STATEMENT_users_named, "all who keep a name, once after the rules for names have changed"},
    {STATEMENT_rooms_named, "all rooms that are named, once after the rules for names have changed"},
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
static void check_line(enum statement id, const char *line, char used[1024])
{
    const struct statement_source *s = &statement_sources[id];
    if (strstr(line, "TEMP B-TREE") || strstr(line, "AUTOMATIC"))
        fail_msg("%s sorts or builds an index: %s", s->name, line);
    /* A subquery stands as a line of its own for what is read once more as it comes out of it. */
    if (strncmp(line, "SCAN", 4) == 0 && strcmp(line, "SCAN CONSTANT ROW") != 0 &&
        strncmp(line, "SCAN (subquery", 14) != 0 && !may_scan(id))
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
        snprintf(used + end, 1024 - end, "%s%.*s", end ? "," : "", (int)len, name);
        return;
    }
    fail_msg("%s searches in an unknown way: %s", s->name, line);
}

static void check_plan(struct store *s, enum statement id)
{
    char sql[4096], used[1024] = "";
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
    static const char *const verbs[] = {"SELECT", "UPDATE", "INSERT", "DELETE"};
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (strncmp(sql, verbs[i], 6) == 0)
            return true;
    return false;
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

/* Some rows in every table: 200 users, half of them visitors, 200 rooms, and so on. */
static const char crowd[] =
    "CREATE TEMP TABLE n (i); WITH RECURSIVE t (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM t WHERE i < 200)"
    "INSERT INTO n SELECT i FROM t;"
    "INSERT INTO users (id, kind, name, name_fold, key, created_at, role)"
    "  SELECT i, iif(i % 2, 'visitor', 'account'), 'u' || i, 'u' || i, randomblob(16), 1, iif(i % 2, 'visitor', "
    "'member')"
    "  FROM n;"
    "INSERT INTO rooms (name, name_fold, created_at, kind, direct_key)"
    "  SELECT 'r' || i, 'r' || i, 1, 'direct', i || ',' || (i + 1) FROM n;"
    "INSERT INTO messages (room_id, seq, author_id, body, at, client_id) SELECT 1, 2 * i, i, 'x', 1, 'c' || i FROM n;"
    "INSERT INTO changes (room_id, seq, kind, actor_id, at) SELECT 1, 2 * i + 1, 'archived', i, 1 FROM n;"
    "INSERT INTO sessions (user_id, token_hash, device, address, created_at, seen_at, expires_at)"
    "  SELECT i % 20, randomblob(32), '', '', 1, 1, 1 FROM n;"
    "INSERT INTO tokens (user_id, name, scope, token_hash, created_at, expires_at)"
    "  SELECT i % 20, '', 'read', randomblob(32), 1, 1 FROM n;"
    "INSERT INTO resets SELECT randomblob(32), i, 0, 1, 1 FROM n;"
    "INSERT INTO recovery_codes SELECT i % 20, randomblob(32) FROM n;"
    "INSERT INTO avatars SELECT i, 'image/png', x'00' FROM n;"
    "INSERT INTO invites (code, created_by, created_at, expires_at, max_uses) SELECT 'c' || i, i, 1, 1, 1 FROM n;"
    "INSERT INTO invite_rooms SELECT i, 1 + i % 20 FROM n;"
    "INSERT INTO memberships (room_id, user_id, role, joined_at, joined_seq, read_seq, level)"
    "  SELECT 1 + i % 5, i, 'member', 1, 1, i, 'all' FROM n;"
    "INSERT INTO silences SELECT 1 + i % 5, i, 1 FROM n;"
    "INSERT INTO paces SELECT 1 + i % 5, i, 1 FROM n;"
    "INSERT INTO join_requests SELECT 1 + i % 5, i, i, '', i FROM n;"
    "INSERT INTO mentions SELECT i % 5, 1, 2 * i FROM n;"
    "INSERT INTO revoked_tokens SELECT randomblob(32), i FROM n;"
    "INSERT INTO bans SELECT i, 0, i, 0, '', i % 2, i FROM n;"
    "INSERT INTO blocks SELECT 1 + i % 5, i, 1 FROM n;"
    "INSERT INTO reports (room_id, seq, reporter_id, reason, at, handled_at) SELECT 1, 2 * i, i, '', 1, i % 2 FROM n;"
    "INSERT INTO audit (at, actor_id, verb, user_id, room_id, seq, address, detail)"
    "  SELECT 1, i % 2, 'ban', i % 2, i % 2, 0, '', '{}' FROM n;"
    "ANALYZE";

/* The same with statistics, should an operator run ANALYZE. */
static void and_after_analyze_too(void **state)
{
    struct fixture *f = *state;
    char out[4096];
    outside_exec(f->path, crowd);
    outside_query(f->path,
                  "SELECT group_concat(name) FROM sqlite_schema"
                  " WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT IN (SELECT tbl FROM sqlite_stat1)",
                  out);
    assert_string_equal(out, "NULL\n"); /* all are in it */
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
