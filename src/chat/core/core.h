/* core.h - the struct behind chat.h: what the rules of the chat stand on, and the settings that they go by. All rooms of
 * the chat share it; most of its parts say themselves which threads may use them. */
#ifndef HUBBUB_CHAT_CORE_CORE_H
#define HUBBUB_CHAT_CORE_CORE_H

#include "base/buf.h"
#include "base/env.h"
#include "base/metrics.h"
#include "base/name.h"
#include "chat/core/waits.h"
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
struct chat_shard; /* per reactor: its sessions, see session.h */

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

/* On live connections: requests beyond this many times the message rate are a flood. */
enum {
    SESSION_FLOOD_FACTOR = 10,
    SESSION_FLOOD_BURST = 200,  /* so many at once never are: coming back to many rooms takes one for each */
    SESSION_TYPING_EVERY_S = 2, /* what is told of somebody's typing */
};

#endif
