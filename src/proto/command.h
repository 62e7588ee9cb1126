/* command.h - what goes through the log: a change that somebody asks for, with everything that deciding and carrying
 * it out needs (the time and all random bytes included), so that every node that applies it gets the same result.
 *
 * Bytes, all numbers little endian:
 *
 *     1  version        COMMAND_VERSION; a node that meets another one must stop, not skip
 *     1  kind
 *     1  actor kind
 *     1  reserved: 0
 *     8  at_ms
 *     8  actor_id
 *    16  actor_key
 *     8  room_id
 *     8  reply_to
 *     then actor_name, actor_display, actor_fold, name, fold, client_id, body: each 4 bytes of length and as many bytes
 *     then the fields that are given: a number is 1 byte (enum field_number) and 8 bytes; a text is 1 byte
 *     (0x80 + enum field_text), 4 bytes of length and as many bytes; the ids are 1 byte (0xff), 1 byte of count and 8
 *     bytes each. Each at most once, in this order, which makes the bytes of a command unique.
 *
 * No I/O. Any thread. */
#ifndef HUBBUB_PROTO_COMMAND_H
#define HUBBUB_PROTO_COMMAND_H

#include "base/buf.h"
#include "base/err.h"
#include "proto/fields.h"

enum { COMMAND_VERSION = 2, COMMAND_KEY_BYTES = 16 };

/* clang-format off */
#define COMMAND(kind, number, ...) COMMAND_##kind = number,
enum command_kind {
#include "proto/verbs.def"
    COMMAND_KIND_END
};
/* clang-format on */

enum command_flag {
    COMMAND_KEEPS_RIGHTS = 1, /* changes nothing that rights are made of */
    COMMAND_IS_QUIET = 2,     /* is told to nobody else, so that it need not say what the actor is called */
};

bool command_is(enum command_kind kind, enum command_flag flag);

enum command_actor { COMMAND_ACTOR_SYSTEM, COMMAND_ACTOR_VISITOR, COMMAND_ACTOR_GUEST, COMMAND_ACTOR_ACCOUNT };

struct command {
    enum command_kind kind;
    enum command_actor actor;
    int64_t at_ms;
    int64_t actor_id; /* 0: a visitor without a row yet (found by the key), or the system */
    uint8_t actor_key[COMMAND_KEY_BYTES];
    int64_t room_id, reply_to;
    struct span actor_name, actor_display, actor_fold;
    struct span name, fold, client_id, body;
    struct fields f;
};

/* Appends the bytes. */
void command_write(struct buf *b, const struct command *c);

/* The spans point into the bytes. ERR_UNKNOWN_TYPE: another version or an unknown kind; ERR_CORRUPT: cut short, too
 * long, or out of range; *out is of no use then. Which fields a kind needs is not looked at. */
enum err command_read(struct span bytes, struct command *out);

#endif
