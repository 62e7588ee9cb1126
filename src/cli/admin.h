/* admin.h - the command line's verbs: `hubbub room add NAME` and its kind.
 *
 * The same words are carried out by a running server (they come through its control socket, see control.h) or, when
 * none runs, by the program that was called, on the same data directory. */
#ifndef HUBBUB_CLI_ADMIN_H
#define HUBBUB_CLI_ADMIN_H

#include "base/buf.h"
#include "chat/core/core.h"

enum { ADMIN_WORDS_MAX = 12 };

struct admin {
    struct chat *chat;
    const char *page; /* how people reach the page, for links: "https://chat.example.org" */
};

/* Whether these words are a verb that admin_run knows; else writes how to use it. */
bool admin_knows(const char *const *words, int n, struct buf *usage);

/* Whether the verb that the words are needs a password, which then follows as one more word. It comes from a terminal
 * or a pipe, never from the command line itself, which everybody on the machine can see. */
bool admin_asks_password(const char *const *words, int n);

/* Whether the verb that the words are begins a new place where there is none; the others need one. */
bool admin_makes_place(const char *const *words, int n);

/* Carries the words out and writes what is to be printed. Where a password is needed and does not follow them, it only
 * says whether there is any use in one: 0, and nothing to be printed, when there is. Not on a reactor or the writer. The
 * exit status: 0, 1 refused or failed, 2 not understood. */
int admin_run(const struct admin *a, const char *const *words, int n, struct buf *out);

#endif
