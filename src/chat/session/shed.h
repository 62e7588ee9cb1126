/* shed.h - making room when all outbound queues together hold more than outbound_memory_bytes.
 *
 * The largest and slowest go first: queues are tried by size, each is sent first what its socket takes at once, and
 * its connection is cut when that does not make it much smaller. So nobody who reads is cut. Each shard cuts its own
 * connections, and only while it holds more than its share. */
#ifndef HUBBUB_CHAT_SESSION_SHED_H
#define HUBBUB_CHAT_SESSION_SHED_H

#include "chat/session/session.h"

/* On the shard's thread, after a push: cuts connections until there is room again. Cheap while there is. */
void shed_if_full(struct chat_shard *shard);

#endif
