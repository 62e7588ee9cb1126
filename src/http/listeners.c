#include "http/listeners.h"

#include "http/address.h"

#include <arpa/inet.h>
#include <civetweb.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    PORTS_MAX = 32,
    SILENT_S =
        5, /* a connection that has sent nothing for so long is handed over all the same; request_timeout_ms ends it */
};

/* Whether fd listens on this port, and where. */
static bool listens(int fd, int port, struct sockaddr_storage *where)
{
    int listening = 0, found_port;
    struct address address;
    socklen_t len = sizeof listening;
    if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &len) != 0 || !listening)
        return false;
    len = sizeof *where;
    return getsockname(fd, (struct sockaddr *)where, &len) == 0 && address_of_socket(where, &address, &found_port) &&
           found_port == port;
}

/* Calls `each` for the sockets of all ports, in the order of the setting. */
static void walk(const struct mg_context *ctx, int limit,
                 void (*each)(void *arg, int fd, const struct sockaddr_storage *where), void *arg)
{
    struct mg_server_port ports[PORTS_MAX];
    struct sockaddr_storage where;
    int n = mg_get_server_ports(ctx, PORTS_MAX, ports);
    for (int i = 0; i < n; i++) {
        for (int fd = STDERR_FILENO + 1; fd < limit; fd++) {
            if (listens(fd, ports[i].port, &where))
                each(arg, fd, &where);
        }
    }
}

struct found {
    char *address;
    size_t size;
    int highest;
};

static void note(void *arg, int fd, const struct sockaddr_storage *where)
{
    struct found *found = arg;
    char host[INET6_ADDRSTRLEN] = "";
    const struct sockaddr_in *four = (const struct sockaddr_in *)where;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)where;
    bool is_four = where->ss_family == AF_INET;
    if (found->highest < 0) {
        inet_ntop(where->ss_family, is_four ? (const void *)&four->sin_addr : (const void *)&six->sin6_addr, host,
                  sizeof host);
        snprintf(found->address, found->size, is_four ? "%s:%d" : "[%s]:%d", host,
                 ntohs(is_four ? four->sin_port : six->sin6_port));
    }
    if (fd > found->highest)
        found->highest = fd;
}

int listeners_address(const struct mg_context *ctx, int limit, char *address, size_t size)
{
    struct found found = {.size = size, .highest = -1};
    found.address = address;
    walk(ctx, limit, note, &found);
    return found.highest;
}

static void greet(void *arg, int fd, const struct sockaddr_storage *where)
{
    bool *greeted = arg;
    (void)fd;
    int guest = *greeted ? -1 : socket(where->ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (guest < 0)
        return;
    *greeted = connect(guest, (const struct sockaddr *)where, sizeof *where) == 0 || errno == EINPROGRESS;
    close(guest);
}

void listeners_greet(const struct mg_context *ctx, int limit)
{
    bool greeted = false;
    walk(ctx, limit, greet, &greeted);
}

static void wait_for_data(void *arg, int fd, const struct sockaddr_storage *where)
{
    (void)arg;
    (void)where;
    int seconds = SILENT_S;
    setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds, sizeof seconds); /* without it all works too */
}

void listeners_wait_for_data(const struct mg_context *ctx, int limit)
{
    walk(ctx, limit, wait_for_data, NULL);
}

static void shut(void *arg, int fd, const struct sockaddr_storage *where)
{
    (void)arg;
    (void)where;
    shutdown(fd, SHUT_RDWR);
}

void listeners_shut(const struct mg_context *ctx, int limit)
{
    walk(ctx, limit, shut, NULL);
}

/* CivetWeb says "cannot bind to 127.0.0.1:8080: 98 (Address already in use)", and likewise "cannot listen to". */
static enum err explain_port(const char *port, int len, int error, struct http_error *why)
{
    enum err e = ERR_IO;
    const char *text = strerror(error);
    if (error == EADDRINUSE) {
        e = ERR_IN_USE;
        text = "another program, perhaps another Hubbub, is listening there. Stop it or choose another port";
    } else if (error == EACCES) {
        text = "ports below 1024 need the capability CAP_NET_BIND_SERVICE. Choose another port and let a proxy listen "
               "there";
    } else if (error == EADDRNOTAVAIL) {
        e = ERR_INVALID;
        text = "this machine doesn't have that address";
    }
    snprintf(why->text, sizeof why->text, "cannot use listening_ports %.*s: %s", len, port, text);
    return e;
}

enum err listeners_explain(const char *complaint, struct http_error *why)
{
    static const char bind_words[] = "cannot bind to ", listen_words[] = "cannot listen to ";
    const char *port = NULL;
    if (strncmp(complaint, bind_words, sizeof bind_words - 1) == 0)
        port = complaint + sizeof bind_words - 1;
    else if (strncmp(complaint, listen_words, sizeof listen_words - 1) == 0)
        port = complaint + sizeof listen_words - 1;
    const char *end = port ? strstr(port, ": ") : NULL;
    if (end)
        return explain_port(port, (int)(end - port), (int)strtol(end + 2, NULL, 10), why);

    const char *bad = strstr(complaint, ": invalid port spec");
    if (bad) {
        bool six = memchr(complaint, '[', (size_t)(bad - complaint)) != NULL;
        snprintf(why->text, sizeof why->text, "listening_ports %.*s is not a port%s", (int)(bad - complaint), complaint,
                 six ? ": this build of CivetWeb has no IPv6. Let a proxy listen there" : ", or an address and a port");
        return ERR_INVALID;
    }
    snprintf(why->text, sizeof why->text, "CivetWeb cannot start: %s", *complaint ? complaint : "no reason given");
    return ERR_IO;
}
