/* The very first start, killed at each thing that it does to a file: the next one starts, on a place that is empty and
 * has a key. The functions below stand in front of libc's, for SQLite too. */
#include "app.h"
#include "base/diag.h"
#include "temporary.h"
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* ------------------------------------------------------------------ what is counted */

static int left_to_live; /* 0: for ever */

static void count(void)
{
    if (left_to_live && --left_to_live == 0)
        raise(SIGKILL);
}

#define COUNTED(type, name, number, parameters, ...)                                                                   \
    type name parameters;                                                                                              \
    type name parameters                                                                                               \
    {                                                                                                                  \
        count();                                                                                                       \
        return (type)syscall(number, __VA_ARGS__);                                                                     \
    }

COUNTED(ssize_t, write, SYS_write, (int fd, const void *p, size_t n), fd, p, n)
COUNTED(ssize_t, pwrite, SYS_pwrite64, (int fd, const void *p, size_t n, off_t at), fd, p, n, at)
COUNTED(ssize_t, pwrite64, SYS_pwrite64, (int fd, const void *p, size_t n, off_t at), fd, p, n, at)
COUNTED(int, fsync, SYS_fsync, (int fd), fd)
COUNTED(int, fdatasync, SYS_fdatasync, (int fd), fd)
COUNTED(int, ftruncate, SYS_ftruncate, (int fd, off_t size), fd, size)
COUNTED(int, ftruncate64, SYS_ftruncate, (int fd, off_t size), fd, size)
COUNTED(int, rename, SYS_rename, (const char *from, const char *to), from, to)
COUNTED(int, unlink, SYS_unlink, (const char *path), path)
COUNTED(int, mkdir, SYS_mkdir, (const char *path, mode_t mode), path, mode)

/* ------------------------------------------------------------------ starts */

static char parent[64], key[128];

/* 0 when it starts; in a process of its own. */
static int start_once(void)
{
    static struct config config;
    static struct app app;
    struct config_error config_why;
    struct app_error why = {""};
    char set[128];
    const char *sets[] = {set};
    snprintf(set, sizeof set, "data_dir=%s/deep/data", parent);
    if (config_load(NULL, sets, 1, &config, &config_why))
        return 1;
    enum err e = app_begin(&app, &config, true, &why);
    if (!e)
        e = app_open(&app, 1, &why);
    if (e)
        fprintf(stderr, "%s\n", why.text);
    app_close(&app);
    return e ? 1 : 0;
}

/* How the process ended, as waitpid() has it. */
static int start_and_die(int after)
{
    int status = -1;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        left_to_live = after;
        _exit(start_once());
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void forget(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s/deep", parent);
    assert_int_equal(system(command), 0);
}

static void a_killed_first_start_starts_again(void **state)
{
    (void)state;
    int kills = 0;
    for (int n = 1;; n++) {
        struct stat st;
        forget();
        int status = start_and_die(n);
        if (WIFEXITED(status)) {
            assert_int_equal(WEXITSTATUS(status), 0);
            break;
        }
        kills++;
        if (start_and_die(0) != 0)
            fail_msg("killed at %d, it does not start again", n);
        assert_int_equal(stat(key, &st), 0);
        assert_int_equal(st.st_size, SECRET_BYTES);
        assert_int_equal(st.st_mode & 0777, 0600);
    }
    assert_in_range(kills, 30, 2000); /* or nothing was counted */
    forget();
}

static int set_up(void **state)
{
    (void)state;
    if (access("/dev/shm", W_OK) == 0)
        setenv("TMPDIR", "/dev/shm", 0); /* a kill loses nothing that was written, so a disk only takes its time */
    temporary_name(parent, sizeof parent, "first");
    diag_open(NULL, DIAG_WARN);
    if (secret_init() || !mkdtemp(parent))
        return -1;
    snprintf(key, sizeof key, "%s/deep/data/secret.key", parent);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return rmdir(parent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_killed_first_start_starts_again, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
