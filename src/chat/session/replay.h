/* replay.h - bringing a member from its cursor to the head of the room, at the pace at which its connection takes it.
 * On the session's thread. */
#ifndef HUBBUB_CHAT_SESSION_REPLAY_H
#define HUBBUB_CHAT_SESSION_REPLAY_H

#include "chat/session/session.h"

enum {
    REPLAY_EVENTS_MAX = 1000, /* who is further behind than this (and the ring) is told to reset */
    REPLAY_CHUNK = 100,       /* events read from the database at a time */
};

/* Right after hub_join(). `resumes`: the client said where it was, so it may be too far back. `has_gap`: what comes
 * next does not follow what it has, so it is told to reset. */
void replay_start(struct session *s, struct member *m, bool resumes, bool has_gap);

/* The outbox has room again. */
void replay_go_on(struct session *s);

/* A job of the readers for this session has ended, see session_begin_read(): replays go on that have waited for that. */
void replay_end_read(struct session *s);

/* The hub's callbacks. */
void replay_deliver(struct member *m, struct frame *f);
void replay_resume(struct member *m, enum err e);

#endif
