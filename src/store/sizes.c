/* How much room the database takes, and how much is left beside it: for /metrics, looked at once a second. */
#include "store/connection.h"
#include "store/store.h"

#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

enum { PATH_BYTES = 1024 };

static void measure_file(const struct store *s, const char *suffix, metric *out)
{
    char path[PATH_BYTES];
    struct stat st;
    snprintf(path, sizeof path, "%s%s", s->path, suffix);
    if (stat(path, &st) == 0)
        metric_set(out, st.st_size);
}

void store_measure(struct store *s)
{
    struct statvfs disk;
    if (!s->metrics)
        return;
    measure_file(s, "", &s->metrics->database_bytes);
    measure_file(s, "-wal", &s->metrics->wal_bytes);
    if (statvfs(s->path, &disk) == 0)
        metric_set(&s->metrics->disk_free_bytes, (int64_t)disk.f_bavail * (int64_t)disk.f_frsize);
}
