/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Which of the pods around is on this belt? The one that stood before the belt
 * started, starts with it, follows its speed (pod_fit.h), and is near. How near
 * says something, but decides nothing by itself: of two, the right one follows
 * better. Not sure is an answer: two runners who start together at one speed
 * cannot be told apart. Pure.
 */
#ifndef GAITD_POD_CHOICE_H
#define GAITD_POD_CHOICE_H

#include "daemon/devices/pod_fit.h"

enum pod_verdict {
	POD_VERDICT_WAIT,   /* the belt has not started, or too lately */
	POD_VERDICT_SURE,   /* `best` is the one */
	POD_VERDICT_UNSURE, /* some might be: ask */
	POD_VERDICT_NONE,   /* none follows the belt */
};

struct pod_choice {
	struct pod_track belt;
	bool stood;        /* the belt stands, or stood when it was last heard */
	bool started;      /* a start was seen; not after POD_CHOICE_UNTIL_US */
	uint64_t still_us; /* since when it stands */
	uint64_t start_us; /* when it last began to move */
};

/* From a start on: when it is first judged, when a question may be asked, when
 * what was seen of the start no longer tells anything */
#define POD_CHOICE_FROM_US 9000000u
#define POD_CHOICE_ASK_US 20000000u
#define POD_CHOICE_UNTIL_US 32000000u

void pod_choice_belt(struct pod_choice *choice, uint64_t t_us, int32_t mm_s);
/* It stands, and has for so long that its start would tell. */
bool pod_choice_ready(const struct pod_choice *choice, uint64_t now_us);

/* Judges `count` tracks; fills `fits` and *best (an index; only if SURE). */
enum pod_verdict pod_choice_judge(const struct pod_choice *choice,
                                  const struct pod_track *const *tracks,
                                  size_t count, uint64_t now_us,
                                  struct pod_fit *fits, size_t *best);

/* The chosen pod is plainly not on this belt: it stands while the belt moves,
 * or goes at another speed, and has for so long. */
bool pod_choice_refuted(const struct pod_choice *choice,
                        const struct pod_track *track, uint64_t now_us);
/* The other way round: it has gone with the belt for as long. */
bool pod_choice_agrees(const struct pod_choice *choice, const struct pod_track *track,
                       uint64_t now_us);

#endif
