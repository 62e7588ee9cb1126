#include "rules/user_name.h"

/* What is written behind an @ to mention more than one person. */
static const char *const reserved[] = {"everyone", "here", "room", "channel", "all"};

/* Whether a fold is that of a reserved name: then no look-alike is given away either. */
static bool is_reserved(const struct name_rules *rules, const char *fold)
{
    char key[NAME_KEY_BYTES];
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
        if (!name_fold(rules, span_of(reserved[i]), key) && strcmp(key, fold) == 0)
            return true;
    return false;
}

static enum err invalid(const char **why, const char *sentence)
{
    *why = sentence;
    return ERR_INVALID;
}

enum err user_name_check(const struct name_rules *rules, enum user_kind kind, struct span typed, char name[NAME_BYTES],
                         char fold[NAME_KEY_BYTES], const char **why)
{
    const bool is_account = kind == USER_ACCOUNT;
    enum err e = is_account ? name_check_account(rules, typed, name, why) : name_check_user(rules, typed, name, why);
    if (!e && name_is_made_up(rules, span_of(name)))
        e = invalid(why, "Names that start with guest- are reserved.");
    if (!e)
        e = name_fold(rules, span_of(name), fold);
    if (!e && is_reserved(rules, fold))
        e = invalid(why, "That name is reserved for mentions of many people. Choose another.");
    return e;
}

enum err user_name_check_display(const struct name_rules *rules, struct span typed, char out[NAME_BYTES],
                                 const char **why)
{
    out[0] = 0;
    return typed.len ? name_check_user(rules, typed, out, why) : OK;
}

bool user_name_is_plain(struct span name)
{
    for (size_t i = 0; i < name.len; i++) {
        const unsigned char c = (unsigned char)name.p[i];
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (c < 0x80 && !is_letter && !(c >= '0' && c <= '9') && c != '.' && c != '_' && c != '-')
            return false;
    }
    return name.len > 0 && name.len < NAME_BYTES && name.p[name.len - 1] != '.' && name.p[name.len - 1] != '-';
}
