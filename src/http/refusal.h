/* refusal.h - why a request is not carried out: a status, a code for programs, a sentence for people. All of them are
 * constants. */
#ifndef HUBBUB_HTTP_REFUSAL_H
#define HUBBUB_HTTP_REFUSAL_H

struct refusal {
    int status;
    const char *code;
    const char *message;
    const char *headers; /* header lines that the answer needs, each with CRLF; NULL: none */
};

#endif
