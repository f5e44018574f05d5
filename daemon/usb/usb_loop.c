/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "daemon/usb/usb_loop.h"

#include "daemon/service/unserved.h"

#include <assert.h>
#include <errno.h>
#include <event2/event.h>
#include <libusb.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define STUCK_S 60 /* none takes so long: see usb_loop.h */
#define HANGS_S 6 /* what a job gets when all ends */

struct usb_loop {
	struct event_base *base;
	libusb_context *context;
	void (*changed)(void *user);
	void *user;
	/* libusb adds and removes its descriptors in whatever thread opens and
	 * closes a device. An epoll of its own takes that from any thread, and
	 * the loop watches nothing but the epoll. */
	int inner_fd;
	struct event *ready, *timer, *rescan;
	libusb_hotplug_callback_handle hotplug;
	bool has_hotplug;

	int done_fd;
	struct event *done_event, *again;
	bool handling; /* libusb's callbacks are called from here */
	bool working;  /* there is a job */
	bool running;  /* and the thread has it */
	pthread_t thread;
	void (*work)(void *user);
	void (*done)(void *user);
	void *job;
	struct timespec began; /* the job */

	struct unserved unserved;
	uint64_t turns; /* in which libusb's descriptors were served */
};

/* ---- descriptors ---- */

static void arm_timer(struct usb_loop *loop)
{
	struct timeval tv;

	if (!libusb_pollfds_handle_timeouts(loop->context) &&
	    libusb_get_next_timeout(loop->context, &tv) == 1)
		event_add(loop->timer, &tv);
}

static void begin_job(struct usb_loop *loop);

/* A job that a callback asks for begins when libusb is left. */
static void handle_for(struct usb_loop *loop, struct timeval tv)
{
	if (loop->working)
		return;
	loop->turns++;
	loop->handling = true;
	libusb_handle_events_timeout_completed(loop->context, &tv, NULL);
	loop->handling = false;
	if (loop->working)
		begin_job(loop);
	else
		arm_timer(loop);
}

static void handle(struct usb_loop *loop)
{
	handle_for(loop, (struct timeval){ 0, 0 });
}

static void on_ready(evutil_socket_t fd, short what, void *user)
{
	(void)fd;
	(void)what;
	handle(user);
}

static void LIBUSB_CALL on_added(int fd, short events, void *user)
{
	struct usb_loop *loop = user;
	struct epoll_event event = { .events = 0, .data = { .fd = fd } };

	if (events & POLLIN)
		event.events |= EPOLLIN;
	if (events & POLLOUT)
		event.events |= EPOLLOUT;
	epoll_ctl(loop->inner_fd, EPOLL_CTL_ADD, fd, &event);
}

static void LIBUSB_CALL on_removed(int fd, void *user)
{
	struct usb_loop *loop = user;

	epoll_ctl(loop->inner_fd, EPOLL_CTL_DEL, fd, NULL);
}

static bool watch(struct usb_loop *loop)
{
	const struct libusb_pollfd **fds = libusb_get_pollfds(loop->context);

	if (!fds)
		return false;
	for (size_t i = 0; fds[i]; i++)
		on_added(fds[i]->fd, fds[i]->events, loop);
	libusb_free_pollfds(fds);
	libusb_set_pollfd_notifiers(loop->context, on_added, on_removed, loop);
	return true;
}

/* ---- arrivals ---- */

static void on_rescan(evutil_socket_t fd, short what, void *user)
{
	struct usb_loop *loop = user;

	(void)fd;
	(void)what;
	loop->changed(loop->user);
}

/* In here only little may be asked of libusb: leave it first. */
static int LIBUSB_CALL on_hotplug(libusb_context *context, libusb_device *device,
                                  libusb_hotplug_event event, void *user)
{
	struct usb_loop *loop = user;

	(void)context;
	(void)device;
	(void)event;
	event_active(loop->rescan, EV_TIMEOUT, 0);
	return 0;
}

static void expect_arrivals(struct usb_loop *loop)
{
	static const struct timeval often = { 5, 0 };

	loop->has_hotplug =
		libusb_has_capability(LIBUSB_CAP_HAS_HOTPLUG) &&
		libusb_hotplug_register_callback(
			loop->context,
			LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT,
			0, LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
			LIBUSB_HOTPLUG_MATCH_ANY, on_hotplug, loop,
			&loop->hotplug) == LIBUSB_SUCCESS;
	if (!loop->has_hotplug)
		event_add(loop->rescan, &often);
	event_active(loop->rescan, EV_TIMEOUT, 0);
}

/* ---- jobs ---- */

static void *thread_main(void *user)
{
	struct usb_loop *loop = user;
	uint64_t one = 1;

	loop->work(loop->job);
	while (write(loop->done_fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
	return NULL;
}

/* Signals are the loop's business: threads are made with all blocked. */
static int with_signals_blocked(int (*make)(void *user), void *user)
{
	sigset_t all, before;
	int result;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	result = make(user);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return result;
}

static int make_thread(void *user)
{
	struct usb_loop *loop = user;

	return pthread_create(&loop->thread, NULL, thread_main, loop);
}

static int make_context(void *user)
{
	struct usb_loop *loop = user;

	return libusb_init(&loop->context);
}

/* Where no thread can be had, it is tried again: the loop does not block. */
static void begin_job(struct usb_loop *loop)
{
	static const struct timeval later = { 1, 0 };

	loop->running = with_signals_blocked(make_thread, loop) == 0;
	if (!loop->running)
		event_add(loop->again, &later);
}

static void on_again(evutil_socket_t fd, short what, void *user)
{
	(void)fd;
	(void)what;
	begin_job(user);
}

void usb_loop_work(struct usb_loop *loop, void (*work)(void *user),
                   void (*done)(void *user), void *user)
{
	assert(!loop->working);
	loop->work = work;
	loop->done = done;
	loop->job = user;
	loop->working = true;
	clock_gettime(CLOCK_MONOTONIC, &loop->began);
	event_del(loop->ready);
	if (!loop->handling)
		begin_job(loop);
}

/* While there is a job, nothing else is to be expected. */
const char *usb_loop_stuck(struct usb_loop *loop)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (loop->working && now.tv_sec - loop->began.tv_sec > STUCK_S)
		return "the kernel does not let go of a USB stick";
	if (!loop->working && unserved_is(&loop->unserved, loop->inner_fd, loop->turns))
		return "what comes from USB is not read";
	return NULL;
}

bool usb_loop_is_working(const struct usb_loop *loop)
{
	return loop->working;
}

static void on_done(evutil_socket_t fd, short what, void *user)
{
	struct usb_loop *loop = user;
	uint64_t count;

	(void)what;
	if (read(fd, &count, sizeof(count)) < 0 || !loop->running)
		return;
	pthread_join(loop->thread, NULL);
	loop->working = loop->running = false;
	event_add(loop->ready, NULL);
	loop->done(loop->job);
	handle(loop);
}

/* ---- the whole ---- */

static bool make_events(struct usb_loop *loop)
{
	loop->inner_fd = epoll_create1(EPOLL_CLOEXEC);
	loop->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (loop->inner_fd < 0 || loop->done_fd < 0)
		return false;
	loop->ready = event_new(loop->base, loop->inner_fd, EV_READ | EV_PERSIST, on_ready,
	                        loop);
	loop->done_event =
		event_new(loop->base, loop->done_fd, EV_READ | EV_PERSIST, on_done, loop);
	loop->timer = evtimer_new(loop->base, on_ready, loop);
	loop->again = evtimer_new(loop->base, on_again, loop);
	loop->rescan = event_new(loop->base, -1, EV_PERSIST, on_rescan, loop);
	return loop->ready && loop->done_event && loop->timer && loop->again && loop->rescan &&
	       event_add(loop->ready, NULL) == 0 && event_add(loop->done_event, NULL) == 0;
}

struct usb_loop *usb_loop_new(struct event_base *base, void (*changed)(void *user),
                              void *user, int *error)
{
	struct usb_loop *loop = calloc(1, sizeof(*loop));

	*error = LIBUSB_ERROR_NO_MEM;
	if (!loop)
		return NULL;
	loop->base = base;
	loop->changed = changed;
	loop->user = user;
	loop->inner_fd = loop->done_fd = -1;
	*error = with_signals_blocked(make_context, loop);
	if (*error != LIBUSB_SUCCESS) {
		loop->context = NULL;
		usb_loop_free(loop);
		return NULL;
	}
	if (!make_events(loop) || !watch(loop)) {
		*error = LIBUSB_ERROR_NO_MEM;
		usb_loop_free(loop);
		return NULL;
	}
	expect_arrivals(loop);
	arm_timer(loop);
	return loop;
}

static void free_event(struct event *event)
{
	if (event)
		event_free(event);
}

bool usb_loop_finish(struct usb_loop *loop)
{
	struct timespec until;

	if (!loop->working)
		return true;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += HANGS_S;
	if (!loop->running)
		loop->work(loop->job); /* it ends: this may wait */
	else if (pthread_timedjoin_np(loop->thread, NULL, &until) != 0)
		return false;
	loop->working = loop->running = false;
	loop->done(loop->job);
	return !loop->working || usb_loop_finish(loop);
}

void usb_loop_free(struct usb_loop *loop)
{
	if (loop->context) {
		libusb_set_pollfd_notifiers(loop->context, NULL, NULL, NULL);
		if (loop->has_hotplug)
			libusb_hotplug_deregister_callback(loop->context, loop->hotplug);
	}
	free_event(loop->ready);
	free_event(loop->done_event);
	free_event(loop->timer);
	free_event(loop->again);
	free_event(loop->rescan);
	if (loop->context)
		libusb_exit(loop->context);
	if (loop->inner_fd >= 0)
		close(loop->inner_fd);
	if (loop->done_fd >= 0)
		close(loop->done_fd);
	free(loop);
}

struct libusb_context *usb_loop_context(struct usb_loop *loop)
{
	return loop->context;
}

void usb_loop_pump(struct usb_loop *loop, unsigned milliseconds)
{
	if (loop->working)
		usb_loop_finish(loop);
	else
		handle_for(loop, (struct timeval){ 0, (suseconds_t)milliseconds * 1000 });
}
