/* What a client is told of rooms, its memberships and what is unread in them: in the welcome, and whenever it changes. */
#include "client.h"
#include "judge.h"
#include "told.h"
#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static _Noreturn void fail(struct world *w, const struct client *c, const cJSON *json, const char *wrong)
{
    char *text = cJSON_PrintUnformatted(json);
    trace_fail(&w->trace, "rules", "%s: %s in %s", client_label(c), wrong, text);
}

/* ------------------------------------------------------------------ one room */

/* What is unread follows from how far one has read and how far the room goes, whenever that was, and from what could be
 * read then. */
static void check_counts(struct world *w, const struct client *c, const cJSON *json, int64_t room, int64_t read,
                         int64_t last, int64_t unread, int64_t mentions)
{
    struct place_counts want = {0};
    if (read > last || last > w->place.rooms[room].last_seq || read < 0)
        fail(w, c, json, "an impossible position");
    for (int64_t seq = read + 1; seq <= last; seq++)
        place_count(&w->place, &w->place.rooms[room], c->who.user_id, seq, &want);
    if (!place_counts_hold(&want, unread, mentions))
        trace_fail(&w->trace, "rules",
                   "%s: room %" PRId64 ", read to seq %" PRId64 " of %" PRId64 ": unread %" PRId64 ", mentions %" PRId64
                   ", but there are %" PRId64 " to %" PRId64 " and %" PRId64 " to %" PRId64,
                   client_label(c), room, read, last, unread, mentions, want.least, want.most, want.least_mentions,
                   want.most_mentions);
}

/* A room as one line of text, as it is and as it is told: so the two can be compared, even when some time has passed. */
static void write_people(struct buf *b, const int64_t *ids, size_t n)
{
    for (size_t i = 0; i < n; i++)
        buf_printf(b, " %lld", (long long)ids[i]);
}

static void write_room(const struct place *p, struct viewer v, int64_t room, struct buf *b)
{
    const struct place_room *r = &p->rooms[room];
    const struct place_member *m = v.kind == USER_ACCOUNT ? place_member(r, v.user) : NULL;
    int64_t unread, mentions;
    buf_printf(b, "%lld \"%s\" %d %lld %d %d %d %lld \"%s\"", (long long)room, r->name, (int)r->kind,
               (long long)r->last_seq, r->archived, r->locked, (int)r->history, (long long)r->slow_s, r->topic);
    write_people(b, r->people, r->people_count);
    if (r->kind == ROOM_DIRECT)
        buf_printf(b, " %lld", (long long)place_active_at(r, r->last_seq));
    if (m) {
        place_unread(p, r, v.user, m->read_seq, r->last_seq, &unread, &mentions);
        buf_printf(b, ", %d %d %lld %lld %lld %lld %d %d \"%s\" %lld %lld", (int)m->role, (int)m->level,
                   (long long)m->read_seq, (long long)unread, (long long)mentions, (long long)m->muted_until, m->hidden,
                   m->favourite, m->section, (long long)m->position,
                   (long long)(place_may_answer(p, r, v.user) ? r->request_count : 0));
    }
    buf_add_char(b, '\n');
}

static void write_told(struct world *w, const cJSON *json, struct buf *b)
{
    const cJSON *people = cJSON_GetObjectItemCaseSensitive(json, "people"), *person;
    int64_t id;
    buf_printf(b, "%lld \"%s\" %d %lld %d %d %d %lld \"%s\"", (long long)told_i64(w, json, "id"),
               told_text(w, json, "name"), told_word(w, json, "kind", &words_room_kind),
               (long long)told_i64(w, json, "last_seq"), told_flag(json, "archived"), told_flag(json, "locked"),
               strcmp(told_text_or(w, json, "history", "all"), "joined") == 0,
               (long long)told_i64_or(w, json, "slow_s", 0), told_text_or(w, json, "topic", ""));
    cJSON_ArrayForEach(person, people)
    {
        id = told_user(w, person);
        write_people(b, &id, 1);
    }
    if (told_word(w, json, "kind", &words_room_kind) == ROOM_DIRECT)
        buf_printf(b, " %lld", (long long)told_i64_or(w, json, "active_ms", 0));
    if (cJSON_HasObjectItem(json, "read_seq"))
        buf_printf(b, ", %d %d %lld %lld %lld %lld %d %d \"%s\" %lld %lld",
                   told_word(w, json, "role", &words_room_role), told_word(w, json, "level", &words_level),
                   (long long)told_i64(w, json, "read_seq"), (long long)told_i64(w, json, "unread"),
                   (long long)told_i64(w, json, "mentions"), (long long)told_i64_or(w, json, "muted_until", 0),
                   told_flag(json, "hidden"), told_flag(json, "favourite"), told_text_or(w, json, "section", ""),
                   (long long)told_i64_or(w, json, "position", 0), (long long)told_i64_or(w, json, "requests", 0));
    buf_add_char(b, '\n');
}

/* Some of them have been looked at already, the others are at rest. */
static void keep_counts(struct world *w, struct follow *f, int64_t unread, int64_t mentions)
{
    f->unread = unread;
    f->mentions = mentions;
    f->has_counts = f->is_member;
    w->tallies.n[TALLY_unread] += unread > 0;
    w->tallies.n[TALLY_mentioned] += mentions > 0;
}

static void take_counts(struct world *w, struct client *c, struct follow *f, const cJSON *json)
{
    f->is_member = cJSON_HasObjectItem(json, "read_seq");
    f->has_counts = false;
    f->requests = f->is_member ? client_told_requests(w, c, json) : 0;
    if (!f->is_member)
        return;
    f->read_seq = told_i64(w, json, "read_seq");
    keep_counts(w, f, told_i64(w, json, "unread"), told_i64(w, json, "mentions"));
    if (f->unread < 0 || f->mentions < 0)
        fail(w, c, json, "less than nothing");
}

static struct follow *know_room(struct world *w, struct client *c, const cJSON *json)
{
    struct follow *f = client_follow(w, c, told_i64(w, json, "id"));
    f->known = f->is_told = true;
    f->archived = told_flag(json, "archived");
    f->kind = (enum room_kind)told_word(w, json, "kind", &words_room_kind);
    snprintf(f->name, sizeof f->name, "%s", told_text(w, json, "name"));
    return f;
}

void client_check_room(struct world *w, struct client *c, const cJSON *json, int64_t lo, int64_t hi)
{
    int64_t room = told_i64(w, json, "id"), last = told_i64(w, json, "last_seq");
    const struct place_room *r = place_room(&w->place, room);
    if (!r || last > r->last_seq)
        fail(w, c, json, "a room that has not been decided");
    if (!sight_knows(w, client_viewer(c), room, last, lo, hi) && !ledger_was_stale(w, lo, hi))
        trace_fail(&w->trace, "sight",
                   "%s: is told of room %" PRId64 " up to seq %" PRId64 " (moments %" PRId64 " to %" PRId64
                   "), which is not for it",
                   client_label(c), room, last, lo, hi);
    int64_t active_at = r->kind == ROOM_DIRECT ? place_active_at(r, last) : 0;
    if (told_i64_or(w, json, "active_ms", 0) != active_at)
        fail(w, c, json, "the time of another message than the newest");
}

/* ------------------------------------------------------------------ welcome */

static void check_oneself(struct world *w, const struct client *c, const cJSON *json)
{
    const cJSON *user = told_object(w, json, "user");
    int64_t id = told_i64(w, user, "id");
    if (c->welcomed || id != (c->kind == CLIENT_VISITOR ? 0 : c->who.user_id))
        trace_fail(&w->trace, "protocol", "%s: an unexpected welcome", client_label(c));
    told_user(w, user);
    if (c->kind == CLIENT_VISITOR && *c->name && strcmp(told_text(w, user, "name"), c->name) != 0)
        trace_fail(&w->trace, "protocol", "%s: is welcomed as %s", client_label(c), told_text(w, user, "name"));
}

void client_expect_rooms(struct world *w, struct viewer v, struct buf *b)
{
    int64_t floor;
    for (int64_t id = 1; id < PLACE_ROOMS_MAX; id++) {
        const struct place_room *r = place_room(&w->place, id);
        const struct place_member *m = r && v.kind == USER_ACCOUNT ? place_member(r, v.user) : NULL;
        bool is_listed = v.kind == USER_ACCOUNT ? m && !m->hidden : r && place_may_read(r, v.kind, v.user, &floor);
        if (is_listed)
            write_room(&w->place, v, id, b);
    }
    buf_add_char(b, 0);
}

/* Whether a room is nobody's to hide: its members are told of it in any case. */
static bool is_always_listed(const struct world *w, int64_t id)
{
    const struct place_room *r = place_room(&w->place, id);
    return r && r->kind != ROOM_DIRECT;
}

/* Which rooms there are has to be right in any case, once all of them have been told. */
static void check_listed(struct world *w, const struct client *c)
{
    int64_t lo = c->link->opened_lo, hi = w->place.moment;
    for (int64_t id = 1; id < PLACE_ROOMS_MAX; id++) {
        bool always = c->kind == CLIENT_ACCOUNT ? sight_always_member(w, c->who.user_id, id, lo, hi)
                                                : sight_always_reads(w, client_viewer(c), id, lo, hi);
        if (always && is_always_listed(w, id) && !c->rooms[id].is_told && !ledger_was_stale(w, lo, hi))
            trace_fail(&w->trace, "rules", "%s: room %" PRId64 " is not in the welcome", client_label(c), id);
    }
}

/* A page of them is as the rooms were at one of the moments up to `hi`. */
static void take_rooms(struct world *w, struct client *c, const cJSON *json, int64_t hi, struct buf *told)
{
    const struct link *l = c->link;
    const cJSON *room;
    cJSON_ArrayForEach(room, told_list(w, json, "rooms"))
    {
        int64_t id = told_i64(w, room, "id");
        client_check_room(w, c, room, l->opened_lo, hi);
        if (c->kind == CLIENT_ACCOUNT && !sight_was_member(w, c->who.user_id, id, l->opened_lo, hi) &&
            !ledger_was_stale(w, l->opened_lo, hi))
            trace_fail(&w->trace, "rules", "%s: room %" PRId64 " is in the welcome", client_label(c), id);
        model_last_seq(w, id, told_i64(w, room, "last_seq"));
        take_counts(w, c, know_room(w, c, room), room);
        write_told(w, room, told);
    }
    c->has_more_rooms = told_flag(json, "more");
    if (!c->has_more_rooms)
        check_listed(w, c);
}

/* Whether all of it is in the first page or not, it begins with what there was. */
static void check_exactly(struct world *w, const struct client *c, const struct buf *told)
{
    const struct buf *want = &c->link->welcome;
    if (!want->len)
        return;
    bool is_right = c->has_more_rooms ? told->len < want->len && memcmp(told->p, want->p, told->len) == 0
                                      : told->len + 1 == want->len && memcmp(told->p, want->p, told->len) == 0;
    if (!is_right)
        trace_fail(&w->trace, "rules", "%s: is welcomed with the rooms\n%.*s, but there were\n%s", client_label(c),
                   (int)told->len, told->p, want->p);
    w->tallies.n[TALLY_exact_welcomes]++;
}

void client_on_welcome_rooms(struct world *w, struct client *c, const cJSON *json)
{
    struct buf told = BUF_INIT;
    if (!c->has_more_rooms)
        trace_fail(&w->trace, "protocol", "%s: rooms after the last page of them", client_label(c));
    take_rooms(w, c, json, w->place.moment, &told);
    buf_release(&told);
    w->tallies.n[TALLY_welcome_pages]++;
}

/* The database goes on whatever happens to the program and the disk, so its numbering is the same in all lives. */
static void check_epoch(struct world *w, const struct client *c, const char *epoch)
{
    if (!*w->epoch)
        snprintf(w->epoch, sizeof w->epoch, "%s", epoch);
    if (!*epoch || strcmp(w->epoch, epoch) != 0)
        trace_fail(&w->trace, "I2", "%s: is welcomed to epoch \"%s\" instead of \"%s\"", client_label(c), epoch,
                   w->epoch);
}

void client_on_welcome(struct world *w, struct client *c, const cJSON *json)
{
    struct buf told = BUF_INIT;
    check_oneself(w, c, json);
    check_epoch(w, c, told_text(w, json, "epoch"));
    for (int64_t id = 1; id < PLACE_ROOMS_MAX; id++) {
        c->rooms[id].is_told = c->rooms[id].is_member = c->rooms[id].has_counts = false;
        c->rooms[id].requests = 0;
    }
    take_rooms(w, c, json, c->link->opened_hi, &told);
    check_exactly(w, c, &told);
    buf_release(&told);
    client_place_welcome(w, c, json);
    c->welcomed = true;
    for (int64_t id = 1; id < PLACE_ROOMS_MAX; id++)
        if (c->rooms[id].wanted || (c->rooms[id].is_member && dice_one_in(&w->dice, 3)))
            client_join(w, c, id, c->rooms[id].last);
    for (size_t i = 0; i < c->sends_count; i++)
        c->sends[i].retry_us = 0;
}

/* ------------------------------------------------------------------ what changes */

/* The moments at which a room had this last event, as far as they are since this connection was made. A batch is told of
 * as a whole, so what ends with an event is told right after it. */
static void moments_of(const struct world *w, const struct client *c, int64_t room, int64_t last, int64_t *lo,
                       int64_t *hi)
{
    *lo = 0;
    *hi = w->place.moment;
    if (last <= w->place.rooms[room].last_seq)
        sight_moments_of(w, room, last, lo, hi);
    if (*lo < c->link->made)
        *lo = c->link->made;
}

void client_on_room(struct world *w, struct client *c, const cJSON *json)
{
    const cJSON *room = told_object(w, json, "room");
    int64_t lo, hi;
    moments_of(w, c, told_i64(w, room, "id"), told_i64(w, room, "last_seq"), &lo, &hi);
    client_check_room(w, c, room, lo, hi);
    know_room(w, c, room);
    world_count(w, room_frames);
}

/* Whether a room that is no longer one's own can be read all the same. */
static bool stays_readable(const struct client *c, enum room_kind kind)
{
    return kind == ROOM_OPEN || (kind == ROOM_ANNOUNCEMENT && c->kind == CLIENT_ACCOUNT);
}

void client_on_membership(struct world *w, struct client *c, const cJSON *json)
{
    const cJSON *room = told_object(w, json, "room");
    const char *change = told_text(w, json, "change");
    int64_t id = told_i64(w, room, "id"), last = told_i64(w, room, "last_seq"), lo, hi;
    bool left = strcmp(change, "left") == 0;
    moments_of(w, c, id, last, &lo, &hi);
    if (left && lo > 0)
        lo--; /* it could be read until the event that it ends with */
    client_check_room(w, c, room, lo, hi);
    if (!left && !sight_was_member(w, c->who.user_id, id, lo, hi))
        fail(w, c, json, "no member");
    struct follow *f = know_room(w, c, room);
    take_counts(w, c, f, room);
    if (f->is_member)
        check_counts(w, c, json, id, f->read_seq, last, f->unread, f->mentions);
    if (left && !stays_readable(c, f->kind)) {
        w->tallies.n[TALLY_rooms_lost] += f->open;
        f->open = f->wanted = f->must_reset = f->is_told = false;
    } else if (f->is_member && !f->open && !client_is_asked(c, ASK_JOIN, id) && !dice_one_in(&w->dice, 3)) {
        client_join(w, c, id, f->last); /* to see what is going on there */
    }
    world_count(w, membership_frames);
}

/* Whether these counts are right for somewhere that the client may have read to. */
static bool counts_fit(const struct world *w, int64_t room, int64_t user, int64_t last, int64_t unread,
                       int64_t mentions)
{
    const struct place_room *r = &w->place.rooms[room];
    struct place_counts n = {0};
    for (int64_t read = last; read >= 0 && n.least <= unread; read--) {
        if (place_counts_hold(&n, unread, mentions) && place_has_read_to(r, user, read))
            return true;
        if (read)
            place_count(&w->place, r, user, read, &n);
    }
    return false;
}

void client_on_activity(struct world *w, struct client *c, const cJSON *json)
{
    int64_t room = told_i64(w, json, "room"), last = told_i64(w, json, "last_seq"), lo, hi;
    int64_t unread = told_i64(w, json, "unread"), mentions = told_i64(w, json, "mentions");
    struct follow *f = client_follow(w, c, room);
    moments_of(w, c, room, last, &lo, &hi);
    /* Of the event that has ended the membership one may be told as well. */
    if (!sight_was_member_up_to(w, c->who.user_id, room, last, lo ? lo - 1 : 0, hi))
        trace_fail(&w->trace, "sight",
                   "%s: is told of activity in room %" PRId64 " up to seq %" PRId64
                   ", being no member at moments %" PRId64 " to %" PRId64,
                   client_label(c), room, last, lo, hi);
    if (f->open && !client_is_asked(c, ASK_LEAVE, room) && !client_is_asked(c, ASK_JOIN, room))
        fail(w, c, json, "activity of a room that is open");
    if (!counts_fit(w, room, c->who.user_id, last, unread, mentions) &&
        sight_always_member(w, c->who.user_id, room, lo, w->place.moment))
        fail(w, c, json, "counts that were never right");
    keep_counts(w, f, unread, mentions);
    world_count(w, activity_frames);
}

void client_on_read(struct world *w, struct client *c, const cJSON *json)
{
    int64_t room = told_i64(w, json, "room"), seq = told_i64(w, json, "seq");
    int64_t unread = told_i64(w, json, "unread"), mentions = told_i64(w, json, "mentions"), last = seq;
    struct place_counts n = {0};
    struct follow *f = client_follow(w, c, room);
    const struct place_room *r = &w->place.rooms[room];
    if (!sight_was_member(w, c->who.user_id, room, c->link->made, w->place.moment))
        trace_fail(&w->trace, "sight", "%s: is told of having read room %" PRId64 ", being no member", client_label(c),
                   room);
    while (last < r->last_seq && !place_counts_hold(&n, unread, mentions))
        place_count(&w->place, r, c->who.user_id, ++last, &n);
    if (!place_counts_hold(&n, unread, mentions))
        fail(w, c, json, "counts that were never right");
    f->read_seq = seq;
    keep_counts(w, f, unread, mentions);
    world_count(w, read_frames);
}

/* ------------------------------------------------------------------ at rest */

static void check_room_rest(struct world *w, const struct client *c, int64_t room)
{
    const struct follow *f = &c->rooms[room];
    const struct place_room *r = place_room(&w->place, room);
    const struct place_member *m = r && c->kind == CLIENT_ACCOUNT ? place_member(r, c->who.user_id) : NULL;
    int64_t floor, unread, mentions;
    bool reads = r && place_may_read(r, client_viewer(c).kind, c->who.user_id, &floor);
    bool is_hidden = m && m->hidden; /* of these one need not have been told on this connection */
    bool has_to_know = reads && (c->kind != CLIENT_ACCOUNT || m) && !is_hidden;
    if (f->wanted != f->open || f->must_reset)
        trace_fail(&w->trace, "liveness", "%s has not got into room %" PRId64, client_label(c), room);
    if (f->open && (!reads || f->last != r->last_seq))
        trace_fail(&w->trace, "liveness", "%s has room %" PRId64 " up to seq %" PRId64 " of %" PRId64, client_label(c),
                   room, f->last, reads ? r->last_seq : 0);
    if (has_to_know &&
        (!f->is_told || f->archived != r->archived || f->kind != r->kind || strcmp(f->name, r->name) != 0))
        trace_fail(&w->trace, "liveness", "%s knows room %" PRId64 " as %s, kind %d, archived %d; it is %s, %d, %d",
                   client_label(c), room, f->name, (int)f->kind, f->archived, r->name, (int)r->kind, r->archived);
    if (f->is_member != (m != NULL) && !is_hidden)
        trace_fail(&w->trace, "liveness", "%s is %sa member of room %" PRId64 ", and does not know", client_label(c),
                   m ? "" : "not ", room);
    int64_t requests = m && place_may_answer(&w->place, r, m->user) ? (int64_t)r->request_count : 0;
    if (f->requests != requests)
        trace_fail(&w->trace, "liveness",
                   "%s was told of %" PRId64 " requests to join room %" PRId64 ", but %" PRId64 " wait",
                   client_label(c), f->requests, room, requests);
    if (!m || is_hidden || f->open || !f->has_counts)
        return;
    place_unread(&w->place, r, c->who.user_id, m->read_seq, r->last_seq, &unread, &mentions);
    if (f->unread != unread || f->mentions != mentions)
        trace_fail(&w->trace, "liveness",
                   "%s was told of %" PRId64 " unread and %" PRId64 " mentions in room %" PRId64
                   ", but there are %" PRId64 " and %" PRId64,
                   client_label(c), f->unread, f->mentions, room, unread, mentions);
}

void client_check_rest(struct world *w, struct client *c)
{
    if (client_is_kept_out(w, c) && c->state != CLIENT_HERE)
        return;
    if (c->state != CLIENT_HERE || !c->welcomed || c->has_more_rooms)
        trace_fail(&w->trace, "liveness", "%s has not got in", client_label(c));
    client_place_rest(w, c);
    if (c->who.expires_ms && c->who.expires_ms <= w->env.wall_ms(w->env.ctx))
        trace_fail(&w->trace, "rules", "%s is still here with a token that has expired", client_label(c));
    if (c->asks_count)
        trace_fail(&w->trace, "liveness", "%s still waits for the answer to \"%s\"", client_label(c), c->asks[0].id);
    if (c->sends_count)
        trace_fail(&w->trace, "liveness", "%s has not got %s sent", client_label(c),
                   w->model.sends[c->sends[0].send].id);
    for (int64_t room = 1; room < PLACE_ROOMS_MAX; room++)
        check_room_rest(w, c, room);
}
