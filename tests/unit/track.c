/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "tests/unit/track.h"

#include <CUnit/CUnit.h>
#include <math.h>

#define SECOND 1000000ull
#define TREADMILL_US 100000u
#define FOOTPOD_US 350000u

struct runner track_nobody(void)
{
	struct runner runner;

	runner_init(&runner);
	return runner;
}

struct runner track_runner(void)
{
	struct runner runner = track_nobody();

	runner.height_m = 1.75;
	runner.baseline_spm = 162;
	runner.baseline_kmh = 10;
	runner.usual_kmh = 10;
	runner.sessions = 20;
	return runner;
}

void track_take(const struct outcome *outcome, void *user)
{
	struct track *t = user;
	const struct display_message *m = &outcome->message;

	CU_ASSERT_TRUE(outcome->t_us >= t->out_us);
	t->out_us = outcome->t_us;
	if (m->type == DISPLAY_MESSAGE_PROMPT)
		spoken_prompt(&t->spoken, outcome->t_us, &m->prompt);
	else if (m->type == DISPLAY_MESSAGE_CLEAR)
		spoken_clear(&t->spoken, outcome->t_us, &m->clear);
	else if (m->type == DISPLAY_MESSAGE_LINK)
		t->link = m->link;
	else if (m->type == DISPLAY_MESSAGE_SESSION)
		t->session = m->session;
	else if (m->type == DISPLAY_MESSAGE_METRICS)
		t->metrics = m->metrics;
	else if (m->type == DISPLAY_MESSAGE_TARGET)
		t->target = m->target;
	else if (m->type != DISPLAY_MESSAGE_BATTERY)
		CU_FAIL("no outcome of the core");
}

void track_open(struct track *t, struct ruleset rules,
                const struct runner *runner)
{
	struct pipeline_settings settings;

	*t = (struct track){ .rules = rules };
	pipeline_settings_init(&settings);
	settings.runner = *runner;
	t->pipeline = pipeline_new(&t->rules, &settings, track_take, t);
	CU_ASSERT_PTR_NOT_NULL_FATAL(t->pipeline);
}

void track_close(struct track *t)
{
	pipeline_free(t->pipeline);
	ruleset_free(&t->rules);
}

static void send_belt(struct track *t, double kmh, double incline)
{
	struct sample_batch batch = { .t_us = t->now_us + TREADMILL_US };

	if (!isnan(kmh))
		sample_add(&batch, SAMPLE_SPEED, (int32_t)lround(kmh * 100));
	if (!isnan(incline))
		sample_add(&batch, SAMPLE_INCLINE, (int32_t)lround(incline * 10));
	pipeline_feed(t->pipeline, batch.samples, batch.count);
}

static void send_pod(struct track *t, double spm)
{
	struct sample_batch batch = { .t_us = t->now_us + FOOTPOD_US };

	if (!isnan(spm))
		sample_add(&batch, SAMPLE_CADENCE, (int32_t)lround(spm * 1000));
	pipeline_feed(t->pipeline, batch.samples, batch.count);
}

void track_go(struct track *t, double kmh, double incline, double spm,
              unsigned seconds)
{
	for (unsigned s = 0; s < seconds; s++) {
		send_belt(t, kmh, incline);
		send_pod(t, spm);
		t->now_us += SECOND;
		pipeline_advance(t->pipeline, t->now_us);
	}
}

void track_tell(struct track *t, enum sample_kind kind, int32_t value)
{
	struct sample_batch batch = { .t_us = t->now_us };

	sample_add(&batch, kind, value);
	pipeline_feed(t->pipeline, batch.samples, batch.count);
}

void track_said(struct track *t, const char *rule, const char *expected)
{
	spoken_check(&t->spoken, rule, expected);
	track_close(t);
}
