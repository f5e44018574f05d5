/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "daemon/gaitctl/redact.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define HIDDEN_MAX 512
#define ADDRESS_LENGTH 17 /* C0:FF:EE:00:11:22 */
#define KEY_LENGTH 16     /* of hex digits: an ANT+ network key */

struct hidden {
	const char *kind;
	char *word;
	unsigned number; /* within its kind, from 1 */
};

struct redact {
	struct hidden hidden[HIDDEN_MAX];
	size_t count;
};

struct redact *redact_new(void)
{
	return calloc(1, sizeof(struct redact));
}

void redact_free(struct redact *redact)
{
	if (!redact)
		return;
	for (size_t i = 0; i < redact->count; i++)
		free(redact->hidden[i].word);
	free(redact);
}

/* ---- pseudonyms ----------------------------------------------------------------- */

/* Of the word there, which is `length` octets long; NULL: no room for more */
static const struct hidden *pseudonym(struct redact *redact, const char *kind,
                                      const char *word, size_t length)
{
	struct hidden *hidden;
	unsigned number = 1;

	for (size_t i = 0; i < redact->count; i++) {
		hidden = &redact->hidden[i];
		if (strlen(hidden->word) == length &&
		    strncasecmp(hidden->word, word, length) == 0)
			return hidden;
		number += strcmp(hidden->kind, kind) == 0;
	}
	if (redact->count == HIDDEN_MAX)
		return NULL;
	hidden = &redact->hidden[redact->count];
	hidden->word = strndup(word, length);
	if (!hidden->word)
		return NULL;
	hidden->kind = kind;
	hidden->number = number;
	redact->count++;
	return hidden;
}

void redact_hide(struct redact *redact, const char *kind, const char *word)
{
	if (word && strlen(word) >= 2)
		pseudonym(redact, kind, word, strlen(word));
}

static void print_pseudonym(struct redact *redact, const char *kind, const char *word,
                            size_t length, FILE *out)
{
	const struct hidden *hidden = pseudonym(redact, kind, word, length);

	if (hidden)
		fprintf(out, "%s-%u", hidden->kind, hidden->number);
	else
		fprintf(out, "%s-?", kind);
}

/* ---- what is recognised by its look ------------------------------------------------ */

/* Letters of any language; what stands between them ends a word. */
static bool in_word(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

static size_t span_of(const char *text, int (*is)(int c))
{
	size_t length = 0;

	while (is((unsigned char)text[length]))
		length++;
	return length;
}

/* Each of these says how long what it knows is at `text`, which begins a word; 0:
 * it is something else. */

static size_t address(const char *text)
{
	for (size_t i = 0; i < ADDRESS_LENGTH; i++) {
		bool good = i % 3 == 2 ? strchr(":-_", text[i]) && text[i] :
		                         isxdigit((unsigned char)text[i]) != 0;

		if (!good)
			return 0;
	}
	return in_word(text[ADDRESS_LENGTH]) ? 0 : ADDRESS_LENGTH;
}

/* One without its colons, or with letters that a key's hex digits may have */
static size_t bare_address(const char *text)
{
	return span_of(text, isxdigit) == 12 && !in_word(text[12]) &&
	       strspn(text, "0123456789") < 12 ? 12 : 0;
}

static size_t key(const char *text)
{
	size_t length = span_of(text, isxdigit);

	return length >= KEY_LENGTH && !in_word(text[length]) ? length : 0;
}

/* Four numbers: of this machine's own network, or anybody's */
static size_t network_address(const char *text)
{
	size_t length = 0;

	if (strncmp(text, "127.0.0.1", 9) == 0 || strncmp(text, "0.0.0.0", 7) == 0)
		return 0;
	for (int i = 0; i < 4; i++) {
		size_t digits = span_of(text + length, isdigit);

		if (digits == 0 || digits > 3 || (i < 3 && text[length + digits] != '.'))
			return 0;
		length += digits + (i < 3);
	}
	return in_word(text[length]) || text[length] == '.' ? 0 : length;
}

static const struct {
	size_t (*length)(const char *text);
	const char *kind;
} looks[] = {
	{ address, "addr" },
	{ bare_address, "addr" },
	{ key, "key" },
	{ network_address, "ip" },
};

/* ---- what is recognised by the word before it --------------------------------------- */

static const struct {
	const char *before;
	const char *kind;
	bool word; /* a word follows; else digits */
} told[] = {
	{ "ant", "pod", false },
	{ "ant_id", "pod", false },
	{ "heart_rate_id", "pod", false },
	{ "pod", "pod", false },
	{ "footpod", "pod", false },
	{ "strap", "pod", false },
	{ "pain", "pain", false },
	{ "pin", "pin", false },
	{ "runner", "runner", true },
	{ "home", "user", true }, /* a directory */
};

/* What may stand between: "ant 57043", "ant_id: 57043", "pain=4", "\"pin\":\"1234\"" */
static size_t between(const char *text)
{
	return strspn(text, " :=#\"'/");
}

/* Words that follow "runner" in our own messages */
static bool is_ours(const char *word, size_t length)
{
	static const char *const words[] = {
		"anonymous", "known", "is", "was", "has", "and", "or", "of", "to", "the", "that",
		"who", "told", "chose", "muted", "wants", "in", "at", "on", "for", "by", "may",
		"stands", "s", "will", "needs", "makes", "yml", "yaml",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strlen(words[i]) == length && strncasecmp(words[i], word, length) == 0)
			return true;
	}
	return false;
}

static size_t word_length(const char *text)
{
	size_t length = 0;

	while (in_word(text[length]) || text[length] == '_' ||
	       (text[length] == '-' && length > 0))
		length++;
	return length;
}

/* At a word: prints it, what is between, and the pseudonym; how much of the text
 * that was, or 0. */
static size_t hide_told(struct redact *redact, const char *text, FILE *out)
{
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		size_t before = strlen(told[i].before), length;

		if (strncasecmp(text, told[i].before, before) != 0)
			continue;
		before += between(text + before);
		length = told[i].word ? word_length(text + before) :
		                        span_of(text + before, isdigit);
		if (length == 0 || before == strlen(told[i].before) ||
		    (told[i].word && is_ours(text + before, length)) ||
		    (!told[i].word && (in_word(text[before + length]) ||
		                       strspn(text + before, "0") == length)))
			continue;
		fwrite(text, 1, before, out);
		/* a small number tells by itself what it is */
		if (strcmp(told[i].kind, "pain") == 0 || strcmp(told[i].kind, "pin") == 0)
			fputs("?", out);
		else
			print_pseudonym(redact, told[i].kind, text + before, length, out);
		return before + length;
	}
	return 0;
}

/* ---- the text ------------------------------------------------------------------------ */

static const struct hidden *hidden_at(const struct redact *redact, const char *text)
{
	const struct hidden *best = NULL;

	for (size_t i = 0; i < redact->count; i++) {
		const struct hidden *hidden = &redact->hidden[i];
		size_t length = strlen(hidden->word);

		if (strncasecmp(text, hidden->word, length) == 0 && !in_word(text[length]) &&
		    (!best || length > strlen(best->word)))
			best = hidden;
	}
	return best;
}

/* At the beginning of a word: how much was dealt with, or 0. */
static size_t hide_at(struct redact *redact, const char *text, FILE *out)
{
	const struct hidden *hidden = hidden_at(redact, text);

	if (hidden) {
		fprintf(out, "%s-%u", hidden->kind, hidden->number);
		return strlen(hidden->word);
	}
	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
		size_t length = looks[i].length(text);

		if (length == 0)
			continue;
		print_pseudonym(redact, looks[i].kind, text, length, out);
		return length;
	}
	return hide_told(redact, text, out);
}

char *redact_text(struct redact *redact, const char *text)
{
	const char *start = text;
	char *result = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&result, &size);

	if (!out)
		return NULL;
	while (*text) {
		bool begins = text == start || !in_word(text[-1]);
		size_t done = begins ? hide_at(redact, text, out) : 0;

		if (done == 0)
			fputc(*text++, out);
		text += done;
	}
	if (fclose(out) == 0)
		return result;
	free(result);
	return NULL;
}

/* ---- JSON ----------------------------------------------------------------------------- */

static json_t *redact_string(struct redact *redact, const char *text)
{
	char *shown = redact_text(redact, text);
	json_t *value = shown ? json_string(shown) : NULL;

	free(shown);
	return value ? value : json_string("?");
}

static bool is_secret_number(const char *name)
{
	static const char *const names[] = { "ant_id", "heart_rate_id", "pin", "pain", "number" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], name) == 0)
			return true;
	}
	return false;
}

json_t *redact_json(struct redact *redact, const json_t *value)
{
	json_t *copy, *member;
	const char *name;
	size_t i;

	if (json_is_string(value))
		return redact_string(redact, json_string_value(value));
	if (json_is_array(value)) {
		copy = json_array();
		json_array_foreach((json_t *)value, i, member)
			json_array_append_new(copy, redact_json(redact, member));
		return copy;
	}
	if (!json_is_object(value))
		return json_deep_copy(value);
	copy = json_object();
	json_object_foreach((json_t *)value, name, member) {
		bool hide = json_is_number(member) && is_secret_number(name);

		json_object_set_new(copy, name, hide ? json_string("?") :
		                                       redact_json(redact, member));
	}
	return copy;
}
