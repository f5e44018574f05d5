/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * How likely is what a pod told since the belt started, if its runner is on this
 * belt? Summed over what is not known of him: how far he and his pod are behind
 * the belt, whether he stepped on later, and what his pod is off by. Pure.
 *
 * A runner follows his belt, and a pod tells of the last strides: together a lag
 * of the first order after a delay. What is left over is the pod's noise. All
 * likelihoods are logarithms; 0 is what a stranger's pod, free to move as it
 * likes, would have, but for a constant.
 */
#ifndef GAITD_POD_FIT_H
#define GAITD_POD_FIT_H

#include "daemon/devices/pod_track.h"

struct pod_fit {
	bool enough;   /* was heard since the start, and moved, often enough */
	bool scarce;   /* was heard too seldom since the start to tell */
	bool ran;      /* it ran while the belt stood: somebody else's */
	bool follows;  /* as well as the belt's own runner's pod would */
	bool may;      /* not ruled out */
	double misfit; /* mean square of what is left over; 1 is noise */
	double lag_s;  /* behind the belt */
	double scale;  /* of the belt's speed */
	double motion; /* log of the likelihood */
	double score;  /* the same, with how near it is: pod_choice.h */
};

struct belt_start {
	const struct pod_track *belt;
	uint64_t still_us; /* since when it stood */
	uint64_t start_us; /* when it began to move */
};

/* All of `fits` but `score` */
void pod_fit_all(const struct belt_start *start, const struct pod_track *const *tracks,
                 size_t count, uint64_t now_us, struct pod_fit *fits);

#endif
