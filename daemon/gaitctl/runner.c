/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl runner and gaitctl history: who asked to be remembered, and what is
 * kept of him.
 */
#include "daemon/gaitctl/past.h"

#include "daemon/gaitctl/table.h"
#include "daemon/service/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define TOKEN "runner"

/* ---- what is told of a runner ---------------------------------------------------- */

/* A line, not shown while it is typed */
static bool read_secret(const char *prompt, char *out, size_t size)
{
	bool is_terminal = isatty(STDIN_FILENO);
	struct termios shown, hidden;
	bool good;

	if (is_terminal && tcgetattr(STDIN_FILENO, &shown) == 0) {
		hidden = shown;
		hidden.c_lflag &= ~(tcflag_t)ECHO;
		fputs(prompt, stderr);
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	}
	good = fgets(out, (int)size, stdin) != NULL;
	if (is_terminal) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
		fputs("\n", stderr);
	}
	out[good ? strcspn(out, "\n") : 0] = '\0';
	return good;
}

static bool take_pin(json_t *request)
{
	char pin[64], again[64];

	if (!gaitctl.pin)
		return true;
	if (!read_secret("PIN (empty: none): ", pin, sizeof(pin)))
		pin[0] = '\0';
	if (isatty(STDIN_FILENO) &&
	    (!read_secret("once more: ", again, sizeof(again)) || strcmp(pin, again) != 0)) {
		log_error(TOKEN, "these are two different PINs");
		return false;
	}
	json_object_set_new(request, "pin", json_string(pin));
	explicit_bzero(pin, sizeof(pin));
	explicit_bzero(again, sizeof(again));
	return true;
}

/* height_m=1.75, back_pain=true, lang=de, or nothing behind the = to take it away */
static bool take_word(const char *word, json_t *profile)
{
	const char *equals = strchr(word, '=');
	json_t *value;
	char key[64];

	if (!equals || equals == word || (size_t)(equals - word) >= sizeof(key)) {
		log_error("usage", "%s: expected KEY=VALUE, as in height_m=1.75; gaitd(8) has "
		                   "the keys", word);
		return false;
	}
	snprintf(key, sizeof(key), "%.*s", (int)(equals - word), word);
	value = equals[1] ? json_loads(equals + 1, JSON_DECODE_ANY, NULL) : json_null();
	json_object_set_new(profile, key, value ? value : json_string(equals + 1));
	return true;
}

static json_t *request_of(const char *what, const char *name)
{
	return json_pack("{s:s, s:s}", "do", what, "name", name);
}

static int tell_of(const char *what, char **words, const char *said)
{
	json_t *request = request_of(what, words[0]), *profile = json_object(), *reply;
	bool good = true;
	int status = EXIT_USAGE;

	for (size_t i = 1; words[i] && good; i++)
		good = take_word(words[i], profile);
	if (gaitctl.height)
		json_object_set_new(profile, "height_m", json_real(strtod(gaitctl.height, NULL)));
	if (json_object_size(profile) > 0)
		json_object_set(request, "profile", profile);
	json_decref(profile);
	if (gaitctl.pod)
		json_object_set_new(request, "pod", json_string(gaitctl.pod));
	if (gaitctl.exports)
		json_object_set_new(request, "exports", json_string(gaitctl.exports));
	if (!good || !take_pin(request)) {
		json_decref(request);
		return status;
	}
	reply = past_ask("runner", request, &status);
	if (reply)
		printf("%s%s\n", words[0], said);
	json_decref(reply);
	return status;
}

int gaitctl_runner_add(char **words)
{
	return tell_of("add", words,
	               " is remembered from now on, on this machine alone.");
}

int gaitctl_runner_set(char **words)
{
	return tell_of("set", words, ": noted.");
}

/* ---- short ones ------------------------------------------------------------------ */

static int do_it(const char *what, const char *name, const char *said)
{
	int status;
	json_t *reply = past_ask("runner", request_of(what, name), &status);
	const char *foreign;

	if (!reply)
		return status;
	printf("%s%s\n", name, said);
	foreign = json_string_value(json_object_get(reply, "foreign"));
	if (foreign)
		log_warn(TOKEN, "%s was set aside because it is no history of gaitd's; look into "
		                "it, and delete it if it was one", foreign);
	json_decref(reply);
	return EXIT_OK;
}

int gaitctl_runner_start(char **words)
{
	return do_it("start", words[0], " runs, until his session ends.");
}

int gaitctl_runner_stop(char **words)
{
	(void)words;
	return do_it("stop", "", "Nobody known runs.");
}

int gaitctl_runner_forget(char **words)
{
	return do_it("forget", words[0], " and his sessions are forgotten.");
}

int forget_everybody(void)
{
	return do_it("forget-all", "", "All runners and sessions are forgotten.");
}

/* ---- lists ------------------------------------------------------------------------ */

/* All pages of a list: each is asked for behind the last one's `key` */
static json_t *ask_pages(const char *cmd, const json_t *request, const char *list,
                         const char *key, const char *behind, int *status)
{
	json_t *all = json_array(), *reply;
	json_t *next = json_deep_copy(request);
	bool more = true;

	while (more && (reply = past_ask(cmd, json_deep_copy(next), status))) {
		const json_t *page = json_object_get(reply, list);
		size_t count = json_array_size(page);

		json_array_extend(all, (json_t *)(uintptr_t)page);
		more = json_is_true(json_object_get(reply, "more")) && count > 0;
		if (more)
			json_object_set(next, behind,
			                json_object_get(json_array_get(page, count - 1), key));
		json_decref(reply);
	}
	json_decref(next);
	if (*status == EXIT_OK)
		return all;
	json_decref(all);
	return NULL;
}

int gaitctl_runner_list(char **words)
{
	json_t *request = json_pack("{s:s}", "do", "list"), *all, *runner;
	int status;
	size_t i;

	(void)words;
	all = ask_pages("runner", request, "runners", "name", "after", &status);
	json_decref(request);
	if (!all)
		return status;
	if (gaitctl.as_json) {
		print_json(all);
	} else {
		json_array_foreach(all, i, runner) {
			printf("%-31s %4lld session%s%s%s%s\n", reply_text(runner, "name"),
			       reply_whole(runner, "sessions"),
			       reply_whole(runner, "sessions") == 1 ? " " : "s",
			       json_is_true(json_object_get(runner, "pin")) ? ", PIN" : "",
			       json_object_get(runner, "pod") ? ", pod " : "",
			       json_object_get(runner, "pod") ? reply_text(runner, "pod") : "");
		}
		if (json_array_size(all) == 0)
			log_notice(TOKEN, "nobody is remembered; gaitctl runner add NAME");
	}
	json_decref(all);
	return EXIT_OK;
}

static void print_members(const char *title, const json_t *object)
{
	const char *key;
	json_t *value;

	printf("%s\n", title);
	json_object_foreach((json_t *)(uintptr_t)object, key, value) {
		char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(5));

		printf("  %-20s %s\n", key, text ? text : "");
		free(text);
	}
}

int gaitctl_runner_show(char **words)
{
	int status;
	json_t *reply = past_ask("runner", request_of("show", words[0]), &status);

	if (!reply)
		return status;
	if (gaitctl.as_json) {
		print_json(reply);
	} else {
		print_members(words[0], json_object_get(reply, "runner"));
		print_members("what he told", json_object_get(reply, "profile"));
		print_members("with what his sessions tell", json_object_get(reply, "known"));
	}
	json_decref(reply);
	return EXIT_OK;
}

static void print_session(const json_t *session)
{
	char when[32] = "at a time not known";
	time_t local;
	struct tm tm;

	if (json_object_get(session, "start_s")) {
		local = (time_t)(reply_whole(session, "start_s") +
		                 reply_whole(session, "offset_s"));
		if (gmtime_r(&local, &tm))
			strftime(when, sizeof(when), "%Y-%m-%d %H:%M", &tm);
	}
	printf("%6lld  %-19s %-20s %3lld:%02lld", reply_whole(session, "id"), when,
	       reply_text(session, "runner"), reply_whole(session, "length_s") / 60,
	       reply_whole(session, "length_s") % 60);
	if (json_object_get(session, "distance_m"))
		printf("  %6.2f km", reply_number(session, "distance_m") / 1000);
	if (json_object_get(session, "pain"))
		printf("  pain %lld", reply_whole(session, "pain"));
	printf("%s\n", json_is_true(json_object_get(session, "ended")) ? "" : "  under way");
}

int gaitctl_history(char **words)
{
	json_t *request = json_object(), *all, *session;
	int status;
	size_t i;

	(void)words;
	if (gaitctl.runner)
		json_object_set_new(request, "runner", json_string(gaitctl.runner));
	all = ask_pages("history", request, "history", "id", "before", &status);
	json_decref(request);
	if (!all)
		return status;
	if (gaitctl.as_json) {
		print_json(all);
	} else {
		json_array_foreach(all, i, session)
			print_session(session);
		if (json_array_size(all) == 0)
			log_notice("history", "no session is kept: a runner's are from gaitctl "
			                      "runner add on");
	}
	json_decref(all);
	return EXIT_OK;
}
