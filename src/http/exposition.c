#include "http/exposition.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

struct row {
    const char *name, *type, *help;
    size_t offset; /* in struct metrics */
};

#define ROW(name, type, field, help)                                                                                   \
    {                                                                                                                  \
        "hubbub_" name, type, help, offsetof(struct metrics, field)                                                    \
    }

static const struct row rows[] = {
    ROW("connections_open", "gauge", connections_open, "Live connections."),
    ROW("connections_total", "counter", connections_total, "Live connections since the start."),
    ROW("connections_refused_total", "counter", connections_refused,
        "Upgrades refused because there were too many connections."),
    ROW("requests_total", "counter", requests_total, "Requests from clients over live connections."),
    ROW("requests_refused_total", "counter", requests_refused, "Requests answered with an error."),
    ROW("requests_rate_limited_total", "counter", requests_rate_limited,
        "Requests refused because the sender was too fast."),
    ROW("messages_total", "counter", messages_total, "Messages stored."),
    ROW("duplicates_total", "counter", duplicates_total, "Messages sent again and answered with the first result."),
    ROW("deliveries_total", "counter", deliveries_total, "Frames put into outbound queues."),
    ROW("outbound_memory_bytes", "gauge", outbound_memory_bytes,
        "Memory used by the outbound queues of all connections."),
    ROW("ephemeral_dropped_total", "counter", ephemeral_dropped_total,
        "Typing and presence frames dropped because a queue was long."),
    ROW("sent_bytes_total", "counter", bytes_sent_total, "Bytes sent over live connections."),
    ROW("received_bytes_total", "counter", bytes_received_total, "Bytes received over live connections."),
    ROW("rooms", "gauge", rooms, "Rooms."),
    ROW("ring_bytes", "gauge", ring_bytes, "Memory used by the last events of all rooms."),
    ROW("resumes_total", "counter", resumes_total, "Joins that resumed from an earlier event."),
    ROW("resets_total", "counter", resets_total, "Joins that were too far behind to resume."),
    ROW("replayed_total", "counter", replayed_total, "Events sent again to clients that joined."),
    ROW("command_queue", "gauge", command_queue, "Commands waiting for the writer."),
    ROW("command_queue_refused_total", "counter", command_queue_refused_total,
        "Commands refused because the queue was full."),
    ROW("reader_queue", "gauge", reader_queue, "Jobs waiting for a database reader."),
    ROW("reader_queue_refused_total", "counter", reader_queue_refused_total,
        "Jobs refused because the queue was full."),
    ROW("commits_total", "counter", commits_total, "Transactions committed."),
    ROW("commit_failures_total", "counter", commit_failures_total, "Transactions that failed."),
    ROW("storage_ok", "gauge", storage_ok, "1 while the last transaction succeeded."),
    ROW("database_bytes", "gauge", database_bytes, "Size of the database file."),
    ROW("wal_bytes", "gauge", wal_bytes, "Size of the database's write-ahead log."),
    ROW("disk_free_bytes", "gauge", disk_free_bytes, "Free space on the disk that holds the database."),
    ROW("checkpoints_total", "counter", checkpoints_total,
        "Checkpoints: copies of the write-ahead log into the database."),
    ROW("checkpoint_failures_total", "counter", checkpoint_failures_total,
        "Checkpoints that failed, or could not copy everything because of a reader."),
    ROW("storage_damaged", "gauge", storage_damaged, "1 once a damaged page of the database was found."),
    ROW("http_requests_total", "counter", http_requests_total, "HTTP requests."),
    ROW("logins_total", "counter", logins_total, "Successful sign-ins."),
    ROW("logins_refused_total", "counter", logins_refused_total,
        "Sign-ins refused for a wrong password, a wrong code or a ban; and wrong passwords entered when signed in."),
    ROW("secrets_refused_total", "counter", secrets_refused_total,
        "Session cookies, access tokens, invitations and one-time links that were invalid or expired."),
    ROW("logins_rate_limited_total", "counter", logins_rate_limited_total,
        "Passwords not checked because too many had been wrong."),
    ROW("newcomers_rate_limited_total", "counter", newcomers_rate_limited_total,
        "Accounts, guests and visitors refused because too many new ones came from their address."),
    ROW("addresses_rate_limited_total", "counter", addresses_rate_limited_total,
        "Requests of people without an account refused because of their address's limits."),
    ROW("drawn_bytes_total", "counter", drawn_bytes_total, "Bytes sent for replays, pages of history and lists."),
    ROW("password_hashes_total", "counter", password_hashes_total, "Passwords hashed, to store or to compare."),
};

static const struct {
    const char *name, *help;
    size_t offset;
    bool microseconds; /* else a plain count */
} histograms[] = {
    {"hubbub_commit_batch_commands", "Commands in one transaction.", offsetof(struct metrics, commit_batch), false},
    {"hubbub_commit_seconds", "Time from BEGIN to the end of COMMIT.", offsetof(struct metrics, commit_us), true},
    {"hubbub_history_seconds", "Time to read and encode a page of history.", offsetof(struct metrics, history_us),
     true},
    {"hubbub_loop_turn_seconds", "Time of one turn of a reactor's loop.", offsetof(struct metrics, loop_lag_us), true},
    {"hubbub_welcome_seconds", "Time to write the first frame of a live connection.",
     offsetof(struct metrics, welcome_us), true},
    {"hubbub_password_seconds", "Time to hash one password.", offsetof(struct metrics, password_us), true},
};

static void write_header(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void write_i64(struct buf *out, const char *name, const char *type, const char *help, int64_t value)
{
    write_header(out, name, type, help);
    buf_printf(out, "%s %" PRId64 "\n", name, value);
}

static const metric *field_at(const struct metrics *m, size_t offset)
{
    return (const metric *)((const char *)m + offset);
}

static void write_closes(struct buf *out, const struct metrics *m)
{
    static const char name[] = "hubbub_closes_total";
    write_header(out, name, "counter", "Live connections that ended, by reason.");
    for (int i = 0; i < CLOSE_REASONS; i++)
        buf_printf(out, "%s{reason=\"%s\"} %" PRId64 "\n", name, metrics_close_name((enum metrics_close)i),
                   metric_get(&m->closes[i]));
}

static void write_scaled(struct buf *out, int64_t value, bool microseconds)
{
    if (microseconds)
        buf_printf(out, "%" PRId64 ".%06" PRId64, value / 1000000, value % 1000000);
    else
        buf_add_i64(out, value);
}

/* The buckets are cumulative here, and the count is their sum, so that the text agrees with itself while others go on
 * counting. */
static void write_histogram(struct buf *out, const char *name, const char *help, const struct metrics_histogram *h,
                            bool microseconds)
{
    int64_t below = 0;
    write_header(out, name, "histogram", help);
    for (int i = 0; i < METRICS_BUCKETS; i++) {
        below += metric_get(&h->bucket[i]);
        buf_printf(out, "%s_bucket{le=\"", name);
        if (i < METRICS_BUCKETS - 1)
            write_scaled(out, INT64_C(1) << i, microseconds);
        else
            buf_add_str(out, "+Inf");
        buf_printf(out, "\"} %" PRId64 "\n", below);
    }
    buf_printf(out, "%s_sum ", name);
    write_scaled(out, metric_get(&h->sum), microseconds);
    buf_printf(out, "\n%s_count %" PRId64 "\n", name, below);
}

/* -1: /proc does not say. */
static int64_t resident_bytes(void)
{
    char line[128], *second;
    int64_t pages = -1;
    FILE *f = fopen("/proc/self/statm", "re");
    if (!f)
        return -1;
    if (fgets(line, sizeof line, f) && (second = strchr(line, ' ')))
        pages = strtoll(second, NULL, 10);
    fclose(f);
    return pages < 0 ? -1 : pages * sysconf(_SC_PAGESIZE);
}

static int64_t open_descriptors(void)
{
    DIR *dir = opendir("/proc/self/fd");
    if (!dir)
        return -1;
    int64_t n = -3; /* ".", ".." and the directory itself */
    while (readdir(dir))
        n++;
    closedir(dir);
    return n;
}

static void write_process(struct buf *out, int64_t uptime_ms)
{
    struct rusage usage;
    struct rlimit files;
    int64_t resident = resident_bytes(), descriptors = open_descriptors();
    if (resident >= 0)
        write_i64(out, "process_resident_memory_bytes", "gauge", "Memory in use.", resident);
    if (descriptors >= 0)
        write_i64(out, "process_open_fds", "gauge", "Open file descriptors.", descriptors);
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur != RLIM_INFINITY)
        write_i64(out, "process_max_fds", "gauge", "Maximum number of file descriptors.", (int64_t)files.rlim_cur);
    if (getrusage(RUSAGE_SELF, &usage) == 0) {
        int64_t us = (int64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 + usage.ru_utime.tv_usec +
                     usage.ru_stime.tv_usec;
        write_header(out, "process_cpu_seconds_total", "counter", "Processor time used.");
        buf_add_str(out, "process_cpu_seconds_total ");
        write_scaled(out, us, true);
        buf_add_char(out, '\n');
    }
    write_header(out, "hubbub_uptime_seconds", "gauge", "Time since the start.");
    buf_add_str(out, "hubbub_uptime_seconds ");
    write_scaled(out, uptime_ms * 1000, true);
    buf_add_char(out, '\n');
}

void exposition_write(struct buf *out, const struct metrics *m, int64_t uptime_ms)
{
    write_header(out, "hubbub_build_info", "gauge", "The running version.");
    buf_add_str(out, "hubbub_build_info{version=\"" HUBBUB_VERSION "\"} 1\n");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        write_i64(out, rows[i].name, rows[i].type, rows[i].help, metric_get(field_at(m, rows[i].offset)));
    write_closes(out, m);
    for (size_t i = 0; i < sizeof histograms / sizeof histograms[0]; i++) {
        const struct metrics_histogram *h = (const struct metrics_histogram *)field_at(m, histograms[i].offset);
        write_histogram(out, histograms[i].name, histograms[i].help, h, histograms[i].microseconds);
    }
    write_process(out, uptime_ms);
}
