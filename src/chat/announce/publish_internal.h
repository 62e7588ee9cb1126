/* publish_internal.h - what publish.c and tell.c share. */
#ifndef HUBBUB_CHAT_ANNOUNCE_PUBLISH_INTERNAL_H
#define HUBBUB_CHAT_ANNOUNCE_PUBLISH_INTERNAL_H

#include "chat/announce/publish.h"
#include "directory/listing.h"

/* Something to be read from the database: what an effect of this kind is about. */
struct load {
    enum effect_kind kind;
    int64_t room, user, id;
};

/* A room that some do not see any more who did before. */
struct closed_room {
    int64_t room;
    enum room_kind was;
    struct buf stay; /* ids of those who still see it, ascending */
    struct frame *frame;
};

/* A room whose requests to join are another number for somebody. */
struct requested {
    int64_t room, user; /* user 0: for all who may answer them */
};

struct publisher {
    struct chat *chat;
    struct command command;
    struct listing listing;
    struct buf json, ids, to_answer;
    struct load *later; /* what is read once all events of this batch are published */
    size_t later_count, later_cap;
    struct load *missed; /* what could not be read */
    size_t missed_count, missed_cap;
    struct closed_room *closed; /* in this batch */
    size_t closed_count;
    bool has_told; /* in this batch there is more than events */
    /* What is told once for each batch, of what has turned out to be different: */
    bool is_renamed;            /* the place */
    bool has_reports;           /* another number of reports waits: for all moderators of the place, */
    struct buf report_handlers; /* and for these (ids) */
    struct buf requested;       /* other numbers of requests to join: struct requested */
};

/* What somebody is told who does not see a room any more, as the room is now. NULL: no such room, or no memory. */
struct frame *publish_left_frame(struct publisher *p, int64_t room_id);

#endif
