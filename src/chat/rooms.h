/* rooms.h - finding rooms; and making, renaming and archiving them for the command line (`hubbub room ...`), as the
 * system.
 *
 * Each waits until the change is durable (or refused) and the hub knows it. Any thread but a reactor's and the
 * writer's. `why` says which rule was broken, for ERR_INVALID, or what stands against it. ERR_NOT_FOUND, ERR_NAME_TAKEN,
 * ERR_ARCHIVED (it is so already), ERR_FORBIDDEN, ERR_STORAGE, ERR_OVERLOADED, ERR_SHUTTING_DOWN. */
#ifndef HUBBUB_CHAT_ROOMS_H
#define HUBBUB_CHAT_ROOMS_H

#include "chat/chat.h"

/* A room by its id (all digits) or name, whoever may see it. NULL: none. Any thread. */
struct room *rooms_find(struct chat *c, struct span id_or_name);

enum err rooms_add(struct chat *c, struct span name, int64_t *id, const char **why);
enum err rooms_rename(struct chat *c, struct span id_or_name, struct span name, const char **why);
enum err rooms_archive(struct chat *c, struct span id_or_name, bool archived);

#endif
