#include "config/config_memory.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#define KIB INT64_C(1024)
#define MIB INT64_C(1048576)

enum {
    UNANSWERED = 256, /* requests of one connection before it waits */
};

struct config_memory config_memory(const struct config *c, int64_t tcp_bytes)
{
    struct config_memory m = {.is_bounded = c->max_connections > 0};
    int64_t connections = m.is_bounded ? c->max_connections : 1;
    int64_t waiting = (c->command_queue + c->reader_queue) / UNANSWERED + 1;
    if (waiting > connections)
        waiting = connections;
    m.queues = c->outbound_memory_bytes;
    m.rings = c->ring_memory_bytes;
    /* A buffer that grows is at most twice what is in it; of a read, 64 KiB can be left to wait. */
    m.connections = connections * (KIB + 2 * (c->message_max_bytes + 4 * KIB)) + waiting * 64 * KIB;
    m.commands = c->command_queue * 2 * KIB + c->reader_queue * KIB;
    m.threads = 8 * MIB + c->reader_threads * 4 * MIB + c->password_threads * 64 * MIB +
                c->num_threads * (MIB + c->max_request_size);
    m.kernel = connections * c->socket_send_buffer_bytes;
    if (m.kernel > tcp_bytes)
        m.kernel = tcp_bytes;
    m.all = m.queues + m.rings + m.connections + m.commands + m.threads + m.kernel;
    return m;
}

static long long mib(int64_t bytes)
{
    return (long long)((bytes + MIB - 1) / MIB);
}

void config_print_memory(const struct config *c, int64_t machine_bytes, int64_t tcp_bytes, FILE *out, FILE *warnings)
{
    const struct config_memory m = config_memory(c, tcp_bytes);
    fprintf(out, "\n# In the worst case, these settings use %lld MiB of memory:\n", mib(m.all));
    fprintf(out, "#   %6lld  outbound queues (outbound_memory_bytes)\n", mib(m.queues));
    fprintf(out, "#   %6lld  the last events of rooms (ring_memory_bytes)\n", mib(m.rings));
    fprintf(out, "#   %6lld  incoming messages (max_connections, message_max_bytes)\n", mib(m.connections));
    fprintf(out, "#   %6lld  waiting commands and reads (command_queue, reader_queue)\n", mib(m.commands));
    fprintf(out, "#   %6lld  threads (password_threads, reader_threads, num_threads)\n", mib(m.threads));
    fprintf(out, "#   %6lld  the kernel's buffers (max_connections, socket_send_buffer_bytes)\n", mib(m.kernel));
    if (!m.is_bounded)
        fprintf(warnings, "warning: max_connections 0 means no limit, so memory has no limit either; set one\n");
    else if (m.all > machine_bytes)
        fprintf(
            warnings,
            "warning: in the worst case these settings use %lld MiB, and this machine has %lld; lower max_connections, "
            "outbound_memory_bytes or password_threads\n",
            mib(m.all), mib(machine_bytes));
}

/* The n-th number in a file of the kernel's. */
static int64_t number_in(const char *path, int n)
{
    int64_t value = INT64_MAX;
    FILE *f = fopen(path, "re");
    for (int i = 0; f && i <= n; i++)
        if (fscanf(f, "%" SCNd64, &value) != 1) /* also "max" */
            value = INT64_MAX;
    if (f)
        fclose(f);
    return value;
}

int64_t config_machine_bytes(void)
{
    int64_t pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    int64_t machine = pages > 0 && page > 0 ? pages * page : INT64_MAX;
    int64_t group = number_in("/sys/fs/cgroup/memory.max", 0);
    return group < machine ? group : machine;
}

int64_t config_tcp_bytes(void)
{
    int64_t pages = number_in("/proc/sys/net/ipv4/tcp_mem", 2), page = sysconf(_SC_PAGESIZE);
    return pages < INT64_MAX / MIB && page > 0 && page < MIB ? pages * page : INT64_MAX;
}
