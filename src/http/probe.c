#include "http/probe.h"

#include "http/address.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One entry as a socket address; false: not understood, or port 0, which is always free. */
static bool read_entry(struct span entry, struct sockaddr_storage *out, socklen_t *len)
{
    struct address address = {{0}};
    char port_text[8] = "";
    const char *colon = memrchr(entry.p, ':', entry.len);
    struct span host = {entry.p, colon ? (size_t)(colon - entry.p) : 0};
    struct span port = colon ? (struct span){colon + 1, entry.len - host.len - 1} : entry;
    bool any = host.len == 0;
    if (any && port.len && *port.p == '+') {
        port.p++;
        port.len--;
    }
    if (!port.len || port.len >= sizeof port_text || (!any && !address_parse(host, &address)))
        return false;
    memcpy(port_text, port.p, port.len);
    long number = strtol(port_text, NULL, 10);
    if (number < 1 || number > 65535)
        return false;

    memset(out, 0, sizeof *out);
    if (any || memcmp(address.bytes, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12) == 0) {
        struct sockaddr_in *in = (struct sockaddr_in *)out;
        in->sin_family = AF_INET;
        in->sin_port = htons((uint16_t)number);
        memcpy(&in->sin_addr, address.bytes + 12, 4);
        *len = sizeof *in;
    } else {
        struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;
        in6->sin6_family = AF_INET6;
        in6->sin6_port = htons((uint16_t)number);
        memcpy(&in6->sin6_addr, address.bytes, 16);
        *len = sizeof *in6;
    }
    return true;
}

static enum err explain(struct span entry, struct http_error *why)
{
    int length = (int)entry.len;
    if (errno == EADDRINUSE) {
        snprintf(
            why->text, sizeof why->text,
            "listening_ports %.*s is taken: another program, perhaps another Hubbub, is listening there. Stop it or "
            "choose another port.",
            length, entry.p);
        return ERR_IN_USE;
    }
    if (errno == EACCES)
        snprintf(
            why->text, sizeof why->text,
            "listening_ports %.*s needs root: choose a port of 1024 or higher, and let a proxy listen on the low one.",
            length, entry.p);
    else
        snprintf(why->text, sizeof why->text,
                 "cannot listen on listening_ports %.*s: %s. Choose an address of this machine.", length, entry.p,
                 strerror(errno));
    return ERR_IO;
}

static enum err probe_entry(struct span entry, struct http_error *why)
{
    struct sockaddr_storage address;
    socklen_t len;
    int one = 1;
    enum err e = OK;
    if (!read_entry(entry, &address, &len))
        return OK;
    int fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return OK;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one,
               sizeof one); /* as CivetWeb does: connections that are ending are no reason */
    if (bind(fd, (struct sockaddr *)&address, len) || listen(fd, 1))
        e = explain(entry, why);
    close(fd);
    return e;
}

enum err http_probe(const char *listening_ports, struct http_error *why)
{
    enum err e = OK;
    for (const char *at = listening_ports; *at && !e;) {
        at += strspn(at, ", ");
        struct span entry = {at, strcspn(at, ", ")};
        if (entry.len)
            e = probe_entry(entry, why);
        at += entry.len;
    }
    return e;
}
