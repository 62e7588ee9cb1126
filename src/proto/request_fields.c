#include "proto/request_fields.h"

#include "base/utf8.h"

#include <string.h>

#define NUMBER_MAX (INT64_C(1) << 53) /* beyond it a JSON number is not exact */

/* ------------------------------------------------------------------ what each field may be */

/* The same name in JSON may mean different things in different requests, so these are numbered by meaning. */
enum {
    NONE, /* ends a list */
    ROOM,
    USER,
    USERS,
    ROOMS,
    /* of the verbs that live in struct request itself */
    BODY,
    REPLY_TO,
    AFTER_SEQ,
    BEFORE_SEQ,
    AROUND_SEQ,
    EPOCH,
    PAGE,
    STATE,
    CURRENT,
    /* numbers */
    SEQ,
    UNTIL,
    EXPIRES,
    MAX_USES,
    INVITE,
    SESSION,
    TOKEN,
    REPORT,
    SLOW_S,
    POSITION,
    MUTED_UNTIL,
    STATUS_UNTIL,
    AFTER,
    BEFORE,
    LIMIT,
    ACTOR,
    /* flags */
    LOCKED,
    ARCHIVED,
    ACCEPT,
    HIDE,
    HIDDEN,
    FAVOURITE,
    REQUIRE_TOTP,
    HANDLED,
    /* words */
    KIND,
    HISTORY,
    LEVEL,
    ROLE,
    ROOM_ROLE,
    SCOPE,
    /* texts */
    NAME,
    TEXT,
    REASON,
    OUTCOME,
    TOPIC,
    DESCRIPTION,
    DISPLAY_NAME,
    BIO,
    STATUS_EMOJI,
    STATUS_TEXT,
    SECTION,
    AVATAR,
    QUERY,
    VERB,
    LABEL,
    FIELDS
};

static const struct request_field fields[FIELDS] = {
    /* name in JSON, kind, where it goes, min, max, words, what to say when it is wrong */
    [ROOM] = {"room", FIELD_ROOM, 0, 0, 0, NULL, "\"room\" must be the id (a positive number) or the name of a room."},
    [USER] = {"user", FIELD_USER, 0, 0, 0, NULL, "\"user\" must be the id (a positive number) or the name of a user."},
    [USERS] = {"users", FIELD_REFS, 0, 0, 12, NULL,
               "\"users\" must be a list of at most 12 users, each an id or a name."},
    [ROOMS] = {"rooms", FIELD_REFS, 0, 0, FIELD_IDS_MAX, NULL,
               "\"rooms\" must be a list of at most 20 rooms, each an id or a name."},

    [BODY] = {"body", FIELD_OWN_LINES, offsetof(struct request, body), 0, NUMBER_MAX, NULL,
              "\"body\" must be a string."},
    [REPLY_TO] = {"reply_to", FIELD_OWN_NUMBER, offsetof(struct request, reply_to), 1, NUMBER_MAX, NULL,
                  "\"reply_to\" must be the seq of a message in this room."},
    [AFTER_SEQ] = {"after", FIELD_OWN_NUMBER, offsetof(struct request, after), 0, NUMBER_MAX, NULL,
                   "\"after\" must be the seq of an event, or 0."},
    [BEFORE_SEQ] = {"before", FIELD_OWN_NUMBER, offsetof(struct request, before), 0, NUMBER_MAX, NULL,
                    "\"before\" must be the seq of an event."},
    [AROUND_SEQ] = {"around", FIELD_OWN_NUMBER, offsetof(struct request, around), 0, NUMBER_MAX, NULL,
                    "\"around\" must be the seq of an event."},
    [EPOCH] = {"epoch", FIELD_OWN_TEXT, offsetof(struct request, epoch), 0, NUMBER_MAX, NULL,
               "\"epoch\" must be the string from `welcome`."},
    [PAGE] = {"limit", FIELD_OWN_NUMBER, offsetof(struct request, limit), 1, REQUEST_HISTORY_MAX, NULL,
              "\"limit\" must be a number from 1 to 200."},
    [STATE] = {"state", FIELD_STATE, 0, 0, 0, NULL, "\"state\" must be \"active\" or \"away\"."},
    [CURRENT] = {"current", FIELD_OWN_TEXT, offsetof(struct request, current), 0, 1024, NULL,
                 "\"current\" must be your current password."},

    [SEQ] = {"seq", FIELD_NUMBER, F_SEQ, 1, NUMBER_MAX, NULL,
             "\"seq\" must be the seq of an event: a whole number of at least 1."},
    [UNTIL] = {"until_ms", FIELD_NUMBER, F_UNTIL, 0, NUMBER_MAX, NULL,
               "\"until_ms\" must be a time in milliseconds, or 0."},
    [EXPIRES] = {"expires_ms", FIELD_NUMBER, F_EXPIRES, 0, NUMBER_MAX, NULL,
                 "\"expires_ms\" must be a time in milliseconds, or 0 for no end."},
    [MAX_USES] = {"max_uses", FIELD_NUMBER, F_MAX_USES, 0, NUMBER_MAX, NULL,
                  "\"max_uses\" must be a whole number, or 0 for no limit."},
    [INVITE] = {"invite", FIELD_NUMBER, F_INVITE, 1, NUMBER_MAX, NULL, "\"invite\" must be the id of an invitation."},
    [SESSION] = {"session", FIELD_NUMBER, F_SESSION, 1, NUMBER_MAX, NULL, "\"session\" must be the id of a session."},
    [TOKEN] = {"token", FIELD_NUMBER, F_TOKEN, 1, NUMBER_MAX, NULL, "\"token\" must be the id of a token."},
    [REPORT] = {"report", FIELD_NUMBER, F_REPORT, 1, NUMBER_MAX, NULL, "\"report\" must be the id of a report."},
    [SLOW_S] = {"slow_s", FIELD_NUMBER, F_SLOW_S, 0, 86400, NULL,
                "\"slow_s\" must be a number of seconds from 0 to 86,400 (a day)."},
    [POSITION] = {"position", FIELD_NUMBER, F_POSITION, 0, NUMBER_MAX, NULL,
                  "\"position\" must be a whole number of at least 0."},
    [MUTED_UNTIL] = {"muted_until", FIELD_NUMBER, F_MUTED_UNTIL, 0, NUMBER_MAX, NULL,
                     "\"muted_until\" must be a time in milliseconds, or 0 for not muted."},
    [STATUS_UNTIL] = {"status_until", FIELD_NUMBER, F_STATUS_UNTIL, 0, NUMBER_MAX, NULL,
                      "\"status_until\" must be a time in milliseconds, or 0 for no end."},
    [AFTER] = {"after", FIELD_NUMBER, F_AFTER, 0, NUMBER_MAX, NULL,
               "\"after\" must be the id of the last one you have, or 0."},
    [BEFORE] = {"before", FIELD_NUMBER, F_BEFORE, 0, NUMBER_MAX, NULL,
                "\"before\" must be the id of the last one you have, or 0."},
    [LIMIT] = {"limit", FIELD_NUMBER, F_LIMIT, 1, REQUEST_LIST_MAX, NULL, "\"limit\" must be a number from 1 to 200."},
    [ACTOR] = {"actor", FIELD_NUMBER, F_ACTOR, 0, NUMBER_MAX, NULL,
               "\"actor\" must be the id of a user, or 0 for the command line."},

    [LOCKED] = {"locked", FIELD_FLAG, F_LOCKED, 0, 1, NULL, "\"locked\" must be true or false."},
    [ARCHIVED] = {"archived", FIELD_FLAG, F_ARCHIVED, 0, 1, NULL, "\"archived\" must be true or false."},
    [ACCEPT] = {"accept", FIELD_FLAG, F_ACCEPT, 0, 1, NULL, "\"accept\" must be true or false."},
    [HIDE] = {"hide", FIELD_FLAG, F_HIDE, 0, 1, NULL, "\"hide\" must be true or false."},
    [HIDDEN] = {"hidden", FIELD_FLAG, F_HIDDEN, 0, 1, NULL, "\"hidden\" must be true or false."},
    [FAVOURITE] = {"favourite", FIELD_FLAG, F_FAVOURITE, 0, 1, NULL, "\"favourite\" must be true or false."},
    [REQUIRE_TOTP] = {"require_totp", FIELD_FLAG, F_REQUIRE_TOTP, 0, 1, NULL,
                      "\"require_totp\" must be true or false."},
    [HANDLED] = {"handled", FIELD_FLAG, F_HANDLED, 0, 1, NULL, "\"handled\" must be true or false."},

    [KIND] = {"kind", FIELD_WORD, F_KIND, ROOM_OPEN, ROOM_ANNOUNCEMENT, &words_room_kind,
              "\"kind\" must be \"open\", \"closed\" or \"announcement\"."},
    [HISTORY] = {"history", FIELD_WORD, F_HISTORY, ROOM_HISTORY_ALL, ROOM_HISTORY_JOINED, &words_room_history,
                 "\"history\" must be \"all\" or \"joined\"."},
    [LEVEL] = {"level", FIELD_WORD, F_LEVEL, LEVEL_ALL, LEVEL_NOTHING, &words_level,
               "\"level\" must be \"all\", \"mentions\" or \"nothing\"."},
    [ROLE] = {"role", FIELD_WORD, F_ROLE, ROLE_MEMBER, ROLE_OWNER, &words_role,
              "\"role\" must be \"member\", \"moderator\", \"admin\" or \"owner\"."},
    [ROOM_ROLE] = {"role", FIELD_WORD, F_ROOM_ROLE, ROOM_ROLE_MEMBER, ROOM_ROLE_MODERATOR, &words_room_role,
                   "\"role\" must be \"member\" or \"moderator\"."},
    [SCOPE] = {"scope", FIELD_WORD, F_SCOPE, SCOPE_READ, SCOPE_ADMIN, &words_scope,
               "\"scope\" must be \"read\", \"write\" or \"admin\"."},

    [NAME] = {"name", FIELD_TEXT, F_NAME, 1, 257, NULL, "\"name\" must be a string of 1 to 257 bytes."},
    [TEXT] = {"text", FIELD_LINES, F_TEXT, 0, 1000, NULL, "\"text\" must be a string of at most 1,000 bytes."},
    [REASON] = {"reason", FIELD_LINES, F_TEXT, 0, 1000, NULL, "\"reason\" must be a string of at most 1,000 bytes."},
    [OUTCOME] = {"outcome", FIELD_LINES, F_TEXT, 0, 1000, NULL, "\"outcome\" must be a string of at most 1,000 bytes."},
    [TOPIC] = {"topic", FIELD_LINE, F_TOPIC, 0, 500, NULL, "\"topic\" must be a string of at most 500 bytes."},
    [DESCRIPTION] = {"description", FIELD_LINES, F_DESCRIPTION, 0, 4000, NULL,
                     "\"description\" must be a string of at most 4,000 bytes."},
    [DISPLAY_NAME] = {"display_name", FIELD_TEXT, F_DISPLAY_NAME, 0, 257, NULL,
                      "\"display_name\" must be a string of at most 257 bytes."},
    [BIO] = {"bio", FIELD_LINES, F_BIO, 0, 2000, NULL, "\"bio\" must be a string of at most 2,000 bytes."},
    [STATUS_EMOJI] = {"status_emoji", FIELD_LINE, F_STATUS_EMOJI, 0, 64, NULL,
                      "\"status_emoji\" must be a string of at most 64 bytes."},
    [STATUS_TEXT] = {"status_text", FIELD_LINE, F_STATUS_TEXT, 0, 400, NULL,
                     "\"status_text\" must be a string of at most 400 bytes."},
    [SECTION] = {"section", FIELD_LINE, F_SECTION, 0, 100, NULL, "\"section\" must be a string of at most 100 bytes."},
    [AVATAR] = {"avatar", FIELD_TEXT, F_AVATAR, 0, 90000, NULL,
                "\"avatar\" must be a picture of at most 64 KiB, in base64, or an empty string."},
    [QUERY] = {"query", FIELD_TEXT, F_QUERY, 0, 257, NULL, "\"query\" must be a string of at most 257 bytes."},
    [VERB] = {"verb", FIELD_TEXT, F_VERB, 1, 64, NULL, "\"verb\" must be a string of 1 to 64 bytes."},
    [LABEL] = {"label", FIELD_LINE, F_LABEL, 0, INVITE_LABEL_MAX, NULL,
               "\"label\" must be a string of at most 100 bytes."},
};

/* ------------------------------------------------------------------ what each request has */

#define LIST_NEEDS(...)                                                                                                \
    {                                                                                                                  \
        __VA_ARGS__                                                                                                    \
    }
#define LIST_TAKES(...)                                                                                                \
    {                                                                                                                  \
        __VA_ARGS__                                                                                                    \
    }
#define VERB(type, name, may, scope, flags, needs, takes) [REQUEST_##type] = {#name, LIST_##needs, LIST_##takes},
static const struct request_shape shapes[REQUEST_TYPES] = {
#include "proto/verbs.def"
};

const struct request_shape *request_shape(enum request_type type)
{
    return &shapes[type];
}

const struct request_field *request_field(uint8_t i)
{
    assert(i > NONE && i < FIELDS);
    return &fields[i];
}

/* ------------------------------------------------------------------ reading */

static bool read_ref(const cJSON *item, struct request_ref *out)
{
    struct request_ref ref = {0, {NULL, 0}};
    if (cJSON_IsString(item))
        ref.name = span_of(item->valuestring);
    else if (!json_item_natural(item, &ref.id))
        return false;
    *out = ref;
    return ref.id > 0 || ref.name.len > 0;
}

static bool read_refs(const cJSON *list, int64_t max, struct request *out)
{
    const cJSON *item;
    out->ref_count = 0;
    cJSON_ArrayForEach(item, list)
    {
        if ((int64_t)out->ref_count == max || !read_ref(item, &out->refs[out->ref_count]))
            return false;
        out->ref_count++;
    }
    return cJSON_IsArray(list);
}

static bool read_number(const cJSON *item, const struct request_field *f, int64_t *out)
{
    return json_item_natural(item, out) && *out >= f->min && *out <= f->max;
}

static bool read_word(const cJSON *item, const struct request_field *f, struct fields *out)
{
    int word = cJSON_IsString(item) ? words_find(f->words, span_of(item->valuestring)) : -1;
    fields_set(out, (enum field_number)f->to, word);
    return word >= f->min && word <= f->max;
}

/* The string; with its CRLF line ends made newlines when it may have several lines. p is NULL: it is no string. */
static struct span text_of(const cJSON *item, bool lines)
{
    char *text = cJSON_IsString(item) ? item->valuestring : NULL;
    if (!text || !lines || !strchr(text, '\r'))
        return span_of(text);
    char *to = text;
    for (const char *from = text; *from; from++)
        if (*from != '\r' || from[1] != '\n')
            *to++ = *from;
    *to = 0;
    return (struct span){text, (size_t)(to - text)};
}

static bool read_text(const cJSON *item, const struct request_field *f, struct fields *out)
{
    struct span text = text_of(item, f->kind == FIELD_LINES);
    fields_set_text(out, (enum field_text)f->to, text);
    return text.p && (int64_t)text.len >= f->min && (int64_t)text.len <= f->max;
}

static struct span *own_text(const struct request_field *f, struct request *out)
{
    return (struct span *)(void *)((char *)out + f->to);
}

static bool read_own_text(const cJSON *item, const struct request_field *f, struct span *out)
{
    *out = text_of(item, f->kind == FIELD_OWN_LINES);
    return out->p && (int64_t)out->len >= f->min && (int64_t)out->len <= f->max;
}

static bool read_state(const cJSON *item, struct request *out)
{
    struct span state = span_of(cJSON_IsString(item) ? item->valuestring : NULL);
    out->active = span_equal(state, span_of("active"));
    return out->active || span_equal(state, span_of("away"));
}

static bool read_field(const cJSON *item, const struct request_field *f, struct request *out)
{
    int64_t number;
    switch (f->kind) {
    case FIELD_NUMBER:
        if (!read_number(item, f, &number))
            return false;
        fields_set(&out->f, (enum field_number)f->to, number);
        return true;
    case FIELD_OWN_NUMBER:
        return read_number(item, f, (int64_t *)(void *)((char *)out + f->to));
    case FIELD_FLAG:
        fields_set(&out->f, (enum field_number)f->to, cJSON_IsTrue(item));
        return cJSON_IsBool(item);
    case FIELD_WORD:
        return read_word(item, f, &out->f);
    case FIELD_TEXT:
    case FIELD_LINE:
    case FIELD_LINES:
        return read_text(item, f, &out->f);
    case FIELD_OWN_TEXT:
    case FIELD_OWN_LINES:
        return read_own_text(item, f, own_text(f, out));
    case FIELD_STATE:
        return read_state(item, out);
    case FIELD_ROOM:
        return read_ref(item, &out->room);
    case FIELD_USER:
        return read_ref(item, &out->user);
    case FIELD_REFS:
        return read_refs(item, f->max, out);
    }
    return false;
}

/* What is shown beside other people's words must not disturb them. A message stands for itself, but must not give orders
 * to a terminal. NULL: fine. */
static const char *fault_of_text(const struct request_field *f, struct request *given)
{
    if (f->kind == FIELD_LINE && !utf8_is_plain(given->f.t[f->to], false))
        return "Use one line, without control or text-direction characters.";
    if (f->kind == FIELD_LINES && !utf8_is_plain(given->f.t[f->to], true))
        return "Control and text-direction characters are not allowed.";
    if (f->kind == FIELD_OWN_LINES && utf8_has_controls(*own_text(f, given), true))
        return "Control characters are not allowed in a message, except tabs and newlines.";
    return NULL;
}

static enum err read_list(const cJSON *object, const uint8_t *list, bool needed, struct request *out, const char **why)
{
    for (; *list != NONE; list++) {
        const struct request_field *f = &fields[*list];
        const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, f->name);
        bool given = item && !cJSON_IsNull(item);
        const char *fault = NULL;
        if (given ? !read_field(item, f, out) : needed)
            fault = f->wrong;
        else if (given)
            fault = fault_of_text(f, out);
        if (fault) {
            *why = fault;
            return ERR_INVALID;
        }
        if (!given && *list == LIMIT)
            fields_set(&out->f, F_LIMIT, REQUEST_LIST_DEFAULT);
    }
    return OK;
}

enum err request_read_fields(const cJSON *object, enum request_type type, struct request *out, const char **why)
{
    enum err e = read_list(object, shapes[type].needs, true, out, why);
    return e ? e : read_list(object, shapes[type].takes, false, out, why);
}
