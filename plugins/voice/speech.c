/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "plugins/voice/speech.h"

#include <stdio.h>
#include <string.h>

/* ---- what of which level ---- */
void speech_policy_init(struct speech_policy *policy)
{
	for (int i = 0; i < SPEECH_LEVELS; i++)
		policy->of[i] = i >= DISPLAY_LEVEL_LOAD ? SPEECH_TEXT : SPEECH_HEADLINE;
}

static bool what_from_name(const char *name, enum speech_what *what)
{
	static const char *const names[] = {
		[SPEECH_NOTHING] = "nothing", [SPEECH_HEADLINE] = "headline",
		[SPEECH_TEXT] = "text",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0) {
			*what = (enum speech_what)i;
			return true;
		}
	return false;
}

/* One "level=what", of so many octets */
static bool read_word(struct speech_policy *policy, const char *word, size_t length)
{
	char copy[48];
	char *equals;
	enum display_level level;
	enum speech_what what;

	if (length >= sizeof(copy))
		return false;
	memcpy(copy, word, length);
	copy[length] = '\0';
	equals = strchr(copy, '=');
	if (!equals)
		return false;
	*equals = '\0';
	if (!display_level_from_name(copy, &level) || !what_from_name(equals + 1, &what))
		return false;
	policy->of[level] = what;
	return true;
}

bool speech_policy_read(struct speech_policy *policy, const char *words, char *wrong,
                        size_t size)
{
	struct speech_policy next = *policy;

	while (*words) {
		size_t length = strcspn(words, ",");

		if (!read_word(&next, words, length)) {
			snprintf(wrong, size, "%.*s", (int)length, words);
			return false;
		}
		words += length;
		words += *words == ',';
	}
	*policy = next;
	return true;
}

/* ---- one prompt ---- */
#define SUMMARY_MS 30000u /* to be spoken in; a prompt goes first */

void speech_init(struct speech *s)
{
	memset(s, 0, sizeof(*s));
	speech_policy_init(&s->policy);
	strcpy(s->lang, "en");
}

void speech_prompt(struct speech *s, const struct display_prompt *prompt, uint64_t now_ms)
{
	s->live = true;
	s->prompt = *prompt;
	s->end_ms = now_ms + prompt->ttl_ms;
	s->part = 0;
	s->whole = false;
}

void speech_summary(struct speech *s, const struct display_summary *summary,
                    uint64_t now_ms)
{
	struct display_prompt said = { .level = DISPLAY_LEVEL_SYSTEM, .ttl_ms = SUMMARY_MS };

	snprintf(said.text, sizeof(said.text), "%s", summary->text);
	speech_prompt(s, &said, now_ms);
	s->whole = true;
}

bool speech_clear(struct speech *s, uint32_t id)
{
	bool was_live = s->live && s->prompt.id == id;

	if (was_live)
		s->live = false;
	return was_live;
}

void speech_forget(struct speech *s)
{
	s->live = false;
}

bool speech_advance(struct speech *s, uint64_t now_ms)
{
	return s->live && s->end_ms <= now_ms && speech_clear(s, s->prompt.id);
}

uint64_t speech_deadline(const struct speech *s)
{
	return s->live ? s->end_ms : UINT64_MAX;
}

/* ---- its parts ---- */
static const char *words_of(const struct speech *s, bool english)
{
	const struct display_prompt *p = &s->prompt;

	switch (s->whole ? SPEECH_TEXT : s->policy.of[p->level]) {
	case SPEECH_TEXT:
		return english ? p->english.text : p->text;
	case SPEECH_HEADLINE:
		return english ? p->english.headline : p->headline;
	case SPEECH_NOTHING:
		break;
	}
	return "";
}

bool speech_next(struct speech *s, struct utterance *out)
{
	bool english = s->part == 1;
	const char *words = s->live && s->part < 2 ? words_of(s, english) : "";

	if (!*words)
		return false;
	snprintf(out->text, sizeof(out->text), "%s", words);
	snprintf(out->lang, sizeof(out->lang), "%s", english ? "en" : s->lang);
	out->id = english ? 0 : s->prompt.id;
	out->level = s->prompt.level;
	s->part++;
	return true;
}
