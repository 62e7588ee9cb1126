#include "tally.h"

#include <stdlib.h>
#include <string.h>

#define TALLY_NAME(name) #name,
static const char *const names[] = {TALLIES(TALLY_NAME)};

const char *tally_name(enum tally t)
{
    return names[t];
}

void tally_refusal(struct tallies *t, const char *code)
{
    int i = 0;
    while (i < TALLY_COUNT && strcmp(names[i], code) != 0)
        i++;
    if (i == TALLY_COUNT)
        abort();
    t->n[i]++;
}
