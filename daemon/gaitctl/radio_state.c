/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/gaitctl/radio_state.h"

#include <stdbool.h>
#include <string.h>

static const struct {
	const char *source, *word;
	enum radio_state state;
} rows[] = {
	{ "bluetooth", "ready", RADIO_WELL },
	{ "bluetooth", "starting", RADIO_SOON },
	{ "bluetooth", "asleep", RADIO_SOON },
	{ "bluetooth", "none", RADIO_TROUBLE },
	{ "bluetooth", "unfit", RADIO_TROUBLE },
	{ "bluetooth", "blocked", RADIO_TROUBLE },
	{ "bluetooth", "off", RADIO_TROUBLE },
	{ "bluetooth", "broken", RADIO_TROUBLE },
	{ "ant", "off", RADIO_WELL }, /* no network key */
	{ "ant", "listening", RADIO_WELL },
	{ "ant", "greeting", RADIO_SOON },
	{ "ant", "resetting", RADIO_SOON },
	{ "ant", "asking", RADIO_SOON },
	{ "ant", "configuring", RADIO_SOON },
	{ "ant", "waiting", RADIO_SOON },
	{ "ant", "closing", RADIO_SOON },
	{ "ant", "refused", RADIO_TROUBLE },
};

static bool says(const json_t *source, const char *member, const char *word)
{
	const char *text = json_string_value(json_object_get(source, member));

	return text && strcmp(text, word) == 0;
}

/* One that is not plugged in is no trouble, one that may not be opened is. */
static enum radio_state of_absent_stick(const json_t *source)
{
	if (says(source, "message", "no stick") || says(source, "message", ""))
		return RADIO_WELL;
	return RADIO_TROUBLE;
}

enum radio_state radio_state(const char *name, const json_t *source)
{
	if (strcmp(name, "ant") == 0 && says(source, "state", "absent"))
		return of_absent_stick(source);
	if (says(source, "scan", "denied"))
		return RADIO_TROUBLE;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].source, name) == 0 &&
		    says(source, "state", rows[i].word))
			return rows[i].state;
	}
	return RADIO_WELL;
}

enum radio_state radio_state_worst(const json_t *sources, const char **name,
                                   const json_t **source)
{
	enum radio_state worst = RADIO_WELL;
	const char *each;
	json_t *state;

	json_object_foreach((json_t *)sources, each, state) {
		enum radio_state is = radio_state(each, state);

		if (is <= worst)
			continue;
		worst = is;
		*name = each;
		*source = state;
	}
	return worst;
}
