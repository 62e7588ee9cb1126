#include "base/diag_sink.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { FLUSH_MAX_S = 1, NOTE_MAX_BYTES = 128, NEW_FILE_MODE = 0640 };

/* Callers fill one buffer while the thread writes the other. Under the lock, but for the bytes that are being written
 * and `path` and `mode`, which are the main thread's. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t more, written;
    pthread_t thread;
    bool threaded; /* the thread runs: nobody else writes */
    bool stop;
    bool writing;    /* the thread has lines that are not written yet */
    int fd, next_fd; /* next_fd: from the next write on; -1: none */
    char path[512];
    mode_t mode; /* of the file when it was opened first */
    char buffers[2][DIAG_QUEUE_BYTES];
    int filling;      /* which of them */
    size_t used;      /* bytes in it */
    uint64_t dropped; /* lines, since the last note about them */
} sink = {.lock = PTHREAD_MUTEX_INITIALIZER,
          .more = PTHREAD_COND_INITIALIZER,
          .written = PTHREAD_COND_INITIALIZER,
          .fd = STDERR_FILENO,
          .next_fd = -1};

static int open_file(const char *path)
{
    return open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, NEW_FILE_MODE);
}

/* By the thread; or under the lock when there is none. */
static void use_next_file(void)
{
    if (sink.next_fd < 0)
        return;
    if (sink.fd != STDERR_FILENO)
        close(sink.fd);
    sink.fd = sink.next_fd;
    sink.next_fd = -1;
}

/* Under the lock. */
static void set_next_file(int fd)
{
    if (sink.next_fd >= 0 && sink.next_fd != STDERR_FILENO)
        close(sink.next_fd);
    sink.next_fd = fd;
    if (!sink.threaded)
        use_next_file();
}

enum err diag_sink_open(const char *path)
{
    struct stat st;
    int fd = STDERR_FILENO;
    bool to_file = path && *path;
    if (to_file && (strlen(path) >= sizeof sink.path || (fd = open_file(path)) < 0))
        return ERR_IO;
    sink.mode = fstat(fd, &st) == 0 ? st.st_mode & 07777 : NEW_FILE_MODE;
    snprintf(sink.path, sizeof sink.path, "%s", to_file ? path : "");
    pthread_mutex_lock(&sink.lock);
    set_next_file(fd);
    pthread_mutex_unlock(&sink.lock);
    return OK;
}

bool diag_sink_reopen(const char **failed)
{
    *failed = NULL;
    if (!sink.path[0])
        return false;
    int fd = open(sink.path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, NEW_FILE_MODE);
    if (fd >= 0)
        fchmod(fd, sink.mode); /* the umask is stricter now than it was at the start */
    else if (errno == EEXIST)
        fd = open_file(sink.path);
    if (fd < 0) {
        *failed = sink.path;
        return false;
    }
    pthread_mutex_lock(&sink.lock);
    set_next_file(fd);
    pthread_cond_signal(&sink.more);
    pthread_mutex_unlock(&sink.lock);
    return true;
}

static uint64_t lines_in(const char *bytes, size_t len)
{
    uint64_t lines = 0;
    for (const char *end; (end = memchr(bytes, '\n', len)); lines++) {
        len -= (size_t)(end + 1 - bytes);
        bytes = end + 1;
    }
    return lines;
}

/* How many lines could not be written: a full disk or a closed pipe must not stop the chat. */
static uint64_t write_lines(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);
        if (n > 0) {
            bytes += n;
            len -= (size_t)n;
        } else if (n < 0 && errno == EAGAIN) { /* others who share stderr may have set it so */
            struct pollfd p = {.fd = fd, .events = POLLOUT};
            poll(&p, 1, -1);
        } else if (n == 0 || errno != EINTR) {
            return lines_in(bytes, len);
        }
    }
    return 0;
}

/* Under the lock: a line that says how many were dropped goes before the next one. */
static size_t note_dropped(char *out, size_t size)
{
    struct timespec now;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    size_t len = strftime(out, size, "time=%Y-%m-%dT%H:%M:%S", &utc);
    int more = snprintf(out + len, size - len, ".%03ldZ level=warn event=log_lines_dropped lines=%ju\n",
                        now.tv_nsec / 1000000, (uintmax_t)sink.dropped);
    sink.dropped = 0;
    return len + (size_t)more;
}

static void *write_queued(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&sink.lock);
    for (;;) {
        while (!sink.used && sink.next_fd < 0 && !sink.stop)
            pthread_cond_wait(&sink.more, &sink.lock);
        use_next_file();
        if (!sink.used && sink.stop)
            break;
        const char *bytes = sink.buffers[sink.filling];
        size_t len = sink.used;
        sink.filling = !sink.filling;
        sink.used = 0;
        sink.writing = true;
        pthread_mutex_unlock(&sink.lock);
        uint64_t lost = write_lines(sink.fd, bytes, len);
        pthread_mutex_lock(&sink.lock);
        sink.dropped += lost;
        sink.writing = false;
        pthread_cond_broadcast(&sink.written);
    }
    pthread_mutex_unlock(&sink.lock);
    return NULL;
}

enum err diag_sink_start(void)
{
    pthread_mutex_lock(&sink.lock);
    sink.stop = false;
    sink.threaded = pthread_create(&sink.thread, NULL, write_queued, NULL) == 0;
    bool started = sink.threaded;
    pthread_mutex_unlock(&sink.lock);
    return started ? OK : ERR_MEMORY;
}

/* Under the lock. True: nothing waits any longer. */
static bool wait_written(void)
{
    struct timespec limit;
    clock_gettime(CLOCK_MONOTONIC, &limit);
    limit.tv_sec += FLUSH_MAX_S;
    while (sink.used || sink.writing)
        if (pthread_cond_clockwait(&sink.written, &sink.lock, CLOCK_MONOTONIC, &limit))
            return false;
    return true;
}

void diag_sink_flush(void)
{
    pthread_mutex_lock(&sink.lock);
    if (sink.threaded)
        wait_written();
    pthread_mutex_unlock(&sink.lock);
}

void diag_sink_stop(void)
{
    pthread_mutex_lock(&sink.lock);
    bool done = sink.threaded && wait_written();
    sink.stop = done;
    pthread_cond_signal(&sink.more);
    pthread_mutex_unlock(&sink.lock);
    if (!done)
        return; /* it hangs in write(2), and ends with the process */
    pthread_join(sink.thread, NULL);
    pthread_mutex_lock(&sink.lock);
    sink.threaded = false;
    pthread_mutex_unlock(&sink.lock);
}

/* Under the lock. */
static void append(const char *line, size_t len)
{
    memcpy(sink.buffers[sink.filling] + sink.used, line, len);
    sink.used += len;
}

/* Under the lock. */
static void queue_line(const char *line, size_t len)
{
    if (len + (sink.dropped ? NOTE_MAX_BYTES : 0) > DIAG_QUEUE_BYTES - sink.used) {
        sink.dropped++;
        return;
    }
    if (sink.dropped) {
        char note[NOTE_MAX_BYTES];
        append(note, note_dropped(note, sizeof note));
    }
    append(line, len);
    pthread_cond_signal(&sink.more);
}

void diag_sink_lock(void)
{
    pthread_mutex_lock(&sink.lock);
}

void diag_sink_write(const char *line, size_t len)
{
    if (sink.threaded)
        queue_line(line, len);
    else
        write_lines(sink.fd, line, len);
}

void diag_sink_unlock(void)
{
    pthread_mutex_unlock(&sink.lock);
}
