/* told.h - reading what the program says: a field that is missing or of the wrong type fails the run. */
#ifndef HUBBUB_SIMULATION_TOLD_H
#define HUBBUB_SIMULATION_TOLD_H

#include "model.h"

#include <cjson/cJSON.h>

struct world;

int64_t told_i64(struct world *w, const cJSON *object, const char *name);
const char *told_text(struct world *w, const cJSON *object, const char *name);
bool told_flag(const cJSON *object, const char *name); /* missing is false */

/* A durable event. All texts are borrowed from the JSON. */
void told_event(struct world *w, const cJSON *json, struct model_event *out, const char **author_name);

#endif
