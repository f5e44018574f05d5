/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A session driven by live sources: a source that is not there, a pipeline
 * that is, and a clock that can be put forward.
 */
#include <config.h>

#include "tests/unit/clock.h"

#include "daemon/service/log.h"
#include "daemon/sources/live.h"
#include "tests/unit/suite.h"

#include <event2/event.h>
#include <string.h>

static struct {
	struct event_base *base;
	struct live *live;
	struct ruleset rules;
	struct pipeline *pipeline;
	const struct source_host *host;
	unsigned starts, stops, reconfigured;
	unsigned delivered;
	struct source_event last;
	unsigned sessions; /* messages */
	enum display_session_state session;
	unsigned seen; /* outcomes that the source was told */
	const char *stuck; /* what it says of itself */
} f;

/* ---- the source ---------------------------------------------------------- */

static void *source_start(const struct source_host *host, const struct config *config)
{
	(void)config;
	f.host = host;
	f.starts++;
	return &f;
}

static void source_stop(void *source)
{
	CU_ASSERT_PTR_EQUAL(source, &f);
	f.stops++;
}

static void source_outcome(void *source, const struct outcome *outcome)
{
	(void)source;
	(void)outcome;
	f.seen++;
}

static void source_reconfigure(void *source, const struct config *config)
{
	(void)source;
	(void)config;
	f.reconfigured++;
}

static void source_describe(const void *source, json_t *state)
{
	(void)source;
	json_object_set_new(state, "state", json_string("ready"));
}

/* More than a reply can hold, of rising strength */
static void source_nearby(void *source, json_t *devices)
{
	(void)source;
	for (int i = 0; i < 200; i++)
		json_array_append_new(devices, json_pack("{s:s, s:i}", "name", "a device", "rssi_dbm",
		                                         i - 120));
	json_array_append_new(devices, json_pack("{s:s}", "name", "of no known strength"));
}

static const char *source_stuck(void *user)
{
	(void)user;
	return f.stuck;
}

static const struct source_live_ops source = {
	.name = "unreal",
	.start = source_start,
	.stop = source_stop,
	.outcome = source_outcome,
	.reconfigure = source_reconfigure,
	.describe = source_describe,
	.nearby = source_nearby,
	.stuck = source_stuck,
};
static const struct source_live_ops *const sources[] = { &source, NULL };

/* ---- the daemon around it ------------------------------------------------ */

static void on_outcome(const struct outcome *outcome, void *user)
{
	(void)user;
	if (outcome->message.type == DISPLAY_MESSAGE_SESSION) {
		f.sessions++;
		f.session = outcome->message.session.state;
	}
	live_ops.outcome(f.live, outcome);
}

static void on_event(const struct source_event *event, void *user)
{
	struct sample belt = { .t_us = event->t_us, .kind = SAMPLE_SPEED,
		               .value = event->number };

	(void)user;
	f.delivered++;
	f.last = *event;
	pipeline_feed(f.pipeline, &belt, 1);
}

static void on_ended(bool failed, void *user)
{
	(void)failed;
	(void)user;
	CU_FAIL("live sources never end");
}

static void start(void)
{
	struct driver_settings settings = { .deliver = on_event, .ended = on_ended };
	struct pipeline_settings pipeline;

	memset(&f, 0, sizeof(f));
	clock_forward_ms = 0;
	pipeline_settings_init(&pipeline);
	f.base = event_base_new();
	f.pipeline = pipeline_new(&f.rules, &pipeline, on_outcome, NULL);
	f.live = live_new(sources, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(f.live);
	settings.base = f.base;
	settings.pipeline = f.pipeline;
	CU_ASSERT_EQUAL(f.starts, 0); /* not before it is asked to */
	CU_ASSERT_TRUE_FATAL(live_ops.start(f.live, &settings));
	CU_ASSERT_EQUAL(f.starts, 1);
}

static void end(void)
{
	live_ops.free(f.live);
	CU_ASSERT_EQUAL(f.stops, f.starts);
	pipeline_free(f.pipeline);
	event_base_free(f.base);
}

static void belt(int32_t speed)
{
	struct source_event event = { .device = SOURCE_TREADMILL, .unit = 1,
		                      .t_us = 12345, .number = speed };

	f.host->deliver(f.host->user, &event);
}

/* As long as it takes for a session to begin */
static void run(void)
{
	for (int i = 0; i < 20; i++) {
		clock_forward_ms += 1000;
		belt(1000);
	}
	CU_ASSERT_EQUAL(f.session, DISPLAY_SESSION_RUNNING);
}

/* ---- tests --------------------------------------------------------------- */

/* Within the call, not in some later turn of the loop */
static void test_an_event_is_in_at_once(void)
{
	start();
	clock_forward_ms = 7000;
	belt(1000);
	CU_ASSERT_EQUAL(f.delivered, 1);
	CU_ASSERT(f.last.t_us >= 7000000 && f.last.t_us < 8000000);
	CU_ASSERT(f.seen > 0);
	end();
}

/* Deadlines are met without an event: a belt that fell silent is stale. */
static void test_the_timer_stands_at_the_deadline(void)
{
	uint64_t due;
	unsigned seen;

	start();
	belt(1000);
	due = pipeline_deadline(f.pipeline);
	CU_ASSERT_NOT_EQUAL_FATAL(due, PIPELINE_NEVER);
	seen = f.seen;
	clock_forward_ms = (long long)(due / 1000) + 20000;
	event_base_loop(f.base, EVLOOP_ONCE);
	CU_ASSERT(f.seen > seen);
	CU_ASSERT(pipeline_deadline(f.pipeline) > due);
	end();
}

/* A day's sleep: the clock goes on, and the run is over. */
/* Whether what is due happens that much later, if nothing comes until then */
static bool happens_by(uint64_t due, long long later_ms)
{
	long long left_us = (long long)(due - live_ops.now_us(f.live));

	clock_forward_ms += left_us / 1000 + later_ms;
	event_base_loop(f.base, EVLOOP_NONBLOCK);
	return pipeline_deadline(f.pipeline) > due;
}

static uint64_t due_with_beat_of(long long ms)
{
	for (long long i = 0; i < 4000 / ms; i++, clock_forward_ms += ms)
		belt(1000);
	belt(1000);
	return pipeline_deadline(f.pipeline);
}

/* Of several a second the next one does what is due; of two a second none is waited for. */
static void test_what_is_due_waits_for_a_beat(void)
{
	uint64_t due;

	start();
	due = due_with_beat_of(200);
	CU_ASSERT_FALSE(happens_by(due, 100));
	CU_ASSERT_TRUE(happens_by(due, 300));
	due = due_with_beat_of(500);
	CU_ASSERT_TRUE(happens_by(due, 100));
	end();
}

static void test_after_a_sleep(void)
{
	start();
	run();
	belt(0);
	clock_forward_ms = 24LL * 3600 * 1000;
	event_base_loop(f.base, EVLOOP_ONCE);
	CU_ASSERT_EQUAL(f.session, DISPLAY_SESSION_ENDED);
	CU_ASSERT(live_ops.now_us(f.live) >= 24ull * 3600 * 1000000);
	end();
}

static bool ask(const char *cmd, const char *request, json_t *reply)
{
	json_t *json = json_loads(request, 0, NULL);
	bool good = false;

	for (const struct control_verb *v = live_ops.verbs; v->name; v++) {
		if (strcmp(v->name, cmd) == 0)
			good = v->run(json, reply, f.live);
	}
	json_decref(json);
	return good;
}

static void test_a_scan_fits_the_reply(void)
{
	json_t *reply = json_object(), *devices;
	size_t count;

	start();
	CU_ASSERT_TRUE(ask("scan", "{}", reply));
	CU_ASSERT(json_dumpb(reply, NULL, 0, JSON_COMPACT) < CONTROL_LINE_MAX - 64);
	devices = json_object_get(reply, "devices");
	count = json_array_size(devices);
	CU_ASSERT(count > 50);
	CU_ASSERT_EQUAL(count + (size_t)json_integer_value(json_object_get(reply, "more")), 201);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(json_array_get(devices, 0),
	                                                   "rssi_dbm")), 79);
	json_decref(reply);
	end();
}

static void test_pairing(void)
{
	json_t *reply = json_object();

	start();
	CU_ASSERT_FALSE(ask("pair", "{\"kind\":\"bicycle\",\"id\":\"ant 5\"}", reply));
	CU_ASSERT_FALSE(ask("pair", "{\"kind\":\"footpod\",\"id\":\"five\"}", reply));
	CU_ASSERT_EQUAL(f.reconfigured, 0);
	CU_ASSERT_TRUE(ask("pair", "{\"kind\":\"footpod\",\"id\":\"ant 5\",\"name\":\"P\"}", reply));
	CU_ASSERT_EQUAL(f.reconfigured, 1);
	json_object_clear(reply);
	CU_ASSERT_TRUE(ask("devices", "{}", reply));
	CU_ASSERT_STRING_EQUAL(
		json_string_value(json_object_get(
			json_object_get(json_object_get(reply, "paired"), "footpod"), "id")),
		"ant 5");
	CU_ASSERT_TRUE(ask("forget", "{\"kind\":\"footpod\"}", reply));
	CU_ASSERT_EQUAL(f.reconfigured, 2);
	json_object_clear(reply);
	CU_ASSERT_TRUE(ask("devices", "{}", reply));
	CU_ASSERT_EQUAL(json_object_size(json_object_get(reply, "paired")), 0);
	CU_ASSERT_TRUE(ask("forget", "{}", reply));
	json_decref(reply);
	end();
}

static void test_its_state_is_told(void)
{
	json_t *reply = json_object();

	start();
	live_ops.describe(f.live, reply);
	CU_ASSERT_PTR_NOT_NULL(json_object_get(json_object_get(reply, "sources"), "unreal"));
	json_decref(reply);
	end();
}

/* For the watchdog: a source that is, and a deadline that nobody meets */
static void test_stuck(void)
{
	start();
	CU_ASSERT_EQUAL(pipeline_deadline(f.pipeline), PIPELINE_NEVER);
	CU_ASSERT_PTR_NULL(live_ops.stuck(f.live));
	clock_forward_ms = 12000;
	CU_ASSERT_PTR_NULL(live_ops.stuck(f.live)); /* nothing is due: nothing is late */
	CU_ASSERT_PTR_NULL(live_ops.stuck(f.live));
	f.stuck = "a rope";
	CU_ASSERT_STRING_EQUAL(live_ops.stuck(f.live), "a rope");
	f.stuck = NULL;
	/* where nothing is due, nothing is late */
	CU_ASSERT_EQUAL(pipeline_deadline(f.pipeline), PIPELINE_NEVER);
	for (int i = 0; i < 3; i++) {
		clock_forward_ms += 20000;
		CU_ASSERT_PTR_NULL(live_ops.stuck(f.live));
	}
	run();
	CU_ASSERT_PTR_NULL(live_ops.stuck(f.live));
	clock_forward_ms += 30000;
	CU_ASSERT_PTR_NULL(live_ops.stuck(f.live)); /* it may be met at once */
	CU_ASSERT_PTR_NOT_NULL(live_ops.stuck(f.live));
	event_base_loop(f.base, EVLOOP_NONBLOCK);
	CU_ASSERT_PTR_NULL(live_ops.stuck(f.live));
	CU_ASSERT_PTR_NULL(live_ops.stuck(f.live));
	end();
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "an event is in at once", test_an_event_is_in_at_once },
		{ "the timer stands at the deadline", test_the_timer_stands_at_the_deadline },
		{ "what is due waits for a beat", test_what_is_due_waits_for_a_beat },
		{ "after a sleep", test_after_a_sleep },
		{ "a scan fits the reply", test_a_scan_fits_the_reply },
		{ "pairing", test_pairing },
		{ "its state is told", test_its_state_is_told },
		{ "stuck", test_stuck },
		CU_TEST_INFO_NULL,
	};

	log_start("test");
	return suite_run("live", tests);
}
