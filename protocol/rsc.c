/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "protocol/rsc.h"

#include "protocol/cursor.h"
#include "protocol/packer.h"

#define FLAG_STRIDE_LENGTH 0x01u
#define FLAG_TOTAL_DISTANCE 0x02u
#define FLAG_RUNNING 0x04u
#define FLAGS_DEFINED 0x07u
#define HEAD 4u /* octets that are in each: flags, speed, cadence */

bool rsc_measurement_decode(const uint8_t *bytes, size_t length,
                            struct rsc_measurement *out)
{
	unsigned flags = length >= HEAD ? bytes[0] : 0;
	bool stride = flags & FLAG_STRIDE_LENGTH, distance = flags & FLAG_TOTAL_DISTANCE;
	struct cursor c = cursor_over(bytes, length);
	uint32_t head;

	if (length < HEAD + (stride ? 2u : 0) + (distance ? 4u : 0))
		return false;
	head = cursor_u32(&c);
	*out = (struct rsc_measurement){
		.flags = (uint8_t)flags,
		.running = flags & FLAG_RUNNING,
		.has_stride_length = stride,
		.has_total_distance = distance,
		.speed = (uint16_t)(head >> 8),
		.cadence = (uint8_t)(head >> 24),
		.stride_length_cm = stride ? cursor_u16(&c) : 0,
		.total_distance = distance ? cursor_u32(&c) : 0,
	};
	return true;
}

size_t rsc_measurement_encode(const struct rsc_measurement *m, uint8_t *bytes,
                              size_t size)
{
	struct packer p = packer_into(bytes, size);
	unsigned flags = m->flags & ~FLAGS_DEFINED;

	flags |= m->has_stride_length ? FLAG_STRIDE_LENGTH : 0;
	flags |= m->has_total_distance ? FLAG_TOTAL_DISTANCE : 0;
	flags |= m->running ? FLAG_RUNNING : 0;
	packer_uint(&p, flags, 1);
	packer_uint(&p, m->speed, 2);
	packer_uint(&p, m->cadence, 1);
	if (m->has_stride_length)
		packer_uint(&p, m->stride_length_cm, 2);
	if (m->has_total_distance)
		packer_uint(&p, m->total_distance, 4);
	return packer_end(&p);
}

/* ---- strides or steps? ---- */

static char lower(char letter)
{
	if (letter >= 'A' && letter <= 'Z')
		return (char)(letter | 0x20);
	return letter;
}

static bool is_letter(char c)
{
	return lower(c) >= 'a' && lower(c) <= 'z';
}

/* "Runn" in "NPE Runn 12" and not in "Running pod": whole words, any case. */
static bool begins_with_word(const char *text, const char *word)
{
	for (; *word; text++, word++)
		if (lower(*text) != lower(*word))
			return false;
	return !is_letter(*text);
}

static bool has_word(const char *text, const char *word)
{
	bool inside = false;

	for (; *text; inside = is_letter(*text++))
		if (!inside && begins_with_word(text, word))
			return true;
	return false;
}

static const char *const unit_words[] = {
	[RSC_UNIT_UNDECIDED] = "unknown",
	[RSC_UNIT_STRIDES] = "strides",
	[RSC_UNIT_STEPS] = "steps",
};

const char *rsc_unit_word(enum rsc_unit unit)
{
	return unit_words[unit];
}

bool rsc_unit_from_word(const char *word, enum rsc_unit *out)
{
	for (size_t i = 0; i < sizeof(unit_words) / sizeof(unit_words[0]); i++) {
		if (strcmp(word, unit_words[i]) == 0) {
			*out = (enum rsc_unit)i;
			return true;
		}
	}
	return false;
}

enum rsc_unit rsc_unit_by_name(const char *name)
{
	/* OpenTracks#1164, TrackMyIndoorWorkout#465, #346 */
	static const struct {
		const char *word;
		enum rsc_unit unit;
	} known[] = {
		{ "TICKR X", RSC_UNIT_STEPS },
		{ "Runn", RSC_UNIT_STEPS },
		{ "MyRun", RSC_UNIT_STEPS },
	};

	for (size_t i = 0; name && i < sizeof(known) / sizeof(known[0]); i++)
		if (has_word(name, known[i].word))
			return known[i].unit;
	return RSC_UNIT_UNDECIDED;
}

/* Bands of the raw cadence, measured in real files (footpods.md section 4):
 * from RUNNING_MM_S on people run, below walks and slow jogs overlap. */
#define RUNNING_MM_S 1900u
#define RUNNING_STRIDES_BELOW 110u
#define RUNNING_STEPS_ABOVE 125u
#define WALKING_STRIDES_BELOW 70u
#define WALKING_STEPS_ABOVE 100u

/* A stride length that agrees with speed and cadence tells one unit apart from
 * the other only outside of what both could be. */
#define LENGTH_MIN_MM_S 1000u
#define LENGTH_STRIDES_UP_TO 115u
#define LENGTH_STEPS_FROM 125u

#define STEPS_MAX 260u /* steps/min that a runner can do */
#define STEP_OF_HEIGHT_MAX 0.75

static uint32_t pod_speed_mm_s(const struct rsc_measurement *m)
{
	return m->speed * 1000u / 256u;
}

/* Way between two counts, mm: a step or a stride. */
static uint32_t way_mm(uint32_t speed_mm_s, uint8_t cadence)
{
	return (uint32_t)((uint64_t)speed_mm_s * 60 / cadence);
}

/* The pod's stride length belongs to the pod's own speed, which may be off the
 * belt's by a calibration. */
static enum rsc_unit by_stride_length(const struct rsc_measurement *m)
{
	uint32_t way, length = m->stride_length_cm * 10u;

	if (!m->has_stride_length || length == 0 ||
	    pod_speed_mm_s(m) <= LENGTH_MIN_MM_S)
		return RSC_UNIT_UNDECIDED;
	way = way_mm(pod_speed_mm_s(m), m->cadence);
	if (way * 10 >= length * 4 && way * 10 <= length * 6)
		return RSC_UNIT_STEPS;
	if (way * 100 < length * 85 || way * 100 > length * 115)
		return RSC_UNIT_UNDECIDED;
	if (m->cadence <= LENGTH_STRIDES_UP_TO)
		return RSC_UNIT_STRIDES;
	return m->cadence >= LENGTH_STEPS_FROM ? RSC_UNIT_STEPS
	                                       : RSC_UNIT_UNDECIDED;
}

static enum rsc_unit by_speed_band(uint8_t cadence, uint32_t speed_mm_s)
{
	bool runs = speed_mm_s >= RUNNING_MM_S;

	if (speed_mm_s == 0)
		return RSC_UNIT_UNDECIDED;
	if (cadence < (runs ? RUNNING_STRIDES_BELOW : WALKING_STRIDES_BELOW))
		return RSC_UNIT_STRIDES;
	if (cadence > (runs ? RUNNING_STEPS_ABOVE : WALKING_STEPS_ABOVE))
		return RSC_UNIT_STEPS;
	return RSC_UNIT_UNDECIDED;
}

/* rules.md 5.5, 15; a sprinter's true steps are as long, but quicker. */
static bool too_long_for_a_step(uint8_t cadence, uint32_t speed_mm_s,
                                double height_m)
{
	return height_m > 0 && speed_mm_s >= RUNNING_MM_S &&
	       cadence < RUNNING_STEPS_ABOVE &&
	       way_mm(speed_mm_s, cadence) >
	               STEP_OF_HEIGHT_MAX * height_m * 1000;
}

enum rsc_unit rsc_unit_evidence(const struct rsc_measurement *m,
                                uint32_t belt_speed_mm_s, double height_m)
{
	uint32_t speed = belt_speed_mm_s ? belt_speed_mm_s : pod_speed_mm_s(m);
	enum rsc_unit by_length;

	if (m->cadence == 0)
		return RSC_UNIT_UNDECIDED;
	if (m->cadence > STEPS_MAX / 2)
		return RSC_UNIT_STEPS;
	if (too_long_for_a_step(m->cadence, speed, height_m))
		return RSC_UNIT_STRIDES;
	by_length = by_stride_length(m);
	if (by_length != RSC_UNIT_UNDECIDED)
		return by_length;
	return by_speed_band(m->cadence, speed);
}

#define AGREEMENT_US 20000000u
#define SILENCE_US 5000000u /* a pod that was gone this long starts anew */

void rsc_unit_verdict_feed(struct rsc_unit_verdict *verdict,
                           enum rsc_unit evidence, uint64_t now_us)
{
	uint64_t since_last_us = now_us - verdict->last_us;

	verdict->last_us = now_us;
	if (verdict->fixed)
		return;
	if (since_last_us > SILENCE_US)
		verdict->leaning = RSC_UNIT_UNDECIDED;
	if (evidence == RSC_UNIT_UNDECIDED)
		return;
	if (evidence != verdict->leaning) {
		verdict->leaning = evidence;
		verdict->leaning_us = 0;
		return;
	}
	verdict->leaning_us += since_last_us;
	if (verdict->leaning_us >= AGREEMENT_US)
		verdict->unit = evidence;
}
