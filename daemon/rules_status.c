/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/rules_status.h"

#include "daemon/core/coach.h"
#include "daemon/core/coach_words.h"
#include "daemon/service/control.h"

#define REPLY_ROOM (CONTROL_LINE_MAX - 256) /* beside it: id, ok, total, from */
#define SECOND_US 1000000u

static json_t *describe(const struct rule *rule, const struct rule_state *state,
                        uint64_t now_us)
{
	json_t *object = json_pack("{s:s, s:s, s:b, s:b, s:i, s:s}", "id", rule->id, "level",
	                           display_level_name(rule->level), "true",
	                           state->true_now, "held", state->held, "count",
	                           (int)state->count, "state",
	                           coach_silence_name(state->silence));

	if (state->by)
		json_object_set_new(object, "by", json_string(state->by->id));
	if (state->silent_until_us != COACH_NEVER && state->silent_until_us > now_us)
		json_object_set_new(object, "left_s",
		                    json_integer((json_int_t)((state->silent_until_us - now_us +
		                                               SECOND_US - 1) / SECOND_US)));
	return object;
}

void rules_status(const struct coach *coach, size_t from, uint64_t now_us, json_t *reply)
{
	json_t *list = json_array();
	size_t used = 0;

	for (size_t i = from; i < coach->rules->count; i++) {
		json_t *rule = describe(&coach->rules->rules[i], &coach->state[i], now_us);

		used += json_dumpb(rule, NULL, 0, JSON_COMPACT) + 1;
		if (used > REPLY_ROOM) {
			json_decref(rule);
			break;
		}
		json_array_append_new(list, rule);
	}
	json_object_set_new(reply, "total", json_integer((json_int_t)coach->rules->count));
	json_object_set_new(reply, "from", json_integer((json_int_t)from));
	json_object_set_new(reply, "states", list);
}
