/* head.h - the lines of a head, as CivetWeb 1.15 left them in its buffer.
 *
 * It cuts the lines where they lie and is lenient: it drops spaces before a colon, takes a bare line feed for the end of
 * a line, and where a line begins with a colon or white space it stops, and nobody sees the lines behind. A proxy before
 * us reads such a head in another way, and what it strips or adds does not hold then. The bytes around what was cut
 * still show all this: a NUL stands where each cut was made.
 *
 * Pure: any thread; on a head that CivetWeb has parsed, before anything in it is changed. */
#ifndef HUBBUB_HTTP_HEAD_H
#define HUBBUB_HTTP_HEAD_H

#include "http/refusal.h"

struct mg_request_info;

/* NULL: the lines are as RFC 9112 (2.2, 5.1, 5.2) wants them. */
const struct refusal *head_check(const struct mg_request_info *r);

/* After head_check() was NULL: the first byte behind the head. */
const char *head_end(const struct mg_request_info *r);

/* Takes the white space off the ends of all values (RFC 9110, 5.5); CivetWeb does that only at their beginnings. */
void head_trim(struct mg_request_info *r);

#endif
