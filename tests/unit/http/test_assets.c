/* assets: the table that cmake/embed.mjs has made of the page. */
#include "http/assets.h"
#include "unit.h"

#include <string.h>

static void test_table(void **state)
{
    (void)state;
    assert_true(assets_count >= 3);
    for (size_t i = 0; i < assets_count; i++) {
        const struct asset *a = &assets_table[i];
        assert_int_equal(a->path[0], '/');
        assert_ptr_equal(assets_find(a->path), a);
        if (i > 0)
            assert_true(strcmp(assets_table[i - 1].path, a->path) < 0);
        assert_non_null(strchr(a->type, '/'));
        size_t tag = strlen(a->etag);
        assert_true(tag > 20 && a->etag[0] == '"' && a->etag[tag - 1] == '"');
        assert_int_equal(strcspn(a->etag + 1, "\" ,\\"), tag - 2);
        if (a->immutable)
            assert_memory_equal(a->path, "/assets/", 8);
    }
}

/* RFC 1952: the header's magic and method, and the length of what it unpacks to at the end. */
static void test_gzip(void **state)
{
    (void)state;
    int packed = 0;
    for (size_t i = 0; i < assets_count; i++) {
        const struct asset *a = &assets_table[i];
        if (!a->gzip_etag)
            continue;
        packed++;
        const unsigned char *end = a->gzip_bytes + a->gzip_size;
        assert_true(a->gzip_size < a->size);
        assert_memory_equal(a->gzip_bytes, "\x1f\x8b\x08", 3);
        size_t unpacked = (size_t)end[-4] | (size_t)end[-3] << 8 | (size_t)end[-2] << 16 | (size_t)end[-1] << 24;
        assert_int_equal(unpacked, a->size);
        assert_string_not_equal(a->gzip_etag, a->etag);
    }
    assert_true(packed > 0);
}

static void test_find(void **state)
{
    (void)state;
    assert_non_null(assets_find("/index.html"));
    assert_null(assets_find(""));
    assert_null(assets_find("/"));
    assert_null(assets_find("/index.htm"));
    assert_null(assets_find("/index.html/"));
    assert_null(assets_find("/assets"));
    assert_null(assets_find("/assets/"));
    assert_null(assets_find("/assets/../index.html"));
    assert_null(assets_find("/zzzz"));
}

/* The policy forbids inline scripts and styles, so the page must not have any, and its bundles must be there under
 * the names that it uses. */
static void test_page(void **state)
{
    (void)state;
    const struct asset *page = assets_find("/index.html");
    char text[65536];
    assert_in_range(page->size, 1, sizeof text - 1);
    memcpy(text, page->bytes, page->size);
    text[page->size] = 0;
    assert_false(page->immutable);
    assert_null(strstr(text, "<style"));
    assert_null(strstr(text, " style="));
    assert_null(strstr(text, "<script>"));
    assert_null(strstr(text, "javascript:"));
    int bundles = 0;
    for (char *p = strstr(text, "\"/assets/"); p; p = strstr(p + 1, "\"/assets/")) {
        char path[256];
        size_t len = strcspn(p + 1, "\"");
        assert_in_range(len, 1, sizeof path - 1);
        memcpy(path, p + 1, len);
        path[len] = 0;
        const struct asset *bundle = assets_find(path);
        assert_non_null(bundle);
        assert_true(bundle->immutable);
        bundles++;
    }
    assert_true(bundles >= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_gzip),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
