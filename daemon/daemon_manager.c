/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "daemon/daemon_private.h"

#include "daemon/service/log.h"
#include "daemon/service/notify.h"

#include <stdio.h>
#include <stdlib.h>

int daemon_open_passed(struct daemon *d)
{
	return activation_take(d->passed) ? EXIT_GO_ON : EXIT_CONFIGURATION;
}

/* ---- "treadmill live, foot pod live, running 12 min, 3 displays" --------- */

/* What is not wanted is not worth a word. */
static size_t put_link(char *out, size_t size, const char *what,
                       enum display_link_state state)
{
	int used;

	if (state == DISPLAY_LINK_OFF)
		return 0;
	used = snprintf(out, size, "%s %s, ", what, display_link_state_name(state));
	return used > 0 ? (size_t)used : 0;
}

static size_t put_session(char *out, size_t size, const struct display_session *session)
{
	const char *state = display_session_state_name(session->state);
	int used;

	if (session->state == DISPLAY_SESSION_IDLE)
		used = snprintf(out, size, "%s", state);
	else
		used = snprintf(out, size, "%s %u min", state,
		                (unsigned)(session->elapsed_s / 60));
	return used > 0 ? (size_t)used : 0;
}

void daemon_tell_status(struct daemon *d)
{
	char text[NOTIFY_STATUS_MAX];
	size_t used = 0, displays = d->hub ? hub_count(d->hub) : 0;

	log_set_field(LOG_FOOTPOD, display_link_state_name(d->status.link.footpod));
	if (!d->manager_listens)
		return;
	used += put_link(text, sizeof(text), "treadmill", d->status.link.treadmill);
	used += put_link(text + used, sizeof(text) - used, "foot pod", d->status.link.footpod);
	used += put_session(text + used, sizeof(text) - used, &d->status.session);
	snprintf(text + used, sizeof(text) - used, ", %zu display%s%s", displays,
	         displays == 1 ? "" : "s",
	         d->restart_wanted ? "; to be started anew when the run is over" : "");
	notify_status(text);
}

/* A treadmill is a machine; of the pod, which is a person's, only its state. */
void daemon_note_event(const struct source_event *event)
{
	if (event->device == SOURCE_TREADMILL && event->kind == SOURCE_NAME)
		log_set_field(LOG_TREADMILL, event->text);
}

/* ---- a restart that disturbs nobody -------------------------------------- */

static bool is_idle(const struct daemon *d)
{
	const struct display_metrics *metrics = pipeline_metrics(d->pipeline);
	enum display_session_state state = d->status.session.state;

	return (state == DISPLAY_SESSION_IDLE || state == DISPLAY_SESSION_ENDED) &&
	       !pipeline_is_locked(d->pipeline) &&
	       !(metrics->present & DISPLAY_SPEED && metrics->speed_kmh > 0);
}

/* systemd sets it for what it starts. */
static bool is_started_anew(void)
{
	return getenv("INVOCATION_ID") || notify_is_wanted();
}

void daemon_restart_if_idle(struct daemon *d)
{
	if (!d->restart_wanted || !is_idle(d))
		return;
	d->restart_wanted = false;
	log_notice(DAEMON_TOKEN, "nobody runs: ending, to be started anew");
	daemon_stop(d, EXIT_TEMPORARY);
}

bool daemon_answer_restart(const json_t *request, json_t *reply, void *user)
{
	struct daemon *d = user;
	bool idle = is_idle(d);

	(void)request;
	if (!is_started_anew()) {
		json_object_set_new(reply, "error",
		                    json_string("no service manager started this gaitd, so that "
		                                "nobody would start it anew; end it and start it "
		                                "by hand"));
		return false;
	}
	d->restart_wanted = true;
	json_object_set_new(reply, "now", json_boolean(idle));
	if (!idle)
		log_notice(DAEMON_TOKEN, "to be started anew when the run is over");
	daemon_restart_if_idle(d);
	daemon_tell_status(d);
	return true;
}

/* ---- progress ------------------------------------------------------------ */

static const char *stuck_driver(void *user)
{
	const struct daemon *d = user;

	return d->origin.driver.ops->stuck(d->origin.driver.self);
}

int daemon_ready(struct daemon *d)
{
	d->manager_listens = notify_is_wanted();
	d->watchdog = watchdog_new(d->base, notify_watchdog_us());
	if (!d->watchdog)
		return daemon_out_of_memory();
	watchdog_add(d->watchdog, stuck_driver, d);
	if (d->hub)
		watchdog_add(d->watchdog, hub_stuck, d->hub);
	daemon_tell_status(d);
	notify_ready();
	return EXIT_GO_ON;
}
