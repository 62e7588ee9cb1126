/* Folds that other rules made are made anew, once. */
#include "chat/refold.h"
#include "store/membership.h"
#include "temporary.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char directory[64], path[96];
static struct store *store;
static struct name_rules *rules;

static int setup(void **state)
{
    struct store_error why;
    (void)state;
    if (!temporary_database(directory, path, "refold") || name_rules_open(&rules))
        return -1;
    struct store_options options = {.path = path};
    return store_open(&options, &store, &why) ? -1 : 0;
}

static int teardown(void **state)
{
    (void)state;
    store_close(store);
    name_rules_close(rules);
    unlink(path);
    return rmdir(directory);
}

static int64_t insert_kind(enum user_kind kind, const char *name, const char *fold, uint8_t key)
{
    int64_t id;
    struct user_row row = {.kind = kind, .name = span_of(name), .fold = span_of(fold), .key = {key}};
    assert_int_equal(store_begin(store), OK);
    assert_int_equal(users_insert(store, &row, &id), OK);
    assert_int_equal(name_rules_set(store, "0/old"), OK);
    assert_int_equal(store_commit(store), OK);
    return id;
}

static int64_t insert(const char *name, const char *fold, uint8_t key)
{
    return insert_kind(USER_GUEST, name, fold, key);
}

static void assert_fold(int64_t id, const char *want)
{
    struct user_row row;
    assert_int_equal(users_by_id(store, id, &row), OK);
    assert_true(span_equal(row.fold, span_of(want)));
}

static void old_folds_are_replaced(void **state)
{
    char version[NAME_RULES_VERSION_BYTES], fold[NAME_KEY_BYTES];
    (void)state;
    assert_int_equal(name_fold(rules, span_of("Anna"), fold), OK);
    int64_t id = insert("Anna", "something old", 1);
    assert_int_equal(refold_names(store, rules), OK);
    assert_fold(id, fold);
    assert_int_equal(name_rules_get(store, version), OK);
    assert_string_equal(version, name_key_version());
}

static void who_looks_alike_only_now_stays_as_he_is(void **state)
{
    char fold[NAME_KEY_BYTES];
    (void)state;
    assert_int_equal(name_fold(rules, span_of("Anna"), fold), OK);
    int64_t first = insert("Anna", "old a", 1), second = insert("ANNA", "old b", 2);
    assert_int_equal(refold_names(store, rules), OK);
    assert_fold(first, fold);
    assert_fold(second, "old b");
}

static void the_same_rules_change_nothing(void **state)
{
    (void)state;
    int64_t id = insert("Anna", "kept", 1);
    assert_int_equal(store_begin(store), OK);
    assert_int_equal(name_rules_set(store, name_key_version()), OK);
    assert_int_equal(store_commit(store), OK);
    assert_int_equal(refold_names(store, rules), OK);
    assert_fold(id, "kept");
}

static void find_room(void *ctx, const struct room_row *row)
{
    struct room_row *wanted = ctx;
    if (row->id == wanted->id)
        assert_true(span_equal(row->fold, wanted->fold));
}

/* The name of a direct conversation is made of ids, and so is its fold. */
static void a_direct_conversation_keeps_its_fold(void **state)
{
    (void)state;
    struct room_more_row row = {.name = span_of("#direct 1,7"),
                                .fold = span_of("#direct 1,7"),
                                .kind = ROOM_DIRECT,
                                .direct_key = span_of("1,7")};
    insert("Anna", "something old", 1);
    assert_int_equal(store_begin(store), OK);
    struct room_row wanted = {.fold = row.fold};
    assert_int_equal(rooms_more_insert(store, &row, &wanted.id), OK);
    row = (struct room_more_row){.name = span_of("Lounge"), .fold = span_of("old fold")};
    char fold[NAME_KEY_BYTES];
    assert_int_equal(name_fold(rules, row.name, fold), OK);
    struct room_row lounge = {.fold = span_of(fold)};
    assert_int_equal(rooms_more_insert(store, &row, &lounge.id), OK);
    assert_int_equal(store_commit(store), OK);
    assert_int_equal(refold_names(store, rules), OK);
    assert_int_equal(rooms_each(store, find_room, &wanted), OK);
    assert_int_equal(rooms_each(store, find_room, &lounge), OK);
}

static void accounts_are_no_different(void **state)
{
    char fold[NAME_KEY_BYTES];
    (void)state;
    assert_int_equal(name_fold(rules, span_of("anna.berg"), fold), OK);
    int64_t id = insert_kind(USER_ACCOUNT, "anna.berg", "something old", 1);
    assert_int_equal(refold_names(store, rules), OK);
    assert_fold(id, fold);
}

/* A direct conversation is found by whom it is between: its name is for nobody. */
static void direct_conversations_are_left_alone(void **state)
{
    char fold[NAME_KEY_BYTES];
    int64_t direct, open;
    struct room_more_row row = {.name = span_of("#direct 1,2"),
                                .fold = span_of("#direct 1,2"),
                                .kind = ROOM_DIRECT,
                                .direct_key = span_of("1,2")};
    (void)state;
    assert_int_equal(store_begin(store), OK);
    assert_int_equal(name_rules_set(store, "0/old"), OK);
    assert_int_equal(rooms_more_insert(store, &row, &direct), OK);
    row = (struct room_more_row){.name = span_of("Garden"), .fold = span_of("something old")};
    assert_int_equal(rooms_more_insert(store, &row, &open), OK);
    assert_int_equal(store_commit(store), OK);
    assert_int_equal(refold_names(store, rules), OK);
    assert_int_equal(rooms_more_by_id(store, direct, &row), OK);
    assert_true(span_equal(row.fold, span_of("#direct 1,2")));
    assert_int_equal(name_fold(rules, span_of("Garden"), fold), OK);
    assert_int_equal(rooms_more_by_id(store, open, &row), OK);
    assert_true(span_equal(row.fold, span_of(fold)));
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(old_folds_are_replaced),
        WITH_STORE(who_looks_alike_only_now_stays_as_he_is),
        WITH_STORE(the_same_rules_change_nothing),
        WITH_STORE(accounts_are_no_different),
        WITH_STORE(direct_conversations_are_left_alone),
        WITH_STORE(a_direct_conversation_keeps_its_fold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
