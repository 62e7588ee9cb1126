/* file.h - small files that are written whole: after a crash at any moment there is the old one or the new one, never a
 * part of it. Any thread; one at a time for one path. */
#ifndef HUBBUB_BASE_FILE_H
#define HUBBUB_BASE_FILE_H

#include "base/err.h"
#include "base/span.h"

enum { FILE_PATH_MAX = 1024 };

/* Writes `path`.new (mode 0600; see file_give_to_owner()), syncs it, renames it to `path` and syncs the directory. ERR_IO (errno): the old file
 * is still there, and it is not known whether the new one would survive a power cut when only the last step failed. */
enum err file_replace(const char *path, struct span bytes);

/* For root alone, who acts for others: gives a new file to the owner of its directory. */
void file_give_to_owner(int fd, const char *path);

/* Makes what was created, renamed or removed in the directory survive a power cut. ERR_IO (errno). */
enum err file_sync_directory(const char *directory);

/* The same for the directory that `path` is in. */
enum err file_sync_parent(const char *path);

#endif
