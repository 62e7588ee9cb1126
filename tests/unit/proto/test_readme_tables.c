/* The tables of README.md in src/proto against those of the code, in both directions. */
#include "base/err.h"
#include "proto/api.h"
#include "proto/request_fields.h"
#include "readme.h"

/* "`room`, `after?`", as the page writes a list of fields; without fields: empty. */
static void write_fields(const struct request_shape *shape, char *out, size_t size)
{
    size_t len = 0;
    out[0] = 0;
    for (const uint8_t *i = shape->needs; *i; i++)
        len += (size_t)snprintf(out + len, size - len, "%s`%s`", len ? ", " : "", request_field(*i)->name);
    for (const uint8_t *i = shape->takes; *i; i++)
        len += (size_t)snprintf(out + len, size - len, "%s`%s?`", len ? ", " : "", request_field(*i)->name);
}

/* The cell without the spaces around it and without what stands in brackets. */
static void read_fields(struct span cell, char *out, size_t size)
{
    size_t len = 0;
    bool inside = false;
    for (size_t i = 0; i < cell.len && len + 1 < size; i++) {
        char c = cell.p[i];
        if (c == '(') {
            inside = true;
            len -= len > 0 && out[len - 1] == ' ';
        }
        if (!inside && (c != ' ' || len > 0))
            out[len++] = c;
        if (c == ')')
            inside = false;
    }
    len -= len > 0 && out[len - 1] == ' ';
    out[len] = 0;
}

static bool is_list(enum request_type type)
{
    return type >= REQUEST_PEOPLE;
}

static void every_request_has_its_row(void **state)
{
    (void)state;
    for (int i = 0; i < REQUEST_TYPES; i++) {
        enum request_type type = (enum request_type)i;
        struct span cell = {NULL, 0};
        char want[256], got[256];
        const char *heading = is_list(type) ? "\n### Lists\n" : "\n### Fields\n";
        if (!find_row(heading, request_name(type), &cell))
            fail_msg("no row for %s", request_name(type));
        write_fields(request_shape(type), want, sizeof want);
        read_fields(cell, got, sizeof got);
        if (strcmp(want, got) != 0)
            fail_msg("%s has %s, and README says %s", request_name(type), want, got);
    }
}

/* Each row that begins with a word in backquotes, from a heading to the next; how many there are. */
static size_t each_row(const char *heading, void (*check)(struct span name))
{
    size_t n = 0;
    char *at = strstr(readme, heading);
    assert_non_null(at);
    char *end = strstr(at + strlen(heading), "\n#");
    assert_non_null(end);
    for (at = strstr(at, "\n| `"); at && at < end; at = strstr(at, "\n| `")) {
        at += strlen("\n| `");
        check((struct span){at, strcspn(at, "`")});
        n++;
    }
    return n;
}

static void check_is_request(struct span name)
{
    if (request_type_named(name) < 0)
        fail_msg("README has a row for %.*s, which is no request", (int)name.len, name.p);
}

static void every_row_is_a_request(void **state)
{
    (void)state;
    size_t n = each_row("\n### Fields\n", check_is_request) + each_row("\n### Lists\n", check_is_request);
    assert_int_equal(n, REQUEST_TYPES);
}

/* The headings of the first half name each request outside of the lists, and no other: "### read, mark_unread". */
static void headings_are_requests(void **state)
{
    (void)state;
    bool seen[REQUEST_TYPES] = {false};
    char *at = strstr(readme, "\n## From client to server\n"), *end = strstr(readme, "\n## From server to client\n");
    assert_non_null(at);
    assert_non_null(end);
    while ((at = strstr(at, "\n### ")) && at < end) {
        at += strlen("\n### ");
        if (strncmp(at, "Fields\n", 7) == 0 || strncmp(at, "Lists\n", 6) == 0)
            continue;
        while (*at != '\n') {
            struct span name = {at, strcspn(at, ",\n")};
            check_is_request(name);
            seen[request_type_named(name)] = true;
            at += name.len;
            at += strspn(at, ", ");
        }
    }
    for (int i = 0; i < REQUEST_TYPES; i++)
        if (seen[i] == is_list((enum request_type)i))
            fail_msg("%s: wrong section", request_name((enum request_type)i));
}

/* ------------------------------------------------------------------ calls over HTTP */

static const char *const calls[API_CALLS] = {
    [API_SETUP] = "POST /api/v1/setup",
    [API_SIGN_IN] = "POST /api/v1/sign_in",
    [API_SIGN_UP] = "POST /api/v1/sign_up",
    [API_USE_RESET] = "POST /api/v1/use_reset",
    [API_SET_PASSWORD] = "POST /api/v1/set_password",
    [API_CONFIRM_TOTP] = "POST /api/v1/confirm_totp",
    [API_STOP_TOTP] = "POST /api/v1/stop_totp",
    [API_GUEST] = "POST /api/v1/guest",
};

struct api_name {
    char name[32];
    bool is_needed;
};

static size_t read_names(struct span cell, struct api_name *out, size_t max)
{
    size_t n = 0;
    for (const char *at = cell.p; (at = memchr(at, '`', (size_t)(cell.p + cell.len - at)));) {
        size_t len = strcspn(++at, "`");
        assert_true(n < max && len < sizeof out->name);
        out[n].is_needed = at[len - 1] != '?';
        snprintf(out[n].name, sizeof out->name, "%.*s", (int)(out[n].is_needed ? len : len - 1), at);
        n++;
        at += len + 1;
    }
    return n;
}

/* How many texts the form has. */
static size_t count_given(const struct api_form *f)
{
    const struct span texts[] = {f->name, f->display_name, f->place,   f->invite,
                                 f->code, f->password,     f->current, f->secret};
    size_t n = 0;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        n += texts[i].len > 0;
    return n;
}

/* A body with all that any call takes, without one of them (SIZE_MAX: with all). */
static enum err read_without(enum api_call call, const struct api_name *names, size_t n, size_t without, size_t *got,
                             const char **why)
{
    struct buf body = BUF_INIT;
    struct api_form form;
    buf_add_str(&body, "{\"further\":\"x\"");
    for (size_t i = 0; i < n; i++)
        if (i != without)
            buf_printf(&body, ",\"%s\":\"x\"", names[i].name);
    buf_add_char(&body, '}');
    enum err e = api_form_read(call, buf_span(&body), &form, why);
    *got = count_given(&form);
    api_form_release(&form);
    buf_release(&body);
    return e;
}

static void calls_take_what_their_rows_say(void **state)
{
    (void)state;
    const struct api_name all[] = {{"name", true},     {"display_name", true}, {"place", true},  {"invite", true},
                                   {"password", true}, {"current", true},      {"secret", true}, {"code", true}};
    for (int c = 0; c < API_CALLS; c++) {
        struct span cell = {NULL, 0};
        struct api_name names[8];
        size_t got;
        const char *why = "";
        assert_true(find_row("\n## The HTTP API\n", calls[c], &cell));
        size_t n = read_names(cell, names, 8);
        assert_true(n > 0);
        assert_int_equal(read_without((enum api_call)c, all, 8, SIZE_MAX, &got, &why), OK);
        assert_int_equal(got, n); /* no others are read */
        for (size_t i = 0; i < n; i++) {
            char quoted[sizeof names + 3];
            enum err e = read_without((enum api_call)c, names, n, i, &got, &why);
            snprintf(quoted, sizeof quoted, "\"%s\"", names[i].name);
            if (e != (names[i].is_needed ? ERR_INVALID : OK))
                fail_msg("%s without %s: %s", calls[c], names[i].name, err_code(e));
            if (e && strncmp(why, quoted, strlen(quoted)) != 0)
                fail_msg("%s without %s: %s", calls[c], names[i].name, why);
            assert_true(e || got == n - 1);
        }
    }
}

/* ------------------------------------------------------------------ error codes */

static void check_is_code(struct span name)
{
    int e = OK + 1;
    while (e < ERR_COUNT && !span_equal(name, span_of(err_code((enum err)e))))
        e++;
    if (e == ERR_COUNT)
        fail_msg("README has a row for %.*s, which is no code", (int)name.len, name.p);
}

/* What a client can get as the answer to a request. The others end a connection or stay inside. */
static void error_codes_are_documented(void **state)
{
    (void)state;
    const enum err codes[] = {
        ERR_INVALID_JSON, ERR_INVALID,       ERR_UNKNOWN_TYPE, ERR_NOT_FOUND,  ERR_AMBIGUOUS,      ERR_NOT_JOINED,
        ERR_ARCHIVED,     ERR_TOO_BIG,       ERR_ID_REUSED,    ERR_NAME_TAKEN, ERR_UNAUTHORIZED,   ERR_FORBIDDEN,
        ERR_NOT_MEMBER,   ERR_BANNED,        ERR_MUTED,        ERR_LOCKED,     ERR_WRONG_PASSWORD, ERR_TOTP_REQUIRED,
        ERR_NOT_SET_UP,   ERR_SESSION_ENDED, ERR_RATE_LIMITED, ERR_OVERLOADED, ERR_STORAGE,        ERR_SHUTTING_DOWN,
        ERR_TOO_MANY,     ERR_MEMORY};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        struct span meaning = {NULL, 0};
        if (!find_row("\n## Error codes\n", err_code(codes[i]), &meaning))
            fail_msg("no row for %s", err_code(codes[i]));
        assert_true(meaning.len > 2);
    }
    assert_int_equal(each_row("\n## Error codes\n", check_is_code), sizeof codes / sizeof *codes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_request_has_its_row),  cmocka_unit_test(every_row_is_a_request),
        cmocka_unit_test(headings_are_requests),      cmocka_unit_test(calls_take_what_their_rows_say),
        cmocka_unit_test(error_codes_are_documented),
    };
    return cmocka_run_group_tests(tests, read_readme, NULL);
}
