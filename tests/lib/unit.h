/* unit.h - cmocka with what it needs in front of it, in the order that it needs. */
#ifndef HUBBUB_TESTS_UNIT_H
#define HUBBUB_TESTS_UNIT_H

/* cmocka.h must come last. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#endif
