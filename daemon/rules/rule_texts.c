/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * For translators, at build time: prints the texts of a rule file, and the words
 * of summaries, as a template of a catalogue, or checks a catalogue against them.
 */
#include "daemon/rules/language_check.h"
#include "daemon/sessions/summary_words.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define FILE_MAX (1u << 20)

static const char *program;

static bool read_file(const char *path, char *bytes, size_t *length)
{
	FILE *file = fopen(path, "r");

	*length = file ? fread(bytes, 1, FILE_MAX, file) : 0;
	if (!file || ferror(file))
		fprintf(stderr, "%s: %s: %s\n", program, path, strerror(errno));
	if (file)
		fclose(file);
	return *length > 0;
}

/* ---- the template ----------------------------------------------------------- */

static void print_quoted(const char *key, const char *text)
{
	printf("%s \"", key);
	for (; *text; text++)
		printf("%s%c", *text == '"' || *text == '\\' ? "\\" : "", *text);
	printf("\"\n");
}

static bool was_printed(const struct ruleset *set, const struct rule_text *text)
{
	struct rule_text before;

	for (const struct rule *rule = set->rules; rule <= text->rule; rule++)
		for (size_t i = 0; rule_text_at(rule, i, &before); i++) {
			if (before.text == text->text)
				return false;
			if (strcmp(before.text, text->text) == 0)
				return true;
		}
	return false;
}

static void print_text(const struct ruleset *set, const struct rule_text *text)
{
	if (!*text->text || was_printed(set, text))
		return;
	printf("\n#. %s: %s", text->rule->id, text->member);
	if (text->columns_max)
		printf(", at most %zu columns", text->columns_max);
	printf("\n");
	print_quoted("msgid", text->text);
	print_quoted("msgstr", "");
}

static int print_template(const struct ruleset *set)
{
	struct rule_text text;

	printf("# SPDX-License-Identifier: CC0-1.0\n"
	       "# Copyright 2026 the gaitd authors\n"
	       "#\n"
	       "# X-Decimal-Point: \",\" where 7.2 is written 7,2.\n"
	       "# X-Safety-Reviewed-By: the native speaker who has read every text of the\n"
	       "# levels safety and load; until then their English is shown beneath.\n"
	       "msgid \"\"\n"
	       "msgstr \"\"\n"
	       "\"MIME-Version: 1.0\\n\"\n"
	       "\"Content-Type: text/plain; charset=UTF-8\\n\"\n"
	       "\"Content-Transfer-Encoding: 8bit\\n\"\n"
	       "\"Language: \\n\"\n"
	       "\"X-Decimal-Point: .\\n\"\n"
	       "\"X-Safety-Reviewed-By: \\n\"\n");
	for (size_t r = 0; r < set->count; r++)
		for (size_t i = 0; rule_text_at(&set->rules[r], i, &text); i++)
			print_text(set, &text);
	for (const char *const *word = summary_words; *word; word++) {
		printf("\n#. summary: word\n");
		print_quoted("msgid", *word);
		print_quoted("msgstr", "");
	}
	return fflush(stdout) == 0 ? 0 : 1;
}

/* ---- the check -------------------------------------------------------------- */

static void say_fault(const char *message, void *user)
{
	fprintf(stderr, "%s: %s\n", (const char *)user, message);
}

static int check(const struct ruleset *set, const char *path, bool complete)
{
	static char bytes[FILE_MAX], name[] = "check";
	struct language language;
	char said[512];
	size_t length;

	if (!read_file(path, bytes, &length))
		return 1;
	if (!language_open(&language, name, bytes, length)) {
		fprintf(stderr, "%s: %s: not a sound catalogue of UTF-8 text: make it with "
		        "msgfmt --check\n", program, path);
		return 1;
	}
	snprintf(said, sizeof(said), "%s", path);
	return language_check(set, summary_words, &language, complete, say_fault, said) ? 1 : 0;
}

int main(int argc, char **argv)
{
	static char text[FILE_MAX];
	bool complete = argc > 1 && strcmp(argv[1], "--complete") == 0;
	const char *const *paths = (const char *const *)argv + 1 + complete;
	int count = argc - 1 - complete, status;
	struct ruleset_error error;
	struct ruleset set = { 0 };
	size_t length;

	program = argv[0];
	if (count < 1 || count > 2 || (complete && count < 2)) {
		fprintf(stderr, "usage: %s RULES.yaml\n"
		        "       %s [--complete] RULES.yaml CATALOGUE.mo\n", program, program);
		return 2;
	}
	if (!read_file(paths[0], text, &length))
		return 1;
	if (!ruleset_parse(&set, paths[0], text, length, &error)) {
		fprintf(stderr, "%s: %s\n", error.where, error.message);
		return 1;
	}
	status = count == 1 ? print_template(&set) : check(&set, paths[1], complete);
	ruleset_free(&set);
	return status;
}
