/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The wiring: options, configuration, rules, source, core, sinks.
 */
#include <config.h>

#include "daemon/daemon.h"

#include "daemon/displays/hub.h"
#include "daemon/displays/prompt_log.h"
#include "daemon/displays/prompt_test.h"
#include "daemon/loading.h"
#include "daemon/meaning.h"
#include "daemon/origin.h"
#include "daemon/pods_status.h"
#include "daemon/service/config.h"
#include "daemon/service/control.h"
#include "daemon/service/language_files.h"
#include "daemon/service/lock_file.h"
#include "daemon/service/log.h"
#include "daemon/service/paths.h"
#include "daemon/service/privilege.h"
#include "daemon/sources/player.h"
#include "daemon/sources/recorder.h"
#include "daemon/sources/simulate.h"
#include "daemon/status.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TOKEN "daemon"

struct daemon {
	const struct options *options;
	struct config *config;   /* of the start */
	struct config *reloaded; /* the last reload's; NULL: there was none */
	struct ruleset *rules;
	struct language_files *languages;
	struct pipeline_settings settings;
	struct origin origin;
	struct event_base *base;
	struct pipeline *pipeline;
	struct intake *intake;
	struct hub *hub;         /* NULL: not listening */
	struct prompt_test *test; /* likewise */
	struct control *control; /* likewise */
	struct lock_file *lock;  /* NULL: nobody is shown anything, or in a hurry */
	struct prompt_log *prompts;
	struct recorder *recorder;
	char display_path[PATHS_SOCKET_MAX], control_path[PATHS_SOCKET_MAX];
	struct event *signals[3];
	struct event *flush; /* of the prompts, when they come in a rush */
	struct status status;
	int ended_with;  /* why the loop ended */
	int exit_status; /* EXIT_GO_ON until it is known */
};

static int out_of_memory(void)
{
	log_error(TOKEN, "out of memory");
	return EXIT_FAILED;
}

static void stop(struct daemon *d, int status)
{
	d->ended_with = status;
	event_base_loopbreak(d->base);
}

/* ---- configuration and rules --------------------------------------------- */

static void apply_log_level(const struct config *config)
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
	apply_log_level(d->config);
	return EXIT_GO_ON;
}

static int open_rules(struct daemon *d)
{
	d->rules = loading_rules(d->config, d->options);
	return d->rules ? EXIT_GO_ON : EXIT_CONFIGURATION;
}

static int open_languages(struct daemon *d)
{
	d->languages = language_files_load(paths_languages_directory());
	return d->languages ? EXIT_GO_ON : out_of_memory();
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

static const struct config *config_now(const struct daemon *d)
{
	return d->reloaded ? d->reloaded : d->config;
}

/* ---- the core, and what goes into it and comes out ------------------------ */

/* What the session leaves for a history; there is none to put it into yet. */
static void note_session(const struct daemon *d)
{
	struct runner_session session;

	if (pipeline_kept(d->pipeline, &session))
		log_info("session", "ended: %.2f km, %u s of running, %s", session.distance_m / 1000,
		         (unsigned)session.run_s,
		         session.pain < 0 ? "no pain told" : "pain told");
}

static void on_outcome(const struct outcome *outcome, void *user)
{
	struct daemon *d = user;
	const struct driver *driver = &d->origin.driver;

	status_outcome(&d->status, outcome);
	if (outcome->message.type == DISPLAY_MESSAGE_SESSION)
		language_files_want(d->languages, outcome->message.session.lang);
	if (outcome->message.type == DISPLAY_MESSAGE_SESSION &&
	    outcome->message.session.state == DISPLAY_SESSION_ENDED)
		note_session(d);
	if (d->lock)
		lock_file_outcome(d->lock, outcome, pipeline_is_locked(d->pipeline));
	if (d->hub)
		prompt_test_outcome(d->test, outcome);
	if (d->prompts) {
		prompt_log_outcome(d->prompts, outcome);
		if (d->options->speed != PLAYER_MAX)
			prompt_log_flush(d->prompts);
		/* nobody else listens, and nobody reads it any more */
		if (!d->hub && !prompt_log_is_good(d->prompts))
			stop(d, EXIT_FAILED);
	}
	driver->ops->outcome(driver->self, outcome);
}

static void on_event(const struct source_event *event, void *user)
{
	struct daemon *d = user;

	if (event->kind == SOURCE_FOOTPOD_UNIT && meaning_fixes_footpod_unit(config_now(d)))
		return;
	if (d->recorder)
		recorder_event(d->recorder, event);
	intake_event(d->intake, event);
}

/* What the configuration says of it is no event, and a recording must tell it. */
static void record_footpod_unit(struct daemon *d, const struct config *config,
                                uint64_t t_us)
{
	struct source_event event =
		meaning_footpod_unit_event(t_us, intake_footpod_unit(d->intake),
	                                   meaning_fixes_footpod_unit(config));

	if (d->recorder)
		recorder_event(d->recorder, &event);
}

static void on_input(const struct display_request *input, const char *name,
                     void *user)
{
	struct daemon *d = user;
	const struct driver *driver = &d->origin.driver;
	struct source_event event;

	log_info("input", "%s: %s", name, display_input_name(input->input));
	if (prompt_test_input(d->test, input))
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
	stop(d, failed ? EXIT_FAILED : EXIT_OK);
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

static int open_core(struct daemon *d)
{
	struct timespec now = { 0, 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	d->status.started_s = now.tv_sec;
	d->status.source = d->origin.name;
	d->status.recording = d->options->record;
	event_set_log_callback(on_libevent);
	d->base = event_base_new();
	d->pipeline = pipeline_new(d->rules, &d->settings, on_outcome, d);
	d->intake = d->pipeline ? intake_new(d->pipeline) : NULL;
	if (!d->base || !d->intake)
		return out_of_memory();
	meaning_configure(d->intake, d->config);
	return EXIT_GO_ON;
}

/* ---- reload, status, signals --------------------------------------------- */

/* The hub goes on with the configuration of the start. */
static void reconfigure(struct daemon *d, struct config *config)
{
	const struct driver *driver = &d->origin.driver;
	bool was_fixed = meaning_fixes_footpod_unit(config_now(d));

	apply_log_level(config);
	meaning_configure(d->intake, config);
	if (driver->ops->reconfigure)
		driver->ops->reconfigure(driver->self, config);
	driver->ops->wake(driver->self);
	if (d->reloaded)
		config_free(d->reloaded);
	d->reloaded = config;
	if (was_fixed || meaning_fixes_footpod_unit(config))
		record_footpod_unit(d, config, driver->ops->now_us(driver->self));
}

/* Everything is read and checked before anything is changed. What the reply
 * to gaitctl cannot hold stands in the log. */
static bool reload(struct daemon *d)
{
	int status;
	struct config *config = loading_config(d->options->config, &status);
	struct ruleset *rules = config ? loading_rules(config, d->options) : NULL;
	struct language_files *languages =
		rules ? language_files_load(paths_languages_directory()) : NULL;
	bool good = languages && pipeline_set_rules(d->pipeline, rules);

	if (good) {
		pipeline_set_languages(d->pipeline, &languages->set);
		language_files_free(d->languages);
		d->languages = languages;
		loading_free_rules(d->rules);
		d->rules = rules;
		reconfigure(d, config);
		log_notice(TOKEN, "reloaded: %zu rules", rules->count);
	} else {
		loading_free_rules(rules);
		language_files_free(languages);
		if (config)
			config_free(config);
		log_error(TOKEN, "not reloaded; what was there before goes on");
	}
	return good;
}

static bool answer_status(const json_t *request, json_t *reply, void *user)
{
	struct daemon *d = user;
	const struct driver *driver = &d->origin.driver;

	(void)request;
	status_describe(&d->status, d->pipeline, d->intake, d->rules, d->hub,
	                driver->ops->now_us(driver->self), reply);
	if (driver->ops->describe)
		driver->ops->describe(driver->self, reply);
	return true;
}

static bool answer_pods(const json_t *request, json_t *reply, void *user)
{
	struct daemon *d = user;
	const struct driver *driver = &d->origin.driver;
	const struct config *config = config_now(d);

	(void)request;
	json_object_set_new(reply, "configured",
	                    json_boolean(config->footpod.ant_id != 0 ||
	                                 *config->footpod.address));
	pods_status(intake_pods(d->intake), driver->ops->now_us(driver->self), reply);
	return true;
}

static bool answer_reload(const json_t *request, json_t *reply, void *user)
{
	struct daemon *d = user;

	(void)request;
	if (reload(d)) {
		json_object_set_new(reply, "rules", json_integer((json_int_t)d->rules->count));
		return true;
	}
	json_object_set_new(reply, "error", json_string("not reloaded; gaitd's log says why"));
	return false;
}

static const struct control_verb verbs[] = {
	{ "status", answer_status },
	{ "pods", answer_pods },
	{ "reload", answer_reload },
	{ NULL, NULL },
};

static void on_stop_signal(evutil_socket_t number, short what, void *user)
{
	(void)what;
	log_info(TOKEN, "%s: ending", strsignal(number));
	stop(user, EXIT_OK);
}

static void on_reload_signal(evutil_socket_t number, short what, void *user)
{
	(void)number;
	(void)what;
	reload(user);
}

static int open_signals(struct daemon *d)
{
	signal(SIGPIPE, SIG_IGN);
	d->signals[0] = evsignal_new(d->base, SIGINT, on_stop_signal, d);
	d->signals[1] = evsignal_new(d->base, SIGTERM, on_stop_signal, d);
	d->signals[2] = evsignal_new(d->base, SIGHUP, on_reload_signal, d);
	for (size_t i = 0; i < 3; i++) {
		if (!d->signals[i] || event_add(d->signals[i], NULL) < 0)
			return out_of_memory();
	}
	return EXIT_GO_ON;
}

/* ---- sinks --------------------------------------------------------------- */

/* A replay in a hurry has no use for displays, unless one is asked for. */
static bool wants_displays(const struct options *options)
{
	return options->socket || !options->replay || options->speed != PLAYER_MAX;
}

static struct hub_grant grant(char *const *names, uint32_t count)
{
	return (struct hub_grant){ (const char *const *)names, count };
}

static int open_sockets(struct daemon *d)
{
	const struct config *config = d->config;
	const char *display = *config->display.socket ? config->display.socket : NULL;
	const char *control = *config->control.socket ? config->control.socket : NULL;
	struct hub_settings settings;

	if (!wants_displays(d->options))
		return EXIT_GO_ON;
	if (!paths_display_socket(d->options->socket, display, d->display_path) ||
	    !paths_control_socket(d->display_path, control, d->control_path))
		return EXIT_USAGE;
	if (!paths_make_parent(d->display_path) || !paths_make_parent(d->control_path))
		return origin_status_of(errno);
	hub_settings_init(&settings);
	settings.path = d->display_path;
	settings.daemon = PACKAGE_STRING;
	settings.input = grant(config->display.input, config->display.input_count);
	settings.personal =
		grant(config->display.personal, config->display.personal_count);
	settings.displays_max = config->display.max;
	d->hub = hub_new(d->base, &settings, on_input, d);
	d->test = d->hub ? prompt_test_new(d->base, d->hub, PROMPT_TEST_EACH_MS) : NULL;
	d->control = d->test ? control_new(d->base, d->control_path, verbs, d) : NULL;
	if (!d->control)
		return origin_status_of(errno);
	control_add(d->control, prompt_test_verbs, d->test);
	if (d->origin.driver.ops->verbs)
		control_add(d->control, d->origin.driver.ops->verbs, d->origin.driver.self);
	d->status.display_socket = d->display_path;
	log_notice(TOKEN, "%s; displays connect to %s", d->origin.name, d->display_path);
	return EXIT_GO_ON;
}

/* Time that is not the runner's, and a recording, which says all that there
 * was, leave and find no lock. */
static int open_lock(struct daemon *d)
{
	if (!d->hub || d->options->replay || d->options->speed != 1)
		return EXIT_GO_ON;
	d->lock = lock_file_new(d->base, d->display_path);
	if (!d->lock)
		return out_of_memory();
	if (lock_file_is_left(d->lock)) {
		log_notice(TOKEN, "a prompt that was not acknowledged is shown again");
		pipeline_restore_lock(d->pipeline);
	}
	return EXIT_GO_ON;
}

/* Recording onto the file that is being replayed would empty it first. */
static void on_flush(evutil_socket_t fd, short what, void *user)
{
	struct daemon *d = user;

	(void)fd;
	(void)what;
	prompt_log_flush(d->prompts);
}

/* As fast as it goes a pipe may still be slow: its reader waits a second. */
static int open_prompts(struct daemon *d, const struct options *options)
{
	static const struct timeval second = { 1, 0 };

	d->prompts = prompt_log_open(options->prompts, options->metrics);
	if (!d->prompts)
		return origin_status_of(errno);
	d->flush = event_new(d->base, -1, EV_PERSIST, on_flush, d);
	if (!d->flush)
		return out_of_memory();
	if (options->speed == PLAYER_MAX)
		event_add(d->flush, &second);
	return EXIT_GO_ON;
}

static int open_files(struct daemon *d)
{
	const struct options *options = d->options;
	int status = EXIT_GO_ON;

	if (paths_same_file(options->record, options->replay) ||
	    paths_same_file(options->prompts, options->replay) ||
	    paths_same_file(options->record, options->prompts)) {
		log_error("usage", "one file cannot be read and written, or written twice: "
		                   "--replay, --record and --prompts need different ones");
		return EXIT_USAGE;
	}
	if (options->prompts)
		status = open_prompts(d, options);
	if (status == EXIT_GO_ON && options->record) {
		d->recorder = recorder_new(d->base, options->record, &d->origin.header);
		if (!d->recorder)
			return origin_status_of(errno);
		if (meaning_fixes_footpod_unit(d->config))
			record_footpod_unit(d, d->config, 0);
	}
	return status;
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
		return out_of_memory();
	return privilege_drop() ? EXIT_GO_ON : EXIT_PERMISSION;
}

static int play(struct daemon *d)
{
	d->ended_with = EXIT_FAILED;
	if (event_base_dispatch(d->base) < 0)
		log_error(TOKEN, "the event loop failed: %s", strerror(errno));
	return d->ended_with;
}

static void close_all(struct daemon *d)
{
	const struct driver *driver = &d->origin.driver;
	uint64_t end_us = driver->self ? driver->ops->now_us(driver->self) : 0;

	if (driver->self)
		driver->ops->free(driver->self);
	control_free(d->control);
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
		open_config, open_rules, open_languages, open_origin, open_core,
		open_signals, open_files, open_sockets, open_lock, start, play,
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
