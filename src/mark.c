#include "mark.h"

#include "base/diag.h"
#include "base/env.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MARK_TEXT_BYTES = 256 };

/* ------------------------------------------------------------------ the file */

/* Always of the same length, and less than a sector, so that it can be written in place. */
static struct span write_text(const struct mark *m, char text[MARK_TEXT_BYTES])
{
    int len = snprintf(text, MARK_TEXT_BYTES,
                       "hubbub mark 1\nrun %s\nprevious %s\nfile %020" PRIu64 " %020" PRIu64 "\nnumber %019" PRId64
                       "\ncheck %d\n",
                       m->run, *m->previous ? m->previous : "--------------------------------", m->inode, m->born_ns,
                       m->number, m->check_due);
    return (struct span){text, (size_t)len};
}

/* False: there is none, or it is not as this program writes it. */
static bool read_file(const char *path, struct mark *out)
{
    char text[MARK_TEXT_BYTES], again[MARK_TEXT_BYTES];
    int check = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        close(fd);
    if (n <= 0)
        return false;
    text[n] = 0;
    *out = (struct mark){.fd = -1};
    if (sscanf(text,
               "hubbub mark 1\nrun %32[0-9a-f]\nprevious %32[-0-9a-f]\nfile %20" SCNu64 " %20" SCNu64
               "\nnumber %19" SCNd64 "\ncheck %1d\n",
               out->run, out->previous, &out->inode, &out->born_ns, &out->number, &check) != 6)
        return false;
    out->check_due = check != 0;
    if (*out->previous == '-')
        *out->previous = 0;
    return span_equal(write_text(out, again), (struct span){text, (size_t)n});
}

static void give_up(struct mark *m, const char *during)
{
    diag_warn("mark_failed", "path=%s during=%s reason=%s", diag_quote(m->path).s, during,
              diag_quote(strerror(errno)).s);
    if (m->fd >= 0)
        close(m->fd);
    m->fd = -1;
}

static void write_in_place(struct mark *m)
{
    char text[MARK_TEXT_BYTES];
    struct span bytes = write_text(m, text);
    if (m->fd >= 0 && pwrite(m->fd, bytes.p, bytes.len, 0) != (ssize_t)bytes.len)
        give_up(m, "write");
}

static void sync_in_place(struct mark *m)
{
    write_in_place(m);
    if (m->fd >= 0 && fdatasync(m->fd))
        give_up(m, "sync");
}

/* ------------------------------------------------------------------ the comparison */

static void identify(const char *database, struct mark *out)
{
    struct statx st;
    if (statx(AT_FDCWD, database, 0, STATX_INO | STATX_BTIME, &st))
        return;
    out->inode = st.stx_ino;
    if (st.stx_mask & STATX_BTIME)
        out->born_ns = (uint64_t)st.stx_btime.tv_sec * 1000000000 + st.stx_btime.tv_nsec;
}

/* NULL: it is the continuation. */
static const char *difference(const char *run, bool has_mark, const struct mark *then, const struct mark *now)
{
    if (!has_mark)
        return "hubbub.mark is missing";
    if (strcmp(run, then->run) != 0 && strcmp(run, then->previous) != 0)
        return "another server opened it last";
    if (now->inode != then->inode || (now->born_ns && then->born_ns && now->born_ns != then->born_ns))
        return "the database is another file";
    if (now->number < then->number)
        return "the database is older than at the last stop";
    return NULL;
}

static void make_hex(const uint8_t *bytes, size_t n, char *out)
{
    for (size_t i = 0; i < n; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

/* First the file, which knows both runs then, so that a crash between the two leaves a continuation; and none where
 * there was none. */
static void begin_run(struct mark *m, struct lineage_row *row, struct store *s)
{
    char text[MARK_TEXT_BYTES];
    if (file_replace(m->path, write_text(m, text))) {
        give_up(m, "replace");
        return;
    }
    m->fd = open(m->path, O_WRONLY | O_CLOEXEC);
    if (m->fd < 0) {
        give_up(m, "open");
        return;
    }
    enum err e = store_begin(s);
    if (!e)
        e = lineage_set(s, row);
    if (!e)
        e = store_commit(s);
    if (e) {
        store_rollback(s);
        return; /* the file still knows the run that the database has */
    }
    *m->previous = 0;
    write_in_place(m);
}

enum err mark_open(struct mark *m, const char *path, const char *database, struct store *s, bool unclean)
{
    struct mark then;
    struct lineage_row row;
    struct store_position at;
    *m = (struct mark){.fd = -1};
    snprintf(m->path, sizeof m->path, "%s", path);
    enum err e = lineage_get(s, &row);
    if (!e)
        e = store_position_get(s, &at);
    if (e)
        return e;
    bool has_mark = read_file(path, &then);
    identify(database, m);
    m->number = at.number;
    m->check_due = unclean || (has_mark && then.check_due);
    if (row.has_run) {
        make_hex(row.run, sizeof row.run, m->previous);
        const char *why = difference(m->previous, has_mark, &then, m);
        if (why) {
            uint8_t random[(EPOCH_BYTES - 1) / 2];
            *m->previous = 0;
            env_random(env_system(), random, sizeof random);
            make_hex(random, sizeof random, row.epoch);
            diag_warn("database_restored", "reason=%s effect=%s", diag_quote(why).s,
                      diag_quote("clients discard what they have and load it again").s);
        }
    }
    memcpy(m->epoch, row.epoch, sizeof m->epoch);
    env_random(env_system(), row.run, sizeof row.run);
    make_hex(row.run, sizeof row.run, m->run);
    begin_run(m, &row, s);
    return OK;
}

void mark_note(struct mark *m, int64_t number)
{
    if (number <= m->number)
        return;
    m->number = number;
    write_in_place(m);
}

void mark_set_check_due(struct mark *m, bool due)
{
    m->check_due = due;
    sync_in_place(m);
}

void mark_close(struct mark *m)
{
    sync_in_place(m);
    if (m->fd >= 0)
        close(m->fd);
    m->fd = -1;
}
