#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum err close_after(int fd, enum err e)
{
    int saved_errno = errno;
    close(fd);
    errno = saved_errno;
    return e;
}

static bool parent_of(const char *path, char directory[FILE_PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    int len = slash ? (int)(slash == path ? 1 : slash - path) : 1;
    if (snprintf(directory, FILE_PATH_MAX, "%.*s", len, slash ? path : ".") < FILE_PATH_MAX)
        return true;
    errno = ENAMETOOLONG;
    return false;
}

void file_give_to_owner(int fd, const char *path)
{
    struct stat st;
    char directory[FILE_PATH_MAX];
    if (geteuid() != 0 || !parent_of(path, directory) || stat(directory, &st))
        return;
    int left = fchown(fd, st.st_uid, st.st_gid);
    (void)left; /* it stays root's then, and a server that cannot open it says so */
}

static enum err write_new(const char *path, struct span bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return ERR_IO;
    file_give_to_owner(fd, path);
    while (bytes.len) {
        ssize_t n = write(fd, bytes.p, bytes.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return close_after(fd, ERR_IO);
        bytes.p += n;
        bytes.len -= (size_t)n;
    }
    return close_after(fd, fsync(fd) ? ERR_IO : OK);
}

enum err file_replace(const char *path, struct span bytes)
{
    char made[FILE_PATH_MAX];
    if (snprintf(made, sizeof made, "%s.new", path) >= (int)sizeof made) {
        errno = ENAMETOOLONG;
        return ERR_IO;
    }
    enum err e = write_new(made, bytes);
    if (!e && rename(made, path))
        e = ERR_IO;
    if (e) {
        int saved_errno = errno;
        unlink(made);
        errno = saved_errno;
        return e;
    }
    return file_sync_parent(path);
}

enum err file_sync_directory(const char *directory)
{
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd < 0 ? ERR_IO : close_after(fd, fsync(fd) ? ERR_IO : OK);
}

enum err file_sync_parent(const char *path)
{
    char directory[FILE_PATH_MAX];
    return parent_of(path, directory) ? file_sync_directory(directory) : ERR_IO;
}
