/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "plugins/mqtt/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#define RETRY_S 5 /* where it is not given, and the most allows it */

enum kind { TEXT, NUMBER, SWITCH, NAME };

static const struct key {
	const char *name;
	enum kind kind;
	size_t offset, size;
	long minimum, maximum;
} keys[] = {
#define AT(member) offsetof(struct settings, member), sizeof(((struct settings *)0)->member)
	{ "broker.host", TEXT, AT(broker.host), 0, 0 },
	{ "broker.port", NUMBER, AT(broker.port), 1, 65535 },
	{ "broker.protocol", TEXT, AT(broker.protocol), 0, 0 },
	{ "broker.keepalive_s", NUMBER, AT(broker.keepalive_s), 5, 3600 },
	{ "broker.answer_s", NUMBER, AT(broker.answer_s), 5, 3600 },
	{ "broker.retry_s", NUMBER, AT(broker.retry_s), 1, 60 },
	{ "broker.retry_max_s", NUMBER, AT(broker.retry_max_s), 1, 3600 },
	{ "broker.username", TEXT, AT(broker.username), 0, 0 },
	{ "broker.password_file", TEXT, AT(broker.password_file), 0, 0 },
	{ "broker.ca", TEXT, AT(broker.ca), 0, 0 },
	{ "broker.certificate", TEXT, AT(broker.certificate), 0, 0 },
	{ "broker.key", TEXT, AT(broker.key), 0, 0 },
	{ "site", NAME, AT(site), 0, 0 },
	{ "console", NAME, AT(console), 0, 0 },
	{ "running_values", SWITCH, AT(running_values), 0, 0 },
	{ "spool.directory", TEXT, AT(spool.directory), 0, 0 },
	{ "spool.events", NUMBER, AT(spool.events), 64, 100000 },
	{ "spool.keep_s", NUMBER, AT(spool.keep_s), 0, 3600 },
	{ "home_assistant.enabled", SWITCH, AT(home_assistant.enabled), 0, 0 },
	{ "home_assistant.prefix", TEXT, AT(home_assistant.prefix), 0, 0 },
	{ "commands.enabled", SWITCH, AT(commands.enabled), 0, 0 },
	{ "commands.socket", TEXT, AT(commands.socket), 0, 0 },
	{ "pods.key_file", TEXT, AT(pods.key_file), 0, 0 },
#undef AT
};
#define KEYS (sizeof(keys) / sizeof(keys[0]))

struct reader {
	yaml_parser_t parser;
	struct settings *settings;
	const char *file;
	struct settings_fault *fault;
	bool seen[KEYS];
};

void settings_init(struct settings *settings)
{
	memset(settings, 0, sizeof(*settings));
	snprintf(settings->broker.protocol, sizeof(settings->broker.protocol), "5");
	settings->broker.keepalive_s = 30;
	settings->broker.answer_s = 30;
	settings->broker.retry_max_s = 60;
	settings->spool.events = 1000;
	settings->spool.keep_s = 60;
	settings->commands.enabled = true;
	snprintf(settings->home_assistant.prefix, sizeof(settings->home_assistant.prefix),
	         "homeassistant");
}

bool settings_is_name(const char *text)
{
	size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return length > 0 && length < SETTINGS_NAME_MAX && text[length] == '\0';
}

/* ---- faults --------------------------------------------------------------- */

/* "WHAT: WHY" */
static bool fail_at(struct reader *r, const yaml_mark_t *mark, const char *what, const char *why)
{
	snprintf(r->fault->where, sizeof(r->fault->where), "%.255s:%zu:%zu", r->file,
	         mark->line + 1, mark->column + 1);
	snprintf(r->fault->message, sizeof(r->fault->message), "%.96s: %.120s", what, why);
	return false;
}

static bool fail_no_yaml(struct reader *r)
{
	return fail_at(r, &r->parser.problem_mark, "no YAML",
	               r->parser.problem ? r->parser.problem : "cannot be read");
}

/* ---- values --------------------------------------------------------------- */

static bool take_number(struct reader *r, const struct key *key, const yaml_event_t *event,
                        const char *text, void *place)
{
	char range[64], *end;
	long value = strtol(text, &end, 10);

	if (*text >= '0' && *text <= '9' && !*end && value >= key->minimum &&
	    value <= key->maximum) {
		*(long *)place = value;
		return true;
	}
	snprintf(range, sizeof(range), "expected %ld to %ld", key->minimum, key->maximum);
	return fail_at(r, &event->start_mark, key->name, range);
}

static bool take_switch(struct reader *r, const struct key *key, const yaml_event_t *event,
                        const char *text, void *place)
{
	static const char *const words[] = { "no", "yes", "false", "true", "off", "on" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(text, words[i]) == 0) {
			*(bool *)place = i % 2;
			return true;
		}
	}
	return fail_at(r, &event->start_mark, key->name, "expected yes or no");
}

static bool take_text(struct reader *r, const struct key *key, const yaml_event_t *event,
                      const char *text, void *place)
{
	size_t length = event->data.scalar.length;

	if (length != strlen(text) || length >= key->size)
		return fail_at(r, &event->start_mark, key->name, "too long, or a NUL in it");
	if (key->kind == NAME && !settings_is_name(text))
		return fail_at(r, &event->start_mark, key->name,
		               "expected a-z, 0-9 and -, at most 32");
	memcpy(place, text, length + 1);
	return true;
}

static bool take(struct reader *r, const struct key *key, const yaml_event_t *event)
{
	static bool (*const takers[])(struct reader *r, const struct key *key,
	                              const yaml_event_t *event, const char *text,
	                              void *place) = {
		[TEXT] = take_text, [NUMBER] = take_number, [SWITCH] = take_switch,
		[NAME] = take_text,
	};
	const char *text = (const char *)event->data.scalar.value;

	return takers[key->kind](r, key, event, text, (char *)r->settings + key->offset);
}

/* ---- the mapping ---------------------------------------------------------- */

/* NULL, and said: there is none, or it was there before. */
static const struct key *find(struct reader *r, const char *name, const yaml_event_t *event)
{
	for (size_t i = 0; i < KEYS; i++) {
		if (strcmp(keys[i].name, name) != 0)
			continue;
		if (!r->seen[i]) {
			r->seen[i] = true;
			return &keys[i];
		}
		fail_at(r, &event->start_mark, name, "it is there twice");
		return NULL;
	}
	fail_at(r, &event->start_mark, name, "there is no such key; gaitd-mqtt(1) has them");
	return NULL;
}

static bool is_section(const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < KEYS; i++) {
		if (strncmp(keys[i].name, name, length) == 0 && keys[i].name[length] == '.')
			return true;
	}
	return false;
}

static bool read_mapping(struct reader *r, const char *section);

static bool read_value(struct reader *r, const char *section, const yaml_event_t *name)
{
	const char *text = (const char *)name->data.scalar.value;
	char full[96];
	yaml_event_t value;
	const struct key *key;
	bool good = false;

	snprintf(full, sizeof(full), "%.32s%s%.48s", section, *section ? "." : "", text);
	if (!yaml_parser_parse(&r->parser, &value))
		return fail_no_yaml(r);
	if (value.type == YAML_MAPPING_START_EVENT && !*section && is_section(full))
		good = read_mapping(r, full);
	else if (value.type == YAML_SCALAR_EVENT)
		good = (key = find(r, full, name)) && take(r, key, &value);
	else
		fail_at(r, &value.start_mark, full, "expected one value");
	yaml_event_delete(&value);
	return good;
}

static bool read_mapping(struct reader *r, const char *section)
{
	for (;;) {
		yaml_event_t event;
		bool good, ended;

		if (!yaml_parser_parse(&r->parser, &event))
			return fail_no_yaml(r);
		ended = event.type == YAML_MAPPING_END_EVENT;
		if (ended)
			good = true;
		else if (event.type == YAML_SCALAR_EVENT)
			good = read_value(r, section, &event);
		else
			good = fail_at(r, &event.start_mark, *section ? section : "the file", "expected a key");
		yaml_event_delete(&event);
		if (ended || !good)
			return good;
	}
}

/* A file of comments alone is fine. */
static bool read_document(struct reader *r)
{
	for (;;) {
		yaml_event_t event;
		yaml_event_type_t type;
		bool good = true;

		if (!yaml_parser_parse(&r->parser, &event))
			return fail_no_yaml(r);
		type = event.type;
		if (type == YAML_MAPPING_START_EVENT)
			good = read_mapping(r, "");
		else if (type != YAML_STREAM_START_EVENT && type != YAML_STREAM_END_EVENT &&
		         type != YAML_DOCUMENT_START_EVENT && type != YAML_DOCUMENT_END_EVENT)
			good = fail_at(r, &event.start_mark, "the file",
			               "expected lines as \"site: gym-a\"");
		yaml_event_delete(&event);
		if (!good || type == YAML_STREAM_END_EVENT)
			return good;
	}
}

bool settings_read(struct settings *settings, const char *name, const char *text, size_t length,
                   struct settings_fault *fault)
{
	struct reader r = { .settings = settings, .file = name, .fault = fault };
	bool good;

	if (!yaml_parser_initialize(&r.parser)) {
		snprintf(fault->where, sizeof(fault->where), "%.255s", name);
		snprintf(fault->message, sizeof(fault->message), "out of memory");
		return false;
	}
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, length);
	good = read_document(&r);
	yaml_parser_delete(&r.parser);
	return good;
}

/* ---- the whole ------------------------------------------------------------- */

static const char *what_lacks(const struct settings *s)
{
	const char *protocol = s->broker.protocol;

	if (!*s->broker.host)
		return "broker.host: which broker? A name or an address";
	if (!*s->site)
		return "site: which one? It is a level of each topic: a-z, 0-9 and -";
	if (!*s->console)
		return "console: this computer's name is none of a-z, 0-9 and -: give one";
	if (strcmp(s->console, "all") == 0)
		return "console: \"all\" stands for each console; give another name";
	if (strcmp(protocol, "5") != 0 && strcmp(protocol, "3.1.1") != 0)
		return "broker.protocol: expected 5 or 3.1.1";
	if (!*s->broker.certificate != !*s->broker.key)
		return "broker.certificate and broker.key go together";
	if (*s->broker.certificate && !*s->broker.ca)
		return "broker.certificate: give broker.ca as well, or there is no TLS";
	if (*s->broker.password_file && !*s->broker.username)
		return "broker.password_file: give broker.username as well";
	if (s->broker.retry_s > s->broker.retry_max_s)
		return "broker.retry_max_s: less than broker.retry_s";
	if (strpbrk(s->home_assistant.prefix, "#+") || !*s->home_assistant.prefix)
		return "home_assistant.prefix: a topic, without # and +";
	return NULL;
}

bool settings_complete(struct settings *settings, const char *name, struct settings_fault *fault)
{
	const char *why = what_lacks(settings);

	if (why) {
		snprintf(fault->where, sizeof(fault->where), "%.255s", name);
		snprintf(fault->message, sizeof(fault->message), "%s", why);
		return false;
	}
	if (settings->broker.port == 0)
		settings->broker.port = *settings->broker.ca ? 8883 : 1883;
	if (settings->broker.retry_s == 0)
		settings->broker.retry_s = settings->broker.retry_max_s < RETRY_S ?
		                                   settings->broker.retry_max_s : RETRY_S;
	return true;
}
