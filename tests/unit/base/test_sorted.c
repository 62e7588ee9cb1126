/* sorted: where an id is or would be, and making an array ascend with each id once. */
#include "base/sorted.h"
#include "unit.h"

static const int64_t ids[] = {-7, 0, 3, 4, 9};
enum { COUNT = sizeof ids / sizeof ids[0] };

static void places(void **state)
{
    (void)state;
    static const struct {
        int64_t id;
        size_t place;
        bool is_there;
    } cases[] = {{-8, 0, false}, {-7, 0, true}, {-1, 1, false}, {0, 1, true}, {2, 2, false},
                 {3, 2, true},   {4, 3, true},  {5, 4, false},  {9, 4, true}, {10, 5, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(sorted_place(ids, COUNT, sizeof *ids, cases[i].id), cases[i].place);
        assert_int_equal(sorted_has(ids, COUNT, cases[i].id), cases[i].is_there);
    }
    assert_int_equal(sorted_place(NULL, 0, sizeof *ids, 5), 0);
    assert_false(sorted_has(NULL, 0, 5));
}

static void places_among_larger_entries_and_pointers(void **state)
{
    (void)state;
    struct entry {
        int64_t id;
        char more[20];
    } entries[COUNT];
    const struct entry *pointers[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        entries[i] = (struct entry){.id = ids[i]};
        pointers[i] = &entries[i];
    }
    for (int64_t id = -9; id < 12; id++) {
        const size_t place = sorted_place(ids, COUNT, sizeof *ids, id);
        assert_int_equal(sorted_place(entries, COUNT, sizeof *entries, id), place);
        assert_int_equal(sorted_place_of_pointer(pointers, COUNT, id), place);
    }
}

static void making_one(void **state)
{
    (void)state;
    int64_t some[] = {9, 3, -7, 3, 0, 9, 9, 4, INT64_MIN, INT64_MAX};
    static const int64_t want[] = {INT64_MIN, -7, 0, 3, 4, 9, INT64_MAX};
    assert_int_equal(sorted_make(some, sizeof some / sizeof some[0]), sizeof want / sizeof want[0]);
    assert_memory_equal(some, want, sizeof want);
    assert_int_equal(sorted_make(some, 1), 1);
    assert_int_equal(sorted_make(NULL, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places),
        cmocka_unit_test(places_among_larger_entries_and_pointers),
        cmocka_unit_test(making_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
