/* admin_internal.h - what the files of the command line share. */
#ifndef HUBBUB_CLI_ADMIN_INTERNAL_H
#define HUBBUB_CLI_ADMIN_INTERNAL_H

#include "apply/apply.h"
#include "chat/submit/call.h"
#include "cli/admin.h"

enum { ADMIN_ARGUMENTS_MAX = 3, ADMIN_OPTIONS_MAX = 3 };

/* The words of a verb, taken apart. */
struct admin_arguments {
    const char *word[ADMIN_ARGUMENTS_MAX]; /* NULL: not given */
    const char *option[ADMIN_OPTIONS_MAX]; /* the values, in the order of the verb's row; NULL: not given */
    const char *password;                  /* NULL: the verb needs none */
};

/* Carries a verb out; the exit status. */
typedef int admin_fn(const struct admin *a, const struct admin_arguments *args, struct buf *out);

admin_fn admin_before_setup, admin_setup; /* admin_user.c */
admin_fn admin_user_list, admin_user_reset, admin_user_stop_totp, admin_user_role, admin_user_ban, admin_user_unban;
admin_fn admin_invite_create, admin_invite_list, admin_invite_revoke; /* admin_invite.c */
admin_fn admin_room_add, admin_room_list, admin_room_rename, admin_room_archive,
    admin_room_unarchive; /* admin_room.c */

/* What a request of the protocol did when it was carried out for the command line. */
struct admin_result {
    int64_t room_id;
    bool duplicate;         /* it was so already */
    char code[TOKEN_BYTES]; /* that of a link; "": none */
};

/* Carries a request out as the system, which may do everything. Refusals as in call.h. */
enum err admin_request(const struct admin *a, const struct request *q, struct admin_result *result, const char **why);

/* Prints why something could not be done to `name`; returns the exit status. */
int admin_refuse(struct buf *out, const char *name, enum err e, const char *why);

/* The same when there is none of that name: no room "garden". */
int admin_missing(struct buf *out, const char *what, const char *name);

#endif
