/* command.h - one call of the command line: carried out by the server that runs on the data directory, or here when
 * none does. Main thread. */
#ifndef HUBBUB_COMMAND_H
#define HUBBUB_COMMAND_H

#include "config.h"

/* Asks for a password when the words need one, and prints what is said. The exit status: 0, 1 refused or failed, 2 not
 * understood. */
int command_run(const struct config *config, const char *const *given, int count);

#endif
