#include "disk.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { SECTOR_BYTES = 512, NAME_BYTES_MAX = 64, NAMES_MAX = 8 };

struct bytes {
    uint8_t *p;
    size_t len, cap;
};

/* Something that was done to a file since its last sync. */
struct change {
    struct change *next;
    bool truncates; /* to `at`; else `len` bytes were written there */
    size_t at, len;
    uint8_t bytes[];
};

struct disk_file {
    int refs;
    struct bytes cached, synced;
    bool has_lost; /* `cached` has what nothing will write */
    struct change *changes, **last;
};

struct name {
    char text[NAME_BYTES_MAX];
    struct disk_file *now, *synced; /* what it names, and what it would name after a power loss; NULL: nothing */
};

struct disk {
    struct name names[NAMES_MAX];
};

/* ------------------------------------------------------------------ bytes */

static void bytes_resize(struct bytes *b, size_t len)
{
    if (len > b->cap) {
        b->cap = len + len / 2 + 4096;
        b->p = mem_must_resize(b->p, b->cap, 1);
    }
    if (len > b->len)
        memset(b->p + b->len, 0, len - b->len);
    b->len = len;
}

static void bytes_put(struct bytes *b, size_t at, const uint8_t *from, size_t len)
{
    if (at + len > b->len)
        bytes_resize(b, at + len);
    if (len)
        memcpy(b->p + at, from, len);
}

static void bytes_apply(struct bytes *b, const struct change *c)
{
    if (c->truncates)
        bytes_resize(b, c->at);
    else
        bytes_put(b, c->at, c->bytes, c->len);
}

/* ------------------------------------------------------------------ files */

static struct disk_file *file_new(void)
{
    struct disk_file *f = mem_must_calloc(1, sizeof *f);
    f->refs = 1;
    f->last = &f->changes;
    return f;
}

static struct disk_file *retain(struct disk_file *f)
{
    if (f)
        f->refs++;
    return f;
}

static void forget_changes(struct disk_file *f)
{
    for (struct change *c = f->changes, *next; c; c = next) {
        next = c->next;
        free(c);
    }
    f->changes = NULL;
    f->last = &f->changes;
}

void disk_release(struct disk_file *f)
{
    if (!f || --f->refs > 0)
        return;
    forget_changes(f);
    free(f->cached.p);
    free(f->synced.p);
    free(f);
}

static void change(struct disk_file *f, bool truncates, size_t at, const void *bytes, size_t len)
{
    struct change *c = mem_must_calloc(1, sizeof *c + len);
    c->truncates = truncates;
    c->at = at;
    c->len = len;
    if (len)
        memcpy(c->bytes, bytes, len);
    bytes_apply(&f->cached, c);
    *f->last = c;
    f->last = &c->next;
}

void disk_write(struct disk_file *f, size_t at, const void *bytes, size_t len)
{
    change(f, false, at, bytes, len);
}

void disk_truncate(struct disk_file *f, size_t size)
{
    change(f, true, size, NULL, 0);
}

size_t disk_size(const struct disk_file *f)
{
    return f->cached.len;
}

size_t disk_read(const struct disk_file *f, size_t at, void *out, size_t len)
{
    size_t there = at < f->cached.len ? f->cached.len - at : 0;
    if (there > len)
        there = len;
    if (there)
        memcpy(out, f->cached.p + at, there);
    return there;
}

void disk_sync(struct disk_file *f)
{
    for (const struct change *c = f->changes; c; c = c->next)
        bytes_apply(&f->synced, c);
    forget_changes(f);
}

void disk_sync_loses(struct disk_file *f)
{
    f->has_lost |= f->changes != NULL;
    forget_changes(f);
}

static void evict(struct disk_file *f, struct dice *dice)
{
    if (!f || !f->has_lost || dice_one_in(dice, 2))
        return;
    f->has_lost = false;
    bytes_resize(&f->cached, 0);
    bytes_put(&f->cached, 0, f->synced.p, f->synced.len);
    for (const struct change *c = f->changes; c; c = c->next)
        bytes_apply(&f->cached, c);
}

void disk_evict(struct disk *d, struct dice *dice)
{
    for (int i = 0; i < NAMES_MAX; i++)
        evict(d->names[i].now, dice);
}

/* ------------------------------------------------------------------ the directory */

struct disk *disk_new(void)
{
    return mem_must_calloc(1, sizeof(struct disk));
}

void disk_free(struct disk *d)
{
    if (!d)
        return;
    for (int i = 0; i < NAMES_MAX; i++) {
        disk_release(d->names[i].now);
        disk_release(d->names[i].synced);
    }
    free(d);
}

/* The place of a name; NULL: it has none. */
static struct name *find(const struct disk *d, const char *name)
{
    for (int i = 0; i < NAMES_MAX; i++)
        if (strcmp(d->names[i].text, name) == 0)
            return (struct name *)&d->names[i];
    return NULL;
}

static struct name *place(struct disk *d, const char *name)
{
    struct name *n = find(d, name);
    if (n)
        return n;
    n = find(d, "");
    if (!n || strlen(name) >= NAME_BYTES_MAX)
        abort(); /* SQLite makes no more files than a database, its WAL and its journal */
    memcpy(n->text, name, strlen(name) + 1);
    return n;
}

struct disk_file *disk_open(struct disk *d, const char *name, bool create)
{
    struct name *n = create ? place(d, name) : find(d, name);
    if (!n || (!n->now && !create))
        return NULL;
    if (!n->now)
        n->now = file_new();
    return retain(n->now);
}

bool disk_has(const struct disk *d, const char *name, size_t *size)
{
    const struct name *n = find(d, name);
    if (!n || !n->now)
        return false;
    *size = disk_size(n->now);
    return true;
}

bool disk_remove(struct disk *d, const char *name)
{
    struct name *n = find(d, name);
    if (!n || !n->now)
        return false;
    disk_release(n->now);
    n->now = NULL;
    return true;
}

void disk_sync_directory(struct disk *d)
{
    for (int i = 0; i < NAMES_MAX; i++) {
        struct name *n = &d->names[i];
        struct disk_file *old = n->synced;
        n->synced = retain(n->now);
        disk_release(old);
    }
}

/* ------------------------------------------------------------------ power loss */

enum fate { FATE_LOST, FATE_WHOLE, FATE_TORN };

static void tear(struct bytes *b, const struct change *c, struct dice *dice)
{
    for (size_t from = 0; from < c->len;) {
        size_t to = from + SECTOR_BYTES - (c->at + from) % SECTOR_BYTES;
        if (to > c->len)
            to = c->len;
        if (dice_one_in(dice, 2))
            bytes_put(b, c->at + from, c->bytes + from, to - from);
        from = to;
    }
}

static struct disk_file *survivor(const struct disk_file *f, struct dice *dice)
{
    struct disk_file *out = file_new();
    bytes_put(&out->synced, 0, f->synced.p, f->synced.len);
    /* Usually a mixture; sometimes the disk had written all, or nothing, of this file. */
    const enum fate fates[] = {FATE_LOST, FATE_WHOLE, FATE_TORN, FATE_TORN};
    size_t mixed = dice ? dice_below(dice, 4) : 0;
    for (const struct change *c = f->changes; c && dice; c = c->next) {
        enum fate fate = mixed > 1 ? fates[dice_below(dice, 4)] : fates[mixed];
        if (fate == FATE_WHOLE)
            bytes_apply(&out->synced, c);
        else if (fate == FATE_TORN && !c->truncates)
            tear(&out->synced, c, dice);
    }
    bytes_put(&out->cached, 0, out->synced.p, out->synced.len);
    return out;
}

struct disk *disk_after_power_loss(const struct disk *d, struct dice *dice)
{
    struct disk *out = disk_new();
    for (int i = 0; i < NAMES_MAX; i++) {
        const struct name *from = &d->names[i];
        struct name *to = &out->names[i];
        const struct disk_file *f = from->synced;
        if (from->now != from->synced && dice && dice_one_in(dice, 2))
            f = from->now;
        if (!f)
            continue;
        memcpy(to->text, from->text, sizeof to->text);
        to->now = survivor(f, dice);
        to->synced = retain(to->now);
    }
    return out;
}
