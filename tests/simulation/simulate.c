/* simulate - runs the core of the program on one thread from one seed, and many seeds after each other. See world.h.
 *
 * Each seed has a process of its own: so it finds the same heap whichever seeds came before it, and what it does to
 * itself is its own affair. */
#include "base/diag.h"
#include "base/secret.h"
#include "world.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    TWICE_EVERY = 25,     /* of so many seeds one is run again, to see that it repeats itself */
    SEED_AT_MOST_S = 300, /* of real time: what takes longer hangs */
    ENOUGH_SEEDS = 500,   /* so many of the usual length reach everything that is counted */
};

static const char usage[] =
    "usage: simulate [--seed N | --seeds COUNT | --seeds FROM-TO] [--turns N] [--verbose] [--keep-going]\n"
    "  --seed N       runs this seed; what it does is repeated exactly\n"
    "  --seeds ...    runs seeds 1 to COUNT, or FROM to TO (the default: 1-500)\n"
    "  --turns N      how long each run goes on, instead of what its seed says\n"
    "  --verbose      prints what happens as it happens\n"
    "  --keep-going   does not stop at the first seed that fails\n";

struct options {
    uint64_t from, to;
    bool keep_going;
    struct world_options world;
    char replay[64];
};

static struct world_result *shared; /* with the process that runs a seed */
static const struct trace *running; /* for on_signal() */

/* ------------------------------------------------------------------ one seed, in its process */

static void on_signal(int number)
{
    char what[64];
    snprintf(what, sizeof what, "signal %d (%s)", number, number == SIGALRM ? "it hangs" : strsignal(number));
    if (running)
        trace_report(running, what);
    signal(number, SIG_DFL);
    raise(number);
}

/* Sanitizers end the program with SIGABRT, so that on_signal() can say which seed it was. */
const char *__asan_default_options(void);
const char *__ubsan_default_options(void);
const char *__tsan_default_options(void);

const char *__asan_default_options(void)
{
    return "abort_on_error=1:handle_abort=0";
}

const char *__ubsan_default_options(void)
{
    return "abort_on_error=1:handle_abort=0:print_stacktrace=1";
}

const char *__tsan_default_options(void)
{
    return "abort_on_error=1:handle_abort=0";
}

static _Noreturn void run_here(uint64_t seed, const struct options *o)
{
    const int signals[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        signal(signals[i], on_signal);
    alarm(SEED_AT_MOST_S);
    world_run(seed, &o->world, shared, &running);
    exit(EXIT_SUCCESS);
}

/* False: it has failed, and said why. */
static bool run(uint64_t seed, const struct options *o, struct world_result *result)
{
    int status;
    pid_t child = fork();
    if (child == 0)
        run_here(seed, o);
    if (child < 0 || waitpid(child, &status, 0) != child) {
        perror("simulate");
        exit(EXIT_FAILURE);
    }
    *result = *shared;
    if (status &&
        !(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FAILURE)) /* a sanitizer may end it after its report */
        fprintf(stderr,
                "seed %" PRIu64 " failed: its process ended with status %x\nreplay: " SIMULATE_COMMAND
                " --seed %" PRIu64 "%s\n",
                seed, (unsigned)status, seed, o->replay);
    return status == 0;
}

static bool run_well(uint64_t seed, const struct options *o, struct world_result *result)
{
    struct world_result again;
    if (!run(seed, o, result))
        return false;
    if (seed % TWICE_EVERY != 0 && o->from != o->to)
        return true;
    if (!run(seed, o, &again))
        return false;
    if (again.hash != result->hash)
        fprintf(stderr, "seed %" PRIu64 " failed: it was run twice and was not the same\n", seed);
    return again.hash == result->hash;
}

/* ------------------------------------------------------------------ all of them */

static void add(struct world_result *sum, const struct world_result *r)
{
    sum->turns += r->turns;
    sum->events += r->events;
    sum->starts += r->starts;
    sum->sends += r->sends;
    sum->simulated_us += r->simulated_us;
    sum->hash = (sum->hash ^ r->hash) * UINT64_C(0x100000001B3);
    for (int i = 0; i < TALLY_COUNT; i++)
        sum->tallies.n[i] += r->tallies.n[i];
    for (int i = 0; i < REQUEST_TYPES; i++)
        sum->tallies.done[i] += r->tallies.done[i];
}

static void print_sum(uint64_t passed, const struct world_result *sum)
{
    printf("%" PRIu64 " seeds passed: %" PRIu64 " turns, %" PRId64 " sends, %" PRId64 " events seen, %" PRId64
           " starts, %" PRId64 " simulated seconds, hash %016" PRIx64 "\n",
           passed, sum->turns, sum->sends, sum->events, sum->starts, sum->simulated_us / 1000000, sum->hash);
    for (int i = 0; i < TALLY_COUNT; i++)
        printf("%s%s %" PRId64, i ? ", " : "", tally_name((enum tally)i), sum->tallies.n[i]);
    for (int i = 0; i < REQUEST_TYPES; i++)
        printf("%s%s %" PRId64, i ? ", " : "; carried out: ", request_name((enum request_type)i), sum->tallies.done[i]);
    puts("");
}

/* A simulation that never gets somewhere cannot find out whether it is all right there. */
static bool reaches_all(const struct world_result *sum)
{
    bool all = true;
    for (int i = 0; i < TALLY_COUNT; i++) {
        if (!sum->tallies.n[i])
            fprintf(stderr, "failed: in all these runs there was none of what is counted as %s\n",
                    tally_name((enum tally)i));
        all &= sum->tallies.n[i] != 0;
    }
    for (int i = 0; i < REQUEST_TYPES; i++) {
        if (!sum->tallies.done[i])
            fprintf(stderr, "failed: in all these runs no %s was carried out\n", request_name((enum request_type)i));
        all &= sum->tallies.done[i] != 0;
    }
    return all;
}

/* ------------------------------------------------------------------ options */

static bool read_number(const char **text, uint64_t *out)
{
    char *end;
    errno = 0;
    *out = strtoull(*text, &end, 10);
    bool is_number = **text >= '0' && **text <= '9' && !errno;
    *text = end;
    return is_number;
}

static bool read_range(const char *text, struct options *o)
{
    o->from = 1;
    if (!read_number(&text, &o->to))
        return false;
    if (*text == '-') {
        o->from = o->to;
        text++;
        if (!read_number(&text, &o->to))
            return false;
    }
    return !*text && o->from <= o->to;
}

static bool read_option(const char *name, const char *value, struct options *o)
{
    uint64_t number = 0;
    const char *rest = value;
    if (strcmp(name, "--seeds") == 0)
        return read_range(value, o);
    if (!read_number(&rest, &number) || *rest)
        return false;
    if (strcmp(name, "--seed") == 0)
        o->from = o->to = number;
    else if (strcmp(name, "--turns") == 0 && number < INT64_MAX)
        o->world.turns = (int64_t)number;
    else
        return false;
    return true;
}

static bool read_options(int argc, char **argv, struct options *o)
{
    *o = (struct options){.from = 1, .to = ENOUGH_SEEDS};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--verbose") == 0)
            o->world.print = true;
        else if (strcmp(argv[i], "--keep-going") == 0)
            o->keep_going = true;
        else if (i + 1 == argc || !read_option(argv[i], argv[i + 1], o))
            return false;
        else
            i++;
    }
    if (o->world.turns)
        snprintf(o->replay, sizeof o->replay, " --turns %" PRId64, o->world.turns);
    o->world.replay_options = o->replay;
    return true;
}

int main(int argc, char **argv)
{
    struct options o;
    struct world_result sum = {0}, r;
    uint64_t passed = 0, failed = 0;
    if (!read_options(argc, argv, &o)) {
        fputs(usage, stderr);
        return 2;
    }
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    /* What the program has to say to its operator is about failures that are meant to happen. */
    if (shared == MAP_FAILED || secret_init() ||
        diag_open(o.world.print ? NULL : "/dev/null", o.world.print ? DIAG_INFO : DIAG_ERROR)) {
        perror("simulate");
        return EXIT_FAILURE;
    }
    for (uint64_t seed = o.from; seed <= o.to && (!failed || o.keep_going); seed++) {
        if (!run_well(seed, &o, &r)) {
            failed++;
            continue;
        }
        passed++;
        add(&sum, &r);
    }
    print_sum(passed, &sum);
    if (failed)
        fprintf(stderr, "%" PRIu64 " of %" PRIu64 " seeds failed\n", failed, passed + failed);
    else if (passed >= ENOUGH_SEEDS && !o.world.turns && !reaches_all(&sum))
        return EXIT_FAILURE;
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
