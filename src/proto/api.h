/* api.h - the JSON bodies of the HTTP calls that are no requests of the protocol (those are read by
 * request_parse_call()): one small object in, one out, as the table in README.md says. No I/O, no threads. */
#ifndef HUBBUB_PROTO_API_H
#define HUBBUB_PROTO_API_H

#include "proto/event.h"

/* The calls that have a body. Which texts each takes is one table in api.c. */
enum api_call {
    API_SETUP,
    API_SIGN_IN,
    API_SIGN_UP,
    API_USE_RESET,
    API_SET_PASSWORD,
    API_CONFIRM_TOTP,
    API_STOP_TOTP,
    API_GUEST,
    API_CALLS
};

/* What was sent. Texts that the call does not take, or that were not given, are empty. */
struct api_form {
    struct span name, display_name, place, invite, code;
    struct span password, current, secret;
    void *json; /* owns what the spans point to */
};

/* Reads the body of a call. Other fields are ignored. ERR_INVALID_JSON: not a JSON object in UTF-8, or nested deeper
 * than anything here needs, or with a NUL in it; ERR_INVALID with *why, a constant sentence for people that names the
 * field: missing (or empty, where it is needed), not a string, or too long. Call api_form_release() in every case. */
enum err api_form_read(enum api_call call, struct span body, struct api_form *out, const char **why);
void api_form_release(struct api_form *form);

/* All that follow append one object to a buf, which tells by `failed` when memory was short; text is valid UTF-8. */

/* {"user":{"id":7,"name":"Anna","role":"member"}} */
void api_write_user(struct buf *out, const struct event_person *user);

/* What is wrong with one field of a form. */
struct api_fault {
    const char *field, *code, *message;
};

/* {"error":{"code":"name_taken","message":"...","retry_after_ms":180,"faults":[{"field":"name","code":"name_taken",
 * "message":"..."}]}}; what is 0 is left out. */
void api_write_error(struct buf *out, struct span code, struct span message, int64_t retry_after_ms,
                     const struct api_fault *faults, size_t count);

struct api_place {
    struct span name, version;
    const char *signup; /* "invite", "open" or "closed" */
    bool is_set_up, takes_guests;
};
/* {"place":{"name":...,"set_up":...,"signup":...,"guests":...,"version":...}} */
void api_write_place(struct buf *out, const struct api_place *p);

/* {"invite":{"valid":true,"by":{user},"rooms":["garden"]}}. */
void api_write_invite(struct buf *out, const struct event_user *by, const struct span *rooms, size_t count);
/* {"invite":{"valid":false,"reason":"expired"}} */
void api_write_no_invite(struct buf *out, const char *reason);

/* {"reset":{"valid":true,"name":"anna"}}; with an empty name {"reset":{"valid":false}}. */
void api_write_reset(struct buf *out, struct span name);

struct api_me {
    struct event_person user;
    int64_t session; /* 0: none */
    enum scope scope;
    bool has_totp;
};
/* {"user":{...},"session":12,"scope":"admin","totp":false} */
void api_write_me(struct buf *out, const struct api_me *me);

/* {"secret":"...","uri":"otpauth:..."} */
void api_write_totp(struct buf *out, struct span secret, struct span uri);

/* {"recovery_codes":["k7p2q-dx4vh",...]}; `codes`: each ended by a newline. */
void api_write_recovery_codes(struct buf *out, struct span codes);

#endif
