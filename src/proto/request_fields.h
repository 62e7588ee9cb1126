/* request_fields.h - which fields each type of request has, and what each field may be: two tables, and the reading by
 * them. Behind request.h; tests walk the tables. Constant data and pure functions: any thread. */
#ifndef HUBBUB_PROTO_REQUEST_FIELDS_H
#define HUBBUB_PROTO_REQUEST_FIELDS_H

#include "base/words.h"
#include "proto/json.h"
#include "proto/request.h"

/* What a field may be, and where it goes. */
enum request_field_kind {
    FIELD_NUMBER,     /* a whole number, min to max: to f.n */
    FIELD_OWN_NUMBER, /* the same, to a member of struct request */
    FIELD_FLAG,       /* true or false: to f.n */
    FIELD_WORD,       /* one of words, the enumerators min to max: to f.n */
    FIELD_TEXT,       /* min to max bytes: to f.t */
    FIELD_LINE,       /* the same, of one line, see utf8_is_plain() */
    FIELD_LINES,      /* the same, of any number of lines */
    FIELD_OWN_TEXT,   /* min to max bytes: to a member of struct request */
    FIELD_OWN_LINES,  /* the same, of several lines: no control characters but tabs and newlines */
    FIELD_STATE,      /* "active" or "away": to active */
    FIELD_ROOM,       /* an id or a name: to room */
    FIELD_USER,       /* an id or a name: to user */
    FIELD_REFS,       /* a list of up to max ids or names: to refs */
};

struct request_field {
    const char *name; /* in JSON */
    enum request_field_kind kind;
    size_t to; /* enum field_number or enum field_text; of FIELD_OWN_... the offset */
    int64_t min, max;
    const struct words *words;
    const char *wrong; /* a sentence for people: the field's name, and what is allowed */
};

enum { REQUEST_NEEDS_MAX = 3, REQUEST_TAKES_MAX = 6 };

/* A type of request: its name, the fields that it needs, and those that it takes besides. Each list ends with a 0. */
struct request_shape {
    const char *name;
    uint8_t needs[REQUEST_NEEDS_MAX + 1], takes[REQUEST_TAKES_MAX + 1];
};

const struct request_shape *request_shape(enum request_type type);

/* The field that a shape's list means by this number. */
const struct request_field *request_field(uint8_t i);

/* Reads what the type has. null counts as not given. ERR_INVALID with *why. */
enum err request_read_fields(const cJSON *object, enum request_type type, struct request *out, const char **why);

#endif
