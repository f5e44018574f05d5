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
	struct languages set; /* what was looked for so far */
	void *bytes[LANGUAGES_MAX]; /* what the catalogues borrow */
	char *directory;
	struct language_file {
		char tag[LANGUAGE_TAG_MAX];
		bool read;
	} listed[LANGUAGES_MAX];
	size_t listed_count;
	char missed[4][LANGUAGE_TAG_MAX]; /* tags that the log has been told of */
	size_t missed_count;
};

/* Each is read when it is looked for; of one that is not readable and sound the log is
 * told then, and what it would have said is said in English. NULL: out of memory. */
struct language_files *language_files_list(const char *directory);
void language_files_free(struct language_files *files); /* NULL is fine */

/* A runner of this language is here: a line in the log, once, if it is not. */
void language_files_want(struct language_files *files, const char *tag);

#endif
