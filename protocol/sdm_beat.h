/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * The beat in stride counts, of a pod that does not tell when a stride was: only
 * that by the time of a message there were so many whole ones.
 */
#ifndef GAITD_SDM_BEAT_H
#define GAITD_SDM_BEAT_H

#include <stdbool.h>
#include <stdint.h>

/* A count of n at a time says that n to n + 1 strides had been made. The beats
 * that fit all counts since some instant are those of a steady run since then.
 * How likely it is that the beat last changed at each of the counts is kept up
 * with every message (the recursion over run lengths of Adams and MacKay,
 * "Bayesian Online Changepoint Detection", 2007); the answer is the mean over
 * all of them. So a beat that stays is known ever more closely, and one that
 * changes is followed within some 3 s.
 *
 * Whole strides heard twice a second tell no more than that: while a walk
 * becomes a run, and a few seconds after, the answer may be off by 10 steps/min
 * and more; it then says so by its variance. */
#define SDM_BEAT_COUNTS 128

struct sdm_beat {
	struct {
		uint64_t page_us, received_us; /* from an arbitrary beginning */
		uint32_t strides;
		double run; /* likelihood that the beat has been the same since */
	} counts[SDM_BEAT_COUNTS]; /* oldest first */
	unsigned count;
	unsigned weighed; /* so many of the oldest are in what was read last */
	unsigned unread; /* counts since then, as far as it matters */
	bool known; /* by the last reading; both of: */
	double strides_per_s, variance;
};

/* The better of what the pod's clock and the receiver's say has passed: messages
 * may have waited in a queue, so the pod's comes first, unless it stands or
 * crawls. */
static inline uint64_t sdm_beat_between_us(uint64_t page_us, uint64_t received_us)
{
	return page_us * 2 >= received_us ? page_us : received_us;
}

/* Zero it to begin, and to begin anew. Times are since the last count; strides
 * are unwrapped. */
void sdm_beat_count(struct sdm_beat *beat, uint64_t page_us, uint64_t received_us,
                    uint32_t strides);
/* Brings what is known up to the last count. That is dear, so ask only for what is
 * needed: counts are kept for as long, and weighed when it is. */
void sdm_beat_read(struct sdm_beat *beat);
/* From the first count to the last */
uint64_t sdm_beat_heard_us(const struct sdm_beat *beat);

#endif
