#include "http/list.h"

#include <strings.h>

struct span list_trim(struct span text)
{
    while (text.len && (*text.p == ' ' || *text.p == '\t'))
        text = (struct span){text.p + 1, text.len - 1};
    while (text.len && (text.p[text.len - 1] == ' ' || text.p[text.len - 1] == '\t'))
        text.len--;
    return text;
}

bool list_next(const char **rest, char separator, struct span *item)
{
    const char stop[2] = {separator, 0};
    while (*rest && **rest) {
        size_t len = strcspn(*rest, stop);
        struct span found = list_trim((struct span){*rest, len});
        *rest += len + ((*rest)[len] == separator);
        if (found.len) {
            *item = found;
            return true;
        }
    }
    return false;
}

bool list_equal(struct span a, const char *b)
{
    return a.len == strlen(b) && strncasecmp(a.p, b, a.len) == 0;
}
