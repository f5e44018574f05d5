/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/displays/prompt_test.h"

#include "daemon/service/log.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>

#define TOKEN "display"
/* The core counts up from 1: it will not come here. */
#define FIRST_ID UINT32_C(0xf0000000)
#define RULE "display-test"
#define IDENTIFY_MS 8000

struct prompt_test {
	struct hub *hub;
	struct event *timer; /* the next level */
	uint32_t each_ms;
	char name[64]; /* of this console, which is identified; "": a test */
	uint32_t real_id; /* of the core's prompt that is shown; 0: none */
	uint32_t id;      /* of ours; 0: none is shown */
	uint32_t last_id;
	enum display_level level; /* the next */
};

/* In the order of their weight */
#define LAST_LEVEL DISPLAY_LEVEL_SAFETY

static void put_identity(const struct prompt_test *test, struct display_prompt *prompt)
{
	prompt->ttl_ms = IDENTIFY_MS;
	snprintf(prompt->rule, sizeof(prompt->rule), "identify");
	snprintf(prompt->headline, sizeof(prompt->headline), "%.30s", test->name);
	snprintf(prompt->text, sizeof(prompt->text), "This console is %.32s.", test->name);
	snprintf(prompt->why, sizeof(prompt->why),
	         "Whoever looks after it asked where it is. It says nothing of your running.");
}

static void put_test(const struct prompt_test *test, struct display_prompt *prompt)
{
	const char *level = display_level_name(test->level);

	prompt->ttl_ms = test->each_ms;
	prompt->ack = test->level == DISPLAY_LEVEL_SAFETY;
	snprintf(prompt->rule, sizeof(prompt->rule), RULE);
	snprintf(prompt->headline, sizeof(prompt->headline), "Test: %s", level);
	snprintf(prompt->text, sizeof(prompt->text),
	         "A test of this display: a prompt of level %s.", level);
	snprintf(prompt->why, sizeof(prompt->why),
	         "The operator asked for it. It says nothing of your running.");
}

static void say(const struct prompt_test *test)
{
	struct outcome outcome = { .message = { .type = DISPLAY_MESSAGE_PROMPT } };
	struct display_prompt *prompt = &outcome.message.prompt;

	prompt->id = test->id;
	prompt->level = test->level;
	if (*test->name)
		put_identity(test, prompt);
	else
		put_test(test, prompt);
	hub_outcome(test->hub, &outcome);
}

static void clear(struct prompt_test *test, enum display_clear_reason reason)
{
	struct outcome outcome = { .message = { .type = DISPLAY_MESSAGE_CLEAR } };

	if (!test->id)
		return;
	outcome.message.clear = (struct display_clear){ test->id, reason };
	test->id = 0;
	hub_outcome(test->hub, &outcome);
}

static void go_on(struct prompt_test *test)
{
	uint32_t ms = *test->name ? IDENTIFY_MS : test->each_ms;
	struct timeval wait = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };

	if (test->level > (*test->name ? DISPLAY_LEVEL_SYSTEM : LAST_LEVEL)) {
		log_notice(TOKEN, "the test of the displays has ended");
		event_del(test->timer);
		return;
	}
	test->id = ++test->last_id;
	say(test);
	test->level++;
	event_add(test->timer, &wait);
}

static void on_timer(evutil_socket_t fd, short what, void *user)
{
	struct prompt_test *test = user;

	(void)fd;
	(void)what;
	clear(test, DISPLAY_CLEAR_EXPIRED);
	go_on(test);
}

static bool runs(const struct prompt_test *test)
{
	return event_pending(test->timer, EV_TIMEOUT, NULL) != 0;
}

void prompt_test_outcome(struct prompt_test *test, const struct outcome *outcome)
{
	const struct display_message *m = &outcome->message;

	if (m->type == DISPLAY_MESSAGE_PROMPT) {
		if (runs(test))
			log_notice(TOKEN, "the test of the displays ends for a prompt: %s",
			           m->prompt.rule);
		event_del(test->timer);
		clear(test, DISPLAY_CLEAR_REPLACED);
		test->real_id = m->prompt.id;
	} else if (m->type == DISPLAY_MESSAGE_CLEAR && m->clear.id == test->real_id) {
		test->real_id = 0;
	}
	hub_outcome(test->hub, outcome);
}

bool prompt_test_input(struct prompt_test *test, const struct display_request *input)
{
	bool of_prompt = input->input == DISPLAY_INPUT_ACK ||
	                 input->input == DISPLAY_INPUT_ANSWER;

	if (!of_prompt || input->id <= FIRST_ID || input->id > test->last_id)
		return false;
	if (input->id == test->id) {
		clear(test, DISPLAY_CLEAR_ACKNOWLEDGED);
		go_on(test);
	}
	return true;
}

static bool refuse(json_t *reply, const char *why)
{
	json_object_set_new(reply, "error", json_string(why));
	return false;
}

/* False, and said: not now */
static bool may_begin(const struct prompt_test *test, json_t *reply)
{
	if (runs(test))
		return refuse(reply, "a test is under way; it ends by itself");
	if (test->real_id)
		return refuse(reply, "the runner is shown a prompt just now; try again");
	if (!hub_count(test->hub))
		return refuse(reply, "no display is connected");
	return true;
}

bool prompt_test_identify(struct prompt_test *test, const char *name, json_t *reply)
{
	if (!may_begin(test, reply))
		return false;
	json_object_set_new(reply, "displays",
	                    json_integer((json_int_t)hub_count(test->hub)));
	log_notice(TOKEN, "this console shows who it is: %s", name);
	snprintf(test->name, sizeof(test->name), "%s", name);
	test->level = DISPLAY_LEVEL_SYSTEM;
	go_on(test);
	return true;
}

bool prompt_test_begin(struct prompt_test *test, json_t *reply)
{
	json_t *levels;

	if (!may_begin(test, reply))
		return false;
	levels = json_array();
	for (enum display_level level = 0; level <= LAST_LEVEL; level++)
		json_array_append_new(levels, json_string(display_level_name(level)));
	json_object_set_new(reply, "levels", levels);
	json_object_set_new(reply, "each_ms", json_integer(test->each_ms));
	json_object_set_new(reply, "displays",
	                    json_integer((json_int_t)hub_count(test->hub)));
	log_notice(TOKEN, "the displays are tested: a prompt of each level");
	test->name[0] = '\0';
	test->level = DISPLAY_LEVEL_SYSTEM;
	go_on(test);
	return true;
}

static bool answer(const json_t *request, json_t *reply, void *user)
{
	(void)request;
	return prompt_test_begin(user, reply);
}

const struct control_verb prompt_test_verbs[] = {
	{ "prompt-test", answer },
	{ NULL, NULL },
};

struct prompt_test *prompt_test_new(struct event_base *base, struct hub *hub,
                                    uint32_t each_ms)
{
	struct prompt_test *test = calloc(1, sizeof(*test));

	if (!test)
		return NULL;
	test->hub = hub;
	test->each_ms = each_ms;
	test->last_id = FIRST_ID;
	test->timer = evtimer_new(base, on_timer, test);
	if (test->timer)
		return test;
	free(test);
	return NULL;
}

void prompt_test_free(struct prompt_test *test)
{
	if (!test)
		return;
	event_free(test->timer);
	free(test);
}
