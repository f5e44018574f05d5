/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "plugins/mqtt/errand.h"

#include <errno.h>
#include <event2/util.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static void *run(void *argument)
{
	struct errand *errand = argument;

	errand->work(errand->user);
	while (write(errand->pipe[1], "", 1) < 0 && errno == EINTR)
		continue;
	return NULL;
}

static void on_end(evutil_socket_t fd, short what, void *user)
{
	struct errand *errand = user;
	char octet;

	(void)what;
	if (read(fd, &octet, 1) != 1)
		return;
	pthread_join(errand->thread, NULL);
	errand->under_way = false;
	errand->done(errand->user);
}

bool errand_open(struct errand *errand, struct event_base *base)
{
	errand->under_way = false;
	errand->event = NULL;
	if (pipe2(errand->pipe, O_CLOEXEC | O_NONBLOCK) < 0) {
		errand->pipe[0] = errand->pipe[1] = -1;
		return false;
	}
	errand->event = event_new(base, errand->pipe[0], EV_READ | EV_PERSIST, on_end, errand);
	return errand->event && event_add(errand->event, NULL) == 0;
}

/* Signals are for the loop. */
bool errand_start(struct errand *errand)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	errand->under_way = pthread_create(&errand->thread, NULL, run, errand) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return errand->under_way;
}

bool errand_close(struct errand *errand)
{
	if (errand->event)
		event_free(errand->event);
	errand->event = NULL;
	if (errand->under_way)
		return false;
	for (int i = 0; i < 2; i++) {
		if (errand->pipe[i] >= 0)
			close(errand->pipe[i]);
	}
	return true;
}
