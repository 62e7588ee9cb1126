/* The settings as text again: for --check-config, where what is printed can be read back as a settings file, and for
 * the page. */
#include "config/config_source.h"
#include "config/setting.h"
#include "proto/json.h"

#include <string.h>

struct config_where config_where(const struct config *c, size_t index)
{
    struct config_where out;
    const struct config_origin *origin = &c->origin[index];
    switch (origin->kind) {
    case CONFIG_FROM_FILE:
        snprintf(out.text, sizeof(out.text), "%s:%d", c->file, origin->line);
        break;
    case CONFIG_FROM_ENVIRONMENT:
        snprintf(out.text, sizeof(out.text), "environment");
        break;
    case CONFIG_FROM_SET:
        snprintf(out.text, sizeof(out.text), "--set");
        break;
    case CONFIG_FROM_DEFAULT:
        snprintf(out.text, sizeof(out.text), "default");
        break;
    }
    return out;
}

/* Bare, the reader would take such a value for something else. */
static bool needs_quotes(const char *value)
{
    size_t len = strlen(value);
    return len == 0 || strchr("\"= ", value[0]) || value[len - 1] == ' ' || strchr(value, '#');
}

/* The value as it stands in a file: the bytes as they are, or in quotes. `out` has room for every byte twice, and the
 * quotes. */
static void quote(const char *value, char *out)
{
    *out++ = '"';
    for (; *value; value++) {
        if (*value == '"' || *value == '\\')
            *out++ = '\\';
        *out++ = *value;
    }
    *out++ = '"';
    *out = '\0';
}

void config_print(const struct config *c, FILE *out)
{
    for (size_t i = 0; i < setting_count; i++) {
        char value[CONFIG_TEXT_MAX], quoted[2 * CONFIG_TEXT_MAX + 2];
        setting_format(&setting_rows[i], c, true, value);
        if (needs_quotes(value))
            quote(value, quoted);
        fprintf(out, "%-28s %-20s # %s\n", setting_rows[i].name, needs_quotes(value) ? quoted : value,
                config_where(c, i).text);
    }
}

void config_write_json(const struct config *c, struct buf *json)
{
    for (size_t i = 0; i < setting_count; i++) {
        char value[CONFIG_TEXT_MAX];
        setting_format(&setting_rows[i], c, true, value);
        buf_add_str(json, i ? ",{\"name\":" : "[{\"name\":");
        json_add_string(json, span_of(setting_rows[i].name));
        buf_add_str(json, ",\"value\":");
        json_add_string(json, span_of(value));
        buf_add_str(json, ",\"from\":");
        json_add_string(json, span_of(config_shown(config_where(c, i).text).text)); /* a file may be called anything */
        buf_add_char(json, '}');
    }
    buf_add_char(json, ']');
}
