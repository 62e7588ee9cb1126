/* exposition: what Prometheus' own checker would look at, and the numbers themselves. */
#include "http/exposition.h"
#include "unit.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ the format */

struct family {
    char name[128], type[16];
    bool help, samples;
};

enum { FAMILIES_MAX = 128, LINE = 512 };
static struct family families[FAMILIES_MAX];
static size_t family_count;

static bool is_name(const char *s, size_t len)
{
    if (len == 0 || isdigit((unsigned char)s[0]))
        return false;
    for (size_t i = 0; i < len; i++) {
        if (!isalnum((unsigned char)s[i]) && s[i] != '_' && s[i] != ':')
            return false;
    }
    return true;
}

static struct family *family(const char *name, size_t len)
{
    for (size_t i = 0; i < family_count; i++) {
        if (strlen(families[i].name) == len && memcmp(families[i].name, name, len) == 0)
            return &families[i];
    }
    return NULL;
}

static void check_comment(const char *line)
{
    char kind[8], name[128], rest[LINE];
    assert_int_equal(sscanf(line, "# %7s %127s %511[^\n]", kind, name, rest), 3);
    assert_true(is_name(name, strlen(name)));
    struct family *f = family(name, strlen(name));
    if (strcmp(kind, "HELP") == 0) {
        assert_null(f); /* once per family, and before its type */
        assert_true(family_count < FAMILIES_MAX);
        f = &families[family_count++];
        snprintf(f->name, sizeof f->name, "%s", name);
        f->help = true;
        return;
    }
    assert_string_equal(kind, "TYPE");
    assert_non_null(f);
    assert_false(f->samples || f->type[0]);
    assert_true(strlen(rest) < sizeof f->type);
    memcpy(f->type, rest, strlen(rest) + 1);
    assert_true(!strcmp(rest, "counter") || !strcmp(rest, "gauge") || !strcmp(rest, "histogram"));
    bool total = strlen(name) > 6 && strcmp(name + strlen(name) - 6, "_total") == 0;
    assert_true(total == (strcmp(rest, "counter") == 0));
}

/* The family of a sample: itself, or for a histogram what is left without _bucket, _sum or _count. */
static struct family *family_of_sample(const char *name, size_t len)
{
    static const char *const suffixes[] = {"_bucket", "_sum", "_count"};
    struct family *f = family(name, len);
    for (size_t i = 0; !f && i < 3; i++) {
        size_t n = strlen(suffixes[i]);
        if (len > n && memcmp(name + len - n, suffixes[i], n) == 0)
            f = family(name, len - n);
        if (f)
            assert_string_equal(f->type, "histogram");
    }
    return f;
}

static void check_sample(const char *line)
{
    size_t len = strcspn(line, "{ ");
    const char *p = line + len;
    assert_true(is_name(line, len));
    struct family *f = family_of_sample(line, len);
    if (!f)
        fail_msg("%s: no HELP and TYPE", line);
    assert_ptr_equal(f, &families[family_count - 1]); /* the lines of a family stand together */
    assert_true(f->type[0]);
    f->samples = true;
    if (*p == '{') {
        size_t key = strcspn(p + 1, "=");
        assert_true(is_name(p + 1, key));
        p += 1 + key;
        assert_memory_equal(p, "=\"", 2);
        p += 2;
        p += strcspn(p, "\"\\");
        assert_memory_equal(p, "\"}", 2);
        p += 2;
    }
    assert_int_equal(*p, ' ');
    char *end;
    strtod(p + 1, &end);
    assert_true(end > p + 1 && *end == 0);
}

static void write_all(const struct metrics *m, struct buf *out)
{
    exposition_write(out, m, 12345);
    buf_add_char(out, 0);
    assert_false(out->failed);
}

static void test_format(void **state)
{
    (void)state;
    static struct metrics m;
    struct buf out = BUF_INIT;
    write_all(&m, &out);
    assert_int_equal(out.p[out.len - 2], '\n'); /* the last line has its end as well */
    char line[LINE];
    for (const char *p = out.p; *p;) {
        size_t len = strcspn(p, "\n");
        assert_in_range(len, 1, sizeof line - 1);
        memcpy(line, p, len);
        line[len] = 0;
        if (line[0] == '#')
            check_comment(line);
        else
            check_sample(line);
        p += len + 1;
    }
    for (size_t i = 0; i < family_count; i++)
        assert_true(families[i].help && families[i].type[0] && families[i].samples);
    buf_release(&out);
}

/* ------------------------------------------------------------------ the numbers */

static void assert_has(const struct buf *out, const char *line)
{
    char whole[LINE];
    snprintf(whole, sizeof whole, "\n%s\n", line);
    if (!strstr(out->p, whole))
        fail_msg("there is no line \"%s\"", line);
}

static void test_values(void **state)
{
    (void)state;
    static struct metrics m;
    struct buf out = BUF_INIT;
    metric_set(&m.connections_open, 17);
    metric_set(&m.messages_total, 9007199254740993);
    metric_set(&m.storage_ok, 1);
    metric_add(&m.closes[CLOSE_TOO_SLOW], 3);
    metrics_observe(&m.commit_batch, 1);
    metrics_observe(&m.commit_batch, 3);
    metrics_observe(&m.commit_batch, 1 << 30); /* beyond the last bucket */
    metrics_observe(&m.commit_us, 1500000);
    metrics_observe(&m.welcome_us, 300);
    write_all(&m, &out);
    assert_has(&out, "hubbub_build_info{version=\"" HUBBUB_VERSION "\"} 1");
    assert_has(&out, "hubbub_connections_open 17");
    assert_has(&out, "hubbub_messages_total 9007199254740993");
    assert_has(&out, "hubbub_storage_ok 1");
    assert_has(&out, "hubbub_closes_total{reason=\"too_slow\"} 3");
    assert_has(&out, "hubbub_closes_total{reason=\"by_peer\"} 0");
    assert_has(&out, "hubbub_commit_batch_commands_bucket{le=\"1\"} 1");
    assert_has(&out, "hubbub_commit_batch_commands_bucket{le=\"2\"} 1");
    assert_has(&out, "hubbub_commit_batch_commands_bucket{le=\"4\"} 2");
    assert_has(&out, "hubbub_commit_batch_commands_bucket{le=\"262144\"} 2");
    assert_has(&out, "hubbub_commit_batch_commands_bucket{le=\"+Inf\"} 3");
    assert_has(&out, "hubbub_commit_batch_commands_sum 1073741828");
    assert_has(&out, "hubbub_commit_batch_commands_count 3");
    assert_has(&out, "hubbub_commit_seconds_bucket{le=\"0.000001\"} 0");
    assert_has(&out, "hubbub_commit_seconds_bucket{le=\"+Inf\"} 1");
    assert_has(&out, "hubbub_commit_seconds_sum 1.500000");
    assert_has(&out, "hubbub_welcome_seconds_bucket{le=\"0.000256\"} 0");
    assert_has(&out, "hubbub_welcome_seconds_bucket{le=\"0.000512\"} 1");
    assert_has(&out, "hubbub_welcome_seconds_sum 0.000300");
    assert_has(&out, "hubbub_uptime_seconds 12.345000");
    buf_release(&out);
}

static void test_process(void **state)
{
    (void)state;
    static struct metrics m;
    struct buf out = BUF_INIT;
    long long resident = 0, descriptors = 0;
    write_all(&m, &out);
    assert_int_equal(
        sscanf(strstr(out.p, "\nprocess_resident_memory_bytes "), " process_resident_memory_bytes %lld", &resident), 1);
    assert_true(resident > 100000);
    assert_int_equal(sscanf(strstr(out.p, "\nprocess_open_fds "), " process_open_fds %lld", &descriptors), 1);
    assert_in_range(descriptors, 1, 1000);
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_format),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
