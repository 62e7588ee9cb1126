#include "rules/totp.h"

#include "account/account_internal.h"
#include "base/secret.h"
#include "chat/admit/standing.h"
#include "directory/directory.h"
#include "directory/people.h"

enum err account_totp_begin(struct chat *c, const struct caller *who, struct buf *secret, struct buf *uri)
{
    uint8_t random[TOTP_SECRET_BYTES];
    char text[TOTP_SECRET_TEXT_BYTES], place[DIRECTORY_NAME_BYTES];
    struct directory_user user;
    if (who->kind != COMMAND_ACTOR_ACCOUNT || !directory_user(c->directory, who->user_id, &user))
        return ERR_UNAUTHORIZED;
    if (who->token_id)
        return ERR_FORBIDDEN;
    directory_place_name(c->directory, place);
    env_random(c->env, random, sizeof random);
    const bool written = totp_write_secret(random, text);
    if (written) {
        buf_add_str(secret, text);
        totp_write_uri(uri, span_of(text), span_of(place[0] ? place : c->settings.server_name), span_of(user.name));
    }
    secret_wipe(random, sizeof random);
    secret_wipe(text, sizeof text);
    return written && !secret->failed && !uri->failed ? OK : ERR_MEMORY;
}

/* `proven`: the password, as it is stored, that was shown to be known. */
static enum err set(struct chat *c, const struct caller *who, const char *proven, struct span secret, int64_t step,
                    struct span hashes, const char **why)
{
    struct outcome outcome = {.why = NULL};
    struct command command = {.kind = COMMAND_TOTP_SET, .actor = COMMAND_ACTOR_ACCOUNT, .actor_id = who->user_id};
    fields_set_text(&command.f, F_SECRET, secret);
    fields_set(&command.f, F_STEP, step);
    fields_set_text(&command.f, F_HASHES, hashes);
    fields_set_text(&command.f, F_PROVEN, span_of(proven));
    fields_set_text(&command.f, F_ADDRESS, span_of(who->address));
    enum err e = submission_wait(c, &command, &outcome);
    if (outcome.why)
        *why = outcome.why;
    return e;
}

enum err account_totp_confirm(struct chat *c, const struct caller *who, struct span password, struct span secret,
                              struct span code, struct buf *codes, int64_t *retry_after_ms)
{
    const char *why = NULL;
    uint8_t bytes[TOTP_SECRET_BYTES];
    struct account_known known;
    struct buf hashes = BUF_INIT;
    const struct span key = {(const char *)bytes, sizeof bytes};
    *retry_after_ms = 0;
    if (!totp_read_secret(secret, bytes))
        return ERR_INVALID;
    enum err e = account_guess_own(c, who, password, &known, retry_after_ms);
    const int64_t step = e ? -1 : totp_step(key, code, env_wall_ms(c->env) / 1000);
    if (!e && step < 0)
        e = ERR_TOTP_REQUIRED;
    if (!e) {
        account_recovery_codes(c->env, codes, &hashes);
        e = codes->failed || hashes.failed ? ERR_MEMORY
                                           : set(c, who, known.password, key, step, buf_span(&hashes), &why);
    }
    account_forget(&known);
    secret_wipe(bytes, sizeof bytes);
    buf_release(&hashes);
    return e;
}

enum err account_totp_stop(struct chat *c, const struct caller *who, struct span password, const char **why,
                           int64_t *retry_after_ms)
{
    struct account_known known;
    *retry_after_ms = 0;
    enum err e = account_guess_own(c, who, password, &known, retry_after_ms);
    if (!e)
        e = set(c, who, known.password, (struct span){NULL, 0}, 0, (struct span){NULL, 0}, why);
    account_forget(&known);
    return e;
}

enum err account_totp_take_away(struct chat *c, struct span name, const char **why)
{
    int64_t id;
    struct outcome outcome = {.why = NULL};
    struct command command = {.kind = COMMAND_TOTP_SET, .actor = COMMAND_ACTOR_SYSTEM, .actor_name = span_of("admin")};
    enum err e = standing_user(c, &(struct request_ref){.name = name}, &id);
    if (e)
        return e;
    fields_set(&command.f, F_USER, id);
    e = submission_wait(c, &command, &outcome);
    if (outcome.why)
        *why = outcome.why;
    return e;
}
