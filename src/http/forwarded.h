/* forwarded.h - whom a request is from when proxies stand between.
 *
 * A proxy adds the address that it was asked from to X-Forwarded-For, behind what stood there already, which may have
 * been made up. So the header is read from its end, and believed as far as it was written by proxies that are trusted:
 * the client is the last address in it that is not such a proxy's. Whoever is not trusted may write what they like;
 * nobody reads it. Pure: any thread. */
#ifndef HUBBUB_HTTP_FORWARDED_H
#define HUBBUB_HTTP_FORWARDED_H

#include "http/address.h"

struct mg_request_info;

struct forwarded {
    struct address client;
    bool known;    /* else the peer has no IP address, and client is zero */
    bool by_proxy; /* the peer is a trusted proxy: what else it says in headers is believed */
    bool unclear;  /* somebody has passed this on, and for whom cannot be told: client is who passed it on */
    bool https;    /* the client came by TLS, as a trusted proxy says */
};

/* `trusted`: the setting trusted_proxies, a comma separated list of addresses and networks. */
void forwarded_read(const struct mg_request_info *r, const char *trusted, struct forwarded *out);

#endif
