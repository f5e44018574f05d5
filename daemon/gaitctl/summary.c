/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl summary: a session summed up, as text, JSON or a sheet.
 */
#include "daemon/gaitctl/gaitctl.h"

#include "daemon/gaitctl/past.h"
#include "daemon/gaitctl/recorded.h"
#include "daemon/gaitctl/rules.h"
#include "daemon/loading.h"
#include "daemon/service/language_files.h"
#include "daemon/service/log.h"
#include "daemon/service/paths.h"
#include "daemon/sessions/summary_write.h"
#include "daemon/sessions/trend_write.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define TOKEN "summary"
#define MOVES_RULE "after-run"
#define WEEK_S (7 * 86400)

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
	with->languages = language_files_list(paths_languages_directory());
	return with->languages ? EXIT_OK : fail_memory();
}

static void close_telling(struct telling *with)
{
	language_files_free(with->languages);
	loading_free_rules(with->rules);
	if (with->config)
		config_free(with->config);
}

static bool find_session(char **words, struct session_log *log, int *status)
{
	if (gaitctl.recording)
		return recorded_session(gaitctl.recording, log, status);
	return past_load(words[0], gaitctl.runner, log, status);
}

/* Nobody knows the other runs of whoever is in a recording, or anonymous. */
static bool has_weeks(const struct session_log *log)
{
	return !gaitctl.recording && strcmp(log->runner, "anonymous") != 0;
}

static bool add_session(const struct session_log *log, void *user)
{
	struct session_summary summary;

	summary_of(log, &summary);
	trend_add(user, log, &summary);
	return true;
}

static bool find_weeks(const char *runner, struct trend *out, int *status)
{
	size_t weeks = gaitctl.weeks ? gaitctl.weeks : TREND_WEEKS;
	time_t now = time(NULL);
	struct tm local = { .tm_gmtoff = 0 };

	localtime_r(&now, &local);
	trend_begin(out, now, (int32_t)local.tm_gmtoff, weeks);
	return past_each(runner, now - (int64_t)weeks * WEEK_S, add_session, out, status);
}

static int tell_weeks(const struct summary_story *story)
{
	struct sheet sheet = { .bytes = NULL };
	json_t *reply;
	int status;

	if (gaitctl.as_json) {
		reply = json_object();
		json_object_set_new(reply, "runner", json_string(story->log->runner));
		json_object_set_new(reply, "weeks", trend_write_json(story->trend));
		print_json(reply);
		json_decref(reply);
		return EXIT_OK;
	}
	trend_write_text(&sheet, story->trend, &story->how, wants_ascii());
	status = sheet.failed ? fail_memory() : write_file("-", &sheet);
	sheet_free(&sheet);
	return status;
}

static int sum_up(const struct telling *with, const struct session_log *log)
{
	struct session_summary summary;
	struct trend trend;
	struct summary_story story = {
		.log = log,
		.summary = &summary,
		.how = { language_find(&with->languages->set, log->lang), log->miles },
		.moves = ruleset_find(with->rules, MOVES_RULE),
	};
	int status = EXIT_OK;

	if (gaitctl.trend && !has_weeks(log)) {
		log_error(TOKEN, "there are weeks only of a runner who is known: gaitctl runner "
		                 "list names them");
		return EXIT_FAILED;
	}
	summary_of(log, &summary);
	if (has_weeks(log) && (gaitctl.trend || gaitctl.html || gaitctl.as_json)) {
		if (!find_weeks(log->runner, &trend, &status))
			return status;
		story.trend = &trend;
	}
	return gaitctl.trend && !gaitctl.html ? tell_weeks(&story) : tell(&story);
}

static int check_words(char **words)
{
	bool named = words[0] && (gaitctl.recording || gaitctl.runner || gaitctl.trend);

	if (!named && !(words[0] && words[1]) && !(gaitctl.recording && gaitctl.runner))
		return EXIT_OK;
	log_error("usage", "gaitctl summary takes the number of a session, --runner NAME, or "
	                   "--recording FILE; one of them");
	return EXIT_USAGE;
}

int gaitctl_summary(char **words)
{
	struct telling with = { NULL, NULL, NULL };
	struct session_log log;
	int status = check_words(words);

	session_log_init(&log);
	if (status == EXIT_OK)
		status = open_telling(&with);
	if (status == EXIT_OK && find_session(words, &log, &status))
		status = sum_up(&with, &log);
	session_log_free(&log);
	close_telling(&with);
	return status;
}
