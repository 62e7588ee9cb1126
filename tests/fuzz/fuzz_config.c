/* Any bytes as a settings file: either one line says what is wrong, or what is printed reads back as the same settings. */
#include "config/config.h"
#include "config/for_tests.h"
#include "config/setting.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void read_back(const struct config *c)
{
    static struct config again;
    struct config_error why;
    char *printed = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&printed, &len);
    if (!out)
        return;
    config_print(c, out);
    fclose(out);
    require(config_parse_text("printed", printed, len, &again, &why) == OK);
    for (size_t i = 0; i < setting_count; i++) {
        char before[CONFIG_TEXT_MAX], after[CONFIG_TEXT_MAX];
        setting_format(&setting_rows[i], c, false, before);
        setting_format(&setting_rows[i], &again, false, after);
        require(strcmp(before, after) == 0);
    }
    free(printed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct config config;
    struct config_error why = {{0}};
    enum err e = config_parse_text("input", (const char *)data, size, &config, &why);
    if (e)
        require(e == ERR_INVALID && why.text[0] && !strchr(why.text, '\n'));
    else
        read_back(&config);
    return 0;
}
