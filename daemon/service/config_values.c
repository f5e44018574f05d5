/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/service/config_values.h"

#include "daemon/devices/quirks.h"

#include <ctype.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INCLINE_LOW (-15.0)
#define INCLINE_HIGH 40.0
#define LIST_MAX 64

/* ---- scalars ------------------------------------------------------------- */

static bool check_text(const struct config_key *key, const char *text)
{
	size_t length = strlen(text);

	for (size_t i = 0; i < length; i++) {
		if (iscntrl((unsigned char)text[i]))
			return false;
	}
	return length >= (size_t)key->low && length <= (size_t)key->high;
}

/* Relative paths would depend on where the daemon was started. */
static bool check_path(const struct config_key *key, const char *text)
{
	return check_text(key, text) && (*text == '\0' || *text == '/');
}

static bool check_address(const struct config_key *key, const char *text)
{
	size_t length = strlen(text);

	(void)key;
	if (length == 0)
		return true;
	for (size_t i = 0; i < length; i++) {
		if (i % 3 == 2 ? text[i] != ':' : !isxdigit((unsigned char)text[i]))
			return false;
	}
	return length == 17;
}

bool config_incline_read(const char *text, double *incline_pct)
{
	static const char word[] = "fixed ";
	double value;
	char *end;

	if (strncmp(text, word, sizeof(word) - 1) != 0)
		return false;
	text += sizeof(word) - 1;
	value = strtod(text, &end);
	if (end == text || *end || !(value >= INCLINE_LOW && value <= INCLINE_HIGH))
		return false;
	*incline_pct = value;
	return true;
}

static bool check_incline(const struct config_key *key, const char *text)
{
	double incline_pct;

	(void)key;
	return strcmp(text, "auto") == 0 || config_incline_read(text, &incline_pct);
}

static bool check_quirk(const struct config_key *key, const char *text)
{
	(void)key;
	return strcmp(text, "auto") == 0 || strcmp(text, "none") == 0 ||
	       quirk_by_id(text);
}

static bool check_adapter(const struct config_key *key, const char *text)
{
	(void)key;
	return strcmp(text, "auto") == 0 ||
	       (strncmp(text, "hci", 3) == 0 && text[3] &&
	        strspn(text + 3, "0123456789") == strlen(text + 3) && strlen(text) < 8);
}

static bool check_language(const struct config_key *key, const char *text)
{
	size_t length = strlen(text);

	for (size_t i = 0; i < length; i++) {
		if (i < 2 ? !islower((unsigned char)text[i]) :
		            !isalnum((unsigned char)text[i]) && text[i] != '-')
			return false;
	}
	return length >= (size_t)key->low && length <= (size_t)key->high;
}

static bool check_network_key(const struct config_key *key, const char *text)
{
	size_t length = strlen(text);

	return length == 0 ||
	       (length == (size_t)key->high &&
	        strspn(text, "0123456789abcdefABCDEF") == length &&
	        strspn(text, "0") < length);
}

static bool check_word(const struct config_key *key, const char *text)
{
	size_t length = strlen(text);

	for (const char *at = key->words; *at; at += strcspn(at, " ")) {
		at += strspn(at, " ");
		if (length > 0 && strcspn(at, " ") == length &&
		    memcmp(at, text, length) == 0)
			return true;
	}
	return false;
}

static bool check_number(const struct config_key *key, const char *text)
{
	size_t length = strlen(text);
	long long value;

	if (length == 0 || length > 10 || strspn(text, "0123456789") != length)
		return false;
	value = strtoll(text, NULL, 10);
	return value >= key->low && value <= key->high;
}

static bool check_switch(const struct config_key *key, const char *text)
{
	(void)key;
	return strcmp(text, "true") == 0 || strcmp(text, "false") == 0;
}

const struct config_kind config_kind_TEXT = { .check = check_text };
const struct config_kind config_kind_ADDRESS = {
	.check = check_address,
	.expected = "a Bluetooth address as \"C0:FF:EE:00:11:22\"",
};
const struct config_kind config_kind_INCLINE = {
	.check = check_incline,
	.expected = "auto, or fixed N with N from -15 to 40 (%), as fixed 1.5",
};
const struct config_kind config_kind_QUIRK = {
	.check = check_quirk,
	.expected = "auto, none, or a quirk of gaitd.yaml(5)",
	.names = quirk_word,
};
const struct config_kind config_kind_ADAPTER = {
	.check = check_adapter,
	.expected = "auto, or an adapter as hci0",
};
const struct config_kind config_kind_LANGUAGE = {
	.check = check_language,
	.expected = "a language tag as en or de-AT",
};
const struct config_kind config_kind_KEY = {
	.check = check_network_key,
	.expected = "16 hex digits, not all zero",
	.secret = true,
};
const struct config_kind config_kind_PATH = {
	.check = check_path,
	.expected = "a path from the root on, as /etc/gaitd/FILE, not too long",
};
const struct config_kind config_kind_WORD = { .check = check_word };
const struct config_kind config_kind_NUMBER = { .check = check_number, .bare = true };
const struct config_kind config_kind_SWITCH = {
	.check = check_switch,
	.expected = "true or false",
	.bare = true,
};
const struct config_kind config_kind_NAMES = {
	.check = check_text,
	.list = true,
};
const struct config_kind config_kind_PATHS = {
	.check = check_path,
	.expected = "a path from the root on, as /etc/gaitd/FILE, not too long",
	.list = true,
};

/* ---- reading ------------------------------------------------------------- */

/* "one of a, b, c", "a whole number from 1 to 64", "text of 1 to 32 octets" */
static void expected(const struct config_key *key, char *out, size_t size)
{
	size_t used;

	if (key->kind->expected) {
		snprintf(out, size, "%s", key->kind->expected);
		return;
	}
	if (key->kind->check != check_word) {
		snprintf(out, size, "%s %lld to %lld%s",
		         key->kind->bare ? "a whole number from" : "text of",
		         (long long)key->low, (long long)key->high,
		         key->kind->bare ? "" : " octets");
		return;
	}
	used = (size_t)snprintf(out, size, "one of ");
	for (const char *at = key->words; *at && used + 2 < size; at++) {
		if (*at == ' ')
			out[used++] = ',';
		out[used++] = *at;
	}
	out[used] = '\0';
}

/* The node's text, or what is there in its place */
static const char *found(const struct config_key *key, const struct yaml_node *node,
                         const char **quote)
{
	const char *text = yaml_text_scalar(node);

	*quote = "";
	if (!text)
		return node->type == YAML_SEQUENCE_NODE ? "a list" : "a mapping";
	if (yaml_text_is_null(node))
		return "nothing";
	if (key->kind->secret)
		return "something else";
	*quote = "\"";
	return text;
}

static bool refuse(const struct config_key *key, const struct yaml_text *yaml,
                   const struct yaml_node *node, struct yaml_fault *fault)
{
	const char *quote, *text = found(key, node, &quote);
	char what[160], hint[64] = "";

	expected(key, what, sizeof(what));
	if (*quote && key->kind->names)
		suggest_text(hint, sizeof(hint), text, strlen(text), key->kind->names);
	return yaml_text_fault(yaml, node, fault, "%s.%s: expected %s, found %s%.60s%s%s",
	                       key->section, key->key, what, quote, text, quote, hint);
}

/* The scalar as a JSON value, which is YAML, too; NULL and refused. */
static json_t *read_scalar(const struct config_key *key, struct yaml_text *yaml,
                           const struct yaml_node *node, struct yaml_fault *fault)
{
	const char *text = yaml_text_scalar(node);

	if (!text || yaml_text_is_null(node) || !key->kind->check(key, text)) {
		refuse(key, yaml, node, fault);
		return NULL;
	}
	return json_string(text);
}

static json_t *read_list(const struct config_key *key, struct yaml_text *yaml,
                         const struct yaml_node *node, struct yaml_fault *fault)
{
	json_t *list = json_array();
	const struct yaml_node *item;

	if (node->type != YAML_SEQUENCE_NODE) {
		yaml_text_fault(yaml, node, fault, "%s.%s: expected a list, as [one, two]",
		                key->section, key->key);
		json_decref(list);
		return NULL;
	}
	for (size_t i = 0; (item = yaml_text_item(yaml, node, i)); i++) {
		json_t *value = NULL;

		if (i < LIST_MAX)
			value = read_scalar(key, yaml, item, fault);
		else
			yaml_text_fault(yaml, item, fault, "%s.%s: at most %d in the list",
			                key->section, key->key, LIST_MAX);
		if (!value) {
			json_decref(list);
			return NULL;
		}
		json_array_append_new(list, value);
	}
	return list;
}

char *config_value_read(const struct config_key *key, struct yaml_text *yaml,
                        const struct yaml_node *node, struct yaml_fault *fault)
{
	json_t *value = (key->kind->list ? read_list : read_scalar)(key, yaml, node, fault);
	char *text;

	if (!value)
		return NULL;
	if (key->kind->bare)
		text = strdup(json_string_value(value));
	else
		text = json_dumps(value, JSON_ENCODE_ANY);
	json_decref(value);
	if (!text)
		yaml_text_fault(yaml, node, fault, "out of memory");
	return text;
}
