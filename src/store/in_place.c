/* Whether the files that are open are still those that have their names.
 *
 * `rm -rf data`, a backup moved over the database or a tidy script that takes the WAL leave the program with files that
 * nobody will ever open again, and what is committed to them is gone with the process. SQLite does not notice: it goes
 * on with the open files. */
#include "base/diag.h"
#include "store/connection.h"
#include "store/store.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DATABASE, WAL, PATH_BYTES = 1024 };

static const char *const suffixes[STORE_FILES] = {"", "-wal", "-shm"};

static bool look(const struct store *s, int file, char path[PATH_BYTES], struct store_file *out)
{
    struct stat st;
    snprintf(path, PATH_BYTES, "%s%s", s->path, suffixes[file]);
    if (stat(path, &st))
        return false;
    *out = (struct store_file){st.st_dev, st.st_ino};
    return true;
}

static bool is_ours(const struct store *s, int file, char path[PATH_BYTES], bool *there)
{
    struct store_file now = {0};
    *there = look(s, file, path, &now);
    return *there && now.dev == s->files[file].dev && now.ino == s->files[file].ino;
}

void in_place_init(struct store *s)
{
    char path[PATH_BYTES];
    s->watched = true;
    for (int i = 0; i < STORE_FILES; i++)
        s->watched &= look(s, i, path, &s->files[i]);
}

bool store_in_place(struct store *s)
{
    char path[PATH_BYTES];
    bool there;
    for (int i = 0; s->watched && i < STORE_FILES && !atomic_load(&s->gone); i++) {
        if (is_ours(s, i, path, &there))
            continue;
        diag_error("database_gone", "file=%s reason=%s hint=%s", diag_quote(path).s,
                   there ? "\"another file has its name\"" : "\"it was moved or removed\"",
                   diag_quote("nothing can be stored, so the server exits; put the right file back and start again").s);
        atomic_store(&s->gone, true);
    }
    return !atomic_load(&s->gone);
}

bool store_is_gone(const struct store *s)
{
    return atomic_load(&s->gone);
}

/* The WAL is read into whatever database it lies beside, so ours must not stay beside another one. When all of it has
 * been copied into our database it is empty. */
void in_place_leave(const struct store *s)
{
    char path[PATH_BYTES], left[PATH_BYTES + 8];
    struct stat st;
    bool there;
    if (!s->watched || is_ours(s, DATABASE, path, &there))
        return;
    for (int i = WAL; i < STORE_FILES; i++) {
        if (!is_ours(s, i, path, &there) || stat(path, &st))
            continue;
        snprintf(left, sizeof left, "%s.left", path);
        (void)(i == WAL && st.st_size ? rename(path, left) : unlink(path));
    }
}
