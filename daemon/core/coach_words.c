/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/core/coach_words.h"

static const struct {
	const char *name, *words;
} silences[] = {
	[COACH_SPEAKS] = { "speaks", "it spoke" },
	[COACH_DISABLED] = { "disabled", "an overlay switched it off" },
	[COACH_FAILED] = { "failed",
		           "its arithmetic came to no number: off for this session" },
	[COACH_NEEDS_ABSENT] = { "needs-absent", "it sleeps: a metric it needs is absent" },
	[COACH_OFF_BELT] = { "off-belt",
	                     "it sleeps: nobody is on the moving belt, only safety speaks" },
	[COACH_NO_TREADMILL] = { "no-treadmill",
	                         "it sleeps: nothing comes from the treadmill" },
	[COACH_UNTRUE] = { "untrue", "its condition is not true" },
	[COACH_NO_PRAISE] = { "no-praise", "no rule that it praises has just ended" },
	[COACH_HOLDING] = { "holding", "its condition must hold for longer" },
	[COACH_UNTIL_CLEAR] = { "until-clear",
	                        "it has spoken, is not over, and has no \"repeat\"" },
	[COACH_REPEAT] = { "repeat", "\"repeat\" is not over" },
	[COACH_LIMIT] = { "limit", "it has spoken as often as \"limit\" allows" },
	[COACH_UNANSWERED] = { "unanswered",
	                       "it was not followed three times: silent until it is over" },
	[COACH_ONCE] = { "once", "\"once\": it has spoken" },
	[COACH_BARRED] = { "barred", "a rule that bars it has spoken in this session" },
	[COACH_AWAITS] = { "awaits", "it waits for what \"await\" says" },
	[COACH_PAIN] = { "pain", "no praise after a report of pain" },
	[COACH_MUTED] = { "muted", "it is muted" },
	[COACH_UNWANTED] = { "unwanted", "the runner wants fewer prompts, or none" },
	[COACH_MUTE_MINUTES] = { "mute", "the runner muted prompts" },
	[COACH_GAP] = { "gap", "too soon after another prompt" },
	[COACH_BUDGET] = { "budget", "enough tips on form in 10 minutes" },
	[COACH_LOCKED] = { "locked", "the display is locked until acknowledged" },
	[COACH_BEHIND_LIVE] = { "behind-live", "another prompt is on display" },
	[COACH_OUTRANKED] = { "outranked", "another rule went first" },
};

const char *coach_silence_name(enum coach_silence silence)
{
	return silences[silence].name;
}

const char *coach_silence_words(enum coach_silence silence)
{
	return silences[silence].words;
}
