/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * A call that may take long, as a resolver's does, in a thread of its own, while the
 * loop goes on. One at a time.
 */
#ifndef GAITD_MQTT_ERRAND_H
#define GAITD_MQTT_ERRAND_H

#include <event2/event.h>
#include <pthread.h>
#include <stdbool.h>

struct errand {
	void (*work)(void *user); /* in the thread: touches what nobody else does meanwhile */
	void (*done)(void *user); /* in the loop, after it */
	void *user;
	pthread_t thread;
	int pipe[2]; /* its end is said here */
	struct event *event;
	bool under_way;
};

/* False: no memory or descriptors; to be closed all the same. */
bool errand_open(struct errand *errand, struct event_base *base);
/* False: there is no thread to be had. */
bool errand_start(struct errand *errand);
/* False: it is still under way, and what it touches must stay; the program may end by
 * _exit() alone. */
bool errand_close(struct errand *errand);

#endif
