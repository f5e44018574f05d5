/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/gaitctl/top_view.h"

#include "daemon/gaitctl/gaitctl.h"
#include "protocol/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void top_sample_free(struct top_sample *sample)
{
	json_decref(sample->status);
	json_decref(sample->meter);
	json_decref(sample->displays);
	json_decref(sample->rules);
	memset(sample, 0, sizeof(*sample));
}

/* ---- lines --------------------------------------------------------------------- */

struct writing {
	struct top_page *page;
	size_t rows, width;
};

/* Cuts to `width` characters; what comes from outside was made printable, each
 * character of which is taken for one column wide. */
static void cut(char *line, size_t width)
{
	size_t at = 0;

	for (size_t column = 0; line[at] && column < width; column++) {
		size_t octets = utf8_printable(line + at, strlen(line + at));

		at += octets ? octets : 1;
	}
	line[at] = '\0';
}

__attribute__((format(printf, 2, 3))) static void
line(struct writing *w, const char *format, ...)
{
	char *to;
	va_list args;

	if (w->page->count >= w->rows)
		return;
	to = w->page->lines[w->page->count++];
	va_start(args, format);
	vsnprintf(to, TOP_LINE_SIZE, format, args);
	va_end(args);
	cut(to, w->width);
}

/* Goes on in the line that was begun. */
__attribute__((format(printf, 2, 3))) static void
more(struct writing *w, const char *format, ...)
{
	char *to;
	size_t used;
	va_list args;

	if (w->page->count == 0)
		return;
	to = w->page->lines[w->page->count - 1];
	used = strlen(to);
	va_start(args, format);
	vsnprintf(to + used, TOP_LINE_SIZE - used, format, args);
	va_end(args);
	cut(to, w->width);
}

/* ---- rates ---------------------------------------------------------------------- */

static double seconds_between(const struct top_sample *before, const struct top_sample *now)
{
	return (reply_number(now->meter, "clock_us") - reply_number(before->meter, "clock_us")) /
	       1e6;
}

/* 0 where a daemon was started anew in between */
static double rate(const struct top_sample *before, const struct top_sample *now,
                   const char *table, const char *name)
{
	double passed_s = seconds_between(before, now);
	double count = reply_number(json_object_get(now->meter, table), name) -
	               reply_number(json_object_get(before->meter, table), name);

	return before->meter && passed_s > 0 && count > 0 ? count / passed_s : 0;
}

json_t *top_rates(const struct top_sample *before, const struct top_sample *now)
{
	static const char *const tables[] = { "frames", "messages" };
	json_t *rates;
	const char *name;
	json_t *count;

	if (!before->meter || !now->meter || seconds_between(before, now) <= 0)
		return NULL;
	rates = json_object();
	for (size_t i = 0; i < 2; i++) {
		json_object_foreach(json_object_get(now->meter, tables[i]), name, count)
			json_object_set_new(rates, name,
			                    json_real(rate(before, now, tables[i], name)));
	}
	return rates;
}

/* ---- the parts -------------------------------------------------------------------- */

static void put_clock(struct writing *w, const char *before, long long seconds)
{
	if (seconds >= 3600)
		more(w, "%s%lld:%02lld:%02lld", before, seconds / 3600, seconds / 60 % 60,
		     seconds % 60);
	else
		more(w, "%s%lld:%02lld", before, seconds / 60, seconds % 60);
}

static void put_head(struct writing *w, const struct top_sample *now)
{
	const json_t *session = json_object_get(now->status, "session");

	line(w, "%s", reply_text(now->status, "daemon"));
	put_clock(w, ", up ", reply_whole(now->status, "uptime_s"));
	more(w, "; %s", reply_text(now->status, "source"));
	put_clock(w, " at ", reply_whole(now->status, "source_s"));
	line(w, "session %s", reply_text(session, "state"));
	if (json_object_get(session, "elapsed_s"))
		put_clock(w, " ", reply_whole(session, "elapsed_s"));
	if (json_object_get(session, "distance_m"))
		more(w, ", %lld m", reply_whole(session, "distance_m"));
	more(w, "; %lld events, %lld not understood", reply_whole(now->status, "events"),
	     reply_whole(now->status, "undecoded"));
}

static void put_device(struct writing *w, const struct top_sample *before,
                       const struct top_sample *now, const char *title, const char *name,
                       const char *state)
{
	const json_t *bluetooth = json_object_get(json_object_get(now->status, "sources"),
	                                          "bluetooth");
	const json_t *device = json_object_get(bluetooth, name);
	const json_t *pod = strcmp(name, "footpod") == 0 ? json_object_get(now->status, "pod") :
	                                                   NULL;
	const json_t *rssi = json_object_get(device, "rssi_dbm");

	if (!rssi)
		rssi = json_object_get(pod, "rssi_dbm");
	line(w, "%-10s %-9s %5.1f /s", title, state, rate(before, now, "frames", name));
	if (rssi)
		more(w, "  %lld dBm", (long long)json_integer_value(rssi));
	if (json_object_get(device, "name"))
		more(w, "  %s", reply_text(device, "name"));
	else if (json_object_get(pod, "name"))
		more(w, "  %s", reply_text(pod, "name"));
	if (json_object_get(device, "why"))
		more(w, "  %s", reply_text(device, "why"));
}

static void put_radios(struct writing *w, const struct top_sample *now)
{
	const char *name;
	json_t *source;

	json_object_foreach(json_object_get(now->status, "sources"), name, source)
		line(w, "%-10s %s", name, reply_text(source, "message"));
}

static void put_devices(struct writing *w, const struct top_sample *before,
                        const struct top_sample *now)
{
	const json_t *link = json_object_get(now->status, "link");
	const json_t *frames = json_object_get(now->meter, "frames");

	put_radios(w, now);
	put_device(w, before, now, "treadmill", "treadmill", reply_text(link, "treadmill"));
	put_device(w, before, now, "foot pod", "footpod", reply_text(link, "footpod"));
	if (reply_whole(frames, "heart_rate") > 0)
		put_device(w, before, now, "heart rate", "heart_rate", "");
	if (reply_whole(frames, "others") > 0)
		line(w, "%-10s %-9s %5.1f /s", "other pods", "",
		     rate(before, now, "frames", "others"));
}

static void put_metrics(struct writing *w, const struct top_sample *now)
{
	static const struct {
		const char *name, *format;
	} rows[] = {
		{ "speed_kmh", "  %.2f km/h" },     { "incline_pct", "  %.1f %%" },
		{ "cadence_spm", "  %.0f steps/min" }, { "target_spm", " (target %.0f)" },
		{ "step_m", "  step %.2f m" },
	};
	const json_t *metrics = json_object_get(now->status, "metrics");

	line(w, "%-9s", "now");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[48];

		if (!json_object_get(metrics, rows[i].name))
			continue;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(text, sizeof(text), rows[i].format,
		         reply_number(metrics, rows[i].name));
#pragma GCC diagnostic pop
		more(w, "%s", text);
	}
	if (json_object_get(metrics, "gait"))
		more(w, "  %s", reply_text(metrics, "gait"));
}

static void put_ms(struct writing *w, const json_t *latency, const char *name)
{
	if (json_object_get(latency, name))
		more(w, " %8.2f", reply_number(latency, name) / 1000);
	else
		more(w, " %8s", "-");
}

static void put_flow(struct writing *w, const struct top_sample *before,
                     const struct top_sample *now)
{
	static const struct {
		const char *title, *name;
	} rows[] = { { "metrics", "metrics" }, { "prompts", "prompt" } };
	static const char *const columns[] = { "p50_us", "p90_us", "p99_us", "max_us" };

	line(w, "%-10s %9s %7s  %8s %8s %8s %8s", "OUT, ms", "count", "/s", "p50", "p90", "p99",
	     "max");
	for (size_t i = 0; i < 2; i++) {
		const json_t *latency = json_object_get(json_object_get(now->meter, "latency"),
		                                        rows[i].name);

		line(w, "%-10s %9lld %7.1f ", rows[i].title,
		     reply_whole(json_object_get(now->meter, "messages"), rows[i].name),
		     rate(before, now, "messages", rows[i].name));
		for (size_t j = 0; j < 4; j++)
			put_ms(w, latency, columns[j]);
	}
}

/* What it was sent before; -1: it was not there */
static double sent_before(const struct top_sample *before, const json_t *display)
{
	json_t *other;
	size_t i;

	json_array_foreach(before->displays, i, other) {
		if (reply_whole(other, "pid") == reply_whole(display, "pid") &&
		    strcmp(reply_text(other, "name"), reply_text(display, "name")) == 0)
			return reply_number(other, "sent");
	}
	return -1;
}

static void put_displays(struct writing *w, const struct top_sample *before,
                         const struct top_sample *now, size_t most)
{
	double passed_s = before->meter ? seconds_between(before, now) : 0;
	json_t *display;
	size_t i;

	line(w, "%-22s %8s %8s %8s %8s", "DISPLAYS", "sent/s", "dropped", "shown", "waits ms");
	if (json_array_size(now->displays) == 0)
		line(w, "none: nobody is shown a prompt");
	json_array_foreach(now->displays, i, display) {
		double sent = sent_before(before, display);

		if (i == most) {
			line(w, "and %zu more", json_array_size(now->displays) - most);
			break;
		}
		sent = sent < 0 || passed_s <= 0 ? 0 : reply_number(display, "sent") - sent;
		line(w, "%-22.22s %8.1f %8lld %8lld %8lld",
		     json_is_true(json_object_get(display, "ready")) ?
		             reply_text(display, "name") : "(has not said hello)",
		     passed_s > 0 ? sent / passed_s : 0, reply_whole(display, "dropped"),
		     reply_whole(display, "shown"), reply_whole(display, "waiting_ms"));
	}
}

/* ---- rules ------------------------------------------------------------------------ */

static bool is(const json_t *rule, const char *state)
{
	return strcmp(reply_text(rule, "state"), state) == 0;
}

/* What matters first */
static unsigned weight(const json_t *rule)
{
	if (is(rule, "speaks"))
		return 5;
	if (json_object_get(rule, "by"))
		return 4;
	if (json_is_true(json_object_get(rule, "held")))
		return 3;
	if (json_is_true(json_object_get(rule, "true")))
		return 2;
	return is(rule, "untrue") || is(rule, "disabled") ? 0 : 1;
}

static void put_rule(struct writing *w, const json_t *rule)
{
	const char *truth = json_is_true(json_object_get(rule, "held")) ? "held" :
	                    json_is_true(json_object_get(rule, "true")) ? "true" : "-";

	line(w, "%-26.26s %-7s %-5s %5lld  %s", reply_text(rule, "id"),
	     reply_text(rule, "level"), truth, reply_whole(rule, "count"),
	     reply_text(rule, "state"));
	if (json_object_get(rule, "by"))
		more(w, " by %s", reply_text(rule, "by"));
	if (json_object_get(rule, "left_s"))
		more(w, ", %lld s more", reply_whole(rule, "left_s"));
}

static void put_rules(struct writing *w, const struct top_sample *now)
{
	size_t i;
	json_t *rule;

	line(w, "%-26s %-7s %-5s %5s  %s", "RULES", "level", "when", "spoke", "state");
	for (unsigned turn = 6; turn-- > 0;) {
		json_array_foreach(now->rules, i, rule) {
			if (weight(rule) == turn)
				put_rule(w, rule);
		}
	}
}

void top_view(struct top_page *page, const struct top_sample *before,
              const struct top_sample *now, size_t rows, size_t width)
{
	struct writing w = { page, rows && rows < TOP_ROWS_MAX ? rows : TOP_ROWS_MAX,
		             width < TOP_WIDTH_MIN ? TOP_WIDTH_MIN : width };

	page->count = 0;
	put_head(&w, now);
	put_devices(&w, before, now);
	put_metrics(&w, now);
	put_flow(&w, before, now);
	put_displays(&w, before, now, rows ? rows / 6 : TOP_ROWS_MAX);
	put_rules(&w, now);
}
