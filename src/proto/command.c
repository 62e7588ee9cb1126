#include "proto/command.h"

enum { HEAD_BYTES = 4 + 8 + 8 + COMMAND_KEY_BYTES + 8 + 8, TEXTS = 7, TAG_TEXT = 0x80, TAG_IDS = 0xff };
static_assert((int)F_NUMBERS <= (int)TAG_TEXT && (int)TAG_TEXT + (int)F_TEXTS <= (int)TAG_IDS,
              "each field has a tag of its own");

/* ------------------------------------------------------------------ writing */

static uint8_t *put(uint8_t *to, const void *bytes, size_t len)
{
    if (len)
        memcpy(to, bytes, len);
    return to + len;
}

static uint8_t *put_u32(uint8_t *to, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(v >> (8 * i));
    return to + 4;
}

static uint8_t *put_i64(uint8_t *to, int64_t value)
{
    uint64_t v = (uint64_t)value;
    for (int i = 0; i < 8; i++)
        to[i] = (uint8_t)(v >> (8 * i));
    return to + 8;
}

static uint8_t *put_text(uint8_t *to, struct span text)
{
    assert(text.len <= UINT32_MAX);
    return put(put_u32(to, (uint32_t)text.len), text.p, text.len);
}

static uint8_t *put_fields(uint8_t *to, const struct fields *f)
{
    for (uint64_t left = f->numbers_given; left; left &= left - 1) {
        int i = __builtin_ctzll(left);
        *to++ = (uint8_t)i;
        to = put_i64(to, f->n[i]);
    }
    for (uint32_t left = f->texts_given; left; left &= left - 1) {
        int i = __builtin_ctz(left);
        *to++ = (uint8_t)(TAG_TEXT + i);
        to = put_text(to, f->t[i]);
    }
    if (f->id_count) {
        *to++ = TAG_IDS;
        *to++ = f->id_count;
        for (int i = 0; i < f->id_count; i++)
            to = put_i64(to, f->ids[i]);
    }
    return to;
}

static size_t size_of_fields(const struct fields *f)
{
    size_t size = 9 * (size_t)__builtin_popcountll(f->numbers_given);
    for (uint32_t left = f->texts_given; left; left &= left - 1)
        size += 5 + f->t[__builtin_ctz(left)].len;
    return f->id_count ? size + 2 + 8 * (size_t)f->id_count : size;
}

/* The size is known beforehand, so room is made once: this is done for every message. */
bool command_is(enum command_kind kind, enum command_flag flag)
{
#define COMMAND(kind, number, apply, flags) [number] = (flags),
    static const unsigned flags_of[COMMAND_KIND_END] = {
#include "proto/verbs.def"
    };
    return flags_of[kind] & flag;
}

void command_write(struct buf *b, const struct command *c)
{
    const struct span texts[TEXTS] = {c->actor_name, c->actor_display, c->actor_fold, c->name,
                                      c->fold,       c->client_id,     c->body};
    size_t size = HEAD_BYTES + size_of_fields(&c->f);
    for (int i = 0; i < TEXTS; i++)
        size += 4 + texts[i].len;
    assert(c->f.numbers_given >> F_NUMBERS == 0 && c->f.texts_given >> F_TEXTS == 0 && c->f.id_count <= FIELD_IDS_MAX);
    if (!buf_reserve(b, size))
        return;

    uint8_t *const from = (uint8_t *)b->p + b->len, *to = from;
    *to++ = COMMAND_VERSION;
    *to++ = (uint8_t)c->kind;
    *to++ = (uint8_t)c->actor;
    *to++ = 0;
    to = put_i64(to, c->at_ms);
    to = put_i64(to, c->actor_id);
    to = put(to, c->actor_key, COMMAND_KEY_BYTES);
    to = put_i64(to, c->room_id);
    to = put_i64(to, c->reply_to);
    for (int i = 0; i < TEXTS; i++)
        to = put_text(to, texts[i]);
    to = put_fields(to, &c->f);
    assert(to == from + size);
    b->len += size;
}

/* ------------------------------------------------------------------ reading */

/* What is left to read. Asking for more than that makes it `cut`, and from then on it gives zeros. */
struct reader {
    const uint8_t *p;
    size_t left;
    bool cut;
};

static const uint8_t *take(struct reader *r, size_t len)
{
    const uint8_t *p = r->p;
    if (r->cut || r->left < len) {
        r->cut = true;
        return NULL;
    }
    r->p += len;
    r->left -= len;
    return p;
}

static uint64_t take_number(struct reader *r, size_t bytes)
{
    const uint8_t *p = take(r, bytes);
    uint64_t v = 0;
    for (size_t i = 0; p && i < bytes; i++)
        v |= (uint64_t)p[i] << (8 * i);
    return v;
}

static int64_t take_i64(struct reader *r)
{
    return (int64_t)take_number(r, 8);
}

static struct span take_text(struct reader *r)
{
    size_t len = (size_t)take_number(r, 4);
    const uint8_t *p = take(r, len);
    return p ? (struct span){(const char *)p, len} : (struct span){NULL, 0};
}

static bool take_ids(struct reader *r, struct fields *out)
{
    uint64_t count = take_number(r, 1);
    if (count == 0 || count > FIELD_IDS_MAX)
        return false;
    out->id_count = (uint8_t)count;
    for (uint64_t i = 0; i < count; i++)
        out->ids[i] = take_i64(r);
    return true;
}

/* Tags only ever rise: so each is there once at most, and in order. */
static bool take_fields(struct reader *r, struct fields *out)
{
    for (int last = -1; r->left && !r->cut;) {
        int tag = (int)take_number(r, 1);
        if (tag <= last)
            return false;
        last = tag;
        if (tag < F_NUMBERS)
            fields_set(out, (enum field_number)tag, take_i64(r));
        else if (tag >= TAG_TEXT && tag < TAG_TEXT + F_TEXTS)
            fields_set_text(out, (enum field_text)(tag - TAG_TEXT), take_text(r));
        else if (tag != TAG_IDS || !take_ids(r, out))
            return false;
    }
    return !r->cut;
}

enum err command_read(struct span bytes, struct command *out)
{
    struct reader r = {(const uint8_t *)bytes.p, bytes.len, false};
    if (bytes.len < 2)
        return ERR_CORRUPT;
    if (r.p[0] != COMMAND_VERSION || r.p[1] == 0 || r.p[1] >= COMMAND_KIND_END)
        return ERR_UNKNOWN_TYPE;
    const uint8_t *head = take(&r, 4);
    if (!head || head[2] > COMMAND_ACTOR_ACCOUNT || head[3] != 0)
        return ERR_CORRUPT;

    *out = (struct command){.kind = (enum command_kind)head[1], .actor = (enum command_actor)head[2]};
    out->at_ms = take_i64(&r);
    out->actor_id = take_i64(&r);
    const uint8_t *key = take(&r, COMMAND_KEY_BYTES);
    if (key)
        memcpy(out->actor_key, key, COMMAND_KEY_BYTES);
    out->room_id = take_i64(&r);
    out->reply_to = take_i64(&r);
    struct span *const texts[TEXTS] = {&out->actor_name, &out->actor_display, &out->actor_fold, &out->name,
                                       &out->fold,       &out->client_id,     &out->body};
    for (int i = 0; i < TEXTS; i++)
        *texts[i] = take_text(&r);
    return !r.cut && take_fields(&r, &out->f) ? OK : ERR_CORRUPT;
}
