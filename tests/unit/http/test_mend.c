/* mend: which heads are rewritten, and into what. */
#include "http/mend.h"
#include "unit.h"

#define HEAD(lines) "GET /ws HTTP/1.1\r\n" lines "\r\n"

static void test_heads(void **state)
{
    (void)state;
    static const struct {
        const char *head, *mended; /* NULL: stays as it is */
    } cases[] = {
        {HEAD("Host: a\r\nConnection: Upgrade\r\n"), NULL},
        {HEAD("Host: a\r\nConnection: keep-alive, Upgrade\r\n"), NULL},
        {HEAD(""), NULL},
        {"\r\n\r\n", NULL},
        {HEAD("Connection: keep-alive\r\nHost: a\r\nconnection:Upgrade\r\nX: y\r\n"),
         HEAD("Connection: keep-alive,Upgrade,\r\nHost: a\r\nX: y\r\n")},
        {HEAD("Connection:\r\nConnection: \r\n"), HEAD("Connection: ,,\r\n")},
        {HEAD("Connection: a\r\nConnection: b\r\nConnection: c\r\n"), HEAD("Connection: a,b,c,\r\n")},
        {HEAD("Host:\ta\t\r\n"), HEAD("Host: a \r\n")},
        {HEAD("X: a\tb:\tc\r\nConnection:\tx\ty\r\n"), HEAD("X: a b: c\r\nConnection: x y,\r\n")},
        /* What is malformed stays so, and is refused by whoever reads it. */
        {HEAD("X\t: a\r\n"), HEAD("X\t: a\r\n")},
        {HEAD("Host: a\r\n\tX: b\r\n"), HEAD("Host: a\r\n\tX: b\r\n")},
        {HEAD("Host: a\r\n\tb\r\n"), HEAD("Host: a\r\n\tb\r\n")},
        {"GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"},
        {HEAD("Connection : a\r\nConnection: b\r\n"), NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buf out = BUF_INIT;
        const bool mended = mend_head(span_of(cases[i].head), &out);
        if (mended != (cases[i].mended != NULL))
            fail_msg("%s: %d", cases[i].head, mended);
        if (mended && !span_equal(buf_span(&out), span_of(cases[i].mended)))
            fail_msg("%s: %.*s", cases[i].head, (int)out.len, out.p);
        buf_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_heads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
