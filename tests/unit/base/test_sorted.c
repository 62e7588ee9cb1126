#include "base/sorted.h"
#include "unit.h"

#include <string.h>

struct entry {
    int64_t id;
    char more;
};

/* Each array holds 2, 4, 6, ...: where every number up to beyond the end belongs. */
static void every_place(void **state)
{
    (void)state;
    enum { MOST = 9 };
    int64_t ids[MOST];
    struct entry entries[MOST], *pointers[MOST];
    for (int i = 0; i < MOST; i++) {
        ids[i] = 2 * (i + 1);
        memset(&entries[i], 0xff, sizeof entries[i]);
        entries[i].id = ids[i];
        pointers[i] = &entries[i];
    }
    for (size_t count = 0; count <= MOST; count++)
        for (int64_t id = -1; id <= 2 * MOST + 1; id++) {
            const size_t below = id <= 2 ? 0 : (size_t)(id - 1) / 2, want = below < count ? below : count;
            assert_int_equal(sorted_place(ids, count, sizeof *ids, id), want);
            assert_int_equal(sorted_place(entries, count, sizeof *entries, id), want);
            assert_int_equal(sorted_place_of_pointer(pointers, count, id), want);
        }
    assert_int_equal(sorted_place(NULL, 0, 1, 5), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_place)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
