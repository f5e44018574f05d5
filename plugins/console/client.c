/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "config.h"
#include "plugins/console/client.h"

#include "plugins/console/words.h"

#include <stdio.h>
#include <time.h>

uint64_t client_clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

/* ---- what the daemon says ---- */
static void changed(struct client *c)
{
	if (c->changed)
		c->changed(c);
}

static void on_state(bool ready, const char *why, void *user)
{
	struct client *c = user;
	const struct display_profile *p = &c->console.profile;

	console_state(&c->console, ready, why, gaitd_display_caps(c->display));
	c->was_ready |= ready;
	/* What the runner told of himself lasts as long as he stands here. */
	if (ready && (p->has_height || p->has_back_pain || p->has_novice ||
	              p->has_units || p->has_lang))
		gaitd_display_profile(c->display, p);
	changed(c);
}

static void on_link(const struct display_link *link, void *user)
{
	struct client *c = user;

	c->console.link = *link;
	c->console.has_link = true;
	changed(c);
}

static void on_session(const struct display_session *session, void *user)
{
	struct client *c = user;

	console_session(&c->console, session, client_clock_ms());
	changed(c);
}

static void on_metrics(const struct display_metrics *metrics, void *user)
{
	struct client *c = user;

	c->console.metrics = *metrics;
	changed(c);
}

static void on_target(const struct display_target *target, void *user)
{
	struct client *c = user;

	c->console.target = *target;
	c->console.has_target = true;
	changed(c);
}

static void on_prompt(const struct display_prompt *prompt, void *user)
{
	struct client *c = user;

	console_prompt(&c->console, prompt, client_clock_ms());
	gaitd_display_shown(c->display, prompt->id);
	changed(c);
}

static void on_clear(const struct display_clear *clear, void *user)
{
	struct client *c = user;

	if (c->clears)
		c->clears(c, clear);
	console_clear(&c->console, clear);
	changed(c);
}

static void on_battery(const struct display_battery *battery, void *user)
{
	struct client *c = user;

	c->console.battery_low = battery->footpod >= DISPLAY_BATTERY_LOW;
	changed(c);
}

static void on_summary(const struct display_summary *summary, void *user)
{
	struct client *c = user;

	console_summary(&c->console, summary);
	changed(c);
}

static void on_error(const char *code, const char *detail, void *user)
{
	struct client *c = user;
	char note[256];

	snprintf(note, sizeof(note), "gaitd: %s: %s", code, detail);
	if (c->refused)
		c->refused(c, note);
	else
		console_note(&c->console, note, client_clock_ms());
	changed(c);
}

static const struct gaitd_display_hooks hooks = {
	.state = on_state, .link = on_link, .session = on_session,
	.metrics = on_metrics, .target = on_target, .prompt = on_prompt,
	.clear = on_clear, .battery = on_battery, .summary = on_summary,
	.error = on_error,
};

bool client_open(struct client *client, const char *socket, const char *name)
{
	const struct gaitd_display_settings settings = {
		.socket = socket, .name = name, .version = PACKAGE_VERSION,
		.caps = DISPLAY_CAP_METRICS | DISPLAY_CAP_SHOWN | DISPLAY_CAP_INPUT |
		        DISPLAY_CAP_PERSONAL,
	};

	console_init(&client->console);
	client->display = gaitd_display_new(&settings, &hooks, client);
	return client->display;
}

void client_close(struct client *client)
{
	gaitd_display_free(client->display);
	client->display = NULL;
}

/* ---- the loop's part ---- */
int client_wait_ms(const struct client *client, uint64_t now_ms)
{
	int display_ms = gaitd_display_timeout_ms(client->display);
	uint64_t at = console_deadline(&client->console, now_ms);
	uint64_t wait = 60000;

	if (at < now_ms + wait)
		wait = at > now_ms ? at - now_ms : 0;
	if (display_ms >= 0 && (uint64_t)display_ms < wait)
		wait = (uint64_t)display_ms;
	return (int)wait;
}

void client_turn(struct client *client)
{
	gaitd_display_process(client->display);
	console_advance(&client->console, client_clock_ms());
}

void client_key(struct client *client, int key)
{
	struct display_request request;
	uint64_t now_ms = client_clock_ms();

	if (console_key(&client->console, key, now_ms, &request) &&
	    !gaitd_display_input(client->display, &request))
		console_note(&client->console, _("gaitd did not take it: press again"), now_ms);
}
