/* dice.h - all chance of a simulated run, from its seed. Streams of one seed are independent of each other, so that a
 * further throw in one place does not change what happens in all others. */
#ifndef HUBBUB_SIMULATION_DICE_H
#define HUBBUB_SIMULATION_DICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dice {
    uint64_t state;
};

void dice_init(struct dice *d, uint64_t seed, uint64_t stream);
uint64_t dice_u64(struct dice *d);
size_t dice_below(struct dice *d, size_t n);                     /* 0 .. n - 1; n is not 0 */
int64_t dice_between(struct dice *d, int64_t low, int64_t high); /* both included */
bool dice_one_in(struct dice *d, size_t n);                      /* once in n throws; 0 is never */
void dice_bytes(struct dice *d, uint8_t *out, size_t len);

/* One of the values given. */
#define DICE_PICK(d, type, ...)                                                                                        \
    (((const type[]){__VA_ARGS__})[dice_below((d), sizeof((const type[]){__VA_ARGS__}) / sizeof(type))])

#endif
