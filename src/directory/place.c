/* The directory's place: what it is called, and what it requires. */
#include "base/utf8.h"
#include "directory/directory_internal.h"
#include "directory/load.h"
#include "directory/people.h"

static void take_place(struct directory *d, const struct place_row *row)
{
    char name[DIRECTORY_NAME_BYTES];
    struct span cut = utf8_cut(row->name, sizeof name - 1);
    pthread_mutex_lock(&d->lock);
    if (cut.len)
        memcpy(d->place_name, cut.p, cut.len);
    d->place_name[cut.len] = 0;
    d->set_up_at = row->set_up_at;
    d->requires_totp = row->require_totp;
    pthread_mutex_unlock(&d->lock);
}

enum err directory_load_place(struct directory *d, struct store *s)
{
    struct place_row row;
    enum err e = place_get(s, &row);
    if (!e)
        take_place(d, &row);
    return e;
}

bool directory_is_set_up(struct directory *d)
{
    pthread_mutex_lock(&d->lock);
    bool is_set_up = d->set_up_at != 0;
    pthread_mutex_unlock(&d->lock);
    return is_set_up;
}

bool directory_requires_totp(struct directory *d)
{
    pthread_mutex_lock(&d->lock);
    bool requires = d->requires_totp;
    pthread_mutex_unlock(&d->lock);
    return requires;
}

void directory_place_name(struct directory *d, char out[DIRECTORY_NAME_BYTES])
{
    pthread_mutex_lock(&d->lock);
    memcpy(out, d->place_name, sizeof d->place_name);
    pthread_mutex_unlock(&d->lock);
}
