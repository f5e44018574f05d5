/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/devices/pods.h"
#include "protocol/ant.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define SECOND_US 1000000u
#define OWN_US (15u * SECOND_US) /* silent for longer it is lost */

void pods_init(struct pods *pods)
{
	pods->state = PODS_WATCHING;
	pods->own.used = true;
	pods->own.unit = 1;
	footpod_init(&pods->own.footpod);
}

/* ---- who is who ----------------------------------------------------------- */

/* What a stick says of the frame's sender; false: not a foot pod's, or not
 * said. */
static bool ant_sender(const struct source_event *event, struct ant_data *data)
{
	struct ant_message message;

	return event->kind == SOURCE_ANT &&
	       ant_frame_decode(event->bytes, event->length, &message) &&
	       ant_data_decode(&message, data);
}

static uint32_t ant_id_of(const struct ant_data *data)
{
	return (uint32_t)(data->transmission_type >> 4) << 16 | data->device_number;
}

static bool is_it(const struct pod_heard *pod, unsigned unit, const struct ant_data *data)
{
	bool has_id = data && (data->extensions & ANT_EXT_CHANNEL_ID);

	return pod->used && pod->unit == unit &&
	       (!has_id || !pod->has_ant_id || pod->ant_id == ant_id_of(data));
}

size_t pods_others(const struct pods *pods)
{
	size_t count = 0;

	for (size_t i = 0; i < pods->places; i++)
		count += pods->other[i].used;
	return count;
}

static struct pod_heard *find(struct pods *pods, unsigned unit, const struct ant_data *data)
{
	for (size_t i = 0; i < pods->places; i++) {
		if (is_it(&pods->other[i], unit, data))
			return &pods->other[i];
	}
	return NULL;
}

static bool is_asked(const struct pods *pods, const struct pod_heard *pod)
{
	for (size_t i = 0; i < pods->asked_count; i++) {
		if (pods->asked[i] == pod)
			return true;
	}
	return false;
}

/* A free place, else that of the longest silent one that does not matter */
static struct pod_heard *make_room(struct pods *pods)
{
	struct pod_heard *oldest = NULL;

	for (size_t i = 0; i < pods->places; i++) {
		struct pod_heard *pod = &pods->other[i];

		if (!pod->used)
			return pod;
		if (pod != pods->chosen && !is_asked(pods, pod) &&
		    (!oldest || pod->heard_us < oldest->heard_us))
			oldest = pod;
	}
	if (pods->places < PODS_MAX)
		return &pods->other[pods->places++];
	assert(oldest); /* fewer are chosen or asked for than there are places */
	return oldest;
}

static struct pod_heard *pod_of(struct pods *pods, unsigned unit, const struct ant_data *data)
{
	struct pod_heard *pod;

	if (unit == 1)
		return &pods->own;
	pod = find(pods, unit, data);
	if (pod)
		return pod;
	pod = make_room(pods);
	memset(pod, 0, sizeof(*pod));
	footpod_init(&pod->footpod);
	pod->used = true;
	pod->unit = unit;
	return pod;
}

void pods_label(const struct pod_heard *pod, char *out, size_t size)
{
	if (pod->has_ant_id)
		snprintf(out, size, "%u", (unsigned)pod->ant_id);
	else if (pod->name[0])
		snprintf(out, size, "%s", pod->name);
	else if (pod->address[0])
		snprintf(out, size, "%s", pod->address);
	else
		snprintf(out, size, "pod %u", pod->unit);
}

bool pods_id(const struct pod_heard *pod, char out[PODS_ID_SIZE])
{
	if (pod->has_ant_id)
		snprintf(out, PODS_ID_SIZE, "ant %u", (unsigned)pod->ant_id);
	else
		snprintf(out, PODS_ID_SIZE, "%s", pod->address);
	return *out != '\0';
}

/* ---- what they say -------------------------------------------------------- */

static void note_rssi(struct pod_heard *pod, int32_t dbm)
{
	pod_track_rssi(&pod->track, dbm);
	pod_tally_rssi(&pod->tally, dbm);
}

static void note_sender(struct pod_heard *pod, const struct source_event *event,
                        const struct ant_data *data)
{
	if (data && (data->extensions & ANT_EXT_CHANNEL_ID)) {
		pod->has_ant_id = true;
		pod->ant_id = ant_id_of(data);
	}
	if (data && (data->extensions & ANT_EXT_RSSI))
		note_rssi(pod, data->rssi_dbm);
	if (data && (!(data->extensions & ANT_EXT_CHANNEL_ID) ||
	             data->device_type == SDM_DEVICE_TYPE))
		pod_tally_page(&pod->tally, data->page);
	if (event->kind == SOURCE_RSSI)
		note_rssi(pod, event->number);
	if (event->kind == SOURCE_NAME)
		snprintf(pod->name, sizeof(pod->name), "%.31s", event->text);
	if (event->kind == SOURCE_ADDRESS)
		snprintf(pod->address, sizeof(pod->address), "%.31s", event->text);
}

static void note_samples(struct pod_heard *pod, const struct sample_batch *batch)
{
	for (size_t i = 0; i < batch->count; i++) {
		const struct sample *sample = &batch->samples[i];

		if (sample->kind == SAMPLE_POD_SPEED)
			pod_track_speed(&pod->track, batch->t_us, sample->value);
		if (sample->kind != SAMPLE_CADENCE)
			continue;
		pod->milli_spm = sample->value;
		pod->cadence_us = batch->t_us;
	}
}

static bool is_heard(const struct pod_heard *pod, uint64_t now_us)
{
	return pod->heard && now_us - pod->heard_us <= OWN_US;
}

const struct pod_heard *pods_current(const struct pods *pods)
{
	if (pods->state == PODS_OWN)
		return &pods->own;
	return pods->state == PODS_CHOSEN ? pods->chosen : NULL;
}

/* ---- the choice ----------------------------------------------------------- */

static bool set_state(struct pods *pods, enum pods_state state, struct pod_heard *chosen)
{
	const struct pod_heard *before = pods_current(pods);

	pods->state = state;
	pods->chosen = chosen;
	pods->answered = false;
	if (state != PODS_UNSURE)
		pods->asked_count = 0;
	return pods_current(pods) != before;
}

static void heard(struct pods *pods, struct pod_heard *pod, uint64_t now_us)
{
	pod->heard = true;
	pod->heard_us = now_us;
	if (pod == &pods->own)
		set_state(pods, PODS_OWN, NULL);
}

/* ---- what other consoles have ------------------------------------------------ */

static bool has_id(const struct pod_heard *pod, const char *id)
{
	char its[PODS_ID_SIZE];

	return pod && pod->used && pods_id(pod, its) && strcmp(its, id) == 0;
}

static struct pods_released *find_released(struct pods *pods, const struct pod_heard *pod)
{
	for (size_t i = 0; i < pods->released_count; i++) {
		if (has_id(pod, pods->released[i].id))
			return &pods->released[i];
	}
	return NULL;
}

static bool is_elsewhere(struct pods *pods, const struct pod_heard *pod)
{
	const struct pods_released *released = find_released(pods, pod);

	return released && !released->freed;
}

static void drop_released(struct pods *pods, size_t at)
{
	pods->released_count--;
	memmove(&pods->released[at], &pods->released[at + 1],
	        (pods->released_count - at) * sizeof(pods->released[0]));
}

static size_t released_at(const struct pods *pods, const char *id)
{
	size_t at = 0;

	while (at < pods->released_count && strcmp(pods->released[at].id, id) != 0)
		at++;
	return at;
}

/* The runner's own stays: whoever configured it knows. */
static void release(struct pods *pods, const char *id, struct sample_batch *batch)
{
	struct pods_released released = { .was_ours = has_id(pods->chosen, id) };
	size_t at = released_at(pods, id);

	if (at < pods->released_count) {
		released.was_ours |= pods->released[at].was_ours;
		drop_released(pods, at);
	} else if (pods->released_count == PODS_RELEASED) {
		drop_released(pods, 0);
	}
	snprintf(released.id, sizeof(released.id), "%.39s", id);
	pods->released[pods->released_count++] = released;
	if (!has_id(pods->chosen, id))
		return;
	set_state(pods, PODS_WATCHING, NULL);
	sample_add(batch, SAMPLE_FOOTPOD_LINK, DISPLAY_LINK_SEARCHING);
}

/* What was never this belt's is as any other again. */
static void free_again(struct pods *pods, const char *id)
{
	size_t at = released_at(pods, id);

	if (at == pods->released_count)
		return;
	pods->released[at].freed = true;
	if (!pods->released[at].was_ours)
		drop_released(pods, at);
}

/* It was chosen by how it started, which nobody can see again: so it comes back as
 * soon as it is seen to go with the belt. */
static bool take_back(struct pods *pods, uint64_t now_us)
{
	for (size_t i = 0; i < pods->places; i++) {
		struct pod_heard *pod = &pods->other[i];
		const struct pods_released *released = find_released(pods, pod);

		if (!released || !released->freed ||
		    !pod_choice_agrees(&pods->choice, &pod->track, now_us))
			continue;
		drop_released(pods, (size_t)(released - pods->released));
		return set_state(pods, PODS_CHOSEN, pod);
	}
	return false;
}

bool pods_event(struct pods *pods, const struct source_event *event,
                const struct footpod_context *context, struct sample_batch *batch)
{
	struct ant_data data;
	const struct ant_data *sender = ant_sender(event, &data) ? &data : NULL;
	struct pod_heard *pod;
	struct sample_batch said = { .t_us = batch->t_us };
	bool good;

	if (event->kind == SOURCE_RELEASED) {
		release(pods, event->text, batch);
		return true;
	}
	if (event->kind == SOURCE_FREED) {
		free_again(pods, event->text);
		return true;
	}
	pod = pod_of(pods, event->unit, sender);
	note_sender(pod, event, sender);
	good = footpod_event(&pod->footpod, event, context, &said);
	note_samples(pod, &said);
	if (sender || event->kind == SOURCE_NOTIFY)
		heard(pods, pod, batch->t_us);
	if (pod == pods_current(pods) || (pod == &pods->own && !pods->chosen))
		*batch = said;
	return good;
}

/* The likeliest of those that are not ruled out, in order */
static void offer(struct pods *pods)
{
	pods->asked_count = 0;
	for (size_t i = 0; i < pods->places; i++) {
		struct pod_heard *pod = &pods->other[i];
		size_t at = pods->asked_count;

		if (!pod->used || is_elsewhere(pods, pod) || !pod->fit.may || !pod->fit.enough)
			continue;
		while (at > 0 && pods->asked[at - 1]->fit.score < pod->fit.score)
			at--;
		if (at == PODS_ASKED)
			continue;
		if (pods->asked_count < PODS_ASKED)
			pods->asked_count++;
		memmove(pods->asked + at + 1, pods->asked + at,
		        /* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers move */
		        (pods->asked_count - 1 - at) * sizeof(pods->asked[0]));
		pods->asked[at] = pod;
	}
}

static bool judge(struct pods *pods, uint64_t now_us)
{
	const struct pod_track *tracks[PODS_MAX] = { NULL };
	struct pod_fit fits[PODS_MAX];
	struct pod_heard *pod[PODS_MAX];
	size_t count = 0, best = 0;
	enum pod_verdict verdict;

	for (size_t i = 0; i < pods->places; i++) {
		if (!pods->other[i].used || is_elsewhere(pods, &pods->other[i]))
			continue;
		pod[count] = &pods->other[i];
		tracks[count++] = &pods->other[i].track;
	}
	verdict = pod_choice_judge(&pods->choice, tracks, count, now_us, fits, &best);
	if (verdict == POD_VERDICT_WAIT)
		return false;
	for (size_t i = 0; i < count; i++)
		pod[i]->fit = fits[i];
	if (verdict == POD_VERDICT_SURE)
		return set_state(pods, PODS_CHOSEN, pod[best]);
	if (verdict == POD_VERDICT_NONE ||
	    now_us - pods->choice.start_us < POD_CHOICE_ASK_US)
		return set_state(pods, PODS_WATCHING, NULL);
	offer(pods);
	return set_state(pods, PODS_UNSURE, NULL);
}

bool pods_belt(struct pods *pods, uint64_t t_us, int32_t mm_s)
{
	pod_choice_belt(&pods->choice, t_us, mm_s);
	return pods_tick(pods, t_us);
}

/* While the start still tells, what follows must go on following. */
static bool is_refuted(struct pods *pods, uint64_t now_us)
{
	const struct pod_track *track = &pods->chosen->track;
	struct pod_fit fit;
	size_t best;

	return pod_choice_refuted(&pods->choice, track, now_us) ||
	       (!pods->answered &&
	        pod_choice_judge(&pods->choice, &track, 1, now_us, &fit, &best) ==
	                POD_VERDICT_NONE);
}

bool pods_tick(struct pods *pods, uint64_t now_us)
{
	if (now_us / SECOND_US == pods->judged_us / SECOND_US)
		return false;
	pods->judged_us = now_us;
	if (is_heard(&pods->own, now_us))
		return set_state(pods, PODS_OWN, NULL);
	if (pods->state == PODS_OWN)
		return set_state(pods, PODS_WATCHING, NULL);
	if (pods->state == PODS_CHOSEN)
		return is_refuted(pods, now_us) &&
		       set_state(pods, PODS_WATCHING, NULL);
	if (pods->state == PODS_REFUSED)
		return false;
	return judge(pods, now_us) || (pods->state == PODS_WATCHING && take_back(pods, now_us));
}

bool pods_answer(struct pods *pods, int32_t value)
{
	if (pods->state != PODS_UNSURE)
		return false;
	if (value < 1 || value > PODS_MAX || !pods->other[value - 1].used)
		return set_state(pods, PODS_REFUSED, NULL);
	if (is_elsewhere(pods, &pods->other[value - 1]))
		return set_state(pods, PODS_WATCHING, NULL);
	set_state(pods, PODS_CHOSEN, &pods->other[value - 1]);
	pods->answered = true;
	return true;
}

void pods_doubt(struct pods *pods)
{
	if (pods->state == PODS_CHOSEN)
		footpod_doubt(&pods->chosen->footpod);
	else
		footpod_doubt(&pods->own.footpod);
}

size_t pods_choices(const struct pods *pods, struct display_choice *out)
{
	size_t count = pods->state == PODS_UNSURE ? pods->asked_count : 0;

	for (size_t i = 0; i < count; i++) {
		out[i].value = (int32_t)(pods->asked[i] - pods->other) + 1;
		pods_label(pods->asked[i], out[i].text, sizeof(out[i].text));
	}
	if (count == 0)
		return 0;
	out[count].value = 0;
	snprintf(out[count].text, sizeof(out[count].text), "None of these");
	return count + 1;
}

void pods_begin(struct pods *pods)
{
	pods->own.tally = (struct pod_tally){ 0 };
	for (size_t i = 0; i < pods->places; i++)
		pods->other[i].tally = (struct pod_tally){ 0 };
}

bool pods_report(const struct pods *pods, struct pod_report *out)
{
	const struct pod_heard *pod = pods_current(pods);
	enum ant_battery battery;

	if (!pod)
		return false;
	battery = footpod_battery(&pod->footpod);
	out->battery_low = battery == ANT_BATTERY_LOW ||
	                   battery == ANT_BATTERY_CRITICAL;
	out->elsewhere = pod_tally_elsewhere(&pod->tally);
	out->signal_dbm = pod_tally_signal_dbm(&pod->tally);
	return true;
}

void pods_forget(struct pods *pods)
{
	pods->released_count = 0;
	if (pods->state != PODS_OWN)
		set_state(pods, PODS_WATCHING, NULL);
}
