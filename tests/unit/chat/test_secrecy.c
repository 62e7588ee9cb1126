/* Nobody is told anything of a room that is not for them, whatever sequence of commands, joins and questions there is,
 * and in whatever order the writer, the readers and the connections take their turns.
 *
 * People do things at random. A model follows what is in the database, event by event, and knows from that alone which
 * stretches of each room have ever been open to whom. Every frame that a connection gets is held against it: events by
 * their seq; texts by marks (q17q) that the model has seen being stored; numbers of newest events; typing and presence
 * by whether the connection has the room open. At the end, when all is quiet, whoever has a room open by what they were
 * told gets what is said in it, and nobody else does: so nobody is left behind with a room that is silent for ever.
 *
 * HUBBUB_SECRECY_SEEDS runs more than the usual ones; HUBBUB_SECRECY_SEED one of them. */
#include "chat/chat.h"
#include "secrecy.h"

/* ------------------------------------------------------------------ what is heard */

#define LEAK(what, ...)                                                                                                \
    fail_msg("seed %d, step %d: %s is told " what "\n%s", m.seed, m.step, m.people[p].name, __VA_ARGS__, line)

static bool begins(const char *line, const char *with)
{
    return strncmp(line, with, strlen(with)) == 0;
}

/* Whoever manages closed rooms finds all of them in the list, by name and without how far they have come. */
static bool manages(int p, const char *line)
{
    return p == 0 && begins(line, "{\"type\":\"rooms\"");
}

static void check_marks(int p, const char *line)
{
    for (const char *at = line; (at = strchr(at, 'q')); at++) {
        char *end;
        long n = strtol(at + 1, &end, 10);
        if (end == at + 1 || *end != 'q')
            continue;
        if (!m.marks[n].seq)
            LEAK("q%ldq, which is not stored", n);
        bool is_managed = m.marks[n].is_name && manages(p, line);
        if (!is_managed && !is_allowed(p, room_index(m.marks[n].room), m.marks[n].seq, m.marks[n].is_body))
            LEAK("q%ldq of room %lld, seq %lld", n, (long long)m.marks[n].room, (long long)m.marks[n].seq);
        m.checked++;
        at = end;
    }
}

/* Events: ,"room":R,"seq":S */
static void check_events(int p, const char *line)
{
    static const char mark[] = "\"room\":";
    bool is_position = begins(line, "{\"type\":\"read\"");
    for (const char *at = line; (at = strstr(at, mark)); at++) {
        char *end;
        int64_t room = strtoll(at + sizeof mark - 1, &end, 10);
        if (!begins(end, ",\"seq\":"))
            continue;
        int64_t seq = strtoll(end + strlen(",\"seq\":"), NULL, 10);
        if (!is_allowed(p, room_index(room), seq, !is_position))
            LEAK("event %lld of room %lld", (long long)seq, (long long)room);
        m.checked++;
    }
}

/* Rooms: {"id":R,"name":...,"last_seq":L,"archived":... */
static void check_rooms(int p, const char *line)
{
    static const char mark[] = "\"last_seq\":";
    for (const char *at = line; (at = strstr(at, mark)); at++) {
        char *end;
        int64_t last_seq = strtoll(at + sizeof mark - 1, &end, 10);
        if (!begins(end, ",\"archived\""))
            continue;
        const char *id = at;
        while (!begins(id, "{\"id\":"))
            id--;
        int64_t room = strtoll(id + strlen("{\"id\":"), NULL, 10);
        const char *kind = strstr(id, "\"kind\":\"closed\"");
        bool is_managed = manages(p, line) && last_seq == 0 && kind && kind < at;
        if (!is_managed && !is_allowed(p, room_index(room), last_seq, false))
            LEAK("that room %lld is at %lld", (long long)room, (long long)last_seq);
        m.checked++;
    }
}

static int64_t number_in(const char *line, const char *after)
{
    const char *at = strstr(line, after);
    return at ? strtoll(at + strlen(after), NULL, 10) : 0;
}

static bool is_event(const char *line)
{
    static const char *const kinds[] = {"message", "renamed", "joined",  "left",
                                        "added",   "removed", "deleted", "changed"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (begins(line, rt_format("{\"type\":\"%s\"", kinds[i])))
            return true;
    return false;
}

/* What a client makes of it: which rooms it has open, and that no event is missing or there twice. */
static void look(int p, int device, const char *line)
{
    int64_t room = number_in(line, "\"room\":"), seq = number_in(line, "\"seq\":");
    int r = room ? room_index(room) : 0;
    if (is_event(line)) {
        if (!m.view[p][device][r].is_open)
            LEAK("an event of room %lld, which it has not open", (long long)room);
        if (m.view[p][device][r].next && m.view[p][device][r].next != seq)
            LEAK("%lld rather than %lld", (long long)seq, (long long)m.view[p][device][r].next);
        m.view[p][device][r].next = seq + 1;
    } else if (begins(line, "{\"type\":\"ack\",\"id\":\"join\"")) {
        m.view[p][device][r].is_open = true;
        m.view[p][device][r].next = 0;
    } else if (begins(line, "{\"type\":\"ack\",\"id\":\"leave\"")) {
        m.view[p][device][r].is_open = false;
    } else if (begins(line, "{\"type\":\"reset\"")) {
        m.view[p][device][r].next = number_in(line, "\"last_seq\":") + 1;
    } else if (begins(line, "{\"type\":\"membership\",\"change\":\"left\"")) {
        r = room_index(number_in(line, "\"room\":{\"id\":"));
        bool is_listed = strstr(line, "\"kind\":\"open\"") ||
                         (m.people[p].kind == USER_ACCOUNT && strstr(line, "\"kind\":\"announcement\""));
        if (!is_listed)
            m.view[p][device][r].is_open = false;
    } else if (begins(line, "{\"type\":\"typing\"") || begins(line, "{\"type\":\"presence\"")) {
        if (!m.view[p][device][r].is_open)
            LEAK("who is in room %lld", (long long)room);
    } else if (begins(line, "{\"type\":\"activity\"")) {
        if (!is_allowed(p, r, number_in(line, "\"last_seq\":"), false) || m.people[p].kind != USER_ACCOUNT)
            LEAK("that something was said in room %lld", (long long)room);
    }
}

static void hear(int p, int device)
{
    struct client *c = m.people[p].client[device];
    if (!c || c->is_closed || !c->session)
        return;
    if (rt_drain(c))
        session_drained(c->session);
    char *line = (char *)(uintptr_t)rt_heard(c), *end;
    for (; (end = strchr(line, '\n')); line = end + 1) {
        *end = 0;
        if (!begins(line, "{\"type\":\"ack\"")) {
            check_marks(p, line);
            check_events(p, line);
            check_rooms(p, line);
        }
        look(p, device, line);
    }
    rt_forget(c);
}

static void hear_all(void)
{
    for (int p = 0; p < PEOPLE; p++)
        for (int device = 0; device < DEVICES; device++)
            hear(p, device);
}

/* Until all is quiet. */
static void settle(void)
{
    for (bool any = true; any;) {
        any = commit();
        any |= reader_step(rt.reader);
        any |= rt_tasks();
        for (size_t i = 0; i < rt.client_count; i++)
            any |= rt.clients[i]->session && !rt.clients[i]->is_closed &&
                   !outbox_is_empty(session_outbox(rt.clients[i]->session));
        hear_all();
    }
}

/* ------------------------------------------------------------------ what people do */

static void connect_device(int p, int device)
{
    struct caller caller;
    struct client *c = m.people[p].client[device];
    if (c) {
        rt_client_close(c);
        rt.client_count = 0; /* the places are used again, below */
        for (int i = 0; i < PEOPLE; i++)
            for (int j = 0; j < DEVICES; j++)
                if (m.people[i].client[j] && m.people[i].client[j] != c)
                    rt.clients[rt.client_count++] = m.people[i].client[j];
        buf_release(&c->bytes);
        buf_release(&c->said);
        free(c);
    }
    memset(m.view[p][device], 0, sizeof m.view[p][device]);
    if (m.people[p].kind == USER_VISITOR) {
        struct hub_entrant entrant = {
            .kind = PERSON_VISITOR, .name = span_of("Vera"), .fold = span_of("v"), .made_up = true};
        env_random(&rt.env, entrant.key, sizeof entrant.key);
        m.people[p].client[device] = rt_open_client(&entrant, NULL);
        return;
    }
    rt_fill_caller(m.people[p].id, &caller);
    m.people[p].client[device] = rt_connect_as(&caller);
}

static int new_mark(void)
{
    assert_true(m.mark_count < MARKS - 1);
    return ++m.mark_count;
}

static void act(int p, int device)
{
    struct client *c = m.people[p].client[device];
    int r = (int)dice(ROOMS);
    long long room = (long long)m.rooms[r].id, seq = (long long)dice((uint64_t)m.rooms[r].last_seq + 2);
    long long other = (long long)m.people[dice(ACCOUNTS)].id;
    static const char *const kinds[] = {"open", "closed", "closed", "announcement"};
    switch (dice(26)) {
    case 0:
    case 1:
    case 2:
        rt_text(c, "{\"type\":\"join\",\"id\":\"join\",\"room\":%lld}", room);
        break;
    case 3:
        rt_text(c, "{\"type\":\"join\",\"id\":\"join\",\"room\":%lld,\"after\":%lld,\"epoch\":\"%s\"}", room, seq,
                rt.chat->epoch);
        break;
    case 4:
        rt_text(c, "{\"type\":\"leave\",\"id\":\"leave\",\"room\":%lld}", room);
        break;
    case 5:
    case 6:
    case 7:
    case 8:
        rt_text(c, "{\"type\":\"send\",\"id\":\"s%d\",\"room\":%lld,\"body\":\"q%dq\"}", m.mark_count, room,
                new_mark());
        break;
    case 9:
        rt_text(c, "{\"type\":\"history\",\"id\":\"h\",\"room\":%lld,\"limit\":%d}", room, 1 + (int)dice(30));
        break;
    case 10:
        rt_text(c, "{\"type\":\"history\",\"id\":\"h\",\"room\":%lld,\"before\":%lld}", room, seq);
        break;
    case 11:
        rt_text(c, "{\"type\":\"history\",\"id\":\"h\",\"room\":%lld,\"after\":%lld}", room, seq);
        break;
    case 12:
        rt_text(c, "{\"type\":\"history\",\"id\":\"h\",\"room\":%lld,\"around\":%lld,\"limit\":5}", room, seq);
        break;
    case 13:
        rt_text(c, "{\"type\":\"typing\",\"room\":%lld}", room);
        break;
    case 14:
        rt_text(c, "{\"type\":\"add_member\",\"room\":%lld}", room);
        break;
    case 15:
        rt_text(c, "{\"type\":\"remove_member\",\"room\":%lld}", room);
        break;
    case 16:
    case 17:
        rt_text(c, "{\"type\":\"add_member\",\"room\":%lld,\"user\":%lld}", room, other);
        break;
    case 18:
    case 19:
        rt_text(c, "{\"type\":\"remove_member\",\"room\":%lld,\"user\":%lld}", room, other);
        break;
    case 20:
        rt_text(c, "{\"type\":\"edit_room\",\"room\":%lld,\"kind\":\"%s\"}", room, kinds[dice(4)]);
        break;
    case 21:
        rt_text(c, "{\"type\":\"edit_room\",\"room\":%lld,\"history\":\"%s\"}", room, dice(2) ? "all" : "joined");
        break;
    case 22:
        if (dice(2))
            rt_text(c, "{\"type\":\"edit_room\",\"room\":%lld,\"topic\":\"q%dq\"}", room, new_mark());
        else
            rt_text(c, "{\"type\":\"rename_room\",\"room\":%lld,\"name\":\"q%dq\"}", room, new_mark());
        break;
    case 23:
        rt_text(c, "{\"type\":\"%s\",\"id\":\"q\",\"user\":%lld,\"room\":%lld}",
                (const char *const[]){"rooms", "members", "person", "people"}[dice(4)], other, room);
        break;
    case 24:
        rt_text(c, "{\"type\":\"read\",\"room\":%lld,\"seq\":%lld}", room, seq + 1);
        break;
    case 25:
        if (dice(4) == 0)
            connect_device(p, device);
        else
            rt_text(c, "{\"type\":\"delete\",\"room\":%lld,\"seq\":%lld}", room, seq);
        break;
    }
}

static void turn(void)
{
    switch (dice(8)) {
    case 0:
        commit();
        break;
    case 1:
        reader_step(rt.reader);
        break;
    case 2:
    case 3:
        rt_task();
        break;
    case 4:
        hear((int)dice(PEOPLE), (int)dice(DEVICES));
        break;
    case 5:
        rt.now_ms += 700;
        if (dice(3) == 0)
            chat_tick(rt.chat);
        break;
    default: /* more is asked before anything is done */
        break;
    }
}

/* ------------------------------------------------------------------ the play */

static void add_room(int r, int by, const char *name, enum room_kind kind, enum room_history history)
{
    struct client *c = m.people[by].client[0];
    m.rooms[r].kind = kind;
    m.rooms[r].history = history;
    if (kind == ROOM_DIRECT) {
        rt_forget(c);
        rt_say(c, "{\"type\":\"open_direct\",\"id\":\"d\",\"users\":[%lld]}", (long long)m.people[by + 1].id);
        m.rooms[r].id = rt_number(c, "{\"type\":\"ack\",\"id\":\"d\",\"room\":");
        m.rooms[r].is_member[by] = m.rooms[r].is_member[by + 1] = true;
    } else {
        m.rooms[r].id =
            rt_room(c, name, words_name(&words_room_kind, (int)kind), words_name(&words_room_history, (int)history));
    }
    rt_forget_all();
}

static void begin(void)
{
    static const char *const names[PEOPLE] = {"olga", "anna", "ben", "cleo", "dora", "Gus", "Vera"};
    for (int p = 0; p < PEOPLE; p++) {
        m.people[p].name = names[p];
        m.people[p].kind = p < ACCOUNTS ? USER_ACCOUNT : p == ACCOUNTS ? USER_GUEST : USER_VISITOR;
        if (p == 0)
            m.people[p].id = OWNER;
        else if (p <= ACCOUNTS)
            m.people[p].id = p < ACCOUNTS ? rt_account(names[p]) : rt_guest(names[p]);
    }
    for (int p = 0; p < PEOPLE; p++)
        for (int device = 0; device < DEVICES; device++)
            connect_device(p, device);
    rt_run();
    m.rooms[0].id = LOBBY;
    m.rooms[0].is_member[0] = true; /* the founder, without an event */
    add_room(1, 1, "yard", ROOM_OPEN, ROOM_HISTORY_ALL);
    add_room(2, 1, "cellar", ROOM_CLOSED, ROOM_HISTORY_ALL);
    add_room(3, 2, "attic", ROOM_CLOSED, ROOM_HISTORY_JOINED);
    add_room(4, 0, "news", ROOM_ANNOUNCEMENT, ROOM_HISTORY_ALL);
    add_room(5, 1, "", ROOM_DIRECT, ROOM_HISTORY_ALL);
    add_room(6, 3, "den", ROOM_CLOSED, ROOM_HISTORY_JOINED);
    for (int r = 0; r < ROOMS; r++) {
        update_access(r, 0);
        assert_int_equal(events_after(rt.store, m.rooms[r].id, 0, INT64_MAX, 10000, follow, &r), OK);
    }
}

/* Whoever has a room open by what they were told hears what is said in it. */
static void nobody_is_left_behind(void)
{
    settle();
    for (int r = 0; r < ROOMS; r++) {
        struct command c = {.kind = COMMAND_ROOM_ARCHIVE, .actor = COMMAND_ACTOR_SYSTEM, .room_id = m.rooms[r].id};
        fields_set(&c.f, F_ARCHIVED, 1);
        c.actor_name = span_of("admin");
        if (m.rooms[r].kind != ROOM_DIRECT)
            assert_int_equal(submission_forget(rt.chat, &c), OK);
    }
    settle();
    for (int p = 0; p < PEOPLE; p++)
        for (int device = 0; device < DEVICES; device++)
            for (int r = 0; r < ROOMS; r++) {
                int64_t next = m.view[p][device][r].next;
                if (!m.view[p][device][r].is_open || m.rooms[r].kind == ROOM_DIRECT)
                    continue;
                if (!m.access[p][r].is_open)
                    fail_msg("seed %d: %s has room %d open and may not read it", m.seed, m.people[p].name, r);
                if (next && next <= m.rooms[r].last_seq - 1)
                    fail_msg("seed %d: %s waits for %lld of room %d, which is at %lld", m.seed, m.people[p].name,
                             (long long)next, r, (long long)m.rooms[r].last_seq);
            }
}

static void play(int seed)
{
    memset(&m, 0, sizeof m);
    m.seed = seed;
    m.random = (uint64_t)seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
    begin();
    for (m.step = 0; m.step < STEPS; m.step++) {
        act((int)dice(PEOPLE), (int)dice(DEVICES));
        turn();
    }
    nobody_is_left_behind();
    assert_true(m.checked > STEPS / 4); /* there was something to check */
}

static void nobody_hears_what_is_not_for_them(void **state)
{
    const char *many = getenv("HUBBUB_SECRECY_SEEDS"), *one = getenv("HUBBUB_SECRECY_SEED");
    int first = one ? atoi(one) : 1, last = one ? first : many ? atoi(many) : SEEDS;
    for (int seed = first; seed <= last; seed++) {
        if (seed > first) { /* a fresh place for each */
            rt_teardown(state);
            rt_setup(state);
        }
        play(seed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_RUNTIME(nobody_hears_what_is_not_for_them)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
