/* config_memory.h - what the settings allow the program to take of memory, if everything happens at once. */
#ifndef HUBBUB_CONFIG_CONFIG_MEMORY_H
#define HUBBUB_CONFIG_CONFIG_MEMORY_H

#include "config/config.h"

struct config_memory {
    int64_t queues;      /* outbound_memory_bytes */
    int64_t rings;       /* ring_memory_bytes */
    int64_t connections; /* each with a message of which a byte is missing, and those that wait for their answers */
    int64_t commands;    /* a full command_queue and reader_queue */
    int64_t threads;     /* what each of them works with */
    int64_t kernel;      /* send buffers of all connections, as far as the system gives TCP that much */
    int64_t all;
    bool is_bounded; /* false: max_connections is 0, and one connection was counted */
};

/* tcp_bytes: what the system gives TCP altogether. */
struct config_memory config_memory(const struct config *c, int64_t tcp_bytes);

/* Writes it as comments of a settings file to `out`, and to `warnings` a line when it is more than the machine has. */
void config_print_memory(const struct config *c, int64_t machine_bytes, int64_t tcp_bytes, FILE *out, FILE *warnings);

/* What this machine, or the control group that the program is in, has; what it gives TCP. INT64_MAX: nobody knows. */
int64_t config_machine_bytes(void);
int64_t config_tcp_bytes(void);

#endif
