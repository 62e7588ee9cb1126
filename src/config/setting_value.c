/* The text of one value: checked, put into its field, and written out again. */
#include "base/utf8.h"
#include "config/config_source.h"
#include "config/setting.h"
#include "config/setting_item.h"

#include <inttypes.h>
#include <string.h>

/* ---------------------------------------------------------------- texts */

/* Checks each item of a comma separated list and writes the list without its blanks to `out`, which has room for the
 * whole value. */
static enum err check_list(const char *value, setting_item_fn *check, char *out, struct config_error *why)
{
    size_t len = 0;
    for (const char *p = value;;) {
        size_t item_len = strcspn(p, ",");
        struct span item = utf8_trim((struct span){p, item_len});
        if (item.len == 0)
            return config_fail(why, ERR_INVALID, "must not have an empty entry between its commas");
        enum err e = check(item, why);
        if (e)
            return e;
        memcpy(out + len, item.p, item.len);
        len += item.len;
        p += item_len;
        out[len] = *p;
        if (*p == '\0')
            return OK;
        len++;
        p++;
    }
}

/* What a text must be, beyond text. */
static const struct form {
    setting_item_fn *item; /* NULL: anything */
    bool is_list;
} forms[] = {
    [SETTING_PORTS] = {setting_item_port, true},       [SETTING_ORIGINS] = {setting_item_origin, true},
    [SETTING_NETWORKS] = {setting_item_network, true}, [SETTING_ACL] = {setting_item_acl, true},
    [SETTING_USER] = {setting_item_user, false},       [SETTING_PAGE] = {setting_item_page, false},
    [SETTING_HEADER] = {setting_item_header, false},
};

static enum err parse_text(const struct setting *s, const char *value, char *field, struct config_error *why)
{
    size_t len = strlen(value);
    if (len >= s->size)
        return config_fail(why, ERR_INVALID, "is too long: at most %zu bytes", s->size - 1);
    if (!utf8_check((struct span){value, len}))
        return config_fail(why, ERR_INVALID, "is not valid UTF-8");
    if (len == 0 && s->min > 0)
        return config_fail(why, ERR_INVALID, "must not be empty");

    char text[CONFIG_TEXT_MAX];
    memcpy(text, value, len + 1);
    enum err e = OK;
    const struct form *form = &forms[s->kind];
    bool anything = s->kind == SETTING_ORIGINS && strcmp(value, "*") == 0;
    if (form->item && len == 0 && s->kind == SETTING_PORTS)
        e = form->item(span_of("-"), why); /* no port at all is as wrong as a bad one */
    else if (form->item && len > 0 && !anything)
        e = form->is_list ? check_list(value, form->item, text, why) : form->item(span_of(value), why);
    if (e)
        return e;
    memcpy(field, text, strlen(text) + 1);
    return OK;
}

/* ---------------------------------------------------------------- words and numbers */

static const char *const levels[] = {
    [DIAG_DEBUG] = "debug", [DIAG_INFO] = "info", [DIAG_WARN] = "warn", [DIAG_ERROR] = "error"};
static const char *const signups[] = {
    [CONFIG_SIGNUP_INVITE] = "invite", [CONFIG_SIGNUP_OPEN] = "open", [CONFIG_SIGNUP_CLOSED] = "closed"};
static const char *const tristates[] = {[CONFIG_AUTO] = "auto", [CONFIG_YES] = "yes", [CONFIG_NO] = "no"};

/* The index of the value in the words, or -1. */
static int word_index(const char *value, const char *const *words, int n)
{
    for (int i = 0; i < n; i++) {
        if (strcmp(value, words[i]) == 0)
            return i;
    }
    return -1;
}

static enum err refuse_number(const struct setting *s, struct config_error *why)
{
    if (s->kind == SETTING_BYTES)
        return config_fail(why, ERR_INVALID,
                           "must be a whole number of bytes from %" PRId64 " to %" PRId64
                           "; K at the end means times 1024, M times 1048576",
                           s->min, s->max);
    return config_fail(why, ERR_INVALID, "must be a whole number from %" PRId64 " to %" PRId64 " %s", s->min, s->max,
                       s->unit);
}

static enum err parse_number(const struct setting *s, const char *value, int64_t *field, struct config_error *why)
{
    struct span digits = span_of(value);
    bool negative = digits.len > 0 && digits.p[0] == '-';
    if (negative)
        digits = (struct span){digits.p + 1, digits.len - 1};
    uint64_t factor = 1;
    if (s->kind == SETTING_BYTES && digits.len > 0) {
        char last = digits.p[digits.len - 1];
        factor = last == 'K' || last == 'k' ? 1024 : last == 'M' || last == 'm' ? 1048576 : 1;
        digits.len -= factor > 1;
    }
    uint64_t magnitude;
    if (!setting_decimal(digits, (uint64_t)INT64_MAX / factor, &magnitude))
        return refuse_number(s, why);
    int64_t n = (int64_t)(magnitude * factor);
    n = negative ? -n : n;
    if (n < s->min || n > s->max)
        return refuse_number(s, why);
    *field = n;
    return OK;
}

enum err setting_parse(const struct setting *s, const char *value, struct config *c, struct config_error *why)
{
    void *field = (char *)c + s->offset;
    int word;
    switch (s->kind) {
    case SETTING_NUMBER:
    case SETTING_BYTES:
        return parse_number(s, value, field, why);
    case SETTING_BOOL:
        word = word_index(value, tristates + CONFIG_YES, 2);
        if (word < 0)
            return config_fail(why, ERR_INVALID, "must be yes or no");
        *(bool *)field = word == 0;
        return OK;
    case SETTING_TRISTATE:
        word = word_index(value, tristates, 3);
        if (word < 0)
            return config_fail(why, ERR_INVALID, "must be auto, yes or no");
        *(enum config_tristate *)field = (enum config_tristate)word;
        return OK;
    case SETTING_LEVEL:
        word = word_index(value, levels, 4);
        if (word < 0)
            return config_fail(why, ERR_INVALID, "must be debug, info, warn or error");
        *(enum diag_level *)field = (enum diag_level)word;
        return OK;
    case SETTING_SIGNUP:
        word = word_index(value, signups, 3);
        if (word < 0)
            return config_fail(why, ERR_INVALID, "must be invite, open or closed");
        *(enum config_signup *)field = (enum config_signup)word;
        return OK;
    default:
        return parse_text(s, value, field, why);
    }
}

static void format_number(int64_t n, bool short_bytes, char out[CONFIG_TEXT_MAX])
{
    const char *suffix = "";
    if (short_bytes && n > 0 && n % 1048576 == 0) {
        n /= 1048576;
        suffix = "M";
    } else if (short_bytes && n > 0 && n % 1024 == 0) {
        n /= 1024;
        suffix = "K";
    }
    snprintf(out, CONFIG_TEXT_MAX, "%" PRId64 "%s", n, suffix);
}

void setting_format(const struct setting *s, const struct config *c, bool short_bytes, char out[CONFIG_TEXT_MAX])
{
    const void *field = (const char *)c + s->offset;
    switch (s->kind) {
    case SETTING_NUMBER:
        format_number(*(const int64_t *)field, false, out);
        break;
    case SETTING_BYTES:
        format_number(*(const int64_t *)field, short_bytes, out);
        break;
    case SETTING_BOOL:
        snprintf(out, CONFIG_TEXT_MAX, "%s", *(const bool *)field ? "yes" : "no");
        break;
    case SETTING_TRISTATE:
        snprintf(out, CONFIG_TEXT_MAX, "%s", tristates[*(const enum config_tristate *)field]);
        break;
    case SETTING_LEVEL:
        snprintf(out, CONFIG_TEXT_MAX, "%s", levels[*(const enum diag_level *)field]);
        break;
    case SETTING_SIGNUP:
        snprintf(out, CONFIG_TEXT_MAX, "%s", signups[*(const enum config_signup *)field]);
        break;
    default:
        snprintf(out, CONFIG_TEXT_MAX, "%s", (const char *)field);
        break;
    }
}
