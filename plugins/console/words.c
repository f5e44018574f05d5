/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "plugins/console/words.h"

#include <stddef.h>

static const struct catalogue *spoken;

void words_speak(const struct catalogue *catalogue)
{
	spoken = catalogue;
}

const char *words_of(const char *english)
{
	const char *said = spoken && *english ? catalogue_text(spoken, english) : NULL;

	return said ? said : english;
}
