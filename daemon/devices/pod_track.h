/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What was heard of one foot pod in the last half minute, or of the belt: its
 * speed, and how near it is. Pure.
 */
#ifndef GAITD_POD_TRACK_H
#define GAITD_POD_TRACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define POD_TRACK_SLOTS 80 /* of half a second */

struct pod_track {
	struct {
		uint64_t t_us; /* of the last value in the slot; 0: none yet */
		int32_t mm_s;  /* that value */
		uint32_t count;
		double mean_us, mean_mm_s; /* of all in the slot */
	} slot[POD_TRACK_SLOTS];
	bool has_rssi;
	uint32_t rssi_count;
	float rssi_dbm; /* mean of the last messages */
	uint64_t heard_us;
};

void pod_track_speed(struct pod_track *track, uint64_t t_us, int32_t mm_s);
void pod_track_rssi(struct pod_track *track, int32_t dbm);

struct pod_track_point {
	uint64_t t_us;
	double mm_s;
};

/* One point a slot, in order of time; POD_TRACK_SLOTS at most */
size_t pod_track_points(const struct pod_track *track, uint64_t from_us, uint64_t to_us,
                        struct pod_track_point *out);

#endif
