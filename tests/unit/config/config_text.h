/* config_text.h - settings from a text, for the tests of config. */
#ifndef HUBBUB_TESTS_CONFIG_CONFIG_TEXT_H
#define HUBBUB_TESTS_CONFIG_CONFIG_TEXT_H

#include "config/config.h"
#include "config/for_tests.h"
#include "config/setting.h"
#include "unit.h"

#include <string.h>

static struct config config;
static struct config_error why;

static inline enum err parse(const char *text)
{
    why.text[0] = '\0';
    return config_parse_text("test.conf", text, strlen(text), &config, &why);
}

#endif
