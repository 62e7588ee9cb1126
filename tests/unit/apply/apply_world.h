/* apply_world.h - a small place with people and rooms on a real database, and scripts of commands played in it.
 *
 * Each step of a script is carried out twice: first in a transaction that is rolled back, after which the database has
 * to be as it was; then in one that is committed. Both have to end alike. A step that is refused, or a duplicate,
 * leaves the database as it was. Each frame that goes out has to be what is read back later. At the end all commands are
 * played again on another fresh database, several to a transaction, which has to give the same database. */
#ifndef HUBBUB_TESTS_APPLY_APPLY_WORLD_H
#define HUBBUB_TESTS_APPLY_APPLY_WORLD_H

#include "apply/apply.h"
#include "apply_seen.h"
#include "store/membership.h"
#include "store/moderation.h"
#include "store/people.h"

static inline void world_cast(struct store *s)
{
    assert_int_equal(store_begin(s), OK);
    for (int64_t i = 1; i < CAST; i++) {
        int64_t id;
        struct user_row row = {.kind = cast[i].kind,
                               .name = span_of(cast[i].name),
                               .fold = span_of(cast[i].name),
                               .key = {(uint8_t)i},
                               .created_at = 1};
        assert_int_equal(users_insert(s, &row, &id), OK);
        assert_int_equal(id, i);
        if (cast[i].kind == USER_ACCOUNT)
            assert_int_equal(accounts_promote(s, id, cast[i].role, span_of("x")), OK);
        assert_int_equal(profiles_set(s, id, &(struct profile_row){.display_name = span_of(cast[i].display)}), OK);
    }
    assert_int_equal(bans_set(s, &(struct ban_row){.user_id = EVE, .actor_id = OLGA, .at = 1}), OK);
    assert_int_equal(store_commit(s), OK);
}

/* ------------------------------------------------------------------ commands */

/* The rooms that the first commands of every world make, by Anna, who moderates them; Ben is a member of all, and of the
 * lobby, and Dora of the yard. */
enum { LOBBY = 1, YARD /* open */, CELLAR /* closed */, NEWS /* announcement */, DIRECT /* of Anna and Ben */ };

struct step {
    const char *what; /* in words, for when it goes wrong */
    enum command_kind kind;
    int64_t by, room, user, reply_to; /* user: F_USER */
    int64_t later_ms;                 /* than the step before; 0: a second */
    struct {
        enum field_number i;
        int64_t n;
    } numbers[5]; /* ended by F_USER, which is 0 */
    struct {
        enum field_text i;
        const char *text;
    } texts[3]; /* ended by F_NAME, which is 0 */
    int64_t ids[FIELD_IDS_MAX];
    const char *name, *id, *body, *folds; /* folds: names divided by commas; "*" is everybody */
    enum err want;
    const char *effects;      /* what follows from it, see world_effects(); NULL: nothing; "duplicate" */
    const char *query, *rows; /* what the database says afterwards, as the sqlite3 shell prints it */
};

static inline void command_of(const struct step *p, int64_t at_ms, struct buf *folds, struct command *c)
{
    static const enum command_actor actors[] = {[USER_SYSTEM] = COMMAND_ACTOR_SYSTEM,
                                                [USER_VISITOR] = COMMAND_ACTOR_VISITOR,
                                                [USER_GUEST] = COMMAND_ACTOR_GUEST,
                                                [USER_ACCOUNT] = COMMAND_ACTOR_ACCOUNT};
    *c = (struct command){.kind = p->kind,
                          .actor = actors[cast[p->by].kind],
                          .at_ms = at_ms,
                          .actor_id = p->by,
                          .actor_key = {(uint8_t)p->by},
                          .room_id = p->room,
                          .reply_to = p->reply_to,
                          .actor_name = span_of(cast[p->by].name),
                          .actor_display = span_of(cast[p->by].display),
                          .actor_fold = span_of(cast[p->by].name),
                          .name = span_of(p->name),
                          .fold = span_of(p->name),
                          .client_id = span_of(p->id),
                          .body = span_of(p->body)};
    if (p->user)
        fields_set(&c->f, F_USER, p->user);
    for (size_t i = 0; i < 5 && p->numbers[i].i; i++)
        fields_set(&c->f, p->numbers[i].i, p->numbers[i].n);
    for (size_t i = 0; i < 3 && p->texts[i].i; i++)
        fields_set_text(&c->f, p->texts[i].i, span_of(p->texts[i].text));
    while (c->f.id_count < FIELD_IDS_MAX && p->ids[c->f.id_count]) {
        c->f.ids[c->f.id_count] = p->ids[c->f.id_count];
        c->f.id_count++;
    }
    buf_clear(folds);
    for (const char *at = p->folds; at && *at;) {
        size_t len = strcspn(at, ",");
        if (*at != '*')
            buf_add(folds, at, len);
        buf_add_char(folds, 0);
        at += len + (at[len] == ',');
    }
    if (folds->len)
        fields_set_text(&c->f, F_FOLDS, buf_span(folds));
}

/* ------------------------------------------------------------------ the world */

struct world {
    struct fixture f;
    struct apply *apply;
    int64_t at_ms;
    struct buf log; /* all commands: 4 bytes of length, then the bytes */
};

/* In a transaction of its own, which is committed or rolled back. The outcome is to be cleared. */
static inline struct outcome world_try(struct world *w, const struct command *c, bool commit)
{
    struct outcome out;
    assert_int_equal(store_begin(w->f.s), OK);
    assert_int_equal(apply_command(w->apply, w->f.s, c, &out), OK);
    assert_true(!out.result || !out.effect_count);
    assert_int_equal(apply_before_commit(w->apply, w->f.s), OK);
    if (commit)
        assert_int_equal(store_commit(w->f.s), OK);
    else
        store_rollback(w->f.s);
    apply_after_commit(w->apply, commit);
    return out;
}

static inline void world_keep(struct world *w, const struct command *c)
{
    struct buf bytes = BUF_INIT;
    command_write(&bytes, c);
    uint32_t len = (uint32_t)bytes.len;
    buf_add(&w->log, &len, sizeof len);
    buf_add_span(&w->log, buf_span(&bytes));
    assert_false(w->log.failed);
    buf_release(&bytes);
}

/* Carries a command out as the essay above says. The outcome is to be cleared. */
static inline struct outcome world_run(struct world *w, const char *what, const struct command *c)
{
    char tried_effects[512], effects[512];
    char *before = world_dump(w->f.path);
    struct outcome tried = world_try(w, c, false);
    char *rolled_back = world_dump(w->f.path);
    assert_dumps_equal(what, before, rolled_back);
    struct outcome out = world_try(w, c, true);
    char *after = world_dump(w->f.path);
    world_effects(&tried, tried_effects);
    world_effects(&out, effects);
    if (tried.result != out.result || tried.seq != out.seq || tried.id != out.id || strcmp(tried_effects, effects))
        fail_msg("%s: first %s %s, then %s %s", what, err_code(tried.result), tried_effects, err_code(out.result),
                 effects);
    if ((out.result && out.result != ERR_RATE_LIMITED) || out.duplicate) /* a pace may have been set right */
        assert_dumps_equal(what, before, after);
    check_frames(w->f.s, &out);
    world_keep(w, c);
    outcome_clear(&tried);
    free(before);
    free(rolled_back);
    free(after);
    return out;
}

static inline void world_step(struct world *w, const struct step *p)
{
    char effects[512], rows[4096];
    struct command c;
    struct buf folds = BUF_INIT;
    w->at_ms += p->later_ms ? p->later_ms : 1000;
    command_of(p, w->at_ms, &folds, &c);
    struct outcome out = world_run(w, p->what, &c);
    world_effects(&out, effects);
    if (out.result != p->want || strcmp(effects, p->effects ? p->effects : ""))
        fail_msg("%s: %s, %s", p->what, err_code(out.result), effects);
    if (p->query && strcmp(outside_query(w->f.path, p->query, rows), p->rows))
        fail_msg("%s: %s", p->what, rows);
    outcome_clear(&out);
    buf_release(&folds);
}

#define PLAY(w, steps) world_play(w, steps, sizeof(steps) / sizeof(steps)[0])

static inline void world_play(struct world *w, const struct step *steps, size_t n)
{
    for (size_t i = 0; i < n; i++)
        world_step(w, &steps[i]);
}

static inline void world_open(struct world *w)
{
    diag_open(NULL, DIAG_WARN);
    fixture_dir(&w->f);
    fixture_reopen(&w->f);
    world_cast(w->f.s);
    assert_int_equal(apply_open(w->f.s, &w->apply), OK);
}

static inline void world_close(struct world *w)
{
    apply_close(w->apply);
    store_close(w->f.s);
    fixture_remove(&w->f);
    buf_release(&w->log);
    free(w);
}

static inline int world_setup(void **state)
{
    static const struct step rooms[] = {
        {.what = "yard",
         .kind = COMMAND_ROOM_CREATE,
         .by = ANNA,
         .name = "yard",
         .effects = "created event joined:anna"},
        {.what = "cellar",
         .kind = COMMAND_ROOM_CREATE,
         .by = ANNA,
         .name = "cellar",
         .numbers = {{F_KIND, ROOM_CLOSED}, {F_HISTORY, ROOM_HISTORY_JOINED}},
         .effects = "created event joined:anna"},
        {.what = "news",
         .kind = COMMAND_ROOM_CREATE,
         .by = ANNA,
         .name = "news",
         .numbers = {{F_KIND, ROOM_ANNOUNCEMENT}},
         .effects = "created event joined:anna"},
        {.what = "direct",
         .kind = COMMAND_DIRECT_OPEN,
         .by = ANNA,
         .ids = {BEN},
         .effects = "created joined:anna joined:ben"},
        {.what = "lobby",
         .kind = COMMAND_MEMBER_ADD,
         .by = BEN,
         .room = LOBBY,
         .user = BEN,
         .effects = "event joined:ben"},
        {.what = "ben",
         .kind = COMMAND_MEMBER_ADD,
         .by = BEN,
         .room = YARD,
         .user = BEN,
         .effects = "event joined:ben"},
        {.what = "dora",
         .kind = COMMAND_MEMBER_ADD,
         .by = ANNA,
         .room = YARD,
         .user = DORA,
         .effects = "event joined:dora"},
        {.what = "ben",
         .kind = COMMAND_MEMBER_ADD,
         .by = ANNA,
         .room = CELLAR,
         .user = BEN,
         .effects = "event joined:ben"},
        {.what = "ben",
         .kind = COMMAND_MEMBER_ADD,
         .by = BEN,
         .room = NEWS,
         .user = BEN,
         .effects = "event joined:ben"},
    };
    struct world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    world_open(w);
    PLAY(w, rooms);
    *state = w;
    return 0;
}

/* Plays the log on another database, one to seven commands to a transaction. */
static inline void world_replay(const struct world *w)
{
    struct world *again = calloc(1, sizeof *again);
    assert_non_null(again);
    world_open(again);
    size_t at = 0;
    for (size_t batch = 1; at < w->log.len; batch = batch % 7 + 1) {
        assert_int_equal(store_begin(again->f.s), OK);
        for (size_t i = 0; i < batch && at < w->log.len; i++) {
            struct command c;
            struct outcome out;
            uint32_t len;
            memcpy(&len, w->log.p + at, sizeof len);
            assert_int_equal(command_read((struct span){w->log.p + at + sizeof len, len}, &c), OK);
            assert_int_equal(apply_command(again->apply, again->f.s, &c, &out), OK);
            outcome_clear(&out);
            at += sizeof len + len;
        }
        assert_int_equal(apply_before_commit(again->apply, again->f.s), OK);
        assert_int_equal(store_commit(again->f.s), OK);
        apply_after_commit(again->apply, true);
    }
    char *first = world_dump(w->f.path), *second = world_dump(again->f.path);
    assert_dumps_equal("played again", first, second);
    free(first);
    free(second);
    world_close(again);
}

static inline int world_teardown(void **state)
{
    world_replay(*state);
    world_close(*state);
    return 0;
}

/* For what is in no log, and so cannot be played again. */
static inline int world_leave(void **state)
{
    world_close(*state);
    return 0;
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)

#endif
