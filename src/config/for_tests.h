/* for_tests.h - what only tests and the fuzzer ask of this room. */
#ifndef HUBBUB_CONFIG_FOR_TESTS_H
#define HUBBUB_CONFIG_FOR_TESTS_H

#include "base/err.h"

#include <stddef.h>

struct config;
struct config_error;

/* As config_load(), but from bytes in memory, without environment and sets. `file` is the name used in messages. */
enum err config_parse_text(const char *file, const char *text, size_t len, struct config *out,
                           struct config_error *why);

#endif
