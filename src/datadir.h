/* datadir.h - the data directory: hubbub.db, secret.key, hubbub.sock, and the lock that says that a server is running
 * on it. Main thread. */
#ifndef HUBBUB_DATADIR_H
#define HUBBUB_DATADIR_H

#include "base/err.h"
#include "base/secret.h"

enum { DATADIR_PATH_MAX = 640 };

struct datadir {
    char database[DATADIR_PATH_MAX], socket[DATADIR_PATH_MAX];
    uint8_t secret[SECRET_BYTES];
    int lock_fd; /* -1: not open */
};

struct datadir_error {
    char text[1024]; /* one line for people */
};

/* Names only: what the paths would be. Nothing is opened. */
void datadir_name(struct datadir *d, const char *path);

/* Makes the directory (0700) when it is missing, sees to it that what is written from now on is for nobody else (the
 * process's umask), as somebody else may have made it and let everybody in, takes the lock, reads or makes the secret. ERR_IN_USE: a server runs
 * on it; ERR_IO, ERR_CORRUPT; all with *why. */
enum err datadir_open(struct datadir *d, const char *path, struct datadir_error *why);

/* Gives the lock back. */
void datadir_close(struct datadir *d);

#endif
