#include "template.h"

#include "fail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_MAX = 11, FIXED_DIGITS = 8 };

char *template_fill(const char *text, uint32_t connection, uint32_t group)
{
    /* Each hole is two characters and becomes a number. */
    size_t capacity = (strlen(text) / 2 + 1) * NUMBER_MAX + 2, n = 0;
    char *out = fail_alloc(1, capacity);
    for (const char *p = text; *p; p++) {
        if (p[0] == '%' && (p[1] == 'd' || p[1] == 'D' || p[1] == 'g')) {
            int digits = p[1] == 'D' ? FIXED_DIGITS : 1;
            n += (size_t)snprintf(out + n, capacity - n, "%0*u", digits, p[1] == 'g' ? group : connection);
            p++;
        } else {
            out[n++] = *p;
        }
    }
    out[n] = '\0';
    return out;
}

int template_cut(struct template_message *out, const char *text, uint32_t connection, uint32_t group)
{
    char *whole = template_fill(text, connection, group);
    char *body = strstr(whole, "%s");
    if (!body) {
        free(whole);
        return 0;
    }
    *body = '\0';
    char *id = strstr(whole, "%m");
    *out = (struct template_message){.before = whole, .after = body + 2, .after_size = strlen(body + 2)};
    if (id) {
        *id = '\0';
        out->between = id + 2;
        out->between_size = strlen(out->between);
    }
    out->before_size = strlen(whole);
    return 1;
}

void template_clear(struct template_message *m)
{
    free(m->before); /* the others point into it */
    *m = (struct template_message){0};
}
