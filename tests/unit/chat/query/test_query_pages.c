/* Lists that are longer than a page: each row comes once, whatever becomes of the rows meanwhile. */
#include "runtime.h"

#include <cjson/cJSON.h>

static const char *ask(struct client *c, const char *text)
{
    rt_forget(c);
    rt_say(c, "%s", text);
    return rt_heard(c);
}

enum { LONG_LIST = 130 };

/* Asks for page after page, and adds up the ids. Between two pages `meanwhile` may take the last row away that was
 * shown. */
struct walk {
    size_t pages, rows, longest;
    int64_t first, last;
};

static int64_t id_of(const cJSON *row, const char *of)
{
    const cJSON *item = of ? cJSON_GetObjectItemCaseSensitive(row, of) : row;
    return (int64_t)cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(item, "id"));
}

static void take_page(struct walk *w, const cJSON *list, bool rises)
{
    const cJSON *row;
    cJSON_ArrayForEach(row, list)
    {
        const int64_t id = id_of(row, NULL);
        if (!w->rows)
            w->first = id;
        else
            assert_true(rises ? id > w->last : id < w->last); /* each once, in order */
        w->last = id;
        w->rows++;
    }
    w->pages++;
}

static struct walk walk(struct client *c, const char *type, const char *list, const char *fields, const char *cursor,
                        void (*meanwhile)(struct client *c, const cJSON *last_row))
{
    struct walk w = {0};
    bool more = true;
    while (more) {
        char text[256] = "";
        if (w.rows)
            snprintf(text, sizeof text, ",\"%s\":%lld", cursor, (long long)w.last);
        const char *heard = ask(c, rt_format("{\"type\":\"%s\"%s%s}", type, fields, text));
        cJSON *answer = cJSON_Parse(heard);
        const cJSON *rows = cJSON_GetObjectItemCaseSensitive(answer, list);
        const int n = cJSON_GetArraySize(rows);
        if (!cJSON_IsArray(rows))
            fail_msg("%s: %s", type, heard);
        more = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(answer, "more"));
        assert_true(n > 0 || !more);
        w.longest = (size_t)n > w.longest ? (size_t)n : w.longest;
        take_page(&w, rows, strcmp(cursor, "after") == 0);
        if (more && meanwhile)
            meanwhile(c, cJSON_GetArrayItem(rows, n - 1));
        cJSON_Delete(answer);
    }
    return w;
}

#define assert_walk(w, wanted)                                                                                         \
    do {                                                                                                               \
        assert_int_equal((w).rows, wanted);                                                                            \
        assert_int_equal((w).longest, REQUEST_LIST_DEFAULT);                                                           \
        assert_int_equal((w).pages, ((wanted) + REQUEST_LIST_DEFAULT - 1) / REQUEST_LIST_DEFAULT);                     \
    } while (0)

/* So many accounts, and the id of the first. */
static int64_t many_accounts(void)
{
    int64_t first = 0;
    for (int i = 0; i < LONG_LIST; i++) {
        char name[32];
        snprintf(name, sizeof name, "u%05d", i * 7919);
        const int64_t id = rt_account(name);
        first = first ? first : id;
    }
    return first;
}

static void lift(struct client *c, const cJSON *ban)
{
    rt_say(c, "{\"type\":\"unban\",\"user\":%lld}", (long long)id_of(ban, "user"));
}

static void bans_in_pages(void **state)
{
    (void)state;
    const int64_t first = many_accounts();
    struct client *o = rt_connect(OWNER);
    for (int64_t i = 0; i < LONG_LIST; i++)
        rt_say(o, "{\"type\":\"ban\",\"user\":%lld}", (long long)(first + i));
    const struct walk all = walk(o, "bans", "bans", "", "before", NULL);
    assert_walk(all, LONG_LIST);
    assert_int_equal(all.first, LONG_LIST);
    assert_int_equal(all.last, 1);
    const struct walk lifted = walk(o, "bans", "bans", "", "before", lift); /* what is gone does not hide the rest */
    assert_walk(lifted, LONG_LIST);
    assert_int_equal(walk(o, "bans", "bans", "", "before", NULL).rows, LONG_LIST - 2);
}

static void answer_one(struct client *c, const cJSON *request)
{
    rt_say(c, "{\"type\":\"answer_request\",\"room\":\"cellar\",\"user\":%lld,\"accept\":false}",
           (long long)id_of(request, "user"));
}

static void requests_in_pages(void **state)
{
    (void)state;
    const int64_t first = many_accounts();
    struct client *o = rt_connect(OWNER);
    const int64_t cellar = rt_room(o, "cellar", "closed", "all");
    for (int64_t i = 0; i < LONG_LIST; i++) {
        struct command c = {.kind = COMMAND_JOIN_REQUEST, .actor = COMMAND_ACTOR_ACCOUNT, .actor_id = first + i};
        c.f.ids[c.f.id_count++] = cellar;
        rt_command(&c);
    }
    const char *room = ",\"room\":\"cellar\"";
    const struct walk all = walk(o, "requests", "requests", room, "after", NULL);
    assert_walk(all, LONG_LIST);
    const struct walk answered = walk(o, "requests", "requests", room, "after", answer_one);
    assert_walk(answered, LONG_LIST);
    assert_int_equal(walk(o, "requests", "requests", room, "after", NULL).rows, LONG_LIST - 2);
}

static void sessions_tokens_and_blocks_in_pages(void **state)
{
    (void)state;
    enum { MOST = 100 }; /* sessions and tokens of one user */
    const int64_t first = many_accounts();
    struct client *o = rt_connect(OWNER);
    o->session->from.device->session_id = 0; /* as a proxy signs in, which needs no password */
    for (int64_t i = 0; i < LONG_LIST; i++)
        rt_say(o, "{\"type\":\"block\",\"user\":%lld}", (long long)(first + i));
    for (int64_t i = 0; i < MOST; i++) {
        char hash[32] = {(char)i, 1};
        struct command c = {.kind = COMMAND_SESSION_START, .actor = COMMAND_ACTOR_ACCOUNT, .actor_id = OWNER};
        fields_set_text(&c.f, F_HASH, (struct span){hash, sizeof hash});
        fields_set(&c.f, F_EXPIRES, rt.now_ms + (i % 4 ? 100000 : 1000));
        rt_command(&c);
        rt_say(o, "{\"type\":\"create_token\",\"name\":\"bot\",\"scope\":\"read\"}");
    }
    assert_walk(walk(o, "blocks", "blocks", "", "after", NULL), LONG_LIST);
    assert_walk(walk(o, "tokens", "tokens", "", "after", NULL), MOST);
    assert_walk(walk(o, "sessions", "sessions", "", "after", NULL), MOST);
    rt.now_ms += 2000; /* those that are over make no page shorter */
    assert_walk(walk(o, "sessions", "sessions", "", "after", NULL), MOST - MOST / 4);
}

static void shared_rooms_and_reports_in_pages(void **state)
{
    (void)state;
    const int64_t anna = rt_account("anna");
    struct client *o = rt_connect(OWNER), *a = rt_connect(anna);
    for (int i = 0; i < LONG_LIST; i++) {
        char name[32];
        snprintf(name, sizeof name, "r%05d", i * 7919);
        const int64_t id = rt_room(o, name, "open", "all");
        if (i % 2)
            rt_say(a, "{\"type\":\"add_member\",\"room\":%lld}", (long long)id);
        rt_send(o, LOBBY, name);
        rt_say(a, "{\"type\":\"report\",\"room\":1,\"seq\":%lld}", (long long)rt_last(LOBBY));
    }
    assert_walk(walk(a, "person", "rooms", ",\"user\":\"olga\"", "after", NULL), LONG_LIST / 2 + 1);
    assert_walk(walk(o, "reports", "reports", "", "after", NULL), LONG_LIST);
    for (int i = 1; i <= LONG_LIST; i++)
        rt_say(o, "{\"type\":\"handle_report\",\"report\":%d}", i);
    assert_walk(walk(o, "reports", "reports", ",\"handled\":true", "before", NULL), LONG_LIST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RUNTIME(bans_in_pages),
        WITH_RUNTIME(requests_in_pages),
        WITH_RUNTIME(sessions_tokens_and_blocks_in_pages),
        WITH_RUNTIME(shared_rooms_and_reports_in_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
