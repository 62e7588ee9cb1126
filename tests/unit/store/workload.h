/* workload.h - a few batches through the writer on one thread, and what the database must hold afterwards.
 *
 * Each batch sends three messages to the lobby, refuses a fourth command by a rule, and moves the position on by four.
 * Every message has a client id of its own, so that each can be asked for by name later: was it stored? */
#ifndef HUBBUB_TESTS_STORE_WORKLOAD_H
#define HUBBUB_TESTS_STORE_WORKLOAD_H

#include "fixture.h"
#include "store/connection.h"
#include "store/writer.h"

enum { BATCH_JOBS = 4, BATCHES_MAX = 16 };

/* So small that there are checkpoints in between, passive and waiting ones. */
enum { WORKLOAD_WAL_BYTES = 256 << 10 };

/* Tests that go through all n-th calls take every call; only every few with the sanitizers, which are slow: the thread
 * sanitizer has nothing to say about them, as they have one thread, and the address sanitizer sees each path often enough. */
#ifdef SANITIZED
enum { FAULT_STRIDE = 9 };
#else
enum { FAULT_STRIDE = 1 };
#endif

struct workload_job {
    struct writer_job job; /* first */
    char id[16];
    bool refused; /* by a rule */
};

struct workload {
    struct fixture f;
    const char *vfs;
    int64_t wal_limit_bytes; /* 0: WORKLOAD_WAL_BYTES */
    int ends;                /* syncs that failed, each of which would have ended the process */
    struct writer *w;
    struct metrics m;
    struct workload_job jobs[BATCHES_MAX][BATCH_JOBS];
    int batches; /* that have come back */
    int taken;   /* that have been submitted; batches or one more */
    int64_t seq, number, committed_seq, committed_number;
};

static inline enum err workload_apply(void *ctx, struct store *s, struct writer_job *job)
{
    struct workload *l = ctx;
    struct workload_job *j = (struct workload_job *)job;
    l->number++;
    if (j->refused) {
        job->result = ERR_ARCHIVED;
        return OK;
    }
    struct message_row m = {.room_id = 1, .seq = l->seq + 1, .body = job->command, .client_id = span_of(j->id)};
    enum err e = messages_insert(s, &m);
    if (!e)
        l->seq++;
    return e;
}

static inline enum err workload_before_commit(void *ctx, struct store *s)
{
    struct workload *l = ctx;
    struct store_position p = {.epoch = 1, .number = l->number};
    enum err e = rooms_set_last_seq(s, 1, l->seq);
    return e ? e : store_position_set(s, &p);
}

static inline void workload_committed(void *ctx, struct store *s, struct writer_job *first, bool stored)
{
    struct workload *l = ctx;
    assert_true(sqlite3_get_autocommit(s->db)); /* whatever happened, no transaction is open */
    assert_ptr_equal(first, &l->jobs[l->batches][0].job);
    if (stored) {
        l->committed_seq = l->seq;
        l->committed_number = l->number;
    }
    l->seq = l->committed_seq;
    l->number = l->committed_number;
    l->batches++;
}

static inline void workload_end(void *ctx, const char *file, int error)
{
    struct workload *l = ctx;
    (void)error;
    assert_non_null(strstr(file, "d")); /* hubbub.db, or the directory */
    l->ends++;
}

/* Opens the store and the writer; as store_open(). The directory has been made. */
static inline enum err workload_open(struct workload *l)
{
    static const struct writer_limits limits = {100, 100, 1 << 20};
    const struct writer_hooks hooks = {workload_apply, workload_before_commit, workload_committed, l};
    struct store_error why = {""};
    const struct store_options options = {
        .path = l->f.path,
        .vfs = l->vfs,
        .wal_limit_bytes = l->wal_limit_bytes ? l->wal_limit_bytes : WORKLOAD_WAL_BYTES,
        .sync_failed = workload_end,
        .ctx = l,
    };
    enum err e = store_open(&options, &l->f.s, &why);
    if (e) {
        assert_true(strlen(why.text) > 20);
        return e;
    }
    l->w = writer_new(l->f.s, &hooks, &limits, env_system(), &l->m);
    assert_non_null(l->w);
    return OK;
}

static inline void workload_close(struct workload *l)
{
    if (l->w) {
        writer_stop(l->w);
        writer_free(l->w);
    }
    store_close(l->f.s);
    l->w = NULL;
    l->f.s = NULL;
}

/* One batch: true when it was stored. Its jobs are all of one mind, but for the refused one. */
static inline bool workload_batch(struct workload *l)
{
    static char body[5000]; /* two pages each */
    struct workload_job *jobs = l->jobs[l->taken];
    memset(body, 'x', sizeof body);
    for (int i = 0; i < BATCH_JOBS; i++) {
        jobs[i] = (struct workload_job){.job.command = {body, sizeof body}, .refused = i == 2};
        snprintf(jobs[i].id, sizeof jobs[i].id, "b%d-%d", l->taken, i);
        assert_int_equal(writer_submit(l->w, &jobs[i].job), OK);
    }
    l->taken++;
    assert_int_equal(writer_step(l->w), BATCH_JOBS);
    bool stored = jobs[0].job.result == OK;
    for (int i = 0; i < BATCH_JOBS; i++)
        assert_int_equal(jobs[i].job.result, !stored ? ERR_STORAGE : jobs[i].refused ? ERR_ARCHIVED : OK);
    assert_int_equal(metric_get(&l->m.storage_ok), stored);
    return stored;
}

/* The number of messages of a batch that a database holds. */
static inline int workload_found(struct store *s, const struct workload *l, int batch)
{
    int found = 0;
    for (int i = 0; i < BATCH_JOBS; i++) {
        struct message_row m;
        enum err e = messages_by_client_id(s, 0, span_of(l->jobs[batch][i].id), &m);
        assert_true(e == OK || e == ERR_NOT_FOUND);
        found += e == OK;
    }
    return found;
}

static inline bool workload_next_seq(void *ctx, const struct event_row *row)
{
    assert_int_equal(row->seq, ++*(int64_t *)ctx);
    return true;
}

static inline void workload_room(void *ctx, const struct room_row *row)
{
    if (row->id == 1)
        *(int64_t *)ctx = row->last_seq;
}

/* Opens the database at `path` as after a crash or a stop and holds it against what was reported: all batches that were
 * stored are there, none of those that failed, whole or not at all, numbered without gaps. Batches from `unknown` on
 * may be there or not, but whole. The number of batches found that were reported as failed, or whose answer was not
 * known. */
static inline int workload_check(const struct workload *l, const char *path, int unknown)
{
    struct store_error why = {""};
    struct store *s = NULL;
    struct store_position p;
    char out[4096];
    int surplus = 0, total = 0;
    if (store_open(&(struct store_options){.path = path}, &s, &why))
        fail_msg("%s", why.text);
    for (int b = 0; b < l->taken; b++) {
        int found = workload_found(s, l, b);
        bool stored = b < l->batches && l->jobs[b][0].job.result == OK;
        assert_true(found == 0 || found == BATCH_JOBS - 1);
        if (stored)
            assert_int_equal(found, BATCH_JOBS - 1);
        surplus += !stored && found;
        total += found;
        if (!stored && found && b < unknown)
            fail_msg("batch %d was reported as failed and is there", b);
    }
    int64_t seq = 0, last_seq = 0;
    assert_int_equal(events_after(s, 1, 0, INT64_MAX, 1000, workload_next_seq, &seq), OK);
    assert_int_equal(seq, total);
    assert_int_equal(rooms_each(s, workload_room, &last_seq), OK);
    assert_int_equal(last_seq, total);
    assert_int_equal(store_position_get(s, &p), OK);
    assert_int_equal(p.number, total / (BATCH_JOBS - 1) * BATCH_JOBS);
    store_close(s);
    assert_string_equal(outside_query(path, "PRAGMA integrity_check", out), "ok\n");
    return surplus;
}

/* Copies what a kill -9 would leave: the wal-index is no part of it, nobody could read it any more. */
static inline void workload_copy(const struct workload *l, const char *path)
{
    static const char *const suffixes[] = {"", "-wal"};
    static char bytes[32 << 20];
    for (size_t i = 0; i < 2; i++) {
        char name[128];
        snprintf(name, sizeof name, "%s%s", l->f.path, suffixes[i]);
        FILE *from = fopen(name, "rb");
        if (!from)
            continue;
        size_t len = fread(bytes, 1, sizeof bytes, from);
        assert_true(len < sizeof bytes);
        fclose(from);
        snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
        FILE *to = fopen(name, "wb");
        assert_non_null(to);
        assert_int_equal(fwrite(bytes, 1, len, to), len);
        fclose(to);
    }
}

#endif
