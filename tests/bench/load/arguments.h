/* arguments.h - a command line, described by a table: what each option is called, how its value is read, where it goes
 * and what --help prints. Main thread. */
#ifndef ARGUMENTS_H
#define ARGUMENTS_H

#include <stddef.h>

enum { ARGUMENTS_LIST_MAX = 16 };

struct arguments_texts {
    const char *items[ARGUMENTS_LIST_MAX];
    int count;
};

struct arguments_numbers {
    int items[ARGUMENTS_LIST_MAX];
    int count;
};

enum arguments_kind {                    /* and the type of the field */
                      ARGUMENTS_HEADING, /* no option: the name is a line of --help */
                      ARGUMENTS_TEXT,    /* const char * */
                      ARGUMENTS_TEXTS,   /* struct arguments_texts; repeatable */
                      ARGUMENTS_COUNT,   /* int, from 0 */
                      ARGUMENTS_NUMBERS, /* struct arguments_numbers, with commas between */
                      ARGUMENTS_REAL,    /* double, from 0 to 1e9 */
                      ARGUMENTS_FLAG,    /* bool; takes no value */
};

struct arguments_row {
    const char *name;
    enum arguments_kind kind;
    size_t at;                /* offset of the field */
    const char *value, *help; /* value: how --help calls it */
};

/* A row of an option that goes into a field of a struct. */
#define ARGUMENTS_ROW(type, name, kind, field, value, help)                                                            \
    {                                                                                                                  \
        name, ARGUMENTS_##kind, offsetof(type, field), value, help                                                     \
    }

struct arguments_table {
    const char *about, *notes; /* the first and the last lines of --help */
    const struct arguments_row *rows;
    size_t count;
};

/* Reads argv into fields, which hold the defaults. --help prints the table and exits 0; what is wrong is named, and exits
 * with FAIL_STATUS. The texts stay argv's. */
void arguments_parse(const struct arguments_table *, void *fields, int argc, char **argv);

/* Ends the program with a complaint about one option's value. */
_Noreturn void arguments_refuse(const char *option, const char *value, const char *why);

#endif
