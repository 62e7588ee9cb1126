/* The tables beside those of events, row by row: what each says of the place as text, and what the ledger says. */
#include "base/buf.h"
#include "base/words.h"
#include "check.h"
#include "world.h"

#include <inttypes.h>
#include <string.h>

typedef void line_fn(const struct place *p, struct buf *lines);

static const char *word(const struct words *words, int i)
{
    return words_name(words, i);
}

static void add_place(const struct place *p, struct buf *b)
{
    buf_printf(b, "%s %d %d\n", p->name, p->is_set_up, p->requires_totp);
}

static void add_rooms(const struct place *p, struct buf *b)
{
    for (int64_t id = 1; id < PLACE_ROOMS_MAX; id++) {
        const struct place_room *r = &p->rooms[id];
        if (!r->exists)
            continue;
        buf_printf(b, "%lld %s %s %s %d %d %lld %lld %s|%s|", (long long)id, r->name,
                   word(&words_room_kind, (int)r->kind), word(&words_room_history, (int)r->history), r->archived,
                   r->locked, (long long)r->slow_s, (long long)r->last_seq, r->topic, r->description);
        for (size_t i = 0; i < r->people_count; i++)
            buf_printf(b, "%s%lld", i ? "," : "", (long long)r->people[i]);
        buf_add_char(b, '\n');
    }
}

/* Messages of their own, not deleted, behind what a member has read. */
static int64_t own_after(const struct place_room *r, const struct place_member *m)
{
    int64_t n = 0;
    for (int64_t seq = m->read_seq + 1; seq <= r->last_seq; seq++) {
        const struct place_event *e = r->events[seq];
        n += e->kind == EVENT_MESSAGE && e->author == m->user && !e->deleted_moment;
    }
    return n;
}

static void add_members(const struct place *p, struct buf *b)
{
    for (int64_t id = 1; id < PLACE_ROOMS_MAX; id++)
        for (size_t i = 0; i < p->rooms[id].member_count; i++) {
            const struct place_member *m = &p->rooms[id].members[i];
            buf_printf(b, "%lld %lld %s %s %lld %lld %lld %lld %d %d %s|%lld\n", (long long)id, (long long)m->user,
                       word(&words_room_role, (int)m->role), word(&words_level, (int)m->level),
                       (long long)m->joined_seq, (long long)m->read_seq, (long long)own_after(&p->rooms[id], m),
                       (long long)m->muted_until, m->hidden, m->favourite, m->section, (long long)m->position);
        }
}

static void add_users(const struct place *p, struct buf *b)
{
    static const char *const kinds[] = {
        [USER_SYSTEM] = "system", [USER_VISITOR] = "visitor", [USER_GUEST] = "guest", [USER_ACCOUNT] = "account"};
    for (size_t i = 0; i < p->user_count; i++) {
        const struct place_user *u = &p->users[i];
        if (u->is_swept)
            continue;
        buf_printf(b, "%zu %s %s %s %s|%s|%s|%s|", i, kinds[u->kind], word(&words_role, (int)u->role),
                   place_user_name(u), u->fold, u->display, u->status_text, u->bio);
        if (u->is_banned)
            buf_printf(b, "%lld %lld %d", (long long)u->banned_until, (long long)u->banned_by, u->ban_hides);
        buf_add_char(b, '\n');
    }
}

/* In the order of the tables, which is that of their keys: what is few is looked through. */
static void add_silences(const struct place *p, struct buf *b)
{
    for (int64_t id = 1; id < PLACE_ROOMS_MAX; id++)
        for (int64_t user = 0; user < (int64_t)p->user_count; user++)
            for (size_t i = 0; i < p->rooms[id].silence_count; i++)
                if (p->rooms[id].silences[i].user == user)
                    buf_printf(b, "%lld %lld %lld\n", (long long)id, (long long)user,
                               (long long)p->rooms[id].silences[i].until);
}

/* Of rooms in slow mode: when each has last written since. */
static void add_paces(const struct place *p, struct buf *b)
{
    for (int64_t id = 1; id < PLACE_ROOMS_MAX; id++) {
        const struct place_room *r = &p->rooms[id];
        for (int64_t user = 0; r->slow_s && user < (int64_t)p->user_count; user++) {
            if (p->users[user].is_swept)
                continue;
            int64_t seq = r->last_seq;
            while (seq > r->slow_from && !(r->events[seq]->kind == EVENT_MESSAGE && r->events[seq]->author == user))
                seq--;
            const struct place_event *e = seq > r->slow_from ? r->events[seq] : NULL;
            if (e)
                buf_printf(b, "%lld %lld %lld\n", (long long)id, (long long)user,
                           (long long)(e->paced_at ? e->paced_at : e->at));
        }
    }
}

static void add_requests(const struct place *p, struct buf *b)
{
    for (int64_t id = 1; id < PLACE_ROOMS_MAX; id++)
        for (int64_t user = 0; p->rooms[id].request_count && user < (int64_t)p->user_count; user++)
            for (size_t i = 0; i < p->rooms[id].request_count; i++)
                if (p->rooms[id].requests[i] == user)
                    buf_printf(b, "%lld %lld\n", (long long)id, (long long)user);
}

static void add_blocks(const struct place *p, struct buf *b)
{
    for (int64_t user = 1; user < (int64_t)p->user_count; user++)
        for (int64_t other = 1; p->users[user].blocked_count && other < (int64_t)p->user_count; other++)
            if (place_has_blocked(p, user, other))
                buf_printf(b, "%lld %lld\n", (long long)user, (long long)other);
}

static void add_mentions(const struct place *p, struct buf *b)
{
    for (int64_t id = 1; id < PLACE_ROOMS_MAX; id++)
        for (int64_t seq = 1; seq <= p->rooms[id].last_seq; seq++) {
            const struct place_event *e = p->rooms[id].events[seq];
            if (e->mentioned_count && !e->deleted_moment)
                buf_printf(b, "%lld %lld %zu\n", (long long)id, (long long)seq, e->mentioned_count);
        }
}

static void add_things(const struct place *p, struct buf *b)
{
    for (int t = 0; t < THING_KINDS; t++)
        for (size_t i = 0; i < p->things[t].count; i++) {
            const struct place_thing *x = &p->things[t].all[i];
            bool is_kept = t == THING_INVITE || t == THING_REPORT;
            if (is_kept || !x->is_over)
                buf_printf(b, "%d %zu %lld %lld %lld %lld %d\n", t, i + 1, (long long)x->user, (long long)x->room,
                           (long long)x->seq, (long long)x->uses, is_kept && x->is_over);
        }
}

static void add_audit(const struct place *p, struct buf *b)
{
    for (size_t i = 0; i < p->audit_count; i++) {
        const struct place_audit *a = &p->audit[i];
        buf_printf(b, "%zu %s %lld %lld %lld %lld\n", i + 1, a->verb, (long long)a->actor, (long long)a->user,
                   (long long)a->room, (long long)a->seq);
    }
}

static const struct {
    const char *name, *sql;
    line_fn *lines;
} tables[] = {
    {"place", "SELECT format('%s %d %d', name, set_up_at <> 0, require_totp) FROM place", add_place},
    {"rooms",
     "SELECT format('%d %s %s %s %d %d %d %d %s|%s|%s', id, CASE kind WHEN 'direct' THEN '' ELSE name END, kind, "
     "history, archived_at <> 0, locked_at <> 0, slow_s, last_seq, topic, description, direct_key) "
     "FROM rooms ORDER BY id",
     add_rooms},
    {"memberships",
     "SELECT format('%d %d %s %s %d %d %d %d %d %d %s|%d', room_id, user_id, role, level, joined_seq, read_seq, "
     "own_after, muted_until, hidden, favourite, section, position) FROM memberships ORDER BY room_id, user_id",
     add_members},
    {"users",
     "SELECT format('%d %s %s %s %s|%s|%s|%s|%s', u.id, u.kind, u.role, u.name, u.name_fold, u.display_name, "
     "u.status_text, u.bio, CASE WHEN b.user_id IS NULL THEN '' ELSE format('%d %d %d', b.until, b.actor_id, b.hides) "
     "END) FROM users AS u LEFT JOIN bans AS b ON b.user_id = u.id WHERE u.id >= 0 ORDER BY u.id",
     add_users},
    {"silences", "SELECT format('%d %d %d', room_id, user_id, until) FROM silences ORDER BY room_id, user_id",
     add_silences},
    {"paces", "SELECT format('%d %d %d', room_id, user_id, at) FROM paces ORDER BY room_id, user_id", add_paces},
    {"join_requests", "SELECT format('%d %d', room_id, user_id) FROM join_requests ORDER BY room_id, user_id",
     add_requests},
    {"blocks", "SELECT format('%d %d', user_id, blocked_id) FROM blocks ORDER BY user_id, blocked_id", add_blocks},
    {"mentions",
     "SELECT format('%d %d %d', room_id, seq, count(*)) FROM mentions GROUP BY room_id, seq ORDER BY room_id, seq",
     add_mentions},
    {"sessions, tokens, invites and reports",
     "SELECT format('%d %d %d %d %d %d %d', t, id, user, room, seq, uses, over) FROM ("
     "SELECT 0 AS t, id, user_id AS user, 0 AS room, 0 AS seq, 0 AS uses, 0 AS over FROM sessions UNION ALL "
     "SELECT 1, id, user_id, 0, 0, 0, 0 FROM tokens UNION ALL "
     "SELECT 2, id, created_by, 0, 0, uses, revoked_at <> 0 FROM invites UNION ALL "
     "SELECT 3, id, reporter_id, room_id, seq, 0, handled_at <> 0 FROM reports ORDER BY 1, 2)",
     add_things},
    {"audit", "SELECT format('%d %s %d %d %d %d', id, verb, actor_id, user_id, room_id, seq) FROM audit ORDER BY id",
     add_audit},
};

/* The next line, without its end; NULL: there is none. */
static const char *next_line(char **rest)
{
    char *line = *rest, *end = line ? strchr(line, '\n') : NULL;
    if (!end)
        return NULL;
    *end = 0;
    *rest = end + 1;
    return line;
}

static void check_table(struct world *w, const char *who, sqlite3 *db, size_t t, struct buf *lines)
{
    buf_clear(lines);
    tables[t].lines(&w->place, lines);
    buf_add_char(lines, 0);
    char *rest = lines->p;
    sqlite3_stmt *st = check_prepare(w, db, tables[t].sql);
    bool has_row;
    const char *line;
    do {
        has_row = check_row(w, st);
        line = next_line(&rest);
        const char *row = has_row ? (const char *)sqlite3_column_text(st, 0) : NULL;
        if (has_row != (line != NULL) || (row && strcmp(row, line) != 0))
            trace_fail(&w->trace, "rules", "%s, %s: there is \"%s\", but it has to be \"%s\"", who, tables[t].name,
                       row ? row : "nothing", line ? line : "nothing");
    } while (has_row);
    sqlite3_finalize(st);
}

void check_place(struct world *w, const char *who, sqlite3 *db)
{
    struct buf lines = BUF_INIT;
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++)
        check_table(w, who, db, t, &lines);
    buf_release(&lines);
}
