/* Loaded into the program with LD_PRELOAD: lets one sync fail with EIO. The variable FAILING_SYNC_FILE names a file; while
 * it is there, it holds how the name of the file ends whose next fsync or fdatasync fails. That removes it. Nothing is
 * done to what the file holds: a page that was not written is for the simulation. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fails(int fd)
{
    char link[64], name[4096], wanted[256];
    const char *control = getenv("FAILING_SYNC_FILE");
    int in = control ? open(control, O_RDONLY | O_CLOEXEC) : -1;
    if (in < 0)
        return 0;
    ssize_t len = read(in, wanted, sizeof wanted);
    close(in);
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t name_len = readlink(link, name, sizeof name);
    if (len <= 0 || name_len < len || memcmp(name + name_len - len, wanted, (size_t)len) != 0)
        return 0;
    return unlink(control) == 0;
}

static int sync_with(const char *function, int fd)
{
    int (*real)(int);
    if (fails(fd)) {
        errno = EIO;
        return -1;
    }
    *(void **)&real = dlsym(RTLD_NEXT, function);
    return real(fd);
}

int fsync(int fd)
{
    return sync_with("fsync", fd);
}

int fdatasync(int fd)
{
    return sync_with("fdatasync", fd);
}
