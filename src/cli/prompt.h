/* prompt.h - a password from whoever sits at the terminal, or from a pipe. Main thread. */
#ifndef HUBBUB_CLI_PROMPT_H
#define HUBBUB_CLI_PROMPT_H

#include "base/err.h"

#include <stddef.h>

/* At a terminal: asks twice, without showing what is typed. Else: one line of standard input. NUL-terminated, without
 * the line's end. ERR_INVALID: the two were not the same; ERR_FORBIDDEN: there is a NUL in it; ERR_TOO_BIG; ERR_IO: there
 * was none. */
enum err prompt_password(const char *whose, char *out, size_t size);

#endif
