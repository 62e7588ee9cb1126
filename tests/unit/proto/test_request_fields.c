/* Each type of request with each of its fields: given, missing, of a wrong type, too long, too small, a wrong word. The
 * rows are those of the program, which test_request_tables.c and README.md hold against something else. */
#include "proto/request_fields.h"
#include "unit.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ values for a field */

static void add_letters(struct buf *b, int64_t n)
{
    buf_add_char(b, '"');
    for (int64_t i = 0; i < n; i++)
        buf_add_char(b, 'a');
    buf_add_char(b, '"');
}

static void add_list(struct buf *b, int64_t n)
{
    buf_add_char(b, '[');
    for (int64_t i = 0; i < n; i++)
        buf_add_str(b, i ? ",7" : "7");
    buf_add_char(b, ']');
}

/* The i-th value that is accepted; false: there are no more. */
static bool add_good(struct buf *b, const struct request_field *f, int i)
{
    static const char *const flags[] = {"true", "false"}, *const states[] = {"\"active\"", "\"away\""},
                             *const refs[] = {"7", "\"Ben\"", "9007199254740992"},
                             *const bodies[] = {"\"a b\"", "\"\""};
    switch (f->kind) {
    case FIELD_NUMBER:
    case FIELD_OWN_NUMBER:
        buf_add_i64(b, i ? f->max : f->min);
        return i < 2;
    case FIELD_FLAG:
        buf_add_str(b, flags[i % 2]);
        return i < 2;
    case FIELD_WORD:
        if (f->min + i <= f->max)
            json_add_string(b, span_of(f->words->list[f->min + i]));
        return f->min + i <= f->max;
    case FIELD_TEXT:
    case FIELD_LINE:
    case FIELD_LINES:
        add_letters(b, i ? f->max : f->min);
        return i < 2;
    case FIELD_OWN_TEXT:
    case FIELD_OWN_LINES:
        buf_add_str(b, bodies[i % 2]);
        return i < 2;
    case FIELD_STATE:
        buf_add_str(b, states[i % 2]);
        return i < 2;
    case FIELD_ROOM:
    case FIELD_USER:
        buf_add_str(b, refs[i % 3]);
        return i < 3;
    case FIELD_REFS:
        add_list(b, i ? f->max : 0);
        return i < 2;
    }
    return false;
}

/* The same for values that are refused. First those that nothing takes. */
static bool add_bad(struct buf *b, const struct request_field *f, int i)
{
    static const char *const never[] = {"{}", "{\"id\":1}", "-1", "1.5", "1e300", "[[1]]", "[true]", "[0]", "[\"\"]"};
    static const char *const refs[] = {"0", "\"\"", "true", "[]"}, *const lists[] = {"7", "\"Ben\"", "[1,null]",
                                                                                     "[{}]"};
    int nevers = (int)(sizeof never / sizeof *never);
    if (i < nevers) {
        buf_add_str(b, never[i]);
        return true;
    }
    i -= nevers;
    switch (f->kind) {
    case FIELD_NUMBER:
    case FIELD_OWN_NUMBER:
        if (i < 2)
            buf_add_str(b, i ? "\"1\"" : "true");
        else if (i == 2)
            buf_printf(b, "%lld.0", (long long)f->max + 2); /* no integer, as those beyond 2^53 are no JSON here */
        else if (i == 3 && f->min > 0)
            buf_add_i64(b, f->min - 1);
        else
            return false;
        return true;
    case FIELD_FLAG:
        buf_add_str(b, i ? "1" : "\"true\"");
        return i < 2;
    case FIELD_WORD:
        if (i < f->words->count && i >= f->min && i <= f->max)
            buf_add_str(b, "\"\"");
        else
            json_add_string(b, span_of(i < f->words->count ? f->words->list[i] : "All"));
        return i <= f->words->count;
    case FIELD_TEXT:
    case FIELD_LINE:
    case FIELD_LINES:
        if (i == 0)
            add_letters(b, f->max + 1);
        else if (i == 1 && f->min > 0)
            add_letters(b, f->min - 1);
        else
            return false;
        return true;
    case FIELD_OWN_TEXT:
    case FIELD_OWN_LINES:
        buf_add_str(b, "7");
        return i < 1;
    case FIELD_STATE:
        buf_add_str(b, i ? "\"gone\"" : "\"\"");
        return i < 2;
    case FIELD_ROOM:
    case FIELD_USER:
        buf_add_str(b, refs[i % 4]);
        return i < 4;
    case FIELD_REFS:
        if (i < 4)
            buf_add_str(b, lists[i]);
        else
            add_list(b, f->max + 1);
        return i < 5;
    }
    return false;
}

/* ------------------------------------------------------------------ requests out of them */

/* Everything that the type needs, with `value` for `field`; NULL: without that field. */
static void write_request(struct buf *b, enum request_type type, const struct request_field *field, const char *value)
{
    const struct request_shape *shape = request_shape(type);
    buf_clear(b);
    buf_printf(b, "{\"type\":\"%s\",\"id\":\"1\"", shape->name);
    for (const uint8_t *i = shape->needs; *i; i++) {
        const struct request_field *f = request_field(*i);
        if (f == field)
            continue;
        buf_printf(b, ",\"%s\":", f->name);
        assert_true(add_good(b, f, 0));
    }
    if (value)
        buf_printf(b, ",\"%s\":%s", field->name, value);
    buf_add_char(b, '}');
    assert_false(b->failed);
}

static void expect(const struct buf *text, enum err want, const char *why_wanted)
{
    struct request q;
    const char *why = NULL;
    enum err e = request_parse(buf_span(text), &q, &why);
    if (e != want)
        fail_msg("%.*s: %s, not %s (%s)", (int)text->len, text->p, err_code(e), err_code(want), why ? why : "");
    if (e == ERR_INVALID)
        assert_ptr_equal(why, why_wanted);
    request_release(&q);
}

typedef void field_fn(enum request_type type, const struct request_field *f, bool is_needed);

static void each_field(field_fn *check)
{
    for (int t = 0; t < REQUEST_TYPES; t++) {
        const struct request_shape *shape = request_shape((enum request_type)t);
        for (const uint8_t *i = shape->needs; *i; i++)
            check((enum request_type)t, request_field(*i), true);
        for (const uint8_t *i = shape->takes; *i; i++)
            check((enum request_type)t, request_field(*i), false);
    }
}

static void check_missing(enum request_type type, const struct request_field *f, bool is_needed)
{
    struct buf text = BUF_INIT;
    write_request(&text, type, f, NULL);
    expect(&text, is_needed ? ERR_INVALID : OK, f->wrong);
    write_request(&text, type, f, "null");
    expect(&text, is_needed ? ERR_INVALID : OK, f->wrong);
    buf_release(&text);
}

static void needed_fields_are_missed(void **state)
{
    (void)state;
    each_field(check_missing);
}

static void check_values(enum request_type type, const struct request_field *f, bool is_needed)
{
    (void)is_needed;
    for (int bad = 0; bad < 2; bad++) {
        for (int i = 0;; i++) {
            struct buf text = BUF_INIT, value = BUF_INIT;
            bool more = bad ? add_bad(&value, f, i) : add_good(&value, f, i);
            buf_add_char(&value, 0);
            if (more) {
                write_request(&text, type, f, value.p);
                expect(&text, bad ? ERR_INVALID : OK, f->wrong);
            }
            buf_release(&text);
            buf_release(&value);
            if (!more)
                break;
        }
    }
}

static void each_field_takes_its_values_only(void **state)
{
    (void)state;
    each_field(check_values);
}

/* ------------------------------------------------------------------ where they end up */

static void assert_got(const struct request *q, const struct request_field *f, bool given)
{
    switch (f->kind) {
    case FIELD_NUMBER:
        assert_int_equal(q->f.n[f->to], given ? f->max : f->to == F_LIMIT ? REQUEST_LIST_DEFAULT : 0);
        assert_int_equal(fields_has(&q->f, (enum field_number)f->to), given || f->to == F_LIMIT);
        break;
    case FIELD_FLAG:
    case FIELD_WORD:
        assert_int_equal(q->f.n[f->to], given ? f->max : 0);
        assert_int_equal(fields_has(&q->f, (enum field_number)f->to), given);
        break;
    case FIELD_TEXT:
    case FIELD_LINE:
    case FIELD_LINES:
        assert_int_equal(q->f.t[f->to].len, given ? f->max : 0);
        assert_int_equal(fields_has_text(&q->f, (enum field_text)f->to), given);
        break;
    case FIELD_ROOM:
        assert_int_equal(q->room.id, given ? 3 : 0);
        assert_int_equal(q->room.name.len, 0);
        break;
    case FIELD_USER:
        assert_int_equal(q->user.id, 0);
        assert_true(span_equal(q->user.name, span_of(given ? "Ben" : "")));
        break;
    case FIELD_REFS:
        assert_int_equal(q->ref_count, given ? 2 : 0);
        assert_int_equal(q->refs[0].id, given ? 8 : 0);
        assert_true(span_equal(q->refs[1].name, span_of(given ? "Cleo" : "")));
        break;
    case FIELD_OWN_TEXT: /* the only one of these types */
        assert_int_equal(q->current.len, given ? f->max : 0);
        break;
    case FIELD_OWN_NUMBER:
    case FIELD_OWN_LINES:
    case FIELD_STATE:
        fail_msg("%s: not among these", f->name);
    }
}

static void add_largest(struct buf *b, const struct request_field *f)
{
    if (f->kind == FIELD_NUMBER)
        buf_add_i64(b, f->max);
    else if (f->kind == FIELD_FLAG)
        buf_add_str(b, "true");
    else if (f->kind == FIELD_WORD)
        json_add_string(b, span_of(words_name(f->words, (int)f->max)));
    else if (f->kind == FIELD_TEXT || f->kind == FIELD_LINE || f->kind == FIELD_LINES || f->kind == FIELD_OWN_TEXT)
        add_letters(b, f->max);
    else
        buf_add_str(b, f->kind == FIELD_ROOM ? "3" : f->kind == FIELD_USER ? "\"Ben\"" : "[8,\"Cleo\"]");
}

/* Of all types that only have generic fields: each is where it belongs, and what is not given stays empty. */
static void fields_end_up_where_they_belong(void **state)
{
    (void)state;
    for (int t = REQUEST_CREATE_ROOM; t < REQUEST_TYPES; t++) {
        const struct request_shape *shape = request_shape((enum request_type)t);
        for (int with_all = 0; with_all < 2; with_all++) {
            struct buf text = BUF_INIT;
            struct request q;
            const char *why;
            int numbers = 0, texts = 0;
            buf_printf(&text, "{\"type\":\"%s\"", shape->name);
            for (const uint8_t *i = shape->needs; *i; i++) {
                buf_printf(&text, ",\"%s\":", request_field(*i)->name);
                add_largest(&text, request_field(*i));
            }
            for (const uint8_t *i = shape->takes; with_all && *i; i++) {
                buf_printf(&text, ",\"%s\":", request_field(*i)->name);
                add_largest(&text, request_field(*i));
            }
            buf_add_char(&text, '}');
            assert_int_equal(request_parse(buf_span(&text), &q, &why), OK);
            assert_int_equal(q.type, t);
            for (const uint8_t *i = shape->needs; *i; i++)
                assert_got(&q, request_field(*i), true);
            for (const uint8_t *i = shape->takes; *i; i++)
                assert_got(&q, request_field(*i), with_all);
            for (int i = 0; i < F_NUMBERS; i++)
                numbers += fields_has(&q.f, (enum field_number)i);
            for (int i = 0; i < F_TEXTS; i++)
                texts += fields_has_text(&q.f, (enum field_text)i);
            assert_true(numbers + texts <= REQUEST_NEEDS_MAX + REQUEST_TAKES_MAX);
            assert_false(fields_has(&q.f, F_USER)); /* users are in the refs */
            request_release(&q);
            buf_release(&text);
        }
    }
}

/* What is shown beside other people's words. */
static void texts_do_not_disturb_what_stands_beside_them(void **state)
{
    (void)state;
    static const struct {
        const char *field, *value;
        bool is_fine;
    } rows[] = {
        {"status_text", "out\\u0007", false},
        {"status_text", "two\\nlines", false},
        {"status_text", "\\u202eti ton si", false},
        {"status_text", "\\u05d0\\u200f!", true},
        {"status_emoji", "\\u001b[2J", false},
        {"bio", "two\\r\\n\\tlines", true},
        {"bio", "\\u009b2J", false},
        {"bio", "\\u2066x", false},
        {"bio", "\\u2028", false},
        {"avatar", "\\u0007", true}, /* which is no text to read */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct request q;
        struct buf text = BUF_INIT;
        const char *why = NULL;
        buf_printf(&text, "{\"type\":\"set_profile\",\"%s\":\"%s\"}", rows[i].field, rows[i].value);
        enum err e = request_parse(buf_span(&text), &q, &why);
        if (e != (rows[i].is_fine ? OK : ERR_INVALID))
            fail_msg("%s: %s", rows[i].value, err_code(e));
        assert_int_equal(why != NULL, !rows[i].is_fine);
        request_release(&q);
        buf_release(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(needed_fields_are_missed),
        cmocka_unit_test(each_field_takes_its_values_only),
        cmocka_unit_test(fields_end_up_where_they_belong),
        cmocka_unit_test(texts_do_not_disturb_what_stands_beside_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
