/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * One cadence out of all that tell one: the best source that is fresh, and no
 * leap where another takes over. Pure.
 */
#ifndef GAITD_CADENCE_MIX_H
#define GAITD_CADENCE_MIX_H

#include <stdbool.h>
#include <stdint.h>

/* From the last resort to the best (footpods.md section 8, item 10) */
enum cadence_source {
	CADENCE_TREADMILL, /* the belt counts steps by what it feels of them */
	CADENCE_STRIDES,   /* counted from page 1 of an ANT+ pod */
	CADENCE_DYNAMICS,  /* a Running Dynamics pod */
	CADENCE_RSC,
	CADENCE_ANT, /* page 2 to 15: the pod's own measure */
	CADENCE_SOURCES,
};

enum cadence_quality {
	CADENCE_LOW,  /* the treadmill's, or old, or seldom */
	CADENCE_FAIR, /* derived, or with gaps */
	CADENCE_GOOD,
};

struct cadence_mix {
	struct {
		bool known;
		int32_t milli_spm;
		uint64_t at_us;
		uint64_t steady_us;   /* since when it comes without a gap */
		uint64_t interval_us; /* mean of the last ones */
	} from[CADENCE_SOURCES];
	bool has_source;
	enum cadence_source source; /* the one that counts */
	int32_t shown_milli;
	uint64_t shown_us;
	int32_t offset_milli; /* of what is shown to the source; fades */
};

/* One source's reading in 0.001 steps/min. True when it is the one that counts:
 * *milli_spm is then what to show. Zero the mix to begin. */
bool cadence_mix_feed(struct cadence_mix *mix, enum cadence_source source,
                      int32_t reading, uint64_t now_us, int32_t *milli_spm);
/* Another pod: what the last one told counts no more. */
void cadence_mix_forget_pod(struct cadence_mix *mix);

struct cadence_view {
	enum cadence_source source;
	enum cadence_quality quality;
	int32_t milli_spm;
	uint64_t age_us;
};

/* What is shown now and whose it is; false: nothing, or too old. */
bool cadence_mix_view(const struct cadence_mix *mix, uint64_t now_us,
                      struct cadence_view *out);
const char *cadence_source_name(enum cadence_source source);
const char *cadence_quality_name(enum cadence_quality quality);

#endif
