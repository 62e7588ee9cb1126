/* api.h - the HTTP API (see src/proto/README.md): what each address below /api/v1 does. Each handler answers one
 * request on its worker's thread, returns the status that it answered with, and may wait for the database, the log and
 * the slow hash of passwords. */
#ifndef HUBBUB_HTTP_API_H
#define HUBBUB_HTTP_API_H

#include "http/exchange.h"

/* api_sign_in.c: what one may ask without being anybody, and what makes one somebody */
int api_place(struct exchange *x);
int api_setup(struct exchange *x);
int api_sign_in(struct exchange *x);
int api_sign_up(struct exchange *x);
int api_sign_out(struct exchange *x);
int api_invite(struct exchange *x);
int api_reset(struct exchange *x);
int api_use_reset(struct exchange *x);

/* api_account.c: about oneself */
int api_me(struct exchange *x);
int api_set_password(struct exchange *x);
int api_start_totp(struct exchange *x);
int api_confirm_totp(struct exchange *x);
int api_stop_totp(struct exchange *x);

/* api_guest.c */
int api_guest_post(struct exchange *x);
int api_guest_delete(struct exchange *x);

/* api_avatar.c: below /api/v1/avatar/ */
int api_avatar(struct exchange *x);

/* api_request.c: all other addresses below /api/v1/, any verb: the requests of the protocol */
int api_request(struct exchange *x);

/* Whether the value of Content-Type (NULL: none) says JSON, whatever its parameters. */
bool api_is_json(const char *content_type);

#endif
