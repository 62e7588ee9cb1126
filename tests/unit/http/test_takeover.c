/* takeover: the right descriptor is found among others, and after the swap the old number is a dead end with the
 * mark, the new one alive. */
#include "http/takeover.h"
#include "unit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { LOW = 200, PAIRS = 20 };

static struct takeover_range range = {.first = 3, .limit = LOW};
static const uint8_t mark[TAKEOVER_MARK_BYTES] = "0123456789abcde";

struct pair {
    int client, server;
};

static int listener(struct sockaddr_in *where)
{
    socklen_t len = sizeof *where;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    *where = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_int_equal(bind(fd, (struct sockaddr *)where, len), 0);
    assert_int_equal(listen(fd, PAIRS), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)where, &len), 0);
    return fd;
}

static struct pair connect_to(int listening, const struct sockaddr_in *where)
{
    struct pair p = {.client = socket(AF_INET, SOCK_STREAM, 0)};
    assert_int_equal(connect(p.client, (const struct sockaddr *)where, sizeof *where), 0);
    p.server = accept(listening, NULL, NULL);
    assert_true(p.server >= 0);
    return p;
}

static struct takeover_ends ends_of(int server)
{
    struct takeover_ends e;
    struct sockaddr_storage s;
    socklen_t len = sizeof s;
    assert_int_equal(getpeername(server, (struct sockaddr *)&s, &len), 0);
    assert_true(address_of_socket(&s, &e.peer, &e.peer_port));
    len = sizeof s;
    assert_int_equal(getsockname(server, (struct sockaddr *)&s, &len), 0);
    assert_true(address_of_socket(&s, &e.local, &e.local_port));
    return e;
}

static void test_find(void **state)
{
    (void)state;
    struct sockaddr_in where;
    struct pair pairs[PAIRS];
    int listening = listener(&where);
    for (int i = 0; i < PAIRS; i++)
        pairs[i] = connect_to(listening, &where);
    for (int i = 0; i < PAIRS; i++) {
        struct takeover_ends ends = ends_of(pairs[i].server), other;
        assert_int_equal(takeover_find(&ends, &range), pairs[i].server);
        range.limit = pairs[i].server;
        assert_int_equal(takeover_find(&ends, &range), -1); /* not in the range */
        range.limit = LOW;
        range.first = pairs[i].server + 1; /* still in it, but looked for last */
        assert_int_equal(takeover_find(&ends, &range), pairs[i].server);
        range.first = 3;
        other = ends;
        other.local_port++;
        assert_int_equal(takeover_find(&other, &range), -1);
        other = ends;
        other.local.bytes[15]++; /* the same peer, connected to another of our addresses */
        assert_int_equal(takeover_find(&other, &range), -1);
    }
    for (int i = 0; i < TAKEOVER_NOTES; i++) /* notes that are wrong do no harm */
        range.notes[i] = i % 2 ? pairs[0].server : listening;
    for (int i = PAIRS - 1; i >= 0; i--) {
        struct takeover_ends ends = ends_of(pairs[i].server);
        assert_int_equal(takeover_find(&ends, &range), pairs[i].server);
    }
    struct takeover_ends gone = ends_of(pairs[0].server);
    for (int i = 0; i < PAIRS; i++) {
        close(pairs[i].client);
        close(pairs[i].server);
    }
    assert_int_equal(takeover_find(&gone, &range), -1);
    close(listening);
}

static void test_replace(void **state)
{
    (void)state;
    struct sockaddr_in where;
    char bytes[64];
    int live = -1, listening = listener(&where);
    struct pair p = connect_to(listening, &where);
    struct takeover_ends ends = ends_of(p.server);
    assert_int_equal(send(p.client, "before", 6, 0), 6);

    assert_int_equal(takeover_replace(p.server, LOW, mark, &live), OK);
    assert_true(live >= LOW);
    assert_true(fcntl(live, F_GETFD) & FD_CLOEXEC);
    assert_true(fcntl(p.server, F_GETFD) & FD_CLOEXEC);
    assert_int_equal(takeover_find(&ends, &range), -1);

    /* the dead end: the mark in a frame, then nothing more */
    assert_int_equal(recv(p.server, bytes, sizeof bytes, 0), 2 + TAKEOVER_MARK_BYTES);
    assert_int_equal(bytes[1], TAKEOVER_MARK_BYTES);
    assert_true(takeover_is_mark(mark, (unsigned char)bytes[0], bytes + 2, (unsigned char)bytes[1]));
    assert_int_equal(recv(p.server, bytes, sizeof bytes, 0), 0);

    /* what CivetWeb does to it at the end */
    fcntl(p.server, F_SETFL, fcntl(p.server, F_GETFL) & ~O_NONBLOCK);
    shutdown(p.server, SHUT_WR);
    close(p.server);

    /* the live one: both ways, with nothing lost, to the end */
    assert_int_equal(recv(live, bytes, sizeof bytes, 0), 6);
    assert_memory_equal(bytes, "before", 6);
    assert_int_equal(send(live, "after", 5, 0), 5);
    assert_int_equal(recv(p.client, bytes, sizeof bytes, 0), 5);
    close(live);
    assert_int_equal(recv(p.client, bytes, sizeof bytes, 0), 0);
    close(p.client);
    close(listening);
}

/* Without descriptors to spare nothing changes, and nothing leaks. */
static void test_no_descriptors(void **state)
{
    (void)state;
    struct sockaddr_in where;
    struct rlimit old, few;
    char bytes[8];
    int live = -1, listening = listener(&where);
    struct pair p = connect_to(listening, &where);
    struct takeover_ends ends = ends_of(p.server);
    for (int inherited = p.server + 1; inherited < p.server + 8; inherited++)
        close(inherited); /* what runs the test may have left some open */
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
    for (int spare = 0; spare < 3; spare++) {
        few = old;
        few.rlim_cur = (rlim_t)(p.server + 1 + spare); /* p.server is the highest one in use */
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
        enum err e = takeover_replace(p.server, p.server + 1, mark, &live);
        int why = errno;
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
        assert_int_equal(e, ERR_IO);
        assert_true(why == EMFILE || why == EINVAL);
        assert_int_equal(live, -1);
        assert_int_equal(takeover_find(&ends, &range), p.server);
        assert_int_equal(fcntl(p.server + 1, F_GETFD), -1);
    }
    assert_int_equal(send(p.client, "hi", 2, 0), 2);
    assert_int_equal(recv(p.server, bytes, sizeof bytes, 0), 2);
    close(p.client);
    close(p.server);
    close(listening);
}

static void test_mark(void **state)
{
    (void)state;
    uint8_t other[TAKEOVER_MARK_BYTES + 1];
    memcpy(other, mark, TAKEOVER_MARK_BYTES);
    assert_true(takeover_is_mark(mark, 0x82, other, TAKEOVER_MARK_BYTES));
    assert_false(takeover_is_mark(mark, 0x81, other, TAKEOVER_MARK_BYTES));
    assert_false(takeover_is_mark(mark, 0x02, other, TAKEOVER_MARK_BYTES));
    assert_false(takeover_is_mark(mark, 0x82, other, TAKEOVER_MARK_BYTES - 1));
    assert_false(takeover_is_mark(mark, 0x82, other, TAKEOVER_MARK_BYTES + 1));
    other[7] ^= 1;
    assert_false(takeover_is_mark(mark, 0x82, other, TAKEOVER_MARK_BYTES));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_replace),
        cmocka_unit_test(test_no_descriptors),
        cmocka_unit_test(test_mark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
