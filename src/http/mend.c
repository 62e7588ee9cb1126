#include "http/mend.h"

#include "http/list.h"

/* Takes the next line off *rest, without its CRLF. False: there is none. */
static bool next_line(struct span *rest, struct span *line)
{
    const char *end = memmem(rest->p, rest->len, "\r\n", 2);
    if (!end)
        return false;
    *line = (struct span){rest->p, (size_t)(end - rest->p)};
    *rest = (struct span){end + 2, rest->len - line->len - 2};
    return true;
}

/* The value of a line of that name. */
static bool value_of(struct span line, const char *name, struct span *value)
{
    const char *colon = memchr(line.p, ':', line.len);
    if (!colon || !list_equal((struct span){line.p, (size_t)(colon - line.p)}, name))
        return false;
    *value = list_trim((struct span){colon + 1, line.len - (size_t)(colon + 1 - line.p)});
    return true;
}

static int count_connections(struct span lines)
{
    struct span line, value;
    int n = 0;
    while (next_line(&lines, &line))
        n += value_of(line, "Connection", &value);
    return n;
}

/* The items of all Connection lines, in one. */
static void add_connection(struct span lines, struct buf *out)
{
    struct span line, value;
    buf_add_str(out, "Connection: ");
    while (next_line(&lines, &line)) {
        if (!value_of(line, "Connection", &value))
            continue;
        buf_add_span(out, value);
        buf_add_char(out, ',');
    }
    buf_add_str(out, "\r\n");
}

static void spaces_for_tabs(char *p, size_t len)
{
    for (char *tab = memchr(p, ':', len); tab && (tab = memchr(tab, '\t', len - (size_t)(tab - p))) != NULL;)
        *tab = ' ';
}

bool mend_head(struct span head, struct buf *out)
{
    struct span rest = head, line, value;
    const bool has_tab = memchr(head.p, '\t', head.len) != NULL;
    bool first = true;
    if (!next_line(&rest, &line) || (!has_tab && count_connections(rest) < 2))
        return false;
    buf_add(out, line.p, line.len + 2);
    for (struct span lines = rest; next_line(&lines, &line);) {
        const size_t from = out->len;
        if (!value_of(line, "Connection", &value))
            buf_add(out, line.p, line.len + 2);
        else if (first)
            add_connection(rest, out);
        first = first && !value_of(line, "Connection", &value);
        if (!out->failed)
            spaces_for_tabs(out->p + from, out->len - from);
    }
    return !out->failed;
}
