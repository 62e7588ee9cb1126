#include "server.h"

#include "base/mem.h"
#include "chat/submit/for_tests.h"
#include "chat/submit/proposal.h"
#include "chat/submit/sweep.h"
#include "store/connection.h"
#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    TICK_US = 1000000,
    SWEEP_US = 5000,    /* more often than the tick, so that it happens while people are busy */
    PROBE_US = 1000000, /* as in store/writer.c */
    DRAIN_US = 5000000,
    READER_THREADS = 1,
};

/* ------------------------------------------------------------------ mailboxes */

static void deliver(struct world *w, int shard, struct task *task)
{
    task_list_push(&w->server.mail[shard].tasks, task);
    w->server.mail[shard].posted++;
    if (!w->turns.routine)
        w->server.mail[shard].last_loud = w->server.mail[shard].posted;
}

static void release_held(struct world *w, void *arg)
{
    struct task *task = w->server.held;
    (void)arg;
    w->server.held = NULL;
    deliver(w, w->server.held_shard, task);
}

static void post(void *ctx, struct task *task)
{
    struct mail *m = ctx;
    struct world *w = m->world;
    if (turns_part(&w->turns) == PART_READER && !w->server.held && dice_one_in(&w->dice, 3)) {
        w->server.held = task;
        w->server.held_shard = m->shard;
    } else {
        deliver(w, m->shard, task);
    }
}

/* ------------------------------------------------------------------ turns */

static void write_turn(struct world *w, void *arg)
{
    struct server *s = &w->server;
    (void)arg;
    size_t n = log_step(s->chat->log);
    int64_t failures = metric_get(&s->metrics.commit_failures_total);
    world_say(w, "the writer has %s %zu", failures > s->failures ? "failed to commit" : "committed", n);
    if (failures > s->failures && !s->faulted && !w->faults.dead)
        trace_fail(&w->trace, "liveness", "a commit fails, although the disk works");
    w->tallies.n[TALLY_failed_commits] += failures - s->failures;
    if (failures == s->failures && n) {
        s->commits++;
        model_committed(&w->model);
    }
    ledger_settle(w);
    link_end_due(w);
    s->failures = failures;
    s->probe_us = w->now_us + PROBE_US;
}

/* What the writer's thread does by itself after a failure. */
static void probe_turn(struct world *w, void *arg)
{
    struct server *s = &w->server;
    (void)arg;
    if (!store_probe(s->store))
        metric_set(&s->metrics.storage_ok, 1);
    s->probe_us = w->now_us + PROBE_US;
}

static void read_turn(struct world *w, void *arg)
{
    (void)arg;
    reader_step(w->server.reader);
}

static void task_turn(struct world *w, void *arg)
{
    struct mail *m = arg;
    struct task *task = task_list_pop(&m->tasks);
    task->run(task);
    m->done++;
    link_check_ended(w, m->shard);
}

static void tick_turn(struct world *w, void *arg)
{
    (void)arg;
    w->server.tick_us = w->now_us + TICK_US;
    chat_tick(w->server.chat);
}

/* What the tick does as well. */
static void sweep_turn(struct world *w, void *arg)
{
    (void)arg;
    w->server.sweep_us = w->now_us + (w->quiet ? TICK_US : SWEEP_US);
    sweep_tick(w->server.chat->sweep);
}

/* What the reader has to do is looking for visitors, which goes on for ever. */
static bool only_sweeps(const struct server *s)
{
    return metric_get(&s->metrics.reader_queue) == 1 && sweep_is_looking(s->chat->sweep);
}

static void start_turn(struct world *w, void *arg)
{
    (void)arg;
    server_start(w);
}

void server_offer(struct world *w)
{
    struct server *s = &w->server;
    struct turns *t = &w->turns;
    if (s->state == SERVER_DOWN) {
        if (t->depth == 0)
            turns_offer(t, PART_NOBODY, s->start_us, start_turn, NULL);
        return;
    }
    if (metric_get(&s->metrics.command_queue))
        turns_offer(t, PART_WRITER, w->now_us, write_turn, NULL);
    else if (!metric_get(&s->metrics.storage_ok))
        turns_offer_routine(t, PART_WRITER, s->probe_us, probe_turn, NULL);
    if (metric_get(&s->metrics.reader_queue))
        (only_sweeps(s) ? turns_offer_routine : turns_offer)(t, PART_READER, w->now_us, read_turn, NULL);
    if (w->faults.dead) /* those who wait are served by the threads that die; nobody else runs any more */
        return;
    if (s->held)
        turns_offer(t, PART_NOBODY, w->now_us, release_held, NULL);
    for (int i = 0; i < PROFILE_SHARDS; i++) {
        struct mail *m = &s->mail[i];
        if (m->tasks.head)
            (m->done < m->last_loud ? turns_offer : turns_offer_routine)(t, (enum part)(PART_SHARD + i), w->now_us,
                                                                         task_turn, m);
    }
    turns_offer_routine(t, PART_SHARD, s->tick_us, tick_turn, NULL);
    turns_offer_routine(t, PART_SHARD, s->sweep_us, sweep_turn, NULL);
    for (struct link *l = s->links; l; l = l->next)
        link_offer(l);
}

/* ------------------------------------------------------------------ start */

/* Where the program ends. */
static void sync_failed(void *ctx, const char *file, int error)
{
    struct world *w = ctx;
    (void)error;
    w->faults.dead = true;
    world_count(w, failed_syncs);
    world_say(w, "%s cannot be synced: the program ends", file);
}

static enum err open_all(struct world *w, char why[512])
{
    struct server *s = &w->server;
    const struct profile *p = &w->profile;
    struct store_error store_why = {"out of memory"};
    struct store_options store = {.path = WORLD_DATABASE,
                                  .vfs = WORLD_VFS,
                                  .wal_limit_bytes = p->wal_limit_bytes,
                                  .sync_failed = sync_failed,
                                  .ctx = w};
    enum err e = store_open(&store, &s->store, &store_why);
    if (!e)
        e = reader_open(&store, READER_THREADS, p->reader_queue, &s->metrics, &s->reader, &store_why);
    snprintf(why, 512, "%s", store_why.text);
    if (e)
        return e;
    struct chat_options chat = {
        .settings = {.server_name = WORLD_SERVER_NAME,
                     .allow_guests = true,
                     .message_max_bytes = p->message_max_bytes,
                     .history_on_join = p->history_on_join,
                     .ring_memory_bytes = p->ring_memory_bytes,
                     .rate_messages_per_s = p->rate_messages_per_s,
                     .rate_burst = p->rate_burst,
                     .rate_guest_messages_per_s = p->rate_messages_per_s,
                     .rate_guest_burst = p->rate_burst,
                     .signup = SIGNUP_OPEN,
                     .outbox = {.frames = (uint32_t)p->outbox_frames,
                                .bytes = (uint32_t)p->outbox_bytes,
                                .memory_bytes = p->outbox_memory_bytes},
                     .visitor_kept_ms = p->visitor_kept_ms,
                     .sweep_every_ms = 1,
                     .welcome_page_bytes = p->outbox_bytes < 200000 ? 128 : 0,
                     .reconnect_spread_ms = WORLD_RECONNECT_SPREAD_MS},
        .env = &w->env,
        .metrics = &s->metrics,
        .store = s->store,
        .reader = s->reader,
        .writer = {p->command_queue, p->commit_max_commands, p->commit_max_bytes},
        .shards = PROFILE_SHARDS,
        .cookie_secret = "the same in all lives",
    };
    e = chat_open(&chat, &s->chat);
    if (!e)
        e = ledger_attach(w, s->chat, s->store, &chat.writer);
    if (e)
        snprintf(why, 512, "chat_open: %s", err_code(e));
    return e;
}

static void close_all(struct world *w)
{
    struct server *s = &w->server;
    chat_close(s->chat);
    reader_free(s->reader);
    store_close(s->store);
    s->chat = NULL;
    s->reader = NULL;
    s->store = NULL;
    s->state = SERVER_DOWN;
}

void server_start(struct world *w)
{
    struct server *s = &w->server;
    char why[512];
    uint8_t hash[32];
    s->metrics = (struct metrics){0};
    s->faulted = w->faults.now != FAULT_NONE;
    s->writes_failed = faults_has_writes(&w->faults);
    s->failures = s->commits = 0;
    w->turns.uninterrupted = true;
    enum err e = open_all(w, why);
    if (e) {
        close_all(w);
        if (!s->faulted && !w->faults.dead)
            trace_fail(&w->trace, "liveness", "the program does not start: %s", why);
        world_say(w, "the program cannot start: %s", why);
        s->start_us = w->now_us + 300000;
    } else {
        for (int i = 0; i < PROFILE_SHARDS; i++) {
            s->mail[i].world = w;
            s->mail[i].shard = i;
            s->mail[i].posted = s->mail[i].done = s->mail[i].last_loud = 0;
            task_list_init(&s->mail[i].tasks);
            chat_attach(s->chat, i, &(struct mailbox){post, &s->mail[i]});
            if (w->profile.gathers)
                proposals_gather(hub_shard(s->chat->hub, i));
        }
        s->state = SERVER_UP;
        s->starts++;
        s->tick_us = w->now_us + TICK_US;
        s->sweep_us = w->now_us + SWEEP_US;
        s->probe_us = w->now_us + PROBE_US;
        world_say(w, "the program has started");
        model_committed(&w->model); /* it begins with a commit, when it has died before */
        check_open(w);
        int64_t number = check_applied(w, hash);
        ledger_start(w, number, hash);
        check_all(w);
    }
    w->turns.uninterrupted = false;
}

/* ------------------------------------------------------------------ the end */

static void run_mail(struct world *w)
{
    bool ran = true;
    if (w->server.held)
        release_held(w, NULL);
    while (ran) {
        ran = false;
        for (int i = 0; i < PROFILE_SHARDS; i++)
            for (struct task *task; (task = task_list_pop(&w->server.mail[i].tasks)); ran = true)
                task->run(task);
    }
}

/* Ends what is left of it in the order of app_close(), so that all memory comes back. After its death nothing of this
 * reaches anybody. */
static void tear_down(struct world *w, bool cut)
{
    struct server *s = &w->server;
    admin_leave_prompt(w);
    check_close(w);
    if (s->state == SERVER_DOWN)
        return;
    w->turns.uninterrupted = true;
    reader_stop(s->reader);
    log_stop(s->chat->log);
    run_mail(w);
    for (struct link *l = s->links; l; l = l->next)
        if (!l->over)
            link_end(l, cut);
    run_mail(w);
    close_all(w);
    w->turns.uninterrupted = false;
}

void server_die(struct world *w, bool power_loss)
{
    w->faults.dead = true;
    w->tallies.n[power_loss ? TALLY_power_losses : TALLY_kills]++;
    world_say(w, power_loss ? "the power fails" : "the program is killed");
    tear_down(w, power_loss);
    if (power_loss || w->server.writes_failed)
        model_excuse(&w->model);
    disk_evict(w->disk, &w->disk_dice);
    if (power_loss) {
        struct disk *after = disk_after_power_loss(w->disk, dice_one_in(&w->dice, 4) ? NULL : &w->disk_dice);
        disk_free(w->disk);
        w->disk = after;
        vfs_insert(w->vfs, after);
    }
    w->faults.dead = false;
    w->faults.dies_in = 0;
    w->server.start_us = w->now_us + dice_between(&w->dice, 1000, 2000000);
}

struct drain {
    struct task task;
    struct world *world;
    int shard;
};

static void drain(struct task *task)
{
    struct drain *d = (struct drain *)task;
    struct chat *chat = d->world->server.chat;
    session_bye_all(chat, hub_shard(chat->hub, d->shard), "restart");
    session_end_all(hub_shard(chat->hub, d->shard), ERR_SHUTTING_DOWN, "restart");
    free(d);
}

static bool sessions_left(const struct world *w)
{
    for (const struct link *l = w->server.links; l; l = l->next)
        if (l->session || l->adopting)
            return true;
    return false;
}

void server_stop(struct world *w)
{
    struct server *s = &w->server;
    size_t wal_bytes;
    world_count(w, stops);
    world_say(w, "the program is told to stop");
    s->state = SERVER_DRAINING;
    chat_drain(s->chat);
    log_close_queue(s->chat->log);
    while (metric_get(&s->metrics.command_queue) && !w->faults.dead)
        turns_take(&w->turns);
    for (int i = 0; i < PROFILE_SHARDS && !w->faults.dead; i++) {
        struct drain *d = mem_must_calloc(1, sizeof *d);
        *d = (struct drain){.task.run = drain, .world = w, .shard = i};
        deliver(w, i, &d->task);
    }
    int64_t until_us = w->now_us + DRAIN_US;
    while (sessions_left(w) && w->now_us < until_us && !w->faults.dead)
        turns_take(&w->turns);
    if (w->faults.dead)
        return;
    tear_down(w, false);
    if (w->faults.dead)
        return;
    world_say(w, "the program has stopped");
    if (!s->faulted && disk_has(w->disk, WORLD_DATABASE "-wal", &wal_bytes))
        trace_fail(&w->trace, "I1", "a clean stop has left a WAL of %zu bytes", wal_bytes);
    if (s->starts)
        check_power_loss(w, true);
    s->start_us = w->now_us + dice_between(&w->dice, 1000, 500000);
}
