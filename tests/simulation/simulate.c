/* simulate - runs the core of the program on one thread from one seed, and many seeds after each other. See world.h. */
#include "world.h"

#include "base/diag.h"
#include "base/secret.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    TWICE_EVERY = 25,   /* of so many seeds one is run again, to see that it repeats itself */
    SEED_AT_MOST_S = 120, /* of real time: what takes longer hangs */
};

static const char usage[] = "usage: simulate [--seed N | --seeds COUNT | --seeds FROM-TO] [--turns N] [--verbose]\n"
                            "  --seed N       runs this seed; what it does is repeated exactly\n"
                            "  --seeds ...    runs seeds 1 to COUNT, or FROM to TO (the default: 1-500)\n"
                            "  --turns N      how long each run goes on, instead of what its seed says\n"
                            "  --verbose      prints what happens as it happens\n";

struct options {
    uint64_t from, to;
    struct world_options world;
    char replay[64];
};

static const struct trace *running; /* for on_signal() */

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
    *o = (struct options){.from = 1, .to = 500};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--verbose") == 0)
            o->world.print = true;
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

static struct world_result run(uint64_t seed, const struct options *o)
{
    struct world_result result;
    alarm(SEED_AT_MOST_S);
    world_run(seed, &o->world, &result, &running);
    alarm(0);
    return result;
}

static bool repeats_itself(uint64_t seed, const struct options *o, uint64_t hash)
{
    uint64_t again = run(seed, o).hash;
    if (again != hash)
        fprintf(stderr, "seed %" PRIu64 " failed: it was run twice and was not the same\nreplay: ./dev simulate --seed %" PRIu64 "%s\n",
                seed, seed, o->replay);
    return again == hash;
}

int main(int argc, char **argv)
{
    struct options o;
    struct world_result sum = {0};
    if (!read_options(argc, argv, &o)) {
        fputs(usage, stderr);
        return 2;
    }
    /* What the program has to say to its operator is about failures that are meant to happen. */
    if (secret_init() || diag_open(o.world.print ? NULL : "/dev/null", o.world.print ? DIAG_INFO : DIAG_ERROR))
        return EXIT_FAILURE;
    const int signals[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        signal(signals[i], on_signal);
    for (uint64_t seed = o.from; seed <= o.to; seed++) {
        struct world_result r = run(seed, &o);
        if ((seed % TWICE_EVERY == 0 || o.from == o.to) && !repeats_itself(seed, &o, r.hash))
            return EXIT_FAILURE;
        sum.turns += r.turns;
        sum.events += r.events;
        sum.starts += r.starts;
        sum.sends += r.sends;
        sum.simulated_us += r.simulated_us;
        sum.hash = (sum.hash ^ r.hash) * UINT64_C(0x100000001B3);
    }
    printf("%" PRIu64 " seeds passed: %" PRIu64 " turns, %" PRId64 " sends, %" PRId64 " events seen, %" PRId64 " starts, %" PRId64
           " simulated seconds, hash %016" PRIx64 "\n",
           o.to - o.from + 1, sum.turns, sum.sends, sum.events, sum.starts, sum.simulated_us / 1000000, sum.hash);
    return EXIT_SUCCESS;
}
