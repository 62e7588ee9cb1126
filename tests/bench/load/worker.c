/* Open loop (--rate): message k is due at start + k / rate, and its latency counts from when it was due, so that a
 * stalled generator or server cannot hide its stall. Closed loop: a sender keeps a window of messages on their way and
 * sends the next when one of its own comes back; latency counts from the send and tells how deep the queues are. */
#include "worker.h"

#include "fail.h"
#include "marker.h"
#include "mono.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define WAIT_IDLE_NS ((uint64_t)50 * MONO_MS) /* how soon a new phase is noticed */
#define WAIT_BUSY_NS MONO_MS

enum { CONNECTING_MAX = 400 }; /* handshakes under way at once, in all workers: less than any listen backlog */

static uint64_t min_ns(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* ---- what the links report ---- */

static void joined(struct worker *w, struct client *c, uint64_t now)
{
    c->joined = true;
    w->connecting--;
    atomic_fetch_add(&w->run->open, 1);
    atomic_store(&w->run->last_joined_ns, now);
    if (c->slow)
        link_pause(&c->link, &w->io, true);
    else if (!c->bystander)
        atomic_fetch_add(&w->run->members[c->group], 1);
}

static size_t on_request(void *ctx, struct link *l, char *out, size_t capacity)
{
    struct worker *w = ctx;
    return client_request(client_of(l), w->run->options, out, capacity);
}

static void on_opened(void *ctx, struct link *l, uint64_t now)
{
    struct worker *w = ctx;
    struct client *c = client_of(l);
    if (c->bystander)
        return;
    client_send_hellos(c, &w->io, w->run->options);
    if (!w->run->options->joined)
        joined(w, c, now);
}

static void on_closed(void *ctx, struct link *l, enum link_state was, unsigned code)
{
    (void)was;
    (void)code;
    struct worker *w = ctx;
    struct client *c = client_of(l);
    int phase = atomic_load(&w->run->phase);
    if (!c->joined) {
        w->connecting--;
        atomic_fetch_add(&w->run->failed, 1);
        return;
    }
    c->joined = false;
    atomic_fetch_sub(&w->run->open, 1);
    if (c->slow) {
        w->counts.slow_cut_off++;
        w->counts.slow_cut_early += phase < PHASE_DRAIN;
    } else {
        w->counts.cut_off += phase < PHASE_STOP;
        if (!c->bystander)
            atomic_fetch_sub(&w->run->members[c->group], 1);
    }
}

static void send_message(struct worker *w, struct client *c, uint64_t due_ns)
{
    const struct run *run = w->run;
    w->counts.sent++;
    w->counts.sent_measured += due_ns >= run->measure_ns && due_ns < run->end_ns;
    atomic_fetch_add_explicit(&w->expected, run->receivers[c->group], memory_order_relaxed);
    client_send_message(c, &w->io, run->options, due_ns);
}

static void delivered(struct worker *w, struct client *c, const struct marker *m, uint64_t now)
{
    const struct run *run = w->run;
    const struct options *o = run->options;
    int phase = atomic_load_explicit(&run->phase, memory_order_acquire);
    if (phase == PHASE_CONNECT || m->ns < run->start_ns) { /* replayed history */
        w->counts.stale++;
        return;
    }
    if (c->bystander || m->sender >= (uint32_t)o->senders || m->sender % (uint32_t)o->groups != c->group) {
        w->counts.misrouted++;
        return;
    }
    if (c->slow) {
        w->counts.slow_read++;
        return;
    }
    enum track_verdict verdict = track_see(&c->tracks[m->sender / (uint32_t)o->groups], m->number);
    if (verdict == TRACK_AGAIN) {
        w->counts.again++;
        return;
    }
    w->counts.late += verdict == TRACK_LATE;
    atomic_fetch_add_explicit(&w->received, 1, memory_order_relaxed);
    w->counts.measured += now >= run->measure_ns && now < run->end_ns;
    if (m->ns >= run->measure_ns && m->ns < run->end_ns)
        histogram_add(&w->latency, now > m->ns ? now - m->ns : 0);
    if (m->sender == c->index) {
        c->last_echo_ns = now;
        if (o->rate <= 0 && phase == PHASE_SEND && now < run->end_ns)
            send_message(w, c, mono_ns());
    }
}

/* The first frame is what lets it in, the others are what a run is about. */
static void stood_by(struct worker *w, struct client *c, size_t count, uint64_t now)
{
    const struct run *run = w->run;
    if (!c->joined) {
        joined(w, c, now);
    } else if (atomic_load_explicit(&run->phase, memory_order_acquire) != PHASE_CONNECT && now >= run->measure_ns &&
               now < run->end_ns) {
        w->counts.bystander_frames++;
        w->counts.bystander_bytes += count;
    }
}

static void on_payload(void *ctx, struct link *l, const uint8_t *bytes, size_t count, uint64_t now)
{
    struct worker *w = ctx;
    struct client *c = client_of(l);
    struct marker m, last = {0};
    if (c->bystander)
        stood_by(w, c, count, now);
    else if (!c->joined && memmem(bytes, count, w->run->options->joined, strlen(w->run->options->joined)))
        joined(w, c, now);
    for (size_t at = 0; marker_next(bytes, count, &at, &m); last = m)
        if (m.sender != last.sender ||
            m.number != last.number) /* named twice in one payload it is still one delivery */
            delivered(w, c, &m, now);
}

static const struct link_handler handler = {on_request, on_opened, on_payload, on_closed};

/* ---- the phases ---- */

/* Starts the connections that are due; false when all of this worker's have been started and are through. */
static bool connect_due(struct worker *w, uint64_t now, uint64_t began)
{
    const struct options *o = w->run->options;
    int most = CONNECTING_MAX / o->threads > 1 ? CONNECTING_MAX / o->threads : 1;
    int due = (int)(mono_to_s(now - began) * o->connect_per_s / o->threads) + 1; /* of this worker's connections */
    while (w->next_connect < o->conns && w->connecting < most && w->next_connect / o->threads < due) {
        struct client *c = &w->run->clients[w->next_connect];
        const struct sockaddr_in *from = o->sources ? &o->from[c->index % (uint32_t)o->sources] : NULL;
        w->next_connect += o->threads;
        w->connecting++;
        if (c->slow && o->slow_source)
            from = &o->slow_from;
        link_connect(&c->link, &w->io, &o->to, from, c->slow ? o->slow_rcvbuf : 0);
    }
    return w->next_connect < o->conns || w->connecting > 0;
}

/* Sends what is due; returns how long until the next is. */
static uint64_t send_paced(struct worker *w, uint64_t now)
{
    const struct run *run = w->run;
    const struct options *o = run->options;
    if (w->id >= o->senders)
        return WAIT_IDLE_NS;
    for (;;) {
        int sender = w->id + w->turn * o->threads;
        if (sender >= o->senders) {
            w->turn = 0;
            w->cycle++;
            continue;
        }
        double position = (double)w->cycle * o->senders + sender;
        uint64_t due = run->start_ns + mono_from_s(position / o->rate);
        if (due >= run->end_ns)
            return WAIT_IDLE_NS;
        if (due > now)
            return due - now;
        if (now - due > w->counts.late_max_ns)
            w->counts.late_max_ns = now - due;
        if (run->clients[sender].joined)
            send_message(w, &run->clients[sender], due);
        w->turn++;
    }
}

static void fill_window(struct worker *w, struct client *c, uint64_t now)
{
    c->last_echo_ns = now;
    for (int i = 0; i < w->run->options->window && c->joined; i++)
        send_message(w, c, mono_ns());
}

/* Fills every sender's window at the start, and again where nothing has come back for long: a lost message must not
 * stop its sender for the rest of the run. */
static uint64_t send_windows(struct worker *w, uint64_t now)
{
    const struct run *run = w->run;
    const struct options *o = run->options;
    if (now < run->start_ns)
        return run->start_ns - now;
    for (int i = w->id; i < o->senders && now < run->end_ns; i += o->threads) {
        struct client *c = &run->clients[i];
        bool stalled = w->window_filled && now > c->last_echo_ns + mono_from_s(o->stall_s);
        w->counts.stalls += stalled && c->joined;
        if (stalled || !w->window_filled)
            fill_window(w, c, now);
    }
    w->window_filled = true;
    return WAIT_IDLE_NS;
}

static void let_slow_read(struct worker *w)
{
    const struct options *o = w->run->options;
    for (int i = o->conns - o->slow; i < o->conns; i++)
        if (i % o->threads == w->id && w->run->clients[i].joined)
            link_pause(&w->run->clients[i].link, &w->io, false);
    w->slow_reading = true;
}

static void *work(void *arg)
{
    struct worker *w = arg;
    struct run *run = w->run;
    const struct options *o = run->options;
    bool connecting = true;
    if (o->threads > 1 && unshare(CLONE_FILES) < 0) /* a descriptor table, and so a limit, of its own */
        fail_exit("unshare", strerror(errno));
    link_io_init(&w->io, &handler, w, client_payload_max(o));

    uint64_t began = mono_ns();
    for (;;) {
        int phase = atomic_load(&run->phase);
        uint64_t now = mono_ns(), wait = WAIT_IDLE_NS;
        if (phase == PHASE_STOP)
            break;
        if (connecting && phase == PHASE_CONNECT) {
            connecting = connect_due(w, now, began);
            wait = WAIT_BUSY_NS;
            if (!connecting)
                atomic_fetch_add(&run->connected_workers, 1);
        }
        if (phase == PHASE_SEND && o->senders)
            wait = min_ns(wait, o->rate > 0 ? send_paced(w, now) : send_windows(w, now));
        if (phase == PHASE_DRAIN && !w->slow_reading)
            let_slow_read(w);
        link_io_wait(&w->io, wait);
    }
    for (int i = w->id; i < o->conns; i += o->threads)
        link_clear(&run->clients[i].link);
    link_io_clear(&w->io);
    return NULL;
}

void worker_start(struct worker *w, struct run *run, int id)
{
    w->run = run;
    w->id = w->next_connect = id;
    int error = pthread_create(&w->thread, NULL, work, w);
    if (error)
        fail_exit("pthread_create", strerror(error));
}

void worker_join(struct worker *w)
{
    pthread_join(w->thread, NULL);
}
