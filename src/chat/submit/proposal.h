/* proposal.h - a session's commands: proposed to the log, and answered with an ack or an error when they come back. On the
 * shard's thread. */
#ifndef HUBBUB_CHAT_SUBMIT_PROPOSAL_H
#define HUBBUB_CHAT_SUBMIT_PROPOSAL_H

#include "chat/session/session.h"

/* Completes the command with the time and the session's person and proposes it. The command's texts are copied. `id`: of
 * the answer; `type`: what was asked; `code`: what the answer says once, copied; "": nothing. ERR_OVERLOADED,
 * ERR_SHUTTING_DOWN, ERR_MEMORY: nothing happened. */
enum err proposal_make(struct session *s, struct command *c, struct span id, enum request_type type, const char *code);

/* By default a command is proposed as soon as it is understood. After proposals_gather(), once per shard before its first
 * session, commands wait for proposals_send(), which proposes all of them together: called after a loop turn has read what
 * came, it makes one commit, and so one fan-out, of what would else be several. */
void proposals_gather(struct shard *shard);
void proposals_send(struct shard *shard);

#endif
