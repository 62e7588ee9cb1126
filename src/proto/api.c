#include "proto/api.h"

#include "base/utf8.h"
#include "proto/json.h"

/* ------------------------------------------------------------------ what is read */

enum field { NAME, DISPLAY_NAME, PLACE, INVITE, CODE, PASSWORD, CURRENT, SECRET, FIELDS };

/* One row per field: its name and place in the form, its greatest length, and what to say when it is wrong. The lengths
 * are generous: what a name or a password may be is decided where it is used. */
static const struct {
    const char *name;
    size_t offset;
    size_t max_bytes;
    const char *wrong;
} fields[FIELDS] = {
#define AT(member) offsetof(struct api_form, member)
    [NAME] = {"name", AT(name), 257, "\"name\" must be a string of 1 to 257 bytes."},
    [DISPLAY_NAME] = {"display_name", AT(display_name), 257, "\"display_name\" must be a string of at most 257 bytes."},
    [PLACE] = {"place", AT(place), 257, "\"place\" must be a string of at most 257 bytes."},
    [INVITE] = {"invite", AT(invite), 64, "\"invite\" must be a string of at most 64 bytes."},
    [CODE] = {"code", AT(code), 64, "\"code\" must be a string of 1 to 64 bytes."},
    [PASSWORD] = {"password", AT(password), 1024, "\"password\" must be a string of 1 to 1,024 bytes."},
    [CURRENT] = {"current", AT(current), 1024, "\"current\" must be a string of 1 to 1,024 bytes."},
    [SECRET] = {"secret", AT(secret), 64, "\"secret\" must be a string of 1 to 64 bytes."},
#undef AT
};

/* One row per call: what it needs, and what it takes besides. FIELDS ends a list. */
static const struct {
    enum field needs[4], takes[4];
} calls[API_CALLS] = {
    [API_SETUP] = {{NAME, PASSWORD, FIELDS}, {DISPLAY_NAME, PLACE, FIELDS}},
    [API_SIGN_IN] = {{NAME, PASSWORD, FIELDS}, {CODE, FIELDS}},
    [API_SIGN_UP] = {{NAME, PASSWORD, FIELDS}, {DISPLAY_NAME, INVITE, FIELDS}},
    [API_USE_RESET] = {{CODE, PASSWORD, FIELDS}, {FIELDS}},
    [API_SET_PASSWORD] = {{CURRENT, PASSWORD, FIELDS}, {FIELDS}},
    [API_CONFIRM_TOTP] = {{PASSWORD, SECRET, CODE, FIELDS}, {FIELDS}},
    [API_STOP_TOTP] = {{PASSWORD, FIELDS}, {FIELDS}},
    [API_GUEST] = {{NAME, FIELDS}, {FIELDS}},
};

static struct span *text_of(struct api_form *form, enum field i)
{
    return (struct span *)(void *)((char *)form + fields[i].offset);
}

static enum err read_field(struct api_form *form, enum field i, bool needed, const char **why)
{
    struct span text = {NULL, 0};
    bool given = json_has(form->json, fields[i].name);
    if ((given && !json_string(form->json, fields[i].name, &text)) || (needed && !text.len) ||
        text.len > fields[i].max_bytes) {
        *why = fields[i].wrong;
        return ERR_INVALID;
    }
    *text_of(form, i) = text;
    return OK;
}

enum err api_form_read(enum api_call call, struct span body, struct api_form *out, const char **why)
{
    enum err e = OK;
    *out = (struct api_form){.json = utf8_check(body) ? json_parse_object(body) : NULL};
    if (!out->json)
        return ERR_INVALID_JSON;
    for (const enum field *i = calls[call].needs; !e && *i != FIELDS; i++)
        e = read_field(out, *i, true, why);
    for (const enum field *i = calls[call].takes; !e && *i != FIELDS; i++)
        e = read_field(out, *i, false, why);
    return e;
}

void api_form_release(struct api_form *form)
{
    cJSON_Delete(form->json);
    *form = (struct api_form){.json = NULL};
}

/* ------------------------------------------------------------------ what is written */

void api_write_user(struct buf *out, const struct event_person *user)
{
    buf_add_str(out, "{\"user\":");
    event_add_person(out, user);
    buf_add_char(out, '}');
}

void api_write_error(struct buf *out, struct span code, struct span message, int64_t retry_after_ms,
                     const struct api_fault *faults, size_t count)
{
    json_add_text(out, "{\"error\":{\"code\":", code);
    json_add_text(out, ",\"message\":", message);
    if (retry_after_ms)
        json_add_number(out, ",\"retry_after_ms\":", retry_after_ms);
    for (size_t i = 0; i < count; i++) {
        json_add_text(out, i ? ",{\"field\":" : ",\"faults\":[{\"field\":", span_of(faults[i].field));
        json_add_text(out, ",\"code\":", span_of(faults[i].code));
        json_add_text(out, ",\"message\":", span_of(faults[i].message));
        buf_add_char(out, '}');
    }
    buf_add_str(out, count ? "]}}" : "}}");
}

void api_write_place(struct buf *out, const struct api_place *p)
{
    json_add_text(out, "{\"place\":{\"name\":", p->name);
    json_add_flag(out, ",\"set_up\":", p->is_set_up);
    json_add_text(out, ",\"signup\":", span_of(p->signup));
    json_add_flag(out, ",\"guests\":", p->takes_guests);
    json_add_text(out, ",\"version\":", p->version);
    buf_add_str(out, "}}");
}

void api_write_invite(struct buf *out, const struct event_user *by, const struct span *rooms, size_t count)
{
    buf_add_str(out, "{\"invite\":{\"valid\":true,\"by\":");
    event_add_user(out, by);
    buf_add_str(out, ",\"rooms\":[");
    for (size_t i = 0; i < count; i++)
        json_add_text(out, i ? "," : "", rooms[i]);
    buf_add_str(out, "]}}");
}

void api_write_no_invite(struct buf *out, const char *reason)
{
    json_add_text(out, "{\"invite\":{\"valid\":false,\"reason\":", span_of(reason));
    buf_add_str(out, "}}");
}

void api_write_reset(struct buf *out, struct span name)
{
    json_add_flag(out, "{\"reset\":{\"valid\":", name.len > 0);
    if (name.len)
        json_add_text(out, ",\"name\":", name);
    buf_add_str(out, "}}");
}

void api_write_me(struct buf *out, const struct api_me *me)
{
    buf_add_str(out, "{\"user\":");
    event_add_person(out, &me->user);
    json_add_number(out, ",\"session\":", me->session);
    json_add_text(out, ",\"scope\":", span_of(words_name(&words_scope, (int)me->scope)));
    json_add_flag(out, ",\"totp\":", me->has_totp);
    buf_add_char(out, '}');
}

void api_write_totp(struct buf *out, struct span secret, struct span uri)
{
    json_add_text(out, "{\"secret\":", secret);
    json_add_text(out, ",\"uri\":", uri);
    buf_add_char(out, '}');
}

void api_write_recovery_codes(struct buf *out, struct span codes)
{
    const char *at = codes.p, *end;
    buf_add_str(out, "{\"recovery_codes\":[");
    for (size_t left = codes.len; left && (end = memchr(at, '\n', left)); at = end + 1) {
        json_add_text(out, at == codes.p ? "" : ",", (struct span){at, (size_t)(end - at)});
        left -= (size_t)(end + 1 - at);
    }
    buf_add_str(out, "]}");
}
