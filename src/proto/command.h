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

/* What each needs beside the actor; F_ADDRESS, where it is audited, and F_RANK, where the actor counts as less than they
 * are, are not listed. The numbers are for ever. */
enum command_kind {
    COMMAND_MESSAGE_SEND = 1,     /* room_id, client_id, body, reply_to, F_FOLDS */
    COMMAND_GUEST_REGISTER = 2,   /* actor_key, name, fold: makes a user who keeps the name */
    COMMAND_USER_RENAME = 3,      /* name, fold: of the actor */
    COMMAND_ROOM_CREATE = 4,      /* name, fold, F_KIND, F_HISTORY, F_TOPIC, F_DESCRIPTION */
    COMMAND_ROOM_RENAME = 5,      /* room_id, name, fold */
    COMMAND_ROOM_ARCHIVE = 6,     /* room_id, F_ARCHIVED */
    COMMAND_ROOM_EDIT = 7,        /* room_id; what is given of F_TOPIC, F_DESCRIPTION, F_KIND, F_HISTORY, F_SLOW_S,
                                   F_LOCKED */
    COMMAND_DIRECT_OPEN = 8,      /* ids: the others, or only oneself */
    COMMAND_MEMBER_ADD = 9,       /* room_id, F_USER: oneself, or somebody else */
    COMMAND_MEMBER_REMOVE = 10,   /* the same */
    COMMAND_MEMBER_SET_ROLE = 11, /* room_id, F_USER, F_ROOM_ROLE */
    COMMAND_JOIN_REQUEST = 12,    /* ids: rooms, F_TEXT */
    COMMAND_JOIN_ANSWER = 13,     /* room_id, F_USER, F_ACCEPT */
    COMMAND_MEMBER_MUTE = 14,     /* room_id, F_USER, F_UNTIL (0: no longer) */
    COMMAND_MEMBERSHIP_SET = 15,  /* room_id; what is given of F_LEVEL, F_MUTED_UNTIL, F_HIDDEN, F_FAVOURITE, F_SECTION,
                                   F_POSITION */
    COMMAND_READ = 16,            /* room_id, F_SEQ: forward only */
    COMMAND_MARK_UNREAD = 17,     /* room_id, F_SEQ: from this one on */
    COMMAND_MESSAGE_DELETE = 18,  /* room_id, F_SEQ */
    COMMAND_REPORT = 19,          /* room_id, F_SEQ, F_TEXT */
    COMMAND_REPORT_HANDLE = 20,   /* F_REPORT, F_TEXT */
    COMMAND_PROFILE_SET = 21,     /* what is given of F_DISPLAY_NAME, F_BIO, F_STATUS_*, F_AVATAR with F_TYPE */
    COMMAND_SET_ROLE = 22,        /* F_USER, F_ROLE */
    COMMAND_BAN = 23,             /* F_USER, F_UNTIL, F_TEXT, F_HIDE */
    COMMAND_UNBAN = 24,           /* F_USER */
    COMMAND_BLOCK = 25,           /* F_USER */
    COMMAND_UNBLOCK = 26,         /* F_USER */
    COMMAND_INVITE_CREATE = 27,   /* F_CODE, F_EXPIRES, F_MAX_USES, F_LABEL, ids: rooms */
    COMMAND_INVITE_REVOKE = 28,   /* F_INVITE */
    COMMAND_TOKEN_CREATE = 29,    /* F_HASH, F_NAME, F_SCOPE, F_EXPIRES; F_SESSION or F_TOKEN: asked for by it */
    COMMAND_TOKEN_REVOKE = 30,    /* F_TOKEN */
    COMMAND_SESSION_START = 31,   /* F_HASH, F_DEVICE, F_ADDRESS, F_EXPIRES; F_STEP or F_HASHES (a recovery code)
                                   where there is a second factor */
    COMMAND_SESSION_TOUCH = 32,   /* F_SESSION, F_EXPIRES, F_ADDRESS */
    COMMAND_SESSION_END = 33,     /* F_SESSION; or F_KEEP: all but that one (0: all) */
    COMMAND_RESET_CREATE = 34,    /* F_USER, F_HASH, F_EXPIRES */
    COMMAND_RESET_USE = 35,       /* F_HASH, F_PASSWORD: sets it and ends all sessions and tokens; the second
                                   factor stays */
    COMMAND_PASSWORD_SET = 36,    /* F_PASSWORD, F_PROVEN, F_KEEP; or F_RENEWED */
    COMMAND_TOTP_SET = 37,        /* F_SECRET (empty: none any more), F_STEP, F_PROVEN, F_HASHES: recovery codes; or,
                                   by the system only, F_USER: none any more for that one */
    COMMAND_PLACE_SET = 38,       /* what is given of F_NAME, F_REQUIRE_TOTP */
    COMMAND_SET_UP = 39,          /* actor_key, name, fold, F_DISPLAY_NAME, F_PASSWORD, F_NAME (of the place): the
                                   owner */
    COMMAND_SIGN_UP = 40,         /* actor_key, name, fold, F_DISPLAY_NAME, F_PASSWORD, F_CODE; actor_id: a guest who
                                   becomes an account */
    COMMAND_GUEST_FORGET = 41,    /* makes a guest's cookies worthless */
    COMMAND_INVITE_EDIT = 42,     /* F_INVITE, F_LABEL */
    COMMAND_KIND_END
};

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
