/* welcome.h - the first that a session is told: who it is, the settings that it has to know, and its rooms, page by page.
 * On the session's thread. */
#ifndef HUBBUB_CHAT_SESSION_WELCOME_H
#define HUBBUB_CHAT_SESSION_WELCOME_H

#include "chat/session/session.h"

/* Says `welcome`, with the first rooms; welcome_go_on() says the next ones, once the outbox is nearly empty, while there
 * are any; after welcome_forget() there are no more of them, as the connection has ended. */
void welcome_begin(struct session *s);
void welcome_go_on(struct session *s);
void welcome_forget(struct session *s);

#endif
