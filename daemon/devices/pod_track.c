/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/devices/pod_track.h"

#define SLOT_US 500000u
#define RSSI_LAST 40 /* messages, some 10 s: 6 dB of noise become 1 dB */

void pod_track_speed(struct pod_track *track, uint64_t t_us, int32_t mm_s)
{
	size_t i = t_us / SLOT_US % POD_TRACK_SLOTS;
	double count;

	if (track->slot[i].t_us / SLOT_US != t_us / SLOT_US) {
		track->slot[i].count = 0;
		track->slot[i].mean_us = (double)t_us;
		track->slot[i].mean_mm_s = mm_s;
	}
	track->slot[i].t_us = t_us;
	track->slot[i].mm_s = mm_s;
	count = ++track->slot[i].count;
	track->slot[i].mean_us += ((double)t_us - track->slot[i].mean_us) / count;
	track->slot[i].mean_mm_s += (mm_s - track->slot[i].mean_mm_s) / count;
	track->heard_us = t_us;
}

void pod_track_rssi(struct pod_track *track, int32_t dbm)
{
	track->rssi_count += track->rssi_count < RSSI_LAST;
	track->rssi_dbm += ((float)dbm - track->rssi_dbm) / (float)track->rssi_count;
	track->has_rssi = true;
}

size_t pod_track_points(const struct pod_track *track, uint64_t from_us, uint64_t to_us,
                        struct pod_track_point *out)
{
	uint64_t slot = to_us / SLOT_US;
	size_t count = 0;

	for (size_t back = POD_TRACK_SLOTS; back-- > 0;) {
		size_t i = (slot - back) % POD_TRACK_SLOTS;
		uint64_t t_us = track->slot[i].t_us;

		if (slot < back || t_us == 0 || t_us < from_us || t_us > to_us ||
		    t_us / SLOT_US != slot - back)
			continue;
		out[count].t_us = (uint64_t)track->slot[i].mean_us;
		out[count++].mm_s = track->slot[i].mean_mm_s;
	}
	return count;
}
