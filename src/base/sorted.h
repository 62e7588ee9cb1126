/* sorted.h - arrays whose entries begin with an int64_t, and ascend by it. Pure functions: any thread. */
#ifndef HUBBUB_BASE_SORTED_H
#define HUBBUB_BASE_SORTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the entry at `at` begins with; `is_pointer`: the entries are pointers to what begins with it. */
static inline int64_t sorted_id(const void *entries, size_t size, bool is_pointer, size_t at)
{
    const char *entry = (const char *)entries + at * size;
    return *(const int64_t *)(is_pointer ? *(const void *const *)(const void *)entry : (const void *)entry);
}

static inline size_t sorted_search(const void *entries, size_t count, size_t size, bool is_pointer, int64_t id)
{
    size_t low = 0, high = count;
    if (high && sorted_id(entries, size, is_pointer, high - 1) < id) /* mostly they come in order */
        return high;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (sorted_id(entries, size, is_pointer, middle) < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Where the first entry is that is not below `id`: the place of that id, whether it is there or not. */
static inline size_t sorted_place(const void *entries, size_t count, size_t size, int64_t id)
{
    return sorted_search(entries, count, size, false, id);
}

/* The same in an array of pointers to such entries. */
static inline size_t sorted_place_of_pointer(const void *entries, size_t count, int64_t id)
{
    return sorted_search(entries, count, sizeof(void *), true, id);
}

static inline bool sorted_has(const int64_t *ids, size_t count, int64_t id)
{
    const size_t at = sorted_place(ids, count, sizeof id, id);
    return at < count && ids[at] == id;
}

/* Makes such an array of ids in any order, each once; returns how many are left. */
size_t sorted_make(int64_t *ids, size_t count);

#endif
