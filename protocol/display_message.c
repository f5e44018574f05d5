/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * Reads what the daemon writes. Forgiving, so that an older display goes on
 * with a newer daemon.
 */
#include "protocol/display.h"
#include "protocol/display_json.h"

#include <math.h>
#include <string.h>

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

static bool copy(const json_t *object, const char *name, char *out, size_t size)
{
	display_json_copy(out, size, text_of(object, name));
	return out[0] != '\0';
}

static bool is_true(const json_t *object, const char *name)
{
	return json_is_true(json_object_get(object, name));
}

static bool read_int(const json_t *object, const char *name, int32_t *out)
{
	int64_t value;

	if (!display_json_integer(json_object_get(object, name), INT32_MIN,
	                          INT32_MAX, &value))
		return false;
	*out = (int32_t)value;
	return true;
}

static bool read_uint(const json_t *object, const char *name, uint32_t *out)
{
	int64_t value;

	if (!display_json_integer(json_object_get(object, name), 0, UINT32_MAX,
	                          &value))
		return false;
	*out = (uint32_t)value;
	return true;
}

static bool read_number(const json_t *object, const char *name, double *out)
{
	return display_json_number(json_object_get(object, name), -INFINITY,
	                           INFINITY, out);
}

/* ---- one function a message; false: ignore the line ---- */
static bool read_hello(const json_t *o, struct display_message *m)
{
	const json_t *versions = json_object_get(o, "protocol");
	int64_t version;

	for (size_t i = 0; i < json_array_size(versions); i++)
		if (display_json_integer(json_array_get(versions, i),
		                         DISPLAY_PROTOCOL_VERSION,
		                         DISPLAY_PROTOCOL_VERSION, &version))
			m->hello.serves_version_1 = true;
	copy(o, "daemon", m->hello.daemon, sizeof(m->hello.daemon));
	read_uint(o, "ping_ms", &m->hello.ping_ms);
	return json_is_array(versions);
}

static bool read_ready(const json_t *o, struct display_message *m)
{
	const json_t *caps = json_object_get(o, "caps");

	for (size_t i = 0; i < json_array_size(caps); i++) {
		const char *name = json_string_value(json_array_get(caps, i));
		enum display_cap cap;

		if (name && display_cap_from_name(name, &cap))
			m->ready.caps |= (uint32_t)cap;
	}
	return true;
}

static void read_link_state(const json_t *o, const char *name,
                            enum display_link_state *out)
{
	const char *word = text_of(o, name);

	if (!display_link_state_from_name(word, out))
		*out = *word ? DISPLAY_LINK_LOST : DISPLAY_LINK_OFF;
}

static bool read_link(const json_t *o, struct display_message *m)
{
	read_link_state(o, "treadmill", &m->link.treadmill);
	read_link_state(o, "footpod", &m->link.footpod);
	return true;
}

static bool read_session(const json_t *o, struct display_message *m)
{
	struct display_session *s = &m->session;

	display_session_state_from_name(text_of(o, "state"), &s->state);
	read_uint(o, "elapsed_s", &s->elapsed_s);
	read_uint(o, "distance_m", &s->distance_m);
	copy(o, "runner", s->runner, sizeof(s->runner));
	copy(o, "lang", s->lang, sizeof(s->lang));
	s->miles = strcmp(text_of(o, "units"), "mi") == 0;
	s->feedback = is_true(o, "feedback");
	s->intervals = is_true(o, "intervals");
	return true;
}

static uint32_t bit_if(bool read, enum display_metric bit)
{
	return read ? (uint32_t)bit : 0;
}

static bool read_metrics(const json_t *o, struct display_message *message)
{
	struct display_metrics *m = &message->metrics;

	m->present =
		bit_if(read_number(o, "speed_kmh", &m->speed_kmh), DISPLAY_SPEED) |
		bit_if(read_number(o, "incline_pct", &m->incline_pct),
		       DISPLAY_INCLINE) |
		bit_if(read_int(o, "cadence_spm", &m->cadence_spm),
		       DISPLAY_CADENCE) |
		bit_if(read_int(o, "target_spm", &m->target_spm), DISPLAY_TARGET) |
		bit_if(read_number(o, "step_m", &m->step_m), DISPLAY_STEP) |
		bit_if(read_int(o, "heart_rate_bpm", &m->heart_rate_bpm),
		       DISPLAY_HEART_RATE) |
		bit_if(read_uint(o, "distance_m", &m->distance_m),
		       DISPLAY_DISTANCE) |
		bit_if(read_uint(o, "elapsed_s", &m->elapsed_s), DISPLAY_ELAPSED) |
		bit_if(display_gait_from_name(text_of(o, "gait"), &m->gait),
		       DISPLAY_GAIT) |
		bit_if(read_int(o, "elevation_gain_m", &m->elevation_gain_m),
		       DISPLAY_ELEVATION_GAIN) |
		bit_if(read_int(o, "energy_kcal", &m->energy_kcal), DISPLAY_ENERGY);
	for (size_t i = 0; i < DISPLAY_DYNAMICS; i++)
		if (read_number(o, display_dynamic_members[i].name, &m->dynamics[i]))
			m->present |= DISPLAY_DYNAMIC_BIT(i);
	return true;
}

static bool read_target(const json_t *o, struct display_message *m)
{
	return read_int(o, "low_spm", &m->target.low_spm) &&
	       read_int(o, "high_spm", &m->target.high_spm);
}

/* The fewest decimals that give the value back: how it was written, but for
 * zeros at its end. */
static uint8_t decimals_of(const json_t *number)
{
	double value = json_number_value(number);

	if (json_is_integer(number))
		return 0;
	return fabs(value * 10 - nearbyint(value * 10)) < 1e-6 ? 1 : 2;
}

static void read_args(const json_t *o, struct display_prompt *p)
{
	json_t *args = json_object_get(o, "args");
	const char *name;
	json_t *value;

	json_object_foreach(args, name, value) {
		struct display_arg *arg = &p->args[p->arg_count];

		if (p->arg_count == DISPLAY_ARGS_MAX)
			break;
		if (!json_is_number(value) ||
		    !display_json_copy(arg->name, sizeof(arg->name), name))
			continue;
		arg->value = json_number_value(value);
		arg->decimals = decimals_of(value);
		p->arg_count++;
	}
}

static void read_choices(const json_t *o, struct display_ask *ask)
{
	const json_t *choices = json_object_get(o, "choices");

	for (size_t i = 0; i < json_array_size(choices); i++) {
		const json_t *choice = json_array_get(choices, i);
		struct display_choice *out = &ask->choices[ask->choice_count];

		if (ask->choice_count == DISPLAY_CHOICES_MAX)
			break;
		if (read_int(choice, "value", &out->value) &&
		    copy(choice, "text", out->text, sizeof(out->text)))
			ask->choice_count++;
	}
	if (ask->choice_count)
		ask->kind = DISPLAY_ASK_CHOICE;
}

static void read_ask(const json_t *o, struct display_ask *ask)
{
	const char *kind = text_of(o, "kind");

	if (strcmp(kind, "choice") == 0)
		read_choices(o, ask);
	else if (strcmp(kind, "scale") == 0 &&
	         read_int(o, "min", &ask->minimum) &&
	         read_int(o, "max", &ask->maximum) &&
	         ask->minimum < ask->maximum)
		ask->kind = DISPLAY_ASK_SCALE;
}

static bool read_prompt(const json_t *o, struct display_message *m)
{
	struct display_prompt *p = &m->prompt;
	const json_t *english;

	if (!display_level_from_name(text_of(o, "level"), &p->level))
		p->level = DISPLAY_LEVEL_SAFETY;
	copy(o, "rule", p->rule, sizeof(p->rule));
	copy(o, "text", p->text, sizeof(p->text));
	copy(o, "why", p->why, sizeof(p->why));
	english = json_object_get(o, "english");
	copy(english, "headline", p->english.headline, sizeof(p->english.headline));
	copy(english, "text", p->english.text, sizeof(p->english.text));
	read_args(o, p);
	p->ack = is_true(o, "ack");
	read_ask(json_object_get(o, "ask"), &p->ask);
	read_uint(o, "ttl_ms", &p->ttl_ms);
	return read_uint(o, "id", &p->id) && p->id &&
	       copy(o, "headline", p->headline, sizeof(p->headline));
}

static bool read_clear(const json_t *o, struct display_message *m)
{
	if (!display_clear_reason_from_name(text_of(o, "reason"),
	                                    &m->clear.reason))
		m->clear.reason = DISPLAY_CLEAR_CONDITION;
	return read_uint(o, "id", &m->clear.id) && m->clear.id;
}

static bool read_battery(const json_t *o, struct display_message *m)
{
	return display_battery_state_from_name(text_of(o, "footpod"),
	                                       &m->battery.footpod);
}

static bool read_summary(const json_t *o, struct display_message *m)
{
	read_uint(o, "elapsed_s", &m->summary.elapsed_s);
	read_uint(o, "distance_m", &m->summary.distance_m);
	copy(o, "text", m->summary.text, sizeof(m->summary.text));
	return true;
}

static bool read_ping(const json_t *o, struct display_message *m)
{
	(void)o;
	(void)m;
	return true;
}

static bool read_error(const json_t *o, struct display_message *m)
{
	copy(o, "code", m->error.code, sizeof(m->error.code));
	copy(o, "detail", m->error.detail, sizeof(m->error.detail));
	m->error.fatal = is_true(o, "fatal");
	return true;
}

static bool read_bye(const json_t *o, struct display_message *m)
{
	copy(o, "reason", m->bye.reason, sizeof(m->bye.reason));
	return true;
}

static bool read_type(const json_t *o, struct display_message *m)
{
	static const struct {
		const char *name;
		enum display_message_type type;
		bool (*read)(const json_t *o, struct display_message *m);
	} types[] = {
		{ "hello", DISPLAY_MESSAGE_HELLO, read_hello },
		{ "ready", DISPLAY_MESSAGE_READY, read_ready },
		{ "link", DISPLAY_MESSAGE_LINK, read_link },
		{ "session", DISPLAY_MESSAGE_SESSION, read_session },
		{ "metrics", DISPLAY_MESSAGE_METRICS, read_metrics },
		{ "target", DISPLAY_MESSAGE_TARGET, read_target },
		{ "prompt", DISPLAY_MESSAGE_PROMPT, read_prompt },
		{ "clear", DISPLAY_MESSAGE_CLEAR, read_clear },
		{ "battery", DISPLAY_MESSAGE_BATTERY, read_battery },
		{ "summary", DISPLAY_MESSAGE_SUMMARY, read_summary },
		{ "ping", DISPLAY_MESSAGE_PING, read_ping },
		{ "error", DISPLAY_MESSAGE_ERROR, read_error },
		{ "bye", DISPLAY_MESSAGE_BYE, read_bye },
	};
	const char *name = json_string_value(json_object_get(o, "type"));

	if (!name)
		return false;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcmp(types[i].name, name) != 0)
			continue;
		m->type = types[i].type;
		return types[i].read(o, m);
	}
	m->type = DISPLAY_MESSAGE_OTHER;
	return true;
}

bool display_message_read(const char *line, size_t length,
                          struct display_message *out)
{
	struct display_message found;
	char why[160];
	json_t *object = display_json_object(line, length, why, sizeof(why));
	bool good;

	if (!object)
		return false;
	memset(&found, 0, sizeof(found));
	good = read_type(object, &found);
	json_decref(object);
	if (good)
		*out = found;
	return good;
}
