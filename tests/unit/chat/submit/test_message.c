/* The submit half of sending: what a request becomes. */
#include "chat/submit/message.h"
#include "unit.h"

#include <stdlib.h>

static struct chat chat = {.settings = {.message_max_bytes = 100}};
static struct room *room;

static int setup(void **state)
{
    static struct metrics metrics;
    const struct hub_options options = {.shards = 1, .ring_events = 10};
    (void)state;
    chat.hub = hub_new(&options, &metrics);
    if (!chat.hub || name_rules_open(&chat.names))
        return -1;
    hub_room_add(chat.hub, 7, span_of("Garden"), 0, false);
    room = hub_room_by_id(chat.hub, 7);
    return room ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    hub_free(chat.hub);
    name_rules_close(chat.names);
    return 0;
}

static void texts_are_checked(void **state)
{
    static const char hundred[] =
        "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567"
        "890123456789";
    static const struct {
        const char *body;
        enum err want;
        const char *kept;
    } cases[] = {
        {"hello", OK, "hello"},  {"  hello all \n", OK, "hello all"},      {"\xc2\xa0hello\xe2\x80\xa8", OK, "hello"},
        {"", ERR_INVALID, NULL}, {" \t\n\xe3\x80\x80", ERR_INVALID, NULL}, {hundred, OK, hundred},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct command c;
        struct buf folds = BUF_INIT;
        const char *why = NULL;
        const struct request q = {
            .type = REQUEST_SEND, .id = span_of("c1"), .body = span_of(cases[i].body), .reply_to = 3};
        assert_int_equal(message_prepare(&chat, room, &q, &c, &folds, &why), cases[i].want);
        assert_int_equal(why != NULL, cases[i].want == ERR_INVALID);
        if (!cases[i].want) {
            assert_int_equal(c.kind, COMMAND_MESSAGE_SEND);
            assert_int_equal(c.room_id, 7);
            assert_int_equal(c.reply_to, 3);
            assert_true(span_equal(c.client_id, span_of("c1")));
            assert_true(span_equal(c.body, span_of(cases[i].kept)));
            assert_false(fields_has_text(&c.f, F_FOLDS));
        }
        buf_release(&folds);
    }
    char longer[102];
    memset(longer, 'x', 101);
    longer[101] = 0;
    struct command c;
    struct buf folds = BUF_INIT;
    const char *why = NULL;
    const struct request q = {.type = REQUEST_SEND, .id = span_of("c1"), .body = span_of(longer)};
    assert_int_equal(message_prepare(&chat, room, &q, &c, &folds, &why), ERR_TOO_BIG);
}

/* Names are folded, so that the apply half needs no rules about look-alikes; each stands there once. */
static void mentions_are_folded(void **state)
{
    static const struct {
        const char *body;
        const char *names[4]; /* whose folds, in order; "" is everybody */
    } cases[] = {
        {"@Anna", {"anna"}},
        {"@anna and @ANNA and @\xd0\x90nn\xd0\xb0", {"anna"}}, /* the last one with Cyrillic letters */
        {"@Ben, @anna: @cleo", {"ben", "anna", "cleo"}},
        {"@room @here @Everyone", {""}},
        {"@anna @everyone", {"anna", ""}},
        {"@everyone @anna", {"", "anna"}},
        {"@abcdefghijklmnopqrstuvwxyz0123456789", {NULL}}, /* longer than any name */
        {"@___", {NULL}},
        {"`@anna`", {NULL}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct command c;
        struct buf folds = BUF_INIT, want = BUF_INIT;
        const char *why = NULL;
        const struct request q = {.type = REQUEST_SEND, .id = span_of("c1"), .body = span_of(cases[i].body)};
        for (size_t k = 0; k < 4 && cases[i].names[k]; k++) {
            char fold[NAME_KEY_BYTES] = "";
            if (*cases[i].names[k])
                assert_int_equal(name_fold(chat.names, span_of(cases[i].names[k]), fold), OK);
            buf_add(&want, fold, strlen(fold) + 1);
        }
        buf_add_str(&folds, "what was there");
        assert_int_equal(message_prepare(&chat, room, &q, &c, &folds, &why), OK);
        if (!span_equal(c.f.t[F_FOLDS], buf_span(&want)))
            fail_msg("%s", cases[i].body);
        assert_int_equal(fields_has_text(&c.f, F_FOLDS), want.len > 0);
        buf_release(&folds);
        buf_release(&want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_checked),
        cmocka_unit_test(mentions_are_folded),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
