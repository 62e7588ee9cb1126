#include "config/config_source.h"

#include "base/utf8.h"
#include "config/setting.h"

#include <stdarg.h>
#include <string.h>

enum err config_fail(struct config_error *why, enum err e, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(why->text, sizeof(why->text), format, args);
    va_end(args);
    return e;
}

struct config_shown config_shown(const char *s)
{
    struct config_shown out;
    struct span text = span_of(s);
    bool valid = utf8_check(text);
    struct span cut = text;
    if (cut.len > 96)
        cut = valid ? utf8_cut(text, 96) : (struct span){s, 96};
    for (size_t i = 0; i < cut.len; i++) {
        unsigned char byte = (unsigned char)cut.p[i];
        out.text[i] = cut.p[i];
        if (byte < 0x20 || byte == 0x7f || (byte >= 0x80 && !valid))
            out.text[i] = '?';
    }
    memcpy(out.text + cut.len, cut.len < text.len ? "..." : "", cut.len < text.len ? 4 : 1);
    return out;
}

static bool has_control_character(const char *s)
{
    for (; *s; s++) {
        if ((unsigned char)*s < 0x20 || *s == 0x7f)
            return true;
    }
    return false;
}

/* HUBBUB_DATA_DIR for data_dir. */
static struct config_shown environment_name(const char *name)
{
    struct config_shown out;
    snprintf(out.text, sizeof(out.text), "HUBBUB_%s", name);
    for (char *p = out.text; *p; p++) {
        if (*p >= 'a' && *p <= 'z')
            *p = (char)(*p - 'a' + 'A');
    }
    return out;
}

enum err config_unknown_name(const struct config_source *from, const char *name, struct config_error *why)
{
    const char *forbidden = setting_forbidden(name);
    if (forbidden)
        return config_fail(why, ERR_INVALID, "%s: %s %s", from->where, config_shown(name).text, forbidden);
    const char *nearest = setting_nearest(name);
    if (!nearest)
        return config_fail(why, ERR_INVALID, "%s: there is no setting \"%s\"; hubbub --check-config lists them all",
                           from->where, config_shown(name).text);
    bool environment = from->origin.kind == CONFIG_FROM_ENVIRONMENT;
    return config_fail(why, ERR_INVALID, "%s: there is no setting \"%s\"; did you mean \"%s\"?", from->where,
                       config_shown(name).text, environment ? environment_name(nearest).text : nearest);
}

enum err config_assign(const struct config_source *from, const char *name, const char *value, struct config *c,
                       struct config_error *why)
{
    const struct setting *s = setting_find(name);
    if (!s)
        return config_unknown_name(from, name, why);
    if (has_control_character(value))
        return config_fail(why, ERR_INVALID, "%s: %s \"%s\" has a control character in it", from->where, name,
                           config_shown(value).text);
    struct config_error allowed;
    enum err e = setting_parse(s, value, c, &allowed);
    if (e)
        return config_fail(why, e, "%s: %s \"%s\" %s", from->where, name, config_shown(value).text, allowed.text);
    c->origin[s - setting_rows] = from->origin;
    return OK;
}
