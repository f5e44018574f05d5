/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What the engine is at, for people.
 */
#include "daemon/ant/ant_engine.h"

#include <stdio.h>

const char *ant_engine_state_name(enum ant_engine_state state)
{
	static const char *const names[] = {
		[ANT_ENGINE_ABSENT] = "absent",
		[ANT_ENGINE_GREETING] = "greeting",
		[ANT_ENGINE_RESETTING] = "resetting",
		[ANT_ENGINE_ASKING] = "asking",
		[ANT_ENGINE_CONFIGURING] = "configuring",
		[ANT_ENGINE_LISTENING] = "listening",
		[ANT_ENGINE_WAITING] = "waiting",
		[ANT_ENGINE_REFUSED] = "refused",
		[ANT_ENGINE_CLOSING] = "closing",
	};

	return names[state];
}

const char *ant_engine_mode_name(enum ant_engine_mode mode)
{
	static const char *const names[] = {
		[ANT_ENGINE_SCAN] = "scan mode",
		[ANT_ENGINE_BACKGROUND] = "background scan",
		[ANT_ENGINE_PAIRED] = "single channels",
	};

	return names[mode];
}

void ant_engine_describe(const struct ant_engine *e, uint64_t now_us, char *out,
                         size_t size)
{
	unsigned seconds;

	if (e->failures > 0 && e->state != ANT_ENGINE_LISTENING && e->why[0] != '\0') {
		seconds = (unsigned)((now_us - e->trouble_us) / 1000000);
		snprintf(out, size, "%s, for %u s now, attempt %u", e->why, seconds,
		         e->failures);
		return;
	}
	switch (e->state) {
	case ANT_ENGINE_ABSENT:
		snprintf(out, size, "no stick");
		break;
	case ANT_ENGINE_LISTENING:
		snprintf(out, size, "listening, %s", ant_engine_mode_name(e->mode));
		break;
	case ANT_ENGINE_REFUSED:
		snprintf(out, size, "%s", e->why);
		break;
	case ANT_ENGINE_GREETING:
	case ANT_ENGINE_RESETTING:
	case ANT_ENGINE_ASKING:
	case ANT_ENGINE_CONFIGURING:
	case ANT_ENGINE_WAITING:
	case ANT_ENGINE_CLOSING:
		snprintf(out, size, "starting up (%s)", ant_engine_state_name(e->state));
		break;
	}
}
