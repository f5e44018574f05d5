/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "tests/unit/twins.h"

#include "tests/unit/suite.h"

#include <stdio.h>
#include <string.h>

static void note(void *user, const char *what, const char *rule, uint32_t id)
{
	struct twin *twin = user;
	size_t room = sizeof(twin->text) - twin->used;
	int length = snprintf(twin->text + twin->used, room, "%s %s %u\n", what,
	                      rule, id);

	if (length > 0 && (size_t)length < room)
		twin->used += (size_t)length;
}

static void on_prompt(void *user, const struct display_prompt *prompt)
{
	note(user, "prompt", prompt->rule, prompt->id);
}

static void on_clear(void *user, const struct display_clear *clear)
{
	note(user, "clear", display_clear_reason_name(clear->reason),
	     clear->id);
}

static void on_failed(void *user, const struct rule *rule)
{
	note(user, "failed", rule->id, 0);
}

static struct coach_sink sink_of(struct twin *twin)
{
	return (struct coach_sink){ on_prompt, on_clear, twin, on_failed };
}

void twins_init(struct twins *twins, const struct ruleset *rules)
{
	twins->sleeper.used = twins->waker.used = 0;
	CU_ASSERT_TRUE_FATAL(coach_init(&twins->sleeper.coach, rules) &&
	                     coach_init(&twins->waker.coach, rules));
}

void twins_free(struct twins *twins)
{
	coach_free(&twins->sleeper.coach);
	coach_free(&twins->waker.coach);
}

static void second(struct twin *twin, const struct coach_input *now,
                   const double *value)
{
	struct coach_sink sink = sink_of(twin);
	struct coach_input in = *now;
	struct metrics metrics;

	memcpy(metrics.value, value, sizeof(metrics.value));
	in.metrics = &metrics;
	coach_expire(&twin->coach, in.now_us, &sink);
	coach_tick(&twin->coach, &in, &sink);
	if (metrics.value[METRIC_pain_reported] >= 0)
		coach_instant(&twin->coach, &in, &sink);
}

void twins_second(struct twins *twins, const struct coach_input *now,
                  const double *value)
{
	second(&twins->sleeper, now, value);
	watches_wake_all(&twins->waker.coach.watches);
	second(&twins->waker, now, value);
}

void twins_tell(struct twins *twins,
                void (*tell)(struct coach *coach, const struct coach_sink *sink,
                             void *user),
                void *user)
{
	struct coach_sink sleepers = sink_of(&twins->sleeper),
			  wakers = sink_of(&twins->waker);

	tell(&twins->sleeper.coach, &sleepers, user);
	watches_wake_all(&twins->waker.coach.watches);
	tell(&twins->waker.coach, &wakers, user);
}

bool twins_agree(struct twins *twins)
{
	const struct coach *a = &twins->sleeper.coach, *b = &twins->waker.coach;

	coach_settle(&twins->sleeper.coach);
	for (size_t i = 0; i < a->rules->count; i++) {
		if (memcmp(&a->state[i], &b->state[i], sizeof(a->state[i])) ==
		    0)
			continue;
		printf("\n    %s is not what it is where none sleeps",
		       a->rules->rules[i].id);
		return false;
	}
	if (twins->sleeper.used == twins->waker.used &&
	    memcmp(twins->sleeper.text, twins->waker.text,
	           twins->sleeper.used) == 0)
		return true;
	printf("\n    what was said is not what is said where none sleeps");
	return false;
}
