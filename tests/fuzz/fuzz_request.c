/* What a client asks, as JSON: anything is read or refused, as a frame and as the body of a call, and what is read
 * survives the way through a command. */
#include "base/utf8.h"
#include "proto/command.h"
#include "proto/request.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void check_command(const struct request *q)
{
    struct buf bytes = BUF_INIT, again = BUF_INIT;
    struct command out, in = {.kind = COMMAND_MESSAGE_SEND,
                              .name = q->room.name,
                              .client_id = q->id,
                              .body = q->body,
                              .reply_to = q->reply_to,
                              .f = q->f};
    for (size_t i = 0; i < q->ref_count; i++)
        in.f.ids[in.f.id_count++] = q->refs[i].id;
    command_write(&bytes, &in);
    check(command_read(buf_span(&bytes), &out) == OK);
    check(span_equal(out.body, q->body) && span_equal(out.client_id, q->id));
    check(out.f.numbers_given == q->f.numbers_given && out.f.texts_given == q->f.texts_given);
    command_write(&again, &out);
    check(span_equal(buf_span(&bytes), buf_span(&again)));
    buf_release(&bytes);
    buf_release(&again);
}

static void check_request(enum err e, const struct request *q, const char *why)
{
    check((e == ERR_INVALID) == (why != NULL));
    check(q->id.len <= REQUEST_ID_MAX_BYTES && q->ref_count <= FIELD_IDS_MAX);
    if (e)
        return;
    check(q->limit >= 1 && q->limit <= REQUEST_HISTORY_MAX);
    for (int i = 0; i < F_NUMBERS; i++)
        check(q->f.n[i] >= 0 && (q->f.n[i] == 0 || fields_has(&q->f, (enum field_number)i)));
    check_command(q);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = {(const char *)data, size};
    struct request q;
    const char *why = NULL;
    enum err e;
    if (utf8_check(text)) {
        e = request_parse(text, &q, &why);
        check_request(e, &q, why);
        request_release(&q);
    }
    /* White space at the end gives any text any type. */
    why = NULL;
    e = request_parse_call((enum request_type)(size % REQUEST_TYPES), text, &q, &why);
    check_request(e, &q, why);
    request_release(&q);
    return 0;
}
