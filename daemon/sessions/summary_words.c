/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/sessions/summary_words.h"

#include <string.h>

#define SUMMARY_WORD_TEXT(name, text) [WORD_##name] = (text),
const char *const summary_words[SUMMARY_WORD_COUNT + 1] = {
	/* NOLINTNEXTLINE(bugprone-suspicious-missing-comma): texts of several lines */
	SUMMARY_WORDS(SUMMARY_WORD_TEXT)
};

const char *summary_word(enum summary_word word)
{
	return summary_words[word];
}

static const char *value_at(const char *brace, const struct summary_arg *values,
                            size_t count, size_t *length)
{
	for (size_t i = 0; i < count; i++) {
		size_t n = strlen(values[i].name);

		if (strncmp(brace + 1, values[i].name, n) == 0 && brace[n + 1] == '}') {
			*length = n + 2;
			return values[i].text;
		}
	}
	return NULL;
}

/* Takes back the octets of a character that is not whole. */
static void cut(char *out, size_t used)
{
	size_t lead = used;

	while (lead > 0 && ((unsigned char)out[lead - 1] & 0xc0) == 0x80)
		lead--;
	out[lead > 0 ? lead - 1 : 0] = '\0';
}

static bool add(char *out, size_t size, size_t *used, const char *text, size_t length)
{
	size_t room = size - 1 - *used;
	size_t taken = length < room ? length : room;

	memcpy(out + *used, text, taken);
	*used += taken;
	out[*used] = '\0';
	if (taken < length && ((unsigned char)text[taken] & 0xc0) == 0x80)
		cut(out, *used);
	return taken == length;
}

char *summary_say(char *out, size_t size, const struct language *language,
                  enum summary_word word, const struct summary_arg *values,
                  size_t count)
{
	const char *from = language_text(language, summary_words[word]);
	size_t used = 0, length;
	const char *value;
	bool fits = true;

	*out = '\0';
	while (*from && fits) {
		value = *from == '{' ? value_at(from, values, count, &length) : NULL;
		if (value) {
			fits = add(out, size, &used, value, strlen(value));
		} else {
			length = strcspn(from + 1, "{") + 1;
			fits = add(out, size, &used, from, length);
		}
		from += length;
	}
	return out;
}
