/* When to copy the WAL into the database.
 *
 * SQLite's own checkpoints (wal_autocheckpoint) are passive: they give way to readers, and under continuous load there
 * is always one, so the WAL would grow for ever. The WAL starts over from its beginning when all of it has been copied and nobody reads from it, so:
 * from a quarter of the limit on copy what can be copied without waiting, which is most of it, and usually the next commit finds the WAL free; from
 * half of it on (RESTART) also wait for the readers that still use it, briefly: theirs are short, and new ones already read from the database
 * file. Only a foreign reader that stays in a transaction, such as a person at a sqlite3 prompt, can make the WAL grow past its limit; the chat goes on, and
 * the operator is told. */
#include "base/diag.h"
#include "store/connection.h"

#include <inttypes.h>

enum {
    FRAME_BYTES = 4096 + 24, /* SQLite's default page and the frame header */
    DEFAULT_LIMIT_BYTES = 64 << 20,
};

/* The share of the limit from which on it is done so, in sixteenths; the last that applies counts. */
static const struct {
    int sixteenths, mode, wait_ms;
} stages[] = {
    {4, SQLITE_CHECKPOINT_PASSIVE, 0},
    {8, SQLITE_CHECKPOINT_RESTART, 50},
    {12, SQLITE_CHECKPOINT_RESTART, 1000},
};

static int64_t first_due(const struct store *s)
{
    return s->wal_limit_bytes / 16 * stages[0].sixteenths;
}

static int on_commit(void *ctx, sqlite3 *db, const char *schema, int frames)
{
    (void)db;
    (void)schema;
    struct store *s = ctx;
    if (frames < s->wal_frames)
        s->checkpoint_bytes = first_due(s);
    s->wal_frames = frames;
    return SQLITE_OK;
}

void checkpoint_init(struct store *s)
{
    if (!s->wal_limit_bytes)
        s->wal_limit_bytes = DEFAULT_LIMIT_BYTES;
    s->wal_frames = 0;
    s->checkpoint_bytes = first_due(s);
    sqlite3_wal_hook(s->db, on_commit, s);
}

/* True: all has been copied and the next commit starts at the beginning of the file. */
static bool checkpoint(struct store *s, int mode, int wait_ms)
{
    sqlite3_busy_timeout(s->db, wait_ms);
    int code = sqlite3_wal_checkpoint_v2(s->db, NULL, mode, NULL, NULL);
    sqlite3_busy_timeout(s->db, BUSY_TIMEOUT_MS);
    if (code != SQLITE_OK && code != SQLITE_BUSY)
        store_failed(s, "checkpoint");
    return code == SQLITE_OK && mode != SQLITE_CHECKPOINT_PASSIVE;
}

void store_checkpoint_if_due(struct store *s)
{
    int64_t bytes = s->wal_frames * FRAME_BYTES;
    if (bytes < s->checkpoint_bytes)
        return;
    size_t i = sizeof stages / sizeof stages[0] - 1;
    while (i > 0 && bytes < s->wal_limit_bytes / 16 * stages[i].sixteenths)
        i--;
    if (checkpoint(s, stages[i].mode, stages[i].wait_ms)) {
        s->wal_frames = 0;
        s->checkpoint_bytes = first_due(s);
        return;
    }
    s->checkpoint_bytes = bytes + s->wal_limit_bytes / 32;
    if (bytes > s->wal_limit_bytes)
        diag_warn("wal_over_limit",
                  "bytes=%" PRId64 " limit_bytes=%" PRId64 " reason=\"a reader stays in its transaction\"", bytes,
                  s->wal_limit_bytes);
}

void checkpoint_all(struct store *s)
{
    (void)checkpoint(s, SQLITE_CHECKPOINT_TRUNCATE, stages[1].wait_ms);
}

int64_t store_wal_bytes(const struct store *s)
{
    sqlite3_file *wal = NULL;
    sqlite3_int64 bytes = 0;
    if (sqlite3_file_control(s->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal) != SQLITE_OK || !wal ||
        !wal->pMethods || wal->pMethods->xFileSize(wal, &bytes) != SQLITE_OK)
        return 0;
    return bytes;
}
