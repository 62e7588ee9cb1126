/* temporary.h - names below TMPDIR (else /tmp) for what a test leaves behind until it ends, and directories with a
 * database in them. */
#ifndef HUBBUB_TESTS_TEMPORARY_H
#define HUBBUB_TESTS_TEMPORARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A template for mkdtemp() and mkstemp(); 64 bytes are enough. */
static inline void temporary_name(char *out, size_t size, const char *what)
{
    const char *base = getenv("TMPDIR");
    snprintf(out, size, "%.40s/hubbub-%s-XXXXXX", base ? base : "/tmp", what);
}

/* An empty directory, and the name of a database in it. */
static inline bool temporary_database(char dir[64], char path[96], const char *what)
{
    char made[64]; /* apart from both, which may be of one struct */
    temporary_name(made, sizeof made, what);
    if (!mkdtemp(made))
        return false;
    snprintf(dir, 64, "%s", made);
    snprintf(path, 96, "%s/hubbub.db", made);
    return true;
}

/* Of a database that is closed. Not 0: there is something else in the directory. */
static inline int temporary_remove(const char *dir, const char *path)
{
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    char file[128];
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        snprintf(file, sizeof file, "%s%s", path, suffixes[i]);
        unlink(file);
    }
    return rmdir(dir);
}

#endif
