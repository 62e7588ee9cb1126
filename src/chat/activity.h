/* activity.h - telling the members of a room who have not opened it that something was said there. */
#ifndef HUBBUB_CHAT_ACTIVITY_H
#define HUBBUB_CHAT_ACTIVITY_H

#include "chat/session_internal.h"

/* On the shard's thread: to each device of a member that has not opened the room, what is unread there now. It looks at
 * the directory and tells in one go, so nobody is told of a room after they have been told that they are out of it. */
void activity_tell(struct chat_shard *shard, int64_t room_id);

#endif
