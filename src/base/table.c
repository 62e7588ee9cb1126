#include "base/table.h"

#include "base/hash.h"
#include "base/mem.h"

#include <stdlib.h>

enum { LEAST_BITS = 4, EACH_BUCKET = 2 }; /* so many on average, before there are more buckets */

/* Keys may be consecutive: the golden ratio spreads them, and its product's high bits depend on all of the key's. */
static struct table_link **bucket_of(const struct table *t, uint64_t key)
{
    return &t->buckets[key * UINT64_C(0x9E3779B97F4A7C15) >> (64 - t->bits)];
}

static void put(const struct table *t, struct table_link *l)
{
    struct table_link **bucket = bucket_of(t, l->key);
    l->next = *bucket;
    *bucket = l;
}

static void grow(struct table *t)
{
    const struct table old = *t;
    t->bits = old.buckets ? old.bits + 1 : LEAST_BITS;
    t->buckets = mem_must_calloc((size_t)1 << t->bits, sizeof(struct table_link *));
    for (size_t i = 0; old.buckets && i < (size_t)1 << old.bits; i++)
        for (struct table_link *next, *l = old.buckets[i]; l; l = next) {
            next = l->next;
            put(t, l);
        }
    free(old.buckets);
}

void table_add(struct table *t, struct table_link *l, uint64_t key)
{
    if (!t->buckets || t->count >= (size_t)EACH_BUCKET << t->bits)
        grow(t);
    l->key = key;
    put(t, l);
    t->count++;
}

void table_remove(struct table *t, struct table_link *l)
{
    struct table_link **at = bucket_of(t, l->key);
    while (*at != l)
        at = &(*at)->next;
    *at = l->next;
    t->count--;
}

/* The first in a bucket, from here on, that has the key. */
static struct table_link *first_of(struct table_link *l, uint64_t key)
{
    while (l && l->key != key)
        l = l->next;
    return l;
}

struct table_link *table_find(const struct table *t, uint64_t key)
{
    return t->buckets ? first_of(*bucket_of(t, key), key) : NULL;
}

struct table_link *table_next(const struct table_link *l)
{
    return first_of(l->next, l->key);
}

void table_clear(struct table *t)
{
    free(t->buckets);
    *t = (struct table){0};
}

uint64_t table_hash(struct span text)
{
    return hash_short(text.p, text.len);
}
