/* people.h - a place with a database and apply, for the tests of the verbs about people: commands are run one by one,
 * each in a transaction of its own, and a refusal has to leave the database as it was. */
#ifndef HUBBUB_TESTS_APPLY_PEOPLE_H
#define HUBBUB_TESTS_APPLY_PEOPLE_H

#include "apply/apply_internal.h"
#include "base/diag.h"
#include "store/moderation.h"
#include "temporary.h"
#include "unit.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WITH_PEOPLE(test) cmocka_unit_test_setup_teardown(test, people_setup, people_teardown)

static const int64_t hour_ms = 3600 * 1000;

static struct {
    char dir[64], path[96];
    struct store *store;
    struct apply *apply;
    sqlite3 *outside;
    int64_t now_ms;
    struct outcome out; /* of the last command */
} people;

static inline int people_setup(void **state)
{
    struct store_error why;
    (void)state;
    diag_open(NULL, DIAG_WARN);
    memset(&people, 0, sizeof people);
    people.now_ms = INT64_C(1790000000000);
    if (!temporary_database(people.dir, people.path, "people"))
        return -1;
    struct store_options options = {.path = people.path};
    if (store_open(&options, &people.store, &why) || apply_open(people.store, &people.apply))
        return -1;
    return sqlite3_open(people.path, &people.outside) == SQLITE_OK ? 0 : -1;
}

static inline int people_teardown(void **state)
{
    (void)state;
    outcome_clear(&people.out);
    sqlite3_close(people.outside);
    apply_close(people.apply);
    store_close(people.store);
    return temporary_remove(people.dir, people.path);
}

/* A number from the database, as somebody else sees it. */
static inline int64_t people_query(const char *sql)
{
    sqlite3_stmt *st;
    assert_int_equal(sqlite3_prepare_v2(people.outside, sql, -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    return n;
}

/* A text from the database; "" when there is no row. */
static inline const char *people_text(const char *sql)
{
    static char text[512];
    sqlite3_stmt *st;
    text[0] = 0;
    assert_int_equal(sqlite3_prepare_v2(people.outside, sql, -1, &st, NULL), SQLITE_OK);
    if (sqlite3_step(st) == SQLITE_ROW)
        snprintf(text, sizeof text, "%s", (const char *)sqlite3_column_text(st, 0));
    sqlite3_finalize(st);
    return text;
}

/* Through the bytes of the log, as everything goes. */
static inline enum err run(const struct command *c)
{
    struct buf bytes = BUF_INIT;
    struct command read;
    struct command at = *c;
    at.at_ms = people.now_ms;
    command_write(&bytes, &at);
    assert_int_equal(command_read(buf_span(&bytes), &read), OK);
    outcome_clear(&people.out);
    const int64_t before = people_query("PRAGMA data_version");
    assert_int_equal(store_begin(people.store), OK);
    assert_int_equal(apply_command(people.apply, people.store, &read, &people.out), OK);
    assert_int_equal(apply_before_commit(people.apply, people.store), OK);
    assert_int_equal(store_commit(people.store), OK);
    apply_after_commit(people.apply, true);
    const int64_t after = people_query("PRAGMA data_version"); /* another one when anything has changed */
    if (people.out.result || people.out.duplicate) {
        assert_int_equal(people.out.effect_count, 0);
        assert_int_equal(after, before);
    } else {
        assert_int_not_equal(after, before);
    }
    buf_release(&bytes);
    return people.out.result;
}

static inline void run_ok(const struct command *c)
{
    enum err e = run(c);
    if (e)
        fail_msg("refused: %s (%s)", err_code(e), people.out.why ? people.out.why : "");
}

/* The first effect of this kind of the last command; NULL: none. */
static inline const struct effect *effect_of(enum effect_kind kind)
{
    for (size_t i = 0; i < people.out.effect_count; i++)
        if (outcome_effect(&people.out, i)->kind == kind)
            return outcome_effect(&people.out, i);
    return NULL;
}

static inline size_t effect_place(enum effect_kind kind)
{
    size_t i = 0;
    while (i < people.out.effect_count && outcome_effect(&people.out, i)->kind != kind)
        i++;
    return i;
}

static inline struct command by(int64_t user_id, enum command_kind kind)
{
    return (struct command){.kind = kind,
                            .actor = user_id ? COMMAND_ACTOR_ACCOUNT : COMMAND_ACTOR_SYSTEM,
                            .actor_id = user_id,
                            .actor_name = span_of("somebody")};
}

static inline struct command about(int64_t actor_id, enum command_kind kind, int64_t user_id)
{
    struct command c = by(actor_id, kind);
    fields_set(&c.f, F_USER, user_id);
    return c;
}

static inline struct command newcomer(enum command_kind kind, const char *name)
{
    struct command c = {.kind = kind,
                        .actor = COMMAND_ACTOR_VISITOR,
                        .actor_name = span_of(name),
                        .name = span_of(name),
                        .fold = span_of(name)};
    snprintf((char *)c.actor_key, sizeof c.actor_key, "%s", name);
    fields_set_text(&c.f, F_PASSWORD, span_of("$argon2id$of-anybody"));
    return c;
}

/* Who sets the place up. */
static inline int64_t owner(void)
{
    struct command c = newcomer(COMMAND_SET_UP, "olga");
    fields_set_text(&c.f, F_NAME, span_of("Garden Club"));
    run_ok(&c);
    return people.out.user_id;
}

static inline int64_t guest(const char *name)
{
    struct command c = newcomer(COMMAND_GUEST_REGISTER, name);
    c.actor = COMMAND_ACTOR_GUEST;
    run_ok(&c);
    return people.out.user_id;
}

/* An account with a role, which the command line has given. */
static inline int64_t account(const char *name, enum role role)
{
    struct command c = newcomer(COMMAND_SIGN_UP, name);
    run_ok(&c);
    int64_t id = people.out.user_id;
    if (role != ROLE_MEMBER) {
        struct command promote = about(0, COMMAND_SET_ROLE, id);
        fields_set(&promote.f, F_ROLE, role);
        run_ok(&promote);
    }
    return id;
}

static inline int64_t room(const char *name, enum room_kind kind)
{
    struct command c = by(0, COMMAND_ROOM_CREATE);
    c.name = c.fold = span_of(name);
    fields_set(&c.f, F_KIND, kind);
    run_ok(&c);
    return people.out.room_id;
}

/* 32 bytes that differ from others'. `bytes` lives as long as the command. */
static inline struct span hash_of(uint8_t bytes[32], int n)
{
    memset(bytes, 0, 32);
    memcpy(bytes, &n, sizeof n);
    return (struct span){(const char *)bytes, 32};
}

/* Starts their session whose token has the hash number n. */
static inline struct command session_start(int64_t user, uint8_t hash[32], int n)
{
    struct command c = by(user, COMMAND_SESSION_START);
    fields_set_text(&c.f, F_HASH, hash_of(hash, n));
    fields_set_text(&c.f, F_DEVICE, span_of("a browser"));
    fields_set_text(&c.f, F_ADDRESS, span_of("192.0.2.7"));
    fields_set(&c.f, F_EXPIRES, people.now_ms + 24 * hour_ms);
    return c;
}

#endif
