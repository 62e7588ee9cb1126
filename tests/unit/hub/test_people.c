/* Who is here: presence, names, and rooms under theirs. */
#include "fixture.h"

struct presence {
    int calls;
    size_t count;
    bool listed;
    bool active;
};

static void note_presence(void *ctx, struct room *r, size_t count, const struct presence_person *people)
{
    struct presence *p = ctx;
    (void)r;
    p->calls++;
    p->count = count;
    p->listed = people != NULL;
    p->active = people && people[0].active;
}

static void presence_counts_people_not_connections(void **state)
{
    (void)state;
    struct follower tab1, tab2;
    struct presence p = {0};
    join(&tab1, 0, -1);
    join(&tab2, 1, -1);
    hub_presence_changes(hub, note_presence, &p);
    assert_int_equal(p.calls, 1);
    assert_int_equal(p.count, 1);
    assert_true(p.listed);
    hub_presence_changes(hub, note_presence, &p);
    assert_int_equal(p.calls, 1); /* nothing has changed */
    hub_person_active(hub, person, +1);
    hub_presence_changes(hub, note_presence, &p);
    assert_int_equal(p.calls, 2);
    assert_true(p.active);
    hub_leave(hub, &tab1.member);
    hub_presence_changes(hub, note_presence, &p);
    assert_int_equal(p.calls, 2); /* still here with the other one */
    hub_leave(hub, &tab2.member);
    hub_presence_changes(hub, note_presence, &p);
    assert_int_equal(p.calls, 3);
    assert_int_equal(p.count, 0);
    hub_person_active(hub, person, -1);
}

static void assert_changed(int64_t user_id, enum person_state state)
{
    struct buf ids = BUF_INIT;
    uint8_t is;
    hub_take_changed_people(hub, &ids);
    assert_int_equal(ids.len, user_id ? sizeof(int64_t) : 0);
    if (user_id) {
        assert_int_equal(*(const int64_t *)ids.p, user_id);
        hub_states(hub, &user_id, 1, &is);
        assert_int_equal(is, state);
    }
    buf_release(&ids);
}

/* Whatever happens between two looks is one change, and a second device is none. */
static void the_state_is_the_persons(void **state)
{
    (void)state;
    struct person *p = enter(PERSON_ACCOUNT, 3);
    hub_person_active(hub, p, +1);
    assert_changed(3, PERSON_ACTIVE);
    assert_changed(0, PERSON_OFFLINE);
    struct person *phone = enter(PERSON_ACCOUNT, 3);
    hub_person_active(hub, phone, +1);
    hub_person_active(hub, p, -1);
    assert_changed(0, PERSON_OFFLINE);
    hub_person_active(hub, phone, -1);
    assert_changed(3, PERSON_AWAY);
    hub_person_release(hub, phone);
    assert_changed(0, PERSON_OFFLINE);
    hub_person_release(hub, p);
    assert_changed(3, PERSON_OFFLINE);
    hub_person_release(hub, enter(PERSON_GUEST, 4));
    assert_changed(0, PERSON_OFFLINE); /* belongs to no room */
}

static void names_of_the_connected_are_unique(void **state)
{
    (void)state;
    struct person *p = NULL, *again = NULL;
    struct hub_entrant who = {.kind = PERSON_VISITOR, .name = span_of("ANNA"), .fold = span_of("anna")};
    assert_int_equal(hub_enter(hub, &who, &p), ERR_NAME_TAKEN);
    who = (struct hub_entrant){.kind = PERSON_GUEST, .user_id = 3, .name = span_of("Ben"), .fold = span_of("ben")};
    assert_int_equal(hub_enter(hub, &who, &p), OK);
    assert_int_equal(hub_enter(hub, &who, &again), OK);
    assert_ptr_equal(p, again);
    assert_true(hub_name_in_use(hub, span_of("ben"), 0));
    assert_false(hub_name_in_use(hub, span_of("ben"), 3));
    hub_rename(hub, 3, span_of("Bert"), span_of("bert"));
    assert_false(hub_name_in_use(hub, span_of("ben"), 0));
    char name[HUB_NAME_BYTES];
    assert_int_equal(hub_person_name(hub, p, name), 4);
    assert_string_equal(name, "Bert");
    hub_person_release(hub, p);
    assert_true(hub_name_in_use(hub, span_of("bert"), 0));
    hub_person_release(hub, again);
    assert_false(hub_name_in_use(hub, span_of("bert"), 0));
}

static void a_room_has_its_newest_name(void **state)
{
    (void)state;
    struct room_info info;
    hub_room_rename(hub, 7, span_of("Foyer"));
    hub_room_set_archived(hub, 7, true);
    hub_room_info(hub, room, &info);
    assert_string_equal(info.name, "Foyer");
    assert_true(info.archived);
}

static void a_guest_who_comes_back_with_an_account_is_one(void **state)
{
    (void)state;
    struct person *guest = enter(PERSON_GUEST, 3);
    assert_int_equal(guest->kind, PERSON_GUEST);
    struct person *account = enter(PERSON_ACCOUNT, 3);
    assert_ptr_equal(account, guest);
    assert_int_equal(guest->kind, PERSON_ACCOUNT);
    struct person *old_cookie = enter(PERSON_GUEST, 3);
    assert_ptr_equal(old_cookie, guest);
    assert_int_equal(guest->kind, PERSON_ACCOUNT);
    hub_person_release(hub, guest);
    hub_person_release(hub, account);
    hub_person_release(hub, old_cookie);
}

static void names_are_clipped_to_what_fits(void **state)
{
    (void)state;
    char longest[HUB_NAME_BYTES + 10], name[HUB_NAME_BYTES];
    struct room_info info;
    memset(longest, 'x', sizeof longest);
    const struct span text = {longest, sizeof longest}, fits = {longest, HUB_NAME_BYTES - 1};
    const struct hub_entrant who = {.kind = PERSON_ACCOUNT, .user_id = 3, .name = text, .fold = text};
    struct person *p = NULL;
    assert_int_equal(hub_enter(hub, &who, &p), OK);
    assert_int_equal(hub_person_name(hub, p, name), fits.len);
    assert_true(span_equal(span_of(name), fits));
    hub_room_rename(hub, ROOM, text);
    hub_room_info(hub, room, &info);
    assert_true(span_equal(span_of(info.name), fits));
    hub_person_release(hub, p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_HUB(presence_counts_people_not_connections),
        WITH_HUB(names_of_the_connected_are_unique),
        WITH_HUB(a_room_has_its_newest_name),
        WITH_HUB(a_guest_who_comes_back_with_an_account_is_one),
        WITH_HUB(names_are_clipped_to_what_fits),
        WITH_HUB(the_state_is_the_persons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
