/* address.h - IP addresses as a server meets them: of a peer, in a list of allowed networks, as a key to count by.
 *
 * An address is 16 bytes; IPv4 is kept as ::ffff:a.b.c.d, so that a.b.c.d is one address, whichever kind of socket it
 * came in by. All functions are pure: any thread. */
#ifndef HUBBUB_HTTP_ADDRESS_H
#define HUBBUB_HTTP_ADDRESS_H

#include "base/span.h"

#include <stdint.h>
#include <sys/socket.h>

struct address {
    uint8_t bytes[16];
};

/* Reads "127.0.0.1", "::1", "[::1]" or "fe80::1%eth0" (the zone is ignored). False: no address. */
bool address_parse(struct span text, struct address *out);

/* From what the kernel gives. False: not an IP socket. `port` is in host order. */
bool address_of_socket(const struct sockaddr_storage *from, struct address *out, int *port);

enum { ADDRESS_TEXT_BYTES = 46 /* the longest address as text, with its NUL */ };

/* Writes it as people do: "10.0.0.1", "2001:db8::7". */
void address_text(const struct address *a, char out[ADDRESS_TEXT_BYTES]);

bool address_equal(const struct address *a, const struct address *b);

/* What connections are counted by: the address itself for IPv4, the /64 for IPv6, which is what one household or
 * machine gets. */
struct address address_block(const struct address *a);

/* Whether a comma separated list of addresses and networks ("10.0.0.0/8, ::1") holds the address. Entries that are
 * neither hold nothing; the empty list holds nobody. */
bool address_in_list(const struct address *a, const char *list);

#endif
