/* health.h - what watches the server asks: is it well (GET /healthz), and how is it doing (GET /metrics). */
#ifndef HUBBUB_HTTP_HEALTH_H
#define HUBBUB_HTTP_HEALTH_H

#include "http/exchange.h"

/* Each answers one request on its worker's thread and returns the status. */
int health_answer(struct exchange *x);
int health_starting(struct exchange *x, const char *doing); /* before the chat is there */
int health_metrics(struct exchange *x);

#endif
