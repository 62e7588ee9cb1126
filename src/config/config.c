/* The settings from their four sources into one struct. Each source ends in config_assign(), which knows the rows of
 * setting.c; what one setting demands of another is checked at the end, when all are in. */
#include "config/config.h"

#include "config/config_source.h"
#include "config/for_tests.h"
#include "config/setting.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

enum { NAME_SIZE = 80 }; /* more than any name: what is longer is cut, and unknown */

static enum err set_defaults(struct config *c, struct config_error *why)
{
    struct config_source from = {"default", {CONFIG_FROM_DEFAULT, 0}};
    *c = (struct config){0};
    for (size_t i = 0; i < setting_count; i++) {
        enum err e = config_assign(&from, setting_rows[i].name, setting_rows[i].value, c, why);
        if (e)
            return e;
    }
    return OK;
}

/* ---------------------------------------------------------------- environment and command line */

/* HUBBUB_ names that are nobody's mistake; see config.h. */
static bool is_left_alone(const char *name)
{
    static const char *const whole[] = {"BIN", "SEED", "PORT"};
    static const char *const begin[] = {"BENCH_", "PORT_", "SERVICE_"};
    for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
        if (strcmp(name, whole[i]) == 0)
            return true;
    }
    for (size_t i = 0; i < sizeof(begin) / sizeof(begin[0]); i++) {
        if (strncmp(name, begin[i], strlen(begin[i])) == 0)
            return true;
    }
    return false;
}

/* Copies "name" of "name=value" into `name`, cut to fit. Returns the value, or NULL when there is no =. */
static const char *split_pair(const char *pair, char name[NAME_SIZE])
{
    const char *equals = strchr(pair, '=');
    if (!equals)
        return NULL;
    size_t len = (size_t)(equals - pair);
    if (len >= NAME_SIZE)
        len = NAME_SIZE - 1;
    memcpy(name, pair, len);
    name[len] = '\0';
    return equals + 1;
}

static enum err read_environment(struct config *c, struct config_error *why)
{
    static const char prefix[] = "HUBBUB_";
    for (char **variable = environ; variable && *variable; variable++) {
        char name[NAME_SIZE], where[sizeof(struct config_shown) + 32];
        if (strncmp(*variable, prefix, sizeof(prefix) - 1) != 0)
            continue;
        const char *value = split_pair(*variable + sizeof(prefix) - 1, name);
        if (!value || is_left_alone(name))
            continue;
        snprintf(where, sizeof(where), "environment %s%s", prefix, config_shown(name).text);
        bool upper = true;
        for (const char *p = name; *p; p++)
            upper = upper && !(*p >= 'a' && *p <= 'z');
        for (char *p = name; upper && *p; p++)
            *p = (char)(*p >= 'A' && *p <= 'Z' ? *p - 'A' + 'a' : *p);

        struct config_source from = {where, {CONFIG_FROM_ENVIRONMENT, 0}};
        enum err e = upper ? config_assign(&from, name, value, c, why) : config_unknown_name(&from, name, why);
        if (e)
            return e;
    }
    return OK;
}

static enum err read_sets(const char *const *sets, int n, struct config *c, struct config_error *why)
{
    struct config_source from = {"--set", {CONFIG_FROM_SET, 0}};
    for (int i = 0; i < n; i++) {
        char name[NAME_SIZE];
        const char *value = split_pair(sets[i], name);
        if (!value)
            return config_fail(why, ERR_INVALID, "--set %s: write name=value", config_shown(sets[i]).text);
        enum err e = config_assign(&from, name, value, c, why);
        if (e)
            return e;
    }
    return OK;
}

/* ---------------------------------------------------------------- all together */

/* `left` must be at least `factor` times `right`. */
struct rule {
    const char *left;
    int64_t factor;
    const char *times; /* the factor in words */
    const char *right;
    const char *why;
};

static const struct rule rules[] = {
    {"outbound_queue_bytes", 4, "4 times ", "message_max_bytes",
     "or a few large messages close a connection as too slow"},
    {"outbound_memory_bytes", 2, "twice ", "outbound_queue_bytes", "or one slow reader costs another its connection"},
    {"outbound_queue_bytes", 1, "", "commit_max_bytes", "or one commit can close a connection that keeps up"},
};

/* A rate, how many at once before it counts, and what a burst of 0 would do. */
static const struct {
    const char *rate, *burst, *zero;
} rates[] = {{"rate_messages_per_s", "rate_burst", "lets nobody post"},
             {"rate_guest_messages_per_s", "rate_guest_burst", "lets nobody post"},
             {"rate_newcomers_per_min", "rate_newcomers_burst", "lets nobody new in"}};

static int64_t number_of(const struct config *c, const char *name)
{
    const struct setting *s = setting_find(name);
    assert(s && (s->kind == SETTING_NUMBER || s->kind == SETTING_BYTES));
    return *(const int64_t *)((const char *)c + s->offset);
}

static struct config_where where_of(const struct config *c, const char *name)
{
    return config_where(c, (size_t)(setting_find(name) - setting_rows));
}

static enum err check_together(const struct config *c, struct config_error *why)
{
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        const struct rule *r = &rules[i];
        int64_t left = number_of(c, r->left), right = number_of(c, r->right);
        if (left < r->factor * right)
            return config_fail(why, ERR_INVALID, "%s %" PRId64 " (%s) must be at least %s%s %" PRId64 " (%s), %s",
                               r->left, left, where_of(c, r->left).text, r->times, r->right, right,
                               where_of(c, r->right).text, r->why);
    }
    if (c->idle_timeout_ms <= c->ping_interval_ms)
        return config_fail(why, ERR_INVALID,
                           "idle_timeout_ms %" PRId64 " (%s) must be more than ping_interval_ms %" PRId64
                           " (%s), or quiet connections are closed before the server pings them",
                           c->idle_timeout_ms, where_of(c, "idle_timeout_ms").text, c->ping_interval_ms,
                           where_of(c, "ping_interval_ms").text);
    for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
        if (number_of(c, rates[i].rate) > 0 && number_of(c, rates[i].burst) < 1)
            return config_fail(why, ERR_INVALID, "%s 0 (%s) %s: it must be at least 1, or %s 0", rates[i].burst,
                               where_of(c, rates[i].burst).text, rates[i].zero, rates[i].rate);
    }
    if (c->auth_proxy_header[0] && !c->trusted_proxies[0])
        return config_fail(
            why, ERR_INVALID,
            "auth_proxy_header \"%s\" (%s) is accepted only from trusted_proxies, and there are none (%s)",
            c->auth_proxy_header, where_of(c, "auth_proxy_header").text, where_of(c, "trusted_proxies").text);
    return OK;
}

static void collect_civetweb(struct config *c)
{
    size_t n = 0;
    for (size_t i = 0; i < setting_count; i++) {
        const struct setting *s = &setting_rows[i];
        if (!s->civetweb)
            continue;
        assert(n < CONFIG_CIVETWEB_MAX);
        setting_format(s, c, false, c->civetweb_values[n]);
        if (c->civetweb_values[n][0] == '\0')
            continue;
        c->civetweb[2 * n] = s->name;
        c->civetweb[2 * n + 1] = c->civetweb_values[n];
        n++;
    }
    c->civetweb[2 * n] = NULL;
}

static enum err finish(struct config *c, struct config_error *why)
{
    enum err e = check_together(c, why);
    if (!e)
        collect_civetweb(c);
    return e;
}

enum err config_load(const char *file, const char *const *sets, int n, struct config *out, struct config_error *why)
{
    enum err e = set_defaults(out, why);
    if (!e && file)
        e = config_file_read(file, out, why);
    if (!e)
        e = read_environment(out, why);
    if (!e)
        e = read_sets(sets, n, out, why);
    if (!e)
        e = finish(out, why);
    return e;
}

enum err config_parse_text(const char *file, const char *text, size_t len, struct config *out, struct config_error *why)
{
    enum err e = set_defaults(out, why);
    if (!e)
        e = config_file_parse(file, text, len, out, why);
    if (!e)
        e = finish(out, why);
    return e;
}
