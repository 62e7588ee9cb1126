/* Who belongs to a room: joining and leaving, adding and removing, asking to be let in, roles, and voices that are taken
 * away. */
#include "apply_world.h"

#define ADD(actor, in, whom)    .kind = COMMAND_MEMBER_ADD, .by = (actor), .room = (in), .user = (whom)
#define REMOVE(actor, in, whom) .kind = COMMAND_MEMBER_REMOVE, .by = (actor), .room = (in), .user = (whom)

static void people_join(void **state)
{
    static const struct step steps[] = {
        {.what = "an open room",
         ADD(CLEO, YARD, CLEO),
         .effects = "event joined:cleo",
         .query = "SELECT m.role, m.level, m.joined_seq, m.read_seq, r.last_seq, c.kind, c.actor_id, c.data FROM "
                  "memberships AS m "
                  "JOIN rooms AS r ON r.id = m.room_id JOIN changes AS c ON c.room_id = r.id AND c.seq = r.last_seq "
                  "WHERE m.room_id = 2 AND m.user_id = 6",
         .rows = "member|all|4|4|4|joined|6|{}\n"},
        {.what = "again", ADD(CLEO, YARD, CLEO), .effects = "duplicate"},
        {.what = "an announcement room", ADD(CLEO, NEWS, CLEO), .effects = "event joined:cleo"},
        {.what = "a closed room is not there", ADD(CLEO, CELLAR, CLEO), .want = ERR_NOT_FOUND},
        {.what = "not even to a moderator of the place", ADD(MOE, CELLAR, MOE), .want = ERR_NOT_FOUND},
        {.what = "nor a conversation to the owner", ADD(OLGA, DIRECT, OLGA), .want = ERR_NOT_FOUND},
        {.what = "no such room", ADD(CLEO, 99, CLEO), .want = ERR_NOT_FOUND},
        {.what = "a guest", ADD(GUS, YARD, GUS), .want = ERR_FORBIDDEN},
        {.what = "a guest does not see it", ADD(GUS, NEWS, GUS), .want = ERR_NOT_FOUND},
        {.what = "a visitor", ADD(VERA, YARD, VERA), .want = ERR_FORBIDDEN},
        {.what = "who is banned", ADD(EVE, YARD, EVE), .want = ERR_BANNED},
        {.what = "an admin lets themselves in", ADD(ADA, CELLAR, ADA), .effects = "event joined:ada"},
        {.what = "which is the only one of these that is audited",
         ADD(DORA, LOBBY, DORA),
         .effects = "event joined:dora",
         .query = "SELECT actor_id, verb, user_id, room_id, seq FROM audit WHERE verb = 'add_member' ORDER BY id DESC "
                  "LIMIT 1",
         .rows = "2|add_member|2|3|3\n"},
    };
    PLAY(*state, steps);
}

static void people_are_added(void **state)
{
    static const struct step steps[] = {
        {.what = "by a member",
         ADD(BEN, CELLAR, CLEO),
         .effects = "event joined:cleo",
         .query = "SELECT c.kind, c.actor_id, c.data, a.user_id FROM changes AS c JOIN audit AS a ON a.room_id = "
                  "c.room_id AND a.seq = c.seq "
                  "WHERE c.room_id = 3 ORDER BY c.seq DESC LIMIT 1",
         .rows = "added|5|{\"user\":{\"id\":6,\"name\":\"cleo\"}}|6\n"},
        {.what = "with both names",
         ADD(CLEO, CELLAR, DORA),
         .effects = "event joined:dora",
         .query = "SELECT data FROM changes WHERE room_id = 3 ORDER BY seq DESC LIMIT 1",
         .rows = "{\"user\":{\"id\":7,\"name\":\"dora\",\"display_name\":\"Dora\"}}\n"},
        {.what = "again", ADD(ANNA, CELLAR, DORA), .effects = "duplicate"},
        {.what = "into what one does not belong to", ADD(CLEO, YARD, MOE), .want = ERR_NOT_MEMBER},
        {.what = "into what one does not see", ADD(MOE, CELLAR, MOE), .want = ERR_NOT_FOUND},
        {.what = "by an admin from outside", ADD(ADA, CELLAR, MOE), .effects = "event joined:moe"},
        {.what = "by the command line", ADD(SYSTEM, YARD, MOE), .effects = "event joined:moe"},
        {.what = "nobody", ADD(ANNA, CELLAR, 99), .want = ERR_NOT_FOUND},
        {.what = "a guest", ADD(ANNA, YARD, GUS), .want = ERR_FORBIDDEN},
        {.what = "who is banned", ADD(ANNA, YARD, EVE), .want = ERR_FORBIDDEN},
        {.what = "to a conversation", ADD(ANNA, DIRECT, CLEO), .want = ERR_FORBIDDEN},
        {.what = "to a conversation of others", ADD(CLEO, DIRECT, CLEO), .want = ERR_NOT_FOUND},
    };
    PLAY(*state, steps);
}

static void people_leave(void **state)
{
    static const struct step steps[] = {
        {.what = "a room",
         REMOVE(BEN, CELLAR, BEN),
         .effects = "event left:ben",
         .query =
             "SELECT c.kind, c.actor_id, c.data, (SELECT count(*) FROM memberships WHERE room_id = 3 AND user_id = 5) "
             "FROM changes AS c WHERE c.room_id = 3 ORDER BY c.seq DESC LIMIT 1",
         .rows = "left|5|{}|0\n"},
        {.what = "it is not there any more", REMOVE(BEN, CELLAR, BEN), .want = ERR_NOT_FOUND},
        {.what = "one that stays there", REMOVE(BEN, YARD, BEN), .effects = "event left:ben"},
        {.what = "again", REMOVE(BEN, YARD, BEN), .effects = "duplicate"},
        {.what = "a conversation is hidden", REMOVE(BEN, DIRECT, BEN), .effects = "duplicate"}, /* as it was before */
        {.what = "nobody else is let out of it", REMOVE(ANNA, DIRECT, BEN), .want = ERR_FORBIDDEN},
        {.what = "the last moderator too, of a closed room",
         REMOVE(ANNA, CELLAR, ANNA),
         .effects = "event left:anna",
         .query = "SELECT count(*) FROM audit WHERE verb = 'remove_member'",
         .rows = "0\n"},
    };
    PLAY(*state, steps);
}

static void people_are_removed(void **state)
{
    static const struct step steps[] = {
        {.what = "by a member", REMOVE(BEN, YARD, DORA), .want = ERR_FORBIDDEN},
        {.what = "from outside", REMOVE(CLEO, YARD, DORA), .want = ERR_FORBIDDEN},
        {.what = "from what one does not see", REMOVE(MOE, CELLAR, BEN), .want = ERR_NOT_FOUND},
        {.what = "from a conversation", REMOVE(ANNA, DIRECT, BEN), .want = ERR_FORBIDDEN},
        {.what = "who was no member", REMOVE(ANNA, YARD, CLEO), .effects = "duplicate"},
        {.what = "a moderator of the place comes in", ADD(MOE, YARD, MOE), .effects = "event joined:moe"},
        {.what = "and is not removed by one of the room", REMOVE(ANNA, YARD, MOE), .want = ERR_FORBIDDEN},
        {.what = "but by an admin", REMOVE(ADA, YARD, MOE), .effects = "event left:moe"},
        {.what = "by the room's moderator",
         REMOVE(ANNA, YARD, DORA),
         .effects = "event left:dora",
         .query = "SELECT kind, actor_id, data FROM changes WHERE room_id = 2 ORDER BY seq DESC LIMIT 1",
         .rows = "removed|4|{\"user\":{\"id\":7,\"name\":\"dora\",\"display_name\":\"Dora\"}}\n"},
        {.what = "the room's moderator, by one of the place", REMOVE(MOE, YARD, ANNA), .effects = "event left:anna"},
        {.what = "from a closed room, by an admin from outside",
         REMOVE(ADA, CELLAR, BEN),
         .effects = "event left:ben",
         .query = "SELECT actor_id, user_id, room_id, seq FROM audit WHERE verb = 'remove_member'",
         .rows = "2|3|2|5\n4|7|2|6\n3|4|2|7\n2|5|3|3\n"},
    };
    PLAY(*state, steps);
}

static void members_become_moderators(void **state)
{
#define SET(actor, in, whom, role)                                                                                     \
    .kind = COMMAND_MEMBER_SET_ROLE, .by = (actor), .room = (in), .user = (whom), .numbers = { {F_ROOM_ROLE, role} }
    static const struct step steps[] = {
        {.what = "by a member", SET(BEN, YARD, BEN, ROOM_ROLE_MODERATOR), .want = ERR_FORBIDDEN},
        {.what = "by a moderator of the place", SET(MOE, YARD, BEN, ROOM_ROLE_MODERATOR), .want = ERR_FORBIDDEN},
        {.what = "in a conversation", SET(BEN, DIRECT, BEN, ROOM_ROLE_MODERATOR), .want = ERR_FORBIDDEN},
        {.what = "nothing", SET(ANNA, YARD, BEN, ROOM_ROLE_NONE), .want = ERR_INVALID},
        {.what = "who is no member", SET(ANNA, YARD, CLEO, ROOM_ROLE_MODERATOR), .want = ERR_NOT_FOUND},
        {.what = "what they are", SET(ANNA, YARD, BEN, ROOM_ROLE_MEMBER), .effects = "duplicate"},
        {.what = "by the room's moderator",
         SET(ANNA, YARD, BEN, ROOM_ROLE_MODERATOR),
         .effects = "membership:ben",
         .query = "SELECT m.role, a.actor_id, a.detail FROM memberships AS m JOIN audit AS a USING (room_id, user_id) "
                  "WHERE m.room_id = 2 AND m.user_id = 5",
         .rows = "moderator|4|{\"role\":\"moderator\"}\n"},
        {.what = "who may do the same at once", SET(BEN, YARD, ANNA, ROOM_ROLE_MEMBER), .effects = "membership:anna"},
        {.what = "and back, by an admin from outside",
         SET(ADA, YARD, ANNA, ROOM_ROLE_MODERATOR),
         .effects = "membership:anna"},
        {.what = "in a closed room", SET(ADA, CELLAR, BEN, ROOM_ROLE_MODERATOR), .effects = "membership:ben"},
    };
    PLAY(*state, steps);
}

static void voices_are_taken_away(void **state)
{
#define MUTE(actor, in, whom, until)                                                                                   \
    .kind = COMMAND_MEMBER_MUTE, .by = (actor), .room = (in), .user = (whom), .numbers = { {F_UNTIL, until} }
    static const char silences[] = "SELECT room_id, user_id, until FROM silences ORDER BY 1, 2";
    static const struct step steps[] = {
        {.what = "by a member", MUTE(BEN, YARD, DORA, 90000), .want = ERR_FORBIDDEN},
        {.what = "in a conversation", MUTE(ANNA, DIRECT, BEN, 90000), .want = ERR_FORBIDDEN},
        {.what = "of a higher role", MUTE(ANNA, YARD, MOE, 90000), .want = ERR_FORBIDDEN},
        {.what = "until it is over already", MUTE(ANNA, YARD, BEN, 900), .effects = "duplicate"},
        {.what = "by the room's moderator", MUTE(ANNA, YARD, BEN, 90000), .effects = "membership:ben"},
        {.what = "a guest",
         MUTE(MOE, LOBBY, GUS, 80000),
         .effects = "membership:gus",
         .query = silences,
         .rows = "1|9|80000\n2|5|90000\n"},
        {.what = "the same again", MUTE(MOE, YARD, BEN, 90000), .effects = "duplicate"},
        {.what = "who is muted cannot write",
         .kind = COMMAND_MESSAGE_SEND,
         .by = BEN,
         .room = YARD,
         .id = "1",
         .body = "x",
         .want = ERR_MUTED},
        {.what = "nor after leaving and coming back", REMOVE(BEN, YARD, BEN), .effects = "event left:ben"},
        {.what = "(back)", ADD(BEN, YARD, BEN), .effects = "event joined:ben"},
        {.what = "(still)",
         .kind = COMMAND_MESSAGE_SEND,
         .by = BEN,
         .room = YARD,
         .id = "1",
         .body = "x",
         .want = ERR_MUTED},
        {.what = "it is given back",
         MUTE(ADA, YARD, BEN, 0),
         .effects = "membership:ben",
         .query = "SELECT actor_id, user_id, detail FROM audit WHERE verb = 'mute'",
         .rows = "4|5|{\"until_ms\":90000}\n3|9|{\"until_ms\":80000}\n2|5|{\"until_ms\":0}\n"},
        {.what = "and used",
         .kind = COMMAND_MESSAGE_SEND,
         .by = BEN,
         .room = YARD,
         .id = "1",
         .body = "x",
         .effects = "event",
         .query = silences,
         .rows = "1|9|80000\n"},
        {.what = "the other one is over by itself",
         .later_ms = 70000,
         .kind = COMMAND_MESSAGE_SEND,
         .by = GUS,
         .room = LOBBY,
         .id = "1",
         .body = "x",
         .effects = "event"},
    };
    PLAY(*state, steps);
}

static void people_ask_to_be_let_in(void **state)
{
#define ASK(who, in, why) .kind = COMMAND_JOIN_REQUEST, .by = (who), .ids = {in}, .texts = { {F_TEXT, why} }
#define ANSWER(who, in, whom, yes)                                                                                     \
    .kind = COMMAND_JOIN_ANSWER, .by = (who), .room = (in), .user = (whom), .numbers = {{F_ACCEPT, yes}}
    static const char requests[] = "SELECT room_id, user_id, text FROM join_requests ORDER BY 1, 2";
    static const struct step steps[] = {
        {.what = "a guest", ASK(GUS, CELLAR, "me"), .want = ERR_FORBIDDEN},
        {.what = "the command line", ASK(SYSTEM, CELLAR, "me"), .want = ERR_FORBIDDEN},
        {.what = "no such room looks like one", ASK(CLEO, 99, "me")},
        {.what = "so does an open one", ASK(CLEO, YARD, "me")},
        {.what = "and a conversation", ASK(CLEO, DIRECT, "me")},
        {.what = "and what one is a member of", ASK(BEN, CELLAR, "me"), .query = requests, .rows = ""},
        {.what = "a closed one", ASK(CLEO, CELLAR, "me"), .effects = "requested"},
        {.what = "the later words count",
         ASK(CLEO, CELLAR, "please"),
         .effects = "requested",
         .query = requests,
         .rows = "3|6|please\n"},
        {.what = "nobody", .kind = COMMAND_JOIN_REQUEST, .by = CLEO, .texts = {{F_TEXT, "me"}}},
        {.what = "(another one)", ASK(DORA, CELLAR, ""), .effects = "requested"},
        {.what = "a member does not answer", ANSWER(BEN, CELLAR, CLEO, 1), .want = ERR_FORBIDDEN},
        {.what = "who asked does not see the room", ANSWER(CLEO, CELLAR, CLEO, 1), .want = ERR_NOT_FOUND},
        {.what = "nor a moderator of the place", ANSWER(MOE, CELLAR, CLEO, 1), .want = ERR_NOT_FOUND},
        {.what = "who did not ask", ANSWER(ANNA, CELLAR, MOE, 1), .want = ERR_NOT_FOUND},
        {.what = "no",
         ANSWER(ANNA, CELLAR, DORA, 0),
         .effects = "requested",
         .query = requests,
         .rows = "3|6|please\n"},
        {.what = "it has been answered", ANSWER(ADA, CELLAR, DORA, 1), .want = ERR_NOT_FOUND},
        {.what = "yes",
         ANSWER(ANNA, CELLAR, CLEO, 1),
         .effects = "event joined:cleo requested",
         .query = requests,
         .rows = ""},
        {.what = "asking again", ASK(DORA, CELLAR, "again"), .effects = "requested"},
        {.what = "by an admin from outside",
         ANSWER(ADA, CELLAR, DORA, 1),
         .effects = "event joined:dora requested",
         .query = "SELECT actor_id, user_id, room_id, detail FROM audit WHERE verb = 'answer_request'",
         .rows = "4|7|3|{\"accept\":false}\n4|6|3|{\"accept\":true}\n2|7|3|{\"accept\":true}\n"},
        {.what = "who asked", ASK(MOE, CELLAR, ""), .effects = "requested"},
        {.what = "and is added otherwise, asks no more",
         ADD(BEN, CELLAR, MOE),
         .effects = "event joined:moe requested",
         .query = requests,
         .rows = ""},
        {.what = "(ask)", ASK(OLGA, CELLAR, ""), .effects = "requested"},
        {.what = "an archived room is not asked",
         .kind = COMMAND_ROOM_ARCHIVE,
         .by = ANNA,
         .room = CELLAR,
         .numbers = {{F_ARCHIVED, 1}},
         .effects = "event changed:archived"},
        {.what = "(ask)", ASK(OLGA, CELLAR, "now?"), .query = requests, .rows = "3|1|\n"},
        {.what = "and takes nobody in",
         ANSWER(ANNA, CELLAR, OLGA, 1),
         .want = ERR_ARCHIVED,
         .query = requests,
         .rows = "3|1|\n"},
    };
    PLAY(*state, steps);
}

/* The answer is the same whether there is such a room or not. */
static void asking_tells_nothing(void **state)
{
    static const int64_t rooms[] = {99, YARD, CELLAR, NEWS, DIRECT};
    struct world *w = *state;
    for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) {
        struct command c = {
            .kind = COMMAND_JOIN_REQUEST, .actor = COMMAND_ACTOR_ACCOUNT, .actor_id = CLEO, .at_ms = 20000};
        c.f.ids[c.f.id_count++] = rooms[i];
        struct outcome out = world_run(w, "asking", &c);
        assert_int_equal(out.result, OK);
        assert_int_equal(out.room_id, 0);
        assert_int_equal(out.seq, 0);
        assert_int_equal(out.at, 0);
        assert_int_equal(out.id, 0);
        assert_false(out.duplicate);
        assert_int_equal(out.effect_count, rooms[i] == CELLAR); /* which is for its moderators */
        outcome_clear(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(people_join),
        IN_WORLD(people_are_added),
        IN_WORLD(people_leave),
        IN_WORLD(people_are_removed),
        IN_WORLD(members_become_moderators),
        IN_WORLD(voices_are_taken_away),
        IN_WORLD(people_ask_to_be_let_in),
        IN_WORLD(asking_tells_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
