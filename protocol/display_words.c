/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * The words of the display protocol, each list once.
 */
#include "protocol/display.h"

#include <assert.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const char *word_at(const char *const *words, size_t count, size_t at)
{
	assert(at < count);
	return words[at];
}

/* count if it is none of them */
static size_t word_find(const char *const *words, size_t count, const char *name)
{
	size_t at = 0;

	while (at < count && strcmp(words[at], name) != 0)
		at++;
	return at;
}

#define WORDS_OUT(prefix, type)                                          \
	const char *prefix##_name(type value)                            \
	{                                                                \
		return word_at(prefix##_words, COUNT(prefix##_words),    \
		               (size_t)value);                           \
	}
#define WORDS_IN(prefix, type)                                           \
	/* NOLINTNEXTLINE(bugprone-macro-parentheses): a type */         \
	bool prefix##_from_name(const char *name, type *out)             \
	{                                                                \
		size_t at = word_find(prefix##_words,                    \
		                      COUNT(prefix##_words), name);      \
                                                                         \
		if (at == COUNT(prefix##_words))                         \
			return false;                                    \
		*out = (type)at;                                         \
		return true;                                             \
	}

static const char *const display_level_words[] = {
	[DISPLAY_LEVEL_SYSTEM] = "system", [DISPLAY_LEVEL_PRAISE] = "praise",
	[DISPLAY_LEVEL_HABIT] = "habit",   [DISPLAY_LEVEL_FORM] = "form",
	[DISPLAY_LEVEL_LOAD] = "load",     [DISPLAY_LEVEL_SAFETY] = "safety",
};
WORDS_OUT(display_level, enum display_level)
WORDS_IN(display_level, enum display_level)

static const char *const display_link_state_words[] = {
	[DISPLAY_LINK_OFF] = "off",     [DISPLAY_LINK_SEARCHING] = "searching",
	[DISPLAY_LINK_LIVE] = "live",   [DISPLAY_LINK_STALE] = "stale",
	[DISPLAY_LINK_LOST] = "lost",
};
WORDS_OUT(display_link_state, enum display_link_state)
WORDS_IN(display_link_state, enum display_link_state)

static const char *const display_session_state_words[] = {
	[DISPLAY_SESSION_IDLE] = "idle",
	[DISPLAY_SESSION_RUNNING] = "running",
	[DISPLAY_SESSION_PAUSED] = "paused",
	[DISPLAY_SESSION_ENDED] = "ended",
};
WORDS_OUT(display_session_state, enum display_session_state)
WORDS_IN(display_session_state, enum display_session_state)

static const char *const display_clear_reason_words[] = {
	[DISPLAY_CLEAR_EXPIRED] = "expired",
	[DISPLAY_CLEAR_ACKNOWLEDGED] = "acknowledged",
	[DISPLAY_CLEAR_REPLACED] = "replaced",
	[DISPLAY_CLEAR_CONDITION] = "condition",
};
WORDS_OUT(display_clear_reason, enum display_clear_reason)
WORDS_IN(display_clear_reason, enum display_clear_reason)

static const char *const display_gait_words[] = {
	[DISPLAY_GAIT_UNKNOWN] = "unknown",
	[DISPLAY_GAIT_IDLE] = "idle",
	[DISPLAY_GAIT_WALK] = "walk",
	[DISPLAY_GAIT_RUN] = "run",
};
WORDS_OUT(display_gait, enum display_gait)
WORDS_IN(display_gait, enum display_gait)

static const char *const display_battery_state_words[] = {
	[DISPLAY_BATTERY_NEW] = "new", [DISPLAY_BATTERY_GOOD] = "good",
	[DISPLAY_BATTERY_OK] = "ok",   [DISPLAY_BATTERY_LOW] = "low",
	[DISPLAY_BATTERY_CRITICAL] = "critical",
};
WORDS_OUT(display_battery_state, enum display_battery_state)
WORDS_IN(display_battery_state, enum display_battery_state)

static const char *const display_error_words[] = {
	[DISPLAY_ERROR_BAD_JSON] = "bad-json",
	[DISPLAY_ERROR_LINE_TOO_LONG] = "line-too-long",
	[DISPLAY_ERROR_BAD_HELLO] = "bad-hello",
	[DISPLAY_ERROR_NO_COMMON_VERSION] = "no-common-version",
	[DISPLAY_ERROR_UNKNOWN_TYPE] = "unknown-type",
	[DISPLAY_ERROR_BAD_MEMBER] = "bad-member",
	[DISPLAY_ERROR_NOT_GRANTED] = "not-granted",
	[DISPLAY_ERROR_TOO_MANY_ERRORS] = "too-many-errors",
};
WORDS_OUT(display_error, enum display_error)

static const char *const display_input_words[] = {
	[DISPLAY_INPUT_PAIN] = "pain",     [DISPLAY_INPUT_RED_FLAG] = "red_flag",
	[DISPLAY_INPUT_ACK] = "ack",       [DISPLAY_INPUT_ANSWER] = "answer",
	[DISPLAY_INPUT_MUTE] = "mute",     [DISPLAY_INPUT_INTERVALS] = "intervals",
	[DISPLAY_INPUT_RUNNER] = "runner", [DISPLAY_INPUT_END] = "end",
	[DISPLAY_INPUT_PROFILE] = "profile",
};
WORDS_OUT(display_input, enum display_input)
WORDS_IN(display_input, enum display_input)

static const char *const display_red_flag_words[] = {
	[DISPLAY_RED_FLAG_LEG] = "leg",
	[DISPLAY_RED_FLAG_NUMB] = "numb",
	[DISPLAY_RED_FLAG_BLADDER] = "bladder",
	[DISPLAY_RED_FLAG_STRAIGHT] = "straight",
	[DISPLAY_RED_FLAG_FALL] = "fall",
};
WORDS_OUT(display_red_flag, enum display_red_flag)
WORDS_IN(display_red_flag, enum display_red_flag)

/* In the order of the bits of enum display_cap */
static const char *const cap_words[DISPLAY_CAP_COUNT] = {
	"metrics", "shown", "input", "personal",
};

const char *display_cap_name(enum display_cap cap)
{
	size_t bit = 0;

	while (bit < DISPLAY_CAP_COUNT && (1u << bit) != (unsigned)cap)
		bit++;
	return word_at(cap_words, DISPLAY_CAP_COUNT, bit);
}

bool display_cap_from_name(const char *name, enum display_cap *out)
{
	size_t bit = word_find(cap_words, DISPLAY_CAP_COUNT, name);

	if (bit == DISPLAY_CAP_COUNT)
		return false;
	*out = (enum display_cap)(1u << bit);
	return true;
}

const struct display_dynamic_member display_dynamic_members[DISPLAY_DYNAMICS] = {
	[DISPLAY_DYNAMIC_OSCILLATION] = { "vertical_oscillation_mm", 1 },
	[DISPLAY_DYNAMIC_GROUND_CONTACT] = { "ground_contact_ms", 0 },
	[DISPLAY_DYNAMIC_STANCE] = { "stance_pct", 1 },
	[DISPLAY_DYNAMIC_BALANCE] = { "balance_pct", 1 },
	[DISPLAY_DYNAMIC_VERTICAL_RATIO] = { "vertical_ratio_pct", 1 },
};
