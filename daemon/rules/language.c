/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/rules/language.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

bool language_open(struct language *out, const char *tag, const void *bytes,
                   size_t length)
{
	struct language l = { .comma = false };
	char field[64];

	if (strlen(tag) >= sizeof(l.tag) || !catalogue_open(&l.texts, bytes, length))
		return false;
	strcpy(l.tag, tag);
	l.comma = catalogue_field(&l.texts, "X-Decimal-Point", field, sizeof(field)) &&
	          strcmp(field, ",") == 0;
	l.reviewed = catalogue_field(&l.texts, "X-Safety-Reviewed-By", field,
	                             sizeof(field)) &&
	             *field;
	*out = l;
	return true;
}

/* "de" of "de-AT" */
static size_t primary_length(const char *tag)
{
	return strcspn(tag, "-_");
}

bool language_is_english(const char *tag)
{
	return primary_length(tag) == 2 && strncasecmp(tag, "en", 2) == 0;
}

const struct language *language_find(const struct languages *set, const char *tag)
{
	const struct language *found = NULL;
	size_t primary = primary_length(tag);

	if (set && set->read)
		set->read(set->files, tag);
	for (size_t i = 0; set && i < set->count; i++) {
		const struct language *l = &set->language[i];

		if (strncasecmp(l->tag, tag, primary) != 0)
			continue;
		if (strcasecmp(l->tag, tag) == 0)
			return l;
		if (l->tag[primary] == '\0')
			found = l;
	}
	return found;
}

bool language_has(const struct language *l, const char *english)
{
	return l && *english && catalogue_text(&l->texts, english);
}

const char *language_text(const struct language *l, const char *english)
{
	return language_has(l, english) ? catalogue_text(&l->texts, english) : english;
}
