/* Bytes from a command log: read as a command that writes the same bytes again, or refused. */
#include "proto/command.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span bytes = {(const char *)data, size};
    struct command c;
    if (command_read(bytes, &c))
        return 0;
    struct buf again = BUF_INIT;
    command_write(&again, &c);
    if (!span_equal(buf_span(&again), bytes))
        abort();
    buf_release(&again);
    return 0;
}
