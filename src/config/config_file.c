/* The reader of the settings file: lines into names and values, see config.h for the format. */
#include "config/config_source.h"
#include "config/setting.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static char *skip_blanks(char *p)
{
    while (is_blank(*p))
        p++;
    return p;
}

/* What stands behind a name, in place: without quotes, blanks and comment. NULL: *problem says why not. */
static char *unwrap_quoted(char *text, const char **problem)
{
    char *out = text, *p = text + 1;
    while (*p != '"') {
        bool escaped = *p == '\\';
        p += escaped;
        if (*p == '\0' || (escaped && *p != '"' && *p != '\\')) {
            *problem = *p ? "inside quotes, \\ must be followed by \" or \\" : "the closing quote is missing";
            return NULL;
        }
        *out++ = *p++;
    }
    char *rest = skip_blanks(p + 1);
    if (*rest != '\0' && (*rest != '#' || rest == p + 1)) {
        *problem = "only a comment can follow the closing quote";
        return NULL;
    }
    *out = '\0';
    return text;
}

static char *unwrap_bare(char *text, const char **problem)
{
    char *end = text;
    for (char *p = text; *p; p++) {
        bool hash = *p == '#' && (p == text || is_blank(p[-1])); /* the name and a blank stand before the text */
        if (hash && (is_blank(p[1]) || p[1] == '\0'))
            break;
        if (hash) {
            *problem =
                "a comment starts with # and a space; put a value in which a word starts with # in double quotes";
            return NULL;
        }
        if (!is_blank(*p))
            end = p + 1;
    }
    if (end == text) {
        *problem = "the value is missing; write \"\" for an empty value";
        return NULL;
    }
    if (*text == '=') {
        *problem = "write the name, a space and the value, without =";
        return NULL;
    }
    *end = '\0';
    return text;
}

/* One line, in place: without its end, at most CONFIG_LINE_MAX bytes, terminated. */
static enum err parse_line(const struct config_source *from, char *line, struct config *c, struct config_error *why)
{
    char *name = skip_blanks(line);
    if (*name == '\0' || *name == '#')
        return OK;
    char *end = name;
    while (*end && !is_blank(*end))
        end++;
    char *text = skip_blanks(end);
    *end = '\0';
    if (strchr(name, '='))
        return config_fail(why, ERR_INVALID,
                           "%s: \"%s\": write the name, a space and the value, without =", from->where,
                           config_shown(name).text);
    const struct setting *s = setting_find(name);
    if (!s)
        return config_unknown_name(from, name, why);

    const struct config_origin *before = &c->origin[s - setting_rows];
    if (before->kind == CONFIG_FROM_FILE)
        return config_fail(why, ERR_INVALID, "%s: %s was already set in line %d", from->where, name, before->line);
    const char *problem = NULL;
    char *value = *text == '"' ? unwrap_quoted(text, &problem) : unwrap_bare(text, &problem);
    if (!value)
        return config_fail(why, ERR_INVALID, "%s: %s: %s", from->where, name, problem);
    return config_assign(from, name, value, c, why);
}

enum err config_file_parse(const char *file, const char *text, size_t len, struct config *c, struct config_error *why)
{
    enum err e = OK;
    size_t at = len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    snprintf(c->file, sizeof(c->file), "%s", file);
    for (char *p = c->file; *p; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            *p = '?'; /* it appears in messages and comments of one line */
    }
    for (int number = 1; at < len && !e; number++) {
        const char *newline = memchr(text + at, '\n', len - at);
        size_t line_len = newline ? (size_t)(newline - text) - at : len - at;
        struct config_where where;
        snprintf(where.text, sizeof(where.text), "%s:%d", c->file, number);
        struct config_source from = {where.text, {CONFIG_FROM_FILE, number}};

        size_t used = line_len > 0 && text[at + line_len - 1] == '\r' ? line_len - 1 : line_len;
        char line[CONFIG_LINE_MAX + 1];
        if (used > CONFIG_LINE_MAX)
            return config_fail(why, ERR_INVALID, "%s: the line is longer than %d bytes", where.text, CONFIG_LINE_MAX);
        memcpy(line, text + at, used);
        line[used] = '\0';
        if (memchr(line, '\0', used))
            return config_fail(why, ERR_INVALID, "%s: the line contains a zero byte; this is not a UTF-8 text file",
                               where.text);
        e = parse_line(&from, line, c, why);
        at += line_len + 1;
    }
    return e;
}

enum err config_file_read(const char *file, struct config *c, struct config_error *why)
{
    enum err e = OK;
    char *text = NULL;
    size_t len = 0;
    FILE *in = fopen(file, "re");
    if (!in)
        return config_fail(why, ERR_IO, "cannot read the settings file %s: %s", config_shown(file).text,
                           strerror(errno));
    text = malloc(CONFIG_FILE_MAX + 1);
    if (!text) {
        e = config_fail(why, ERR_MEMORY, "no memory to read the settings file");
        goto done;
    }
    errno = 0;
    len = fread(text, 1, CONFIG_FILE_MAX + 1, in);
    if (ferror(in))
        e = config_fail(why, ERR_IO, "cannot read the settings file %s: %s", config_shown(file).text, strerror(errno));
    else if (len > CONFIG_FILE_MAX)
        e = config_fail(why, ERR_INVALID, "%s is larger than %d bytes; this is not a settings file",
                        config_shown(file).text, CONFIG_FILE_MAX);
    else
        e = config_file_parse(file, text, len, c, why);

done:
    free(text);
    fclose(in);
    return e;
}
