#include "profile.h"

static void choose_settings(struct profile *p, struct dice *d)
{
    p->history_on_join = DICE_PICK(d, int64_t, 0, 1, 2, 3, 5, 8, 30, 200);
    p->message_max_bytes = DICE_PICK(d, int64_t, 64, 256, 1024, 16384);
    p->outbox_frames = DICE_PICK(d, int64_t, 8, 12, 20, 64, 256);
    p->outbox_bytes = DICE_PICK(d, int64_t, 4096, 4096, 200000, 1048576);
    p->ring_memory_bytes = p->outbox_bytes == 200000 ? 4000 : 1048576; /* every fourth: a few messages */
    p->outbox_memory_bytes = p->outbox_bytes < 200000 ? 0 : 134217728; /* 0: as little as there can be */
    p->gathers = !dice_one_in(d, 3);
    bool rates = dice_one_in(d, 4);
    p->rate_messages_per_s = rates ? DICE_PICK(d, int64_t, 5, 20, 50) : 0;
    p->rate_burst = DICE_PICK(d, int64_t, 5, 20);
    p->command_queue = DICE_PICK(d, int64_t, 2, 8, 65536, 65536);
    p->commit_max_commands = DICE_PICK(d, int64_t, 1, 2, 5, 64, 1024);
    p->commit_max_bytes = DICE_PICK(d, int64_t, 1024, 262144, 262144);
    p->reader_queue = DICE_PICK(d, int64_t, 1, 4, 4096, 4096);
    p->visitor_kept_ms = DICE_PICK(d, int64_t, 1, 10, 100);
    p->wal_limit_bytes = DICE_PICK(d, int64_t, 131072, 262144, 1048576, 67108864);
}

static void choose_people(struct profile *p, struct dice *d)
{
    p->clients = (int)dice_between(d, 2, PROFILE_CLIENTS_MAX - 1);
    p->account_clients = dice_one_in(d, 6) ? 0 : (int)dice_between(d, 1, p->clients);
    p->accounts = p->account_clients ? (int)dice_between(d, 1, p->account_clients < 5 ? p->account_clients : 5) : 1;
    p->guests = (int)dice_between(d, 0, p->clients - p->account_clients);
    p->calls = DICE_PICK(d, size_t, 8, 8, 25, 60);
    p->rooms = (int)dice_between(d, 0, 3);
    p->act_every_us = DICE_PICK(d, int64_t, 2000, 10000, 50000);
    p->kernel_bytes = DICE_PICK(d, size_t, 300, 2000, 20000, 262144);
    p->tidy = dice_one_in(d, 4);
    if (p->tidy) {
        p->calls = 60;
        p->account_clients = p->account_clients > 2 ? 2 : p->account_clients;
        p->guests = 0;
    }
    p->wordy = dice_one_in(d, 6);
    if (p->wordy) {
        p->message_max_bytes = DICE_PICK(d, int64_t, 1024, 16384);
        p->rooms = 0;
    }
    p->turbulent = p->account_clients > 1 && dice_one_in(d, 2);
    p->talks_a_lot = dice_one_in(d, 12);
    if (!p->talks_a_lot)
        return;
    /* What the writer and the queues must let through, so that the room gets well beyond 1,000 events. */
    p->rooms = 0;
    p->wordy = false;
    p->clients = 3;
    p->account_clients = p->account_clients > 2 ? 2 : p->account_clients;
    p->accounts = p->accounts > 2 ? 2 : p->accounts;
    p->guests = 2 - p->account_clients;
    p->calls = 8;
    p->turbulent = false;
    p->message_max_bytes = 256;
    p->rate_messages_per_s = 0;
    p->command_queue = 65536;
    p->commit_max_commands = 64;
    p->commit_max_bytes = 262144;
    p->act_every_us = 2000;
    p->kernel_bytes = 262144;
    p->outbox_frames = 256;
    p->outbox_bytes = 1048576;
    p->outbox_memory_bytes = 134217728;
}

static void choose_troubles(struct profile *p, struct dice *d)
{
    p->turn_us = DICE_PICK(d, int64_t, 20, 100, 500);
    for (size_t i = 0; i < sizeof p->weights / sizeof p->weights[0]; i++)
        p->weights[i] = DICE_PICK(d, size_t, 1, 4, 4, 16);
    p->interrupt_one_in = DICE_PICK(d, size_t, 0, 3, 10, 40);
    if (dice_one_in(d, 8)) /* a quiet run: what goes wrong in it is not the machine's fault */
        return;
    p->kill_one_in = DICE_PICK(d, size_t, 0, 600, 1500);
    p->power_loss_one_in = DICE_PICK(d, size_t, 0, 600, 1500);
    p->dies_in_io_one_in = DICE_PICK(d, size_t, 0, 500, 1500);
    p->stop_one_in = DICE_PICK(d, size_t, 0, 1500);
    p->fault_one_in = DICE_PICK(d, size_t, 0, 300, 1000);
    p->look_one_in = 400;
    p->clock_jump_one_in = DICE_PICK(d, size_t, 0, 500);
}

/* Whoever talks a lot is not to be disturbed too often. */
static void calm_down(struct profile *p)
{
    p->weights[0] = 16; /* the writer's */
    p->kill_one_in *= 5;
    p->power_loss_one_in *= 5;
    p->dies_in_io_one_in *= 5;
    p->fault_one_in *= 5;
    p->turns += 3000;
}

/* Much is to be in one commit. */
static void stir(struct profile *p, struct dice *d)
{
    p->clients = p->clients > 4 ? p->clients : 4;
    p->account_clients = p->account_clients > 4 ? p->account_clients : 4;
    p->accounts = p->accounts > 3 ? p->accounts : 3;
    p->guests = p->clients - p->account_clients < p->guests ? p->clients - p->account_clients : p->guests;
    p->turns += 500;
    p->interrupt_one_in = DICE_PICK(d, size_t, 2, 3, 10);
    p->weights[0] = DICE_PICK(d, size_t, 1, 1, 4);
    p->commit_max_commands = 64;
    p->commit_max_bytes = 262144;
    p->command_queue = 65536;
    p->kill_one_in *= 3;
    p->power_loss_one_in *= 3;
    p->dies_in_io_one_in *= 3;
}

void profile_choose(struct profile *p, struct dice *d, int64_t turns)
{
    *p = (struct profile){.turns = dice_between(d, 800, 3000)};
    choose_settings(p, d);
    choose_people(p, d);
    choose_troubles(p, d);
    if (p->talks_a_lot)
        calm_down(p);
    if (p->turbulent)
        stir(p, d);
    if (p->wordy) /* so that a page of history gets too large */
        p->turns += 3000;
    if (turns)
        p->turns = turns;
}
