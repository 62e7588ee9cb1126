/* allowance.h - how fast people can send, and how much they can read: a token bucket for each person, whose size goes
 * with the role, and for people without an account those of their address as well (origin.h). Accounts and guests have
 * one bucket for all their connections and calls; a visitor's lasts as long as the connection. Any thread. */
#ifndef HUBBUB_CHAT_ADMIT_ALLOWANCE_H
#define HUBBUB_CHAT_ADMIT_ALLOWANCE_H

#include "chat/admit/origin.h"
#include "chat/core/core.h"
#include "proto/command.h"
#include "proto/request.h"
#include "rules/caller.h"

/* Takes a token for a message of so many bytes, or for another command (0 bytes). `visitor`: the person whose bucket it
 * is when the directory does not keep the caller; NULL: there is none. The command line has no limit. ERR_RATE_LIMITED
 * with *retry_after_ms, and with *why when it is the address's limit; counted. */
enum err allowance_take(struct chat *c, const struct caller *who, struct person *visitor, size_t bytes,
                        int64_t *retry_after_ms, const char **why);

/* Before this type is carried out: takes a token of the address where it reads from the database, and asks whether the
 * address has read too much already, where it brings something of the past. A join by an account takes a part of a token
 * of the account's, out of the bucket that its messages take from. As allowance_take(). */
enum err allowance_read(struct chat *c, const struct caller *who, enum request_type type, int64_t *retry_after_ms,
                        const char **why);

/* So many bytes of the past have been sent: replays, pages of history, lists. `from` NULL: to an account. */
void allowance_drawn(struct chat *c, struct origin *from, size_t bytes);

/* Counts a command that has a limit a day: who is below moderator makes so many rooms and opens so many conversations,
 * and is added to so many rooms by others who are. What is refused afterwards counts too, such as a name that is taken,
 * so that one cannot ask for any number of names. The counts are lost with a restart. ERR_FORBIDDEN with *why. */
enum err allowance_take_daily(struct chat *c, const struct caller *who, const struct command *command,
                              const char **why);

#endif
