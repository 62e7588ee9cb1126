/* template.h - texts with holes: %d is the number of the connection (%D the same in eight digits), %g that of its room. */
#ifndef TEMPLATE_H
#define TEMPLATE_H

#include <stddef.h>
#include <stdint.h>

/* The text with all filled in; what else begins with % is left alone. The caller frees it. */
char *template_fill(const char *text, uint32_t connection, uint32_t group);

/* What one sender sends, cut at its holes: before %m between %s after. %m (the message's own id) may be missing, and
 * then between is NULL. */
struct template_message {
    char *before, *between, *after;
    size_t before_size, between_size, after_size;
};

int template_cut(struct template_message *out, const char *text, uint32_t connection, uint32_t group); /* 0: no %s */
void template_clear(struct template_message *);

#endif
