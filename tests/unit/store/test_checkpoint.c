/* The WAL stays below its limit while messages come in and readers read all the time.
 *
 * How long a checkpoint waits for a reader is time, of which a busy machine may give a reader none. So where the limit
 * is measured, time is played: one thread is the writer and all readers, and where SQLite would sleep for them, they go
 * on. */
#include "fixture.h"
#include "store/reader.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
    LIMIT_BYTES = 1 << 20,
    READERS = 3,
    BATCH = 50,
    BODY_BYTES = 1000,
    COMMIT_MS = 2,    /* played */
    STAYS_MAX_MS = 60 /* the same: a reader, in a transaction. Longer than is waited for from half the limit on; and
                         twice that, since one may come while one is waited for, shorter than from three quarters on */
};

struct load {
    struct fixture *f;
    int64_t seq;
    int64_t max_wal_bytes, written_bytes;
};

static void write_batch(struct load *l)
{
    static char body[BODY_BYTES];
    memset(body, 'x', sizeof body);
    assert_int_equal(store_begin(l->f->s), OK);
    for (int i = 0; i < BATCH; i++) {
        struct message_row m = {.room_id = 1, .seq = ++l->seq, .body = {body, sizeof body}};
        assert_int_equal(messages_insert(l->f->s, &m), OK);
    }
    assert_int_equal(store_commit(l->f->s), OK);
    int64_t wal_bytes = store_wal_bytes(l->f->s);
    if (wal_bytes > l->max_wal_bytes)
        l->max_wal_bytes = wal_bytes;
    l->written_bytes += BATCH * BODY_BYTES;
    store_checkpoint_if_due(l->f->s);
}

/* A job that reads the newest page and puts itself into the queue again. */
struct page_job {
    struct reader_job job;
    struct reader *pool;
    atomic_int *pages;
    int64_t rows;
};

static bool count_row(void *ctx, const struct event_row *row)
{
    (void)row;
    ++*(int64_t *)ctx;
    return true;
}

static void read_page(struct reader_job *self, struct store *s)
{
    struct page_job *p = (struct page_job *)self;
    if (!s || events_before(s, 1, 0, INT64_MAX, 200, count_row, &p->rows))
        return;
    atomic_fetch_add(p->pages, 1);
    (void)reader_submit(p->pool, &p->job); /* refused when the pool is stopping: then this was the last */
}

static void reopen_with_limit(struct fixture *f, const char *vfs)
{
    const struct store_options options = {.path = f->path, .vfs = vfs, .wal_limit_bytes = LIMIT_BYTES};
    struct store_error why;
    store_close(f->s);
    assert_int_equal(store_open(&options, &f->s, &why), OK);
}

/* ------------------------------------------------------------------ played time */

static struct {
    sqlite3_vfs vfs; /* the system's, but for sleeping */
    int64_t now_us, slept_us;
    sqlite3 *readers[READERS];
    int64_t until_us[READERS]; /* it stays in its transaction */
    int64_t stays;             /* so far, of all of them */
} played;

static void begin_read(size_t i)
{
    char out[4096] = "";
    played.stays++;
    played.until_us[i] = played.now_us + (played.stays * 37 % STAYS_MAX_MS + 1) * 1000;
    assert_int_equal(
        sqlite3_exec(played.readers[i], "BEGIN; SELECT max(seq) FROM messages", outside_add_row, out, NULL), SQLITE_OK);
}

static void pass_us(int64_t us)
{
    played.now_us += us;
    for (size_t i = 0; i < READERS; i++)
        if (played.readers[i] && played.now_us >= played.until_us[i]) {
            assert_int_equal(sqlite3_exec(played.readers[i], "COMMIT", NULL, NULL, NULL), SQLITE_OK);
            begin_read(i);
        }
}

static int sleep_played(sqlite3_vfs *vfs, int us)
{
    (void)vfs;
    played.slept_us += us;
    pass_us(us);
    return us;
}

static void with_readers_all_the_time(void **state)
{
    struct load l = {.f = *state};
    memset(&played, 0, sizeof played);
    played.vfs = *sqlite3_vfs_find(NULL);
    played.vfs.zName = "played";
    played.vfs.pNext = NULL;
    played.vfs.xSleep = sleep_played;
    assert_int_equal(sqlite3_vfs_register(&played.vfs, 0), SQLITE_OK);
    reopen_with_limit(l.f, "played");
    for (size_t i = 0; i < READERS; i++) {
        played.readers[i] = outside_open(l.f->path);
        begin_read(i);
    }
    while (l.written_bytes < 30 * LIMIT_BYTES) {
        write_batch(&l);
        pass_us(COMMIT_MS * 1000);
    }
    assert_in_range(l.max_wal_bytes, LIMIT_BYTES / 8, LIMIT_BYTES - 1);
    assert_true(played.slept_us > STAYS_MAX_MS * 1000); /* else nobody had to be waited for */
    assert_true(played.stays > 100);
    for (size_t i = 0; i < READERS; i++)
        sqlite3_close(played.readers[i]);
    reopen_with_limit(l.f, NULL);
    sqlite3_vfs_unregister(&played.vfs);
}

/* ------------------------------------------------------------------ time as it is */

/* However slow the machine is, nothing fails, and once nobody reads the WAL is short. */
static void beside_the_threads_that_read(void **state)
{
    struct load l = {.f = *state};
    struct metrics m = {0};
    struct reader *pool;
    struct store_error why;
    struct page_job jobs[2 * READERS];
    atomic_int pages = 0;
    reopen_with_limit(l.f, NULL);
    assert_int_equal(reader_open(&(struct store_options){.path = l.f->path}, READERS, 64, &m, &pool, &why), OK);
    assert_int_equal(reader_start(pool), OK);
    for (size_t i = 0; i < sizeof jobs / sizeof jobs[0]; i++) {
        jobs[i] = (struct page_job){.job = {.run = read_page}, .pool = pool, .pages = &pages};
        assert_int_equal(reader_submit(pool, &jobs[i].job), OK);
    }
    while (l.written_bytes < 12 * LIMIT_BYTES || atomic_load(&pages) < 300)
        write_batch(&l);
    reader_stop(pool);
    reader_free(pool);
    for (int i = 0; i < 40; i++)
        write_batch(&l);
    assert_in_range(store_wal_bytes(l.f->s), 0, LIMIT_BYTES - 1);
}

/* A person at a sqlite3 prompt begins a transaction and goes for lunch: the chat goes on, and afterwards the WAL is
 * short again. */
static void a_foreign_reader_only_makes_it_longer(void **state)
{
    struct load l = {.f = *state};
    reopen_with_limit(l.f, NULL);
    write_batch(&l);
    sqlite3 *person = outside_open(l.f->path);
    char out[4096] = "";
    assert_int_equal(sqlite3_exec(person, "BEGIN; SELECT count(*) FROM messages", outside_add_row, out, NULL),
                     SQLITE_OK);
    while (store_wal_bytes(l.f->s) < 2 * LIMIT_BYTES)
        write_batch(&l);
    sqlite3_close(person);
    for (int i = 0; i < 40; i++)
        write_batch(&l);
    assert_in_range(store_wal_bytes(l.f->s), 0, LIMIT_BYTES - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(with_readers_all_the_time, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(beside_the_threads_that_read, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_foreign_reader_only_makes_it_longer, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
