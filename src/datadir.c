#include "datadir.h"

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
    snprintf(d->database, sizeof d->database, "%s/hubbub.db", path);
    snprintf(d->socket, sizeof d->socket, "%s/hubbub.sock", path);
}

/* Like mkdir -p: each missing directory on the way. */
static int make_directories(const char *path)
{
    char part[DATADIR_PATH_MAX];
    snprintf(part, sizeof part, "%s", path);
    for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        if (mkdir(part, 0755) && errno != EEXIST)
            return -1;
        *slash = '/';
    }
    return mkdir(path, 0700) && errno != EEXIST ? -1 : 0;
}

enum err datadir_open(struct datadir *d, const char *path, struct datadir_error *why)
{
    char file[DATADIR_PATH_MAX];
    enum err e;
    datadir_name(d, path);
    if (make_directories(path)) {
        snprintf(
            why->text, sizeof why->text,
            "data_dir %s cannot be made: %s. Choose another with data_dir, or make it and let this user write there.",
            path, strerror(errno));
        return ERR_IO;
    }
    umask(umask(0777) | 0077);
    snprintf(file, sizeof file, "%s/hubbub.lock", path);
    d->lock_fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (d->lock_fd < 0) {
        snprintf(why->text, sizeof why->text,
                 "data_dir %s cannot be written: %s. Let this user write there, or choose another with data_dir.", path,
                 strerror(errno));
        return ERR_IO;
    }
    if (flock(d->lock_fd, LOCK_EX | LOCK_NB)) {
        snprintf(why->text, sizeof why->text,
                 "data_dir %s is in use by a running hubbub. Stop that one, or choose another with data_dir.", path);
        e = ERR_IN_USE;
        goto failed;
    }
    snprintf(file, sizeof file, "%s/secret.key", path);
    e = secret_load(file, d->secret);
    if (!e)
        return OK;
    snprintf(why->text, sizeof why->text,
             "%s cannot be used: %s. Restore it, or remove it: then everybody has to choose a name again.", file,
             e == ERR_CORRUPT ? "it is not a key of 32 bytes" : strerror(errno));
failed:
    datadir_close(d);
    return e;
}

void datadir_close(struct datadir *d)
{
    if (d->lock_fd >= 0)
        close(d->lock_fd);
    d->lock_fd = -1;
}
