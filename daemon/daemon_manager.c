/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "daemon/daemon_private.h"

#include "daemon/service/log.h"
#include "daemon/service/notify.h"

#include <stdio.h>

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
	snprintf(text + used, sizeof(text) - used, ", %zu display%s", displays,
	         displays == 1 ? "" : "s");
	notify_status(text);
}

/* A treadmill is a machine; of the pod, which is a person's, only its state. */
void daemon_note_event(const struct source_event *event)
{
	if (event->device == SOURCE_TREADMILL && event->kind == SOURCE_NAME)
		log_set_field(LOG_TREADMILL, event->text);
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
