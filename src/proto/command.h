/* command.h - what goes through the log: a change that somebody asks for, with everything that deciding and carrying
 * it out needs (the time and all random bytes included), so that every node that applies it gets the same result.
 *
 * Bytes, all numbers little endian:
 *
 *     1  version        COMMAND_VERSION; a node that meets another one must stop, not skip
 *     1  kind
 *     1  actor kind
 *     1  flag
 *     8  at_ms
 *     8  actor_id
 *    16  actor_key
 *     8  room_id
 *     8  reply_to
 *     then actor_name, actor_fold, name, fold, client_id, body: each 4 bytes of length and as many bytes
 *
 * No I/O. Any thread. */
#ifndef HUBBUB_PROTO_COMMAND_H
#define HUBBUB_PROTO_COMMAND_H

#include "base/buf.h"
#include "base/err.h"

enum { COMMAND_VERSION = 1, COMMAND_KEY_BYTES = 16 };

enum command_kind {
    COMMAND_MESSAGE_SEND = 1,   /* actor, room_id, client_id, body, reply_to */
    COMMAND_GUEST_REGISTER = 2, /* actor_key, name, fold: makes a user who keeps the name */
    COMMAND_GUEST_RENAME = 3,   /* actor_id, name, fold */
    COMMAND_ROOM_ADD = 4,       /* name, fold */
    COMMAND_ROOM_RENAME = 5,    /* room_id, name, fold */
    COMMAND_ROOM_ARCHIVE = 6,   /* room_id, flag: archive or unarchive */
    COMMAND_KIND_END
};

enum command_actor { COMMAND_ACTOR_SYSTEM, COMMAND_ACTOR_VISITOR, COMMAND_ACTOR_GUEST };

struct command {
    enum command_kind kind;
    enum command_actor actor;
    bool flag;
    int64_t at_ms;
    int64_t actor_id; /* 0: a visitor without a row yet (found by the key), or the system */
    uint8_t actor_key[COMMAND_KEY_BYTES];
    int64_t room_id, reply_to;
    struct span actor_name, actor_fold;
    struct span name, fold, client_id, body;
};

void command_write(struct buf *b, const struct command *c);

/* The spans point into the bytes. ERR_UNKNOWN_TYPE: another version or an unknown kind; ERR_CORRUPT: cut short, too
 * long, or out of range. */
enum err command_read(struct span bytes, struct command *out);

#endif
