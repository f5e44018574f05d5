/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * The lines of the display protocol, and those of `gaitd --prompts`.
 */
#include "protocol/display.h"
#include "protocol/writer.h"

#include <math.h>
#include <string.h>

static size_t line_room(size_t size)
{
	return size < DISPLAY_LINE_MAX ? size : DISPLAY_LINE_MAX;
}

static struct writer line_begin(char *line, size_t size, const char *begin)
{
	struct writer w = { .line = line, .size = line_room(size) };

	writer_put(&w, begin);
	return w;
}
#define LINE_BEGIN(line, size, type) line_begin(line, size, "{\"type\":\"" type "\"")

static struct writer event_begin(char *line, size_t size, uint64_t t_us,
                                 const char *event)
{
	struct writer w = { .line = line, .size = line_room(size) };

	writer_put(&w, "{\"t\":");
	writer_uint(&w, t_us / 1000000, 1);
	writer_put(&w, ".");
	writer_uint(&w, t_us % 1000000 / 1000, 3);
	writer_text(&w, "event", event);
	return w;
}

static size_t line_end(struct writer *w)
{
	writer_put(w, "}\n");
	return w->full ? 0 : w->length;
}

/* ---- the members of each message ---- */
/* The name of a member behind another. Metrics are written more often than all
 * else: what is known of them here is not put together anew each time. */
#define NEXT(w, name) writer_put(w, ",\"" name "\":")

static void motion_members(struct writer *w, const struct display_metrics *m,
                           uint32_t present)
{
	if (present & DISPLAY_SPEED && isfinite(m->speed_kmh)) {
		NEXT(w, "speed_kmh");
		writer_decimal(w, m->speed_kmh, 2);
	}
	if (present & DISPLAY_INCLINE && isfinite(m->incline_pct)) {
		NEXT(w, "incline_pct");
		writer_decimal(w, m->incline_pct, 1);
	}
	if (present & DISPLAY_CADENCE) {
		NEXT(w, "cadence_spm");
		writer_whole(w, m->cadence_spm);
	}
	if (present & DISPLAY_TARGET) {
		NEXT(w, "target_spm");
		writer_whole(w, m->target_spm);
	}
	if (present & DISPLAY_STEP && isfinite(m->step_m)) {
		NEXT(w, "step_m");
		writer_decimal(w, m->step_m, 2);
	}
}

static void session_members(struct writer *w, const struct display_metrics *m,
                            uint32_t present)
{
	if (present & DISPLAY_HEART_RATE) {
		NEXT(w, "heart_rate_bpm");
		writer_whole(w, m->heart_rate_bpm);
	}
	if (present & DISPLAY_DISTANCE) {
		NEXT(w, "distance_m");
		writer_whole(w, m->distance_m);
	}
	if (present & DISPLAY_ELAPSED) {
		NEXT(w, "elapsed_s");
		writer_whole(w, m->elapsed_s);
	}
	if (present & DISPLAY_GAIT) {
		NEXT(w, "gait");
		writer_string(w, display_gait_name(m->gait), SIZE_MAX);
	}
	if (present & DISPLAY_ELEVATION_GAIN) {
		NEXT(w, "elevation_gain_m");
		writer_whole(w, m->elevation_gain_m);
	}
	if (present & DISPLAY_ENERGY) {
		NEXT(w, "energy_kcal");
		writer_whole(w, m->energy_kcal);
	}
}

static void metrics_members(struct writer *w, const struct display_metrics *m,
                            uint32_t present)
{
	motion_members(w, m, present);
	session_members(w, m, present);
	for (size_t i = 0; i < DISPLAY_DYNAMICS; i++)
		if (present & DISPLAY_DYNAMIC_BIT(i))
			writer_fixed(w, display_dynamic_members[i].name, m->dynamics[i],
			             display_dynamic_members[i].decimals);
}

static void args_member(struct writer *w, const struct display_prompt *m,
                        bool personal)
{
	writer_key(w, "args");
	writer_put(w, "{");
	for (size_t i = 0; i < m->arg_count; i++)
		if (personal || !m->args[i].personal)
			writer_fixed(w, m->args[i].name, m->args[i].value,
			             m->args[i].decimals);
	writer_put(w, "}");
}

static void choices_member(struct writer *w, const struct display_ask *ask)
{
	writer_key(w, "choices");
	writer_put(w, "[");
	for (size_t i = 0; i < ask->choice_count; i++) {
		writer_comma(w);
		writer_put(w, "{");
		writer_int(w, "value", ask->choices[i].value);
		writer_text(w, "text", ask->choices[i].text);
		writer_put(w, "}");
	}
	writer_put(w, "]");
}

static void ask_member(struct writer *w, const struct display_ask *ask)
{
	if (ask->kind == DISPLAY_ASK_NONE)
		return;
	writer_key(w, "ask");
	writer_put(w, "{");
	if (ask->kind == DISPLAY_ASK_SCALE) {
		writer_text(w, "kind", "scale");
		writer_int(w, "min", ask->minimum);
		writer_int(w, "max", ask->maximum);
	} else {
		writer_text(w, "kind", "choice");
		choices_member(w, ask);
	}
	writer_put(w, "}");
}

/* With public_text in place of the text where personal values are not shown */
static void said_members(struct writer *w, const char *headline, const char *text,
                         const char *public_text, bool personal)
{
	writer_text(w, "headline", headline);
	writer_text(w, "text", !personal && *public_text ? public_text : text);
}

static void english_member(struct writer *w, const struct display_prompt *m,
                           bool personal)
{
	if (!m->english.text[0])
		return;
	writer_key(w, "english");
	writer_put(w, "{");
	said_members(w, m->english.headline, m->english.text, m->english.public_text,
	             personal);
	writer_put(w, "}");
}

static void prompt_said(struct writer *w, const struct display_prompt *m,
                        bool personal)
{
	writer_int(w, "id", m->id);
	writer_text(w, "rule", m->rule);
	writer_text(w, "level", display_level_name(m->level));
	said_members(w, m->headline, m->text, m->public_text, personal);
	english_member(w, m, personal);
}

static size_t prompt_line(char *line, size_t size,
                          const struct display_prompt *m, bool personal,
                          size_t why_room)
{
	struct writer w = LINE_BEGIN(line, size, "prompt");

	prompt_said(&w, m, personal);
	if (m->why[0]) {
		writer_key(&w, "why");
		writer_string(&w, m->why, why_room);
	}
	args_member(&w, m, personal);
	writer_int(&w, "ttl_ms", m->ttl_ms);
	if (m->ack)
		writer_bool(&w, "ack", true);
	ask_member(&w, &m->ask);
	return line_end(&w);
}

static void profile_members(struct writer *w, const struct display_profile *p)
{
	if (p->has_height)
		writer_fixed(w, "height_m", p->height_m, 2);
	if (p->has_back_pain)
		writer_bool(w, "back_pain", p->back_pain);
	if (p->has_novice)
		writer_bool(w, "novice", p->novice);
	if (p->has_units)
		writer_text(w, "units", p->miles ? "mi" : "km");
	if (p->has_lang)
		writer_text(w, "lang", p->lang);
}

static void caps_member(struct writer *w, uint32_t caps)
{
	writer_key(w, "caps");
	writer_put(w, "[");
	for (unsigned bit = 0; bit < DISPLAY_CAP_COUNT; bit++) {
		if (!(caps & (1u << bit)))
			continue;
		writer_comma(w);
		writer_string(w, display_cap_name((enum display_cap)(1u << bit)),
		           SIZE_MAX);
	}
	writer_put(w, "]");
}

static void link_member(struct writer *w, const struct display_link *m,
                        bool footpod)
{
	writer_text(w, footpod ? "footpod" : "treadmill",
	            display_link_state_name(footpod ? m->footpod : m->treadmill));
}

static void clear_members(struct writer *w, const struct display_clear *m)
{
	writer_int(w, "id", m->id);
	writer_text(w, "reason", display_clear_reason_name(m->reason));
}

/* ---- lines of the daemon ---- */
size_t display_write_hello(char *line, size_t size, const char *daemon,
                           uint32_t ping_ms)
{
	struct writer w = LINE_BEGIN(line, size, "hello");

	writer_key(&w, "protocol");
	writer_put(&w, "[");
	writer_uint(&w, DISPLAY_PROTOCOL_VERSION, 1);
	writer_put(&w, "]");
	writer_text(&w, "daemon", daemon);
	writer_int(&w, "ping_ms", ping_ms);
	return line_end(&w);
}

size_t display_write_ready(char *line, size_t size, uint32_t caps)
{
	struct writer w = LINE_BEGIN(line, size, "ready");

	caps_member(&w, caps);
	return line_end(&w);
}

size_t display_write_link(char *line, size_t size, const struct display_link *m)
{
	struct writer w = LINE_BEGIN(line, size, "link");

	link_member(&w, m, false);
	link_member(&w, m, true);
	return line_end(&w);
}

size_t display_write_session(char *line, size_t size,
                             const struct display_session *m, bool personal)
{
	struct writer w = LINE_BEGIN(line, size, "session");
	bool shown = personal || strcmp(m->runner, "anonymous") == 0;

	writer_text(&w, "state", display_session_state_name(m->state));
	writer_int(&w, "elapsed_s", m->elapsed_s);
	writer_int(&w, "distance_m", m->distance_m);
	writer_text(&w, "runner", shown ? m->runner : "known");
	writer_text(&w, "lang", m->lang);
	writer_text(&w, "units", m->miles ? "mi" : "km");
	writer_bool(&w, "feedback", m->feedback);
	writer_bool(&w, "intervals", m->intervals);
	return line_end(&w);
}

size_t display_write_metrics(char *line, size_t size,
                             const struct display_metrics *m, bool personal)
{
	struct writer w = LINE_BEGIN(line, size, "metrics");
	uint32_t hidden = personal ? 0 : DISPLAY_HEART_RATE;

	metrics_members(&w, m, m->present & ~hidden);
	return line_end(&w);
}

size_t display_write_target(char *line, size_t size,
                            const struct display_target *m)
{
	struct writer w = LINE_BEGIN(line, size, "target");

	writer_int(&w, "low_spm", m->low_spm);
	writer_int(&w, "high_spm", m->high_spm);
	return line_end(&w);
}

size_t display_write_prompt(char *line, size_t size,
                            const struct display_prompt *m, bool personal)
{
	size_t length = prompt_line(line, size, m, personal, SIZE_MAX);
	size_t bare;

	if (length)
		return length;
	bare = prompt_line(line, size, m, personal, 0);
	return bare ? prompt_line(line, size, m, personal,
	                          line_room(size) - bare) : 0;
}

size_t display_write_clear(char *line, size_t size,
                           const struct display_clear *m)
{
	struct writer w = LINE_BEGIN(line, size, "clear");

	clear_members(&w, m);
	return line_end(&w);
}

size_t display_write_battery(char *line, size_t size,
                             const struct display_battery *m)
{
	struct writer w = LINE_BEGIN(line, size, "battery");

	writer_text(&w, "footpod", display_battery_state_name(m->footpod));
	return line_end(&w);
}

size_t display_write_summary(char *line, size_t size,
                             const struct display_summary *m)
{
	struct writer w = LINE_BEGIN(line, size, "summary");

	writer_int(&w, "elapsed_s", m->elapsed_s);
	writer_int(&w, "distance_m", m->distance_m);
	writer_text(&w, "text", m->text);
	return line_end(&w);
}

size_t display_write_error(char *line, size_t size, enum display_error code,
                           const char *detail, bool fatal)
{
	struct writer w = LINE_BEGIN(line, size, "error");

	writer_text(&w, "code", display_error_name(code));
	writer_text(&w, "detail", detail);
	writer_bool(&w, "fatal", fatal);
	return line_end(&w);
}

size_t display_write_ping(char *line, size_t size)
{
	struct writer w = LINE_BEGIN(line, size, "ping");

	return line_end(&w);
}

size_t display_write_bye(char *line, size_t size, const char *reason)
{
	struct writer w = LINE_BEGIN(line, size, "bye");

	writer_text(&w, "reason", reason);
	return line_end(&w);
}

/* ---- lines of gaitd --prompts ---- */
size_t display_write_prompt_event(char *line, size_t size, uint64_t t_us,
                                  const struct display_prompt *m)
{
	struct writer w = event_begin(line, size, t_us, "prompt");

	prompt_said(&w, m, true);
	args_member(&w, m, true);
	return line_end(&w);
}

size_t display_write_clear_event(char *line, size_t size, uint64_t t_us,
                                 const struct display_clear *m)
{
	struct writer w = event_begin(line, size, t_us, "clear");

	clear_members(&w, m);
	return line_end(&w);
}

size_t display_write_link_event(char *line, size_t size, uint64_t t_us,
                                const struct display_link *m, bool footpod)
{
	struct writer w = event_begin(line, size, t_us, "link");

	link_member(&w, m, footpod);
	return line_end(&w);
}

size_t display_write_metrics_event(char *line, size_t size, uint64_t t_us,
                                   const struct display_metrics *m)
{
	struct writer w = event_begin(line, size, t_us, "metrics");

	metrics_members(&w, m, m->present);
	return line_end(&w);
}

/* ---- lines of a display ---- */
size_t display_write_plugin_hello(char *line, size_t size,
                                  const struct display_request *hello)
{
	struct writer w = LINE_BEGIN(line, size, "hello");

	writer_int(&w, "protocol", DISPLAY_PROTOCOL_VERSION);
	writer_text(&w, "name", hello->name);
	if (hello->version[0])
		writer_text(&w, "version", hello->version);
	caps_member(&w, hello->caps);
	if (hello->cols)
		writer_int(&w, "cols", hello->cols);
	if (hello->rows)
		writer_int(&w, "rows", hello->rows);
	return line_end(&w);
}

size_t display_write_shown(char *line, size_t size, uint32_t id)
{
	struct writer w = LINE_BEGIN(line, size, "shown");

	writer_int(&w, "id", id);
	return line_end(&w);
}

size_t display_write_pong(char *line, size_t size)
{
	struct writer w = LINE_BEGIN(line, size, "pong");

	return line_end(&w);
}

static void input_members(struct writer *w, const struct display_request *r)
{
	switch (r->input) {
	case DISPLAY_INPUT_ANSWER:
		writer_int(w, "id", r->id);
		writer_int(w, "value", r->value);
		break;
	case DISPLAY_INPUT_PAIN:
		writer_int(w, "value", r->value);
		break;
	case DISPLAY_INPUT_RED_FLAG:
		writer_text(w, "value", display_red_flag_name(r->flag));
		break;
	case DISPLAY_INPUT_ACK:
		writer_int(w, "id", r->id);
		break;
	case DISPLAY_INPUT_MUTE:
		writer_int(w, "minutes", r->value);
		break;
	case DISPLAY_INPUT_INTERVALS:
		writer_text(w, "value", r->value ? "on" : "off");
		break;
	case DISPLAY_INPUT_RUNNER:
		writer_text(w, "name", r->name);
		if (r->pin[0])
			writer_text(w, "pin", r->pin);
		break;
	case DISPLAY_INPUT_END:
		writer_int(w, "seconds", r->value);
		break;
	case DISPLAY_INPUT_PROFILE:
		profile_members(w, &r->profile);
		break;
	}
}

size_t display_write_input(char *line, size_t size,
                           const struct display_request *input)
{
	struct writer w = LINE_BEGIN(line, size, "input");

	writer_text(&w, "input", display_input_name(input->input));
	input_members(&w, input);
	return line_end(&w);
}

size_t display_write_profile(char *json, size_t size,
                             const struct display_profile *profile)
{
	struct writer w = { .line = json, .size = size };

	writer_put(&w, "{");
	profile_members(&w, profile);
	writer_put(&w, "}");
	return w.full ? 0 : w.length;
}
