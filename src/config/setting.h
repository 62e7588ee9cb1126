/* setting.h - the settings as data: one row per name, and the way of a value from text into its field and back.
 *
 * Rows are constant; any thread may read them. config.c brings the texts from file, environment and command line. */
#ifndef HUBBUB_CONFIG_SETTING_H
#define HUBBUB_CONFIG_SETTING_H

#include "config/config.h"

enum setting_kind {
    SETTING_TEXT,     /* char[size]: text for people, not empty */
    SETTING_PATH,     /* char[size]: may be empty when min is 0 */
    SETTING_PORTS,    /* char[size]: where to listen, CivetWeb's syntax without TLS */
    SETTING_ORIGINS,  /* char[size]: "*" or scheme://host[:port], comma separated; may be empty */
    SETTING_NETWORKS, /* char[size]: addresses or CIDR, comma separated; may be empty */
    SETTING_ACL,      /* char[size]: +a.b.c.d/n or -a.b.c.d/n, comma separated; may be empty */
    SETTING_USER,     /* char[size]: a user's name; may be empty */
    SETTING_PAGE,     /* char[size]: http(s)://host[:port]; may be empty */
    SETTING_HEADER,   /* char[size]: the name of a header; may be empty */
    SETTING_BOOL,     /* bool: yes, no */
    SETTING_TRISTATE, /* enum config_tristate: auto, yes, no */
    SETTING_SIGNUP,   /* enum config_signup: invite, open, closed */
    SETTING_LEVEL,    /* enum diag_level: debug, info, warn, error */
    SETTING_NUMBER,   /* int64_t between min and max, in `unit` */
    SETTING_BYTES,    /* int64_t between min and max; K and M at the end are 1,024 and 1,048,576 */
};

struct setting {
    const char *name;
    enum setting_kind kind;
    bool civetweb;       /* goes on to mg_start(), unless it is empty */
    size_t offset, size; /* of its field in struct config */
    const char *value;   /* the default, as text */
    int64_t min, max;    /* numbers and bytes; a path with min 1 may not be empty */
    const char *unit;    /* of a number: "milliseconds", "threads"; else NULL */
};

extern const struct setting setting_rows[];
extern const size_t setting_count;

/* The row of that name, or NULL. */
const struct setting *setting_find(const char *name);

/* The name that a slip of the fingers would turn into this one, or NULL when none is near. */
const char *setting_nearest(const char *name);

/* Why a name that CivetWeb knows is refused here, as the rest of a sentence that begins with the name; NULL for all
 * other names. */
const char *setting_forbidden(const char *name);

/* Puts a value into its field. ERR_INVALID: nothing was changed, and *why says what is allowed, as the rest of a
 * sentence that begins with name and value. */
enum err setting_parse(const struct setting *s, const char *value, struct config *c, struct config_error *why);

/* The value in force as text that setting_parse() takes; `short_bytes` writes 64M for 67108864. At most
 * CONFIG_TEXT_MAX bytes with the end, into `out`. */
void setting_format(const struct setting *s, const struct config *c, bool short_bytes, char out[CONFIG_TEXT_MAX]);

#endif
