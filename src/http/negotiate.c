#include "http/negotiate.h"

#include "http/list.h"

/* Whether a list item's weight (what is behind its first ";") is "q=0", "q=0." or "q=0.000". */
static bool weight_is_zero(struct span parameters)
{
    struct span q = list_trim(parameters);
    if (q.len < 3 || (q.p[0] != 'q' && q.p[0] != 'Q') || q.p[1] != '=')
        return false;
    for (size_t i = 2; i < q.len; i++) {
        if (q.p[i] != '0' && !(i == 3 && q.p[i] == '.'))
            return false;
    }
    return true;
}

bool negotiate_gzip(const char *accept_encoding)
{
    bool any = false;
    struct span item;
    while (list_next(&accept_encoding, ',', &item)) {
        const char *semicolon = memchr(item.p, ';', item.len);
        size_t len = semicolon ? (size_t)(semicolon - item.p) : item.len;
        struct span coding = list_trim((struct span){item.p, len});
        bool wanted = !semicolon || !weight_is_zero((struct span){semicolon + 1, item.len - len - 1});
        if (list_equal(coding, "gzip") || list_equal(coding, "x-gzip"))
            return wanted;
        if (list_equal(coding, "*"))
            any = wanted;
    }
    return any;
}

bool negotiate_matches(const char *if_none_match, const char *etag)
{
    struct span item;
    while (list_next(&if_none_match, ',', &item)) {
        if (item.len > 2 && memcmp(item.p, "W/", 2) == 0)
            item = (struct span){item.p + 2, item.len - 2};
        if (span_equal(item, span_of(etag)) || span_equal(item, span_of("*")))
            return true;
    }
    return false;
}
