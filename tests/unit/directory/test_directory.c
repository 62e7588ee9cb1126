/* The directory: what it reads at start is what it has learned by changes; who may read what; which rooms are active. */
#include "directory/directory_internal.h"
#include "directory/memberships.h"
#include "directory/people.h"
#include "directory/rooms.h"
#include "runtime.h"

static struct directory *d(void)
{
    return rt.chat->directory;
}

static int64_t *ids_of(struct buf *ids, size_t *n)
{
    *n = ids->len / sizeof(int64_t);
    return (int64_t *)ids->p;
}

static void assert_ids(struct buf *ids, const char *want)
{
    char got[256] = "";
    size_t n;
    const int64_t *id = ids_of(ids, &n);
    for (size_t i = 0; i < n; i++)
        snprintf(got + strlen(got), sizeof got - strlen(got), "%s%lld", i ? "," : "", (long long)id[i]);
    assert_string_equal(got, want);
    buf_clear(ids);
}

/* ------------------------------------------------------------------ people */

static void people_are_found_by_id_fold_and_part(void **state)
{
    struct directory_user u;
    struct buf ids = BUF_INIT;
    char fold[NAME_KEY_BYTES];
    (void)state;
    int64_t anna = rt_account("anna"), ben = rt_account("ben"), gus = rt_guest("Gus");
    struct client *c = rt_connect(anna);
    rt_say(c, "{\"type\":\"set_profile\",\"display_name\":\"Anna Berg\",\"status_text\":\"outside\"}");
    assert_true(directory_user(d(), anna, &u));
    assert_string_equal(u.name, "anna");
    assert_string_equal(u.display_name, "Anna Berg");
    assert_string_equal(u.status_text, "outside");
    assert_int_equal(u.kind, USER_ACCOUNT);
    assert_int_equal(u.role, ROLE_MEMBER);
    assert_true(directory_user(d(), gus, &u));
    assert_int_equal(u.kind, USER_GUEST);
    assert_false(directory_user(d(), 999, &u));
    assert_false(directory_user(d(), 0, &u)); /* the system is nobody */

    assert_int_equal(rt_id_of("ANNA"), anna);
    assert_int_equal(name_fold(rt.chat->names, span_of("berg"), fold), OK);
    assert_false(directory_find_people(d(), span_of(fold), 0, 0, 0, 10, &ids));
    assert_int_equal(ids.len, sizeof anna);
    assert_memory_equal(ids.p, &anna, sizeof anna);
    buf_clear(&ids);
    assert_true(directory_find_people(d(), span_of(""), 0, 0, 0, 2, &ids)); /* olga, anna; more */
    assert_false(directory_find_people(d(), span_of(""), anna, 0, 0, 2, &ids));
    char want[64];
    snprintf(want, sizeof want, "1,%lld,%lld,%lld", (long long)anna, (long long)ben, (long long)gus);
    assert_ids(&ids, want);

    int64_t room = rt_room(c, "shed", "open", "all"); /* anna is in it */
    buf_clear(&ids);
    assert_true(
        directory_find_people(d(), span_of(""), 0, 0, room, 1, &ids)); /* a full page of those who are not in it */
    assert_ids(&ids, "1");
    assert_false(directory_find_people(d(), span_of(""), 1, 0, room, 1, &ids)); /* neither anna nor the guest */
    snprintf(want, sizeof want, "%lld", (long long)ben);
    assert_ids(&ids, want);
    buf_release(&ids);
}

static void a_rename_moves_the_fold(void **state)
{
    (void)state;
    int64_t anna = rt_account("anna");
    rt_say(rt_connect(anna), "{\"type\":\"rename\",\"name\":\"berta\"}");
    assert_int_equal(rt_id_of("berta"), anna);
    assert_int_equal(rt_id_of("anna"), 0);
    assert_int_equal(rt_account("anna") > anna, true); /* free again */
}

static void bans_count_until_they_end(void **state)
{
    int64_t until;
    struct buf ids = BUF_INIT;
    (void)state;
    int64_t anna = rt_account("anna");
    struct client *olga = rt_connect(OWNER);
    rt_say(olga, "{\"type\":\"ban\",\"user\":\"anna\",\"until_ms\":%lld}", (long long)(rt.now_ms + 1000));
    assert_true(directory_is_banned(d(), anna, rt.now_ms, &until));
    assert_int_equal(until, rt.now_ms + 1000);
    assert_false(directory_is_banned(d(), anna, rt.now_ms + 1000, &until));
    directory_find_people(d(), span_of(""), 0, rt.now_ms, 0, 10, &ids);
    assert_ids(&ids, "1");
    rt_say(olga, "{\"type\":\"unban\",\"user\":\"anna\"}");
    assert_false(directory_is_banned(d(), anna, rt.now_ms, &until));
    buf_release(&ids);
}

static void blocks_are_known(void **state)
{
    struct buf ids = BUF_INIT;
    (void)state;
    int64_t anna = rt_account("anna"), ben = rt_account("ben");
    struct client *c = rt_connect(anna);
    char want[32];
    rt_say(c, "{\"type\":\"block\",\"user\":\"ben\"}");
    directory_blocks_of(d(), anna, &ids);
    snprintf(want, sizeof want, "%lld", (long long)ben);
    assert_ids(&ids, want);
    /* Both ways round, among those who are asked about. */
    const int64_t all[] = {anna, ben, ben + 1};
    assert_true(directory_is_apart(d(), anna, ben) && directory_is_apart(d(), ben, anna));
    assert_false(directory_is_apart(d(), anna, anna) || directory_is_apart(d(), anna, ben + 1));
    directory_find_apart(d(), all, 3, &ids);
    char pairs[96];
    snprintf(pairs, sizeof pairs, "%lld,%lld,%lld,%lld", (long long)anna, (long long)ben, (long long)ben,
             (long long)anna);
    assert_ids(&ids, pairs);
    directory_find_apart(d(), all, 1, &ids);
    directory_find_apart(d(), &all[1], 2, &ids);
    assert_ids(&ids, "");
    rt_say(c, "{\"type\":\"unblock\",\"user\":%lld}", (long long)ben);
    directory_blocks_of(d(), anna, &ids);
    assert_ids(&ids, "");
    assert_false(directory_is_apart(d(), anna, ben));
    buf_release(&ids);
}

static void each_role_has_its_bucket(void **state)
{
    (void)state;
    int64_t anna = rt_account("anna");
    struct rate_limit limits[ROLE_COUNT];
    for (int i = 0; i < ROLE_COUNT; i++)
        limits[i] = (struct rate_limit){1, i == ROLE_MEMBER ? 2 : 5};
    assert_int_equal(directory_take_token(d(), anna, limits, 1), 0);
    assert_int_equal(directory_take_token(d(), anna, limits, 1), 0);
    assert_true(directory_take_token(d(), anna, limits, 1) > 0);
    assert_int_equal(directory_take_token(d(), OWNER, limits, 1), 0);
    rt_set_role(anna, ROLE_MODERATOR);
    assert_int_equal(directory_take_token(d(), anna, limits, 1), 0);
    assert_int_equal(directory_take_token(d(), 999, limits, 1), -1);
}

/* ------------------------------------------------------------------ who may read what */

static void who_may_read_what(void **state)
{
    (void)state;
    int64_t anna = rt_account("anna"), ben = rt_account("ben"), gus = rt_guest("Gus");
    struct client *olga = rt_connect(OWNER);
    int64_t open = rt_room(olga, "yard", "open", "all"), closed = rt_room(olga, "cellar", "closed", "all"),
            late = rt_room(olga, "attic", "closed", "joined"), news = rt_room(olga, "news", "announcement", "all");
    rt_send(olga, late, "before");
    rt_say(olga, "{\"type\":\"add_member\",\"room\":%lld,\"user\":\"anna\"}", (long long)late); /* seq 3 */
    rt_say(olga, "{\"type\":\"add_member\",\"room\":%lld,\"user\":\"anna\"}", (long long)closed);
    rt_say(olga, "{\"type\":\"open_direct\",\"id\":\"d\",\"users\":[\"anna\"]}");
    int64_t direct = rt_number(olga, "{\"type\":\"ack\",\"id\":\"d\",\"room\":");
    const struct {
        const char *why;
        int64_t room, user;
        enum user_kind kind;
        enum err want;
        int64_t floor;
    } cases[] = {
        {"an open room is everybody's", open, ben, USER_ACCOUNT, OK, 0},
        {"guests' too", open, gus, USER_GUEST, OK, 0},
        {"and visitors'", open, 0, USER_VISITOR, OK, 0},
        {"announcements are for accounts", news, ben, USER_ACCOUNT, OK, 0},
        {"not for guests", news, gus, USER_GUEST, ERR_NOT_FOUND, 0},
        {"nor visitors", news, 0, USER_VISITOR, ERR_NOT_FOUND, 0},
        {"a closed room is its members'", closed, anna, USER_ACCOUNT, OK, 0},
        {"and nobody else's", closed, ben, USER_ACCOUNT, ERR_NOT_FOUND, 0},
        {"nor guests'", closed, gus, USER_GUEST, ERR_NOT_FOUND, 0},
        {"an id alone makes no member", closed, anna, USER_GUEST, ERR_NOT_FOUND, 0},
        {"history begins behind one's joining", late, anna, USER_ACCOUNT, OK, 3},
        {"also for who made the room", late, OWNER, USER_ACCOUNT, OK, 1},
        {"a conversation is between those it is between", direct, anna, USER_ACCOUNT, OK, 0},
        {"whatever the role of others", direct, ben, USER_ACCOUNT, ERR_NOT_FOUND, 0},
        {"what is not there", 999, anna, USER_ACCOUNT, ERR_NOT_FOUND, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t floor_seq = 0;
        enum err e = directory_may_read(d(), cases[i].room, cases[i].user, cases[i].kind, &floor_seq);
        if (e != cases[i].want || floor_seq != cases[i].floor)
            fail_msg("%s: %s, %lld", cases[i].why, err_code(e), (long long)floor_seq);
    }
    struct buf ids = BUF_INIT;
    char want[64];
    directory_rooms_of(d(), anna, USER_ACCOUNT, true, 0, SIZE_MAX, &ids);
    snprintf(want, sizeof want, "1,%lld,%lld,%lld", (long long)closed, (long long)late, (long long)direct);
    assert_ids(&ids, want);
    directory_rooms_of(d(), gus, USER_GUEST, true, 0, SIZE_MAX, &ids);
    snprintf(want, sizeof want, "1,%lld", (long long)open);
    assert_ids(&ids, want);
    directory_direct_people(d(), direct, &ids);
    snprintf(want, sizeof want, "1,%lld", (long long)anna);
    assert_ids(&ids, want);
    assert_false(directory_find_rooms(d(), span_of(""), 0, false, 10, &ids));
    snprintf(want, sizeof want, "1,%lld,%lld", (long long)open, (long long)news);
    assert_ids(&ids, want);
    assert_true(directory_find_rooms(d(), span_of(""), 0, false, 1, &ids));
    assert_ids(&ids, "1");
    assert_false(directory_find_rooms(d(), span_of(""), 0, true, 10, &ids));
    snprintf(want, sizeof want, "1,%lld,%lld,%lld,%lld", (long long)open, (long long)closed, (long long)late,
             (long long)news);
    assert_ids(&ids, want);
    assert_true(directory_find_rooms(d(), span_of(""), open, true, 1, &ids));
    snprintf(want, sizeof want, "%lld", (long long)closed);
    assert_ids(&ids, want);
    buf_release(&ids);
}

/* ------------------------------------------------------------------ what is active */

static void active_rooms_are_taken_once(void **state)
{
    struct buf ids = BUF_INIT;
    (void)state;
    struct client *a = rt_connect(rt_account("anna"));
    directory_take_active(d(), &ids);
    buf_clear(&ids);
    rt_send(a, LOBBY, "one");
    rt_send(a, LOBBY, "two");
    directory_take_active(d(), &ids);
    assert_ids(&ids, "1");
    directory_take_active(d(), &ids);
    assert_ids(&ids, "");
    rt_say(a, "{\"type\":\"remove_member\",\"room\":1}"); /* an event, but nothing was said */
    directory_take_active(d(), &ids);
    assert_ids(&ids, "");
    buf_release(&ids);
}

/* ------------------------------------------------------------------ the same from the database */

static void dump_room(struct buf *out, int64_t id)
{
    struct directory_room r;
    struct buf ids = BUF_INIT;
    size_t n;
    if (!directory_room(d(), id, 0, &r, out, out))
        return;
    buf_printf(out, " room %lld: %d %d %lld %lld %lld %lld %lld %lld %lld\n", (long long)id, r.kind, r.history,
               (long long)r.last_seq, (long long)r.messages, (long long)r.active_at, (long long)r.archived_at,
               (long long)r.locked_at, (long long)r.slow_s, (long long)directory_requests_waiting(d(), id));
    directory_members_of(d(), id, 0, &ids);
    const int64_t *member = ids_of(&ids, &n);
    for (size_t i = 0; i < n; i++) {
        assert_true(directory_room(d(), id, member[i], &r, NULL, NULL));
        buf_printf(out, "  %lld: %d %d %lld %lld %lld %lld %lld %lld %d %d '%s' %lld\n", (long long)member[i], r.role,
                   r.level, (long long)r.joined_seq, (long long)r.read_seq, (long long)r.unread, (long long)r.mentions,
                   (long long)r.muted_until, (long long)r.position, r.hidden, r.favourite, r.section,
                   (long long)r.requests);
    }
    buf_release(&ids);
}

static void dump(struct buf *out)
{
    struct directory_user u;
    struct buf ids = BUF_INIT;
    char place[DIRECTORY_NAME_BYTES];
    directory_place_name(d(), place);
    buf_printf(out, "%s %d %d\n", place, directory_is_set_up(d()), directory_requires_totp(d()));
    for (int64_t id = 1; id < 20; id++) {
        if (directory_user(d(), id, &u))
            buf_printf(out, "%lld %s '%s' '%s' %d %d %d %lld\n", (long long)id, u.name, u.display_name, u.status_text,
                       u.kind, u.role, u.is_banned, (long long)u.banned_until);
        directory_blocks_of(d(), id, &ids);
        directory_rooms_of(d(), id, USER_ACCOUNT, true, 0, SIZE_MAX, &ids);
        for (size_t i = 0; i < ids.len / sizeof(int64_t); i++)
            buf_printf(out, " %lld", (long long)((const int64_t *)ids.p)[i]);
        buf_clear(&ids);
    }
    for (int64_t id = 1; id < 20; id++)
        dump_room(out, id);
    buf_release(&ids);
}

static void what_changes_taught_is_what_is_read_at_start(void **state)
{
    struct buf learned = BUF_INIT, read = BUF_INIT;
    (void)state;
    rt_account("anna");
    rt_account("ben");
    rt_account("cleo");
    rt_guest("Gus");
    struct client *o = rt_connect(OWNER), *a = rt_connect(rt_id_of("anna")), *b = rt_connect(rt_id_of("ben"));
    int64_t cellar = rt_room(a, "cellar", "closed", "joined");
    rt_say(a, "{\"type\":\"add_member\",\"room\":%lld,\"user\":\"ben\"}", (long long)cellar);
    rt_say(a, "{\"type\":\"edit_room\",\"room\":%lld,\"topic\":\"Coal\",\"slow_s\":3,\"locked\":true}",
           (long long)cellar);
    rt_send(a, cellar, "hello @ben");
    rt_say(b, "{\"type\":\"open_direct\",\"id\":\"d\",\"users\":[\"anna\",\"cleo\"]}");
    rt.now_ms += 5000;
    rt_send(a, rt_number(b, "\"id\":\"d\",\"room\":"), "hello to you two");
    rt_say(o, "{\"type\":\"request_join\",\"room\":\"cellar\"}");
    rt_say(b, "{\"type\":\"set_membership\",\"room\":1,\"level\":\"mentions\",\"muted_until\":5,\"favourite\":true,"
              "\"section\":\"Home\",\"position\":3}");
    rt_say(b, "{\"type\":\"block\",\"user\":\"anna\"}");
    rt_say(a, "{\"type\":\"set_profile\",\"display_name\":\"Anna B.\",\"status_text\":\"here\"}");
    rt_send(rt_visit("passer"), LOBBY, "hello @everyone");
    rt_say(o, "{\"type\":\"set_place\",\"name\":\"Garden Club\",\"require_totp\":true}");
    rt_say(o, "{\"type\":\"ban\",\"user\":\"cleo\",\"hide\":true}");
    rt_say(o, "{\"type\":\"remove_member\",\"room\":1,\"user\":\"ben\"}");
    rt_say(o, "{\"type\":\"archive_room\",\"room\":%lld,\"archived\":true}", (long long)cellar);
    dump(&learned);
    rt_close();
    rt_open();
    dump(&read);
    buf_add_char(&learned, 0);
    buf_add_char(&read, 0);
    assert_string_equal(learned.p, read.p);
    assert_non_null(strstr(read.p, "Garden Club 1 1"));
    assert_non_null(strstr(read.p, "'Anna B.' 'here'"));
    assert_non_null(strstr(read.p, " '' 1\n")); /* a moderator of the cellar */
    buf_release(&learned);
    buf_release(&read);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RUNTIME(people_are_found_by_id_fold_and_part),
        WITH_RUNTIME(a_rename_moves_the_fold),
        WITH_RUNTIME(bans_count_until_they_end),
        WITH_RUNTIME(blocks_are_known),
        WITH_RUNTIME(each_role_has_its_bucket),
        WITH_RUNTIME(who_may_read_what),
        WITH_RUNTIME(active_rooms_are_taken_once),
        WITH_RUNTIME(what_changes_taught_is_what_is_read_at_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
