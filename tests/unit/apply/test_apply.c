/* What all commands have in common: numbers, repetition, batches, rollbacks, and who the actor is. The verbs have
 * scripts of their own, in test_apply_*.c. */
#include "apply/apply_internal.h"
#include "apply_world.h"

static struct command send_of(int64_t by, int64_t room, const char *id)
{
    struct buf folds = BUF_INIT;
    struct command c;
    const struct step p = {.kind = COMMAND_MESSAGE_SEND, .by = by, .room = room, .id = id, .body = "x"};
    command_of(&p, 50000, &folds, &c);
    buf_release(&folds);
    return c;
}

static struct command about(enum command_kind kind, int64_t by, int64_t room, int64_t user)
{
    struct buf folds = BUF_INIT;
    struct command c;
    const struct step p = {.kind = kind, .by = by, .room = room, .user = user};
    command_of(&p, 50000, &folds, &c);
    buf_release(&folds);
    return c;
}

static void begin(struct world *w)
{
    assert_int_equal(store_begin(w->f.s), OK);
}

static void end(struct world *w, bool commit)
{
    assert_int_equal(apply_before_commit(w->apply, w->f.s), OK);
    if (commit)
        assert_int_equal(store_commit(w->f.s), OK);
    else
        store_rollback(w->f.s);
    apply_after_commit(w->apply, commit);
}

/* Within the transaction that is under way. */
static struct outcome carry_out(struct world *w, const struct command *c)
{
    struct outcome out;
    assert_int_equal(apply_command(w->apply, w->f.s, c, &out), OK);
    return out;
}

static enum err result_of(struct world *w, const struct command *c)
{
    struct outcome out = carry_out(w, c);
    enum err result = out.result;
    outcome_clear(&out);
    return result;
}

static void assert_rows(struct world *w, const char *query, const char *rows)
{
    char found[4096];
    assert_string_equal(outside_query(w->f.path, query, found), rows);
}

static void events_take_the_next_number(void **state)
{
    struct world *w = *state;
    static const struct {
        int64_t seq, number; /* number 0: not a message */
    } want[] = {{4, 1}, {5, 0}, {6, 2}, {7, 0}, {8, 3}};
    begin(w);
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        char id[2] = {(char)('0' + i), 0};
        struct command c = send_of(BEN, YARD, id);
        if (!want[i].number) {
            c = about(COMMAND_ROOM_EDIT, ANNA, YARD, 0);
            fields_set(&c.f, F_SLOW_S, 0);
            fields_set_text(&c.f, F_TOPIC, span_of(i == 1 ? "one" : "two"));
        }
        struct outcome out = carry_out(w, &c);
        assert_int_equal(out.seq, want[i].seq);
        assert_int_equal(out.at, 50000);
        assert_int_equal(out.first.number, want[i].number);
        outcome_clear(&out);
    }
    end(w, true);
    assert_rows(w, "SELECT last_seq, (SELECT max(number) FROM messages WHERE room_id = 2) FROM rooms WHERE id = 2",
                "8|3\n");
}

static void twice_in_one_batch_is_once(void **state)
{
    struct world *w = *state;
    struct command c = send_of(BEN, YARD, "1");
    begin(w);
    struct outcome first = carry_out(w, &c), second = carry_out(w, &c);
    end(w, true);
    assert_true(second.duplicate);
    assert_int_equal(second.seq, first.seq);
    assert_int_equal(second.effect_count, 0);
    outcome_clear(&first);
    outcome_clear(&second);
}

static void a_visitor_gets_a_row_with_the_first_act(void **state)
{
    struct world *w = *state;
    struct user_row row;
    struct command c = send_of(VERA, YARD, "1"), refused;
    c.actor_id = 0;
    memset(c.actor_key, 77, sizeof c.actor_key);
    refused = c;
    refused.reply_to = 99;
    struct outcome out = world_run(w, "refused", &refused);
    assert_int_equal(out.result, ERR_NOT_FOUND);
    assert_int_equal(users_by_key(w->f.s, c.actor_key, &row), ERR_NOT_FOUND);
    out = world_run(w, "the first", &c);
    assert_int_equal(out.result, OK);
    assert_int_equal(out.user_id, CAST);
    outcome_clear(&out);
    c.client_id = span_of("2"); /* still without the id: found by the key */
    out = world_run(w, "the second", &c);
    assert_int_equal(out.user_id, CAST);
    outcome_clear(&out);
    c = about(COMMAND_MESSAGE_DELETE, VERA, YARD, 0);
    c.actor_id = 0;
    memset(c.actor_key, 77, sizeof c.actor_key);
    fields_set(&c.f, F_SEQ, 4);
    out = world_run(w, "their own", &c);
    assert_int_equal(out.result, OK);
    outcome_clear(&out);
}

static void an_actor_is_who_they_were(void **state)
{
    static const struct {
        int64_t id;
        enum command_actor as;
        enum err want;
        const char *why;
    } cases[] = {
        {BEN, COMMAND_ACTOR_ACCOUNT, OK, "an account"},
        {GUS, COMMAND_ACTOR_GUEST, OK, "a guest"},
        {VERA, COMMAND_ACTOR_VISITOR, OK, "a visitor"},
        {BEN, COMMAND_ACTOR_GUEST, ERR_UNAUTHORIZED, "the cookie of a guest who has an account since"},
        {BEN, COMMAND_ACTOR_VISITOR, ERR_UNAUTHORIZED, "an account is no visitor"},
        {GUS, COMMAND_ACTOR_ACCOUNT, ERR_UNAUTHORIZED, "a guest has not signed in"},
        {VERA, COMMAND_ACTOR_GUEST, ERR_UNAUTHORIZED, "a visitor has no cookie"},
        {99, COMMAND_ACTOR_ACCOUNT, ERR_UNAUTHORIZED, "nobody"},
        {0, COMMAND_ACTOR_ACCOUNT, ERR_UNAUTHORIZED, "no id"},
        {0, COMMAND_ACTOR_GUEST, ERR_UNAUTHORIZED, "no id"},
        {BEN, COMMAND_ACTOR_SYSTEM, ERR_NOT_MEMBER, "the command line is nobody else, whatever the id"},
    };
    struct world *w = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char id[3] = {'i', (char)('a' + i), 0};
        struct command c = send_of(BEN, YARD, id);
        c.actor_id = cases[i].id;
        c.actor = cases[i].as;
        begin(w);
        if (result_of(w, &c) != cases[i].want)
            fail_msg("%s", cases[i].why);
        end(w, false);
    }
}

/* What is cached is what holds, also within a batch. */
static void a_batch_sees_its_own_changes(void **state)
{
    struct world *w = *state;
    struct command mute = about(COMMAND_MEMBER_MUTE, ANNA, YARD, BEN);
    fields_set(&mute.f, F_UNTIL, 90000);
    struct command remove = about(COMMAND_MEMBER_REMOVE, ANNA, YARD, BEN);
    struct command add = about(COMMAND_MEMBER_ADD, ANNA, YARD, BEN);
    struct command close = about(COMMAND_ROOM_EDIT, ANNA, YARD, 0);
    fields_set(&close.f, F_KIND, ROOM_CLOSED);
    struct command archive = about(COMMAND_ROOM_ARCHIVE, ANNA, YARD, 0);
    fields_set(&archive.f, F_ARCHIVED, 1);
    struct command ban = about(COMMAND_BAN, OLGA, 0, ANNA);
    const struct {
        struct command c;
        enum err want;
    } steps[] = {
        {send_of(BEN, YARD, "1"), OK},
        {send_of(GUS, YARD, "1"), OK},
        {mute, OK},
        {send_of(BEN, YARD, "2"), ERR_MUTED},
        {remove, OK},
        {send_of(BEN, YARD, "2"), ERR_NOT_MEMBER},
        {close, OK},
        {send_of(BEN, YARD, "2"), ERR_NOT_FOUND},
        {send_of(GUS, YARD, "2"), ERR_NOT_FOUND},
        {add, OK},
        {send_of(BEN, YARD, "2"), ERR_MUTED},
        {send_of(ANNA, YARD, "1"), OK},
        {archive, OK},
        {send_of(ANNA, YARD, "2"), ERR_ARCHIVED},
        {ban, OK},
        {send_of(ANNA, NEWS, "2"), ERR_BANNED},
    };
    /* First in a batch that is rolled back: it leaves nothing in the caches either. */
    for (int round = 0; round < 2; round++) {
        begin(w);
        for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
            enum err result = result_of(w, &steps[i].c);
            if (result != steps[i].want)
                fail_msg("round %d, step %zu: %s", round, i, err_code(result));
        }
        end(w, round == 1);
    }
    assert_rows(w, "SELECT kind, archived_at, last_seq FROM rooms WHERE id = 2", "closed|50000|10\n");
}

static void a_ban_ends_by_itself(void **state)
{
    struct world *w = *state;
    struct command ban = about(COMMAND_BAN, OLGA, 0, BEN);
    fields_set(&ban.f, F_UNTIL, 60000);
    static const struct {
        int64_t at_ms;
        enum err want;
    } cases[] = {{50001, ERR_BANNED}, {59999, ERR_BANNED}, {60000, OK}, {59000, ERR_BANNED}, {70000, OK}};
    begin(w);
    assert_int_equal(result_of(w, &ban), OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char id[2] = {(char)('0' + i), 0};
        struct command c = send_of(BEN, YARD, id);
        c.at_ms = cases[i].at_ms;
        assert_int_equal(result_of(w, &c), cases[i].want);
    }
    end(w, true);
}

/* The read position of who writes is written at the end of a batch; verbs that look at it find it all the same. */
static void reading_does_not_depend_on_batches(void **state)
{
    struct world *w = *state;
    struct command read = about(COMMAND_READ, BEN, YARD, 0), unread = about(COMMAND_MARK_UNREAD, BEN, YARD, 0);
    fields_set(&read.f, F_SEQ, 4);
    fields_set(&unread.f, F_SEQ, 3);
    struct command first = send_of(BEN, YARD, "1");
    begin(w);
    assert_int_equal(result_of(w, &first), OK);
    struct outcome out = carry_out(w, &read);
    assert_true(out.duplicate);
    outcome_clear(&out);
    assert_int_equal(result_of(w, &unread), OK);
    end(w, true);
    assert_rows(w, "SELECT read_seq FROM memberships WHERE room_id = 2 AND user_id = 5", "2\n");

    struct command second = send_of(BEN, YARD, "2");
    struct command remove = about(COMMAND_MEMBER_REMOVE, ANNA, YARD, BEN),
                   add = about(COMMAND_MEMBER_ADD, BEN, YARD, BEN);
    begin(w);
    assert_int_equal(result_of(w, &second), OK);
    assert_int_equal(result_of(w, &remove), OK);
    assert_int_equal(result_of(w, &add), OK);
    end(w, true);
    assert_rows(w, "SELECT read_seq FROM memberships WHERE room_id = 2 AND user_id = 5", "7\n");
}

/* After a rollback the numbers go on from what is stored, and nobody is what they only were for a moment. */
static void a_rollback_takes_everything_back(void **state)
{
    struct world *w = *state;
    struct command one = send_of(BEN, YARD, "1"), two = send_of(BEN, YARD, "2"), three = send_of(BEN, YARD, "3");
    struct command mute = about(COMMAND_MEMBER_MUTE, ANNA, YARD, BEN);
    fields_set(&mute.f, F_UNTIL, 90000);
    begin(w);
    assert_int_equal(result_of(w, &one), OK);
    assert_int_equal(result_of(w, &two), OK);
    assert_int_equal(result_of(w, &mute), OK);
    assert_int_equal(result_of(w, &three), ERR_MUTED);
    end(w, false);
    begin(w);
    struct outcome out = carry_out(w, &three);
    assert_int_equal(out.result, OK);
    assert_int_equal(out.seq, 4);
    assert_int_equal(out.first.number, 1);
    outcome_clear(&out);
    end(w, true);
    assert_rows(w, "SELECT client_id, seq, number FROM messages WHERE room_id = 2", "3|4|1\n");
    assert_rows(w, "SELECT read_seq FROM memberships WHERE room_id = 2 AND user_id = 5", "4\n");
}

/* A table that is away stands for a disk that fails: halfway through a command, after it has had effects, and others
 * before it in the batch. */
static void a_failure_has_no_effects(void **state)
{
    struct world *w = *state;
    struct outcome out;
    struct command c = send_of(ANNA, YARD, "1"), other = send_of(DORA, YARD, "1");
    fields_set_text(&c.f, F_FOLDS, (struct span){"ben", 4});
    outside_exec(w->f.path, "CREATE TRIGGER away BEFORE INSERT ON mentions BEGIN SELECT RAISE(ABORT, 'away'); END");
    begin(w);
    assert_int_equal(result_of(w, &other), OK);
    assert_int_equal(apply_command(w->apply, w->f.s, &c, &out), ERR_STORAGE);
    assert_int_equal(out.effect_count, 0);
    assert_null(out.more);
    store_rollback(w->f.s);
    apply_after_commit(w->apply, false);
    outside_exec(w->f.path, "DROP TRIGGER away");
    out = world_try(w, &c, true);
    assert_int_equal(out.result, OK);
    assert_int_equal(out.seq, 4);
    outcome_clear(&out);
    assert_rows(w, "SELECT user_id, read_seq FROM memberships WHERE room_id = 2", "4|4\n5|2\n7|3\n");
}

static void outcomes_hold_any_number_of_effects(void **state)
{
    (void)state;
    struct outcome o = {.result = OK};
    for (int64_t i = 0; i < 100; i++) {
        struct frame *f = frame_new(span_of("{}"), span_of(""), i);
        struct effect *e = outcome_add(&o, (struct effect){.kind = EFFECT_EVENT, .seq = i, .frame = f});
        e->mentioned = calloc(1, sizeof *e->mentioned);
        assert_int_equal(o.effect_count, i + 1);
    }
    for (int64_t i = 0; i < 100; i++) {
        assert_int_equal(outcome_effect(&o, (size_t)i)->seq, i);
        assert_int_equal(outcome_effect(&o, (size_t)i)->frame->first_seq, i);
    }
    outcome_clear(&o);
    assert_int_equal(o.effect_count, 0);
    outcome_clear(&o);
}

#define UNLOGGED(test) cmocka_unit_test_setup_teardown(test, world_setup, world_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNLOGGED(events_take_the_next_number),
        UNLOGGED(twice_in_one_batch_is_once),
        IN_WORLD(a_visitor_gets_a_row_with_the_first_act),
        UNLOGGED(an_actor_is_who_they_were),
        UNLOGGED(a_batch_sees_its_own_changes),
        UNLOGGED(a_ban_ends_by_itself),
        UNLOGGED(reading_does_not_depend_on_batches),
        UNLOGGED(a_rollback_takes_everything_back),
        UNLOGGED(a_failure_has_no_effects),
        cmocka_unit_test(outcomes_hold_any_number_of_effects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
