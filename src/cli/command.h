/* command.h - one call of the command line: carried out by the server that runs on the data directory, or here when
 * none does. Main thread. */
#ifndef HUBBUB_CLI_COMMAND_H
#define HUBBUB_CLI_COMMAND_H

#include "base/buf.h"

#include <stdbool.h>

/* Where the words are carried out. */
struct command_way {
    const char *socket; /* of the server, see control.h */
    /* Where nobody answers there. As admin_run(). */
    int (*run_here)(void *ctx, const char *const *words, int n, bool with_password, struct buf *out);
    void *ctx;
};

/* Asks for a password when the words need one, and prints what is said. The exit status: 0, 1 refused or failed, 2 not
 * understood. */
int command_run(const struct command_way *way, const char *const *given, int count);

#endif
