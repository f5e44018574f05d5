/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The wiring: options, configuration, rules, source, core, sinks.
 */
#include <config.h>

#include "daemon/daemon_private.h"

#include "daemon/loading.h"
#include "daemon/meaning.h"
#include "daemon/service/log.h"
#include "daemon/service/notify.h"
#include "daemon/service/privilege.h"
#include "daemon/sources/player.h"
#include "daemon/sources/simulate.h"
#include "daemon/summary_card.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CLOCK_SET_S 1600000000 /* before it a clock was never set */

/* Memory, or descriptors, for what needs both */
int daemon_out_of_memory(void)
{
	if (errno == EMFILE || errno == ENFILE)
		log_error(DAEMON_TOKEN, "%s: raise LimitNOFILE=, or ulimit -n", strerror(errno));
	else
		log_known(MESSAGE_OUT_OF_MEMORY, DAEMON_TOKEN, "out of memory");
	return EXIT_FAILED;
}

void daemon_stop(struct daemon *d, int status)
{
	d->ended_with = status;
	event_base_loopbreak(d->base);
}

/* ---- configuration and rules --------------------------------------------- */

void daemon_apply_log_level(const struct config *config)
{
	enum log_level level = LOG_LEVEL_NOTICE;

	log_level_from_name(config->log.level, &level);
	log_set_level(level);
}

static int open_config(struct daemon *d)
{
	int status;

	d->config = loading_config(d->options->config, &status);
	if (!d->config)
		return status;
	daemon_apply_log_level(d->config);
	return EXIT_GO_ON;
}

static int open_rules(struct daemon *d)
{
	int status;

	d->rules = loading_rules(d->config, d->options, &status);
	return d->rules ? EXIT_GO_ON : status;
}

static int open_languages(struct daemon *d)
{
	d->languages = language_files_list(paths_languages_directory());
	return d->languages ? EXIT_GO_ON : daemon_out_of_memory();
}

/* ---- where events come from ---------------------------------------------- */

static void init_settings(struct daemon *d)
{
	pipeline_settings_init(&d->settings);
	meaning_settings(&d->settings, d->config);
	d->settings.languages = &d->languages->set;
	d->settings.rule_failed = loading_rule_failed;
}

static int open_origin(struct daemon *d)
{
	init_settings(d);
	d->origin.header.runner = &d->settings.runner;
	return origin_open(&d->origin, d->options, d->rules, &d->settings);
}

const struct config *daemon_config(const struct daemon *d)
{
	return d->reloaded ? d->reloaded : d->config;
}

/* ---- the core, and what goes into it and comes out ------------------------ */

/* The displays have it behind the session's end. */
static void show_card(const struct daemon *d, uint64_t t_us)
{
	struct outcome card;

	if (d->hub && summary_card(diary_log(d->diary), &d->languages->set, t_us, &card))
		prompt_test_outcome(d->test, &card);
}

static void note_session(const struct daemon *d)
{
	const struct session_log *log = diary_log(d->diary);

	if (log->has_kept)
		log_info("session", "ended: %.2f km, %u s of running, %s",
		         log->kept.distance_m / 1000, (unsigned)log->kept.run_s,
		         log->kept.pain < 0 ? "no pain told" : "pain told");
}

static void on_outcome(const struct outcome *outcome, void *user)
{
	struct daemon *d = user;
	const struct driver *driver = &d->origin.driver;
	bool ends = outcome->message.type == DISPLAY_MESSAGE_SESSION &&
	            outcome->message.session.state == DISPLAY_SESSION_ENDED;

	status_outcome(&d->status, outcome);
	diary_outcome(d->diary, outcome);
	if (outcome->message.type == DISPLAY_MESSAGE_LINK ||
	    outcome->message.type == DISPLAY_MESSAGE_SESSION)
		daemon_tell_status(d);
	if (outcome->message.type == DISPLAY_MESSAGE_SESSION)
		language_files_want(d->languages, outcome->message.session.lang);
	if (ends) {
		note_session(d);
		fleet_session_ended(d);
	}
	if (d->lock)
		lock_file_outcome(d->lock, outcome, pipeline_is_locked(d->pipeline));
	if (d->hub)
		prompt_test_outcome(d->test, outcome);
	if (ends && !d->care.forgets)
		show_card(d, outcome->t_us);
	if (d->prompts) {
		prompt_log_outcome(d->prompts, outcome);
		if (d->options->speed != PLAYER_MAX)
			prompt_log_flush(d->prompts);
		/* nobody else listens, and nobody reads it any more */
		if (!d->hub && !prompt_log_is_good(d->prompts))
			daemon_stop(d, EXIT_FAILED);
	}
	meter_outcome(&d->meter, outcome, driver->ops->late_us(driver->self, outcome->t_us));
	daemon_restart_if_idle(d);
	driver->ops->outcome(driver->self, outcome);
}

static void on_event(const struct source_event *event, void *user)
{
	struct daemon *d = user;

	if (event->kind == SOURCE_FOOTPOD_UNIT && meaning_fixes_footpod_unit(daemon_config(d)))
		return;
	daemon_note_event(event);
	if (d->recorder)
		recorder_event(d->recorder, event);
	meter_event(&d->meter, event);
	diary_event(d->diary, event);
	intake_event(d->intake, event);
	diary_pod(d->diary, pods_current(intake_pods(d->intake)));
}

void daemon_record_footpod_unit(struct daemon *d, const struct config *config,
                                uint64_t t_us)
{
	struct source_event event =
		meaning_footpod_unit_event(t_us, intake_footpod_unit(d->intake),
	                                   meaning_fixes_footpod_unit(config));

	if (d->recorder)
		recorder_event(d->recorder, &event);
}

void daemon_input(const struct display_request *input, const char *name,
                     void *user)
{
	struct daemon *d = user;
	const struct driver *driver = &d->origin.driver;
	struct source_event event;

	log_info("input", "%s: %s", name, display_input_name(input->input));
	if (prompt_test_input(d->test, input))
		return;
	if (input->input == DISPLAY_INPUT_RUNNER &&
	    diary_ask_runner(d->diary, input->name, input->pin))
		return;
	memset(&event, 0, sizeof(event));
	event.device = SOURCE_INPUT;
	event.unit = 1;
	event.kind = SOURCE_REQUEST;
	event.request = *input;
	driver->ops->deliver(driver->self, &event);
}

static void on_ended(bool failed, void *user)
{
	struct daemon *d = user;

	if (d->lock && !failed)
		lock_file_end(d->lock);
	daemon_stop(d, failed ? EXIT_FAILED : EXIT_OK);
}

static void on_libevent(int severity, const char *message)
{
	if (severity == EVENT_LOG_ERR)
		log_error("libevent", "%s", message);
	else if (severity == EVENT_LOG_WARN)
		log_warn("libevent", "%s", message);
	else
		log_debug("libevent", "%s", message);
}

static const char *on_footpod_unit(void *user)
{
	const struct daemon *d = user;
	enum rsc_unit unit = intake_footpod_unit(d->intake);

	return unit == RSC_UNIT_UNDECIDED ? "" : rsc_unit_word(unit);
}

static void on_set_footpod_unit(void *user, const char *name)
{
	struct daemon *d = user;
	const struct driver *driver = &d->origin.driver;
	enum rsc_unit unit = RSC_UNIT_UNDECIDED;
	struct source_event event;

	/* at the start, too: then there is nothing to unlearn */
	if (!rsc_unit_from_word(name, &unit) && intake_counts(d->intake).events == 0)
		return;
	event = meaning_footpod_unit_event(driver->ops->now_us(driver->self), unit, false);
	on_event(&event, d);
}

/* A recording's, or ours: a simulation in a hurry has none. */
static bool wall_clock(void *user, uint64_t t_us, int64_t *unix_s, int32_t *offset_s)
{
	const struct daemon *d = user;
	const struct recorder_header *header = &d->origin.header;
	time_t now = time(NULL);
	struct tm tm;

	if (d->options->replay) {
		*unix_s = header->start_unix_s + (int64_t)(t_us / 1000000);
		*offset_s = header->start_offset_s;
		return header->has_start;
	}
	*unix_s = now;
	*offset_s = localtime_r(&now, &tm) ? (int32_t)tm.tm_gmtoff : 0;
	return d->options->speed == 1 && now >= CLOCK_SET_S;
}

static uint64_t session_now_us(void *user)
{
	const struct daemon *d = user;

	return d->origin.driver.ops->now_us(d->origin.driver.self);
}

/* A recording tells his name, and nothing else of him. */
static void on_chosen(void *user, const char *name)
{
	struct daemon *d = user;
	struct source_event event = {
		.t_us = session_now_us(d), .device = SOURCE_INPUT, .unit = 1,
		.kind = SOURCE_REQUEST,
		.request = { .type = DISPLAY_REQUEST_INPUT, .input = DISPLAY_INPUT_RUNNER },
	};

	if (name && d->recorder) {
		snprintf(event.request.name, sizeof(event.request.name), "%s", name);
		recorder_event(d->recorder, &event);
	}
	pipeline_runner(d->pipeline, event.t_us, name);
	d->origin.driver.ops->wake(d->origin.driver.self);
}

static int open_diary(struct daemon *d)
{
	struct diary_settings settings = {
		.base = d->base, .pipeline = d->pipeline, .wall_clock = wall_clock,
		.now_us = session_now_us, .chosen = on_chosen, .user = d,
	};

	d->diary = diary_new(&settings);
	return d->diary ? EXIT_GO_ON : daemon_out_of_memory();
}

/* Where devices bring the events a clock that is coarse will do: see timer.h. */
static struct event_base *base_for(const struct driver_ops *ops)
{
	struct event_config *config = event_config_new();
	struct event_base *base = NULL;

	if (config && (!ops->paces ||
	               event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER) == 0))
		base = event_base_new_with_config(config);
	if (config)
		event_config_free(config);
	return base;
}

static int open_core(struct daemon *d)
{
	struct timespec now = { 0, 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	d->status.started_s = now.tv_sec;
	d->status.started_unix_s = time(NULL);
	d->status.source = d->origin.name;
	d->status.recording = d->options->record;
	event_set_log_callback(on_libevent);
	d->base = base_for(d->origin.driver.ops);
	d->pipeline = pipeline_new(d->rules, &d->settings, on_outcome, d);
	d->intake = d->pipeline ? intake_new(d->pipeline) : NULL;
	if (!d->base || !d->intake)
		return daemon_out_of_memory();
	meaning_configure(d->intake, d->config);
	return open_diary(d);
}

/* ---- the whole ----------------------------------------------------------- */

/* All that needs a right is open by then, and nothing was read of a radio. */
static int start(struct daemon *d)
{
	const struct driver *driver = &d->origin.driver;
	struct driver_settings settings = {
		.base = d->base,
		.pipeline = d->pipeline,
		.config = d->config,
		.deliver = on_event,
		.ended = on_ended,
		.footpod_unit = on_footpod_unit,
		.set_footpod_unit = on_set_footpod_unit,
		.user = d,
	};

	if (!driver->ops->start(driver->self, &settings))
		return daemon_out_of_memory();
	if (!privilege_drop())
		return EXIT_PERMISSION;
	return diary_start(d->diary) ? EXIT_GO_ON : daemon_out_of_memory();
}

static int play(struct daemon *d)
{
	d->ended_with = EXIT_FAILED;
	if (event_base_dispatch(d->base) < 0)
		log_error(DAEMON_TOKEN, "the event loop failed: %s", strerror(errno));
	return d->ended_with;
}

static void close_all(struct daemon *d)
{
	const struct driver *driver = &d->origin.driver;
	uint64_t end_us = driver->self ? driver->ops->now_us(driver->self) : 0;

	notify_stopping();
	watchdog_free(d->watchdog);
	if (driver->self)
		driver->ops->free(driver->self);
	control_free(d->control);
	control_free(d->fleet);
	prompt_test_free(d->test);
	hub_free(d->hub);
	lock_file_free(d->lock);
	paths_remove_made();
	if (!recorder_free(d->recorder, end_us) && d->exit_status == EXIT_OK)
		d->exit_status = EXIT_FAILED;
	if (!prompt_log_close(d->prompts) && d->exit_status == EXIT_OK)
		d->exit_status = EXIT_FAILED;
	for (size_t i = 0; i < 3; i++) {
		if (d->signals[i])
			event_free(d->signals[i]);
	}
	if (d->flush)
		event_free(d->flush);
	diary_free(d->diary);
	if (d->intake)
		intake_free(d->intake);
	if (d->pipeline)
		pipeline_free(d->pipeline);
	if (d->base)
		event_base_free(d->base);
	loading_free_rules(d->rules);
	language_files_free(d->languages);
	if (d->reloaded)
		config_free(d->reloaded);
	if (d->config)
		config_free(d->config);
}

int daemon_run(const struct options *options)
{
	static int (*const steps[])(struct daemon *d) = {
		daemon_open_passed,  open_config,       open_rules,
		open_languages,      open_origin,       open_core,
		daemon_open_signals, daemon_open_files, daemon_open_sockets,
		daemon_open_lock,    start,             daemon_ready,
		play,
	};
	struct daemon d;

	if (options->check_config)
		return loading_check(options);
	if (options->dump_config)
		return loading_dump(options);
	if (options->simulate && strcmp(options->simulate, "list") == 0) {
		simulate_print_list(stdout);
		return EXIT_OK;
	}
	memset(&d, 0, sizeof(d));
	d.options = options;
	d.exit_status = EXIT_GO_ON;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (d.exit_status == EXIT_GO_ON)
			d.exit_status = steps[i](&d);
	}
	close_all(&d);
	return d.exit_status;
}
