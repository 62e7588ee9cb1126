/* activity.h - telling the members of a room who have not opened it that something was said there.
 *
 * A busy room may have thousands of them, so a shard tells them in slices, with its other work in between. Each slice
 * looks at the directory and tells in one go: nobody is told of a room after they have been told that they are out of
 * it, and what one connection is told only ever becomes newer. */
#ifndef HUBBUB_CHAT_ANNOUNCE_ACTIVITY_H
#define HUBBUB_CHAT_ANNOUNCE_ACTIVITY_H

#include "chat/core/core.h"

/* A slice ends with the member at whom one of these is reached. */
enum {
    ACTIVITY_DEVICES_PER_SLICE = 128,  /* told: each is a frame and a send at the end of the turn */
    ACTIVITY_MEMBERS_PER_SLICE = 1024, /* looked at: most may not be here */
};

/* About once a second, on one thread: to each device of a member that has not opened a room which has been active
 * since, what is unread there. While a shard is still busy with the last time this does nothing, and the rooms stay
 * active: so however slow it is, no room is told of more than once a second, and nothing piles up. */
void activity_tick(struct chat *c);

#endif
