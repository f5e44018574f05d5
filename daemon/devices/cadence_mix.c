/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/devices/cadence_mix.h"

#include <stdlib.h>

#define SECOND_US 1000000u
#define SILENT_US (3u * SECOND_US) /* then the next best takes over */
#define STEADY_US (5u * SECOND_US) /* a better one must have come so long */
#define OLD_US (5u * SECOND_US)    /* nothing older is shown */
#define BRIDGED_MILLI 4000         /* a difference that is faded out */
#define FADE_MILLI_PER_S 1000 /* two readings within a second move it by 2 at most */

static bool fresh(const struct cadence_mix *mix, enum cadence_source source,
                  uint64_t now_us)
{
	return mix->from[source].known &&
	       now_us - mix->from[source].at_us <= SILENT_US;
}

/* Standing still needs all of a pod's words: one that has no cadence says 0. */
static bool another_moves(const struct cadence_mix *mix, enum cadence_source source,
                          uint64_t now_us)
{
	for (int other = CADENCE_STRIDES; other < CADENCE_SOURCES; other++) {
		if (other != (int)source &&
		    fresh(mix, (enum cadence_source)other, now_us) &&
		    mix->from[other].milli_spm > 0)
			return true;
	}
	return false;
}

static void note(struct cadence_mix *mix, enum cadence_source source,
                 int32_t reading, uint64_t now_us)
{
	uint64_t since_us = now_us - mix->from[source].at_us;

	if (!fresh(mix, source, now_us)) {
		mix->from[source].steady_us = now_us;
		mix->from[source].interval_us = 0;
	} else {
		mix->from[source].interval_us =
			(mix->from[source].interval_us * 7 + since_us) / 8;
	}
	mix->from[source].known = true;
	mix->from[source].milli_spm = reading;
	mix->from[source].at_us = now_us;
}

static bool better_is_fresh(const struct cadence_mix *mix, enum cadence_source source,
                            uint64_t now_us)
{
	for (int other = (int)source + 1; other < CADENCE_SOURCES; other++) {
		if (fresh(mix, (enum cadence_source)other, now_us))
			return true;
	}
	return false;
}

static bool takes_over(const struct cadence_mix *mix, enum cadence_source source,
                       uint64_t now_us)
{
	if (!mix->has_source || !fresh(mix, mix->source, now_us))
		return !better_is_fresh(mix, source, now_us);
	return source > mix->source &&
	       now_us - mix->from[source].steady_us >= STEADY_US;
}

/* What was shown goes over into what the new source says, if they are near;
 * else one of them was wrong, and the better one is right at once. */
static void take_over(struct cadence_mix *mix, enum cadence_source source,
                      int32_t reading, uint64_t now_us)
{
	int32_t difference = mix->shown_milli - reading;
	bool bridged = mix->has_source && now_us - mix->shown_us <= OLD_US &&
	               reading > 0 && mix->shown_milli > 0 &&
	               abs(difference) <= BRIDGED_MILLI;

	mix->offset_milli = bridged ? difference : 0;
	mix->has_source = true;
	mix->source = source;
}

static void fade(struct cadence_mix *mix, uint64_t now_us)
{
	uint64_t us = now_us - mix->shown_us;
	int32_t most = (int32_t)((us < SECOND_US ? us : SECOND_US) *
	                         FADE_MILLI_PER_S / SECOND_US);

	if (mix->offset_milli > most)
		mix->offset_milli -= most;
	else if (mix->offset_milli < -most)
		mix->offset_milli += most;
	else
		mix->offset_milli = 0;
}

bool cadence_mix_feed(struct cadence_mix *mix, enum cadence_source source,
                      int32_t reading, uint64_t now_us, int32_t *milli_spm)
{
	if (reading <= 0 && another_moves(mix, source, now_us))
		return false;
	note(mix, source, reading, now_us);
	if (mix->has_source && source == mix->source)
		fade(mix, now_us);
	else if (takes_over(mix, source, now_us))
		take_over(mix, source, reading, now_us);
	else
		return false;
	if (reading <= 0)
		mix->offset_milli = 0;
	mix->shown_milli = reading + mix->offset_milli;
	mix->shown_us = now_us;
	*milli_spm = mix->shown_milli;
	return true;
}

void cadence_mix_forget_pod(struct cadence_mix *mix)
{
	for (int source = CADENCE_STRIDES; source < CADENCE_SOURCES; source++)
		mix->from[source].known = false;
	if (mix->source != CADENCE_TREADMILL)
		mix->has_source = false;
}

#define SELDOM_US (2500u * 1000u)

static enum cadence_quality quality_of(const struct cadence_mix *mix, uint64_t age_us)
{
	bool gaps = mix->from[mix->source].interval_us > SELDOM_US;

	if (mix->source == CADENCE_TREADMILL || age_us > SILENT_US)
		return CADENCE_LOW;
	if (mix->source < CADENCE_RSC)
		return gaps ? CADENCE_LOW : CADENCE_FAIR;
	return gaps ? CADENCE_FAIR : CADENCE_GOOD;
}

bool cadence_mix_view(const struct cadence_mix *mix, uint64_t now_us,
                      struct cadence_view *out)
{
	uint64_t age_us = now_us - mix->shown_us;

	if (!mix->has_source || age_us > OLD_US)
		return false;
	*out = (struct cadence_view){
		.source = mix->source, .quality = quality_of(mix, age_us),
		.milli_spm = mix->shown_milli, .age_us = age_us,
	};
	return true;
}

const char *cadence_source_name(enum cadence_source source)
{
	static const char *const names[CADENCE_SOURCES] = {
		[CADENCE_TREADMILL] = "treadmill",
		[CADENCE_STRIDES] = "ant-strides",
		[CADENCE_DYNAMICS] = "running-dynamics",
		[CADENCE_RSC] = "rsc",
		[CADENCE_ANT] = "ant",
	};

	return names[source];
}

const char *cadence_quality_name(enum cadence_quality quality)
{
	static const char *const names[] = {
		[CADENCE_LOW] = "low", [CADENCE_FAIR] = "fair",
		[CADENCE_GOOD] = "good",
	};

	return names[quality];
}
