#include "cli/prompt.h"

#include "base/secret.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Byte by byte, so that nothing behind the line is taken; an interrupted read is no line. A file made on Windows ends
 * its lines with CR LF, which is no part of them. With a NUL in it, only what stands before it would count. */
static enum err read_line(char *out, size_t size)
{
    size_t len = 0;
    char c;
    ssize_t n;
    while ((n = read(STDIN_FILENO, &c, 1)) == 1 && c != '\n') {
        if (!c)
            return ERR_FORBIDDEN;
        if (len + 1 >= size)
            return ERR_TOO_BIG;
        out[len++] = c;
    }
    if (n == 1 && len > 0 && out[len - 1] == '\r')
        len--;
    out[len] = 0;
    return n < 0 || (n == 0 && len == 0) ? ERR_IO : OK;
}

static void on_interrupt(int signal)
{
    (void)signal; /* it has made read() return */
}

/* With what is typed not shown, and shown again at the end, also when it is Ctrl+C. */
static enum err ask_twice(const char *whose, char *out, char *again, size_t size)
{
    struct termios before, quiet;
    struct sigaction interrupted = {.sa_handler = on_interrupt}, old;
    if (tcgetattr(STDIN_FILENO, &before) != 0)
        return ERR_IO;
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    sigaction(SIGINT, &interrupted, &old);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    fprintf(stderr, "Password for %s (at least 10 characters): ", whose);
    enum err e = read_line(out, size);
    if (!e) {
        fputs("\nAgain: ", stderr);
        e = read_line(again, size);
    }
    fputc('\n', stderr);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    sigaction(SIGINT, &old, NULL);
    return !e && strcmp(out, again) != 0 ? ERR_INVALID : e;
}

enum err prompt_password(const char *whose, char *out, size_t size)
{
    char again[2048];
    if (!isatty(STDIN_FILENO))
        return read_line(out, size);
    enum err e = ask_twice(whose, out, again, size < sizeof again ? size : sizeof again);
    secret_wipe(again, sizeof again);
    return e;
}
