/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/gaitctl/recorded.h"

#include "daemon/gaitctl/gaitctl.h"
#include "daemon/gaitctl/rules.h"
#include "daemon/loading.h"
#include "daemon/meaning.h"
#include "daemon/service/language_files.h"
#include "daemon/service/log.h"
#include "daemon/service/paths.h"
#include "daemon/sessions/scribe.h"
#include "daemon/sources/replay.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#define SECOND_US 1000000

static void ignore(const struct outcome *outcome, void *user)
{
	(void)outcome;
	(void)user;
}

static bool open_core(struct recorded *r, const struct config *config,
                      const struct ruleset *rules, const struct recorded_ear *ear)
{
	struct pipeline_settings settings;

	pipeline_settings_init(&settings);
	meaning_settings(&settings, config);
	settings.languages = ear->languages;
	if (r->header.has_runner)
		settings.runner = r->header.runner;
	if (r->header.has_start)
		settings.day_s = pipeline_day_s(r->header.start_unix_s,
		                                r->header.start_offset_s);
	r->pipeline = pipeline_new(rules, &settings, ear->outcome, ear->user);
	r->intake = r->pipeline ? intake_new(r->pipeline) : NULL;
	if (r->intake)
		meaning_configure(r->intake, config);
	return r->intake != NULL;
}

static enum source_next next_event(struct replay *replay, struct source_event *event,
                                   uint64_t *end_us)
{
	enum source_next next;

	while ((next = replay_ops.next(replay, event, end_us)) == SOURCE_NEXT_WAIT) {
		struct pollfd fd = { .fd = replay_ops.descriptor(replay), .events = POLLIN };

		poll(&fd, 1, -1);
	}
	return next;
}

static const struct recorded_ear deaf = { NULL, ignore, NULL, NULL };

/* To `at_us`, or to the end if that comes before. False: a line is bad. */
static bool play(struct recorded *r, struct replay *replay, uint64_t at_us,
                 const struct recorded_ear *ear)
{
	uint64_t end_us = SOURCE_NEVER, last_us = 0;
	struct source_event event;
	enum source_next next;

	while ((next = next_event(replay, &event, &end_us)) == SOURCE_NEXT_EVENT &&
	       event.t_us <= at_us) {
		/* what is due before it has come out when it is heard of */
		pipeline_advance(r->pipeline, event.t_us);
		if (ear->event)
			ear->event(&event, ear->user);
		intake_event(r->intake, &event);
		last_us = event.t_us;
	}
	if (next == SOURCE_NEXT_ERROR)
		return false;
	if (next == SOURCE_NEXT_END && (end_us == SOURCE_NEVER || end_us < last_us))
		end_us = last_us;
	r->reached_us = next == SOURCE_NEXT_END && end_us < at_us ? end_us : at_us;
	pipeline_advance(r->pipeline, r->reached_us);
	return true;
}

bool recorded_play(struct recorded *r, const char *file, const struct config *config,
                   const struct ruleset *rules, uint64_t at_us,
                   const struct recorded_ear *ear, int *status)
{
	struct replay *replay;
	bool played = false;

	memset(r, 0, sizeof(*r));
	if (!ear)
		ear = &deaf;
	replay = replay_open(file);
	*status = EXIT_FAILED;
	if (!replay) {
		*status = errno == EACCES ? EXIT_PERMISSION : EXIT_FAILED;
		return false;
	}
	r->header = *replay_header(replay);
	if (!open_core(r, config, rules, ear))
		log_error("recording", "out of memory");
	else
		played = play(r, replay, at_us, ear);
	if (played)
		*status = EXIT_OK;
	replay_ops.free(replay);
	return played;
}

void recorded_close(struct recorded *r)
{
	intake_free(r->intake);
	pipeline_free(r->pipeline);
	memset(r, 0, sizeof(*r));
}

/* ---- the session in it ---------------------------------------------------- */

static void hear_event(const struct source_event *event, void *user)
{
	scribe_event(user, event);
}

static void hear_outcome(const struct outcome *outcome, void *user)
{
	scribe_outcome(user, outcome);
}

/* What the scribe cannot know: the wall clock, and who it was */
static void complete(struct session_log *log, const struct scribe *scribe,
                     const struct recorded *r)
{
	int64_t began_s = (int64_t)(scribe->began_us / SECOND_US);

	log->who = *pipeline_who(r->pipeline);
	log->has_start = r->header.has_start;
	log->start_s = r->header.start_unix_s + began_s;
	log->offset_s = r->header.start_offset_s;
	log->has_kept = pipeline_kept(r->pipeline, &log->kept);
	if (!log->has_kept || !log->has_start)
		return;
	log->kept.start_s += r->header.start_unix_s;
	log->kept.pain_s += r->header.start_unix_s;
}

static bool take_session(const char *file, const struct config *config,
                         const struct ruleset *rules, const struct languages *languages,
                         struct session_log *log, int *status)
{
	struct scribe scribe;
	struct recorded_ear ear = { hear_event, hear_outcome, &scribe, languages };
	struct recorded r;
	bool played;

	scribe_init(&scribe);
	played = recorded_play(&r, file, config, rules, SOURCE_NEVER, &ear, status);
	if (played && scribe.log.second_count == 0) {
		log_error("recording", "%s: there is no session in it: the belt never ran "
		                       "long enough to begin one", file);
		*status = EXIT_FAILED;
		played = false;
	}
	if (played) {
		complete(&scribe.log, &scribe, &r);
		*log = scribe.log;
		session_log_init(&scribe.log);
	}
	scribe_free(&scribe);
	recorded_close(&r);
	return played;
}

bool recorded_session(const char *file, struct session_log *log, int *status)
{
	struct config *config = loading_config(gaitctl.config, status);
	struct ruleset *rules = config ? rules_load(config, NULL, 0, status) : NULL;
	struct language_files *languages =
		rules ? language_files_list(paths_languages_directory()) : NULL;
	bool taken = languages &&
	             take_session(file, config, rules, &languages->set, log, status);

	if (rules && !languages)
		*status = EXIT_FAILED;
	language_files_free(languages);
	loading_free_rules(rules);
	config_free(config);
	return taken;
}
