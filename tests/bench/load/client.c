#include "client.h"

#include "fail.h"
#include "marker.h"
#include "ws.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADERS_MAX = 8192, MESSAGE_ID_MAX = 32, HOLE_GROWTH = 4096 };

struct client *client_of(struct link *l)
{
    return (struct client *)l;
}

bool client_sends(const struct client *c)
{
    return c->message.before != NULL;
}

struct client *clients_new(const struct options *o)
{
    size_t per_group = (size_t)((o->senders + o->groups - 1) / o->groups);
    struct client *clients = fail_alloc((size_t)o->conns, sizeof *clients);
    struct track *tracks = per_group ? fail_alloc((size_t)o->conns * per_group, sizeof *tracks) : NULL;
    for (int i = 0; i < o->conns; i++) {
        struct client *c = &clients[i];
        c->index = (uint32_t)i;
        c->group = (uint32_t)(i % o->groups);
        c->slow = i >= o->conns - o->slow;
        c->bystander = !c->slow && i >= o->conns - o->slow - o->bystanders;
        c->tracks = tracks ? tracks + (size_t)i * per_group : NULL;
        if (i < o->senders && !template_cut(&c->message, o->message, c->index, c->group))
            fail_exit("--send-template", "has no %s");
    }
    return clients;
}

void clients_free(struct client *clients, const struct options *o)
{
    for (int i = 0; i < o->conns; i++) {
        link_clear(&clients[i].link);
        template_clear(&clients[i].message);
    }
    free(clients[0].tracks);
    free(clients);
}

size_t client_payload_max(const struct options *o)
{
    size_t longest = strlen(o->message) + HOLE_GROWTH + MESSAGE_ID_MAX + MARKER_MAX + (size_t)o->size;
    for (int i = 0; i < o->hellos.count; i++) {
        size_t hello = strlen(o->hellos.items[i]) * 2 + HOLE_GROWTH;
        longest = hello > longest ? hello : longest;
    }
    return longest;
}

size_t client_request(const struct client *c, const struct options *o, char *out, size_t capacity)
{
    char headers[HEADERS_MAX];
    size_t n = 0;
    headers[0] = '\0';
    for (int i = 0; i < o->headers.count; i++) {
        char *line = template_fill(o->headers.items[i], c->index, c->group);
        int more = snprintf(headers + n, sizeof headers - n, "%s\r\n", line);
        free(line);
        if (more < 0 || (size_t)more >= sizeof headers - n)
            return 0;
        n += (size_t)more;
    }
    char *path = template_fill(o->path, c->index, c->group);
    size_t size = ws_request(out, capacity, o->host, o->port, path, headers);
    free(path);
    return size;
}

void client_send_hellos(struct client *c, struct link_io *io, const struct options *o)
{
    for (int i = 0; i < o->hellos.count; i++) {
        char *hello = template_fill(o->hellos.items[i], c->index, c->group);
        link_send_text(&c->link, io, hello);
        free(hello);
    }
}

static char *append(char *to, const char *bytes, size_t count)
{
    memcpy(to, bytes, count);
    return to + count;
}

void client_send_message(struct client *c, struct link_io *io, const struct options *o, uint64_t due_ns)
{
    const struct template_message *m = &c->message;
    struct marker marker = {.ns = due_ns, .sender = c->index, .number = ++c->sent};
    char *start = (char *)link_payload(io), *p = append(start, m->before, m->before_size);
    if (m->between) {
        p += snprintf(p, MESSAGE_ID_MAX, "c%u-%u", c->index, c->sent);
        p = append(p, m->between, m->between_size);
    }
    size_t marked = marker_write(p, &marker), size = (size_t)o->size;
    if (marked < size)
        memset(p + marked, '.', size - marked);
    p = append(p + (marked < size ? size : marked), m->after, m->after_size);
    link_send(&c->link, io, WS_TEXT, (size_t)(p - start));
}
