/* When to copy the WAL into the database.
 *
 * The WAL starts over from its beginning when all of it has been copied and nobody reads from it. SQLite's own
 * checkpoints (wal_autocheckpoint) are passive, they give way to readers; under continuous load there is always one, so
 * the WAL would grow for ever. Therefore, in shares of the limit:
 *
 *     from 1/4   copy what can be copied without waiting: most of it, and often the next commit finds the WAL free
 *     from 1/2   also wait for those who still read from the WAL (RESTART). Ours are short, and new ones read from the
 *                database file meanwhile
 *     from 3/4   wait for longer, and more often: when several read, each behind the other, one wait can be too short
 *     over it    somebody is in a transaction and stays there, such as a person at a sqlite3 prompt. Tell the operator
 *                and go on: the file becomes longer than the limit. Wait now and then, so that it starts over once they
 *                have left, however much others read
 *
 * The writer stands still for as long as it waits, so after each attempt the WAL may grow for a while before the
 * next. */
#include "base/diag.h"
#include "store/connection.h"
#include "store/for_tests.h"
#include "store/store.h"

#include <inttypes.h>

enum {
    FRAME_BYTES = 4096 + 24, /* a page as store_open() has them, and the frame header */
    DEFAULT_LIMIT_BYTES = 64 << 20,
};

static const struct {
    int from, step; /* in sixteenths of the limit: the last stage that has begun counts */
    int mode, wait_ms;
} stages[] = {
    {4, 1, SQLITE_CHECKPOINT_PASSIVE, 0},
    {8, 2, SQLITE_CHECKPOINT_RESTART, 50},
    {12, 1, SQLITE_CHECKPOINT_RESTART, 400},
    {16, 4, SQLITE_CHECKPOINT_RESTART, 250},
};
enum { STAGES = sizeof stages / sizeof stages[0], CLOSE_WAIT_MS = 50 };

static int64_t sixteenths(const struct store *s, int n)
{
    return s->wal_limit_bytes / 16 * n;
}

static int64_t first_due(const struct store *s)
{
    return sixteenths(s, stages[0].from);
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

static int checkpoint(struct store *s, int mode, int wait_ms)
{
    sqlite3_busy_timeout(s->db, wait_ms);
    int code = sqlite3_wal_checkpoint_v2(s->db, NULL, mode, NULL, NULL);
    sqlite3_busy_timeout(s->db, BUSY_TIMEOUT_MS);
    if (code != SQLITE_OK && code != SQLITE_BUSY)
        store_failed(s, "checkpoint");
    diag_debug("checkpoint", "wal_bytes=%" PRId64 " code=%d", s->wal_frames * FRAME_BYTES, code);
    if (s->metrics)
        metric_add(code == SQLITE_OK ? &s->metrics->checkpoints_total : &s->metrics->checkpoint_failures_total, 1);
    return code;
}

void store_checkpoint_if_due(struct store *s)
{
    int64_t bytes = s->wal_frames * FRAME_BYTES;
    if (bytes < s->checkpoint_bytes)
        return;
    int i = STAGES - 1;
    while (i > 0 && bytes < sixteenths(s, stages[i].from))
        i--;
    int code = checkpoint(s, stages[i].mode, stages[i].wait_ms);
    if (code == SQLITE_OK && stages[i].mode != SQLITE_CHECKPOINT_PASSIVE) {
        /* All has been copied, and the next commit starts at the beginning of the file. */
        s->wal_frames = 0;
        s->checkpoint_bytes = first_due(s);
        return;
    }
    s->checkpoint_bytes = bytes + sixteenths(s, stages[i].step);
    if (i == STAGES - 1)
        diag_warn("wal_over_limit",
                  "bytes=%" PRId64 " limit_bytes=%" PRId64 " reason=\"a reader stays in its transaction\"", bytes,
                  s->wal_limit_bytes);
}

bool checkpoint_all(struct store *s)
{
    int code = checkpoint(s, SQLITE_CHECKPOINT_TRUNCATE, CLOSE_WAIT_MS);
    return code == SQLITE_OK || code == SQLITE_BUSY;
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
