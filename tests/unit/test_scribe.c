/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What comes out of the core, and what is told it, as a session's log
 */
#include "daemon/sessions/scribe.h"
#include "tests/unit/suite.h"

#include <string.h>

#define S 1000000ull

static struct scribe scribe;

static void open_scribe(void)
{
	scribe_free(&scribe);
	scribe_init(&scribe);
}

static void say(uint64_t t_us, struct display_message message)
{
	struct outcome outcome = { t_us, message };

	scribe_outcome(&scribe, &outcome);
}

static void session(uint64_t t_us, enum display_session_state state)
{
	say(t_us, (struct display_message){ .type = DISPLAY_MESSAGE_SESSION,
	                                    .session = { .state = state, .runner = "Ada",
	                                                 .lang = "de", .miles = true } });
}

static void metrics(uint64_t t_us, double kmh, int32_t spm)
{
	struct display_message m = { .type = DISPLAY_MESSAGE_METRICS };

	m.metrics = (struct display_metrics){ .present = DISPLAY_SPEED, .speed_kmh = kmh };
	if (spm > 0) {
		m.metrics.present |= DISPLAY_CADENCE | DISPLAY_TARGET;
		m.metrics.cadence_spm = spm;
	}
	say(t_us, m);
}

static void target(uint64_t t_us, int32_t low, int32_t high)
{
	say(t_us, (struct display_message){ .type = DISPLAY_MESSAGE_TARGET,
	                                    .target = { low, high } });
}

static void prompt(uint64_t t_us, uint32_t id, const char *rule)
{
	struct display_message m = { .type = DISPLAY_MESSAGE_PROMPT };

	m.prompt.id = id;
	m.prompt.level = DISPLAY_LEVEL_FORM;
	strcpy(m.prompt.rule, rule);
	strcpy(m.prompt.headline, "Shorter");
	say(t_us, m);
}

static void tell(uint64_t t_us, enum display_input input, uint32_t id, int32_t value)
{
	struct source_event event = { .t_us = t_us, .device = SOURCE_INPUT, .unit = 1,
		                      .kind = SOURCE_REQUEST };

	event.request.type = DISPLAY_REQUEST_INPUT;
	event.request.input = input;
	event.request.id = id;
	event.request.value = value;
	scribe_event(&scribe, &event);
}

static const struct session_event *event(size_t i)
{
	static const struct session_event none;

	CU_ASSERT_TRUE_FATAL(i < scribe.log.event_count);
	return i < scribe.log.event_count ? &scribe.log.events[i] : &none;
}

static void test_a_line_a_second(void)
{
	open_scribe();
	metrics(1 * S, 3, 0); /* before it */
	session(10 * S, DISPLAY_SESSION_RUNNING);
	metrics(10 * S + 1, 8, 0);
	metrics(10 * S + 300000, 8.5, 160); /* the first of a second counts */
	target(11 * S, 160, 175);
	metrics(11 * S, 9, 162);
	metrics(14 * S, 9, 0); /* nothing is held, nothing filled in */
	CU_ASSERT_EQUAL_FATAL(scribe.log.second_count, 3);
	CU_ASSERT_EQUAL(scribe.log.seconds[0].at_s, 0);
	CU_ASSERT_EQUAL(scribe.log.seconds[0].metrics.speed_kmh, 8);
	CU_ASSERT_FALSE(scribe.log.seconds[0].has_target);
	CU_ASSERT_EQUAL(scribe.log.seconds[1].at_s, 1);
	CU_ASSERT_TRUE(scribe.log.seconds[1].has_target);
	CU_ASSERT_EQUAL(scribe.log.seconds[1].target.low_spm, 160);
	CU_ASSERT_EQUAL(scribe.log.seconds[2].at_s, 4);
	CU_ASSERT_FALSE(scribe.log.seconds[2].has_target);
	CU_ASSERT_FALSE(scribe.log.ended);
	CU_ASSERT_EQUAL(scribe.log.length_s, 4);
	CU_ASSERT_STRING_EQUAL(scribe.log.runner, "Ada");
	CU_ASSERT_TRUE(scribe.log.miles);
}

static void test_pauses_and_end(void)
{
	open_scribe();
	session(0, DISPLAY_SESSION_RUNNING);
	metrics(1 * S, 8, 0);
	session(2 * S, DISPLAY_SESSION_PAUSED);
	metrics(3 * S, 0, 0); /* no second of running */
	session(60 * S, DISPLAY_SESSION_RUNNING);
	metrics(61 * S, 8, 0);
	session(90 * S, DISPLAY_SESSION_ENDED);
	metrics(91 * S, 8, 0);
	CU_ASSERT_EQUAL(scribe.log.second_count, 2);
	CU_ASSERT_EQUAL_FATAL(scribe.log.event_count, 4); /* two links, pause, resume */
	CU_ASSERT_EQUAL(event(2)->kind, SESSION_EVENT_PAUSE);
	CU_ASSERT_EQUAL(event(2)->at_s, 2);
	CU_ASSERT_EQUAL(event(3)->kind, SESSION_EVENT_RESUME);
	CU_ASSERT_TRUE(scribe.log.ended);
	CU_ASSERT_EQUAL(scribe.log.length_s, 90);
	CU_ASSERT_FALSE(scribe_under_way(&scribe));
	session(100 * S, DISPLAY_SESSION_RUNNING); /* the next one */
	CU_ASSERT_EQUAL(scribe.log.second_count, 0);
	CU_ASSERT_FALSE(scribe.log.ended);
}

static void test_prompts_and_answers(void)
{
	open_scribe();
	session(0, DISPLAY_SESSION_RUNNING);
	prompt(5 * S, 7, "ask-pain");
	tell(6 * S, DISPLAY_INPUT_ANSWER, 0, 4); /* the open question */
	say(6 * S, (struct display_message){ .type = DISPLAY_MESSAGE_CLEAR,
	                                     .clear = { 7, DISPLAY_CLEAR_ACKNOWLEDGED } });
	tell(9 * S, DISPLAY_INPUT_PAIN, 0, 2);
	CU_ASSERT_EQUAL_FATAL(scribe.log.event_count, 6);
	CU_ASSERT_EQUAL(event(2)->kind, SESSION_EVENT_PROMPT);
	CU_ASSERT_STRING_EQUAL(event(2)->headline, "Shorter");
	CU_ASSERT_EQUAL(event(3)->kind, SESSION_EVENT_ANSWER);
	CU_ASSERT_EQUAL(event(3)->id, 7);
	CU_ASSERT_STRING_EQUAL(event(3)->rule, "ask-pain");
	CU_ASSERT_EQUAL(event(3)->value, 4);
	CU_ASSERT_EQUAL(event(4)->kind, SESSION_EVENT_CLEAR);
	CU_ASSERT_EQUAL(event(4)->value, DISPLAY_CLEAR_ACKNOWLEDGED);
	CU_ASSERT_EQUAL(event(5)->kind, SESSION_EVENT_PAIN);
	CU_ASSERT_EQUAL(event(5)->at_s, 9);
}

static void test_goes_on_after_a_restart(void)
{
	struct session_log left;

	open_scribe();
	session(50 * S, DISPLAY_SESSION_RUNNING);
	metrics(150 * S, 8, 0); /* 100 s into it */
	left = scribe.log;
	scribe_init(&scribe); /* the new process, whose clock starts again */
	scribe_resume(&scribe, &left, 1 * S, 4);
	CU_ASSERT_EQUAL(left.second_count, 0); /* taken over */
	session(2 * S, DISPLAY_SESSION_RUNNING);
	metrics(3 * S, 9, 0);
	CU_ASSERT_EQUAL_FATAL(scribe.log.second_count, 2);
	CU_ASSERT_EQUAL(scribe.log.seconds[1].at_s, 106);
	CU_ASSERT_EQUAL(event(2)->kind, SESSION_EVENT_PAUSE);
	CU_ASSERT_EQUAL(event(2)->at_s, 104);
	CU_ASSERT_EQUAL(event(3)->kind, SESSION_EVENT_RESUME);
	CU_ASSERT_EQUAL(event(3)->at_s, 105);
}

static void test_does_not_grow_without_end(void)
{
	open_scribe();
	session(0, DISPLAY_SESSION_RUNNING);
	for (uint64_t s = 0; s < SESSION_LOG_SECONDS_MAX + 10; s++)
		metrics(s * S, 8, 0);
	for (size_t i = 0; i < SESSION_LOG_EVENTS_MAX + 10; i++)
		tell(SESSION_LOG_SECONDS_MAX * S, DISPLAY_INPUT_PAIN, 0, 1);
	CU_ASSERT_EQUAL(scribe.log.second_count, SESSION_LOG_SECONDS_MAX);
	CU_ASSERT_EQUAL(scribe.log.event_count, SESSION_LOG_EVENTS_MAX);
	CU_ASSERT_TRUE(scribe.log.cut);
	scribe_free(&scribe);
}

static void test_words(void)
{
	for (int i = 0; i < SESSION_EVENT_KINDS; i++) {
		enum session_event_kind kind = SESSION_EVENT_PROMPT;

		CU_ASSERT_TRUE(session_event_from_word(session_event_word((enum session_event_kind)i),
		                                       &kind));
		CU_ASSERT_EQUAL((int)kind, i);
	}
	CU_ASSERT_FALSE(session_event_from_word("promt", &(enum session_event_kind){ 0 }));
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "a line a second", test_a_line_a_second },
		{ "pauses and end", test_pauses_and_end },
		{ "prompts and answers", test_prompts_and_answers },
		{ "goes on after a restart", test_goes_on_after_a_restart },
		{ "does not grow without end", test_does_not_grow_without_end },
		{ "words", test_words },
		CU_TEST_INFO_NULL,
	};

	return suite_run("scribe", tests);
}
