/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "daemon/daemon_private.h"

#include "daemon/meaning.h"
#include "daemon/service/listener.h"
#include "daemon/service/log.h"
#include "daemon/sources/player.h"

#include <errno.h>
#include <stdio.h>

/* A replay in a hurry has no use for displays, unless one is asked for. */
static bool wants_displays(const struct options *options)
{
	return options->socket || !options->replay || options->speed != PLAYER_MAX;
}

/* Who opens something says why he could not, unless he had no memory to begin with. */
static int not_opened(void)
{
	return errno == ENOMEM ? daemon_out_of_memory() : origin_status_of(errno);
}

static struct hub_grant grant(char *const *names, uint32_t count)
{
	return (struct hub_grant){ (const char *const *)names, count };
}

static void on_displays_changed(void *user)
{
	daemon_tell_status(user);
}

/* A passed socket has a path already, wherever the configuration says. */
static int find_paths(struct daemon *d)
{
	const struct config *config = d->config;
	const char *display = *config->display.socket ? config->display.socket : NULL;
	const char *control = *config->control.socket ? config->control.socket : NULL;
	char passed[ACTIVATION_SOCKETS][LISTENER_PATH_MAX];
	const char *asked = d->options->socket;

	if (d->passed[ACTIVATION_DISPLAY] >= 0 &&
	    listener_path(d->passed[ACTIVATION_DISPLAY], passed[ACTIVATION_DISPLAY]))
		asked = passed[ACTIVATION_DISPLAY];
	if (d->passed[ACTIVATION_CONTROL] >= 0 &&
	    listener_path(d->passed[ACTIVATION_CONTROL], passed[ACTIVATION_CONTROL]))
		control = passed[ACTIVATION_CONTROL];
	if (!paths_display_socket(asked, display, d->display_path) ||
	    !paths_control_socket(d->display_path, control, d->control_path))
		return EXIT_USAGE;
	if (d->passed[ACTIVATION_FLEET] >= 0 &&
	    listener_path(d->passed[ACTIVATION_FLEET], passed[ACTIVATION_FLEET]))
		snprintf(d->fleet_path, sizeof(d->fleet_path), "%.107s", passed[ACTIVATION_FLEET]);
	else if (!paths_fleet_socket(d->display_path, d->fleet_path))
		return EXIT_USAGE;
	if (!paths_make_parent(d->display_path) || !paths_make_parent(d->control_path))
		return origin_status_of(errno);
	return EXIT_GO_ON;
}

int daemon_open_sockets(struct daemon *d)
{
	const struct config *config = d->config;
	struct hub_settings settings;
	int status;

	if (!wants_displays(d->options))
		return EXIT_GO_ON;
	status = find_paths(d);
	if (status != EXIT_GO_ON)
		return status;
	hub_settings_init(&settings);
	settings.path = d->display_path;
	settings.passed = d->passed[ACTIVATION_DISPLAY];
	settings.changed = on_displays_changed;
	settings.daemon = PACKAGE_STRING;
	settings.input = grant(config->display.input, config->display.input_count);
	settings.personal =
		grant(config->display.personal, config->display.personal_count);
	settings.displays_max = config->display.max;
	d->hub = hub_new(d->base, &settings, daemon_input, d);
	d->test = d->hub ? prompt_test_new(d->base, d->hub, PROMPT_TEST_EACH_MS) : NULL;
	d->control = d->test ? control_new(d->base, d->control_path, CONTROL_GROUP,
	                                    d->passed[ACTIVATION_CONTROL], daemon_verbs, d) :
	                        NULL;
	d->fleet = d->control ? control_new(d->base, d->fleet_path, FLEET_GROUP,
	                                     d->passed[ACTIVATION_FLEET], fleet_verbs, d) :
	                         NULL;
	if (!d->fleet)
		return not_opened();
	control_add(d->control, prompt_test_verbs, d->test);
	if (d->origin.driver.ops->verbs)
		control_add(d->control, d->origin.driver.ops->verbs, d->origin.driver.self);
	d->status.display_socket = d->display_path;
	log_notice(DAEMON_TOKEN, "%s; displays connect to %s", d->origin.name, d->display_path);
	return EXIT_GO_ON;
}

/* A simulation keeps nothing, but for a runner who is chosen in it, and takes
 * nothing up. What was locked for long goes on for as long as a silent belt. */
static bool open_history(struct daemon *d, bool is_locked)
{
	const struct config *config = d->config;
	char history[PATHS_FILE_MAX] = "", anonymous[PATHS_SOCKET_MAX + 16] = "";
	struct diary_place place = {
		.history = history, .anonymous = anonymous,
		.retention_days = config->history.retention_days,
	};

	if (config->history.enabled)
		paths_history(config->history.path, history);
	if (!d->options->simulate) {
		snprintf(anonymous, sizeof(anonymous), "%s.session", d->display_path);
		place.resume_s = is_locked ? LOCK_FILE_SILENT_S : config->session.end_after_s;
	}
	if (*history == '\0' && *anonymous == '\0')
		return true;
	if (!diary_keep(d->diary, &place))
		return false;
	diary_serve(d->diary, d->control);
	return true;
}

/* Time that is not the runner's, and a recording, which says all that there
 * was, leave and find nothing: no history, no lock. */
int daemon_open_lock(struct daemon *d)
{
	bool is_left;

	if (!d->hub)
		diary_spare(d->diary);
	if (!d->hub && !d->options->metrics)
		pipeline_spare_metrics(d->pipeline);
	if (!d->hub || d->options->replay || d->options->speed != 1)
		return EXIT_GO_ON;
	d->lock = lock_file_new(d->base, d->display_path);
	if (!d->lock)
		return daemon_out_of_memory();
	is_left = lock_file_is_left(d->lock);
	if (!open_history(d, is_left))
		return daemon_out_of_memory();
	if (is_left) {
		log_notice(DAEMON_TOKEN, "a prompt that was not acknowledged is shown again");
		pipeline_restore_lock(d->pipeline);
	}
	return EXIT_GO_ON;
}

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
		return not_opened();
	d->flush = event_new(d->base, -1, EV_PERSIST, on_flush, d);
	if (!d->flush)
		return daemon_out_of_memory();
	if (options->speed == PLAYER_MAX)
		event_add(d->flush, &second);
	return EXIT_GO_ON;
}

/* Recording onto the file that is being replayed would empty it first. */
int daemon_open_files(struct daemon *d)
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
			return not_opened();
		if (meaning_fixes_footpod_unit(d->config))
			daemon_record_footpod_unit(d, d->config, 0);
	}
	return status;
}
