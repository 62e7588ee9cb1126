/* fields.h - what requests and commands say besides the few things that a message needs: a sparse record of numbers
 * and texts, each with one name and one meaning in all of them.
 *
 * A request's JSON object is read into it by the request's row in request_fields.c; the submit half of the verb puts
 * what the apply half needs into the command's; command.c writes the fields that are given, and no others. Pure data:
 * any thread. */
#ifndef HUBBUB_PROTO_FIELDS_H
#define HUBBUB_PROTO_FIELDS_H

#include "base/span.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

/* Numbers. In JSON: whole numbers of at least 0; "flag": true or false; "word": one of base/words.h. */
enum field_number {
    F_USER, /* "user": an id; in a request also a name, see request.h */
    F_SEQ,
    F_UNTIL,    /* "until_ms": when something ends, 0: never (for mute and ban); see the verb */
    F_EXPIRES,  /* "expires_ms": when something ends to be valid, 0: never */
    F_MAX_USES, /* 0: no limit */
    F_INVITE,
    F_SESSION,
    F_TOKEN,
    F_REPORT,
    F_KIND,      /* word: enum room_kind */
    F_HISTORY,   /* word: enum room_history */
    F_LEVEL,     /* word: enum level */
    F_ROLE,      /* word: enum role */
    F_ROOM_ROLE, /* "role" of a member: word: enum room_role */
    F_SCOPE,     /* word: enum scope */
    F_SLOW_S,
    F_LOCKED,    /* flag */
    F_ARCHIVED,  /* flag */
    F_ACCEPT,    /* flag */
    F_HIDE,      /* flag: a ban hides all messages */
    F_HIDDEN,    /* flag: a conversation is not in one's sidebar */
    F_FAVOURITE, /* flag */
    F_POSITION,
    F_MUTED_UNTIL,  /* by oneself, 0: not */
    F_STATUS_UNTIL, /* 0: until it is changed */
    F_REQUIRE_TOTP, /* flag */
    F_HANDLED,      /* flag */
    F_AFTER,        /* of lists: what comes after this id */
    F_BEFORE,       /* of lists: what comes before this id */
    F_LIMIT,        /* of lists: 1 to 200; request.h gives its default where it was not given */
    F_ACTOR,        /* of the audit: by whom, an id */
    /* only in commands */
    F_STEP,     /* a TOTP time step */
    F_KEEP,     /* the session that stays */
    F_RENEWED,  /* flag: the password is the same one, hashed anew */
    F_BY_TOKEN, /* flag: a program with a token sends it */
    F_RANK,     /* the highest role that the actor counts as here; not given: their own */
    F_NUMBERS
};

/* Texts. In JSON: strings; their limits are in request_fields.c. */
enum field_text {
    F_NAME,
    F_TEXT, /* "text": of a request to join; "reason": of a ban or report; "outcome": of a handled report */
    F_TOPIC,
    F_DESCRIPTION,
    F_DISPLAY_NAME,
    F_BIO,
    F_STATUS_EMOJI,
    F_STATUS_TEXT,
    F_SECTION,
    F_AVATAR, /* base64 of a PNG, JPEG or WebP of at most 64 KiB; "" takes it away. In a command: the bytes */
    F_QUERY,  /* of lists: what names contain */
    F_VERB,   /* of the audit */
    F_CODE,   /* of an invitation */
    F_LABEL,  /* of an invitation: what it is for */
    /* only in commands */
    F_PASSWORD, /* as crypto_pwhash_str wrote it */
    F_HASH,     /* 32 bytes: SHA-256 of a token or code */
    F_HASHES,   /* n times 32 bytes */
    F_DEVICE,
    F_ADDRESS, /* where the actor is, for sessions and the audit */
    F_SECRET,  /* of TOTP */
    F_TYPE,    /* media type of the avatar */
    F_FOLDS,   /* of the people that a message mentions: folds, each ended by NUL */
    F_PROVEN,  /* the password, as it was stored, that somebody has shown to know: it has to be the one still */
    F_TEXTS
};

/* Lists of ids ("users" or "rooms"); one list per request. */
enum { FIELD_IDS_MAX = 20 };

struct fields {
    uint64_t numbers_given; /* bit 1 << enum field_number */
    uint32_t texts_given;   /* bit 1 << enum field_text */
    uint8_t id_count;
    int64_t n[F_NUMBERS];   /* 0 when not given */
    struct span t[F_TEXTS]; /* borrowed; empty when not given */
    int64_t ids[FIELD_IDS_MAX];
};
static_assert(F_NUMBERS <= 64 && F_TEXTS <= 32, "a bit for each");

static inline bool fields_has(const struct fields *f, enum field_number i)
{
    return f->numbers_given >> i & 1;
}

static inline bool fields_has_text(const struct fields *f, enum field_text i)
{
    return f->texts_given >> i & 1;
}

static inline void fields_set(struct fields *f, enum field_number i, int64_t value)
{
    f->n[i] = value;
    f->numbers_given |= (uint64_t)1 << i;
}

static inline void fields_set_text(struct fields *f, enum field_text i, struct span value)
{
    f->t[i] = value;
    f->texts_given |= (uint32_t)1 << i;
}

#endif
