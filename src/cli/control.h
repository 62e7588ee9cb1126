/* control.h - a running server's socket for the command line: data_dir/hubbub.sock, for whoever may enter that
 * directory.
 *
 * One request per connection: the words, each ended by NUL, then end of file. The answer: the exit status as one
 * byte, then what is to be printed. A password may be among the words: it is kept nowhere. */
#ifndef HUBBUB_CLI_CONTROL_H
#define HUBBUB_CLI_CONTROL_H

#include "base/err.h"
#include "cli/admin.h"

/* The server's side, main thread: a listening descriptor to poll, or -1 (errno). An old socket file is replaced. */
int control_listen(const char *path);

/* Main thread: takes one connection and answers it; `admin` NULL: that the server is still starting. Waits at most a second for a client that says nothing. */
void control_serve(int listen_fd, const struct admin *admin);

void control_close(int listen_fd, const char *path);

/* The command line's side: asks the running server. ERR_IO (errno): nobody answers there. */
enum err control_ask(const char *path, const char *const *words, int n, int *status, struct buf *out);

#endif
