#include "arguments.h"

#include "fail.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_help(const struct arguments_table *table, const char *defaults)
{
    printf("%s\nusage: %s [--OPTION VALUE]...\n", table->about, program_invocation_short_name);
    for (size_t i = 0; i < table->count; i++) {
        const struct arguments_row *row = &table->rows[i];
        const void *standard = defaults + row->at;
        if (row->kind == ARGUMENTS_HEADING) {
            printf("\n%s\n", row->name);
            continue;
        }
        printf("  --%-15s %-7s %s", row->name, row->value ? row->value : "", row->help);
        if (row->kind == ARGUMENTS_COUNT && *(const int *)standard >= 0)
            printf(" (%d)", *(const int *)standard);
        if (row->kind == ARGUMENTS_REAL)
            printf(" (%g)", *(const double *)standard);
        if (row->kind == ARGUMENTS_TEXT && *(const char *const *)standard && **(const char *const *)standard)
            printf(" (%s)", *(const char *const *)standard);
        putchar('\n');
    }
    printf("\n%s\n", table->notes);
}

void arguments_refuse(const char *option, const char *value, const char *why)
{
    char text[256];
    snprintf(text, sizeof text, "--%s %s", option, value ? value : "");
    fail_exit(text, why);
}

static int read_count(const char *name, const char *text)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (end == text || *end || errno || value < 0 || value > INT32_MAX)
        arguments_refuse(name, text, "a whole number from 0 is wanted");
    return (int)value;
}

static double read_real(const char *name, const char *text)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end || !(value >= 0 && value <= 1e9))
        arguments_refuse(name, text, "a number from 0 to 1e9 is wanted");
    return value;
}

static void read_numbers(const char *name, const char *text, struct arguments_numbers *out)
{
    char *copy = strdup(text), *rest = copy;
    for (char *item; (item = strsep(&rest, ",")) != NULL;) {
        if (out->count == ARGUMENTS_LIST_MAX)
            arguments_refuse(name, text, "too many");
        out->items[out->count++] = read_count(name, item);
    }
    free(copy);
}

static void read_value(const struct arguments_row *row, void *field, const char *value)
{
    struct arguments_texts *texts = field;
    switch (row->kind) {
    case ARGUMENTS_TEXT:
        *(const char **)field = value;
        break;
    case ARGUMENTS_TEXTS:
        if (texts->count == ARGUMENTS_LIST_MAX)
            arguments_refuse(row->name, value, "too many");
        texts->items[texts->count++] = value;
        break;
    case ARGUMENTS_COUNT:
        *(int *)field = read_count(row->name, value);
        break;
    case ARGUMENTS_NUMBERS:
        read_numbers(row->name, value, field);
        break;
    case ARGUMENTS_REAL:
        *(double *)field = read_real(row->name, value);
        break;
    case ARGUMENTS_FLAG:
        *(bool *)field = true;
        break;
    case ARGUMENTS_HEADING:
        break;
    }
}

static const struct arguments_row *find(const struct arguments_table *table, const char *argument)
{
    if (strncmp(argument, "--", 2) != 0)
        return NULL;
    for (size_t i = 0; i < table->count; i++)
        if (table->rows[i].kind != ARGUMENTS_HEADING && strcmp(argument + 2, table->rows[i].name) == 0)
            return &table->rows[i];
    return NULL;
}

void arguments_parse(const struct arguments_table *table, void *fields, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0) {
            print_help(table, fields);
            exit(0);
        }
    for (int i = 1; i < argc; i++) {
        const struct arguments_row *row = find(table, argv[i]);
        if (!row)
            fail_exit(argv[i], "no such option; see --help");
        bool takes_value = row->kind != ARGUMENTS_FLAG;
        if (takes_value && i + 1 == argc)
            arguments_refuse(row->name, NULL, "a value is missing");
        read_value(row, (char *)fields + row->at, takes_value ? argv[++i] : NULL);
    }
}
