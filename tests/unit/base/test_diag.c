#include "base/diag.h"
#include "base/diag_sink.h"
#include "temporary.h"
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINES = 20000 };

static struct {
    char dir[64], path[96];
} made;

static int make_directory(void **state)
{
    (void)state;
    temporary_name(made.dir, sizeof made.dir, "diag");
    if (!mkdtemp(made.dir))
        return -1;
    snprintf(made.path, sizeof made.path, "%s/log", made.dir);
    return 0;
}

static int remove_directory(void **state)
{
    (void)state;
    unlink(made.path);
    return rmdir(made.dir);
}

static void say(int number)
{
    char line[32];
    diag_sink_lock();
    diag_sink_write(line, (size_t)snprintf(line, sizeof line, "n=%d 0123456789\n", number));
    diag_sink_unlock();
}

/* Nobody reads the pipe: those who log do not wait, what fits is kept, the rest is counted. */
static void a_full_pipe_holds_nobody_up(void **state)
{
    static const char note[] = " event=log_lines_dropped lines=";
    char line[200];
    int said = 0, expected = 0, dropped = 0, number = 0;
    (void)state;
    assert_int_equal(mkfifo(made.path, 0600), 0);
    int reader = open(made.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    assert_true(reader >= 0);
    assert_int_equal(diag_sink_open(made.path), OK);
    assert_int_equal(diag_sink_start(), OK);
    while (said < LINES)
        say(said++);

    FILE *lines = fdopen(reader, "r");
    assert_non_null(lines);
    fcntl(reader, F_SETFL, 0); /* from here on the reader waits for lines */
    while (number < LINES) {   /* until one comes that was said after all those */
        say(said++);
        assert_non_null(fgets(line, sizeof line, lines));
        const char *count = strstr(line, note);
        if (count) {
            int lost = (int)strtol(count + strlen(note), NULL, 10);
            dropped += lost;
            expected += lost;
        } else {
            assert_int_equal(sscanf(line, "n=%d 0123456789", &number), 1);
            assert_int_equal(number, expected++);
        }
    }
    assert_true(dropped > 0);
    fclose(lines);
    diag_sink_stop();
    assert_int_equal(diag_sink_open(NULL), OK);
}

static void a_file_that_is_opened_again_keeps_its_mode(void **state)
{
    struct stat st;
    char away[100];
    const char *path = made.path;
    (void)state;
    snprintf(away, sizeof away, "%s.1", path);
    mode_t before = umask(022);
    assert_int_equal(diag_open(path, DIAG_INFO), OK);
    umask(077);
    assert_int_equal(rename(path, away), 0);
    diag_reopen();
    umask(before);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0640);
    assert_true(st.st_size > 0); /* log_reopened */
    assert_int_equal(stat(away, &st), 0);
    assert_int_equal(st.st_size, 0);
    assert_int_equal(diag_open(NULL, DIAG_INFO), OK);
    unlink(away);
}

static void a_level_that_is_off_is_not_looked_at(void **state)
{
    int looked = 0;
    (void)state;
    diag_debug("nothing", "looked=%d", ++looked);
    assert_int_equal(looked, 0);
    assert_false(diag_is_on(DIAG_DEBUG));
    assert_int_equal(diag_open(NULL, DIAG_DEBUG), OK);
    assert_true(diag_is_on(DIAG_DEBUG));
    assert_int_equal(diag_open(NULL, DIAG_INFO), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_full_pipe_holds_nobody_up, make_directory, remove_directory),
        cmocka_unit_test_setup_teardown(a_file_that_is_opened_again_keeps_its_mode, make_directory, remove_directory),
        cmocka_unit_test(a_level_that_is_off_is_not_looked_at),
    };
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
