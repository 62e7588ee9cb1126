/* What people say about themselves: their profile and their name. */
#include "apply/account.h"
#include "apply/rights.h"
#include "proto/json.h"
#include "rules/picture.h"
#include "rules/picture_size.h"
#include "rules/user_name.h"

/* What is wrong with the texts; NULL: nothing. */
static const char *fault_of(const struct command *c)
{
    const struct span *t = c->f.t;
    if (t[F_DISPLAY_NAME].len > ACCOUNT_DISPLAY_NAME_BYTES)
        return "A display name can have at most 32 characters.";
    if (t[F_BIO].len > ACCOUNT_BIO_BYTES)
        return "That bio is too long.";
    if (t[F_STATUS_EMOJI].len > ACCOUNT_STATUS_EMOJI_BYTES || t[F_STATUS_TEXT].len > ACCOUNT_STATUS_TEXT_BYTES)
        return "That status is too long.";
    if (t[F_AVATAR].len > PICTURE_MAX_BYTES)
        return "A picture can have at most 64 KiB.";
    if (t[F_AVATAR].len && (!t[F_TYPE].len || !span_equal(t[F_TYPE], picture_type(t[F_AVATAR]))))
        return "A picture must be a PNG, JPEG or WebP file.";
    if (picture_is_huge(t[F_AVATAR]))
        return PICTURE_TOO_HUGE;
    return NULL;
}

static struct span text_or(const struct command *c, enum field_text f, struct span old)
{
    return fields_has_text(&c->f, f) ? c->f.t[f] : old;
}

enum err profile_apply_set(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct rights actor;
    struct account_row old;
    enum err e = rights_check(a, s, c, REQUEST_SET_PROFILE, out, &actor, NULL, NULL);
    if (e || out->result)
        return e;
    const char *fault = fault_of(c);
    if (fault)
        return apply_refuse_because(out, ERR_INVALID, fault);
    if ((e = accounts_by_id(s, actor.user_id, &old)))
        return e == ERR_NOT_FOUND ? apply_refuse(out, ERR_UNAUTHORIZED) : e;
    /* Borrowed until profiles_set() has bound them. */
    struct profile_row row = {
        .display_name = text_or(c, F_DISPLAY_NAME, old.display_name),
        .bio = text_or(c, F_BIO, old.bio),
        .status_emoji = text_or(c, F_STATUS_EMOJI, old.status_emoji),
        .status_text = text_or(c, F_STATUS_TEXT, old.status_text),
        .status_until = fields_has(&c->f, F_STATUS_UNTIL) ? c->f.n[F_STATUS_UNTIL] : old.status_until,
    };
    e = profiles_set(s, actor.user_id, &row);
    if (!e && fields_has_text(&c->f, F_AVATAR))
        e = avatars_set(s, actor.user_id, c->f.t[F_TYPE], c->f.t[F_AVATAR]);
    if (e)
        return ERR_STORAGE;
    out->at = c->at_ms;
    outcome_add(out, (struct effect){.kind = EFFECT_USER, .user = actor.user_id, .change = "changed"});
    return OK;
}

/* From which name to which: what a person was called when they did something is told by nothing else. */
static enum err rename_detail(struct apply *a, struct store *s, const struct command *c, int64_t user_id)
{
    struct account_row row;
    enum err e = accounts_by_id(s, user_id, &row);
    if (e)
        return ERR_STORAGE;
    buf_clear(&a->data);
    json_add_text(&a->data, "{\"from\":", row.name);
    json_add_text(&a->data, ",\"to\":", c->name);
    buf_add_char(&a->data, '}');
    return a->data.failed ? ERR_STORAGE : OK;
}

enum err profile_apply_rename(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct rights actor;
    enum err e = rights_check(a, s, c, REQUEST_RENAME, out, &actor, NULL, NULL);
    if (e || out->result)
        return e;
    if (actor.kind == USER_ACCOUNT && !user_name_is_plain(c->name))
        return apply_refuse_because(out, ERR_INVALID,
                                    "Usernames can have only letters, digits, dots, dashes and underscores.");
    e = rename_detail(a, s, c, actor.user_id);
    if (!e)
        e = users_set_name(s, actor.user_id, c->name, c->fold);
    if (e)
        return e == ERR_NAME_TAKEN ? apply_refuse(out, e) : ERR_STORAGE;
    out->at = c->at_ms;
    outcome_add(out, (struct effect){.kind = EFFECT_USER, .user = actor.user_id, .change = "renamed"});
    return apply_audit(a, s, c, REQUEST_RENAME, out, actor.user_id, 0, 0, buf_span(&a->data));
}
