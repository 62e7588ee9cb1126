/* secrecy.h - the model of test_secrecy.c: who has ever been allowed to read what, going by the events that are in the
 * database and by nothing else of the program. */
#ifndef HUBBUB_TESTS_CHAT_SECRECY_H
#define HUBBUB_TESTS_CHAT_SECRECY_H

#include "proto/change.h"
#include "runtime.h"

enum {
    ACCOUNTS = 5,
    PEOPLE = ACCOUNTS + 2,
    DEVICES = 2,
    ROOMS = 7,
    STEPS = 400,
    SEEDS = 40,
    STRETCHES = 512,
    MARKS = 4096
};

/* What is open to somebody of a room: the events in (floor, end]. */
struct stretch {
    int64_t floor, end;
};

struct access {
    struct stretch all[STRETCHES];
    size_t count;
    bool is_open; /* the last of them still is */
};

static struct {
    uint64_t random;
    struct {
        int64_t id;
        enum user_kind kind;
        const char *name;
        struct client *client[DEVICES];
    } people[PEOPLE];
    struct {
        int64_t id, last_seq, joined_seq[PEOPLE];
        enum room_kind kind;
        enum room_history history;
        bool is_member[PEOPLE];
    } rooms[ROOMS];
    struct access access[PEOPLE][ROOMS];
    struct {
        int64_t room, seq; /* 0: not stored yet */
        bool is_body, is_name;
    } marks[MARKS];
    int mark_count;
    /* What a connection knows itself: the room is open, and which event comes next (0: any). */
    struct {
        bool is_open;
        int64_t next;
    } view[PEOPLE][DEVICES][ROOMS];
    int seed, step;
    size_t checked;
} m;

static uint64_t dice(uint64_t n)
{
    m.random = m.random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (m.random >> 33) % n;
}

/* ------------------------------------------------------------------ the model */

static int room_index(int64_t id)
{
    for (int r = 0; r < ROOMS; r++)
        if (m.rooms[r].id == id)
            return r;
    fail_msg("seed %d: an unknown room %lld", m.seed, (long long)id);
    return 0;
}

static int person_index(int64_t id)
{
    int p = 0;
    while (p < PEOPLE && m.people[p].id != id)
        p++;
    return p;
}

static bool may_read(int p, int r, int64_t *floor_seq)
{
    bool is_account = m.people[p].kind == USER_ACCOUNT, is_member = is_account && m.rooms[r].is_member[p];
    bool is_late = m.rooms[r].kind == ROOM_CLOSED && m.rooms[r].history == ROOM_HISTORY_JOINED;
    *floor_seq = is_member && is_late ? m.rooms[r].joined_seq[p] : 0;
    return m.rooms[r].kind == ROOM_OPEN || (m.rooms[r].kind == ROOM_ANNOUNCEMENT && is_account) || is_member;
}

/* After an event of the room. */
static void update_access(int r, int64_t seq)
{
    for (int p = 0; p < PEOPLE; p++) {
        struct access *a = &m.access[p][r];
        struct stretch *last = a->count ? &a->all[a->count - 1] : NULL;
        int64_t floor_seq;
        bool may = may_read(p, r, &floor_seq);
        if (a->is_open && (!may || last->floor != floor_seq)) {
            last->end = seq;
            a->is_open = false;
        }
        if (may && !a->is_open) {
            assert_true(a->count < STRETCHES);
            a->all[a->count++] = (struct stretch){floor_seq, INT64_MAX};
            a->is_open = true;
        }
    }
}

/* Texts say by a mark where they are from. */
static void note_marks(struct span text, int64_t room, int64_t seq, bool is_body, bool is_name)
{
    for (size_t i = 0; i + 2 < text.len; i++) {
        char *end;
        if (text.p[i] != 'q')
            continue;
        long n = strtol(text.p + i + 1, &end, 10);
        if (*end != 'q' || end == text.p + i + 1)
            continue;
        m.marks[n].room = room;
        m.marks[n].seq = seq;
        m.marks[n].is_body = is_body;
        m.marks[n].is_name = is_name;
        i = (size_t)(end - text.p);
    }
}

static bool contains(struct span text, const char *part)
{
    return text.len && memmem(text.p, text.len, part, strlen(part));
}

static void set_member(int r, int64_t user_id, bool is_member, int64_t seq)
{
    int p = person_index(user_id);
    assert_true(p < PEOPLE);
    m.rooms[r].is_member[p] = is_member;
    m.rooms[r].joined_seq[p] = seq;
}

static bool follow(void *ctx, const struct event_row *row)
{
    int r = *(int *)ctx;
    struct change_names names;
    if (row->kind == EVENT_MESSAGE) {
        note_marks(row->body, row->room_id, row->seq, true, false);
    } else if (row->kind == EVENT_JOINED || row->kind == EVENT_LEFT) {
        set_member(r, row->author_id, row->kind == EVENT_JOINED, row->seq);
    } else if (row->kind == EVENT_ADDED || row->kind == EVENT_REMOVED) {
        struct event e = {.kind = row->kind};
        change_read(row->data, &e, &names);
        set_member(r, e.user.id, row->kind == EVENT_ADDED, row->seq);
    } else {
        note_marks(row->data, row->room_id, row->seq, false, row->kind == EVENT_RENAMED);
        for (int kind = ROOM_OPEN; kind <= ROOM_ANNOUNCEMENT; kind++)
            if (contains(row->data, rt_format("\"kind\":\"%s\"", words_name(&words_room_kind, kind))))
                m.rooms[r].kind = (enum room_kind)kind;
        if (contains(row->data, "\"history\":\"all\""))
            m.rooms[r].history = ROOM_HISTORY_ALL;
        if (contains(row->data, "\"history\":\"joined\""))
            m.rooms[r].history = ROOM_HISTORY_JOINED;
    }
    m.rooms[r].last_seq = row->seq;
    update_access(r, row->seq);
    return true;
}

/* The writer's turn. */
static bool commit(void)
{
    if (!log_step(rt.chat->log))
        return false;
    for (int r = 0; r < ROOMS; r++)
        if (m.rooms[r].id)
            assert_int_equal(events_after(rt.store, m.rooms[r].id, m.rooms[r].last_seq, INT64_MAX, 10000, follow, &r),
                             OK);
    return true;
}

static bool is_allowed(int p, int r, int64_t seq, bool with_floor)
{
    const struct access *a = &m.access[p][r];
    for (size_t i = 0; i < a->count; i++)
        if (seq <= a->all[i].end && (!with_floor || seq > a->all[i].floor))
            return true;
    return seq == 0 && a->count;
}

#endif
