/* config_source.h - what the readers of file, environment and command line have in common: one value on its way into
 * the config, and the messages that say where it came from. For the files of config and setting only. */
#ifndef HUBBUB_CONFIG_CONFIG_SOURCE_H
#define HUBBUB_CONFIG_CONFIG_SOURCE_H

#include "config/config.h"

struct config_source {
    const char *where; /* how a message begins: "FILE:12", "environment HUBBUB_X", "--set" */
    struct config_origin origin;
};

/* Writes the message and returns e. */
enum err config_fail(struct config_error *why, enum err e, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A name or value as it may stand in a one-line message for a terminal: cut, with ? for what is no text. */
struct config_shown {
    char text[104];
};
struct config_shown config_shown(const char *s);

/* ERR_INVALID, saying that there is no such setting, or why this one is refused, and what may have been meant. */
enum err config_unknown_name(const struct config_source *from, const char *name, struct config_error *why);

/* Checks the value and puts it into its field, and its origin beside it. ERR_INVALID. */
enum err config_assign(const struct config_source *from, const char *name, const char *value, struct config *c,
                       struct config_error *why);

/* The settings file, into a config that holds the defaults. ERR_IO, ERR_MEMORY, ERR_INVALID. */
enum err config_file_read(const char *file, struct config *c, struct config_error *why);
enum err config_file_parse(const char *file, const char *text, size_t len, struct config *c, struct config_error *why);

#endif
