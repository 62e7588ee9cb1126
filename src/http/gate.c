#include "http/gate.h"

#include "http/for_tests.h"

#include <pthread.h>
#include <stdlib.h>

#define HASH_NONFATAL_OOM 1
#include "base/keyed_uthash.h"

struct gate_place {
    struct address block;
    struct origin *origin;
    int64_t count;
    UT_hash_handle hh;
};

struct gate {
    pthread_mutex_t lock;
    struct gate_place *places;
    int64_t count, max, max_per_address;
    struct origins *origins;
};

struct gate *gate_new(int64_t max, int64_t max_per_address, struct origins *origins)
{
    struct gate *g = calloc(1, sizeof *g);
    if (!g)
        return NULL;
    pthread_mutex_init(&g->lock, NULL);
    g->max = max;
    g->max_per_address = max_per_address;
    g->origins = origins;
    return g;
}

void gate_free(struct gate *g)
{
    if (!g)
        return;
    struct gate_place *next, *place = g->places;
    HASH_CLEAR(hh, g->places); /* the table; the places still hang together */
    for (; place; place = next) {
        next = place->hh.next;
        origin_leave(place->origin);
        free(place);
    }
    pthread_mutex_destroy(&g->lock);
    free(g);
}

static struct gate_place *find(struct gate *g, const struct address *block)
{
    struct gate_place *found;
    HASH_FIND(hh, g->places, block->bytes, sizeof block->bytes, found);
    return found;
}

/* NULL: no memory. */
static struct gate_place *add(struct gate *g, const struct address *block)
{
    struct gate_place *place = calloc(1, sizeof *place);
    if (!place)
        return NULL;
    place->block = *block;
    place->origin = origin_enter(g->origins, block->bytes);
    if (!place->origin) {
        free(place);
        return NULL;
    }
    HASH_ADD(hh, g->places, block.bytes, sizeof place->block.bytes, place);
    if (!place->hh.tbl) { /* uthash's table could not be made */
        origin_leave(place->origin);
        free(place);
        return NULL;
    }
    return place;
}

enum gate_result gate_enter(struct gate *g, const struct address *from, struct gate_place **place)
{
    struct address block = address_block(from);
    enum gate_result result = GATE_OPEN;
    pthread_mutex_lock(&g->lock);
    struct gate_place *found = find(g, &block);
    if (g->max && g->count >= g->max)
        result = GATE_FULL;
    else if (g->max_per_address && found && found->count >= g->max_per_address)
        result = GATE_ADDRESS_FULL;
    else if (!found && !(found = add(g, &block)))
        result = GATE_NO_MEMORY;
    if (result == GATE_OPEN) {
        found->count++;
        g->count++;
        *place = found;
    }
    pthread_mutex_unlock(&g->lock);
    return result;
}

void gate_leave(struct gate *g, struct gate_place *place)
{
    pthread_mutex_lock(&g->lock);
    g->count--;
    if (--place->count == 0) {
        HASH_DEL(g->places, place);
        origin_leave(place->origin);
        free(place);
    }
    pthread_mutex_unlock(&g->lock);
}

struct origin *gate_origin(const struct gate_place *place)
{
    return place->origin;
}

int64_t gate_count(struct gate *g)
{
    pthread_mutex_lock(&g->lock);
    int64_t count = g->count;
    pthread_mutex_unlock(&g->lock);
    return count;
}
