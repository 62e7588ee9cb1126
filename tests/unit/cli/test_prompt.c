/* prompt: a password from a pipe, and from a terminal that does not show it. */
#include "cli/prompt.h"
#include "unit.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SIZE = 16 };

/* ------------------------------------------------------------------ a pipe */

static void test_pipe(void **state)
{
    (void)state;
    static const struct {
        const char *in;
        enum err e;
        const char *want;
        size_t len; /* of what goes in; 0: to its NUL */
    } cases[] = {
        {"\r\n", OK, "", 0},
        {"from Windows\r\n", OK, "from Windows", 0},
        {"a\rb\r\r\n", OK, "a\rb\r", 0},
        {"no end\r", OK, "no end\r", 0},
        {"a NUL\0and more\n", ERR_FORBIDDEN, "", 15},
        {"\0", ERR_FORBIDDEN, "", 1},
        {"secret\n", OK, "secret", 0},
        {"secret", OK, "secret", 0},
        {"two words\nand more\n", OK, "two words", 0},
        {"\n", OK, "", 0},
        {"", ERR_IO, "", 0},
        {"fifteen letters\n", OK, "fifteen letters", 0},
        {"sixteen letters!\n", ERR_TOO_BIG, "", 0},
    };
    int saved = dup(STDIN_FILENO);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[SIZE] = "";
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        const size_t len = cases[i].len ? cases[i].len : strlen(cases[i].in);
        assert_int_equal(write(ends[1], cases[i].in, len), (ssize_t)len);
        close(ends[1]);
        dup2(ends[0], STDIN_FILENO);
        close(ends[0]);
        assert_int_equal(prompt_password("anna", out, sizeof out), cases[i].e);
        if (!cases[i].e)
            assert_string_equal(out, cases[i].want);
    }
    dup2(saved, STDIN_FILENO);
    close(saved);
}

/* ------------------------------------------------------------------ a terminal */

/* Somebody who types each answer when they are asked. What a terminal shows goes to `shown`. */
struct typist {
    int terminal, asked; /* the terminal's other side; where questions appear */
    const char *answers[2];
    char questions[256], shown[256];
};

static void *type(void *arg)
{
    struct typist *t = arg;
    size_t len = 0;
    for (int i = 0; i < 2; i++) {
        do
            assert_int_equal(read(t->asked, t->questions + len++, 1), 1);
        while (t->questions[len - 1] != ':');
        assert_int_equal(write(t->terminal, t->answers[i], strlen(t->answers[i])), (ssize_t)strlen(t->answers[i]));
    }
    return NULL;
}

static enum err ask_at_terminal(struct typist *t, char out[SIZE])
{
    int questions[2], saved_in = dup(STDIN_FILENO), saved_err = dup(STDERR_FILENO);
    pthread_t thread;
    t->terminal = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(t->terminal >= 0);
    assert_int_equal(grantpt(t->terminal), 0);
    assert_int_equal(unlockpt(t->terminal), 0);
    int ours = open(ptsname(t->terminal), O_RDWR | O_NOCTTY);
    assert_true(ours >= 0);
    assert_int_equal(pipe(questions), 0);
    t->asked = questions[0];
    dup2(ours, STDIN_FILENO);
    dup2(questions[1], STDERR_FILENO);
    assert_int_equal(pthread_create(&thread, NULL, type, t), 0);
    enum err e = prompt_password("anna", out, SIZE);
    pthread_join(thread, NULL);
    dup2(saved_in, STDIN_FILENO);
    dup2(saved_err, STDERR_FILENO);

    struct pollfd p = {.fd = t->terminal, .events = POLLIN};
    if (poll(&p, 1, 0) > 0 && read(t->terminal, t->shown, sizeof t->shown - 1) < 0)
        t->shown[0] = 0;
    int all[] = {t->terminal, ours, questions[0], questions[1], saved_in, saved_err};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        close(all[i]);
    return e;
}

static void test_terminal(void **state)
{
    (void)state;
    struct typist same = {.answers = {"secret\n", "secret\n"}}, other = {.answers = {"secret\n", "secert\n"}};
    char out[SIZE] = "";
    assert_int_equal(ask_at_terminal(&same, out), OK);
    assert_string_equal(out, "secret");
    assert_non_null(strstr(same.questions, "Password for anna"));
    assert_null(strstr(same.shown, "secret"));
    assert_int_equal(ask_at_terminal(&other, out), ERR_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_pipe), cmocka_unit_test(test_terminal)};
    return cmocka_run_group_tests_name("prompt", tests, NULL, NULL);
}
