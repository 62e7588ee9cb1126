/* gate.h - how many live connections there may be, in all and from one address.
 *
 * A connection takes a place before it is upgraded and gives it back once, when its socket has closed or when the
 * upgrade came to nothing. Any thread; one mutex, held for a look-up. */
#ifndef HUBBUB_HTTP_GATE_H
#define HUBBUB_HTTP_GATE_H

#include "chat/admit/origin.h"
#include "http/address.h"

struct gate;
struct gate_place; /* one per address that has connections */

enum gate_result {
    GATE_OPEN,
    GATE_FULL,         /* max connections in all */
    GATE_ADDRESS_FULL, /* max from this address (its /64 with IPv6) */
    GATE_NO_MEMORY,
};

/* 0: no limit. The origins are borrowed. NULL: no memory. */
struct gate *gate_new(int64_t max, int64_t max_per_address, struct origins *origins);
void gate_free(struct gate *g); /* NULL does nothing */

/* GATE_OPEN: *place goes back with gate_leave(), once. */
enum gate_result gate_enter(struct gate *g, const struct address *from, struct gate_place **place);
void gate_leave(struct gate *g, struct gate_place *place);

/* The origin of the address, for as long as the place is held. */
struct origin *gate_origin(const struct gate_place *place);

#endif
