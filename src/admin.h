/* admin.h - the command line's verbs: `hubbub room add NAME` and its kind.
 *
 * The same words are carried out by a running server (they come through its control socket, see control.h) or, when
 * none runs, by the program that was called, on the same data directory. */
#ifndef HUBBUB_ADMIN_H
#define HUBBUB_ADMIN_H

#include "base/buf.h"
#include "chat/chat.h"

enum { ADMIN_WORDS_MAX = 8 };

/* Carries the words out and writes what is to be printed. Not on a reactor or the writer. The exit status: 0, 1
 * refused or failed, 2 not understood. */
int admin_run(struct chat *chat, const char *const *words, int n, struct buf *out);

/* Whether these words are a verb that admin_run knows; else writes how to use it. */
bool admin_knows(const char *const *words, int n, struct buf *usage);

#endif
