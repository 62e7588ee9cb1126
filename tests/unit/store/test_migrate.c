#include "base/hash.h"
#include "base/name.h"
#include "migrating.h"

/* What a file holds, as a hash; all zero when it is empty or not there: a reader leaves an empty WAL. */
static void digest(const char *path, const char *suffix, uint8_t out[HASH_BYTES])
{
    static char bytes[1 << 20];
    char name[128];
    snprintf(name, sizeof name, "%s%s", path, suffix);
    memset(out, 0, HASH_BYTES);
    FILE *file = fopen(name, "rb");
    if (!file)
        return;
    size_t len = fread(bytes, 1, sizeof bytes, file);
    assert_true(len < sizeof bytes);
    fclose(file);
    if (len)
        hash_sha256((struct span){bytes, len}, out);
}

static void assert_refused(const char *path, enum err wanted, const char *word)
{
    uint8_t db_before[HASH_BYTES], wal_before[HASH_BYTES], db_after[HASH_BYTES], wal_after[HASH_BYTES];
    struct store *s = NULL;
    struct store_error why = {""};
    digest(path, "", db_before);
    digest(path, "-wal", wal_before);
    for (int read_only = 0; read_only < 2; read_only++) {
        const struct store_options options = {.path = path, .read_only = read_only};
        assert_int_equal(store_open(&options, &s, &why), wanted);
        assert_null(s);
        assert_non_null(strstr(why.text, path));
        if (!strstr(why.text, word))
            fail_msg("no %s in: %s", word, why.text);
        assert_null(strchr(why.text, '\n'));
    }
    digest(path, "", db_after);
    digest(path, "-wal", wal_after);
    assert_memory_equal(db_before, db_after, HASH_BYTES);
    assert_memory_equal(wal_before, wal_after, HASH_BYTES);
}

static void a_new_database_gets_every_migration(void **state)
{
    struct fixture *f = *state;
    char out[4096], wanted[4096] = "";
    for (size_t i = 0; i < migrations_count; i++) {
        size_t len = strlen(wanted);
        snprintf(wanted + len, sizeof wanted - len, "%zu|%s|%s\n", i + 1, migrations[i].name, migrations[i].checksum);
    }
    assert_string_equal(outside_query(f->path, "SELECT version, name, checksum FROM schema_migrations", out), wanted);
    outside_query(f->path,
                  "SELECT min(applied_at) > 1700000000000 AND max(applied_at) % 1000 = 0 FROM schema_migrations", out);
    assert_string_equal(out, "1\n");
}

static void the_checksum_is_that_of_the_file(void **state)
{
    (void)state;
    for (size_t i = 0; i < migrations_count; i++) {
        char path[512], hex[2 * HASH_BYTES + 1];
        uint8_t hash[HASH_BYTES];
        snprintf(path, sizeof path, "%s/migrations/%s.sql", SOURCE_DIR, migrations[i].name);
        digest(path, "", hash);
        for (int b = 0; b < HASH_BYTES; b++)
            snprintf(hex + 2 * b, 3, "%02x", hash[b]);
        assert_string_equal(migrations[i].checksum, hex);
        assert_int_equal(migrations[i].version, i + 1);
    }
}

static void opening_again_applies_nothing(void **state)
{
    struct fixture *f = *state;
    char out[4096];
    outside_exec(f->path, "UPDATE schema_migrations SET applied_at = 5");
    fixture_reopen(f);
    assert_string_equal(outside_query(f->path, "SELECT DISTINCT applied_at FROM schema_migrations", out), "5\n");
}

static void refusals(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        enum err want;
        const char *word;
    } cases[] = {
        {"INSERT INTO schema_migrations VALUES (9999, '9999_later', 'x', 0)", ERR_NEWER, "newer"},
        {"UPDATE schema_migrations SET checksum = 'x' WHERE version = 1", ERR_CORRUPT, "differs"},
        {"UPDATE schema_migrations SET name = '0001_other' WHERE version = 1", ERR_CORRUPT, "differs"},
        {"UPDATE schema_migrations SET version = 0 WHERE version = 1", ERR_CORRUPT, "leaves out"},
        {"DROP TABLE schema_migrations", ERR_CORRUPT, "another program"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fixture f;
        fixture_dir(&f);
        fixture_reopen(&f);
        store_close(f.s);
        outside_exec(f.path, cases[i].sql);
        assert_refused(f.path, cases[i].want, cases[i].word);
        fixture_remove(&f);
    }
}

static void copy_file(const char *from, const char *to, const char *suffix)
{
    char command[512];
    snprintf(command, sizeof command, "cp %s%s %s%s", from, suffix, to, suffix);
    assert_int_equal(system(command), 0);
}

/* The newer program was killed: what makes the database newer is still in the WAL, and must stay there. */
static void a_newer_database_that_was_not_closed(void **state)
{
    struct fixture *f = *state, copy;
    fixture_dir(&copy);
    outside_exec(f->path, "INSERT INTO schema_migrations VALUES (9999, '9999_later', 'x', 0)");
    assert_true(store_wal_bytes(f->s) > 0);
    copy_file(f->path, copy.path, "");
    copy_file(f->path, copy.path, "-wal");
    assert_refused(copy.path, ERR_NEWER, "newer");
    fixture_remove(&copy);
}

static void what_is_no_database_of_ours(void **state)
{
    (void)state;
    struct fixture f;
    fixture_dir(&f);
    outside_exec(f.path, "CREATE TABLE t (x)");
    assert_refused(f.path, ERR_CORRUPT, "another program");
    FILE *file = fopen(f.path, "wb");
    assert_non_null(file);
    for (int i = 0; i < 2000; i++)
        fputs("not a database\n", file);
    fclose(file);
    assert_refused(f.path, ERR_CORRUPT, "not a database");
    fixture_remove(&f);
}

static void a_reader_does_not_migrate(void **state)
{
    (void)state;
    struct fixture f;
    struct store *s = NULL;
    struct store_error why = {""};
    fixture_dir(&f);
    assert_int_equal(store_open(&(struct store_options){.path = f.path, .read_only = true}, &s, &why), ERR_IO);
    outside_exec(f.path, "PRAGMA user_version = 0"); /* makes an empty database */
    assert_int_equal(store_open(&(struct store_options){.path = f.path, .read_only = true}, &s, &why), ERR_IO);
    assert_non_null(strstr(why.text, "up to date"));
    fixture_remove(&f);
}

/* A chain of its own: the first makes the table that all are recorded in. */
static const struct migration chain[] = {
    {1, "0001_one", "a", "CREATE TABLE schema_migrations (version, name, checksum, applied_at); CREATE TABLE one (x);",
     "one", ""},
    {2, "0002_two", "b", "CREATE TABLE two (x); INSERT INTO two VALUES (2);", "two", ""},
    {3, "0003_three", "c", "CREATE TABLE three (x);", "three", ""},
};
static const struct migration broken_second[] = {
    {1, "0001_one", "a", "CREATE TABLE schema_migrations (version, name, checksum, applied_at); CREATE TABLE one (x);",
     "one", ""},
    {2, "0002_two", "b", "CREATE TABLE two (x); INSERT INTO nowhere VALUES (2);", "two", ""},
    {3, "0003_three", "c", "CREATE TABLE three (x);", "three", ""},
};

static void assert_tables(const char *path, const char *wanted)
{
    char out[4096];
    outside_query(path,
                  "SELECT group_concat(name) FROM (SELECT name FROM sqlite_schema WHERE name <> 'schema_migrations' "
                  "ORDER BY name)",
                  out);
    assert_string_equal(out, wanted);
}

static void a_chain_is_applied_step_by_step(void **state)
{
    (void)state;
    struct fixture f;
    char out[4096];
    fixture_dir(&f);
    assert_int_equal(migrate(f.path, chain, 1), OK);
    assert_tables(f.path, "one\n");
    assert_int_equal(migrate(f.path, broken_second, 3), ERR_STORAGE);
    assert_tables(f.path, "one\n"); /* nothing is left of the second, and the third was not tried */
    assert_string_equal(outside_query(f.path, "SELECT count(*) FROM schema_migrations", out), "1\n");
    assert_int_equal(migrate(f.path, chain, 3), OK);
    assert_tables(f.path, "one,three,two\n");
    assert_string_equal(outside_query(f.path, "SELECT * FROM two", out), "2\n"); /* once */
    assert_int_equal(migrate(f.path, chain, 3), OK);
    assert_string_equal(outside_query(f.path, "SELECT * FROM two", out), "2\n");
    assert_int_equal(migrate(f.path, chain, 2), ERR_NEWER);
    outside_exec(f.path, "DELETE FROM schema_migrations WHERE version = 2");
    assert_int_equal(migrate(f.path, chain, 3), ERR_CORRUPT); /* a hole */
    fixture_remove(&f);
}

static void assert_checked(const char *path, const struct migration *list, enum err want)
{
    assert_int_equal(migrate(path, list, 2), want);
}

/* A migration that was reworded takes what the earlier wordings did for its own, and nothing else. */
static void an_earlier_wording_counts(void **state)
{
    (void)state;
    struct fixture f;
    struct migration reworded[2] = {chain[0], chain[1]};
    fixture_dir(&f);
    assert_checked(f.path, chain, OK);
    reworded[1].checksum = "z";
    assert_checked(f.path, reworded, ERR_CORRUPT);
    reworded[1].earlier = "x y b ";
    assert_checked(f.path, reworded, OK);
    assert_tables(f.path, "one,two\n"); /* it was not applied again */
    reworded[1].earlier = "x y ";
    assert_checked(f.path, reworded, ERR_CORRUPT);
    fixture_remove(&f);
}

static void the_first_names_are_folded_as_name_fold_does(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *name, *sql;
    } cases[] = {
        {"admin", "SELECT name, name_fold FROM users WHERE id = 0"},
        {"lobby", "SELECT name, name_fold FROM rooms WHERE id = 1"},
    };
    struct name_rules *rules;
    assert_int_equal(name_rules_open(&rules), OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char key[NAME_KEY_BYTES], wanted[2 * NAME_KEY_BYTES], out[4096];
        assert_int_equal(name_fold(rules, span_of(cases[i].name), key), OK);
        snprintf(wanted, sizeof wanted, "%s|%s\n", cases[i].name, key);
        assert_string_equal(outside_query(f->path, cases[i].sql, out), wanted);
    }
    name_rules_close(rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_database_gets_every_migration, fixture_setup, fixture_teardown),
        cmocka_unit_test(the_checksum_is_that_of_the_file),
        cmocka_unit_test_setup_teardown(opening_again_applies_nothing, fixture_setup, fixture_teardown),
        cmocka_unit_test(refusals),
        cmocka_unit_test_setup_teardown(a_newer_database_that_was_not_closed, fixture_setup, fixture_teardown),
        cmocka_unit_test(what_is_no_database_of_ours),
        cmocka_unit_test(a_reader_does_not_migrate),
        cmocka_unit_test(a_chain_is_applied_step_by_step),
        cmocka_unit_test(an_earlier_wording_counts),
        cmocka_unit_test_setup_teardown(the_first_names_are_folded_as_name_fold_does, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
