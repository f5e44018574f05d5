/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * What is spoken of a prompt, and when it is too late for it. Pure: time is an
 * argument. One prompt at a time, the newest; nothing waits behind it.
 */
#ifndef GAITD_VOICE_SPEECH_H
#define GAITD_VOICE_SPEECH_H

#include "protocol/display.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SPEECH_LEVELS (DISPLAY_LEVEL_SAFETY + 1)

enum speech_what { SPEECH_NOTHING, SPEECH_HEADLINE, SPEECH_TEXT };

struct speech_policy {
	enum speech_what of[SPEECH_LEVELS];
};

/* Safety and load in full, of the others the headline */
void speech_policy_init(struct speech_policy *policy);
/* Changes it as "form=text,praise=nothing" says. False: `wrong` names the word. */
bool speech_policy_read(struct speech_policy *policy, const char *words, char *wrong,
                        size_t size);

struct speech {
	struct speech_policy policy;
	char lang[8]; /* of the runner */
	bool live;
	struct display_prompt prompt;
	uint64_t end_ms;
	unsigned part; /* spoken so far: first the translation, then the English */
	bool whole; /* its text, whatever the policy says of its level */
};

/* Said so and no more: `text` in a language */
struct utterance {
	char text[256];
	char lang[8];
	uint32_t id; /* of the prompt, at its first part; else 0 */
	enum display_level level;
};

void speech_init(struct speech *speech);
/* In place of what was spoken until now. */
void speech_prompt(struct speech *speech, const struct display_prompt *prompt,
                   uint64_t now_ms);
/* The same with the sentence that sums up a session */
void speech_summary(struct speech *speech, const struct display_summary *summary,
                    uint64_t now_ms);
/* True: what is being spoken of it is to end. */
bool speech_clear(struct speech *speech, uint32_t id);
void speech_forget(struct speech *speech); /* the daemon has gone */
/* True when its time is over: what is being spoken is to end. */
bool speech_advance(struct speech *speech, uint64_t now_ms);
uint64_t speech_deadline(const struct speech *speech); /* UINT64_MAX: none */

/* What to speak next, now that nothing is; false: nothing. It counts as spoken. */
bool speech_next(struct speech *speech, struct utterance *out);

#endif
