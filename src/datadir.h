/* datadir.h - the data directory: hubbub.db, secret.key, hubbub.mark, hubbub.sock, and the lock that says that a server
 * is running on it.
 *
 * The key is made last, when there is a whole database. So a first start that was killed leaves no key; a key without a
 * database, or a database that somebody has used without a key, means that something was lost. Neither becomes a new
 * place, which would belong to its first visitor. Main thread. */
#ifndef HUBBUB_DATADIR_H
#define HUBBUB_DATADIR_H

#include "base/err.h"
#include "base/secret.h"

#include <stdbool.h>

enum { DATADIR_PATH_MAX = 640 };

struct datadir {
    char path[DATADIR_PATH_MAX], database[DATADIR_PATH_MAX], key[DATADIR_PATH_MAX], mark[DATADIR_PATH_MAX],
        socket[DATADIR_PATH_MAX];
    uint8_t secret[SECRET_BYTES]; /* with has_key */
    bool has_key, has_database;   /* when it was opened; an empty file is no database */
    int lock_fd;                  /* -1: not open */
};

struct datadir_error {
    char text[2048]; /* one line for people; it may name a path twice */
};

/* Names only: what the paths would be. Nothing is opened. */
void datadir_name(struct datadir *d, const char *path);

/* Takes the lock and reads the key, if there is one. Files that are made from now on are for nobody else (the process's
 * umask), as the directory may let everybody in. `make`: a missing directory is made (0700); else one without a
 * database is refused, and nothing is made. ERR_NOT_FOUND; ERR_IN_USE: a server runs on it; ERR_IO, ERR_CORRUPT; all
 * with *why. */
enum err datadir_open(struct datadir *d, const char *path, bool make, struct datadir_error *why);

/* With an open database, before anything else is done with it. `used`: a command was carried out on it at some time.
 * Makes the key of a new place. ERR_NOT_FOUND: it is missing; ERR_IO; with *why. */
enum err datadir_need_key(struct datadir *d, bool used, struct datadir_error *why);

/* Gives the lock back. */
void datadir_close(struct datadir *d);

#endif
