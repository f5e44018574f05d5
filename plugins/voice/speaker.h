/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * Speaks by another program: one at a time, ended when it is too late.
 */
#ifndef GAITD_VOICE_SPEAKER_H
#define GAITD_VOICE_SPEAKER_H

#include "plugins/voice/speech.h"

#include <sys/types.h>

enum speaker_engine { SPEAKER_AUTO, SPEAKER_ESPEAK_NG, SPEAKER_SPD_SAY, SPEAKER_COMMAND };

struct speaker {
	enum speaker_engine engine;
	const char *command; /* of SPEAKER_COMMAND: for sh; reads the words */
	const char *duck;    /* for sh, with GAITD_VOICE=on and =off; or NULL */
	pid_t pid;           /* of what speaks; 0: nothing does */
	bool is_ducked;
	uint64_t kill_ms;    /* it was asked to end and did not until then */
	char complaint[160]; /* as last told */
};

/* False if `name` is no engine */
bool speaker_engine_read(struct speaker *speaker, const char *name);

/* False: the program is missing, or none could be started; that is said once. */
bool speaker_speak(struct speaker *speaker, const struct utterance *utterance);
/* Ends what is spoken, at once. */
void speaker_hush(struct speaker *speaker, uint64_t now_ms);
/* Looks whether it has ended. True: nothing speaks. */
bool speaker_idle(struct speaker *speaker, uint64_t now_ms);
/* Nothing more is to be spoken for now: what was ducked comes back. */
void speaker_rest(struct speaker *speaker);

#endif
