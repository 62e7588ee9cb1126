/* setting_item.h - what stands in a setting that is a list, or is one such thing: an address, a port, an origin. Pure:
 * any thread. For the files of setting only. */
#ifndef HUBBUB_CONFIG_SETTING_ITEM_H
#define HUBBUB_CONFIG_SETTING_ITEM_H

#include "base/span.h"
#include "config/config.h"

/* OK; or ERR_INVALID with *why: what is allowed, as the rest of a sentence that begins with name and value. */
typedef enum err setting_item_fn(struct span item, struct config_error *why);

setting_item_fn setting_item_network; /* an address, or a network such as 10.0.0.0/8 */
setting_item_fn setting_item_acl;     /* an IPv4 network with + or - before it, CivetWeb's syntax */
setting_item_fn setting_item_port;    /* where to listen, CivetWeb's syntax without TLS */
setting_item_fn setting_item_origin;  /* scheme://host[:port] */
setting_item_fn setting_item_page;    /* the same, http or https */
setting_item_fn setting_item_user;    /* a user of the system */
setting_item_fn setting_item_header;  /* the name of a header that nothing else uses */

/* A decimal number without sign, blanks and leading zeros (CivetWeb reads those as octal). False when it is none or
 * above max. */
bool setting_decimal(struct span s, uint64_t max, uint64_t *out);

#endif
