/* What a client asks, as JSON: anything is read or refused, and what is read survives the way through a command. */
#include "base/utf8.h"
#include "proto/command.h"
#include "proto/request.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = {(const char *)data, size};
    struct request q;
    const char *why = NULL;
    if (!utf8_check(text))
        return 0;
    enum err e = request_parse(text, &q, &why);
    if ((e == ERR_INVALID) != (why != NULL))
        abort();
    if (!e && q.type == REQUEST_SEND) {
        struct buf bytes = BUF_INIT;
        struct command out,
            in = {.kind = COMMAND_MESSAGE_SEND, .client_id = q.id, .body = q.body, .reply_to = q.reply_to};
        command_write(&bytes, &in);
        if (command_read(buf_span(&bytes), &out) || !span_equal(out.body, q.body) || !span_equal(out.client_id, q.id))
            abort();
        buf_release(&bytes);
    }
    request_release(&q);
    return 0;
}
