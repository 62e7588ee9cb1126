/* place_rules.h - what the files that hold the rules share. */
#ifndef HUBBUB_SIMULATION_PLACE_RULES_H
#define HUBBUB_SIMULATION_PLACE_RULES_H

#include "place.h"

enum { LOBBY = 1 };

/* A command while it is being carried out. */
struct deed {
    struct place *p;
    const struct command *c;
    struct verdict *v;
    /* the actor: */
    int64_t actor; /* 0: the command line, or a visitor without a row */
    enum user_kind kind;
    enum role role;
};

void place_add_user(struct place *p, const struct place_user *u);

/* Finds the actor. ERR_UNAUTHORIZED, ERR_BANNED. */
enum err rule_actor(struct deed *d);

/* The actor's part in a room. */
enum room_role rule_room_role(const struct deed *d, const struct place_room *r);
bool rule_moderates(const struct deed *d, const struct place_room *r);
/* Whether the actor sees this event. */
bool rule_sees(const struct deed *d, const struct place_room *r, int64_t seq);

/* Actor, then the room c->room_id (unless r is NULL), then the user F_USER (unless u is NULL), then the role table. */
enum err rule_check(struct deed *d, enum request_type verb, struct place_room **r, int64_t *user);

/* Writes an event into a room; the room's next seq. What the event points to is copied. */
struct place_event *rule_event(struct deed *d, struct place_room *r, struct place_event e);
struct place_event *rule_change(struct deed *d, struct place_room *r, enum event_kind kind, const char *text);

void rule_audit(struct deed *d, const char *verb, int64_t user, int64_t room, int64_t seq);
void rule_audit_request(struct deed *d, enum request_type verb, int64_t user, int64_t room, int64_t seq);

/* Makes somebody a member; nothing when they are one. */
void rule_join(struct deed *d, struct place_room *r, int64_t user, enum room_role role);
bool rule_may_belong(const struct deed *d, int64_t user);

void rule_touch(struct deed *d, const struct place_room *r);
/* What this member is now, for what was once. */
void rule_note_role(const struct deed *d, struct place_room *r, const struct place_member *m);
struct place_member *rule_put_member(struct place_room *r, int64_t user, enum room_role role);
void rule_set_read(struct place_member *m, int64_t seq);
int64_t rule_room_id(const struct deed *d, const struct place_room *r);
struct place_room *rule_new_room(struct deed *d);
struct place_user *rule_new_user(struct deed *d, enum user_kind kind, enum role role, const uint8_t *key,
                                 struct span name, struct span fold);
void rule_rename_user(struct place_user *u, struct span name, struct span fold);
bool rule_name_is_taken(const struct deed *d, struct span fold, int64_t but);
struct place_thing *rule_new_thing(struct deed *d, enum thing t, struct place_thing row);
struct place_user *rule_me(const struct deed *d); /* the actor */
bool rule_is_past(const struct deed *d, enum field_number f);
bool rule_is_plain_name(struct span name); /* such as an account may have */
/* All of somebody's but one (0: none) are over. */
void rule_end_things(struct deed *d, enum thing t, int64_t user, int64_t keep);

void rule_copy(char *out, size_t size, struct span text);

typedef enum err rule_fn(struct deed *d);

rule_fn rule_send, rule_delete, rule_read, rule_mark_unread, rule_report, rule_handle_report;    /* place_said.c */
rule_fn rule_create_room, rule_rename_room, rule_archive_room, rule_edit_room, rule_open_direct; /* place_room.c */
rule_fn rule_add_member, rule_remove_member, rule_set_room_role, rule_mute, rule_request_join, rule_answer_request,
    rule_set_membership; /* place_member.c */
rule_fn rule_register, rule_rename, rule_set_profile, rule_set_role, rule_ban, rule_unban, rule_block,
    rule_unblock;   /* place_people.c */
rule_fn rule_sweep; /* place_sweep.c */
rule_fn rule_create_invite, rule_edit_invite, rule_revoke_invite, rule_create_token, rule_revoke_token,
    rule_start_session, rule_touch_session, rule_end_session, rule_create_reset, rule_use_reset, rule_set_password,
    rule_set_place, rule_set_up, rule_sign_up; /* place_ways_in.c */

#endif
