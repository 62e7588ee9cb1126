#include "datadir.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

void datadir_name(struct datadir *d, const char *path)
{
    *d = (struct datadir){.lock_fd = -1};
    snprintf(d->path, sizeof d->path, "%s", path);
    snprintf(d->database, sizeof d->database, "%s/hubbub.db", path);
    snprintf(d->key, sizeof d->key, "%s/secret.key", path);
    snprintf(d->mark, sizeof d->mark, "%s/hubbub.mark", path);
    snprintf(d->socket, sizeof d->socket, "%s/hubbub.sock", path);
}

static int make_directory(const char *path, mode_t mode)
{
    if (mkdir(path, mode))
        return errno == EEXIST ? 0 : -1;
    return file_sync_parent(path) ? -1 : 0;
}

/* Like mkdir -p: each missing directory on the way. */
static int make_directories(const char *path)
{
    char part[DATADIR_PATH_MAX];
    snprintf(part, sizeof part, "%s", path);
    for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        if (make_directory(part, 0755))
            return -1;
        *slash = '/';
    }
    return make_directory(path, 0700);
}

static enum err no_place(const struct datadir *d, struct datadir_error *why)
{
    snprintf(
        why->text, sizeof why->text,
        "there is no database in data_dir %s. Give the server's settings file with --config FILE, or its directory "
        "with --set data_dir=DIR. \"hubbub setup\" creates a new workspace.",
        d->path);
    return ERR_NOT_FOUND;
}

static enum err cannot(const struct datadir *d, bool make, const char *what, struct datadir_error *why)
{
    snprintf(why->text, sizeof why->text, "cannot %s data_dir %s: %s. %s", what, d->path, strerror(errno),
             make ? "Choose another with data_dir, or create it and let this user write to it."
                  : "Run this as the server's user, such as with \"sudo -u hubbub\".");
    return ERR_IO;
}

static enum err take_lock(struct datadir *d, bool make, struct datadir_error *why)
{
    char file[DATADIR_PATH_MAX + 16];
    snprintf(file, sizeof file, "%s/hubbub.lock", d->path);
    d->lock_fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (d->lock_fd < 0)
        return cannot(d, make, "write to", why);
    file_give_to_owner(d->lock_fd, file);
    if (flock(d->lock_fd, LOCK_EX | LOCK_NB) == 0)
        return OK;
    snprintf(why->text, sizeof why->text,
             "data_dir %s is in use by a running hubbub. Stop that one, or choose another with data_dir.", d->path);
    return ERR_IN_USE;
}

static enum err read_key(struct datadir *d, struct datadir_error *why)
{
    enum err e = secret_load(d->key, d->secret);
    d->has_key = !e;
    if (!e || e == ERR_NOT_FOUND)
        return OK;
    snprintf(why->text, sizeof why->text,
             "cannot use %s: %s. Restore it, or remove it: the next start then says how to create a new one.", d->key,
             e == ERR_CORRUPT ? "the file is not a key of 32 bytes" : strerror(errno));
    return e;
}

enum err datadir_open(struct datadir *d, const char *path, bool make, struct datadir_error *why)
{
    struct stat st;
    enum err e = OK;
    datadir_name(d, path);
    if (make && make_directories(path))
        return cannot(d, make, "create", why);
    errno = 0;
    d->has_database = stat(d->database, &st) == 0 && st.st_size > 0;
    if (!make && !d->has_database)
        return errno == EACCES ? cannot(d, make, "read", why) : no_place(d, why);
    umask(umask(0777) | 0077);
    e = take_lock(d, make, why);
    if (!e)
        e = read_key(d, why);
    if (!e && d->has_key && !d->has_database) {
        snprintf(
            why->text, sizeof why->text,
            "data_dir %s has secret.key, but hubbub.db is missing or empty. Restore hubbub.db from a backup. For a "
            "new workspace, remove secret.key first.",
            path);
        e = ERR_NOT_FOUND;
    }
    if (e)
        datadir_close(d);
    return e;
}

enum err datadir_need_key(struct datadir *d, bool used, struct datadir_error *why)
{
    if (d->has_key)
        return OK;
    if (used) {
        snprintf(
            why->text, sizeof why->text,
            "%s is missing: restore it from the backup of hubbub.db. If it is lost, create a new one with \"head -c "
            "32 /dev/urandom > %s\"; guests then have to choose a name again.",
            d->key, d->key);
        return ERR_NOT_FOUND;
    }
    enum err e = secret_make(d->key, d->secret);
    d->has_key = !e;
    if (e)
        snprintf(why->text, sizeof why->text, "cannot create %s: %s. Let this user write to data_dir.", d->key,
                 strerror(errno));
    return e;
}

void datadir_close(struct datadir *d)
{
    if (d->lock_fd >= 0)
        close(d->lock_fd);
    d->lock_fd = -1;
}
