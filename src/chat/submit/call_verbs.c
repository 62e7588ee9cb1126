/* The verbs of call.h: how each becomes a command. */
#include "base/secret.h"
#include "base/utf8.h"
#include "chat/admit/room_by_name.h"
#include "chat/admit/standing.h"
#include "chat/submit/call_internal.h"
#include "rules/picture.h"
#include "rules/user_name.h"

/* ------------------------------------------------------------------ what each verb needs beyond its fields */

static enum err fill_nothing(struct chat *c, const struct caller *who, const struct request *q, struct call *call,
                             const char **why)
{
    (void)c;
    (void)who;
    (void)q;
    (void)call;
    (void)why;
    return OK;
}

/* A name that is checked goes into the command beside its fold, and not once more as it was typed. */
static void set_name(struct call *call)
{
    struct fields *f = &call->command.f;
    call->command.name = span_of(call->name);
    call->command.fold = span_of(call->fold);
    f->t[F_NAME] = (struct span){NULL, 0};
    f->texts_given &= ~((uint32_t)1 << F_NAME);
}

static enum err fill_room_name(struct chat *c, const struct caller *who, const struct request *q, struct call *call,
                               const char **why)
{
    (void)who;
    enum err e = name_check_room(c->names, q->f.t[F_NAME], call->name, why);
    if (!e)
        e = name_fold(c->names, span_of(call->name), call->fold);
    set_name(call);
    return e;
}

/* Whoever is here as a visitor without a row keeps their name from others for as long as they are. */
static enum err fill_user_name(struct chat *c, const struct caller *who, const struct request *q, struct call *call,
                               const char **why)
{
    enum user_kind kind = standing_kind(who);
    if (c->settings.named_by_proxy && kind == USER_ACCOUNT) {
        *why = "Usernames can't be changed here. Change your display name instead.";
        return ERR_FORBIDDEN;
    }
    enum err e = user_name_check(c->names, kind, q->f.t[F_NAME], call->name, call->fold, why);
    if (!e && hub_name_in_use(c->hub, span_of(call->fold), who->user_id))
        e = ERR_NAME_TAKEN;
    set_name(call);
    return e;
}

static enum err fill_users(struct chat *c, const struct caller *who, const struct request *q, struct call *call,
                           const char **why)
{
    (void)who;
    (void)why;
    struct fields *f = &call->command.f;
    for (size_t i = 0; i < q->ref_count; i++) {
        int64_t id;
        if (standing_user(c, &q->refs[i], &id))
            return ERR_NOT_FOUND;
        f->ids[f->id_count++] = id;
    }
    return OK;
}

/* Asking to join is the one verb for rooms that one does not see. When there is none, the command is carried out all the
 * same: whether the disk was waited for must not tell either. */
static enum err fill_rooms_to_ask(struct chat *c, const struct caller *who, const struct request *q, struct call *call,
                                  const char **why)
{
    (void)why;
    struct fields *f = &call->command.f;
    f->id_count = (uint8_t)rooms_to_ask(c, who->user_id, &q->room, f->ids, FIELD_IDS_MAX);
    return OK;
}

/* An invitation may lead into closed rooms: only into those that its maker could add somebody to. */
static enum err fill_invite(struct chat *c, const struct caller *who, const struct request *q, struct call *call,
                            const char **why)
{
    (void)why;
    struct fields *f = &call->command.f;
    for (size_t i = 0; i < q->ref_count; i++) {
        int64_t id;
        enum err e = rooms_reach(c, who, REQUEST_ADD_MEMBER, &q->refs[i], &id);
        if (e)
            return e;
        f->ids[f->id_count++] = id;
    }
    token_make(c->env, TOKEN_CODE, call->code, call->hash);
    fields_set_text(f, F_CODE, span_of(call->code));
    return OK;
}

static void set_hash(struct call *call)
{
    fields_set_text(&call->command.f, F_HASH, (struct span){(const char *)call->hash, sizeof call->hash});
}

static enum err fill_token(struct chat *c, const struct caller *who, const struct request *q, struct call *call,
                           const char **why)
{
    struct fields *f = &call->command.f;
    (void)who;
    (void)q;
    if (!f->t[F_NAME].len) {
        *why = "Give the token a name.";
        return ERR_INVALID;
    }
    if (!utf8_is_plain(f->t[F_NAME], false)) {
        *why = "A token's name can't contain control or text-direction characters.";
        return ERR_INVALID;
    }
    token_make(c->env, TOKEN_ACCESS, call->code, call->hash);
    set_hash(call);
    return OK;
}

enum { RESET_VALID_MS = 24 * 60 * 60 * 1000 };

static enum err fill_reset(struct chat *c, const struct caller *who, const struct request *q, struct call *call,
                           const char **why)
{
    (void)who;
    (void)q;
    (void)why;
    token_make(c->env, TOKEN_CODE, call->code, call->hash);
    set_hash(call);
    fields_set(&call->command.f, F_EXPIRES, env_wall_ms(c->env) + RESET_VALID_MS);
    return OK;
}

static enum err fill_end_others(struct chat *c, const struct caller *who, const struct request *q, struct call *call,
                                const char **why)
{
    (void)c;
    (void)q;
    (void)why;
    fields_set(&call->command.f, F_KEEP, who->session_id);
    return OK;
}

static enum err fill_place(struct chat *c, const struct caller *who, const struct request *q, struct call *call,
                           const char **why)
{
    (void)who;
    if (!fields_has_text(&q->f, F_NAME))
        return OK;
    enum err e = name_check_place(c->names, q->f.t[F_NAME], call->name, why);
    fields_set_text(&call->command.f, F_NAME, span_of(call->name));
    return e;
}

static enum err fill_profile(struct chat *c, const struct caller *who, const struct request *q, struct call *call,
                             const char **why)
{
    (void)who;
    (void)q;
    struct fields *f = &call->command.f;
    enum err e = OK;
    if (fields_has_text(f, F_DISPLAY_NAME)) {
        e = user_name_check_display(c->names, f->t[F_DISPLAY_NAME], call->name, why);
        fields_set_text(f, F_DISPLAY_NAME, span_of(call->name));
    }
    if (!e && f->t[F_AVATAR].len) {
        struct span type = {NULL, 0};
        e = picture_decode(f->t[F_AVATAR], &call->scratch, &type, why);
        fields_set_text(f, F_AVATAR, buf_span(&call->scratch));
        fields_set_text(f, F_TYPE, type);
    }
    return e;
}

/* ------------------------------------------------------------------ the verbs */

/* What the request's fields say goes into the command's as it is; `fill` adds the rest. */
#define CALL(type, name, kind, about, fill, ...) [REQUEST_##type] = {COMMAND_##kind, about, fill_##fill},
const struct call_verb call_verbs[REQUEST_TYPES] = {
#include "proto/verbs.def"
};
