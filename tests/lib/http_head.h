/* http_head.h - a request's head as CivetWeb would have parsed it, for tests of what looks at it. */
#ifndef HUBBUB_TESTS_HTTP_HEAD_H
#define HUBBUB_TESTS_HTTP_HEAD_H

#include <civetweb.h>
#include <stdio.h>
#include <string.h>

struct http_head {
    struct mg_request_info info;
    char text[8192];
};

/* Cuts the text up to the next separator off *rest. */
static inline char *http_head_cut(char **rest, const char *separator)
{
    char *found = *rest, *end = strstr(*rest, separator);
    if (end) {
        *end = 0;
        *rest = end + strlen(separator);
    } else {
        *rest += strlen(*rest);
    }
    return found;
}

/* "GET /ws HTTP/1.1\r\nHost: a\r\n...", with or without the empty line. The strings in `info` point into `text`. */
static inline void http_head_parse(struct http_head *h, const char *text)
{
    memset(h, 0, sizeof *h);
    snprintf(h->text, sizeof h->text, "%s", text);
    char *rest = h->text, *line = http_head_cut(&rest, "\r\n");
    h->info.request_method = http_head_cut(&line, " ");
    h->info.local_uri_raw = h->info.local_uri = h->info.request_uri = http_head_cut(&line, " ");
    h->info.http_version = strncmp(line, "HTTP/", 5) == 0 ? line + 5 : line;
    while (*(line = http_head_cut(&rest, "\r\n")) && h->info.num_headers < MG_MAX_HEADERS) {
        struct mg_header *header = &h->info.http_headers[h->info.num_headers++];
        header->name = http_head_cut(&line, ":");
        header->value = line + strspn(line, " \t");
    }
}

#endif
