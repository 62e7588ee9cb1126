/* client.h - one of chatload's connections: a link, its place in a group, and, if it sends, what it sends.
 *
 * A client belongs to one worker thread (worker.h) from the start of the run to its end. */
#ifndef CLIENT_H
#define CLIENT_H

#include "link.h"
#include "options.h"
#include "template.h"
#include "track.h"

#include <stdbool.h>
#include <stdint.h>

struct client {
    struct link link; /* first, so that a link's handler finds its client */
    uint32_t index, group;
    bool slow, bystander, joined;
    struct track *tracks; /* one for each sender of its group; NULL when nobody sends */

    struct template_message message; /* senders only, from here on */
    uint32_t sent;                   /* also the number of the last message */
    uint64_t last_echo_ns;
};

struct client *client_of(struct link *);
bool client_sends(const struct client *);

/* All of a run's clients; exits when the message template has no %s. */
struct client *clients_new(const struct options *);
void clients_free(struct client *, const struct options *);

size_t client_payload_max(const struct options *); /* the longest payload any client will send */
size_t client_request(const struct client *, const struct options *, char *out, size_t capacity);
void client_send_hellos(struct client *, struct link_io *, const struct options *);
void client_send_message(struct client *, struct link_io *, const struct options *, uint64_t due_ns);

#endif
