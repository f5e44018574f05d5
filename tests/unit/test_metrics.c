/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl metrics: what a daemon counts, and what is written of it.
 */
#include "daemon/devices/strength.h"
#include "daemon/fleet_figures.h"
#include "daemon/gaitctl/metrics_text.h"
#include "daemon/meter.h"
#include "tests/unit/suite.h"

#include <stdlib.h>
#include <string.h>

#define SECOND UINT64_C(1000000)

/* Apostrophes stand for quotes. */
static json_t *read_json(const char *text)
{
	char json[2048];
	json_t *value;

	CU_ASSERT_FATAL(strlen(text) < sizeof(json));
	strcpy(json, text);
	for (char *c = json; *c; c++)
		if (*c == '\'')
			*c = '"';
	value = json_loads(json, 0, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(value);
	return value;
}

static char *text_of(const char *status, const char *meter, const struct machine_facts *machine,
                     const char *console)
{
	json_t *status_reply = status ? read_json(status) : NULL;
	json_t *meter_reply = meter ? read_json(meter) : NULL;
	struct metrics_sample sample = { status_reply, meter_reply, machine, console };
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	metrics_text(out, &sample);
	fclose(out);
	json_decref(status_reply);
	json_decref(meter_reply);
	return text;
}

/* Whether such a line is there, whole */
static bool has(const char *text, const char *line)
{
	size_t length = strlen(line);

	for (const char *at = strstr(text, line); at; at = strstr(at + 1, line)) {
		if ((at == text || at[-1] == '\n') && at[length] == '\n')
			return true;
	}
	printf("no line \"%s\" in:\n%s", line, text);
	return false;
}

/* ---- text --------------------------------------------------------------------- */

static void test_no_daemon(void)
{
	struct machine_facts machine = {
		.unit = { .there = true, .restarts = 4, .journal = true, .watchdogs = 2 },
	};
	char *text = text_of(NULL, NULL, &machine, NULL);

	CU_ASSERT(has(text, "gaitd_up 0"));
	CU_ASSERT(has(text, "gaitd_restarts_total 4"));
	CU_ASSERT(has(text, "gaitd_watchdog_resets_total 2"));
	CU_ASSERT_PTR_NULL(strstr(text, "gaitd_link"));
	free(text);
	machine.unit.journal = false; /* not known is not zero */
	text = text_of(NULL, NULL, &machine, NULL);
	CU_ASSERT_PTR_NULL(strstr(text, "watchdog"));
	free(text);
}

static void test_links_and_batteries(void)
{
	char *text = text_of(
		"{'daemon':'gaitd 0.1.0','started_unix_s':1700000000,'display_count':3,"
		"'session':{'state':'running'},"
		"'pod':{'battery':'low','signal_p10_dbm':-91,'signal_p50_dbm':-74},"
		"'sources':{'bluetooth':{'state':'ready','treadmill':{'battery_pct':55}},"
		"'ant':{'state':'absent','message':'no stick'}}}",
		"{'links':{'treadmill':{'state':'lost','connects':2,'losses':1},"
		"'footpod':{'state':'live','connects':1,'losses':0,'age_us':250000}},"
		"'undecoded':{'treadmill':{'notify':7}},'prompts':{'safety':1},'sessions':4,"
		"'process':{'waits':12,'cpu_us':1500000,'resident_bytes':4096}}",
		NULL, "tm-7");

	CU_ASSERT(has(text, "gaitd_build_info{console=\"tm-7\",version=\"0.1.0\"} 1"));
	CU_ASSERT(has(text, "gaitd_start_time_seconds{console=\"tm-7\"} 1700000000"));
#define OF "{console=\"tm-7\",device=\"treadmill\""
	CU_ASSERT(has(text, "gaitd_link_state" OF ",state=\"lost\"} 1"));
	CU_ASSERT(has(text, "gaitd_link_state" OF ",state=\"live\"} 0"));
	CU_ASSERT(has(text, "gaitd_link_losses_total" OF "} 1"));
	CU_ASSERT(has(text, "gaitd_decode_errors_total" OF ",kind=\"notify\"} 7"));
	CU_ASSERT(has(text, "gaitd_battery_ratio" OF "} 0.55"));
#undef OF
#define OF "{console=\"tm-7\",device=\"footpod\""
	CU_ASSERT(has(text, "gaitd_link_age_seconds" OF "} 0.25"));
	CU_ASSERT(has(text, "gaitd_signal_dbm" OF ",percentile=\"10\"} -91"));
	CU_ASSERT(has(text, "gaitd_battery_state" OF ",state=\"low\"} 1"));
#undef OF
	CU_ASSERT(has(text, "gaitd_source_up{console=\"tm-7\",source=\"bluetooth\"} 1"));
	CU_ASSERT(has(text, "gaitd_source_up{console=\"tm-7\",source=\"ant\"} 0"));
	CU_ASSERT(has(text, "gaitd_session_state{console=\"tm-7\",state=\"running\"} 1"));
	CU_ASSERT(has(text, "gaitd_cpu_seconds_total{console=\"tm-7\"} 1.5"));
	CU_ASSERT_PTR_NULL(strstr(text, "gaitd_link_age_seconds{console=\"tm-7\",device=\"tr"));
	free(text);
}

/* A label's value cannot end its line. */
static void test_labels_are_escaped(void)
{
	char *text = text_of("{'daemon':'gaitd 1\\'\\n\\\\'}", "{}", NULL, NULL);

	CU_ASSERT(has(text, "gaitd_build_info{version=\"1\\\"\\n\\\\\"} 1"));
	free(text);
}

static void test_ant_without_a_key_is_not_down(void)
{
	char *text = text_of("{'sources':{'ant':{'state':'off'}}}", "{}", NULL, NULL);

	CU_ASSERT_PTR_NULL(strstr(text, "gaitd_source_up{"));
	CU_ASSERT(has(text, "gaitd_source_info{source=\"ant\",state=\"off\"} 1"));
	free(text);
}

/* ---- what gaitd-mqtt tells of itself ------------------------------------------------ */

static char *text_of_figures(struct fleet_figures *figures, const char *request, uint64_t now_us)
{
	json_t *told = read_json(request), *reply = json_object(), *meter = json_object();
	char *meter_text, *text;

	fleet_figures_take(figures, told, SECOND, reply);
	fleet_figures_describe(figures, now_us, meter);
	meter_text = json_dumps(meter, JSON_COMPACT);
	text = text_of("{}", meter_text, NULL, NULL);
	free(meter_text);
	json_decref(told);
	json_decref(reply);
	json_decref(meter);
	return text;
}

static void test_fleet(void)
{
	struct fleet_figures figures = { .told = false };
	char *text = text_of_figures(&figures, "{'cmd':'figures','connected':'yes','connects':-1}",
	                             SECOND);

	CU_ASSERT_PTR_NULL(strstr(text, "gaitd_broker"));
	CU_ASSERT_PTR_NULL(strstr(text, "gaitd_spool"));
	free(text);
	text = text_of_figures(&figures, "{'connected':1,'connects':3,'waiting_events':4,"
	                       "'limit_events':1000,'merged_safety':2,'runner':'Ada'}",
	                       181 * SECOND);
	CU_ASSERT(has(text, "gaitd_broker_connected 1"));
	CU_ASSERT(has(text, "gaitd_broker_connects_total 3"));
	CU_ASSERT(has(text, "gaitd_spool_events 4"));
	CU_ASSERT(has(text, "gaitd_spool_dropped_total{kind=\"safety\"} 2"));
	CU_ASSERT_PTR_NULL(strstr(text, "gaitd_spool_bytes")); /* was not told */
	CU_ASSERT_PTR_NULL(strstr(text, "Ada"));
	free(text);
	/* it has gone, or hangs */
	text = text_of_figures(&figures, "{}", 182 * SECOND);
	CU_ASSERT(has(text, "gaitd_broker_connected 0"));
	CU_ASSERT_PTR_NULL(strstr(text, "gaitd_spool"));
	free(text);
}

/* ---- counting ------------------------------------------------------------------- */

static long long count_of(const json_t *reply, const char *table, const char *row,
                          const char *name)
{
	const json_t *object = json_object_get(json_object_get(reply, table), row);

	return (long long)json_integer_value(name ? json_object_get(object, name) : object);
}

static const char *state_of(const json_t *reply, const char *device)
{
	return json_string_value(json_object_get(
		json_object_get(json_object_get(reply, "links"), device), "state"));
}

static void tell_links(struct meter_life *life, enum display_link_state treadmill)
{
	struct outcome outcome = { .message = { .type = DISPLAY_MESSAGE_LINK } };

	outcome.message.link.treadmill = treadmill;
	meter_life_outcome(life, &outcome);
}

static void test_a_silent_moment_is_no_loss(void)
{
	struct meter_life life = { .sessions = 0 };
	json_t *reply = json_object();

	tell_links(&life, DISPLAY_LINK_SEARCHING);
	tell_links(&life, DISPLAY_LINK_LIVE);
	tell_links(&life, DISPLAY_LINK_STALE);
	tell_links(&life, DISPLAY_LINK_LIVE);
	tell_links(&life, DISPLAY_LINK_LOST);
	tell_links(&life, DISPLAY_LINK_SEARCHING);
	tell_links(&life, DISPLAY_LINK_LIVE);
	meter_life_describe(&life, 0, reply);
	CU_ASSERT_EQUAL(count_of(reply, "links", "treadmill", "connects"), 2);
	CU_ASSERT_EQUAL(count_of(reply, "links", "treadmill", "losses"), 1);
	CU_ASSERT_STRING_EQUAL(state_of(reply, "treadmill"), "live");
	json_decref(reply);
}

static void test_a_strap(void)
{
	static struct source_event event;
	struct meter_life life = { .sessions = 0 };
	json_t *reply = json_object();

	event = (struct source_event){ .t_us = 4 * SECOND, .device = SOURCE_HEART_RATE,
		                       .unit = 1, .kind = SOURCE_NOTIFY };
	meter_life_event(&life, &event);
	meter_life_describe(&life, 5 * SECOND, reply);
	CU_ASSERT_STRING_EQUAL(state_of(reply, "heart_rate"), "live");
	CU_ASSERT_EQUAL(count_of(reply, "links", "heart_rate", "age_us"), SECOND);
	meter_life_describe(&life, 60 * SECOND, reply);
	CU_ASSERT_STRING_EQUAL(state_of(reply, "heart_rate"), "stale");
	event.kind = SOURCE_LINK;
	event.link = DISPLAY_LINK_LOST;
	meter_life_event(&life, &event);
	meter_life_describe(&life, 61 * SECOND, reply);
	CU_ASSERT_STRING_EQUAL(state_of(reply, "heart_rate"), "lost");
	CU_ASSERT_EQUAL(count_of(reply, "links", "heart_rate", "losses"), 1);
	json_decref(reply);
}

static void test_sessions_and_prompts(void)
{
	static const enum display_session_state states[] = {
		DISPLAY_SESSION_IDLE,   DISPLAY_SESSION_RUNNING, DISPLAY_SESSION_PAUSED,
		DISPLAY_SESSION_RUNNING, DISPLAY_SESSION_ENDED,  DISPLAY_SESSION_RUNNING,
	};
	struct outcome outcome = { .message = { .type = DISPLAY_MESSAGE_SESSION } };
	struct meter_life life = { .sessions = 0 };
	json_t *reply = json_object();

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		outcome.message.session.state = states[i];
		meter_life_outcome(&life, &outcome);
	}
	memset(&outcome, 0, sizeof(outcome));
	outcome.message.type = DISPLAY_MESSAGE_PROMPT;
	outcome.message.prompt.level = DISPLAY_LEVEL_LOAD;
	meter_life_outcome(&life, &outcome);
	meter_life_describe(&life, 0, reply);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(reply, "sessions")), 2);
	CU_ASSERT_EQUAL(count_of(reply, "prompts", "load", NULL), 1);
	CU_ASSERT_EQUAL(count_of(reply, "prompts", "safety", NULL), 0);
	json_decref(reply);
}

static void test_percentiles_of_a_signal(void)
{
	struct strength strength = { .count = 0 };
	int32_t dbm = 0;

	CU_ASSERT_FALSE(strength_at(&strength, 500, &dbm));
	strength_add(&strength, 127); /* none */
	CU_ASSERT_FALSE(strength_at(&strength, 500, &dbm));
	for (int32_t i = 1; i <= 100; i++)
		strength_add(&strength, -i);
	CU_ASSERT(strength_at(&strength, 100, &dbm));
	CU_ASSERT_EQUAL(dbm, -91);
	CU_ASSERT(strength_at(&strength, 500, &dbm));
	CU_ASSERT_EQUAL(dbm, -51);
	CU_ASSERT(strength_at(&strength, 1000, &dbm));
	CU_ASSERT_EQUAL(dbm, -1);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{ "no daemon", test_no_daemon },
		{ "links and batteries", test_links_and_batteries },
		{ "labels are escaped", test_labels_are_escaped },
		{ "ANT without a key is not down", test_ant_without_a_key_is_not_down },
		{ "the fleet's figures", test_fleet },
		{ "a silent moment is no loss", test_a_silent_moment_is_no_loss },
		{ "a strap", test_a_strap },
		{ "sessions and prompts", test_sessions_and_prompts },
		{ "percentiles of a signal", test_percentiles_of_a_signal },
		CU_TEST_INFO_NULL,
	};

	return suite_run("metrics", tests);
}
