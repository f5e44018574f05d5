/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * What a broker was told or asked and has not answered yet, by packet number. One that
 * lives and does not answer would keep an event for ever: MQTT 3.1.1 4.4 has it sent
 * again by the next connection only.
 */
#ifndef GAITD_MQTT_UNANSWERED_H
#define GAITD_MQTT_UNANSWERED_H

#include <stddef.h>

/* With more the newest are not watched: the oldest decide. */
#define UNANSWERED_MAX 64

struct unanswered {
	size_t count;
	struct {
		int mid;
		unsigned since_s;
	} at[UNANSWERED_MAX]; /* oldest first */
};

static inline void unanswered_add(struct unanswered *unanswered, int mid, unsigned now_s)
{
	if (unanswered->count == UNANSWERED_MAX)
		return;
	unanswered->at[unanswered->count].mid = mid;
	unanswered->at[unanswered->count].since_s = now_s;
	unanswered->count++;
}

static inline void unanswered_remove(struct unanswered *unanswered, int mid)
{
	size_t kept = 0;

	for (size_t i = 0; i < unanswered->count; i++) {
		if (unanswered->at[i].mid != mid)
			unanswered->at[kept++] = unanswered->at[i];
	}
	unanswered->count = kept;
}

/* For how long the oldest waits; 0: none does */
static inline unsigned unanswered_for_s(const struct unanswered *unanswered, unsigned now_s)
{
	return unanswered->count > 0 ? now_s - unanswered->at[0].since_s : 0;
}

#endif
