/* chat.h - the rules of the chat, wired to what they stand on: hub, log, readers, settings.
 *
 * One struct chat for the program. Each verb has a file of its own with two halves: *submit* (on the session's
 * reactor: check the request, build the command, propose it) and *apply* (on the writer's thread, inside the
 * transaction, deterministic: it alone decides). Every way in (WebSocket, HTTP, command line) calls these verbs. */
#ifndef HUBBUB_CHAT_CHAT_H
#define HUBBUB_CHAT_CHAT_H

#include "base/buf.h"
#include "base/env.h"
#include "base/metrics.h"
#include "base/name.h"
#include "chat/waits.h"
#include "hub/hub.h"
#include "hub/outbox.h"
#include "log/log.h"
#include "store/reader.h"

struct apply;
struct attempts;
struct directory;
struct ended;
struct password_pool;
struct publisher;
struct sweep;
struct chat_shard; /* per reactor: its sessions, see session.c */

/* Who may make an account: whoever has an invitation, everybody, nobody. */
enum signup { SIGNUP_INVITE, SIGNUP_OPEN, SIGNUP_CLOSED };

struct chat_settings {
    const char *server_name; /* until the place has a name of its own */
    bool allow_guests;
    enum signup signup;
    bool named_by_proxy; /* a proxy says who people are, by their user names: so nobody takes another one */
    int64_t password_threads;
    int64_t rate_guest_messages_per_s, rate_guest_burst; /* of guests and visitors; off when the general rate is */
    int64_t rate_address_people; /* how many of them one address counts for; 0: it has no limits */
    int64_t rate_address_bytes_per_s, replay_bytes_per_s; /* what they write from one address, and read; 0: no limit */
    int64_t message_max_bytes, history_on_join, ring_memory_bytes;
    int64_t rate_messages_per_s, rate_burst;               /* rate 0: off */
    int64_t rooms_per_day, directs_per_day, added_per_day; /* see directory_take_daily(); 0: off */
    struct outbox_limits outbox;
    int64_t visitor_kept_ms, sweep_every_ms; /* see sweep.h. 0: the usual times. Tests choose less */
    size_t welcome_page_bytes; /* of a page of rooms in the welcome; 0: the usual size. Tests choose less */
    int64_t reconnect_spread_ms;
    /* Appends all settings in force for the list `settings`, as a JSON array: [{"name":...,"value":...,"from":...},...].
     * Any thread; NULL: there are none to tell of. */
    void (*write_settings)(void *ctx, struct buf *json);
    void *settings_ctx;
};

struct chat {
    struct chat_settings settings;
    const struct env *env;
    struct metrics *metrics;
    struct hub *hub;
    struct log *log;
    struct reader *reader;
    struct name_rules *names;
    struct apply *apply;
    struct directory *directory;
    struct password_pool *passwords; /* NULL until chat_start_passwords() */
    struct attempts *attempts;
    struct ended *ended;         /* sessions and tokens, lately */
    struct publisher *publisher; /* the writer's thread */
    struct sweep *sweep;
    struct chat_shard *shards;
    int shard_count;
    uint8_t cookie_secret[32];
    char epoch[EPOCH_BYTES]; /* see welcome in the protocol; constant */
    uint8_t run_id[8];       /* random: with a count behind, it makes the ids of this run's commands */
    _Atomic uint64_t commands;
    _Atomic int activity_rounds; /* shards that are being told of activity, see activity.c */
    _Atomic bool draining;
    struct waits waits; /* threads that wait for the database */
};

struct chat_options {
    struct chat_settings settings;
    const struct env *env;
    struct metrics *metrics;
    struct store *store;   /* the writer's; borrowed for the life of the chat */
    struct reader *reader; /* borrowed */
    struct writer_limits writer;
    int shards;
    const char *epoch; /* copied; NULL: the one that the database has */
    uint8_t cookie_secret[32];
};

/* Loads the rooms, opens the log, makes the hub. Starts no thread. Afterwards each shard is to be given its mailbox
 * with chat_attach(). */
enum err chat_open(const struct chat_options *options, struct chat **out);
/* When all sessions are closed and all threads have stopped. NULL does nothing. */
void chat_close(struct chat *c);

/* Main thread, before sessions are opened: tasks for shard i are posted here. */
void chat_attach(struct chat *c, int i, const struct mailbox *mailbox);

/* Starts the threads that hash passwords; what needs one is refused before (ERR_SHUTTING_DOWN). The simulation does
 * without. chat_close() ends them. ERR_MEMORY. */
enum err chat_start_passwords(struct chat *c);

/* Any thread: from now on commands and new sessions get ERR_SHUTTING_DOWN. */
void chat_drain(struct chat *c);

/* About once a second, on one thread (a reactor's): sends presence to the rooms where it has changed, and activity to
 * whoever has not opened them; has visitors swept. */
void chat_tick(struct chat *c);

#endif
