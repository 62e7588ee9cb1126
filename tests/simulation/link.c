#include "link.h"

#include "base/mem.h"
#include "chat/query/history.h"
#include "chat/submit/proposal.h"
#include "judge.h"
#include "proto/ws_frame.h"
#include "world.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
    DRAINED_FRAMES = 32, /* as in transport/ws.c */
    GATHER_MAX = 64,
    LINGER_US = 5000000,
    LARGEST_FRAME_BYTES = HISTORY_PAGE_BYTES + 4096,
    LAST_FRAME_BYTES = 2 + 125, /* a control frame, RFC 6455, 5.5 */
};

struct link *link_open(struct world *w, struct client *c)
{
    struct link *l = mem_must_calloc(1, sizeof *l);
    l->world = w;
    l->client = c;
    l->number = ++w->server.links_made;
    l->shard = (int)dice_below(&w->dice, PROFILE_SHARDS);
    l->up_last = &l->up;
    l->ended = INT64_MAX;
    l->last_byte = UINT64_MAX;
    l->next = w->server.links;
    w->server.links = l;
    return l;
}

static void forget_texts(struct link *l)
{
    for (struct link_text *t = l->up, *next; t; t = next) {
        next = t->next;
        free(t);
    }
    l->up = NULL;
    l->up_last = &l->up;
}

/* ------------------------------------------------------------------ what the reactor does with it */

static size_t room_down(const struct link *l)
{
    size_t on_its_way = link_unread(l);
    return on_its_way < l->world->profile.kernel_bytes ? l->world->profile.kernel_bytes - on_its_way : 0;
}

/* Once sendmsg(): as much as the kernel takes, which is not always all there is. False: it is full. */
static bool send_some(struct link *l, struct outbox *o, size_t room)
{
    struct iovec iov[GATHER_MAX];
    size_t sent = 0, want = 0, n = outbox_gather(o, iov, GATHER_MAX);
    for (size_t i = 0; i < n; i++) {
        size_t take = iov[i].iov_len < room - sent ? iov[i].iov_len : room - sent;
        buf_add(&l->down, iov[i].iov_base, take);
        l->bytes_sent += take;
        sent += take;
        want += iov[i].iov_len;
    }
    outbox_consume(o, sent, &l->world->server.chat->settings.outbox);
    if (o->len <= DRAINED_FRAMES && !l->closing)
        session_drained(l->session);
    return sent == want;
}

/* As the reactor's send_to(). */
static void send_all(struct link *l)
{
    struct dice *d = &l->world->dice;
    struct outbox *o = session_outbox(l->session);
    bool more = true;
    while (more && !outbox_is_empty(o)) {
        size_t room = room_down(l);
        if (!room)
            return;
        more = send_some(l, o, dice_one_in(d, 4) ? 1 + dice_below(d, room) : room);
    }
    if (outbox_is_empty(o))
        l->awake = false;
}

/* ------------------------------------------------------------------ the session's side */

static void on_wake(void *conn)
{
    struct link *l = conn;
    l->awake = true;
}

static void on_flush(void *conn)
{
    struct link *l = conn;
    if (room_down(l) && !l->world->faults.dead)
        send_all(l);
}

/* A connection is too slow when the kernel takes no more and there is no room in its queue, and only then. */
static void check_too_slow(struct link *l)
{
    const struct outbox *o = session_outbox(l->session);
    const struct outbox_limits *limits = &l->world->server.chat->settings.outbox;
    if (outbox_is_empty(o) || (o->len < limits->frames && o->bytes + LARGEST_FRAME_BYTES <= limits->bytes))
        trace_fail(&l->world->trace, "I3", "link %d is closed as too slow with %u frames and %u bytes of %u and %u",
                   l->number, o->len, o->bytes, limits->frames, limits->bytes);
}

static void push_close(struct link *l, enum err why, const char *reason)
{
    uint8_t payload[WS_CONTROL_MAX], head[WS_HEADER_MAX];
    struct outbox *o = session_outbox(l->session);
    size_t len = ws_close_payload(payload, (uint16_t)err_ws_close(why), span_of(reason));
    size_t head_len = ws_frame_header(head, WS_OP_CLOSE, len);
    struct frame *f =
        frame_new((struct span){(const char *)head, head_len}, (struct span){(const char *)payload, len}, 0);
    const struct outbox_limits *limits = &l->world->server.chat->settings.outbox;
    if (why != ERR_SHUTTING_DOWN)
        outbox_drop_unsent(o, limits);
    (void)outbox_push_last(o, f, limits);
    frame_release(f);
}

static void on_close(void *conn, enum err why, const char *reason)
{
    struct link *l = conn;
    world_say(l->world, "link %d closes: %s (%s)", l->number, err_code(why), reason);
    if (l->closing)
        trace_fail(&l->world->trace, "protocol", "link %d is closed twice", l->number);
    link_check_ended_why(l, why);
    l->world->tallies.n[TALLY_ended_links] += why == ERR_SESSION_ENDED || why == ERR_BANNED;
    l->world->tallies.n[TALLY_too_slow] += why == ERR_TOO_SLOW;
    l->world->tallies.n[TALLY_floods] += why == ERR_FLOOD;
    if (why == ERR_TOO_SLOW)
        check_too_slow(l);
    push_close(l, why, reason);
    if (why == ERR_SESSION_ENDED || why == ERR_BANNED)
        link_note_last_byte(l);
    l->closing = l->awake = true;
    l->give_up_us = l->world->now_us + LINGER_US;
}

static void on_ready(void *conn)
{
    (void)conn; /* hear() asks the session itself */
}

/* One is cut only for what it holds, and while all queues together hold too much. */
static void on_cut(void *conn)
{
    struct link *l = conn;
    const struct outbox_limits *limits = &l->world->server.chat->settings.outbox;
    world_say(l->world, "link %d is cut", l->number);
    if (outbox_is_empty(session_outbox(l->session)) ||
        metric_get(limits->memory) <= limits->memory_bytes - limits->memory_bytes / 16)
        trace_fail(&l->world->trace, "I3", "link %d is cut with %u bytes in its queue, all queues holding %" PRId64,
                   l->number, session_outbox(l->session)->bytes, metric_get(limits->memory));
    l->world->tallies.n[TALLY_too_slow]++;
    outbox_clear(session_outbox(l->session), limits);
    l->closing = true;
    l->give_up_us = l->world->now_us;
}

static const struct session_io io = {on_wake, on_flush, on_ready, on_cut, on_close};

struct adoption {
    struct task task;
    struct link *link;
    struct person *who;
};

static void expect_welcome(struct link *l)
{
    static const enum user_kind kinds[] = {[COMMAND_ACTOR_SYSTEM] = USER_SYSTEM,
                                           [COMMAND_ACTOR_VISITOR] = USER_VISITOR,
                                           [COMMAND_ACTOR_GUEST] = USER_GUEST,
                                           [COMMAND_ACTOR_ACCOUNT] = USER_ACCOUNT};
    if (ledger_is_settled(l->world))
        client_expect_rooms(l->world, (struct viewer){kinds[l->who.kind], l->who.user_id}, &l->welcome);
}

/* A guest has no session that could end: only a ban keeps them out, for as long as it lasts; and who is an account now
 * comes in otherwise. */
static bool is_kept_out(const struct link *l)
{
    const struct world *w = l->world;
    const struct place_user *u = place_user(&w->place, l->who.user_id);
    return l->who.kind == COMMAND_ACTOR_ACCOUNT || (u && u->kind == USER_ACCOUNT) ||
           place_is_banned(&w->place, l->who.user_id, w->env.wall_ms(w->env.ctx));
}

/* Whoever was ended while on the way here does not get in. */
static void check_adopted(struct link *l, int64_t settled, bool was_kept_out)
{
    struct world *w = l->world;
    l->opened_hi = w->place.moment;
    if (l->opened_hi != l->opened_lo || !ledger_is_settled(w))
        buf_clear(&l->welcome);
    if (l->ended <= settled && was_kept_out && is_kept_out(l) && !l->closing && !w->ledger.is_stale)
        trace_fail(&w->trace, "rules", "link %d was ended at moment %" PRId64 ", and is opened at moment %" PRId64,
                   l->number, l->ended, settled);
}

static void adopt(struct task *task)
{
    struct adoption *a = (struct adoption *)task;
    struct link *l = a->link;
    struct world *w = l->world;
    struct hub *hub = w->server.chat->hub;
    const struct caller *caller = l->who.kind == COMMAND_ACTOR_ACCOUNT ? &l->who : NULL;
    int64_t settled = w->ledger.settled;
    l->adopting = false;
    l->opened_lo = settled;
    bool was_kept_out = is_kept_out(l);
    expect_welcome(l);
    if (l->over)
        hub_person_release(hub, a->who);
    else if (session_open(w->server.chat, hub_shard(hub, l->shard), a->who, caller, &io, l, &l->session) != OK)
        l->over = true;
    else
        check_adopted(l, settled, was_kept_out);
    free(a);
}

void link_adopt(struct link *l, struct person *who)
{
    struct adoption *a = mem_must_calloc(1, sizeof *a);
    a->task.run = adopt;
    a->link = l;
    a->who = who;
    l->adopting = true;
    l->made = l->world->ledger.settled;
    mailbox_post(shard_mailbox(hub_shard(l->world->server.chat->hub, l->shard)), &a->task);
}

static void close_session(struct link *l)
{
    struct session *s = l->session;
    l->session = NULL;
    l->over = true;
    session_close(s);
}

void link_end(struct link *l, bool cut)
{
    if (l->session)
        close_session(l);
    l->over = true;
    if (cut) {
        size_t kept = dice_below(&l->world->dice, link_unread(l) + 1);
        l->down.len = l->down_read + kept;
    }
    forget_texts(l);
}

/* ------------------------------------------------------------------ turns of its shard */

static void flush(struct world *w, void *arg)
{
    struct link *l = arg;
    (void)w;
    send_all(l);
    if (l->closing && outbox_is_empty(session_outbox(l->session)))
        close_session(l);
}

static struct ask *ask_of(const struct link *l, uint64_t text)
{
    struct client *c = l->client;
    for (size_t i = 0; c && i < c->asks_count; i++)
        if (c->asks[i].text == text)
            return &c->asks[i];
    return NULL;
}

/* The ask may have been answered meanwhile, or its client be gone. */
static void judge_text(struct link *l, uint64_t text)
{
    struct ask *a = ask_of(l, text);
    if (a)
        judge_read(l->world, l->client, a);
}

static void hear_text(struct link *l)
{
    struct link_text *t = l->up;
    l->up = t->next;
    if (!l->up)
        l->up_last = &l->up;
    judge_text(l, t->number);
    session_text(l->session, (struct span){t->bytes, t->len});
    judge_text(l, t->number);
    free(t);
}

/* A loop turn reads from one connection or from several, one text or more; then what has been asked is proposed
 * together. */
static void hear(struct world *w, void *arg)
{
    struct link *first = arg;
    hear_text(first);
    for (struct link *l = w->server.links; l && !dice_one_in(&w->dice, 4); l = l->next)
        while (l->shard == first->shard && l->session && l->up && !l->closing && session_is_ready(l->session) &&
               dice_one_in(&w->dice, 2))
            hear_text(l);
    proposals_send(hub_shard(w->server.chat->hub, first->shard));
}

static void notice(struct world *w, void *arg)
{
    struct link *l = arg;
    world_say(w, "link %d is gone", l->number);
    close_session(l);
}

void link_offer(struct link *l)
{
    struct world *w = l->world;
    enum part part = (enum part)(PART_SHARD + l->shard);
    if (!l->over)
        l->faulted = w->server.faulted;
    if (!l->session)
        return;
    const struct outbox *o = session_outbox(l->session);
    const struct outbox_limits *limits = &w->server.chat->settings.outbox;
    const uint32_t last = o->sealed ? LAST_FRAME_BYTES : 0; /* a Close frame is queued whatever the limits */
    if (o->len > limits->frames + o->sealed || (o->len > 1 + o->sealed && o->bytes > limits->bytes + last))
        trace_fail(&w->trace, "I3", "link %d has %u frames and %u bytes in its queue", l->number, o->len, o->bytes);
    if (l->awake && room_down(l))
        turns_offer(&w->turns, part, w->now_us, flush, l);
    if (l->up && !l->closing && session_is_ready(l->session))
        turns_offer(&w->turns, part, w->now_us, hear, l);
    if (!l->client && (!l->up || l->closing))
        turns_offer(&w->turns, part, l->notice_us, notice, l);
    else if (l->closing)
        turns_offer(&w->turns, part, l->give_up_us, notice, l);
}

/* ------------------------------------------------------------------ the client's side */

uint64_t link_send(struct link *l, const char *text)
{
    size_t len = strlen(text);
    struct link_text *t = mem_must_calloc(1, sizeof *t + len);
    t->number = ++l->texts;
    t->len = len;
    memcpy(t->bytes, text, len);
    *l->up_last = t;
    l->up_last = &t->next;
    return t->number;
}

size_t link_unread(const struct link *l)
{
    return l->down.len - l->down_read;
}

size_t link_read(struct link *l, char *out, size_t max)
{
    size_t n = link_unread(l) < max ? link_unread(l) : max;
    if (n)
        memcpy(out, l->down.p + l->down_read, n);
    l->down_read += n;
    l->bytes_taken += n;
    if (l->down_read == l->down.len) {
        buf_clear(&l->down);
        l->down_read = 0;
    }
    return n;
}

void link_drop(struct link *l, bool cut)
{
    struct world *w = l->world;
    l->client = NULL;
    l->notice_us = w->now_us + (cut ? dice_between(&w->dice, 0, 2000000) : 0);
    size_t texts = 0, kept;
    for (struct link_text *t = l->up; t; t = t->next)
        texts++;
    kept = cut ? dice_below(&w->dice, texts + 1) : texts;
    struct link_text **at = &l->up;
    while (kept--)
        at = &(*at)->next;
    l->up_last = at;
    while (*at) {
        struct link_text *t = *at;
        *at = t->next;
        free(t);
    }
}

void link_sweep(struct world *w)
{
    for (struct link **at = &w->server.links; *at;) {
        struct link *l = *at;
        if (l->client || l->session || l->adopting || !l->over) {
            at = &l->next;
            continue;
        }
        *at = l->next;
        forget_texts(l);
        buf_release(&l->welcome);
        buf_release(&l->down);
        free(l);
    }
}
