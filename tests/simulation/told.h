/* told.h - reading what the program says: a field that is missing or of the wrong type fails the run. */
#ifndef HUBBUB_SIMULATION_TOLD_H
#define HUBBUB_SIMULATION_TOLD_H

#include "base/words.h"
#include "model.h"

#include <cjson/cJSON.h>

struct world;

int64_t told_i64(struct world *w, const cJSON *object, const char *name);
int64_t told_i64_or(struct world *w, const cJSON *object, const char *name, int64_t missing);
const char *told_text(struct world *w, const cJSON *object, const char *name);
const char *told_text_or(struct world *w, const cJSON *object, const char *name, const char *missing);
int told_word(struct world *w, const cJSON *object, const char *name, const struct words *words);
bool told_flag(const cJSON *object, const char *name); /* missing is false */
const cJSON *told_object(struct world *w, const cJSON *object, const char *name);
const cJSON *told_list(struct world *w, const cJSON *object, const char *name);

/* A user as they are named everywhere: the id; the name has to be one that they have had. */
int64_t told_user(struct world *w, const cJSON *user);

bool told_is_event(const char *type);

/* A durable event. All texts are borrowed from the JSON, or live until the next call. */
void told_event(struct world *w, const cJSON *json, struct place_event *out, const char **author_name);

#endif
