#include "world.h"

#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    REST_US = 12000000, /* nobody has had anything to do for so long: longer than anything waits */
    REST_TURNS_AT_MOST = 400000,
};

static const int64_t wall_start_ms = INT64_C(1790000000000);

/* ------------------------------------------------------------------ what the core and SQLite ask */

static int64_t wall_ms(void *ctx)
{
    const struct world *w = ctx;
    return wall_start_ms + w->wall_offset_ms + w->now_us / 1000;
}

static int64_t mono_ns(void *ctx)
{
    const struct world *w = ctx;
    return (w->now_us + 1000000) * 1000;
}

static void random_bytes(void *ctx, uint8_t *out, size_t len)
{
    struct world *w = ctx;
    dice_bytes(&w->env_dice, out, len);
}

static void sleep_us(void *ctx, int64_t us)
{
    world_pass_us(ctx, us);
}

void world_pass_us(struct world *w, int64_t us)
{
    w->now_us += us;
}

/* ------------------------------------------------------------------ life */

static void offer_all(struct world *w)
{
    server_offer(w);
    if (w->faults.dead)
        return;
    for (int i = 0; i < w->profile.clients; i++)
        client_offer(w, &w->clients[i]);
    admin_offer(w);
}

/* Such as no guest chooses. */
static void name_accounts(struct world *w)
{
    static const char *const names[WORLD_ACCOUNTS_MAX] = {"olga-b", "emil.k", "jan_z",  "hans-v",
                                                          "gerd.q", "pia_w",  "ruth-u", "max.y"};
    for (int i = 0; i < WORLD_ACCOUNTS_MAX; i++)
        snprintf(w->accounts[i].name, sizeof w->accounts[i].name, "%s", names[i]);
}

static struct world *world_new(uint64_t seed, const struct world_options *o)
{
    struct world *w = mem_must_calloc(1, sizeof *w);
    struct dice choices;
    dice_init(&choices, seed, 0);
    dice_init(&w->dice, seed, 1);
    dice_init(&w->disk_dice, seed, 2);
    dice_init(&w->env_dice, seed, 3);
    profile_choose(&w->profile, &choices, o->turns);
    trace_init(&w->trace, seed, &w->now_us, o->print, o->replay_options);
    w->env = (struct env){wall_ms, mono_ns, random_bytes, w};
    struct vfs_hooks hooks = {faults_before, sleep_us, wall_ms, random_bytes, w};
    w->disk = disk_new();
    w->vfs = vfs_new(WORLD_VFS, &hooks, true);
    vfs_insert(w->vfs, w->disk);
    hooks.before = NULL;
    w->what_if = vfs_new(WORLD_WHAT_IF_VFS, &hooks, false);
    sqlite3_randomness(0, NULL); /* its generator takes a new seed, from the default VFS */
    ledger_init(w);
    sight_init(w);
    name_accounts(w);
    admin_init(w);
    for (int i = 0; i < w->profile.clients; i++)
        client_init(&w->clients[i], w, i);
    turns_init(&w->turns, w, offer_all);
    return w;
}

static void world_free(struct world *w)
{
    turns_clear();
    for (int i = 0; i < w->profile.clients; i++) {
        if (w->clients[i].link)
            link_drop(w->clients[i].link, false);
        client_clear(&w->clients[i]);
    }
    link_sweep(w);
    model_clear(&w->model);
    sight_clear(&w->sight);
    ledger_clear(w);
    vfs_free(w->what_if);
    vfs_free(w->vfs);
    disk_free(w->disk);
    free(w);
}

/* ------------------------------------------------------------------ trouble */

static void say_profile(struct world *w)
{
    const struct profile *p = &w->profile;
    world_say(w,
              "history_on_join %" PRId64 ", message_max_bytes %" PRId64 ", rate %" PRId64 "/%" PRId64
              ", outbox %" PRId64 "/%" PRId64 ", command_queue %" PRId64 ", commit %" PRId64 "/%" PRId64
              ", reader_queue %" PRId64 ", wal %" PRId64,
              p->history_on_join, p->message_max_bytes, p->rate_messages_per_s, p->rate_burst, p->outbox_frames,
              p->outbox_bytes, p->command_queue, p->commit_max_commands, p->commit_max_bytes, p->reader_queue,
              p->wal_limit_bytes);
    world_say(w,
              "%d clients (%d with %d accounts, %d guests), calls %zu, turbulent %d, talks_a_lot %d, wordy %d, kernel "
              "%zu, interrupt "
              "%zu, kill %zu, power %zu, io "
              "%zu, stop %zu, fault %zu",
              p->clients, p->account_clients, p->accounts, p->guests, p->calls, p->turbulent, p->talks_a_lot, p->wordy,
              p->kernel_bytes, p->interrupt_one_in, p->kill_one_in, p->power_loss_one_in, p->dies_in_io_one_in,
              p->stop_one_in, p->fault_one_in);
}

/* Between two turns, with nothing on the stack. */
static void go_wrong(struct world *w)
{
    const struct profile *p = &w->profile;
    struct dice *d = &w->dice;
    if (w->faults.now && w->now_us >= w->faults.until_us)
        faults_end(w);
    else if (!w->faults.now && dice_one_in(d, p->fault_one_in))
        faults_begin(w);
    if (dice_one_in(d, p->clock_jump_one_in))
        w->wall_offset_ms += dice_between(d, -5000, 5000);
    if (dice_one_in(d, p->look_one_in) && w->server.starts)
        check_power_loss(w, dice_one_in(d, 2));
    if (!w->faults.dies_in && dice_one_in(d, p->dies_in_io_one_in))
        w->faults.dies_in = dice_between(d, 1, 80);
    if (dice_one_in(d, p->stop_one_in) && w->server.state == SERVER_UP)
        server_stop(w);
    if (w->faults.dead) {
        world_count(w, deaths_in_io);
        server_die(w, dice_one_in(d, 2));
    }
    if (dice_one_in(d, p->kill_one_in) && w->server.state != SERVER_DOWN)
        server_die(w, false);
    if (dice_one_in(d, p->power_loss_one_in))
        server_die(w, true);
}

static void live(struct world *w)
{
    while (w->turns.taken < (uint64_t)w->profile.turns) {
        go_wrong(w);
        turns_take(&w->turns);
        link_sweep(w);
    }
    while (w->faults.dead)
        server_die(w, dice_one_in(&w->dice, 2));
}

/* ------------------------------------------------------------------ rest */

/* An account is there as a member, wherever it looks; a guest or visitor while they have the room open. */
static bool is_there(const struct world *w, const struct client *c, int64_t room)
{
    if (client_viewer(c).kind == USER_ACCOUNT)
        return c->state == CLIENT_HERE && c->welcomed && place_member(&w->place.rooms[room], c->who.user_id);
    return c->rooms[room].open;
}

/* Whether a client before i is the same person, and there as well. */
static bool is_counted(const struct world *w, int i, int64_t room)
{
    const struct client *c = &w->clients[i];
    for (int k = 0; c->who.user_id && k < i; k++)
        if (w->clients[k].who.user_id == c->who.user_id && is_there(w, &w->clients[k], room))
            return true;
    return false;
}

static bool are_apart(const struct world *w, int64_t a, int64_t b)
{
    return a && b && (place_has_blocked(&w->place, a, b) || place_has_blocked(&w->place, b, a));
}

/* As this client sees it. */
static int64_t count_there(const struct world *w, int64_t room, const struct client *viewer)
{
    int64_t count = 0;
    for (int i = 0; i < w->profile.clients; i++)
        count += is_there(w, &w->clients[i], room) && !is_counted(w, i, room) &&
                 !are_apart(w, viewer->who.user_id, w->clients[i].who.user_id);
    return count;
}

/* Whoever has a room open has been told how many are there, unless that was dropped to make room. */
static void check_presence(struct world *w)
{
    for (int64_t room = 1; room < PLACE_ROOMS_MAX; room++) {
        for (int i = 0; i < w->profile.clients; i++) {
            const struct client *c = &w->clients[i];
            const int64_t count = c->rooms[room].open ? count_there(w, room, c) : 0;
            if (c->rooms[room].open && c->rooms[room].count != count)
                trace_fail(&w->trace, "presence",
                           "%s was told of %" PRId64 " people in room %" PRId64 ", but there are %" PRId64,
                           client_label(c), c->rooms[room].count, room, count);
        }
    }
}

/* Nothing goes wrong any more: all that was begun comes to its end. One client may go on not reading, which must not
 * keep the others from it. */
static void rest(struct world *w)
{
    uint64_t before = w->turns.taken;
    bool stalled = dice_one_in(&w->dice, 3);
    struct client *c = &w->clients[dice_below(&w->dice, (size_t)w->profile.clients)];
    faults_end(w);
    w->faults.dies_in = 0;
    w->quiet = true;
    admin_leave_prompt(w);
    world_say(w, "from here on nothing goes wrong");
    for (int i = 0; i < w->profile.clients; i++)
        w->clients[i].stalled_until_us = 0;
    stalled = stalled && c->state == CLIENT_HERE;
    c->stays_stalled = stalled;
    w->turns.active_us = w->now_us;
    while (w->server.state != SERVER_UP || w->now_us - w->turns.active_us < REST_US) {
        if (!turns_take(&w->turns) || w->turns.taken - before > REST_TURNS_AT_MOST)
            trace_fail(&w->trace, "liveness", "there is no rest after %" PRIu64 " turns", w->turns.taken - before);
        link_sweep(w);
    }
    for (int i = 0; i < w->profile.clients; i++)
        if (!w->clients[i].stays_stalled)
            client_check_rest(w, &w->clients[i]);
    if (!stalled && !metric_get(&w->server.metrics.ephemeral_dropped_total))
        check_presence(w);
    check_all(w);
}

void world_run(uint64_t seed, const struct world_options *options, struct world_result *result,
               const struct trace **trace_of_run)
{
    struct world *w = world_new(seed, options);
    *trace_of_run = &w->trace;
    say_profile(w);
    live(w);
    rest(w);
    server_stop(w);
    check_power_loss(w, false);
    *result = (struct world_result){
        .hash = w->trace.hash,
        .turns = w->turns.taken,
        .events = w->model.events,
        .starts = w->server.starts,
        .sends = (int64_t)w->model.sends_count,
        .simulated_us = w->now_us,
        .tallies = w->tallies,
    };
    *trace_of_run = NULL;
    world_free(w);
}
