#include "watch.h"

#include "fail.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { FILE_MAX_SIZE = 8192, PATH_MAX_SIZE = 64 };
enum { STAT_PARENT = 1, STAT_USER = 11, STAT_SYSTEM = 12 }; /* fields of /proc/PID/stat behind the command */
enum { CPU_IDLE = 3, CPU_IOWAIT = 4, CPU_STEAL = 7 };       /* fields of the line cpu of /proc/stat */

struct process {
    int pid, parent;
    bool ours;
};

struct processes {
    struct process *list;
    int count, capacity;
};

/* A /proc file as a string; false when it is gone. */
static bool read_file(const char *path, char *out, size_t capacity)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t n = read(fd, out, capacity - 1);
    close(fd);
    if (n < 0)
        return false;
    out[n] = '\0';
    return true;
}

static bool read_proc(int pid, const char *name, char *out, size_t capacity)
{
    char path[PATH_MAX_SIZE];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    return read_file(path, out, capacity);
}

static double number_after(const char *text, const char *name)
{
    const char *at = strstr(text, name);
    return at ? strtod(at + strlen(name), NULL) : 0;
}

/* The field'th number (from 0) of a line of fields with single spaces between. */
static unsigned long long number_at(const char *line, int field)
{
    while (field-- > 0 && *line) {
        line += strcspn(line, " ");
        line += *line == ' ';
    }
    return strtoull(line, NULL, 10);
}

/* The fields of /proc/PID/stat behind the command, which may hold spaces and parentheses itself. */
static const char *stat_fields(const char *stat)
{
    const char *end = strrchr(stat, ')');
    return end && end[1] ? end + 2 : "";
}

static void list_processes(struct processes *all)
{
    char stat[FILE_MAX_SIZE];
    DIR *dir = opendir("/proc");
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        if (!isdigit((unsigned char)entry->d_name[0]))
            continue;
        struct process p = {.pid = (int)strtol(entry->d_name, NULL, 10)};
        if (!read_proc(p.pid, "stat", stat, sizeof stat))
            continue;
        p.parent = (int)number_at(stat_fields(stat), STAT_PARENT);
        if (all->count == all->capacity) {
            all->capacity = all->capacity ? all->capacity * 2 : 256;
            all->list = fail_realloc(all->list, (size_t)all->capacity * sizeof *all->list);
        }
        all->list[all->count++] = p;
    }
    if (dir)
        closedir(dir);
}

static bool parent_is_ours(const struct processes *all, const struct process *p)
{
    for (int i = 0; i < all->count; i++)
        if (all->list[i].ours && all->list[i].pid == p->parent)
            return true;
    return false;
}

static void mark_ours(struct processes *all, const int *pids, int pid_count)
{
    for (int i = 0; i < all->count; i++)
        for (int k = 0; k < pid_count; k++)
            all->list[i].ours |= all->list[i].pid == pids[k];
    for (bool grown = true; grown;) {
        grown = false;
        for (int i = 0; i < all->count; i++) {
            struct process *p = &all->list[i];
            if (!p->ours && parent_is_ours(all, p))
                p->ours = grown = true;
        }
    }
}

static int count_descriptors(int pid)
{
    char path[PATH_MAX_SIZE];
    int count = 0;
    snprintf(path, sizeof path, "/proc/%d/fd", pid);
    DIR *dir = opendir(path);
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        count += entry->d_name[0] != '.';
    if (dir)
        closedir(dir);
    return count;
}

static void add_process(struct watch_sample *sum, int pid, bool deep)
{
    char text[FILE_MAX_SIZE];
    sum->processes++;
    if (read_proc(pid, "stat", text, sizeof text)) {
        const char *fields = stat_fields(text);
        unsigned long long ticks = number_at(fields, STAT_USER) + number_at(fields, STAT_SYSTEM);
        sum->cpu_s += (double)ticks / (double)sysconf(_SC_CLK_TCK);
    }
    if (read_proc(pid, "status", text, sizeof text)) {
        sum->rss_kb += number_after(text, "VmRSS:");
        sum->threads += (int)number_after(text, "Threads:");
    }
    if (!deep)
        return;
    if (read_proc(pid, "smaps_rollup", text, sizeof text))
        sum->pss_kb += number_after(text, "\nPss:");
    sum->descriptors += count_descriptors(pid);
}

struct watch_sample watch_take(const int *pids, int pid_count, bool deep)
{
    struct watch_sample sum = {0};
    struct processes all = {0};
    if (!pid_count)
        return sum;
    list_processes(&all);
    mark_ours(&all, pids, pid_count);
    for (int i = 0; i < all.count; i++)
        if (all.list[i].ours)
            add_process(&sum, all.list[i].pid, deep);
    free(all.list);
    return sum;
}

double watch_tcp_kb(void)
{
    char text[FILE_MAX_SIZE];
    if (!read_file("/proc/net/sockstat", text, sizeof text))
        return 0;
    const char *tcp = strstr(text, "TCP:");
    return tcp ? number_after(tcp, " mem ") * (double)sysconf(_SC_PAGESIZE) / 1024 : 0;
}

double watch_machine_cpu(void)
{
    static const char name[] = "cpu  ";
    char text[FILE_MAX_SIZE];
    unsigned long long ticks = 0;
    if (!read_file("/proc/stat", text, sizeof text) || strncmp(text, name, strlen(name)) != 0)
        return 0;
    for (int field = 0; field <= CPU_STEAL; field++)
        if (field != CPU_IDLE && field != CPU_IOWAIT)
            ticks += number_at(text + strlen(name), field);
    return (double)ticks / (double)sysconf(_SC_CLK_TCK);
}

double watch_own_cpu(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}
