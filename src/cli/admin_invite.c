/* `hubbub invite ...` */
#include "account/glance.h"
#include "base/utf8.h"
#include "cli/admin_internal.h"
#include "store/people.h"

#include <stdio.h>
#include <time.h>

enum { PAGE_ROWS = 200, NUMBER_DIGITS_MAX = 9 };

#define DAY_MS INT64_C(86400000)

/* A whole number of at least 1; false: it is none. */
static bool parse_number(const char *text, int64_t *out)
{
    int64_t n = 0;
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > NUMBER_DIGITS_MAX || text[digits])
        return false;
    for (size_t i = 0; i < digits; i++)
        n = n * 10 + (text[i] - '0');
    *out = n;
    return n > 0;
}

int admin_invite_create(const struct admin *a, const struct admin_arguments *args, struct buf *out)
{
    struct request q = {.type = REQUEST_CREATE_INVITE};
    struct admin_result result;
    const char *why = NULL;
    int64_t uses = 0, days = 0;
    for (int i = 0; i < 2; i++)
        if (args->option[i] && !parse_number(args->option[i], i == 0 ? &uses : &days))
            return admin_refuse(out, args->option[i], ERR_INVALID, "Use a number of 1 or more.");
    const struct span label = span_of(args->option[2]);
    if (label.len > INVITE_LABEL_MAX || !utf8_check(label) || !utf8_is_plain(label, false))
        return admin_refuse(out, args->option[2], ERR_INVALID, "A label must be one line of at most 100 bytes.");
    fields_set_text(&q.f, F_LABEL, label);
    fields_set(&q.f, F_MAX_USES, uses);
    fields_set(&q.f, F_EXPIRES, days ? env_wall_ms(a->chat->env) + days * DAY_MS : 0);
    enum err e = admin_request(a, &q, &result, &why);
    if (e)
        return admin_refuse(out, "invite", e, why);
    buf_printf(out, "%s/invite/%s\n", a->page, result.code);
    return 0;
}

int admin_invite_revoke(const struct admin *a, const struct admin_arguments *args, struct buf *out)
{
    struct request q = {.type = REQUEST_REVOKE_INVITE};
    struct admin_result result;
    const char *why = NULL;
    int64_t id;
    if (!parse_number(args->word[0], &id))
        return admin_refuse(out, args->word[0], ERR_INVALID, "Use the id shown by \"hubbub invite list\".");
    fields_set(&q.f, F_INVITE, id);
    enum err e = admin_request(a, &q, &result, &why);
    if (e)
        return admin_refuse(out, args->word[0], e, why);
    buf_printf(out, "Revoked invitation %lld.\n", (long long)id);
    return 0;
}

struct listing {
    const struct admin *admin;
    struct buf *out;
    int64_t last; /* the id of the last one that was listed; 0: none */
    int rows;     /* of this page */
};

static const char *const states[] = {[INVITE_UNKNOWN] = "",
                                     [INVITE_VALID] = "valid",
                                     [INVITE_EXPIRED] = "expired",
                                     [INVITE_REVOKED] = "revoked",
                                     [INVITE_USED_UP] = "used up"};

static void list_invite(void *ctx, const struct invite_row *row)
{
    struct listing *l = ctx;
    char until[32] = "", used[48];
    time_t expires = (time_t)(row->expires_at / 1000);
    struct tm utc;
    if (row->expires_at && gmtime_r(&expires, &utc))
        strftime(until, sizeof until, "%Y-%m-%d %H:%M", &utc);
    snprintf(used, sizeof used, row->max_uses ? "%lld of %lld" : "%lld", (long long)row->uses,
             (long long)row->max_uses);
    const char *state = states[invite_state(row, env_wall_ms(l->admin->chat->env))];
    buf_printf(l->out, "%6lld  %-7s  %-9s  %-16s  %s/invite/%.*s%s%.*s\n", (long long)row->id, state, used, until,
               l->admin->page, (int)row->code.len, row->code.p, row->label.len ? "  " : "", (int)row->label.len,
               row->label.p);
    l->last = row->id;
    l->rows++;
}

int admin_invite_list(const struct admin *a, const struct admin_arguments *args, struct buf *out)
{
    struct listing l = {.admin = a, .out = out};
    enum err e;
    (void)args;
    buf_printf(out, "%6s  %-7s  %-9s  %-16s  %s\n", "id", "state", "used", "expires (UTC)", "link and label");
    do {
        l.rows = 0;
        e = glance_invites(a->chat, l.last, PAGE_ROWS, list_invite, &l);
    } while (!e && l.rows == PAGE_ROWS);
    return e ? admin_refuse(out, "invite list", e, NULL) : 0;
}
