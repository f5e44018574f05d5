/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The languages that prompts are said in, from catalogues on disk: TAG.mo in a
 * directory, as de.mo.
 */
#ifndef GAITD_LANGUAGE_FILES_H
#define GAITD_LANGUAGE_FILES_H

#include "daemon/rules/language.h"

struct language_files {
	struct languages set;
	void *bytes[LANGUAGES_MAX]; /* what the catalogues borrow */
	char missed[4][LANGUAGE_TAG_MAX]; /* tags that the log has been told of */
	size_t missed_count;
};

/* All that are readable and sound; of others the log is told, and what they would
 * have said is said in English. NULL: out of memory. */
struct language_files *language_files_load(const char *directory);
void language_files_free(struct language_files *files); /* NULL is fine */

/* A runner of this language is here: a line in the log, once, if it is not. */
void language_files_want(struct language_files *files, const char *tag);

#endif
