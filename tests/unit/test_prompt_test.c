/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl prompt --test, from the control verb to a display.
 */
#include "config.h"
#include "daemon/displays/prompt_test.h"
#include "daemon/service/log.h"
#include "plugins/gaitd-display.h"
#include "tests/unit/suite.h"

#include <event2/event.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TURNS_MAX 20000 /* of a millisecond: then a test has failed */
#define EACH_MS 30

struct stage {
	struct event_base *base;
	struct hub *hub;
	struct prompt_test *test;
	char directory[32], path[64];
	struct gaitd_display *display;
	struct display_prompt prompts[16];
	size_t prompt_count;
	uint32_t cleared[16];
	size_t clear_count;
};

static void on_input(const struct display_request *input, const char *name, void *user)
{
	(void)input;
	(void)name;
	(void)user;
}

static void on_prompt(const struct display_prompt *prompt, void *user)
{
	struct stage *s = user;

	CU_ASSERT_TRUE_FATAL(s->prompt_count < 16);
	s->prompts[s->prompt_count++] = *prompt;
}

static void on_clear(const struct display_clear *clear, void *user)
{
	struct stage *s = user;

	CU_ASSERT_TRUE_FATAL(s->clear_count < 16);
	s->cleared[s->clear_count++] = clear->id;
}

static struct stage *stage_new(uint32_t each_ms)
{
	static struct hub_settings settings; /* borrowed by the hub */
	struct stage *s = calloc(1, sizeof(*s));

	log_set_level(LOG_LEVEL_ERROR);
	s->base = event_base_new();
	strcpy(s->directory, "/tmp/gaitd-prompt.XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(s->directory));
	snprintf(s->path, sizeof(s->path), "%s/display.sock", s->directory);
	hub_settings_init(&settings);
	settings.path = s->path;
	s->hub = hub_new(s->base, &settings, on_input, s);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s->hub);
	s->test = prompt_test_new(s->base, s->hub, each_ms);
	return s;
}

static void stage_free(struct stage *s)
{
	gaitd_display_free(s->display);
	prompt_test_free(s->test);
	hub_free(s->hub);
	CU_ASSERT_EQUAL(rmdir(s->directory), 0);
	event_base_free(s->base);
	free(s);
}

static void turn(struct stage *s)
{
	event_base_loop(s->base, EVLOOP_NONBLOCK);
	poll(NULL, 0, 1);
	gaitd_display_process(s->display);
}

#define UNTIL(s, condition)                                               \
	do {                                                              \
		int turns = TURNS_MAX;                                    \
		while (!(condition) && --turns)                           \
			turn(s);                                          \
		CU_ASSERT_TRUE(condition);                                \
	} while (0)

static void display_starts(struct stage *s)
{
	static const struct gaitd_display_hooks hooks = { .prompt = on_prompt, .clear = on_clear };
	const struct gaitd_display_settings settings = { .socket = s->path, .name = "board" };

	s->display = gaitd_display_new(&settings, &hooks, s);
	UNTIL(s, gaitd_display_is_ready(s->display));
}

static void core_prompts(struct stage *s, uint32_t id)
{
	struct outcome o = { .message = { .type = DISPLAY_MESSAGE_PROMPT } };

	o.message.prompt.id = id;
	o.message.prompt.ttl_ms = 60000;
	strcpy(o.message.prompt.headline, "Run tall");
	prompt_test_outcome(s->test, &o);
}

static void core_clears(struct stage *s, uint32_t id)
{
	struct outcome o = { .message = { .type = DISPLAY_MESSAGE_CLEAR, .clear = { .id = id } } };

	prompt_test_outcome(s->test, &o);
}

static void begins(struct stage *s, const char *error)
{
	json_t *reply = json_object();
	const char *said;

	CU_ASSERT_EQUAL(prompt_test_begin(s->test, reply), error == NULL);
	said = json_string_value(json_object_get(reply, "error"));
	CU_ASSERT_TRUE(error ? said && strstr(said, error) :
	                       json_array_size(json_object_get(reply, "levels")) == 6);
	json_decref(reply);
}

static void test_each_level(void)
{
	struct stage *s = stage_new(EACH_MS);

	begins(s, "no display is connected");
	display_starts(s);
	begins(s, NULL);
	begins(s, "under way");
	UNTIL(s, s->clear_count == 6);
	CU_ASSERT_EQUAL(s->prompt_count, 6);
	for (size_t i = 0; i < s->prompt_count; i++) {
		CU_ASSERT_EQUAL(s->prompts[i].level, (enum display_level)i);
		CU_ASSERT_STRING_EQUAL(s->prompts[i].rule, "display-test");
		CU_ASSERT_EQUAL(strncmp(s->prompts[i].headline, "Test: ", 6), 0);
		CU_ASSERT_EQUAL(s->cleared[i], s->prompts[i].id);
	}
	for (int i = 0; i < 2 * EACH_MS; i++) /* it has ended by itself */
		turn(s);
	CU_ASSERT_EQUAL(s->prompt_count, 6);
	begins(s, NULL); /* and can be had again, with other ids */
	UNTIL(s, s->prompt_count == 7);
	CU_ASSERT_TRUE(s->prompts[6].id > s->prompts[5].id);
	stage_free(s);
}

static void test_what_is_real_goes_first(void)
{
	struct stage *s = stage_new(EACH_MS);

	display_starts(s);
	core_prompts(s, 1);
	begins(s, "is shown a prompt");
	core_clears(s, 1);
	begins(s, NULL);
	UNTIL(s, s->prompt_count == 2);
	core_prompts(s, 2);
	UNTIL(s, s->prompts[s->prompt_count - 1].id == 2);
	for (int i = 0; i < 4 * EACH_MS; i++)
		turn(s);
	CU_ASSERT_EQUAL(s->prompts[s->prompt_count - 1].id, 2);
	CU_ASSERT_TRUE(s->prompt_count < 7);
	stage_free(s);
}

static struct display_request request(enum display_input input, uint32_t id)
{
	return (struct display_request){ .type = DISPLAY_REQUEST_INPUT, .input = input, .id = id };
}

static void test_answers_are_not_the_cores(void)
{
	struct stage *s = stage_new(60000);
	struct display_request ack, pain = request(DISPLAY_INPUT_PAIN, 0);

	display_starts(s);
	begins(s, NULL);
	UNTIL(s, s->prompt_count == 1);
	ack = request(DISPLAY_INPUT_ACK, s->prompts[0].id);
	CU_ASSERT_TRUE(prompt_test_input(s->test, &ack));
	UNTIL(s, s->prompt_count == 2); /* acknowledged: the next level */
	CU_ASSERT_EQUAL(s->cleared[0], s->prompts[0].id);
	CU_ASSERT_TRUE(prompt_test_input(s->test, &ack)); /* late: still not the core's */
	CU_ASSERT_FALSE(prompt_test_input(s->test, &pain));
	ack.id = 1;
	CU_ASSERT_FALSE(prompt_test_input(s->test, &ack));
	ack = request(DISPLAY_INPUT_ANSWER, s->prompts[1].id + 1);
	CU_ASSERT_FALSE(prompt_test_input(s->test, &ack));
	stage_free(s);
}

static CU_TestInfo tests[] = {
	{ "each level, and an end", test_each_level },
	{ "what is real goes first", test_what_is_real_goes_first },
	{ "answers to a test are not the core's", test_answers_are_not_the_cores },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return suite_run("prompt_test", tests);
}
