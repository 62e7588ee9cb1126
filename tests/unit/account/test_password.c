/* password: which are good enough, the table of common ones, and the pool: right, wrong, nobody's, and too many. */
#include "account/common_passwords.h"
#include "account/password.h"
#include "base/env.h"
#include "base/secret.h"
#include "unit.h"

#include <ctype.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

static struct metrics metrics;

#define X256                                                                                                           \
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"                                                 \
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"                                                 \
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"                                                 \
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static const struct {
    const char *password, *word; /* of the sentence that says why not; NULL: fine */
    const char *why;
} cases[] = {
    {"correct horse", NULL, "words"},
    {"cactus-9 x", NULL, "ten characters"},
    {"cactus-9x", "10 characters", "nine"},
    {"", "10 characters", "none"},
    {"\u00E4\u00F6\u00FC\u00DF\u00E4\u00F6\u00FC\u00DF\u00E4\u00F6", NULL, "ten letters in twenty bytes"},
    {"\u00E4\u00F6\u00FC\u00DF\u00E4\u00F6\u00FC\u00DF\u00E4", "10 characters", "nine letters in eighteen bytes"},
    {"anna.gardener", "username", "the name"},
    {"Anna.GARDENER", "username", "the name in another case"},
    {"anna.gardener1", NULL, "the name and more"},
    {"anna\uff0egardener", "username", "the name in full width"},
    {"\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19\uff10", "too common", "a common one in full width"},
    {"e\u0301e\u0301e\u0301e\u0301e\u0301", "10 characters", "five letters with an accent each"},
    {"my cat is a \tby", "control characters", "of RFC 8265"},
    {"1234567890", "too common", "first of the long ones"},
    {"qwertyuiop", "too common", "a row of keys"},
    {"QwertyUiop", "too common", "in another case"},
    {"password123", "too common", "with digits"},
    {"password1234567", NULL, "longer than those"},
    {"\xff\xfe"
     "0123456789",
     "UTF-8", "no text"},
    {X256 X256 X256 X256, NULL, "1024 bytes"},
    {X256 X256 X256 X256 "x", "too long", "1025 bytes"},
};

static void rules(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *why = NULL;
        enum err e = password_check(span_of(cases[i].password), span_of("anna.gardener"), &why);
        if (e != (cases[i].word ? ERR_INVALID : OK) || (cases[i].word && !strstr(why, cases[i].word)))
            fail_msg("%s: %s", cases[i].why, why ? why : "fine");
    }
}

/* Bisection needs the order; and each has to be found. */
static void the_table_is_sorted_and_found(void **state)
{
    (void)state;
    char shouted[64];
    const char *why;
    assert_true(common_passwords_count > 1000);
    for (size_t i = 0; i < common_passwords_count; i++) {
        const char *p = common_passwords[i];
        assert_true(strlen(p) >= PASSWORD_MIN && strlen(p) < sizeof shouted);
        if (i && strcmp(common_passwords[i - 1], p) >= 0)
            fail_msg("%s stands before %s", common_passwords[i - 1], p);
        size_t len = 0;
        for (; p[len]; len++)
            shouted[len] = (char)toupper((unsigned char)p[len]);
        assert_int_equal(password_check((struct span){shouted, len}, span_of("anna"), &why), ERR_INVALID);
    }
}

/* ------------------------------------------------------------------ the pool */

static void right_wrong_and_nobodys(void **state)
{
    (void)state;
    struct password_pool *p;
    char hash[PASSWORD_HASH_BYTES], again[PASSWORD_HASH_BYTES];
    assert_int_equal(password_pool_start(1, &metrics, &p), OK);
    const int64_t before = metric_get(&metrics.password_hashes_total);
    assert_int_equal(password_hash(p, (struct span){NULL, 0}, span_of("correct horse"), hash), OK);
    assert_int_equal(strncmp(hash, "$argon2id$", 10), 0);
    assert_int_equal(password_hash(p, (struct span){NULL, 0}, span_of("correct horse"), again), OK);
    assert_string_not_equal(hash, again); /* each has its own salt */
    assert_int_equal(password_verify(p, (struct span){NULL, 0}, span_of("correct horse"), span_of(hash), NULL), OK);
    assert_int_equal(password_verify(p, (struct span){NULL, 0}, span_of("correct house"), span_of(hash), NULL),
                     ERR_WRONG_PASSWORD);
    assert_int_equal(password_verify(p, (struct span){NULL, 0}, span_of(""), span_of(hash), NULL), ERR_WRONG_PASSWORD);
    assert_int_equal(password_verify(p, (struct span){NULL, 0}, span_of("correct horse"), (struct span){NULL, 0}, NULL),
                     ERR_WRONG_PASSWORD);
    assert_int_equal(password_verify(p, (struct span){NULL, 0}, span_of("x"), span_of("not a hash"), NULL),
                     ERR_WRONG_PASSWORD);
    assert_int_equal(metric_get(&metrics.password_hashes_total) - before, 7);
    assert_int_equal(metric_get(&metrics.password_us.count), metric_get(&metrics.password_hashes_total));
    password_pool_stop(p);
    password_pool_stop(NULL);
}

static int64_t us_of(struct password_pool *p, struct span hash)
{
    const int64_t began = env_mono_ns(env_system());
    assert_int_equal(password_verify(p, (struct span){NULL, 0}, span_of("a wrong guess"), hash, NULL),
                     ERR_WRONG_PASSWORD);
    return (env_mono_ns(env_system()) - began) / 1000;
}

static bool are_alike(const int64_t best[2])
{
    return best[1] > best[0] / 2 && best[1] < best[0] * 2;
}

/* Whether there is such an account is not to be read from the time: compared by the best of a few, and of more where
 * the machine does other things too. */
#define COMPOSED   "cr\u00e8me br\u00fbl\u00e9e"
#define DECOMPOSED "cre\u0300me bru\u0302le\u0301e"

static void the_form_that_was_typed_does_not_matter(void **state)
{
    (void)state;
    struct password_pool *p;
    char hash[PASSWORD_HASH_BYTES], old[PASSWORD_HASH_BYTES];
    bool is_old = true;
    assert_int_equal(password_pool_start(1, &metrics, &p), OK);
    assert_int_equal(password_hash(p, (struct span){NULL, 0}, span_of(DECOMPOSED), hash), OK);
    assert_int_equal(password_verify(p, (struct span){NULL, 0}, span_of(COMPOSED), span_of(hash), &is_old), OK);
    assert_false(is_old);
    assert_int_equal(password_verify(p, (struct span){NULL, 0}, span_of(DECOMPOSED), span_of(hash), &is_old), OK);
    assert_false(is_old);
    assert_int_equal(password_verify(p, (struct span){NULL, 0}, span_of("creme brulee"), span_of(hash), &is_old),
                     ERR_WRONG_PASSWORD);
    /* One from before there was the one form. */
    assert_int_equal(secret_hash_password(span_of(DECOMPOSED), old), OK);
    assert_int_equal(password_verify(p, (struct span){NULL, 0}, span_of(DECOMPOSED), span_of(old), &is_old), OK);
    assert_true(is_old);
    assert_int_equal(password_verify(p, (struct span){NULL, 0}, span_of(COMPOSED), span_of(old), &is_old),
                     ERR_WRONG_PASSWORD);
    assert_false(is_old);
    password_pool_stop(p);
}

static void nobody_takes_as_long_as_somebody(void **state)
{
    (void)state;
    struct password_pool *p;
    char hash[PASSWORD_HASH_BYTES];
    int64_t best[2] = {INT64_MAX, INT64_MAX};
    assert_int_equal(password_pool_start(1, &metrics, &p), OK);
    assert_int_equal(password_hash(p, (struct span){NULL, 0}, span_of("correct horse"), hash), OK);
    for (int i = 0; i < 5 || (i < 50 && !are_alike(best)); i++) {
        const int64_t somebodys = us_of(p, span_of(hash)), nobodys = us_of(p, (struct span){NULL, 0});
        best[0] = somebodys < best[0] ? somebodys : best[0];
        best[1] = nobodys < best[1] ? nobodys : best[1];
    }
    password_pool_stop(p);
    assert_true(are_alike(best));
}

enum { WAVE = 40, THREADS = 2 };

struct guess {
    pthread_t thread;
    struct password_pool *pool;
    pthread_barrier_t *start;
    const char *address;
    atomic_bool over;
    enum err result;
};

static void *guess(void *arg)
{
    struct guess *g = arg;
    char hash[PASSWORD_HASH_BYTES];
    pthread_barrier_wait(g->start);
    g->result = password_hash(g->pool, span_of(g->address), span_of("correct horse"), hash);
    return NULL;
}

/* As many as there are threads and places to wait get an answer; the others are told at once. */
static void a_wave_is_cut_off(void **state)
{
    (void)state;
    struct guess guesses[WAVE];
    struct password_pool *p;
    pthread_barrier_t start;
    int done = 0, refused = 0;
    assert_int_equal(password_pool_start(THREADS, &metrics, &p), OK);
    pthread_barrier_init(&start, NULL, WAVE);
    for (int i = 0; i < WAVE; i++) {
        guesses[i] = (struct guess){.pool = p, .start = &start, .address = ""};
        assert_int_equal(pthread_create(&guesses[i].thread, NULL, guess, &guesses[i]), 0);
    }
    for (int i = 0; i < WAVE; i++) {
        pthread_join(guesses[i].thread, NULL);
        done += guesses[i].result == OK;
        refused += guesses[i].result == ERR_OVERLOADED;
    }
    pthread_barrier_destroy(&start);
    assert_int_equal(done + refused, WAVE);
    assert_true(done >= PASSWORD_WAITING_MAX); /* more, when some were done while others came */
    assert_true(refused > 0);
    char hash[PASSWORD_HASH_BYTES];
    assert_int_equal(password_hash(p, (struct span){NULL, 0}, span_of("correct horse"), hash),
                     OK); /* it goes on afterwards */
    password_pool_stop(p);
}

enum { HOGS = 12 };

static void *hog(void *arg)
{
    struct guess *g = arg;
    char hash[PASSWORD_HASH_BYTES];
    enum err e;
    pthread_barrier_wait(g->start);
    do {
        const struct timespec pause = {.tv_nsec = 2000000};
        e = password_hash(g->pool, span_of(g->address), span_of("correct horse"), hash);
        if (e)
            nanosleep(&pause, NULL);
    } while ((e == OK || e == ERR_OVERLOADED) && !atomic_load(&g->over));
    g->result = e;
    return NULL;
}

/* Two addresses that take all they can get, and a third one is never refused. */
static void addresses_share_it(void **state)
{
    (void)state;
    enum { ASKED = 4 };
    struct guess hogs[HOGS];
    struct password_pool *p;
    pthread_barrier_t start;
    char hash[PASSWORD_HASH_BYTES];
    assert_int_equal(password_pool_start(THREADS, &metrics, &p), OK);
    pthread_barrier_init(&start, NULL, HOGS + 1);
    for (int i = 0; i < HOGS; i++) {
        hogs[i].pool = p;
        hogs[i].start = &start;
        hogs[i].address = i % 2 ? "192.0.2.1" : "2001:db8::1";
        atomic_init(&hogs[i].over, false);
        assert_int_equal(pthread_create(&hogs[i].thread, NULL, hog, &hogs[i]), 0);
    }
    pthread_barrier_wait(&start);
    for (int i = 0; i < ASKED; i++)
        assert_int_equal(password_hash(p, span_of("198.51.100.7"), span_of("correct horse"), hash), OK);
    for (int i = 0; i < HOGS; i++)
        atomic_store(&hogs[i].over, true);
    for (int i = 0; i < HOGS; i++)
        pthread_join(hogs[i].thread, NULL);
    pthread_barrier_destroy(&start);
    password_pool_stop(p);
}

/* One address has so many in it, whoever else there is. */
static void an_address_has_its_part(void **state)
{
    (void)state;
    struct guess guesses[WAVE];
    struct password_pool *p;
    pthread_barrier_t start;
    int refused = 0;
    assert_int_equal(password_pool_start(PASSWORD_THREADS_MAX, &metrics, &p), OK);
    pthread_barrier_init(&start, NULL, PASSWORD_WAITING_MAX);
    for (int i = 0; i < PASSWORD_WAITING_MAX; i++) {
        guesses[i] = (struct guess){.pool = p, .start = &start, .address = "192.0.2.1"};
        assert_int_equal(pthread_create(&guesses[i].thread, NULL, guess, &guesses[i]), 0);
    }
    for (int i = 0; i < PASSWORD_WAITING_MAX; i++) {
        pthread_join(guesses[i].thread, NULL);
        refused += guesses[i].result == ERR_OVERLOADED;
    }
    pthread_barrier_destroy(&start);
    assert_in_range(refused, 1, PASSWORD_WAITING_MAX - PASSWORD_PER_ADDRESS);
    password_pool_stop(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules),
        cmocka_unit_test(the_table_is_sorted_and_found),
        cmocka_unit_test(right_wrong_and_nobodys),
        cmocka_unit_test(the_form_that_was_typed_does_not_matter),
        cmocka_unit_test(nobody_takes_as_long_as_somebody),
        cmocka_unit_test(a_wave_is_cut_off),
        cmocka_unit_test(addresses_share_it),
        cmocka_unit_test(an_address_has_its_part),
    };
    return secret_init() || cmocka_run_group_tests(tests, NULL, NULL);
}
