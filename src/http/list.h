/* list.h - lists as HTTP and the settings write them: items with a separator between, white space around. Pure: any
 * thread. */
#ifndef HUBBUB_HTTP_LIST_H
#define HUBBUB_HTTP_LIST_H

#include "base/span.h"

/* Takes the next item that is not empty off *rest, without the spaces and tabs around it. False: there is none (also
 * for NULL). */
bool list_next(const char **rest, char separator, struct span *item);

/* The text without spaces and tabs at its ends. */
struct span list_trim(struct span text);

/* Equal but for the case of ASCII letters. */
bool list_equal(struct span a, const char *b);

#endif
