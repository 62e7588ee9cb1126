/* probe.h - whether the ports can be listened on, asked before anything else is touched. Main thread.
 *
 * CivetWeb is started last, when the database is open and the reactors run; a port that is taken should be known
 * before a data directory has been made. */
#ifndef HUBBUB_HTTP_PROBE_H
#define HUBBUB_HTTP_PROBE_H

#include "base/err.h"
#include "http/settings.h"

/* Binds and listens on each of the ports, and lets go again. ERR_IN_USE, ERR_IO (no permission, not an address of
 * this machine), with *why; what it does not understand it leaves to CivetWeb. `listening_ports` is in CivetWeb's
 * syntax: "8080", "127.0.0.1:8080", "[::1]:8080", "+8080", comma separated. */
enum err http_probe(const char *listening_ports, struct http_error *why);

#endif
