/* api_client.h - calls of the HTTP API, to the server of http_stage.h. For one test program. */
#ifndef HUBBUB_TESTS_HTTP_API_CLIENT_H
#define HUBBUB_TESTS_HTTP_API_CLIENT_H

#include "http_stage.h"

#define ALIVE "Cookie: hubbub_session=alive\r\n"
#define TOKEN "Authorization: Bearer hubbub_good\r\n"
#define GUEST "Cookie: hubbub_guest=good\r\n"

static inline struct reply ask(const char *method, const char *path, const char *lines, const char *body)
{
    char text[2048];
    snprintf(text, sizeof text, "%s %s HTTP/1.1\r\n" HOST "%sContent-Length: %zu\r\n" END "%s", method, path, lines,
             strlen(body), body);
    return client_ask(port, text);
}

/* By the name behind /api/v1/. */
static inline struct reply call(const char *method, const char *name, const char *lines, const char *body)
{
    char path[128];
    snprintf(path, sizeof path, "/api/v1/%s", name);
    return ask(method, path, lines, body);
}

static inline struct reply post(const char *name, const char *lines, const char *body)
{
    return call("POST", name, lines, body);
}

static inline struct reply get(const char *name, const char *lines)
{
    return call("GET", name, lines, "");
}

static inline bool has_code(const struct reply *r, const char *code)
{
    char want[64];
    snprintf(want, sizeof want, "{\"error\":{\"code\":\"%s\",", code);
    return strncmp(r->body, want, strlen(want)) == 0;
}

#endif
