#include "cli/control.h"

#include "base/secret.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { REQUEST_MAX_BYTES = 4096, BACKLOG = 8 };

static bool address_of(const char *path, struct sockaddr_un *address)
{
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address->sun_path) {
        errno = ENAMETOOLONG;
        return false;
    }
    strcpy(address->sun_path, path);
    return true;
}

int control_listen(const char *path)
{
    struct sockaddr_un address;
    if (!address_of(path, &address))
        return -1;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    unlink(path); /* left by a server that was killed; the lock on the data directory says that none runs */
    if (bind(fd, (struct sockaddr *)&address, sizeof address) || chmod(path, 0600) || listen(fd, BACKLOG)) {
        int saved_errno = errno;
        close(fd);
        errno = saved_errno;
        return -1;
    }
    return fd;
}

static void read_all(int fd, struct buf *b, size_t limit)
{
    ssize_t n = 1;
    while (n > 0 && b->len < limit && buf_reserve(b, 1024)) {
        n = read(fd, b->p + b->len, 1024);
        if (n > 0)
            b->len += (size_t)n;
    }
}

static void write_all(int fd, struct span s)
{
    while (s.len) {
        ssize_t n = send(fd, s.p, s.len, MSG_NOSIGNAL);
        if (n <= 0)
            return; /* whoever asked has gone */
        s.p += n;
        s.len -= (size_t)n;
    }
}

static int split(const struct buf *b, const char *words[ADMIN_WORDS_MAX + 1])
{
    int n = 0;
    if (!b->len || b->p[b->len - 1])
        return 0;
    for (const char *p = b->p; p < b->p + b->len && n <= ADMIN_WORDS_MAX; p += strlen(p) + 1)
        words[n++] = p;
    return n;
}

static int carry_out(const struct admin *admin, const char *const *words, int n, struct buf *answer)
{
    if (admin)
        return admin_run(admin, words, n, answer);
    buf_add_str(answer, "hubbub: the server is still starting; try again in a moment\n");
    return 1;
}

void control_serve(int listen_fd, const struct admin *admin)
{
    const char *words[ADMIN_WORDS_MAX + 1];
    struct buf request = BUF_INIT, answer = BUF_INIT;
    struct timeval patience = {.tv_sec = 1};
    int fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    read_all(fd, &request, REQUEST_MAX_BYTES);
    buf_add_char(&answer, 0);
    int n = split(&request, words);
    int status = n ? carry_out(admin, words, n, &answer) : 2;
    if (!answer.failed) {
        answer.p[0] = (char)status;
        write_all(fd, buf_span(&answer));
    }
    close(fd);
    secret_wipe(request.p, request.len);
    buf_release(&request);
    buf_release(&answer);
}

void control_close(int listen_fd, const char *path)
{
    if (listen_fd < 0)
        return;
    close(listen_fd);
    unlink(path);
}

enum err control_ask(const char *path, const char *const *words, int n, int *status, struct buf *out)
{
    struct sockaddr_un address;
    struct buf request = BUF_INIT, answer = BUF_INIT;
    enum err e = ERR_IO;
    int fd = address_of(path, &address) ? socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) : -1;
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address))
        goto done;
    for (int i = 0; i < n; i++)
        buf_add(&request, words[i], strlen(words[i]) + 1);
    write_all(fd, buf_span(&request));
    shutdown(fd, SHUT_WR);
    read_all(fd, &answer, SIZE_MAX);
    if (answer.len) {
        *status = answer.p[0];
        buf_add(out, answer.p + 1, answer.len - 1);
        e = OK;
    }
done:
    if (fd >= 0)
        close(fd);
    secret_wipe(request.p, request.len);
    buf_release(&request);
    buf_release(&answer);
    return e;
}
