#include "account/attempts.h"

#include "account/for_tests.h"
#include "base/hash.h"
#include "base/keyed_uthash.h"
#include "base/mem.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>

enum { PAIR, ACCOUNT, ADDRESS };

static const struct {
    int free, at_once; /* at_once 0: the password pool sees to that */
    int64_t longest_ms;
} limits[ATTEMPT_COUNTS] = {
    [PAIR] = {ATTEMPTS_FREE_PAIR, ATTEMPTS_AT_ONCE_PAIR, 15 * 60 * 1000},
    [ACCOUNT] = {ATTEMPTS_FREE_ACCOUNT, ATTEMPTS_AT_ONCE_ACCOUNT, 60 * 1000},
    [ADDRESS] = {ATTEMPTS_FREE_ADDRESS, 0, 15 * 60 * 1000},
};

enum { FIRST_WAIT_MS = 1000, BUSY_WAIT_MS = 1000 };

struct entry {
    uint8_t key[ATTEMPT_KEY_BYTES];
    int64_t last_ms; /* of the last wrong guess, moved on as wrong ones are forgotten */
    int wrong, in_flight;
    bool known;
    UT_hash_handle hh; /* uthash keeps the order of insertion: the one that was used last is the last */
};

struct attempts {
    const struct env *env;
    struct metrics *metrics;
    pthread_mutex_t lock;
    struct entry *entries;
};

/* ------------------------------------------------------------------ addresses and keys */

enum { BLOCK_BYTES = 64 };

/* What of an address counts: an IPv4 address, the first half of an IPv6 address, or, if it is neither, the text. */
static size_t block_of(struct span address, uint8_t out[BLOCK_BYTES])
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    char text[INET6_ADDRSTRLEN];
    struct in6_addr six;
    struct in_addr four;
    if (address.len < sizeof text) {
        if (address.len)
            memcpy(text, address.p, address.len);
        text[address.len] = 0;
        if (inet_pton(AF_INET, text, &four) == 1) {
            memcpy(out, &four, sizeof four);
            return sizeof four;
        }
        if (inet_pton(AF_INET6, text, &six) == 1) {
            const bool is_four = memcmp(&six, mapped, sizeof mapped) == 0;
            memcpy(out, (const uint8_t *)&six + (is_four ? sizeof mapped : 0), is_four ? 4 : 8);
            return is_four ? 4 : 8;
        }
    }
    const size_t len = address.len < BLOCK_BYTES ? address.len : BLOCK_BYTES;
    if (len)
        memcpy(out, address.p, len);
    return len;
}

bool attempts_same_address(struct span a, struct span b)
{
    uint8_t block_a[BLOCK_BYTES], block_b[BLOCK_BYTES];
    const size_t len = block_of(a, block_a);
    return len == block_of(b, block_b) && memcmp(block_a, block_b, len) == 0;
}

/* Names and addresses are hashed, so that entries are small and of one size whatever is typed. */
static void make_key(int what, struct span account, struct span address, uint8_t key[ATTEMPT_KEY_BYTES])
{
    uint8_t hash[HASH_BYTES] = {(uint8_t)what}, block[BLOCK_BYTES];
    if (what != ADDRESS)
        hash_chain(hash, account);
    if (what != ACCOUNT)
        hash_chain(hash, (struct span){(const char *)block, block_of(address, block)});
    memcpy(key, hash, ATTEMPT_KEY_BYTES);
}

/* ------------------------------------------------------------------ entries, under the lock */

static struct entry *find(struct attempts *a, const uint8_t key[ATTEMPT_KEY_BYTES])
{
    struct entry *e;
    HASH_FIND(hh, a->entries, key, ATTEMPT_KEY_BYTES, e);
    return e;
}

static void drop(struct attempts *a, struct entry *e)
{
    HASH_DELETE(hh, a->entries, e);
    free(e);
}

/* Finds or makes it, and puts it at the end of the order. */
static struct entry *use(struct attempts *a, const uint8_t key[ATTEMPT_KEY_BYTES])
{
    struct entry *e = find(a, key);
    if (e) {
        HASH_DELETE(hh, a->entries, e);
    } else {
        if (HASH_COUNT(a->entries) >= ATTEMPTS_MAX)
            drop(a, a->entries);
        e = mem_must_calloc(1, sizeof *e);
        memcpy(e->key, key, ATTEMPT_KEY_BYTES);
    }
    /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): uthash took out what is freed */
    HASH_ADD(hh, a->entries, key, ATTEMPT_KEY_BYTES, e);
    return e;
}

static void forget_some(struct entry *e, int64_t now_ms)
{
    const int64_t n = e->wrong ? (now_ms - e->last_ms) / ATTEMPTS_FORGET_MS : 0;
    e->last_ms += n * ATTEMPTS_FORGET_MS;
    e->wrong = n >= e->wrong ? 0 : e->wrong - (int)n;
}

static int64_t wait_after(int what, int wrong)
{
    int64_t wait_ms = FIRST_WAIT_MS;
    if (wrong < limits[what].free)
        return 0;
    for (int i = limits[what].free; i < wrong && wait_ms < limits[what].longest_ms; i++)
        wait_ms *= 2;
    return wait_ms < limits[what].longest_ms ? wait_ms : limits[what].longest_ms;
}

/* Beyond the guess from which on the wait is the longest there is nothing to count: so an attack is forgotten in
 * hours, however long it was. */
static void count_wrong(int what, struct entry *e, int64_t now_ms)
{
    forget_some(e, now_ms);
    if (wait_after(what, e->wrong) < limits[what].longest_ms)
        e->wrong++;
    e->last_ms = now_ms;
}

/* How long the next guess has to wait; 0: not at all. */
static int64_t wait_now(struct attempts *a, int what, const uint8_t key[ATTEMPT_KEY_BYTES], int64_t now_ms)
{
    struct entry *e = find(a, key);
    if (!e)
        return 0;
    forget_some(e, now_ms);
    const int64_t wait_ms = e->last_ms + wait_after(what, e->wrong) - now_ms;
    const int free_left = limits[what].free - e->wrong;
    if (e->wrong && wait_ms > 0)
        return wait_ms;
    if (limits[what].at_once && e->in_flight >= limits[what].at_once)
        return BUSY_WAIT_MS;
    return e->wrong && e->in_flight >= (free_left > 1 ? free_left : 1) ? BUSY_WAIT_MS : 0;
}

/* ------------------------------------------------------------------ guesses */

struct attempts *attempts_new(const struct env *env, struct metrics *metrics)
{
    struct attempts *a = calloc(1, sizeof *a);
    if (!a)
        return NULL;
    a->env = env;
    a->metrics = metrics;
    pthread_mutex_init(&a->lock, NULL);
    return a;
}

void attempts_free(struct attempts *a)
{
    struct entry *e, *next;
    if (!a)
        return;
    HASH_ITER(hh, a->entries, e, next)
    {
        drop(a, e);
    }
    pthread_mutex_destroy(&a->lock);
    free(a);
}

enum err attempts_begin(struct attempts *a, struct span account, struct span address, bool known, struct attempt *out,
                        int64_t *retry_after_ms)
{
    const int64_t now_ms = env_mono_ms(a->env);
    int64_t longest = 0;
    for (int what = PAIR; what <= ADDRESS; what++)
        make_key(what, account, address, out->keys[what]);
    pthread_mutex_lock(&a->lock);
    const struct entry *pair = find(a, out->keys[PAIR]);
    known = known || (pair && pair->known);
    out->count = known ? PAIR + 1 : address.len ? ADDRESS + 1 : ACCOUNT + 1;
    for (int what = PAIR; what < out->count; what++) {
        const int64_t wait_ms = wait_now(a, what, out->keys[what], now_ms);
        longest = wait_ms > longest ? wait_ms : longest;
    }
    for (int what = PAIR; !longest && what < out->count; what++)
        use(a, out->keys[what])->in_flight++;
    pthread_mutex_unlock(&a->lock);
    if (!longest)
        return OK;
    metric_add(&a->metrics->logins_rate_limited_total, 1);
    *retry_after_ms = longest;
    return ERR_RATE_LIMITED;
}

void attempts_end(struct attempts *a, const struct attempt *attempt, enum attempt_end how)
{
    const int64_t now_ms = env_mono_ms(a->env);
    pthread_mutex_lock(&a->lock);
    for (int what = PAIR; what < attempt->count; what++) {
        struct entry *e = use(a, attempt->keys[what]); /* it may have been forgotten meanwhile */
        if (e->in_flight)
            e->in_flight--;
        if (how == ATTEMPT_WRONG)
            count_wrong(what, e, now_ms);
        if (how == ATTEMPT_RIGHT && what == PAIR) {
            e->wrong = 0;
            e->known = true;
        }
        if (!e->wrong && !e->in_flight && !e->known)
            drop(a, e);
    }
    pthread_mutex_unlock(&a->lock);
}

void attempts_trust(struct attempts *a, struct span account, struct span address)
{
    uint8_t key[ATTEMPT_KEY_BYTES];
    make_key(PAIR, account, address, key);
    pthread_mutex_lock(&a->lock);
    struct entry *e = use(a, key);
    e->wrong = 0;
    e->known = true;
    pthread_mutex_unlock(&a->lock);
}

size_t attempts_entries(struct attempts *a)
{
    pthread_mutex_lock(&a->lock);
    const size_t n = HASH_COUNT(a->entries);
    pthread_mutex_unlock(&a->lock);
    return n;
}
