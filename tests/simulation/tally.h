/* tally.h - how often what came to pass: so that a simulation that no longer reaches something says so. */
#ifndef HUBBUB_SIMULATION_TALLY_H
#define HUBBUB_SIMULATION_TALLY_H

#include "proto/request.h"

#include <stdint.h>

/* name, and what it counts */
#define TALLIES(X)                                                                                                     \
    X(kills)        /* kill -9 between two turns */                                                                    \
    X(power_losses) /* likewise */                                                                                     \
    X(deaths_in_io) /* either, in the middle of writing */                                                             \
    X(stops)        /* SIGTERM */                                                                                      \
    X(faults)       /* times at which the disk failed */                                                               \
    X(failed_commits)                                                                                                  \
    X(failed_syncs)  /* each ends the program */                                                                       \
    X(looks)         /* at what a power loss would leave */                                                            \
    X(prompts)       /* looks into the database from outside */                                                        \
    X(interruptions) /* turns taken while a thread was interrupted */                                                  \
    X(waits)         /* of a worker for the writer or a reader */                                                      \
    X(too_slow)      /* connections closed as such */                                                                  \
    X(floods)        /* likewise */                                                                                    \
    X(resets)                                                                                                          \
    X(duplicates) /* acks that say so */                                                                               \
    X(acks_of_joins)                                                                                                   \
    X(resumes)        /* of them with `after` */                                                                       \
    X(pages)          /* of history */                                                                                 \
    X(cut_pages)      /* of them with fewer events than asked for, being too large */                                  \
    X(commands)       /* that were no messages */                                                                      \
    X(comebacks)      /* batches that had failed and were there after a crash */                                       \
    X(calls)          /* acks of requests that change something else */                                                \
    X(lists)          /* answers to questions */                                                                       \
    X(exact_lists)    /* of them such as had to be right in all */                                                     \
    X(exact_welcomes) /* likewise */                                                                                   \
    X(welcome_pages)  /* behind the first */                                                                           \
    X(room_frames)                                                                                                     \
    X(membership_frames)                                                                                               \
    X(activity_frames)                                                                                                 \
    X(read_frames)                                                                                                     \
    X(place_frames)                                                                                                    \
    X(report_frames)                                                                                                   \
    X(request_frames)                                                                                                  \
    X(requested) /* times that somebody was told of requests to join a room */                                         \
    X(block_frames)                                                                                                    \
    X(unread)           /* times that somebody was told of something unread */                                         \
    X(mentioned)        /* likewise */                                                                                 \
    X(rooms_lost)       /* rooms closed to somebody who had them open */                                               \
    X(deleted_messages) /* that somebody has seen */                                                                   \
    X(swept_visitors)                                                                                                  \
    X(swept_events)    /* that somebody has seen */                                                                    \
    X(hidden_messages) /* likewise */                                                                                  \
    X(ended_links)     /* connections closed with their session, or by a ban */                                        \
    X(converts)        /* guests who have become accounts */                                                           \
    X(passwords)       /* changed */                                                                                   \
    X(storage_failed)  /* refusals, by their code */                                                                   \
    X(overloaded)                                                                                                      \
    X(rate_limited)                                                                                                    \
    X(shutting_down)                                                                                                   \
    X(archived)                                                                                                        \
    X(id_reused)                                                                                                       \
    X(not_found)                                                                                                       \
    X(ambiguous)                                                                                                       \
    X(not_joined)                                                                                                      \
    X(too_big)                                                                                                         \
    X(invalid)                                                                                                         \
    X(invalid_json)                                                                                                    \
    X(unknown_type)                                                                                                    \
    X(name_taken)                                                                                                      \
    X(forbidden)                                                                                                       \
    X(unauthorized)                                                                                                    \
    X(not_a_member)                                                                                                    \
    X(muted)                                                                                                           \
    X(locked)                                                                                                          \
    X(banned)

#define TALLY_ENUM(name) TALLY_##name,
enum tally { TALLIES(TALLY_ENUM) TALLY_COUNT };
#undef TALLY_ENUM

struct tallies {
    int64_t n[TALLY_COUNT];
    int64_t done[REQUEST_TYPES]; /* requests that were carried out */
};

const char *tally_name(enum tally t);

/* Adds one to the tally of that name; there must be one. */
void tally_refusal(struct tallies *t, const char *code);

#endif
