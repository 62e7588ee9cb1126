#include "report.h"

#include "mono.h"

#include <inttypes.h>
#include <stdio.h>

static const double KIB = 1024, MILLION = 1e6;

struct figures { /* what both forms print */
    double window_s, per_s, sent_per_s;
    double p50, p90, p99, p999;
    uint64_t lost;
    double server_cpu_s, own_cpu_s, server_share, own_share, other_share; /* shares: of one core */
    double server_per_million, own_per_million;                           /* CPU seconds per million deliveries */
    double rss_each, pss_each, tcp_each;                                  /* bytes per connection */
};

void report_add_worker(struct report *r, const struct worker *w)
{
    struct worker_counts *sum = &r->counts;
    const struct worker_counts *add = &w->counts;
    sum->sent += add->sent;
    sum->sent_measured += add->sent_measured;
    sum->measured += add->measured;
    sum->again += add->again;
    sum->late += add->late;
    sum->misrouted += add->misrouted;
    sum->stale += add->stale;
    sum->stalls += add->stalls;
    sum->cut_off += add->cut_off;
    sum->slow_cut_off += add->slow_cut_off;
    sum->slow_cut_early += add->slow_cut_early;
    sum->slow_read += add->slow_read;
    sum->bystander_frames += add->bystander_frames;
    sum->bystander_bytes += add->bystander_bytes;
    if (add->late_max_ns > sum->late_max_ns)
        sum->late_max_ns = add->late_max_ns;
    r->expected += atomic_load(&w->expected);
    r->received += atomic_load(&w->received);
    r->bytes += w->io.bytes_read;
    r->reads += w->io.reads;
    r->frames += w->io.frames;
    r->pings += w->io.pings;
    r->blocked_sends += w->io.blocked_sends;
    histogram_merge(&r->latency, &w->latency);
}

static double ratio(double a, double b)
{
    return b > 0 ? a / b : 0;
}

static struct figures compute(const struct report *r)
{
    const struct options *o = r->options;
    double wall_s = mono_to_s(r->to.ns - r->from.ns), millions = (double)r->counts.measured / MILLION;
    struct figures f = {.window_s = o->duration_s};
    f.per_s = ratio((double)r->counts.measured, f.window_s);
    f.sent_per_s = ratio((double)r->counts.sent_measured, f.window_s);
    f.p50 = histogram_percentile_ms(&r->latency, 0.5);
    f.p90 = histogram_percentile_ms(&r->latency, 0.9);
    f.p99 = histogram_percentile_ms(&r->latency, 0.99);
    f.p999 = histogram_percentile_ms(&r->latency, 0.999);
    f.lost = r->expected > r->received ? r->expected - r->received : 0;
    f.server_cpu_s = r->to.servers.cpu_s - r->from.servers.cpu_s;
    f.own_cpu_s = r->to.own_cpu_s - r->from.own_cpu_s;
    f.server_share = ratio(f.server_cpu_s, wall_s);
    f.own_share = ratio(f.own_cpu_s, wall_s);
    if (o->pids.count) {
        double machine_s = r->to.machine_cpu_s - r->from.machine_cpu_s;
        double other_s = machine_s - f.server_cpu_s - f.own_cpu_s;
        f.other_share = other_s > 0 ? ratio(other_s, wall_s) : 0;
    }
    f.server_per_million = ratio(f.server_cpu_s, millions);
    f.own_per_million = ratio(f.own_cpu_s, millions);
    f.rss_each = ratio((r->connected.rss_kb - r->before.rss_kb) * KIB, r->opened);
    f.pss_each = ratio((r->connected.pss_kb - r->before.pss_kb) * KIB, r->opened);
    f.tcp_each = ratio((r->tcp_kb_connected - r->tcp_kb_before) * KIB, r->opened);
    return f;
}

bool report_is_clean(const struct report *r)
{
    const struct worker_counts *c = &r->counts;
    return r->received >= r->expected && !r->failed && !c->again && !c->misrouted && !c->cut_off;
}

static void print_string(const char *text)
{
    putchar('"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            putchar('\\');
        putchar((unsigned char)*text < ' ' ? ' ' : *text);
    }
    putchar('"');
}

static void print_json(const struct report *r, const struct figures *f)
{
    const struct options *o = r->options;
    const struct worker_counts *c = &r->counts;
    printf("{\"label\":");
    print_string(o->label);
    printf(",\"conns\":%d,\"opened\":%d,\"failed\":%d,\"connect_s\":%.3f,\"connects_per_s\":%.0f,", o->conns, r->opened,
           r->failed, r->connect_s, ratio(r->opened, r->connect_s));
    printf("\"groups\":%d,\"senders\":%d,\"rate\":%g,\"window\":%d,\"size\":%d,\"duration_s\":%g,\"threads\":%d,"
           "\"slow\":%d,\"bystanders\":%d,",
           o->groups, o->senders, o->rate, o->window, o->size, o->duration_s, o->threads, o->slow, o->bystanders);
    printf("\"deliveries_per_s\":%.0f,\"sent_per_s\":%.1f,\"sent\":%" PRIu64 ",\"expected\":%" PRIu64
           ",\"received\":%" PRIu64 ",",
           f->per_s, f->sent_per_s, c->sent, r->expected, r->received);
    printf("\"lost\":%" PRIu64 ",\"again\":%" PRIu64 ",\"late\":%" PRIu64 ",\"misrouted\":%" PRIu64
           ",\"stale\":%" PRIu64 ",\"cut_off\":%" PRIu64 ",\"stalls\":%" PRIu64 ",",
           f->lost, c->again, c->late, c->misrouted, c->stale, c->cut_off, c->stalls);
    printf("\"latency_ms\":{\"mean\":%.3f,\"p50\":%.3f,\"p90\":%.3f,\"p99\":%.3f,\"p999\":%.3f,\"max\":%.3f},",
           histogram_mean_ms(&r->latency), f->p50, f->p90, f->p99, f->p999, histogram_max_ms(&r->latency));
    printf("\"bytes\":%" PRIu64 ",\"reads\":%" PRIu64 ",\"frames\":%" PRIu64 ",\"pings\":%" PRIu64
           ",\"blocked_sends\":%" PRIu64 ",\"behind_schedule_max_ms\":%.3f,",
           r->bytes, r->reads, r->frames, r->pings, r->blocked_sends, (double)c->late_max_ns / (double)MONO_MS);
    printf("\"bystander_frames\":%" PRIu64 ",\"bystander_bytes\":%" PRIu64 ",", c->bystander_frames,
           c->bystander_bytes);
    printf("\"slow_cut_off\":%" PRIu64 ",\"slow_cut_early\":%" PRIu64 ",\"slow_read\":%" PRIu64 ",", c->slow_cut_off,
           c->slow_cut_early, c->slow_read);
    printf("\"server\":{\"cpu_s\":%.2f,\"cpu_share\":%.3f,\"cpu_s_per_million\":%.3f,\"processes\":%d,\"threads\":%d,"
           "\"descriptors_connected\":%d,\"descriptors_end\":%d,",
           f->server_cpu_s, f->server_share, f->server_per_million, r->to.servers.processes, r->to.servers.threads,
           r->connected.descriptors, r->to.servers.descriptors);
    printf("\"rss_kb_before\":%.0f,\"rss_kb_connected\":%.0f,\"rss_kb_peak\":%.0f,\"rss_kb_end\":%.0f,"
           "\"pss_kb_before\":%.0f,\"pss_kb_connected\":%.0f,\"rss_b_each\":%.0f,\"pss_b_each\":%.0f},",
           r->before.rss_kb, r->connected.rss_kb, r->rss_kb_peak, r->end.rss_kb, r->before.pss_kb, r->connected.pss_kb,
           f->rss_each, f->pss_each);
    printf("\"generator\":{\"cpu_s\":%.2f,\"cpu_share\":%.3f,\"cpu_s_per_million\":%.3f},\"other_cpu_share\":%.3f,"
           "\"tcp_kb_before\":%.0f,\"tcp_kb_connected\":%.0f}\n",
           f->own_cpu_s, f->own_share, f->own_per_million, f->other_share, r->tcp_kb_before, r->tcp_kb_connected);
}

static void print_messages(const struct report *r, const struct figures *f)
{
    const struct worker_counts *c = &r->counts;
    printf("deliveries   %.0f/s, %.1f messages/s sent, %.0f bytes to a read\n", f->per_s, f->sent_per_s,
           ratio((double)r->bytes, (double)r->reads));
    printf("latency ms   p50 %.3f  p90 %.3f  p99 %.3f  p99.9 %.3f  max %.3f, counted from %s\n", f->p50, f->p90, f->p99,
           f->p999, histogram_max_ms(&r->latency), r->options->rate > 0 ? "when it was due" : "the send (closed loop)");
    printf("accounting   expected %" PRIu64 "  received %" PRIu64 "  lost %" PRIu64 "  doubled %" PRIu64
           "  reordered %" PRIu64 "  misrouted %" PRIu64 "  old %" PRIu64 "\n",
           r->expected, r->received, f->lost, c->again, c->late, c->misrouted, c->stale);
    printf("trouble      %" PRIu64 " cut off, %" PRIu64 " stalls, %" PRIu64
           " sends blocked, at most %.3f ms behind schedule\n",
           c->cut_off, c->stalls, r->blocked_sends, (double)c->late_max_ns / (double)MONO_MS);
    if (r->options->slow)
        printf("slow         %d not reading: %" PRIu64 " seen cut off in the run, %" PRIu64
               " once they read on, after %" PRIu64 " deliveries; server descriptors %d, then %d\n",
               r->options->slow, c->slow_cut_early, c->slow_cut_off, c->slow_read, r->connected.descriptors,
               r->to.servers.descriptors);
    if (r->options->bystanders)
        printf("bystanders   %d: %.0f frames/s, %.0f bytes/s\n", r->options->bystanders,
               ratio((double)c->bystander_frames, f->window_s), ratio((double)c->bystander_bytes, f->window_s));
    printf("generator    %.0f %% of a core, %.2f CPU s per million deliveries\n", f->own_share * 100,
           f->own_per_million);
}

static void print_servers(const struct report *r, const struct figures *f)
{
    if (!r->options->idle)
        printf("others       %.0f %% of a core taken by other processes or stolen (noise)\n", f->other_share * 100);
    printf("server       %.0f %% of a core, %.2f CPU s per million deliveries, %d processes, %d threads\n",
           f->server_share * 100, f->server_per_million, r->to.servers.processes, r->to.servers.threads);
    printf("memory MiB   RSS %.1f before, %.1f connected, %.1f peak, %.1f end; PSS %.1f before, %.1f connected\n",
           r->before.rss_kb / KIB, r->connected.rss_kb / KIB, r->rss_kb_peak / KIB, r->end.rss_kb / KIB,
           r->before.pss_kb / KIB, r->connected.pss_kb / KIB);
    printf("each         RSS %.0f bytes, PSS %.0f, kernel TCP buffers of both ends %.0f\n", f->rss_each, f->pss_each,
           f->tcp_each);
}

static void print_text(const struct report *r, const struct figures *f)
{
    const struct options *o = r->options;
    printf("%s%sconnections  %d of %d joined, %d failed, in %.2f s = %.0f/s\n", o->label, *o->label ? ": " : "",
           r->opened, o->conns, r->failed, r->connect_s, ratio(r->opened, r->connect_s));
    if (!o->idle)
        print_messages(r, f);
    if (o->pids.count)
        print_servers(r, f);
}

void report_print(const struct report *r)
{
    struct figures f = compute(r);
    if (r->options->json)
        print_json(r, &f);
    else
        print_text(r, &f);
}
