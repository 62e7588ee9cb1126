/* load.h - how the directory learns what has been committed. On the writer's thread, after a commit and before its
 * events are published. */
#ifndef HUBBUB_DIRECTORY_LOAD_H
#define HUBBUB_DIRECTORY_LOAD_H

#include "directory/directory.h"

/* Reads everything. The rules are borrowed for its life. ERR_STORAGE, ERR_MEMORY. */
enum err directory_open(struct store *s, const struct name_rules *names, struct directory **out);

/* Each reads the row anew and takes what it says; a row that is gone goes from here too. ERR_STORAGE leaves the old.
 * A room that is known keeps the newest seq and the number of messages that it has here: events move those on. A
 * membership of a room that is not here: ERR_NOT_FOUND. */
enum err directory_load_user(struct directory *d, struct store *s, int64_t user_id);
enum err directory_load_room(struct directory *d, struct store *s, int64_t room_id);
/* Of a room that is known, only what decides who may read it: its kind, and where histories begin. ERR_NOT_FOUND. */
enum err directory_load_access(struct directory *d, struct store *s, int64_t room_id);
enum err directory_load_membership(struct directory *d, struct store *s, int64_t room_id, int64_t user_id);
enum err directory_load_blocks(struct directory *d, struct store *s, int64_t user_id);
enum err directory_load_place(struct directory *d, struct store *s);
/* How many reports of a room wait. */
enum err directory_load_reports(struct directory *d, struct store *s, int64_t room_id);
/* How many requests to join a room wait. *is_other: it is another number than before. */
enum err directory_load_requests(struct directory *d, struct store *s, int64_t room_id, bool *is_other);

/* Takes a membership away at once: what must not fail, and must not wait for the rest of the batch. */
void directory_drop_membership(struct directory *d, int64_t room_id, int64_t user_id);

struct directory_message {
    int64_t number; /* 0: the event is no message, and nothing else counts */
    int64_t at, author_id;
    const int64_t *mentioned; /* borrowed; 0: everybody */
    size_t mentioned_count;
    bool has_read; /* by writing it the author has read up to it */
};
/* A room has a new event, which may be a message. A message marks the room as active. */
void directory_event(struct directory *d, int64_t room_id, int64_t seq, const struct directory_message *m);
/* A message was deleted: it no longer counts, and mentions nobody. Marks the room as active. */
void directory_gone(struct directory *d, int64_t room_id, int64_t seq, const struct directory_message *m);

/* Reads anew whether an author's messages are hidden, and lets them count or not. `is_blocked`: a person has blocked the
 * author, so what the author says is kept by author from now on. Takes as long as the author has messages, but only when
 * something changed. Marks the author's rooms as active. ERR_STORAGE, ERR_MEMORY: call it again. */
enum err directory_load_said(struct directory *d, struct store *s, int64_t author_id, bool is_blocked);
/* Reads the memberships anew that the author's messages mention. */
enum err directory_load_mentioned_by(struct directory *d, struct store *s, int64_t author_id);

#endif
