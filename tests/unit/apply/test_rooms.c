/* Making rooms, changing them, and direct conversations. */
#include "apply/apply_internal.h"
#include "apply_world.h"

static const char shed[] = "SELECT name, kind, history, topic, description, slow_s, locked_at > 0, archived_at > 0, "
                           "last_seq FROM rooms WHERE id = 6";

static void rooms_are_made(void **state)
{
    static const struct step steps[] = {
        {.what = "a guest makes none", .kind = COMMAND_ROOM_CREATE, .by = GUS, .name = "shed", .want = ERR_FORBIDDEN},
        {.what = "nor a visitor", .kind = COMMAND_ROOM_CREATE, .by = VERA, .name = "shed", .want = ERR_FORBIDDEN},
        {.what = "nor who is banned", .kind = COMMAND_ROOM_CREATE, .by = EVE, .name = "shed", .want = ERR_BANNED},
        {.what = "nor under a name that is taken",
         .kind = COMMAND_ROOM_CREATE,
         .by = CLEO,
         .name = "yard",
         .want = ERR_NAME_TAKEN},
        {.what = "a direct conversation is not made so",
         .kind = COMMAND_ROOM_CREATE,
         .by = CLEO,
         .name = "shed",
         .numbers = {{F_KIND, ROOM_DIRECT}},
         .want = ERR_INVALID},
        {.what = "a member makes one and moderates it",
         .kind = COMMAND_ROOM_CREATE,
         .by = CLEO,
         .name = "shed",
         .numbers = {{F_KIND, ROOM_CLOSED}, {F_HISTORY, ROOM_HISTORY_JOINED}},
         .texts = {{F_TOPIC, "tools"}, {F_DESCRIPTION, "All of them."}},
         .effects = "created event joined:cleo",
         .query = shed,
         .rows = "shed|closed|joined|tools|All of them.|0|0|0|1\n"},
        {.what = "closed ones share names",
         .kind = COMMAND_ROOM_CREATE,
         .by = DORA,
         .name = "shed",
         .numbers = {{F_KIND, ROOM_CLOSED}},
         .effects = "created event joined:dora"},
        {.what = "and no listed one is kept from having theirs",
         .kind = COMMAND_ROOM_CREATE,
         .by = CLEO,
         .name = "cellar",
         .effects = "created event joined:cleo"},
        {.what = "the command line makes one and is no member",
         .kind = COMMAND_ROOM_CREATE,
         .by = SYSTEM,
         .name = "attic",
         .effects = "created",
         .query = "SELECT r.name, r.created_by, m.user_id, m.role, m.joined_seq, m.read_seq FROM rooms AS r LEFT JOIN "
                  "memberships AS m ON m.room_id = r.id WHERE r.id > 5 ORDER BY r.id",
         .rows =
             "shed|6|6|moderator|1|1\nshed|7|7|moderator|1|1\ncellar|6|6|moderator|1|1\nattic|0|NULL|NULL|NULL|NULL\n"},
        {.what = "both are audited",
         .kind = COMMAND_ROOM_CREATE,
         .by = ADA,
         .name = "roof",
         .texts = {{F_ADDRESS, "192.0.2.1"}},
         .effects = "created event joined:ada",
         .query = "SELECT actor_id, verb, room_id, address, detail FROM audit WHERE room_id > 5",
         .rows = "6|create_room|6||{\"name\":\"shed\"}\n7|create_room|7||{\"name\":\"shed\"}\n"
                 "6|create_room|8||{\"name\":\"cellar\"}\n0|create_room|9||{\"name\":\"attic\"}\n"
                 "2|create_room|10|192.0.2.1|{\"name\":\"roof\"}\n"},
    };
    PLAY(*state, steps);
}

static void rooms_are_renamed(void **state)
{
    static const struct step steps[] = {
        {.what = "by a member",
         .kind = COMMAND_ROOM_RENAME,
         .by = BEN,
         .room = YARD,
         .name = "a",
         .want = ERR_FORBIDDEN},
        {.what = "from outside",
         .kind = COMMAND_ROOM_RENAME,
         .by = CLEO,
         .room = YARD,
         .name = "a",
         .want = ERR_FORBIDDEN},
        {.what = "what is not there",
         .kind = COMMAND_ROOM_RENAME,
         .by = MOE,
         .room = 99,
         .name = "a",
         .want = ERR_NOT_FOUND},
        {.what = "what one does not see",
         .kind = COMMAND_ROOM_RENAME,
         .by = MOE,
         .room = CELLAR,
         .name = "a",
         .want = ERR_NOT_FOUND},
        {.what = "a conversation, by one of it",
         .kind = COMMAND_ROOM_RENAME,
         .by = ANNA,
         .room = DIRECT,
         .name = "a",
         .want = ERR_FORBIDDEN},
        {.what = "a conversation, by the owner",
         .kind = COMMAND_ROOM_RENAME,
         .by = OLGA,
         .room = DIRECT,
         .name = "a",
         .want = ERR_NOT_FOUND},
        {.what = "to what is taken",
         .kind = COMMAND_ROOM_RENAME,
         .by = ANNA,
         .room = YARD,
         .name = "news",
         .want = ERR_NAME_TAKEN},
        {.what = "to what it is called",
         .kind = COMMAND_ROOM_RENAME,
         .by = ANNA,
         .room = YARD,
         .name = "yard",
         .effects = "duplicate"},
        {.what = "by its moderator",
         .kind = COMMAND_ROOM_RENAME,
         .by = ANNA,
         .room = YARD,
         .name = "meadow",
         .effects = "event changed:renamed",
         .query =
             "SELECT r.name, r.name_fold, c.kind, c.actor_id, c.data FROM rooms AS r JOIN changes AS c ON c.room_id = "
             "r.id AND c.seq = r.last_seq WHERE r.id = 2",
         .rows = "meadow|meadow|renamed|4|{\"name\":\"meadow\"}\n"},
        {.what = "by a moderator of the place",
         .kind = COMMAND_ROOM_RENAME,
         .by = MOE,
         .room = YARD,
         .name = "field",
         .effects = "event changed:renamed"},
        {.what = "a closed one by an admin from outside",
         .kind = COMMAND_ROOM_RENAME,
         .by = ADA,
         .room = CELLAR,
         .name = "crypt",
         .effects = "event changed:renamed"},
        {.what = "by the command line",
         .kind = COMMAND_ROOM_RENAME,
         .by = SYSTEM,
         .room = LOBBY,
         .name = "foyer",
         .effects = "event changed:renamed",
         .query = "SELECT actor_id, room_id, detail FROM audit WHERE verb = 'rename_room'",
         .rows = "4|2|{\"name\":\"meadow\"}\n3|2|{\"name\":\"field\"}\n2|3|{\"name\":\"crypt\"}\n0|1|{\"name\":"
                 "\"foyer\"}\n"},
        {.what = "a name that is free again",
         .kind = COMMAND_ROOM_CREATE,
         .by = CLEO,
         .name = "lobby",
         .effects = "created event joined:cleo"},
    };
    PLAY(*state, steps);
}

/* Nobody learns from a name that is taken that there is a closed room. */
static void closed_rooms_share_names(void **state)
{
    static const struct step steps[] = {
        {.what = "to what a closed one is called, and back",
         .kind = COMMAND_ROOM_RENAME,
         .by = ANNA,
         .room = YARD,
         .name = "cellar",
         .effects = "event changed:renamed"},
        {.what = "(back)",
         .kind = COMMAND_ROOM_RENAME,
         .by = ANNA,
         .room = YARD,
         .name = "yard",
         .effects = "event changed:renamed"},
        {.what = "a closed one to anything",
         .kind = COMMAND_ROOM_RENAME,
         .by = ANNA,
         .room = CELLAR,
         .name = "news",
         .effects = "event changed:renamed"},
        {.what = "which then cannot be opened",
         .kind = COMMAND_ROOM_EDIT,
         .by = ANNA,
         .room = CELLAR,
         .numbers = {{F_KIND, ROOM_ANNOUNCEMENT}},
         .texts = {{F_TOPIC, "not taken"}},
         .want = ERR_NAME_TAKEN},
        {.what = "and stays as it is",
         .kind = COMMAND_ROOM_EDIT,
         .by = ANNA,
         .room = CELLAR,
         .numbers = {{F_KIND, ROOM_CLOSED}},
         .effects = "duplicate",
         .query = "SELECT kind, topic FROM rooms WHERE id = 3",
         .rows = "closed|\n"},
        {.what = "(back)",
         .kind = COMMAND_ROOM_RENAME,
         .by = ANNA,
         .room = CELLAR,
         .name = "cellar",
         .effects = "event changed:renamed"},
    };
    PLAY(*state, steps);
}

static void rooms_are_archived(void **state)
{
    static const struct step steps[] = {
        {.what = "by a member",
         .kind = COMMAND_ROOM_ARCHIVE,
         .by = BEN,
         .room = YARD,
         .numbers = {{F_ARCHIVED, 1}},
         .want = ERR_FORBIDDEN},
        {.what = "a conversation",
         .kind = COMMAND_ROOM_ARCHIVE,
         .by = BEN,
         .room = DIRECT,
         .numbers = {{F_ARCHIVED, 1}},
         .want = ERR_FORBIDDEN},
        {.what = "opened while it is open",
         .kind = COMMAND_ROOM_ARCHIVE,
         .by = ANNA,
         .room = YARD,
         .effects = "duplicate"},
        {.what = "by its moderator",
         .kind = COMMAND_ROOM_ARCHIVE,
         .by = ANNA,
         .room = YARD,
         .numbers = {{F_ARCHIVED, 1}},
         .effects = "event changed:archived",
         .query = "SELECT archived_at > 0, last_seq FROM rooms WHERE id = 2",
         .rows = "1|4\n"},
        {.what = "again",
         .kind = COMMAND_ROOM_ARCHIVE,
         .by = MOE,
         .room = YARD,
         .numbers = {{F_ARCHIVED, 1}},
         .effects = "duplicate"},
        {.what = "nobody joins",
         .kind = COMMAND_MEMBER_ADD,
         .by = CLEO,
         .room = YARD,
         .user = CLEO,
         .want = ERR_ARCHIVED},
        {.what = "but one may leave",
         .kind = COMMAND_MEMBER_REMOVE,
         .by = BEN,
         .room = YARD,
         .user = BEN,
         .effects = "event left:ben"},
        {.what = "and back",
         .kind = COMMAND_ROOM_ARCHIVE,
         .by = SYSTEM,
         .room = YARD,
         .effects = "event changed:unarchived",
         .query = "SELECT archived_at FROM rooms WHERE id = 2",
         .rows = "0\n"},
    };
    PLAY(*state, steps);
}

static void rooms_are_edited(void **state)
{
    static const char last[] =
        "SELECT c.data FROM rooms AS r JOIN changes AS c ON c.room_id = r.id AND c.seq = r.last_seq "
        "WHERE r.id = 2";
    static const struct step steps[] = {
        {.what = "by a member",
         .kind = COMMAND_ROOM_EDIT,
         .by = BEN,
         .room = YARD,
         .texts = {{F_TOPIC, "grass"}},
         .want = ERR_FORBIDDEN},
        {.what = "a conversation",
         .kind = COMMAND_ROOM_EDIT,
         .by = BEN,
         .room = DIRECT,
         .texts = {{F_TOPIC, "grass"}},
         .want = ERR_FORBIDDEN},
        {.what = "into a conversation",
         .kind = COMMAND_ROOM_EDIT,
         .by = ANNA,
         .room = YARD,
         .numbers = {{F_KIND, ROOM_DIRECT}},
         .want = ERR_INVALID},
        {.what = "the lobby stays open",
         .kind = COMMAND_ROOM_EDIT,
         .by = OLGA,
         .room = LOBBY,
         .numbers = {{F_KIND, ROOM_CLOSED}},
         .want = ERR_FORBIDDEN},
        {.what = "nothing", .kind = COMMAND_ROOM_EDIT, .by = ANNA, .room = YARD, .effects = "duplicate"},
        {.what = "nothing that is different",
         .kind = COMMAND_ROOM_EDIT,
         .by = ANNA,
         .room = YARD,
         .numbers = {{F_KIND, ROOM_OPEN}, {F_LOCKED, 0}, {F_SLOW_S, 0}},
         .texts = {{F_TOPIC, ""}},
         .effects = "duplicate"},
        {.what = "what is different is told",
         .kind = COMMAND_ROOM_EDIT,
         .by = ANNA,
         .room = YARD,
         .numbers = {{F_KIND, ROOM_OPEN}, {F_SLOW_S, 10}},
         .texts = {{F_TOPIC, "grass \"high\""}},
         .effects = "event changed:changed",
         .query = last,
         .rows = "{\"topic\":\"grass \\\"high\\\"\",\"slow_s\":10}\n"},
        {.what = "everything",
         .kind = COMMAND_ROOM_EDIT,
         .by = MOE,
         .room = YARD,
         .numbers = {{F_KIND, ROOM_CLOSED}, {F_HISTORY, ROOM_HISTORY_JOINED}, {F_SLOW_S, 0}, {F_LOCKED, 1}},
         .texts = {{F_DESCRIPTION, "Mown."}},
         .effects = "event changed:changed",
         .query = last,
         .rows =
             "{\"description\":\"Mown.\",\"kind\":\"closed\",\"history\":\"joined\",\"slow_s\":0,\"locked\":true}\n"},
        {.what = "it is not there any more from outside",
         .kind = COMMAND_ROOM_EDIT,
         .by = MOE,
         .room = YARD,
         .numbers = {{F_LOCKED, 0}},
         .want = ERR_NOT_FOUND},
        {.what = "but to an admin",
         .kind = COMMAND_ROOM_EDIT,
         .by = ADA,
         .room = YARD,
         .numbers = {{F_LOCKED, 0}},
         .effects = "event changed:changed",
         .query = "SELECT kind, history, topic, description, slow_s, locked_at FROM rooms WHERE id = 2",
         .rows = "closed|joined|grass \"high\"|Mown.|0|0\n"},
        {.what = "all of it is audited",
         .kind = COMMAND_ROOM_EDIT,
         .by = ANNA,
         .room = YARD,
         .numbers = {{F_KIND, ROOM_ANNOUNCEMENT}},
         .effects = "event changed:changed",
         .query = "SELECT actor_id, seq, detail FROM audit WHERE verb = 'edit_room' AND room_id = 2 ORDER BY id DESC "
                  "LIMIT 2",
         .rows = "4|7|{\"kind\":\"announcement\"}\n2|6|{\"locked\":false}\n"},
    };
    PLAY(*state, steps);
}

static void conversations_are_found_again(void **state)
{
    static const char members[] =
        "SELECT r.name, r.kind, r.direct_key, r.last_seq, group_concat(m.user_id || m.role || "
        "m.hidden) FROM rooms AS r JOIN memberships AS m ON m.room_id = r.id WHERE r.id > 4 "
        "GROUP BY r.id";
    static const struct step steps[] = {
        {.what = "by a guest", .kind = COMMAND_DIRECT_OPEN, .by = GUS, .ids = {ANNA}, .want = ERR_FORBIDDEN},
        {.what = "by the command line",
         .kind = COMMAND_DIRECT_OPEN,
         .by = SYSTEM,
         .ids = {ANNA},
         .want = ERR_FORBIDDEN},
        {.what = "with nobody known", .kind = COMMAND_DIRECT_OPEN, .by = ANNA, .ids = {99}, .want = ERR_NOT_FOUND},
        {.what = "with a guest", .kind = COMMAND_DIRECT_OPEN, .by = ANNA, .ids = {GUS}, .want = ERR_NOT_FOUND},
        {.what = "with who is banned",
         .kind = COMMAND_DIRECT_OPEN,
         .by = ANNA,
         .ids = {BEN, EVE},
         .want = ERR_NOT_FOUND},
        {.what = "thirteen people",
         .kind = COMMAND_DIRECT_OPEN,
         .by = ANNA,
         .ids = {11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22},
         .want = ERR_INVALID},
        {.what = "the other way round it is the same",
         .kind = COMMAND_DIRECT_OPEN,
         .by = ANNA,
         .ids = {BEN},
         .effects = "duplicate"},
        {.what = "to whom it was hidden, it is shown",
         .kind = COMMAND_DIRECT_OPEN,
         .by = BEN,
         .ids = {ANNA, BEN, ANNA},
         .effects = "membership:ben",
         .query = members,
         .rows = "#direct 4,5|direct|4,5|0|4member0,5member0\n"},
        {.what = "with more people it is another one",
         .kind = COMMAND_DIRECT_OPEN,
         .by = CLEO,
         .ids = {BEN, ANNA},
         .effects = "created joined:anna joined:ben joined:cleo",
         .query = members,
         .rows =
             "#direct 4,5|direct|4,5|0|4member0,5member0\n#direct 4,5,6|direct|4,5,6|0|4member1,5member1,6member0\n"},
        {.what = "with oneself", .kind = COMMAND_DIRECT_OPEN, .by = CLEO, .effects = "created joined:cleo"},
        {.what = "and again", .kind = COMMAND_DIRECT_OPEN, .by = CLEO, .ids = {CLEO}, .effects = "duplicate"},
        {.what = "one that is there is opened again",
         .kind = COMMAND_DIRECT_OPEN,
         .by = DORA,
         .ids = {CLEO},
         .effects = "created joined:cleo joined:dora"},
        {.what = "cleo blocks dora", .kind = COMMAND_BLOCK, .by = CLEO, .user = DORA, .effects = "blocks:cleo"},
        {.what = "and anna", .kind = COMMAND_BLOCK, .by = CLEO, .user = ANNA, .effects = "blocks:cleo"},
        {.what = "to who was blocked it stays",
         .kind = COMMAND_DIRECT_OPEN,
         .by = DORA,
         .ids = {CLEO},
         .effects = "duplicate"},
        {.what = "but there is no new one",
         .kind = COMMAND_DIRECT_OPEN,
         .by = DORA,
         .ids = {BEN, CLEO},
         .want = ERR_FORBIDDEN},
        {.what = "who has blocked may open one",
         .kind = COMMAND_DIRECT_OPEN,
         .by = CLEO,
         .ids = {ANNA},
         .effects = "created joined:anna joined:cleo"},
    };
    PLAY(*state, steps);
}

static void people_of_a_conversation(void **state)
{
    static const struct {
        const char *key;
        size_t n;
        int64_t first, last;
    } cases[] = {
        {"7", 1, 7, 7}, {"3,7", 2, 3, 7}, {"1,2,3,4,5,6,7,8,9,10,11,9000000000", 12, 1, 9000000000},
        {"", 0, 0, 0},  {NULL, 0, 0, 0}, /* a room */
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char key[64] = "";
        int64_t ids[DIRECT_PEOPLE_MAX];
        struct apply_room r = {.direct_key = cases[i].key ? strcpy(key, cases[i].key) : NULL};
        assert_int_equal(direct_people(&r, ids), cases[i].n);
        if (cases[i].n) {
            assert_int_equal(ids[0], cases[i].first);
            assert_int_equal(ids[cases[i].n - 1], cases[i].last);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(rooms_are_made),
        IN_WORLD(rooms_are_renamed),
        IN_WORLD(closed_rooms_share_names),
        IN_WORLD(rooms_are_archived),
        IN_WORLD(rooms_are_edited),
        IN_WORLD(conversations_are_found_again),
        cmocka_unit_test(people_of_a_conversation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
