/* Fuzzes the rules for names, and the UTF-8 functions under them: a name that is accepted stays as it is when it is
 * checked again, keeps within its bounds and has a key; text is judged alike whole and byte by byte. */
#include "base/name.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

typedef enum err check(const struct name_rules *, struct span, char[NAME_BYTES], const char **);

static void check_name(const struct name_rules *rules, check *check, struct span typed, size_t max_characters)
{
    char kept[NAME_BYTES], again[NAME_BYTES], key[NAME_KEY_BYTES];
    const char *why = NULL;
    if (check(rules, typed, kept, &why)) {
        must(why);
        return;
    }
    struct span name = span_of(kept);
    must(utf8_check(name) && utf8_count(name) >= 1 && utf8_count(name) <= max_characters);
    must(span_equal(utf8_trim(name), name));
    must(!check(rules, name, again, NULL) && strcmp(kept, again) == 0);
    must(!name_fold(rules, name, key) && key[0] && utf8_check(span_of(key)));
    name_is_made_up(rules, name);
}

static void check_text(struct span text)
{
    struct utf8 u = {0};
    bool valid = true;
    for (size_t i = 0; i < text.len && valid; i++)
        valid = utf8_feed(&u, text.p + i, 1);
    valid = valid && utf8_whole(&u);
    must(valid == utf8_check(text));
    if (!valid)
        return;
    struct span trimmed = utf8_trim(text);
    must(utf8_check(trimmed) && span_equal(utf8_trim(trimmed), trimmed));
    for (size_t max = 0; max <= text.len && max < 16; max++) {
        struct span cut = utf8_cut(text, max);
        must(utf8_check(cut) && cut.len <= max && cut.len + 3 >= max);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct name_rules *rules;
    if (!rules && name_rules_open(&rules))
        abort();
    char *copy = malloc(size ? size : 1), key[NAME_KEY_BYTES];
    must(copy);
    memcpy(copy, data, size);
    struct span text = {copy, size};
    check_text(text);
    check_name(rules, name_check_user, text, NAME_USER_MAX);
    check_name(rules, name_check_room, text, NAME_ROOM_MAX);
    if (!name_fold(rules, text, key))
        must(key[0] && strlen(key) < NAME_KEY_BYTES && utf8_check(span_of(key)));
    free(copy);
    return 0;
}
