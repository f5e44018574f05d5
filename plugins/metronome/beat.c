/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "plugins/metronome/beat.h"

#include <math.h>

#define CLICK_HZ 1800.0
#define CLICK_DECAY_S 0.006
#define TURN (2 * 3.14159265358979323846)
#define DUCKED 0.3 /* of the volume, while a prompt speaks */
#define SLOWEST_SPM 40
#define FASTEST_SPM 300

void beat_init(struct beat *beat, unsigned rate)
{
	*beat = (struct beat){
		.rate = rate, .clicked = (uint64_t)rate * BEAT_CLICK_MS / 1000,
	};
}

static void click(struct beat *beat, double volume)
{
	beat->clicked = 0;
	beat->loudness = volume;
	beat->beats++;
}

/* A tone that fades, from silence to silence */
static int16_t click_sample(struct beat *beat)
{
	double t = (double)beat->clicked / beat->rate, value;

	if (beat->clicked >= (uint64_t)beat->rate * BEAT_CLICK_MS / 1000)
		return 0;
	beat->clicked++;
	value = sin(TURN * CLICK_HZ * t) * exp(-t / CLICK_DECAY_S) * beat->loudness;
	return (int16_t)lrint(value * INT16_MAX);
}

static double steps_per_sample(const struct beat *beat, const struct beat_wish *wish)
{
	return wish->steps_per_minute / 60.0 / beat->rate;
}

void beat_write(struct beat *beat, const struct beat_wish *wish, int16_t *samples,
                size_t count)
{
	double step = steps_per_sample(beat, wish);

	if (wish->on && !beat->on)
		beat->phase = 1; /* the first click, at once */
	beat->on = wish->on;
	for (size_t i = 0; i < count; i++) {
		if (beat->on && beat->phase >= 1) {
			beat->phase -= 1;
			click(beat, wish->volume);
		}
		samples[i] = click_sample(beat);
		beat->phase += beat->on ? step : 0;
	}
}

void beat_skip(struct beat *beat, const struct beat_wish *wish, double seconds)
{
	if (!beat->on || !(seconds > 0))
		return;
	beat->phase += steps_per_sample(beat, wish) * beat->rate * seconds;
	beat->phase -= floor(beat->phase);
}

struct beat_wish beat_wish_of(const struct beat_facts *facts, double volume)
{
	bool sane = facts->target_spm >= SLOWEST_SPM && facts->target_spm <= FASTEST_SPM;

	return (struct beat_wish){
		.on = facts->ready && facts->feedback && facts->running &&
		      facts->has_target && sane,
		.steps_per_minute = facts->target_spm,
		.volume = facts->has_prompt ? volume * DUCKED : volume,
	};
}
