/* place.h - the place as it must be: everybody, all rooms, who belongs to which, and all events, as the committed
 * commands say by the rules of src/proto/README.md. The rules are written here once more, so that the program can be
 * held against them: what each command comes to (place_carry_out), and what everybody may see (sight.h).
 *
 * place.c         looking things up
 * place_rules.c   what all rules share
 * place_room.c    rooms
 * place_member.c  who belongs to them
 * place_said.c    messages, and how far they have been read
 * place_people.c  names, roles, bans
 * place_sweep.c   what becomes of visitors who have left nothing behind
 * place_ways_in.c invitations, tokens, sessions, and new accounts
 *
 * Of the program only the role table is used (permission_of(), permission_check()): a test of its own holds that
 * against the README. A moment is a number of commands: the place at moment n is what n commands have made of it. */
#ifndef HUBBUB_SIMULATION_PLACE_H
#define HUBBUB_SIMULATION_PLACE_H

#include "base/name.h"
#include "proto/command.h"
#include "rules/role.h"
#include "store/store.h"

enum {
    PLACE_ROOMS_MAX = 48, /* by id; 0 is none */
    PLACE_MEMBERS_MAX = 24,
    PLACE_SILENCES_MAX = 64,
    PLACE_SLOTS_MAX = 24, /* two kinds of strangers and the accounts, see sight.h */
    PLACE_NAME_BYTES = 48,
    PLACE_FOLD_BYTES = NAME_KEY_BYTES,
    PLACE_TEXT_BYTES = 64,
    PLACE_NAMES_MAX = 12,
    PLACE_BLOCKS_MAX = 16,
    PLACE_READS_KEPT = 16,
    PLACE_DIRECT_MAX = 12,
    PLACE_ID_BYTES = 40,
};

/* A durable event, as the place, a client or the database has it. */
struct place_event {
    enum event_kind kind;
    int64_t room, seq, author, at, reply_to;
    int64_t target;             /* of a deletion: the message */
    int64_t user;               /* of whoever was added or removed */
    const char *text;           /* a message's body; the new name; what has changed, as JSON; "" */
    const char *id;             /* of the send; "" when there is none */
    bool is_deleted, is_hidden; /* a message without its body */

    /* the place's own */
    int64_t moment, number; /* number: of messages up to this one */
    int64_t deleted_moment; /* 0: not */
    int64_t swept_moment;   /* since when it is by nobody in particular, and has no id; 0: it is by its author */
    int64_t paced_at;       /* since when slow mode counts, if not since `at`; 0: since then */
    int64_t mentioned[8];   /* users; 0 is everybody */
    size_t mentioned_count;
    bool seen; /* by anybody */
};

/* Somebody with a row: accounts, guests, and visitors who have done something durable. */
struct place_user {
    enum user_kind kind; /* USER_SYSTEM for id 0 */
    enum role role;
    uint8_t key[COMMAND_KEY_BYTES];
    char fold[PLACE_FOLD_BYTES];
    char names[PLACE_NAMES_MAX][PLACE_NAME_BYTES]; /* all that they have had */
    int names_count;
    char display[PLACE_TEXT_BYTES], status_text[PLACE_TEXT_BYTES], bio[PLACE_TEXT_BYTES];
    bool is_banned, ban_hides, was_hidden; /* was_hidden: or is */
    int64_t banned_until, banned_by;
    bool has_password;
    bool was_moderator, was_admin; /* or more, once; a moderator of the place or of any room */
    int64_t blocked[PLACE_BLOCKS_MAX];
    size_t blocked_count;
    bool was_blocked;  /* by anybody, or is */
    uint8_t reset[32]; /* the hash of the code of a one-time link to a new password; zeros: none */
    int64_t reset_until;
    bool is_swept; /* a visitor without a row any more */
    int64_t made_at;
    int slot;            /* of an account, see sight.h; 0: none */
    int64_t guest_until; /* of an account: the last moment at which it was a guest's; -1: never */
};

struct place_member {
    int64_t user;
    enum room_role role;
    enum level level;
    int64_t joined_seq, read_seq, muted_until, position;
    bool hidden, favourite;
    char section[PLACE_TEXT_BYTES];
    int64_t was_read[PLACE_READS_KEPT]; /* how far it was read, lately */
    size_t read_count;                  /* so often that has changed */
};

struct place_silence {
    int64_t user, until;
};

struct place_room {
    bool exists;
    enum room_kind kind;
    enum room_history history;
    bool archived, locked;
    int64_t slow_s, last_seq, messages, created_by, created_at;
    int64_t slow_from; /* in slow mode: what was said after this event counts */
    char name[PLACE_NAME_BYTES], fold[PLACE_FOLD_BYTES], topic[PLACE_TEXT_BYTES], description[PLACE_TEXT_BYTES];
    int64_t people[PLACE_DIRECT_MAX]; /* of a direct conversation */
    size_t people_count;
    struct place_member members[PLACE_MEMBERS_MAX]; /* by user id */
    size_t member_count;
    struct place_silence silences[PLACE_SILENCES_MAX];
    size_t silence_count;
    int64_t requests[PLACE_MEMBERS_MAX]; /* users, in no order */
    size_t request_count;
    uint32_t were_moderators;    /* a bit for each slot of an account: once, or still */
    struct place_event **events; /* by seq */
    size_t events_cap;
};

/* What lets somebody in or was asked for, each with an id that counts from 1. */
struct place_thing {
    enum thing { THING_SESSION, THING_TOKEN, THING_INVITE, THING_REPORT, THING_KINDS } thing;
    int64_t user;           /* whose */
    int64_t room, seq;      /* of a report */
    int64_t until;          /* of a session, a token or an invitation: 0 is for ever */
    int64_t max_uses, uses; /* of an invitation */
    int64_t rooms[FIELD_IDS_MAX];
    size_t room_count;
    enum scope scope; /* of a token */
    bool is_over;     /* ended, revoked, handled */
    char code[64];    /* of an invitation */
    char label[32];   /* of an invitation */
};

struct place_things {
    struct place_thing *all;
    size_t count, cap;
};

struct place_audit {
    char verb[32];
    int64_t actor, user, room, seq;
};

struct place {
    int64_t moment;           /* how many commands have been carried out */
    struct place_user *users; /* by id */
    size_t user_count, user_cap;
    struct place_room rooms[PLACE_ROOMS_MAX]; /* by id */
    struct place_things things[THING_KINDS];
    struct place_audit *audit; /* entry i has id i + 1 */
    size_t audit_count, audit_cap;
    char name[PLACE_NAME_BYTES];
    bool is_set_up, requires_totp;
    int slot_count;
    int64_t events; /* in all rooms */
};

/* What a command comes to. */
struct verdict {
    enum err result;
    bool is_duplicate;
    int64_t room, seq, id, user; /* as in struct outcome */
    uint64_t touched;            /* a bit per room: whose events, members or kind have changed */
    bool is_quiet;               /* nothing but messages and how far they have been read has changed */
    /* whom it ends: */
    struct ending {
        enum ending_of { ENDING_NONE, ENDING_SESSION, ENDING_TOKEN, ENDING_USER, ENDING_GUEST } of;
        int64_t id,
            keep; /* GUEST: who is an account now. keep: of a user's sessions the one that stays; 0: none, and their tokens end too */
    } ending;
};

void place_init(struct place *p);
void place_clear(struct place *p);

/* Carries out one command, or refuses it: that is a result like any other. */
void place_carry_out(struct place *p, const struct command *c, struct verdict *v);

struct place_user *place_user(const struct place *p, int64_t id);                 /* NULL: no such user */
int64_t place_user_by_fold(const struct place *p, const char *fold);              /* -1: nobody who keeps a name */
struct place_room *place_room(const struct place *p, int64_t id);                 /* NULL: no such room */
struct place_member *place_member(const struct place_room *r, int64_t user);      /* NULL: no member */
struct place_event *place_event(const struct place_room *r, int64_t seq);         /* NULL: no such event */
struct place_thing *place_thing(const struct place *p, enum thing t, int64_t id); /* NULL: no such one */
const char *place_user_name(const struct place_user *u);                          /* as it is now */
bool place_user_has_name(const struct place_user *u, const char *name);           /* or has had */
bool place_is_banned(const struct place *p, int64_t user, int64_t at_ms);
bool place_has_blocked(const struct place *p, int64_t user, int64_t other);
/* Whether somebody may answer requests to join the room: as its member, or from outside. */
bool place_may_answer(const struct place *p, const struct place_room *r, int64_t user);
/* When the newest message up to this event was sent, or the room was made. */
int64_t place_active_at(const struct place_room *r, int64_t last);

/* Whether somebody may read the room; *floor: up to which event not. `kind` is how they have come in. */
bool place_may_read(const struct place_room *r, enum user_kind kind, int64_t user, int64_t *floor);

/* What a member has not read of a room up to its event `last`, having read up to `read`, as it is now. */
void place_unread(const struct place *p, const struct place_room *r, int64_t user, int64_t read, int64_t last,
                  int64_t *unread, int64_t *mentions);

/* What of it has counted at some time: between the least and the most, as messages are deleted and people are banned and
 * blocked meanwhile. */
struct place_counts {
    int64_t least, most, least_mentions, most_mentions;
};
void place_count(const struct place *p, const struct place_room *r, int64_t user, int64_t seq, struct place_counts *n);
bool place_counts_hold(const struct place_counts *n, int64_t unread, int64_t mentions);

/* Whether a member has, or had lately, read the room up to there. */
bool place_has_read_to(const struct place_room *r, int64_t user, int64_t seq);

#endif
