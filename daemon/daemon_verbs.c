/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "daemon/daemon_private.h"

#include "daemon/confinement.h"

#include "daemon/loading.h"
#include "daemon/meaning.h"
#include "daemon/pods_status.h"
#include "daemon/service/log.h"
#include "daemon/service/notify.h"

#include <signal.h>
#include <string.h>

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

/* Everything is read and checked before anything is changed. What the reply
 * to gaitctl cannot hold stands in the log. */
static bool read_anew(struct daemon *d)
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
		log_notice(DAEMON_TOKEN, "reloaded: %zu rules", rules->count);
	} else {
		loading_free_rules(rules);
		language_files_free(languages);
		if (config)
			config_free(config);
		log_error(DAEMON_TOKEN, "not reloaded; what was there before goes on");
	}
	return good;
}

static bool reload(struct daemon *d)
{
	bool good;

	notify_reloading();
	good = read_anew(d);
	notify_ready();
	return good;
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
	status_displays(d->hub, reply);
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

const struct control_verb daemon_verbs[] = {
	{ "status", answer_status },
	{ "confinement", confinement_answer },
	{ "pods", answer_pods },
	{ "reload", answer_reload },
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
	(void)number;
	(void)what;
	reload(user);
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
