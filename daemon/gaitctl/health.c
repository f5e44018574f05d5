/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/gaitctl/health.h"

#include "daemon/gaitctl/gaitctl.h"
#include "daemon/gaitctl/radio_state.h"
#include "daemon/service/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define BETWEEN_ASKS_NS 500000000

/* ---- judging --------------------------------------------------------------- */

__attribute__((format(printf, 3, 4))) static void
say(struct health *health, int status, const char *format, ...)
{
	va_list args;

	health->status = status;
	va_start(args, format);
	vsnprintf(health->why, sizeof(health->why), format, args);
	va_end(args);
}

void health_judge(const json_t *status, struct health *health)
{
	static const int statuses[] = {
		[RADIO_SOON] = EXIT_TEMPORARY,
		[RADIO_TROUBLE] = EXIT_FAILED,
	};
	const char *name = "";
	const json_t *source = NULL;
	enum radio_state worst = radio_state_worst(json_object_get(status, "sources"), &name,
	                                           &source);

	if (worst == RADIO_WELL)
		say(health, EXIT_OK, "%s, %s", reply_text(status, "daemon"),
		    reply_text(status, "source"));
	else
		say(health, statuses[worst], "%s: %s", name, reply_text(source, "message"));
}

void health_judge_idle(const json_t *status, struct health *health)
{
	const json_t *session = json_object_get(status, "session");
	const char *state = reply_text(session, "state");
	double speed_kmh = reply_number(json_object_get(status, "metrics"), "speed_kmh");

	if (strcmp(state, "idle") != 0 && strcmp(state, "ended") != 0)
		say(health, EXIT_FAILED, "a session is %s, for %lld s by now", state,
		    reply_whole(session, "elapsed_s"));
	else if (speed_kmh > 0)
		say(health, EXIT_FAILED, "the belt moves, at %.2f km/h", speed_kmh);
	else
		say(health, EXIT_OK, "no session is under way and no belt moves");
}

/* ---- asking ----------------------------------------------------------------- */

static void keep_message(enum log_level level, const char *message, void *user)
{
	struct health *health = user;

	(void)level;
	log_escape(health->why, sizeof(health->why), message);
}

/* Without a daemon nothing works, and nothing is disturbed. One that gives no
 * answer yet is starting, as far as can be known. */
static void judge_silence(int error, int status, struct health *health)
{
	bool nobody = error == ENOENT || error == ECONNREFUSED;

	if (nobody && gaitctl.idle)
		say(health, EXIT_OK, "no gaitd runs");
	else
		health->status = nobody ? EXIT_FAILED : status;
}

static void ask_once(struct health *health)
{
	int status, error;
	json_t *reply;

	log_divert(keep_message, health);
	reply = ask("status", NULL, &status);
	error = errno;
	log_divert(NULL, NULL);
	if (!reply)
		judge_silence(error, status, health);
	else if (!json_is_true(json_object_get(reply, "ok")))
		say(health, EXIT_FAILED, "gaitd: %s", reply_text(reply, "error"));
	else if (gaitctl.idle)
		health_judge_idle(reply, health);
	else
		health_judge(reply, health);
	json_decref(reply);
}

/* No right to ask does not come by waiting. */
static void ask_until_good(struct health *health, unsigned wait_s)
{
	static const struct timespec between = { 0, BETWEEN_ASKS_NS };
	struct timespec now;
	time_t until_s;

	clock_gettime(CLOCK_MONOTONIC, &now);
	until_s = now.tv_sec + (time_t)wait_s;
	ask_once(health);
	while (health->status != EXIT_OK && health->status != EXIT_PERMISSION &&
	       now.tv_sec < until_s) {
		nanosleep(&between, NULL);
		ask_once(health);
		clock_gettime(CLOCK_MONOTONIC, &now);
	}
}

static const char *word_of(int status)
{
	if (status == EXIT_PERMISSION)
		return "unknown";
	if (gaitctl.idle)
		return status == EXIT_OK ? "idle" : "busy";
	if (status == EXIT_TEMPORARY)
		return "starting";
	return status == EXIT_OK ? "healthy" : "failing";
}

int gaitctl_health(char **words)
{
	struct health health = { .status = EXIT_FAILED };
	const char *word;
	json_t *reply;

	(void)words;
	ask_until_good(&health, gaitctl.wait_s);
	word = word_of(health.status);
	if (gaitctl.as_json) {
		reply = json_pack("{s:s, s:s}", "state", word, "why", health.why);
		print_json(reply);
		json_decref(reply);
	} else {
		printf("%s: %s\n", word, health.why);
	}
	return health.status;
}
