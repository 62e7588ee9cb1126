/* Loaded into the program with LD_PRELOAD: sets the wall's clock. The variable SET_CLOCK_FILE names a file that holds by
 * how many seconds it is ahead; the clock that only goes forward stays as it is. */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static time_t ahead_s(void)
{
    char text[32] = "";
    const char *control = getenv("SET_CLOCK_FILE");
    int in = control ? open(control, O_RDONLY | O_CLOEXEC) : -1;
    if (in < 0)
        return 0;
    ssize_t len = read(in, text, sizeof text - 1);
    close(in);
    return len > 0 ? (time_t)strtoll(text, NULL, 10) : 0;
}

int clock_gettime(clockid_t id, struct timespec *now)
{
    int (*real)(clockid_t, struct timespec *);
    *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(id, now);
    if (!result && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE))
        now->tv_sec += ahead_s();
    return result;
}

time_t time(time_t *out)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    if (out)
        *out = now.tv_sec;
    return now.tv_sec;
}
