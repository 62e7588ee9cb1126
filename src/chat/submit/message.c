#include "chat/submit/message.h"

#include "base/utf8.h"
#include "chat/admit/standing.h"
#include "chat/submit/proposal.h"
#include "directory/people.h"
#include "rules/mention.h"

static bool has_fold(const struct buf *folds, const char *fold)
{
    for (size_t at = 0; at < folds->len; at += strlen(folds->p + at) + 1)
        if (strcmp(folds->p + at, fold) == 0)
            return true;
    return false;
}

enum { LOOK_UPS_MAX = 200 }; /* of names in one message: each takes some microseconds */

struct look_up {
    struct chat *chat;
    int left;
    bool has_choice;           /* the name behind the @ can be more than one person's */
    char fold[NAME_KEY_BYTES]; /* of the last one; "" is everybody */
};

static bool is_person(void *ctx, struct span typed)
{
    struct look_up *l = ctx;
    char name[NAME_BYTES];
    l->fold[0] = 0;
    if (mention_is_everybody(typed))
        return true;
    if (l->left <= 0)
        return false;
    l->left -= l->has_choice;
    return !name_check_account(l->chat->names, typed, name, NULL) &&
           !name_fold(l->chat->names, span_of(name), l->fold) &&
           (!l->has_choice || directory_user_by_fold(l->chat->directory, span_of(l->fold)));
}

static bool count_choice(void *ctx, struct span name)
{
    (void)name;
    ++*(int *)ctx;
    return false;
}

/* Whom the text mentions: folds, each once and ended by NUL; the empty one is everybody. */
static void add_folds(struct chat *chat, struct span body, struct buf *folds)
{
    struct span names[MENTIONS_MAX];
    struct look_up l = {.chat = chat, .left = LOOK_UPS_MAX};
    size_t n = memchr(body.p, '@', body.len) ? mention_find(body, names) : 0;
    for (size_t i = 0; i < n; i++) {
        int choices = 0;
        mention_person(names[i], count_choice, &choices);
        l.has_choice = choices > 1;
        if (mention_person(names[i], is_person, &l) && !has_fold(folds, l.fold))
            buf_add(folds, l.fold, strlen(l.fold) + 1);
    }
}

enum err message_prepare(struct chat *chat, struct room *r, const struct request *q, struct command *c,
                         struct buf *folds, const char **why)
{
    struct span body = utf8_trim(q->body);
    if (utf8_is_blank(body)) {
        *why = "A message needs some visible text.";
        return ERR_INVALID;
    }
    if ((int64_t)body.len > chat->settings.message_max_bytes)
        return ERR_TOO_BIG;
    *c = (struct command){.kind = COMMAND_MESSAGE_SEND,
                          .room_id = r ? room_id(r) : 0,
                          .client_id = q->id,
                          .body = body,
                          .reply_to = q->reply_to};
    buf_clear(folds);
    add_folds(chat, body, folds);
    if (folds->len)
        fields_set_text(&c->f, F_FOLDS, buf_span(folds));
    return folds->failed ? ERR_MEMORY : OK;
}

enum err message_send(struct session *s, struct room *r, const struct request *q, const char **why)
{
    struct command c;
    struct caller who;
    struct buf folds = BUF_INIT;
    enum err e = message_prepare(s->shard->chat, r, q, &c, &folds, why);
    if (!e) {
        session_caller(s, &who);
        standing_limit(s->shard->chat, &who, &c);
        e = proposal_make(s, &c, c.client_id, REQUEST_SEND, "");
    }
    buf_release(&folds);
    return e;
}
