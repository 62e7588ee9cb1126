#include "mono.h"

#include <time.h>

uint64_t mono_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * MONO_SECOND + (uint64_t)now.tv_nsec;
}

void mono_sleep(uint64_t ns)
{
    struct timespec left = {.tv_sec = (time_t)(ns / MONO_SECOND), .tv_nsec = (long)(ns % MONO_SECOND)};
    nanosleep(&left, NULL);
}

uint64_t mono_from_s(double seconds)
{
    return (uint64_t)(seconds * (double)MONO_SECOND);
}

double mono_to_s(uint64_t ns)
{
    return (double)ns / (double)MONO_SECOND;
}
