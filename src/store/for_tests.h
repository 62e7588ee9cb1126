/* for_tests.h - what only tests ask of this room. */
#ifndef HUBBUB_STORE_FOR_TESTS_H
#define HUBBUB_STORE_FOR_TESTS_H

#include <stdint.h>

struct store;

/* Bytes in the WAL file now. */
int64_t store_wal_bytes(const struct store *s);

#endif
