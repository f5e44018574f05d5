/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "tests/bench/site.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BOOT "01234567-89ab-4cde-8f01-23456789abcd"
#define BEGIN_MS 1000000
#define UNIX_MS INT64_C(1795990400000) /* 2026-11-29T22:13:20Z */
#define DAEMON_MS 30

/* ---- chance ------------------------------------------------------------------ */

/* splitmix64 */
static uint64_t draw(struct site *site)
{
	uint64_t z = site->chance += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint32_t site_dice(struct site *site, uint32_t below)
{
	return below ? (uint32_t)(draw(site) % below) : 0;
}

/* ---- messages ------------------------------------------------------------------ */

static void post(struct site *site, size_t from, size_t to, const char *text, bool is_status)
{
	uint32_t spread = (uint32_t)(site->latency_most_ms - site->latency_least_ms);
	int64_t due_ms = site->now_ms + site->latency_least_ms + site_dice(site, spread + 1);
	struct site_message *free_one = NULL;

	for (size_t i = 0; i < SITE_MESSAGES; i++) {
		struct site_message *m = &site->messages[i];

		/* one connection: none overtakes another */
		if (m->text && m->from == from && m->to == to && m->due_ms > due_ms)
			due_ms = m->due_ms;
		if (!m->text)
			free_one = m;
	}
	if (free_one)
		*free_one = (struct site_message){ due_ms, from, to, strdup(text), is_status };
	else
		site->lost++;
}

static void post_to_all(struct site_console *from, const char *text, bool is_status)
{
	struct site *site = from->site;

	for (size_t to = 0; to < site->count; to++)
		post(site, (size_t)(from - site->consoles), to, text, is_status);
}

void site_tell_status(struct site *site, size_t console, const char *state)
{
	char text[80], mark[CLAIM_MARK_SIZE];

	claim_key_mark(site->consoles[console].claiming.key, mark);
	snprintf(text, sizeof(text), "{\"state\":\"%s\",\"site_key\":\"%s\"}", state, mark);
	post_to_all(&site->consoles[console], text, true);
}

static struct claiming_times times_of(const struct site_console *c)
{
	return (struct claiming_times){ c->site->now_ms, c->site->unix_ms + c->skew_ms };
}

static void arrive(struct site *site, struct site_message *m)
{
	struct site_console *to = &site->consoles[m->to];
	json_t *message = json_loads(m->text, 0, NULL);
	const char *from = site->consoles[m->from].name;

	free(m->text);
	m->text = NULL;
	if (m->is_status)
		claiming_status(&to->claiming, times_of(to), from, message);
	else
		claiming_heard(&to->claiming, times_of(to), from, message);
	json_decref(message);
}

/* In order of time; of one time in that of the places, which is by chance */
static void deliver(struct site *site)
{
	for (;;) {
		struct site_message *first = NULL;

		for (size_t i = 0; i < SITE_MESSAGES; i++) {
			struct site_message *m = &site->messages[i];

			if (m->text && m->due_ms <= site->now_ms &&
			    (!first || m->due_ms < first->due_ms))
				first = m;
		}
		if (!first)
			return;
		arrive(site, first);
	}
}

/* ---- what a console does ---------------------------------------------------------- */

static void on_tell(json_t *message, void *user)
{
	struct site_console *c = user;
	char *text = message_text(message);

	assert(text);
	c->told++;
	post_to_all(c, text, false);
	free(text);
}

static void on_release(const char *id, void *user)
{
	struct site_console *c = user;

	assert(strcmp(id, SITE_POD) == 0);
	c->release_asked++;
	c->release_ms = c->site->now_ms + c->site->daemon_ms;
}

static void on_free(const char *id, void *user)
{
	struct site_console *c = user;

	assert(strcmp(id, SITE_POD) == 0);
	c->frees++;
	c->left = false;
}

static void on_say(const char *text, void *user)
{
	struct site_console *c = user;

	c->said++;
	snprintf(c->last_said, sizeof(c->last_said), "%s", text);
}

static const struct claiming_hooks hooks = {
	.tell = on_tell, .release = on_release, .free_again = on_free, .say = on_say,
};

static void ask_daemon(struct site_console *c)
{
	json_t *reply = json_object(), *left = json_array();

	if (c->left)
		json_array_append_new(left, json_string(SITE_POD));
	json_object_set_new(reply, "released", left);
	if (c->holds) {
		json_object_set_new(reply, "id", json_string(SITE_POD));
		json_object_set_new(reply, "held_ms",
		                    json_integer(c->site->now_ms - c->since_ms));
		json_object_set_new(reply, "fixed", json_boolean(c->fixed));
	}
	claiming_held(&c->claiming, times_of(c), reply);
	json_decref(reply);
}

static void let_go(struct site_console *c)
{
	bool held = c->holds;

	c->release_ms = INT64_MAX;
	c->releases += held;
	c->left |= held;
	c->holds = false;
	claiming_released(&c->claiming, times_of(c), held ? NULL : "that pod is not this console's");
}

static void live(struct site_console *c)
{
	int64_t now_ms = c->site->now_ms;

	if (now_ms >= c->release_ms)
		let_go(c);
	if (now_ms >= claiming_next_ms(&c->claiming))
		claiming_tick(&c->claiming, times_of(c));
	if (now_ms % 1000 == c->phase_ms) {
		ask_daemon(c);
		claiming_tick(&c->claiming, times_of(c));
	}
}

void site_hold(struct site *site, size_t console, bool holds)
{
	struct site_console *c = &site->consoles[console];

	if (holds && !c->holds)
		c->since_ms = site->now_ms;
	c->holds = holds;
	if (c->told_of_change)
		ask_daemon(c);
}

/* ---- the whole ----------------------------------------------------------------------- */

void site_init(struct site *site, size_t count, uint64_t seed, const char *const *keys)
{
	memset(site, 0, sizeof(*site));
	site->count = count;
	site->chance = seed;
	site->now_ms = BEGIN_MS;
	site->unix_ms = UNIX_MS;
	site->daemon_ms = DAEMON_MS;
	for (size_t i = 0; i < count; i++) {
		struct site_console *c = &site->consoles[i];

		c->site = site;
		snprintf(c->name, sizeof(c->name), "hall-%zu", i);
		c->phase_ms = site_dice(site, 1000 / SITE_STEP_MS) * SITE_STEP_MS;
		c->release_ms = INT64_MAX;
		claiming_init(&c->claiming, keys && keys[i] ? keys[i] : "the key of a site", c->name,
		              BOOT, &hooks, c);
		claiming_link(&c->claiming, times_of(c), true);
	}
}

void site_drop(struct site *site)
{
	for (size_t i = 0; i < SITE_MESSAGES; i++)
		free(site->messages[i].text);
}

void site_run(struct site *site, int64_t ms)
{
	for (int64_t end_ms = site->now_ms + ms; site->now_ms < end_ms;) {
		site->now_ms += SITE_STEP_MS;
		site->unix_ms += SITE_STEP_MS;
		deliver(site);
		for (size_t i = 0; i < site->count; i++)
			live(&site->consoles[i]);
	}
}

size_t site_holders(const struct site *site)
{
	size_t holders = 0;

	for (size_t i = 0; i < site->count; i++)
		holders += site->consoles[i].holds;
	return holders;
}

struct site_clash site_clash(uint64_t seed, int64_t latency_ms, int64_t apart_ms, bool told)
{
	struct site site;
	struct site_clash clash = { 0 };
	size_t first;
	int64_t from_ms;

	site_init(&site, 2, seed, NULL);
	first = site_dice(&site, 2);
	site.latency_least_ms = latency_ms / 2;
	site.latency_most_ms = latency_ms;
	for (size_t i = 0; i < 2; i++) {
		site.consoles[i].skew_ms = (int64_t)site_dice(&site, 10001) - 5000;
		site.consoles[i].told_of_change = told;
	}
	site_run(&site, 2000 + site_dice(&site, 1000));
	site_hold(&site, first, true);
	site_run(&site, apart_ms);
	site_hold(&site, !first, true);
	from_ms = site.now_ms;
	while (site_holders(&site) == 2 && site.now_ms - from_ms < 60000)
		site_run(&site, SITE_STEP_MS);
	clash.both_ms = site.now_ms - from_ms;
	clash.earlier_kept = site.consoles[first].holds;
	site_run(&site, 60000);
	clash.settled = site_holders(&site) == 1 && site.lost == 0 &&
	                site.consoles[0].releases + site.consoles[1].releases == 1;
	site_drop(&site);
	return clash;
}
