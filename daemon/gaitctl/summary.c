/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl summary: a session summed up, as text, JSON or a page.
 */
#include "daemon/gaitctl/gaitctl.h"

#include "daemon/gaitctl/recorded.h"
#include "daemon/gaitctl/rules.h"
#include "daemon/loading.h"
#include "daemon/service/language_files.h"
#include "daemon/service/log.h"
#include "daemon/service/paths.h"
#include "daemon/sessions/summary_write.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TOKEN "summary"
#define MOVES_RULE "after-run"

/* ---- out with it ----------------------------------------------------------- */

static int fail_memory(void)
{
	log_error(TOKEN, "out of memory");
	return EXIT_FAILED;
}

static bool is_stdout(const char *path)
{
	return strcmp(path, "-") == 0;
}

static int write_file(const char *path, const struct sheet *sheet)
{
	FILE *file = is_stdout(path) ? stdout : fopen(path, "we");
	bool good;

	if (!file) {
		log_error(TOKEN, "%s: %s", path, strerror(errno));
		return errno == EACCES ? EXIT_PERMISSION : EXIT_FAILED;
	}
	good = fwrite(sheet->bytes, 1, sheet->length, file) == sheet->length;
	if ((file == stdout ? fflush(file) : fclose(file)) != 0)
		good = false;
	if (!good)
		log_error(TOKEN, "%s: %s", path, strerror(errno));
	return good ? EXIT_OK : EXIT_FAILED;
}

static int print_page(const struct summary_story *story)
{
	struct sheet sheet = { .bytes = NULL };
	int status;

	summary_write_html(&sheet, story);
	status = sheet.failed ? fail_memory() : write_file(gaitctl.html, &sheet);
	if (status == EXIT_OK && !is_stdout(gaitctl.html))
		log_notice(TOKEN, "written to %s", gaitctl.html);
	sheet_free(&sheet);
	return status;
}

/* Only a terminal that says it knows UTF-8 is shown blocks. */
static bool wants_ascii(void)
{
	setlocale(LC_CTYPE, "");
	return strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

static int print_text(const struct summary_story *story)
{
	struct sheet sheet = { .bytes = NULL };
	int status;

	summary_write_text(&sheet, story, wants_ascii());
	status = sheet.failed ? fail_memory() : write_file("-", &sheet);
	sheet_free(&sheet);
	return status;
}

static int tell(const struct summary_story *story)
{
	json_t *reply;
	int status = EXIT_OK;

	if (gaitctl.html)
		status = print_page(story);
	if (gaitctl.as_json) {
		reply = summary_write_json(story);
		if (!reply)
			return fail_memory();
		print_json(reply);
		json_decref(reply);
	} else if (!gaitctl.html) {
		status = print_text(story);
	}
	return status;
}

/* ---- a session ------------------------------------------------------------- */

/* What a summary is told with */
struct telling {
	struct config *config;
	struct ruleset *rules;
	struct language_files *languages;
};

static int open_telling(struct telling *with)
{
	int status = EXIT_OK;

	with->config = loading_config(gaitctl.config, &status);
	if (with->config)
		with->rules = rules_load(with->config, NULL, 0, &status);
	if (!with->rules)
		return status;
	with->languages = language_files_load(paths_languages_directory());
	return with->languages ? EXIT_OK : fail_memory();
}

static void close_telling(struct telling *with)
{
	language_files_free(with->languages);
	loading_free_rules(with->rules);
	if (with->config)
		config_free(with->config);
}

static int sum_up(const struct session_log *log)
{
	struct telling with = { NULL, NULL, NULL };
	int status = open_telling(&with);
	struct session_summary summary;
	struct summary_story story = { .log = log, .summary = &summary };

	if (status == EXIT_OK) {
		summary_of(log, &summary);
		story.how.language = language_find(&with.languages->set, log->lang);
		story.how.miles = log->miles;
		story.moves = ruleset_find(with.rules, MOVES_RULE);
		status = tell(&story);
	}
	close_telling(&with);
	return status;
}

int gaitctl_summary(char **words)
{
	struct session_log log;
	int status = EXIT_OK;

	if (words[0] || !gaitctl.recording) {
		log_error("usage", "gaitctl summary takes --recording FILE");
		return EXIT_USAGE;
	}
	session_log_init(&log);
	if (recorded_session(gaitctl.recording, &log, &status))
		status = sum_up(&log);
	session_log_free(&log);
	return status;
}
