#include "admin.h"

#include "chat/core/submission.h"
#include "chat/submit/call.h"
#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* What may go wrong with any command, whatever it asks. */
static bool may_fail(const struct world *w, enum err e)
{
    return (e == ERR_STORAGE && (w->server.faulted || w->faults.dead)) || e == ERR_OVERLOADED ||
           (e == ERR_SHUTTING_DOWN && w->server.state != SERVER_UP);
}

static void expect(struct world *w, const char *what, enum err e, enum err allowed)
{
    if (e && e != allowed && !may_fail(w, e))
        trace_fail(&w->trace, "protocol", "%s: %s", what, err_code(e));
}

/* As the command line does it. */
static enum err as_system(struct world *w, const struct request *q, bool *duplicate)
{
    static const struct caller system = {.kind = COMMAND_ACTOR_SYSTEM, .scope = SCOPE_ADMIN};
    struct outcome outcome = {.result = OK};
    struct call call;
    const char *why;
    enum err e = call_prepare(w->server.chat, &system, q, &call, &why);
    if (!e)
        e = submission_wait(w->server.chat, &call.command, &outcome);
    call_release(&call);
    *duplicate = outcome.duplicate;
    return e;
}

static void add_room(struct world *w)
{
    char name[32];
    bool duplicate;
    struct request q = {.type = REQUEST_CREATE_ROOM};
    snprintf(name, sizeof name, "Room %d", ++w->admin.named);
    fields_set_text(&q.f, F_NAME, span_of(name));
    world_say(w, "admin: room add %s", name);
    enum err e = as_system(w, &q, &duplicate);
    expect(w, "room add", e, OK);
    world_say(w, "admin: %s", err_code(e));
    w->admin.made++;
}

static int64_t any_room(struct world *w)
{
    int64_t known[PLACE_ROOMS_MAX], n = 0;
    for (int64_t id = 1; id < PLACE_ROOMS_MAX; id++)
        if (place_room(&w->place, id) && w->place.rooms[id].kind != ROOM_DIRECT)
            known[n++] = id;
    return known[dice_below(&w->dice, (size_t)n)];
}

static void rename_room(struct world *w)
{
    char name[32];
    bool duplicate;
    struct request q = {.type = REQUEST_RENAME_ROOM, .room = {.id = any_room(w)}};
    /* Now and then a name that is taken. */
    snprintf(name, sizeof name, "Room %d", dice_one_in(&w->dice, 4) ? w->admin.named : ++w->admin.named);
    fields_set_text(&q.f, F_NAME, span_of(name));
    world_say(w, "admin: room rename %" PRId64 " to %s", q.room.id, name);
    enum err e = as_system(w, &q, &duplicate);
    expect(w, "room rename", e, ERR_NAME_TAKEN);
    world_say(w, "admin: %s", err_code(e));
}

static void archive_room(struct world *w)
{
    bool duplicate;
    struct request q = {.type = REQUEST_ARCHIVE_ROOM, .room = {.id = any_room(w)}};
    const bool archive = dice_one_in(&w->dice, 4);
    fields_set(&q.f, F_ARCHIVED, archive);
    world_say(w, "admin: room %s %" PRId64, archive ? "archive" : "unarchive", q.room.id);
    enum err e = as_system(w, &q, &duplicate);
    expect(w, "room archive", e, OK);
    world_say(w, "admin: %s", e ? err_code(e) : duplicate ? "it is so already" : "done");
}

/* As `hubbub setup`, without the password's hash. */
static void set_up(struct world *w)
{
    char fold[NAME_KEY_BYTES];
    const char *name = w->accounts[0].name;
    struct outcome outcome;
    if (name_fold(w->server.chat->names, span_of(name), fold))
        return;
    struct command command = {
        .kind = COMMAND_SET_UP, .actor = COMMAND_ACTOR_VISITOR, .name = span_of(name), .fold = span_of(fold)};
    env_random(&w->env, command.actor_key, sizeof command.actor_key);
    fields_set_text(&command.f, F_PASSWORD, span_of("a hash"));
    fields_set_text(&command.f, F_NAME, span_of("Garden Club"));
    enum err e = submission_wait(w->server.chat, &command, &outcome);
    expect(w, "set up", e, ERR_FORBIDDEN);
    world_say(w, "admin: set up: %s", err_code(e));
}

/* Anything else that the command line may ask for. */
static void call(struct world *w)
{
    static const struct caller who = {.kind = COMMAND_ACTOR_SYSTEM, .scope = SCOPE_ADMIN};
    struct ask a = {.kind = ASK_CALL, .id = "prompt"};
    cJSON *request = client_choose_call(w, NULL, &a);
    w->admin.ask = &a;
    if (request)
        client_ask_over_http(w, &w->admin.client, &who, &a, request);
    w->admin.ask = NULL;
}

static void enter_prompt(struct world *w)
{
    struct admin *a = &w->admin;
    w->faults.exempt = true;
    int code = sqlite3_open_v2(WORLD_DATABASE, &a->prompt, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, WORLD_VFS);
    if (!code)
        code = sqlite3_exec(a->prompt, "BEGIN; SELECT count(*) FROM history", NULL, NULL, NULL);
    w->faults.exempt = false;
    world_say(w, "admin: looks into the database");
    world_count(w, prompts);
    if (code)
        trace_fail(&w->trace, "I1", "the database cannot be read from outside: %s", sqlite3_errstr(code));
}

void admin_leave_prompt(struct world *w)
{
    w->faults.exempt = true;
    sqlite3_close(w->admin.prompt);
    w->faults.exempt = false;
    w->admin.prompt = NULL;
}

static void act(struct world *w, void *arg)
{
    struct admin *a = &w->admin;
    (void)arg;
    a->busy = true;
    if (a->prompt)
        admin_leave_prompt(w);
    else if (dice_one_in(&w->dice, 10))
        enter_prompt(w);
    int most = w->profile.rate_messages_per_s ? PROFILE_ROOMS_MAX_RATED : PROFILE_ROOMS_MAX;
    if (!w->place.is_set_up)
        set_up(w);
    else if (a->made < w->profile.rooms || (a->made < most && dice_one_in(&w->dice, 12)))
        add_room(w);
    else if (dice_one_in(&w->dice, 2))
        call(w);
    else if (dice_one_in(&w->dice, 2))
        rename_room(w);
    else
        archive_room(w);
    a->busy = false;
    a->act_us = w->now_us + (a->made < w->profile.rooms || !w->place.is_set_up
                                 ? 1000
                                 : dice_between(&w->dice, 1000, 40 * w->profile.act_every_us));
}

void admin_init(struct world *w)
{
    struct client *c = &w->admin.client;
    c->kind = CLIENT_ADMIN;
    c->who = (struct caller){.kind = COMMAND_ACTOR_SYSTEM, .scope = SCOPE_ADMIN};
}

void admin_offer(struct world *w)
{
    if (!w->admin.busy && !w->quiet && w->server.state == SERVER_UP && !w->faults.dead)
        turns_offer(&w->turns, PART_WORKER, w->admin.act_us, act, NULL);
}
