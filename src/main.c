/* Hubbub: reads its settings, then serves until it is told to stop, or carries out one command. */
#include "app.h"
#include "base/diag.h"
#include "base/diag_sink.h"
#include "base/env.h"
#include "base/hash.h"
#include "base/secret.h"
#include "cli/admin.h"
#include "cli/command.h"
#include "cli/control.h"
#include "config/config_memory.h"
#include "directory/people.h"

#include <getopt.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { SETS_MAX = 64 };

struct arguments {
    const char *config_file;
    const char *sets[SETS_MAX];
    int set_count;
    bool check_config;
    const char *const *words;
    int word_count;
};

static void usage(FILE *to)
{
    struct buf commands = BUF_INIT;
    admin_knows(NULL, 0, &commands);
    fprintf(to,
            "usage: hubbub [options]             run the server until Ctrl+C or SIGTERM\n"
            "       hubbub [options] COMMAND     run one command, whether the server is running or not\n"
            "\n"
            "  --config FILE      the settings file; config/civetweb.conf explains every setting. Default: that file\n"
            "                     or civetweb.conf in the current directory, or /etc/hubbub/civetweb.conf\n"
            "  --set NAME=VALUE   override one setting of the file and the environment (HUBBUB_NAME); can be repeated\n"
            "  --check-config     print the settings in use and where each value came from\n"
            "  --version, --help\n"
            "\n%.*s",
            (int)commands.len, commands.p ? commands.p : "");
    buf_release(&commands);
}

/* The settings that lie where the program is called, or else those of the server that is installed here, when --config
 * is not given. */
static const char *default_config_file(void)
{
    static const char *const places[] = {"config/civetweb.conf", "civetweb.conf", "/etc/hubbub/civetweb.conf"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (access(places[i], F_OK) == 0)
            return places[i];
    return NULL;
}

/* Fills *out; or exits, for --help, --version and what it does not understand. */
static void parse(int argc, char **argv, struct arguments *out)
{
    static const struct option options[] = {
        {"config", required_argument, NULL, 'c'}, {"set", required_argument, NULL, 's'},
        {"check-config", no_argument, NULL, 'k'}, {"version", no_argument, NULL, 'v'},
        {"help", no_argument, NULL, 'h'},         {NULL, 0, NULL, 0},
    };
    *out = (struct arguments){0};
    for (int o; (o = getopt_long(argc, argv, "+", options, NULL)) != -1;) {
        switch (o) {
        case 'c':
            out->config_file = optarg;
            break;
        case 's':
            if (out->set_count == SETS_MAX) {
                fprintf(stderr, "hubbub: too many --set (at most %d): put them in a file and use --config\n", SETS_MAX);
                exit(2);
            }
            out->sets[out->set_count++] = optarg;
            break;
        case 'k':
            out->check_config = true;
            break;
        case 'v':
            puts("hubbub " HUBBUB_VERSION);
            exit(0);
        case 'h':
            usage(stdout);
            exit(0);
        default:
            fputs("See hubbub --help.\n", stderr);
            exit(2);
        }
    }
    if (!out->config_file)
        out->config_file = default_config_file();
    out->words = (const char *const *)argv + optind;
    out->word_count = argc - optind;
}

static int fail(const char *text)
{
    fprintf(stderr, "hubbub: %s\n", text);
    return 1;
}

/* ------------------------------------------------------------------ the server */

/* A descriptor to poll for the signals, which are blocked in all threads. */
static int watch_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is a write that fails, not the end */
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    return signalfd(-1, &signals, SFD_CLOEXEC);
}

static void allow_many_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* Takes one signal. True: the process is to stop. */
static bool told_to_stop(int signal_fd)
{
    struct signalfd_siginfo info;
    if (read(signal_fd, &info, sizeof info) != sizeof info)
        return false;
    if (info.ssi_signo == SIGHUP) {
        diag_reopen();
        return false;
    }
    diag_info("stopping", "signal=%s", info.ssi_signo == SIGINT ? "INT" : "TERM");
    return true;
}

enum { LOOK_MS = 250 }; /* see app_look() */

/* Until a signal says stop, or the database is gone: false. */
static bool wait_for_the_end(struct app *a, const char *page, int signal_fd)
{
    const struct admin admin = {a->chat, page};
    struct pollfd fds[] = {{.fd = signal_fd, .events = POLLIN}, {.fd = a->control_fd, .events = POLLIN}};
    for (;;) {
        int ready = poll(fds, 2, LOOK_MS);
        app_look(a);
        if (store_is_gone(a->store))
            return false;
        if (ready > 0 && (fds[1].revents & POLLIN))
            control_serve(a->control_fd, &admin);
        if (ready > 0 && (fds[0].revents & POLLIN) && told_to_stop(signal_fd))
            return true;
    }
}

/* What takes long when there is much to bring up to date, on a thread of its own. */
struct opening {
    struct app *app;
    struct app_error why;
    enum err result;
    int done_fd; /* an eventfd */
};

static void *open_app(void *arg)
{
    struct opening *o = arg;
    const uint64_t one = 1;
    pthread_setname_np(pthread_self(), "opener");
    o->result = app_open(o->app, (int)o->app->config->reactor_threads, &o->why);
    if (!o->result)
        o->result = app_serve(o->app, &o->why);
    if (write(o->done_fd, &one, sizeof one) != sizeof one)
        abort(); /* an eventfd takes it */
    return NULL;
}

/* Nothing of a start need be undone, and the thread that opens cannot be stopped inside SQLite. */
static _Noreturn void end_at_once(struct app *a)
{
    control_close(a->control_fd, a->datadir.socket);
    diag_info("stopped", "%s", "");
    diag_sink_stop();
    _exit(0);
}

/* Opens everything while signals, the command line and HTTP are looked after. */
static enum err start(struct app *a, int signal_fd, struct app_error *why)
{
    static struct opening o; /* the thread has it */
    pthread_t thread;
    o = (struct opening){.app = a, .done_fd = eventfd(0, EFD_CLOEXEC)};
    struct pollfd fds[] = {{.fd = o.done_fd, .events = POLLIN},
                           {.fd = signal_fd, .events = POLLIN},
                           {.fd = a->control_fd, .events = POLLIN}};
    snprintf(why->text, sizeof why->text, "out of memory or threads");
    if (o.done_fd < 0 || pthread_create(&thread, NULL, open_app, &o))
        return ERR_MEMORY;
    while (!(fds[0].revents & POLLIN)) {
        int ready = poll(fds, 3, -1);
        if (ready > 0 && (fds[1].revents & POLLIN) && told_to_stop(signal_fd))
            end_at_once(a);
        if (ready > 0 && (fds[2].revents & POLLIN))
            control_serve(a->control_fd, NULL);
    }
    pthread_join(thread, NULL);
    close(o.done_fd);
    *why = o.why;
    return o.result;
}

static enum err begin(struct app *a, const struct config *config, struct app_error *why)
{
    enum err e = app_begin(a, config, true, why);
    return e ? e : app_listen(a, why);
}

static int serve(const struct config *config)
{
    static struct app app; /* threads have it */
    struct app_error why;
    char address[64], page[APP_PAGE_BYTES];
    int signal_fd = watch_signals();
    allow_many_descriptors();
    if (app_check_ports(config, &why))
        return fail(why.text);
    if (diag_sink_start())
        return fail("out of memory: cannot start a thread");
    enum err e = begin(&app, config, &why);
    if (!e)
        e = start(&app, signal_fd, &why);
    if (!e) {
        http_address(app.http, address, sizeof address);
        diag_info("ready", "address=%s data_dir=%s version=%s", address, diag_quote(config->data_dir).s,
                  HUBBUB_VERSION);
        app_page(config, address, page);
        if (!directory_is_set_up(app.chat->directory))
            diag_info("not_set_up", "page=%s hint=%s", page,
                      diag_quote("open the page and create the owner account; nothing else works until then").s);
        if (!wait_for_the_end(&app, page, signal_fd)) {
            e = ERR_STORAGE;
            snprintf(why.text, sizeof why.text, "the database is gone; see event=database_gone in the log");
        }
        app_drain(&app);
    }
    app_close(&app);
    if (!e)
        diag_info("stopped", "%s", "");
    diag_sink_stop();
    return e ? fail(why.text) : 0;
}

static int run_here(void *config, const char *const *words, int n, bool with_password, struct buf *out)
{
    return app_run_command(config, words, n, with_password, out);
}

static int run_command(struct config *config, const struct arguments *args)
{
    struct datadir datadir;
    datadir_name(&datadir, config->data_dir);
    const struct command_way way = {.socket = datadir.socket, .run_here = run_here, .ctx = config};
    return command_run(&way, args->words, args->word_count);
}

/* So that clients cannot choose names that share a bucket. */
static void key_tables(void)
{
    uint8_t key[HASH_KEY_BYTES];
    env_random(env_system(), key, sizeof key);
    hash_set_key(key);
}

int main(int argc, char **argv)
{
    static struct config config; /* too large for a stack frame */
    struct config_error why;
    struct arguments args;
    parse(argc, argv, &args);
    if (config_load(args.config_file, args.sets, args.set_count, &config, &why))
        return fail(why.text);
    if (args.check_config) {
        config_print(&config, stdout);
        config_print_memory(&config, config_machine_bytes(), config_tcp_bytes(), stdout, stderr);
        return 0;
    }
    if (secret_init())
        return fail("this system has no source of randomness");
    key_tables();
    if (diag_open(config.log_file, config.log_level))
        return fail("cannot open log_file for writing; choose another file, or \"\" for stderr");
    return args.word_count ? run_command(&config, &args) : serve(&config);
}
