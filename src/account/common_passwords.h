/* common_passwords.h - what people choose most: the table that cmake/embed_passwords.mjs makes. ASCII, letters in lower
 * case, sorted by bytes; only such as are long enough to be taken otherwise. Constant data: any thread. */
#ifndef HUBBUB_ACCOUNT_COMMON_PASSWORDS_H
#define HUBBUB_ACCOUNT_COMMON_PASSWORDS_H

#include <stddef.h>

extern const char *const common_passwords[];
extern const size_t common_passwords_count;

#endif
