/* consumer.h - what the writer's thread does with the log's commands: applies each inside the transaction, and after the
 * commit has its effects published and whoever asked answered. */
#ifndef HUBBUB_CHAT_ANNOUNCE_CONSUMER_H
#define HUBBUB_CHAT_ANNOUNCE_CONSUMER_H

#include "chat/core/core.h"

/* The log's consumer, which chat->publisher belongs to. The log's entries are submissions. */
struct log_consumer consumer_of(struct chat *chat);

#endif
