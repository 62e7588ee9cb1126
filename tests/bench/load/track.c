#include "track.h"

enum { WINDOW = 32 };

enum track_verdict track_see(struct track *t, uint32_t number)
{
    if (number > t->highest) {
        uint32_t step = number - t->highest;
        t->below = step < WINDOW ? t->below << step : 0;
        if (step <= WINDOW && t->highest)
            t->below |= (uint32_t)1 << (step - 1);
        t->highest = number;
        return TRACK_NEW;
    }
    uint32_t back = t->highest - number;
    if (back == 0 || back > WINDOW || t->below >> (back - 1) & 1)
        return TRACK_AGAIN;
    t->below |= (uint32_t)1 << (back - 1);
    return TRACK_LATE;
}
