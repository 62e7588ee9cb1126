#include "chat/announce/consumer.h"

#include "base/diag.h"
#include "base/diag_sink.h"
#include "chat/announce/publish.h"
#include "chat/core/submission.h"

#include <stdlib.h>

static struct submission *submission_of(struct log_entry *e)
{
    return (struct submission *)e;
}

static enum err apply_entry(void *ctx, struct store *s, struct log_entry *e)
{
    struct chat *chat = ctx;
    struct submission *sub = submission_of(e);
    struct command *c = publisher_command(chat->publisher);
    enum err read = command_read(e->job.command, c);
    if (read) {
        /* Going on would leave this node with other data than those that understood it. */
        diag_error("unknown_command", "code=%s number=%lld action=abort hint=%s", err_code(read),
                   (long long)e->at.number,
                   diag_quote("the log was written by another version; install that version").s);
        diag_sink_flush();
        abort();
    }
    enum err failed = apply_command(chat->apply, s, c, &sub->outcome);
    e->result = sub->outcome.result;
    return failed;
}

static enum err before_commit(void *ctx, struct store *s)
{
    struct chat *chat = ctx;
    return apply_before_commit(chat->apply, s);
}

static void publish(struct chat *chat, struct store *s, struct log_entry *first)
{
    for (struct log_entry *e = first; e; e = log_entry_next(e)) {
        struct submission *sub = submission_of(e);
        publish_take(chat->publisher, s, &sub->outcome);
        if (sub->outcome.duplicate)
            metric_add(&chat->metrics->duplicates_total, 1);
    }
    bool has_more = publish_flush(chat->publisher, s);
    for (struct log_entry *e = first; has_more && e; e = log_entry_next(e))
        publish_tell(chat->publisher, &submission_of(e)->outcome);
}

static void committed(void *ctx, struct store *s, struct log_entry *first, bool stored)
{
    struct chat *chat = ctx;
    apply_after_commit(chat->apply, stored);
    if (stored)
        publish(chat, s, first);
    for (struct log_entry *e = first, *next; e; e = next) {
        struct submission *sub = submission_of(e);
        next = log_entry_next(e);
        outcome_clear(&sub->outcome);
        if (!stored)
            sub->outcome.result = e->result;
        submission_done(sub);
    }
}

struct log_consumer consumer_of(struct chat *chat)
{
    return (struct log_consumer){
        .apply = apply_entry, .before_commit = before_commit, .committed = committed, .ctx = chat};
}
