/* mend.h - heads that are right and that CivetWeb 1.15 misreads all the same.
 *
 * It refuses tabs, which may stand where spaces do around and in a value (RFC 9110, 5.5), and looks for `Upgrade` only
 * in the first of several Connection lines (RFC 9110, 5.3: the same as one list). Such a head is rewritten before
 * CivetWeb reads it. Pure: any thread. */
#ifndef HUBBUB_HTTP_MEND_H
#define HUBBUB_HTTP_MEND_H

#include "base/buf.h"

/* `head`: up to its empty line, which is included. Writes another one that means the same into `out`, which is empty.
 * False: CivetWeb reads it rightly as it is, or it is malformed, or there is no memory. */
bool mend_head(struct span head, struct buf *out);

#endif
