/* What the directory's files share, and its end. */
#include "base/mem.h"
#include "base/utf8.h"
#include "directory/directory_internal.h"

#include <stdlib.h>

void directory_copy_text(char *out, size_t size, const char *text)
{
    struct span cut = utf8_cut(span_of(text), size - 1);
    memcpy(out, cut.p, cut.len);
    out[cut.len] = 0;
}

char *directory_keep_texts(size_t n, const struct span texts[], const char **const targets[])
{
    size_t total = n;
    for (size_t i = 0; i < n; i++)
        total += texts[i].len;
    char *all = mem_must_calloc(total, 1), *at = all;
    for (size_t i = 0; i < n; i++) {
        if (texts[i].len)
            memcpy(at, texts[i].p, texts[i].len);
        *targets[i] = at;
        at += texts[i].len + 1;
    }
    return all;
}

void *directory_make_gap(void *array, size_t count, size_t *cap, size_t size, size_t at)
{
    if (count == *cap) {
        *cap = *cap ? *cap + *cap / 2 + 1 : 2; /* most rooms and most people have few */
        array = mem_must_resize(array, *cap, size);
    }
    char *place = (char *)array + at * size;
    memmove(place + size, place, (count - at) * size);
    return array;
}

/* ------------------------------------------------------------------ life */

static void free_user(struct listed_user *u)
{
    free(u->texts);
    free(u->rooms);
    free(u->blocked);
    free(u);
}

static void free_room(struct listed_room *r)
{
    for (size_t i = 0; i < r->member_count; i++)
        free(r->members[i].extras);
    free(r->members);
    directory_release_counts(r);
    free(r->people);
    free(r->texts);
    free(r);
}

void directory_close(struct directory *d)
{
    if (!d)
        return;
    HASH_CLEAR(hh_fold, d->users_by_fold);
    HASH_CLEAR(hh, d->users_by_id);
    HASH_CLEAR(hh, d->rooms_by_id);
    table_clear(&d->rooms_by_name);
    table_clear(&d->rooms_by_fold);
    for (size_t i = 0; i < d->user_count; i++)
        free_user(d->users[i]);
    for (size_t i = 0; i < d->room_count; i++)
        free_room(d->rooms[i]);
    free(d->users);
    free(d->rooms);
    pthread_mutex_destroy(&d->lock);
    free(d);
}
