/* glance.h - what HTTP and the command line look up in the database beside the protocol's own questions (query.h): a
 * small look each, by whoever may wait, so not on a reader, a reactor or the writer. All of them also ERR_STORAGE,
 * ERR_MEMORY, ERR_OVERLOADED, ERR_SHUTTING_DOWN. */
#ifndef HUBBUB_ACCOUNT_GLANCE_H
#define HUBBUB_ACCOUNT_GLANCE_H

#include "base/buf.h"
#include "chat/core/core.h"
#include "rules/invite.h"

/* Whether an account has a second factor. ERR_NOT_FOUND: no such user. */
enum err glance_totp(struct chat *c, int64_t user_id, bool *has_totp);

/* Somebody's picture: appends its media type and its bytes. ERR_NOT_FOUND: none. */
enum err glance_avatar(struct chat *c, int64_t user_id, struct buf *type, struct buf *bytes);

/* An invitation that counts: who made it (0: the command line), and the rooms that it leads to, appended as int64.
 * ERR_NOT_FOUND: none such, used up, expired or revoked, as *state says. */
enum err glance_invite(struct chat *c, struct span code, enum invite_state *state, int64_t *by, struct buf *room_ids);

/* Up to `limit` invitations with an id below `before` (0: any), the newest first; `row` is called on a reader's thread
 * while the caller waits. */
enum err glance_invites(struct chat *c, int64_t before, int64_t limit,
                        void (*row)(void *ctx, const struct invite_row *), void *ctx);

#endif
