/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * The beat as samples: when the next step falls, and the click that marks it.
 * Pure: who plays the samples is the clock.
 */
#ifndef GAITD_METRONOME_BEAT_H
#define GAITD_METRONOME_BEAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BEAT_CLICK_MS 30

/* What the beat is to be; it may change with every block of samples. */
struct beat_wish {
	bool on;
	int32_t steps_per_minute;
	double volume; /* 0 to 1 */
};

struct beat {
	unsigned rate;    /* samples a second */
	double phase;     /* of the way to the next step, 0 to 1 */
	double loudness;  /* of the click that sounds */
	uint64_t clicked; /* samples since that click began */
	bool on;
	uint64_t beats;   /* so far */
};

void beat_init(struct beat *beat, unsigned rate);

/* Writes the next samples. While on, a step's click comes each 60 /
 * steps_per_minute seconds; a new pace bends the way to the next step and never
 * jumps. Turned on, it begins with a click. Turned off, a click that sounds
 * ends. */
void beat_write(struct beat *beat, const struct beat_wish *wish, int16_t *samples,
                size_t count);

/* So much time was lost, as when the sound card ran dry: steps that fell into
 * it are over and not made up for. */
void beat_skip(struct beat *beat, const struct beat_wish *wish, double seconds);

/* ---- what is wished, from what the daemon says ---- */
struct beat_facts {
	bool ready, feedback, running, has_target, has_prompt;
	int32_t target_spm;
};
/* Only inside a feedback window, while somebody runs and a target is known;
 * quieter while a prompt is before him. */
struct beat_wish beat_wish_of(const struct beat_facts *facts, double volume);

#endif
