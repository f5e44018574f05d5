/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/pods_status.h"

#include "daemon/service/control.h"

#include <stdio.h>

#define SECOND_US 1000000u
#define NEAR_US (10 * (uint64_t)SECOND_US)
#define FRESH_US (5 * (uint64_t)SECOND_US)
#define REPLY_ROOM (CONTROL_LINE_MAX - 256) /* beside it: step, more */

static bool is_near(const struct pod_heard *pod, uint64_t now_us)
{
	return pod->used && pod->heard && now_us - pod->heard_us <= NEAR_US;
}

/* One that was paired a moment ago is still among the others. */
static bool is_own_too(const struct pods *pods, const struct pod_heard *pod)
{
	return pods->own.heard && pods->own.has_ant_id && pod->has_ant_id &&
	       pods->own.ant_id == pod->ant_id;
}

/* Whoever is asked to start before the belt has stood for long enough is not
 * seen to. */
static const char *step_of(const struct pods *pods, uint64_t now_us)
{
	switch (pods->state) {
	case PODS_OWN:
		return "own";
	case PODS_CHOSEN:
		return "chosen";
	case PODS_UNSURE:
		return "several";
	case PODS_REFUSED:
		return "refused";
	case PODS_WATCHING:
		break;
	}
	if (pods->choice.stood)
		return pod_choice_ready(&pods->choice, now_us) ? "standing" : "none";
	return pods->choice.started ? "judging" : "none";
}

static const char *fit_of(const struct pods *pods, const struct pod_heard *pod)
{
	if (pod == &pods->own)
		return "own";
	if (pod == pods_current(pods))
		return "chosen";
	if (pod->fit.ran)
		return "no";
	if (!pod->fit.enough)
		return "unknown";
	return pod->fit.may ? "may" : "no";
}

/* Of the track's slots, the newest */
static bool speed_of(const struct pod_track *track, uint64_t now_us, int32_t *mm_s)
{
	uint64_t newest_us = 0;

	for (size_t i = 0; i < POD_TRACK_SLOTS; i++) {
		if (track->slot[i].t_us <= newest_us)
			continue;
		newest_us = track->slot[i].t_us;
		*mm_s = track->slot[i].mm_s;
	}
	return newest_us != 0 && now_us - newest_us <= FRESH_US;
}

static json_t *describe(const struct pods *pods, const struct pod_heard *pod, uint64_t now_us)
{
	json_t *object = json_object();
	char text[40];
	int32_t mm_s;

	pods_label(pod, text, sizeof(text));
	json_object_set_new(object, "name", json_string(text));
	if (pod->has_ant_id) {
		snprintf(text, sizeof(text), "ant %u", (unsigned)pod->ant_id);
		json_object_set_new(object, "id", json_string(text));
	} else if (pod->address[0]) {
		json_object_set_new(object, "id", json_string(pod->address));
	}
	json_object_set_new(object, "fit", json_string(fit_of(pods, pod)));
	if (pod->track.has_rssi)
		json_object_set_new(object, "rssi_dbm",
		                    json_integer((json_int_t)pod->track.rssi_dbm));
	if (pod->cadence_us != 0 && now_us - pod->cadence_us <= FRESH_US)
		json_object_set_new(object, "cadence_spm", json_real(pod->milli_spm / 1000.0));
	if (speed_of(&pod->track, now_us, &mm_s))
		json_object_set_new(object, "speed_kmh", json_real(mm_s * 0.0036));
	return object;
}

/* What matters first: the one that counts, those that may be meant, the near. */
static double weight(const struct pods *pods, const struct pod_heard *pod)
{
	double rssi_dbm = pod->track.has_rssi ? (double)pod->track.rssi_dbm : -128;

	if (pod == pods_current(pods))
		return 1000;
	return rssi_dbm + (pod->fit.enough && pod->fit.may ? 500 : 0);
}

static size_t sorted(const struct pods *pods, uint64_t now_us,
                     const struct pod_heard *out[PODS_MAX + 1])
{
	size_t count = 0;

	for (size_t i = 0; i <= PODS_MAX; i++) {
		const struct pod_heard *pod = i < PODS_MAX ? &pods->other[i] : &pods->own;
		size_t at = count;

		if (!is_near(pod, now_us) || (i < PODS_MAX && is_own_too(pods, pod)))
			continue;
		for (; at > 0 && weight(pods, out[at - 1]) < weight(pods, pod); at--)
			out[at] = out[at - 1];
		out[at] = pod;
		count++;
	}
	return count;
}

void pods_status(const struct pods *pods, uint64_t now_us, json_t *reply)
{
	const struct pod_heard *near[PODS_MAX + 1];
	size_t count = sorted(pods, now_us, near), shown = 0, used = 0;
	json_t *list = json_array();

	for (; shown < count; shown++) {
		json_t *pod = describe(pods, near[shown], now_us);

		used += json_dumpb(pod, NULL, 0, JSON_COMPACT) + 1;
		if (used > REPLY_ROOM) {
			json_decref(pod);
			break;
		}
		json_array_append_new(list, pod);
	}
	json_object_set_new(reply, "step", json_string(step_of(pods, now_us)));
	json_object_set_new(reply, "pods", list);
	if (count > shown)
		json_object_set_new(reply, "more", json_integer((json_int_t)(count - shown)));
}
