/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "daemon/daemon_private.h"

#include "daemon/confinement.h"
#include "daemon/loading.h"
#include "daemon/meaning.h"
#include "daemon/pods_status.h"
#include "daemon/rules_status.h"
#include "daemon/service/log.h"
#include "daemon/service/notify.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#define WHY_MAX 1024

/* ---- reload, status, signals --------------------------------------------- */

/* The hub goes on with the configuration of the start. */
static void reconfigure(struct daemon *d, struct config *config)
{
	const struct driver *driver = &d->origin.driver;
	bool was_fixed = meaning_fixes_footpod_unit(daemon_config(d));

	daemon_apply_log_level(config);
	meaning_configure(d->intake, config);
	if (driver->ops->reconfigure)
		driver->ops->reconfigure(driver->self, config);
	driver->ops->wake(driver->self);
	if (d->reloaded)
		config_free(d->reloaded);
	d->reloaded = config;
	if (was_fixed || meaning_fixes_footpod_unit(config))
		daemon_record_footpod_unit(d, config, driver->ops->now_us(driver->self));
}

struct fresh {
	struct config *config;
	struct ruleset *rules;
	struct language_files *languages;
};

/* Reads and checks everything. False with what gaitctl is to exit with. */
static bool read_fresh(const struct daemon *d, struct fresh *fresh, int *status)
{
	fresh->config = loading_config(d->options->config, status);
	if (!fresh->config)
		return false;
	fresh->rules = loading_rules(fresh->config, d->options, status);
	if (!fresh->rules)
		return false;
	fresh->languages = language_files_list(paths_languages_directory());
	if (fresh->languages && pipeline_set_rules(d->pipeline, fresh->rules))
		return true;
	*status = daemon_out_of_memory();
	return false;
}

static void swap(struct daemon *d, const struct fresh *fresh)
{
	pipeline_set_languages(d->pipeline, &fresh->languages->set);
	language_files_free(d->languages);
	d->languages = fresh->languages;
	loading_free_rules(d->rules);
	d->rules = fresh->rules;
	reconfigure(d, fresh->config);
	log_known(MESSAGE_RELOADED, DAEMON_TOKEN, "reloaded: %zu rules", d->rules->count);
}

static void drop(const struct fresh *fresh)
{
	loading_free_rules(fresh->rules);
	language_files_free(fresh->languages);
	config_free(fresh->config);
	log_known(MESSAGE_NOT_RELOADED, DAEMON_TOKEN,
	          "not reloaded; what was there before goes on");
}

/* Nothing is changed unless all of it is right. `why` is the first thing that was
 * wrong, with file, line and column. */
int daemon_reload(struct daemon *d, char *why, size_t size)
{
	struct fresh fresh = { NULL, NULL, NULL };
	int status = EXIT_OK;
	bool good;

	notify_reloading();
	log_keep_error(why, size);
	good = read_fresh(d, &fresh, &status);
	log_keep_error(NULL, 0);
	if (good)
		swap(d, &fresh);
	else
		drop(&fresh);
	fleet_care_reloaded(&d->care, good, why);
	notify_ready();
	return good ? EXIT_OK : status;
}

static bool answer_status(const json_t *request, json_t *reply, void *user)
{
	struct daemon *d = user;
	const struct driver *driver = &d->origin.driver;

	(void)request;
	status_describe(&d->status, d->pipeline, d->intake, d->rules,
	                driver->ops->now_us(driver->self), reply);
	if (driver->ops->describe)
		driver->ops->describe(driver->self, reply);
	status_displays(d->hub, 0, reply);
	return true;
}

static bool answer_pods(const json_t *request, json_t *reply, void *user)
{
	struct daemon *d = user;
	const struct driver *driver = &d->origin.driver;
	const struct config *config = daemon_config(d);

	(void)request;
	json_object_set_new(reply, "configured",
	                    json_boolean(config->footpod.ant_id != 0 ||
	                                 *config->footpod.address));
	pods_status(intake_pods(d->intake), driver->ops->now_us(driver->self), reply);
	return true;
}

/* Where a page begins that a long list is asked for in */
static size_t from_of(const json_t *request)
{
	json_int_t from = json_integer_value(json_object_get(request, "from"));

	return from > 0 ? (size_t)from : 0;
}

static bool answer_displays(const json_t *request, json_t *reply, void *user)
{
	const struct daemon *d = user;

	status_displays(d->hub, from_of(request), reply);
	return true;
}

static bool answer_rules(const json_t *request, json_t *reply, void *user)
{
	const struct daemon *d = user;
	const struct driver *driver = &d->origin.driver;

	rules_status(pipeline_coach(d->pipeline), from_of(request),
	             driver->ops->now_us(driver->self), reply);
	return true;
}

static bool answer_meter(const json_t *request, json_t *reply, void *user)
{
	const struct daemon *d = user;
	const struct driver *driver = &d->origin.driver;
	struct intake_counts counts = intake_counts(d->intake);

	(void)request;
	meter_describe(&d->meter, &counts, driver->ops->now_us(driver->self), reply);
	fleet_figures_describe(&d->care.figures, meter_clock_us(), reply);
	return true;
}

bool daemon_answer_reload(const json_t *request, json_t *reply, void *user)
{
	struct daemon *d = user;
	char why[WHY_MAX] = "", error[WHY_MAX + 64];
	int status = daemon_reload(d, why, sizeof(why));

	(void)request;
	if (status == EXIT_OK) {
		json_object_set_new(reply, "rules", json_integer((json_int_t)d->rules->count));
		return true;
	}
	snprintf(error, sizeof(error), "not reloaded, what was there before goes on: %s", why);
	json_object_set_new(reply, "error", json_string(error));
	json_object_set_new(reply, "exit_status", json_integer(status));
	return false;
}

const struct control_verb daemon_verbs[] = {
	{ "status", answer_status },
	{ "confinement", confinement_answer },
	{ "displays", answer_displays },
	{ "meter", answer_meter },
	{ "pods", answer_pods },
	{ "reload", daemon_answer_reload },
	{ "restart", daemon_answer_restart },
	{ "rules", answer_rules },
	{ NULL, NULL },
};

static void on_stop_signal(evutil_socket_t number, short what, void *user)
{
	(void)what;
	log_info(DAEMON_TOKEN, "%s: ending", strsignal(number));
	daemon_stop(user, EXIT_OK);
}

static void on_reload_signal(evutil_socket_t number, short what, void *user)
{
	char why[WHY_MAX];

	(void)number;
	(void)what;
	daemon_reload(user, why, sizeof(why));
}

int daemon_open_signals(struct daemon *d)
{
	signal(SIGPIPE, SIG_IGN);
	d->signals[0] = evsignal_new(d->base, SIGINT, on_stop_signal, d);
	d->signals[1] = evsignal_new(d->base, SIGTERM, on_stop_signal, d);
	d->signals[2] = evsignal_new(d->base, SIGHUP, on_reload_signal, d);
	for (size_t i = 0; i < 3; i++) {
		if (!d->signals[i] || event_add(d->signals[i], NULL) < 0)
			return daemon_out_of_memory();
	}
	return EXIT_GO_ON;
}
