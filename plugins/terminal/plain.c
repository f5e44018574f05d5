/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "plugins/terminal/plain.h"

#include "plugins/console/dialogue.h"
#include "plugins/console/values.h"

#include <stdarg.h>
#include <string.h>

#define METRICS_MS 10000

void plain_init(struct plain *plain, FILE *out)
{
	memset(plain, 0, sizeof(*plain));
	plain->out = out;
}

__attribute__((format(printf, 3, 4)))
static void line(struct plain *plain, time_t wall, const char *format, ...)
{
	struct tm tm;
	char clock[16] = "";
	va_list args;

	if (localtime_r(&wall, &tm))
		strftime(clock, sizeof(clock), "%H:%M:%S", &tm);
	fprintf(plain->out, "%s ", clock);
	va_start(args, format);
	vfprintf(plain->out, format, args);
	va_end(args);
	fputc('\n', plain->out);
}

static void print_state(struct plain *plain, const struct console *c, time_t wall)
{
	if (plain->told && plain->last.ready == c->ready &&
	    strcmp(plain->last.why_not, c->why_not) == 0)
		return;
	plain->told = true;
	if (c->ready)
		line(plain, wall, "gaitd: connected");
	else
		line(plain, wall, "gaitd: no connection: %s; trying again",
		     c->why_not);
}

static void print_link(struct plain *plain, const struct console *c, time_t wall)
{
	const struct display_link *now = &c->link, *last = &plain->last.link;

	if (!c->has_link)
		return;
	if (!plain->last.has_link || now->treadmill != last->treadmill ||
	    now->footpod != last->footpod)
		line(plain, wall, "link: treadmill %s, foot pod %s",
		     display_link_state_name(now->treadmill),
		     display_link_state_name(now->footpod));
}

static void print_session(struct plain *plain, const struct console *c,
                          time_t wall)
{
	const struct display_session *now = &c->session, *last = &plain->last.session;
	char time_text[VALUES_WORDS], distance[VALUES_WORDS];

	if (!c->has_session)
		return;
	if (plain->last.has_session && now->state == last->state &&
	    now->intervals == last->intervals && now->miles == last->miles &&
	    strcmp(now->runner, last->runner) == 0)
		return;
	values_time(time_text, now->elapsed_s);
	values_distance(distance, now->distance_m, now->miles);
	line(plain, wall, "session: %s, %s, %s, runner %s%s",
	     display_session_state_name(now->state), time_text, distance,
	     now->runner, now->intervals ? ", intervals" : "");
}

static void print_disclaimer(struct plain *plain, const struct console *c,
                             time_t wall)
{
	if (c->mode == CONSOLE_DISCLAIMER && plain->last.mode != CONSOLE_DISCLAIMER)
		line(plain, wall, "disclaimer: %s", dialogue_disclaimer);
}

static void print_target(struct plain *plain, const struct console *c,
                         time_t wall)
{
	const struct display_target *now = &c->target, *last = &plain->last.target;

	if (c->has_target && (!plain->last.has_target ||
	                      now->low_spm != last->low_spm ||
	                      now->high_spm != last->high_spm))
		line(plain, wall, "target: %d to %d steps/min", (int)now->low_spm,
		     (int)now->high_spm);
}

static void print_prompt(struct plain *plain, const struct console *c,
                         uint64_t now_ms, time_t wall)
{
	const struct display_prompt *p = &c->prompt;
	char left[16];

	if (!c->has_prompt || p->id == plain->last.prompt.id)
		return;
	console_time_left(c, now_ms, left, sizeof(left));
	line(plain, wall, "prompt: %s: %s (%s): %s%s%s", values_level(p->level),
	     p->headline, left[0] ? left : "until acknowledged", p->text,
	     p->english.text[0] ? " / " : "", p->english.text);
}

static void print_summary(struct plain *plain, const struct console *c, time_t wall)
{
	if (c->has_summary && (!plain->last.has_summary ||
	                       strcmp(c->summary.text, plain->last.summary.text) != 0))
		line(plain, wall, "summary: %s", c->summary.text);
}

static void metrics_text(const struct console *c, char *out, size_t size)
{
	char speed[VALUES_WORDS], incline[VALUES_WORDS], cadence[VALUES_WORDS],
		step[VALUES_WORDS], band[VALUES_WORDS], dynamics[VALUES_DYNAMICS];
	bool miles = c->session.miles;

	values_speed(speed, &c->metrics, miles);
	values_incline(incline, &c->metrics);
	values_cadence(cadence, &c->metrics);
	values_step(step, &c->metrics, miles);
	values_band(band, c);
	values_dynamics(dynamics, sizeof(dynamics), &c->metrics);
	snprintf(out, size, "%s %s, incline %s, %s steps/min%s%s%s, step %s, %s%s%s",
	         speed, values_speed_unit(miles), incline, cadence,
	         band[0] ? " (" : "", band, band[0] ? ")" : "", step,
	         values_gait(&c->metrics), dynamics[0] ? "   " : "", dynamics);
}

void plain_metrics(struct plain *plain, const struct console *console,
                   uint64_t now_ms, time_t wall)
{
	char text[sizeof(plain->metrics)];

	if (!console->ready || !console->metrics.present || now_ms < plain->metrics_ms)
		return;
	metrics_text(console, text, sizeof(text));
	if (strcmp(text, plain->metrics) == 0)
		return;
	strcpy(plain->metrics, text);
	plain->metrics_ms = now_ms + METRICS_MS;
	line(plain, wall, "metrics: %s", text);
}

void plain_print(struct plain *plain, const struct console *console,
                 uint64_t now_ms, time_t wall)
{
	print_state(plain, console, wall);
	print_link(plain, console, wall);
	print_session(plain, console, wall);
	print_disclaimer(plain, console, wall);
	print_target(plain, console, wall);
	print_prompt(plain, console, now_ms, wall);
	print_summary(plain, console, wall);
	plain->last = *console;
}

void plain_clear(struct plain *plain, const struct display_clear *clear,
                 time_t wall)
{
	if (plain->last.prompt.id == clear->id)
		line(plain, wall, "clear: %s",
		     display_clear_reason_name(clear->reason));
}
