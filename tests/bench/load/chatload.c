/* chatload - load generator for chat servers that speak WebSocket. --help says what it can be asked for.
 *
 * It connects, divides the connections over rooms, lets some of them send, and looks for the marker of every message
 * (marker.h) in everything that comes back, so it can measure any server that gives each message to its whole room.
 * Deliveries a second are those inside the measured window; expected, received, lost and doubled cover the warm-up and
 * the drain as well, so nothing is lost at the borders. The server's CPU and memory come from /proc. */
#include "fail.h"
#include "mono.h"
#include "report.h"
#include "watch.h"
#include "worker.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define POLL_NS       ((uint64_t)2 * MONO_MS)
#define WATCH_NS      ((uint64_t)250 * MONO_MS) /* how often the servers' memory is looked at */
#define HEAD_START_NS ((uint64_t)60 * MONO_MS)  /* every worker has noticed the phase when the first message is due */

enum { OTHER_DESCRIPTORS = 64 };

/* Each worker has a descriptor table of its own, so the limit is per thread. */
static void raise_descriptor_limit(const struct options *o)
{
    struct rlimit limit;
    rlim_t need = (rlim_t)((o->conns + o->threads - 1) / o->threads) + OTHER_DESCRIPTORS;
    getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur >= need)
        return;
    limit.rlim_cur = need;
    if (limit.rlim_max < need)
        limit.rlim_max = need;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
        fail_exit("too many connections for the limit on open files, use more --threads", strerror(errno));
}

static struct watch_sample sample(const struct options *o, bool deep)
{
    return watch_take(o->pids.items, o->pids.count, deep);
}

static void sleep_until(uint64_t until, struct report *r)
{
    for (uint64_t now; (now = mono_ns()) < until;) {
        uint64_t left = until - now;
        mono_sleep(left < WATCH_NS ? left : WATCH_NS);
        if (left <= WATCH_NS)
            continue;
        double rss_kb = sample(r->options, false).rss_kb;
        if (rss_kb > r->rss_kb_peak)
            r->rss_kb_peak = rss_kb;
    }
}

static struct report_moment moment(const struct options *o, bool deep)
{
    struct report_moment m;
    m.servers = sample(o, deep);
    m.own_cpu_s = watch_own_cpu();
    m.machine_cpu_s = watch_machine_cpu();
    m.ns = mono_ns();
    return m;
}

static void connect_all(struct run *run, struct report *r)
{
    const struct options *o = run->options;
    uint64_t began = mono_ns();
    uint64_t deadline = began + mono_from_s(o->conns / o->connect_per_s + o->connect_timeout_s);
    while (atomic_load(&run->connected_workers) < o->threads && mono_ns() < deadline)
        mono_sleep(POLL_NS);
    r->opened = atomic_load(&run->open);
    r->failed = o->conns - r->opened;
    if (!r->opened)
        fail_exit("connecting", "not one connection came about");
    r->connect_s = mono_to_s(atomic_load(&run->last_joined_ns) - began);
    sleep_until(mono_ns() + mono_from_s(o->settle_s), r);
    r->connected = sample(o, true);
    r->tcp_kb_connected = watch_tcp_kb();
}

static void stay_idle(struct report *r)
{
    r->from = moment(r->options, true);
    sleep_until(mono_ns() + mono_from_s(r->options->duration_s), r);
    r->to = moment(r->options, true);
}

/* Waits until nothing more is to come: all has arrived, or, where slow connections read on, a second passed in silence. */
static void drain(const struct run *run, const struct worker *workers)
{
    const struct options *o = run->options;
    uint64_t until = mono_ns() + mono_from_s(o->drain_s), last = 0, quiet_since = mono_ns();
    for (uint64_t now; (now = mono_ns()) < until; mono_sleep(POLL_NS)) {
        uint64_t expected = 0, received = 0;
        for (int i = 0; i < o->threads; i++) {
            expected += atomic_load_explicit(&workers[i].expected, memory_order_relaxed);
            received += atomic_load_explicit(&workers[i].received, memory_order_relaxed);
        }
        if (received != last) {
            last = received;
            quiet_since = now;
        }
        if (o->slow ? now > quiet_since + MONO_SECOND : received >= expected)
            return;
    }
}

static void send_and_measure(struct run *run, const struct worker *workers, struct report *r)
{
    const struct options *o = run->options;
    for (int i = 0; i < o->groups; i++)
        run->receivers[i] = atomic_load(&run->members[i]);
    run->start_ns = mono_ns() + HEAD_START_NS;
    run->measure_ns = run->start_ns + mono_from_s(o->warmup_s);
    run->end_ns = run->measure_ns + mono_from_s(o->duration_s);
    atomic_store(&run->phase, PHASE_SEND);

    sleep_until(run->measure_ns, r);
    r->from = moment(o, false);
    sleep_until(run->end_ns, r);
    r->to = moment(o, true);
    atomic_store(&run->phase, PHASE_DRAIN);
    drain(run, workers);
}

int main(int argc, char **argv)
{
    struct options options;
    options_parse(&options, argc, argv);
    raise_descriptor_limit(&options);
    signal(SIGPIPE, SIG_IGN);

    struct run run = {.options = &options, .clients = clients_new(&options)};
    run.members = fail_alloc((size_t)options.groups, sizeof *run.members);
    run.receivers = fail_alloc((size_t)options.groups, sizeof *run.receivers);
    struct worker *workers = fail_alloc((size_t)options.threads, sizeof *workers);
    struct report *report = fail_alloc(1, sizeof *report);
    report->options = &options;
    report->before = sample(&options, true);
    report->tcp_kb_before = watch_tcp_kb();

    for (int i = 0; i < options.threads; i++)
        worker_start(&workers[i], &run, i);
    connect_all(&run, report);
    if (options.idle)
        stay_idle(report);
    else
        send_and_measure(&run, workers, report);
    report->end = sample(&options, true);
    if (report->to.servers.rss_kb > report->rss_kb_peak)
        report->rss_kb_peak = report->to.servers.rss_kb;

    atomic_store(&run.phase, PHASE_STOP);
    for (int i = 0; i < options.threads; i++) {
        worker_join(&workers[i]);
        report_add_worker(report, &workers[i]);
    }
    report_print(report);
    bool clean = report_is_clean(report);

    clients_free(run.clients, &options);
    free(run.members);
    free(run.receivers);
    free(workers);
    free(report);
    return clean ? 0 : 1;
}
