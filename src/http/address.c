#include "http/address.h"

#include "http/list.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static const uint8_t ipv4_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static bool is_ipv4(const struct address *a)
{
    return memcmp(a->bytes, ipv4_prefix, sizeof ipv4_prefix) == 0;
}

static void set_ipv4(const struct in_addr *from, struct address *out)
{
    memcpy(out->bytes, ipv4_prefix, sizeof ipv4_prefix);
    memcpy(out->bytes + sizeof ipv4_prefix, &from->s_addr, 4);
}

bool address_parse(struct span text, struct address *out)
{
    char copy[INET6_ADDRSTRLEN];
    if (text.len >= 2 && text.p[0] == '[' && text.p[text.len - 1] == ']')
        text = (struct span){text.p + 1, text.len - 2};
    const char *zone = text.len ? memchr(text.p, '%', text.len) : NULL;
    if (zone)
        text.len = (size_t)(zone - text.p);
    if (text.len == 0 || text.len >= sizeof copy || memchr(text.p, 0, text.len))
        return false;
    memcpy(copy, text.p, text.len);
    copy[text.len] = 0;

    struct in_addr four;
    struct in6_addr six;
    if (inet_pton(AF_INET, copy, &four) == 1) {
        set_ipv4(&four, out);
        return true;
    }
    if (inet_pton(AF_INET6, copy, &six) != 1)
        return false;
    memcpy(out->bytes, six.s6_addr, sizeof out->bytes);
    return true;
}

bool address_of_socket(const struct sockaddr_storage *from, struct address *out, int *port)
{
    if (from->ss_family == AF_INET) {
        const struct sockaddr_in *four = (const struct sockaddr_in *)from;
        set_ipv4(&four->sin_addr, out);
        *port = ntohs(four->sin_port);
        return true;
    }
    if (from->ss_family == AF_INET6) {
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)from;
        memcpy(out->bytes, six->sin6_addr.s6_addr, sizeof out->bytes);
        *port = ntohs(six->sin6_port);
        return true;
    }
    return false;
}

void address_text(const struct address *a, char out[ADDRESS_TEXT_BYTES])
{
    if (is_ipv4(a))
        inet_ntop(AF_INET, a->bytes + sizeof ipv4_prefix, out, ADDRESS_TEXT_BYTES);
    else
        inet_ntop(AF_INET6, a->bytes, out, ADDRESS_TEXT_BYTES);
}

bool address_equal(const struct address *a, const struct address *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

struct address address_block(const struct address *a)
{
    struct address block = *a;
    if (!is_ipv4(a))
        memset(block.bytes + 8, 0, 8);
    return block;
}

/* The number behind the slash: 1 to 3 digits, at most max. */
static bool parse_prefix(struct span text, int max, int *out)
{
    int value = 0;
    if (text.len < 1 || text.len > 3)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
        value = 10 * value + (text.p[i] - '0');
    }
    if (value > max)
        return false;
    *out = value;
    return true;
}

static bool same_prefix(const struct address *a, const struct address *b, int bits)
{
    size_t whole = (size_t)bits / 8;
    int rest = bits % 8;
    if (memcmp(a->bytes, b->bytes, whole) != 0)
        return false;
    return rest == 0 || (a->bytes[whole] ^ b->bytes[whole]) >> (8 - rest) == 0;
}

static bool entry_holds(struct span entry, const struct address *a)
{
    struct address network;
    int bits = 128;
    const char *slash = entry.len ? memchr(entry.p, '/', entry.len) : NULL;
    struct span base = {entry.p, slash ? (size_t)(slash - entry.p) : entry.len};
    if (!address_parse(base, &network))
        return false;
    if (slash) {
        struct span digits = {slash + 1, entry.len - base.len - 1};
        bool four = is_ipv4(&network) && !memchr(base.p, ':', base.len);
        if (!parse_prefix(digits, four ? 32 : 128, &bits))
            return false;
        bits += four ? 96 : 0;
    }
    return same_prefix(a, &network, bits);
}

bool address_in_list(const struct address *a, const char *list)
{
    struct span entry;
    while (list_next(&list, ',', &entry)) {
        if (entry_holds(entry, a))
            return true;
    }
    return false;
}
