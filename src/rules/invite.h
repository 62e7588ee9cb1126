/* invite.h - whether an invitation still lets anybody in, and what to say when it does not. Who holds the link may know
 * which it is; to others there is nothing to see. Pure: any thread. */
#ifndef HUBBUB_RULES_INVITE_H
#define HUBBUB_RULES_INVITE_H

#include "store/people.h"

enum invite_state { INVITE_UNKNOWN, INVITE_VALID, INVITE_EXPIRED, INVITE_REVOKED, INVITE_USED_UP };

/* Never INVITE_UNKNOWN, which says that there is no row. */
enum invite_state invite_state(const struct invite_row *row, int64_t now_ms);

/* A sentence for people; NULL: it is valid. */
const char *invite_why(enum invite_state state);

#endif
