/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/devices/intake.h"
#include "daemon/devices/strap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BELT_SPEED_FRESH_US 3000000u
#define UNIT_SUSPICION_US 30000000u

static const struct pod_report no_report = { .signal_dbm = NAN };

struct intake {
	struct pipeline *pipeline;
	struct treadmill treadmill;
	struct pods pods;
	bool doubted; /* its cadence is distrusted, and that has been told */
	struct cadence_mix cadence;
	bool running_dynamics;
	enum pods_state asked_state; /* for which the question was set up */
	enum display_session_state session; /* as it was last seen */
	struct strap strap;
	uint64_t now_us; /* of the last event */
	bool belt_speed_known;
	int32_t belt_speed; /* 0.01 km/h, the last one */
	uint64_t belt_speed_us;
	struct persistence sent_in_miles, taken_for_miles;
	device_note_fn note;
	void *note_user;
	struct intake_counts counts;
};

struct intake *intake_new(struct pipeline *pipeline)
{
	struct intake *intake = calloc(1, sizeof(*intake));

	if (!intake)
		return NULL;
	intake->pipeline = pipeline;
	treadmill_init(&intake->treadmill);
	pods_init(&intake->pods);
	strap_init(&intake->strap);
	return intake;
}

void intake_free(struct intake *intake)
{
	free(intake);
}

void intake_configure(struct intake *intake, const struct intake_settings *settings)
{
	struct treadmill_settings treadmill = {
		.by_name = strcmp(settings->quirk, "auto") == 0,
		.quirk = quirk_by_id(settings->quirk),
		.fixed_incline = settings->fixed_incline,
		.note = settings->note,
		.user = settings->user,
	};

	intake->running_dynamics = settings->running_dynamics;
	intake->note = settings->note;
	intake->note_user = settings->user;
	treadmill_configure(&intake->treadmill, &treadmill);
}

const struct quirk *intake_quirk(const struct intake *intake)
{
	return intake->treadmill.quirk;
}

static void note_belt_speed(struct intake *in, const struct sample_batch *batch)
{
	for (size_t i = 0; i < batch->count; i++) {
		if (batch->samples[i].kind != SAMPLE_SPEED)
			continue;
		in->belt_speed_known = true;
		in->belt_speed = batch->samples[i].value;
		in->belt_speed_us = batch->t_us;
	}
}

/* 0: not known */
static uint32_t belt_mm_s(const struct intake *in, uint64_t t_us)
{
	bool fresh = in->belt_speed_known &&
	             t_us - in->belt_speed_us <= BELT_SPEED_FRESH_US;

	return fresh ? (uint32_t)in->belt_speed * 100 / 36 : 0;
}

/* A belt whose miles are taken for kilometres, or the reverse, is off from a
 * foot pod by that factor, and always. */
static void suspect_unit(struct intake *in, uint32_t pod_mm_s)
{
	enum unit_suspicion suspicion =
		unit_suspected(belt_mm_s(in, in->now_us), pod_mm_s);
	bool sent = persistence_feed(&in->sent_in_miles,
	                             suspicion == UNIT_SENT_IN_MILES, in->now_us,
	                             UNIT_SUSPICION_US);
	bool taken = persistence_feed(&in->taken_for_miles,
	                              suspicion == UNIT_TAKEN_FOR_MILES, in->now_us,
	                              UNIT_SUSPICION_US);

	if (sent && in->note)
		in->note(true, "the foot pod is 1.6 times as fast as the belt: does the "
		         "treadmill send miles? If its console shows more than gaitd, "
		         "set treadmill.quirk to mph", in->note_user);
	if (taken && in->note)
		in->note(true, "the belt is 1.6 times as fast as the foot pod: are "
		         "kilometres taken for miles? If the treadmill's console shows "
		         "less than gaitd, set treadmill.quirk to none", in->note_user);
}

static void note_pod_speed(struct intake *in, const struct sample_batch *batch)
{
	for (size_t i = 0; i < batch->count; i++) {
		if (batch->samples[i].kind == SAMPLE_POD_SPEED)
			suspect_unit(in, (uint32_t)batch->samples[i].value);
	}
}

static void pass_on_doubt(struct intake *in)
{
	bool doubted = pipeline_distrusts_cadence(in->pipeline);

	if (doubted && !in->doubted)
		pods_doubt(&in->pods);
	in->doubted = doubted;
}

static struct footpod_context context_at(const struct intake *in, uint64_t t_us)
{
	double height = pipeline_who(in->pipeline)->height_m;

	return (struct footpod_context){
		.belt_speed_mm_s = belt_mm_s(in, t_us),
		.height_m = isnan(height) ? 0 : height,
		.running_dynamics = in->running_dynamics,
	};
}

/* What a runner told a display, as a sample; false when it is none */
static bool sample_of_request(const struct display_request *r,
                              struct sample *sample)
{
	static const uint8_t kinds[] = {
		[DISPLAY_INPUT_PAIN] = SAMPLE_PAIN,
		[DISPLAY_INPUT_RED_FLAG] = SAMPLE_RED_FLAG,
		[DISPLAY_INPUT_ACK] = SAMPLE_ACK,
		[DISPLAY_INPUT_ANSWER] = SAMPLE_ANSWER,
		[DISPLAY_INPUT_MUTE] = SAMPLE_MUTE,
		[DISPLAY_INPUT_INTERVALS] = SAMPLE_INTERVALS,
		[DISPLAY_INPUT_END] = SAMPLE_END,
	};

	if (r->input == DISPLAY_INPUT_RUNNER || r->input == DISPLAY_INPUT_PROFILE)
		return false;
	sample->kind = kinds[r->input];
	sample->id = r->id;
	sample->value = r->input == DISPLAY_INPUT_RED_FLAG ? (int32_t)r->flag
	                                                   : r->value;
	return true;
}

static void take_request(struct intake *in, const struct source_event *event)
{
	const struct display_request *request = &event->request;
	struct sample sample = { .t_us = in->now_us };

	if (event->kind != SOURCE_REQUEST ||
	    request->type != DISPLAY_REQUEST_INPUT)
		return;
	if (request->input == DISPLAY_INPUT_PROFILE)
		pipeline_profile(in->pipeline, in->now_us, &request->profile);
	else if (request->input == DISPLAY_INPUT_RUNNER)
		pipeline_runner(in->pipeline, in->now_us, request->name);
	else if (sample_of_request(request, &sample))
		pipeline_feed(in->pipeline, &sample, 1);
}

/* The grips of a treadmill count as long as no strap does, and not when nobody
 * holds them. */
static void drop_grips(const struct intake *in, struct sample_batch *batch)
{
	size_t kept = 0;

	for (size_t i = 0; i < batch->count; i++) {
		const struct sample *sample = &batch->samples[i];

		if (sample->kind != SAMPLE_HEART_RATE ||
		    (sample->value > 0 && !strap_counts(&in->strap, in->now_us)))
			batch->samples[kept++] = *sample;
	}
	batch->count = kept;
}

static bool take_treadmill(struct intake *in, const struct source_event *event,
                           struct sample_batch *batch)
{
	bool good = treadmill_event(&in->treadmill, event, batch);

	drop_grips(in, batch);
	return good;
}

static bool take_device(struct intake *in, const struct source_event *event,
                        struct sample_batch *batch)
{
	struct footpod_context context = context_at(in, in->now_us);

	if (event->device == SOURCE_FOOTPOD) {
		pass_on_doubt(in);
		return pods_event(&in->pods, event, &context, batch);
	}
	if (event->unit != 1)
		return true; /* a neighbour's */
	if (event->device == SOURCE_TREADMILL)
		return take_treadmill(in, event, batch);
	return event->device != SOURCE_HEART_RATE ||
	       strap_event(&in->strap, event, batch);
}

static enum cadence_source source_of(const struct sample *sample)
{
	return sample->kind == SAMPLE_BELT_CADENCE ? CADENCE_TREADMILL
	                                           : (enum cadence_source)sample->id;
}

/* Of all that tell a cadence one counts. */
static void mix_cadence(struct intake *in, struct sample_batch *batch)
{
	struct cadence_view view;
	bool known = cadence_mix_view(&in->cadence, in->now_us, &view);
	size_t kept = 0;

	for (size_t i = 0; i < batch->count; i++) {
		struct sample sample = batch->samples[i];

		if (sample.kind == SAMPLE_CADENCE_UNDECIDED && known)
			continue; /* another one tells */
		if ((sample.kind == SAMPLE_CADENCE ||
		     sample.kind == SAMPLE_BELT_CADENCE) &&
		    !cadence_mix_feed(&in->cadence, source_of(&sample), sample.value,
		                      in->now_us, &sample.value))
			continue;
		if (sample.kind == SAMPLE_CADENCE && sample.id == CADENCE_STRIDES)
			sample.kind = SAMPLE_CADENCE_COUNTED;
		batch->samples[kept++] = sample;
	}
	batch->count = kept;
}

static bool is_under_way(enum display_session_state state)
{
	return state == DISPLAY_SESSION_RUNNING || state == DISPLAY_SESSION_PAUSED;
}

/* A session's pod is forgotten with it, and what it was like when another
 * begins: rules speak of that at the end. */
static void follow_session(struct intake *in)
{
	enum display_session_state now = pipeline_session(in->pipeline);

	if (is_under_way(now) && !is_under_way(in->session)) {
		pods_begin(&in->pods);
		pipeline_pod_report(in->pipeline, &no_report);
	}
	if (now == DISPLAY_SESSION_ENDED && in->session != now)
		pods_forget(&in->pods);
	in->session = now;
}

/* Which pod is his? The runner is asked, and answers. */
static void follow_question(struct intake *in)
{
	struct display_choice choices[PODS_ASKED + 1];
	size_t count;
	int32_t value;

	if (pipeline_pod_answer(in->pipeline, &value))
		pods_answer(&in->pods, value);
	if (in->asked_state == in->pods.state)
		return;
	in->asked_state = in->pods.state;
	count = pods_choices(&in->pods, choices);
	pipeline_ask_pods(in->pipeline, choices, count);
}

static void follow_battery(struct intake *in)
{
	static const enum display_battery_state states[] = {
		[ANT_BATTERY_NEW] = DISPLAY_BATTERY_NEW,
		[ANT_BATTERY_GOOD] = DISPLAY_BATTERY_GOOD,
		[ANT_BATTERY_OK] = DISPLAY_BATTERY_OK,
		[ANT_BATTERY_LOW] = DISPLAY_BATTERY_LOW,
		[ANT_BATTERY_CRITICAL] = DISPLAY_BATTERY_CRITICAL,
	};
	const struct pod_heard *pod = pods_current(&in->pods);
	enum ant_battery battery = pod ? footpod_battery(&pod->footpod)
	                               : ANT_BATTERY_UNKNOWN;

	if (battery != ANT_BATTERY_UNKNOWN)
		pipeline_battery(in->pipeline, states[battery]);
}

/* Of a pod that fell silent as the belt stopped the last word stays. */
static void follow_health(struct intake *in)
{
	struct pod_report report;

	if (is_under_way(in->session) && pods_report(&in->pods, &report))
		pipeline_pod_report(in->pipeline, &report);
}

static void follow_belt(struct intake *in, const struct sample_batch *batch)
{
	for (size_t i = 0; i < batch->count; i++) {
		if (batch->samples[i].kind == SAMPLE_SPEED)
			pods_belt(&in->pods, in->now_us,
			          batch->samples[i].value * 100 / 36);
	}
	pods_tick(&in->pods, in->now_us);
}

/* Time never goes back, and what was due before the event comes first: it may
 * end the session, and with it what is known of the runner. */
static void arrive(struct intake *in, uint64_t t_us)
{
	if (t_us > in->now_us)
		in->now_us = t_us;
	pipeline_advance(in->pipeline, in->now_us);
}

static void count_undecoded(struct intake_counts *counts, const struct source_event *event)
{
	counts->undecoded++;
	if (event->device <= SOURCE_HEART_RATE && event->kind <= SOURCE_ANT)
		counts->undecoded_of[event->device][event->kind]++;
}

void intake_event(struct intake *in, const struct source_event *event)
{
	const struct pod_heard *pod = pods_current(&in->pods);
	struct sample_batch batch;

	in->counts.events++;
	arrive(in, event->t_us);
	follow_session(in);
	if (event->device == SOURCE_INPUT) {
		take_request(in, event);
		return;
	}
	if (event->kind == SOURCE_FOOTPOD_UNIT) {
		intake_set_footpod_unit(in, (enum rsc_unit)event->number, event->fixed);
		return;
	}
	batch.t_us = in->now_us;
	batch.count = 0;
	if (!take_device(in, event, &batch))
		count_undecoded(&in->counts, event);
	follow_belt(in, &batch);
	follow_question(in);
	follow_battery(in);
	follow_health(in);
	if (pods_current(&in->pods) != pod)
		cadence_mix_forget_pod(&in->cadence);
	mix_cadence(in, &batch);
	note_belt_speed(in, &batch);
	note_pod_speed(in, &batch);
	pipeline_feed(in->pipeline, batch.samples, batch.count);
}

void intake_set_footpod_unit(struct intake *intake, enum rsc_unit unit, bool fixed)
{
	struct rsc_unit_verdict *verdict = &intake->pods.own.footpod.unit;

	*verdict = (struct rsc_unit_verdict){ .unit = unit, .fixed = fixed };
}

enum rsc_unit intake_footpod_unit(const struct intake *intake)
{
	return intake->pods.own.footpod.unit.unit;
}

struct intake_counts intake_counts(const struct intake *intake)
{
	return intake->counts;
}

const struct pods *intake_pods(const struct intake *intake)
{
	return &intake->pods;
}

bool intake_cadence(const struct intake *intake, struct cadence_view *out)
{
	return cadence_mix_view(&intake->cadence, intake->now_us, out);
}
