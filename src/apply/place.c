/* The place: its name, and what it requires. */
#include "apply/account.h"
#include "apply/rights.h"
#include "base/name.h"
#include "proto/json.h"

static struct span place_detail(struct apply *a, const struct command *c)
{
    const char *comma = "";
    buf_clear(&a->data);
    buf_add_char(&a->data, '{');
    if (fields_has_text(&c->f, F_NAME)) {
        buf_add_str(&a->data, "\"name\":");
        json_add_string(&a->data, c->f.t[F_NAME]);
        comma = ",";
    }
    if (fields_has(&c->f, F_REQUIRE_TOTP))
        buf_printf(&a->data, "%s\"require_totp\":%s", comma, c->f.n[F_REQUIRE_TOTP] ? "true" : "false");
    buf_add_char(&a->data, '}');
    return buf_span(&a->data);
}

enum err place_apply_set(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct rights actor;
    struct place_row place;
    enum err e = rights_check(a, s, c, REQUEST_SET_PLACE, out, &actor, NULL, NULL);
    if (e || out->result)
        return e;
    if (c->f.t[F_NAME].len >= NAME_BYTES)
        return apply_refuse(out, ERR_INVALID);
    if ((e = place_get(s, &place)))
        return e;
    if (fields_has_text(&c->f, F_NAME))
        place.name = c->f.t[F_NAME];
    if (fields_has(&c->f, F_REQUIRE_TOTP))
        place.require_totp = c->f.n[F_REQUIRE_TOTP] != 0;
    if (place_set(s, &place))
        return ERR_STORAGE;
    out->at = c->at_ms;
    outcome_add(out, (struct effect){.kind = EFFECT_PLACE});
    return apply_audit(a, s, c, REQUEST_SET_PLACE, out, 0, 0, 0, place_detail(a, c));
}
