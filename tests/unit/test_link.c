/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Waiting for a connect, with sockets that stand for an L2CAP one: a stream
 * whose buffer is full is not writable, as a socket that is still connecting.
 * The kernel's own connect is tested in the lab.
 */
#include "config.h"

#include "daemon/bluetooth/link.h"
#include "tests/unit/clock.h"
#include "tests/unit/suite.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>

static struct {
	struct event_base *base;
	struct link *link;
	int fd, peer; /* of the pending socket */
	unsigned done;
	int got_fd, error;
	bool free_in_done;
} f;

static void on_done(void *user, int fd, int error)
{
	(void)user;
	f.done++;
	f.got_fd = fd;
	f.error = error;
	if (f.free_in_done) {
		link_free(f.link);
		f.link = NULL;
	}
}

static void turn(void)
{
	event_base_loop(f.base, EVLOOP_NONBLOCK);
}

static void start(void)
{
	uint8_t bytes[4096] = { 0 };
	int ends[2];

	memset(&f, 0, sizeof(f));
	f.base = event_base_new();
	CU_ASSERT_FATAL(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0);
	while (write(ends[0], bytes, sizeof(bytes)) > 0)
		;
	f.fd = ends[0];
	f.peer = ends[1];
}

static void stop(void)
{
	turn();
	link_free(f.link);
	event_base_free(f.base);
	close(f.peer);
}

static void connects(void)
{
	uint8_t bytes[4096];

	for (int i = 0; i < 2; i++) {
		start();
		f.free_in_done = i;
		f.link = link_wait(f.base, f.fd, EINPROGRESS, 5000, on_done,
		                   NULL);
		turn();
		CU_ASSERT_EQUAL(f.done, 0);
		while (read(f.peer, bytes, sizeof(bytes)) > 0)
			;
		turn();
		CU_ASSERT_EQUAL(f.done, 1);
		CU_ASSERT_EQUAL(f.error, 0);
		CU_ASSERT_EQUAL(f.got_fd, f.fd);
		stop();
		/* it is ours: not closed with the link */
		CU_ASSERT(fcntl(f.fd, F_GETFD) >= 0);
		close(f.fd);
	}
}

static void an_attempt_that_hangs_is_ended(void)
{
	start();
	f.link = link_wait(f.base, f.fd, EINPROGRESS, 5000, on_done, NULL);
	clock_forward_ms += 4990;
	turn();
	CU_ASSERT_EQUAL(f.done, 0);
	clock_forward_ms += 20;
	turn();
	CU_ASSERT_EQUAL(f.done, 1);
	CU_ASSERT_EQUAL(f.error, ETIMEDOUT);
	CU_ASSERT_EQUAL(f.got_fd, -1);
	CU_ASSERT(fcntl(f.fd, F_GETFD) < 0);
	stop();
}

/* Never from within link_connect(): busy, unpowered, no Bluetooth at all */
static void failed_at_once(void)
{
	start();
	f.link = link_wait(f.base, f.fd, EBUSY, 5000, on_done, NULL);
	CU_ASSERT_EQUAL(f.done, 0);
	turn();
	CU_ASSERT_EQUAL(f.done, 1);
	CU_ASSERT_EQUAL(f.error, EBUSY);
	CU_ASSERT(fcntl(f.fd, F_GETFD) < 0);
	stop();
	CU_ASSERT_EQUAL(f.done, 1);

	start();
	close(f.fd);
	f.link = link_wait(f.base, -1, EAFNOSUPPORT, 5000, on_done, NULL);
	turn();
	CU_ASSERT_EQUAL(f.error, EAFNOSUPPORT);
	CU_ASSERT_EQUAL(f.got_fd, -1);
	stop();
}

static void on_done_again(void *user, int fd, int error)
{
	on_done(user, fd, error);
	link_free(f.link);
	f.link = link_wait(f.base, -1, EHOSTUNREACH, 5000, on_done_again, NULL);
}

/* Who asks again at once fails again, but the loop serves others too. */
static void asked_again_at_once(void)
{
	start();
	close(f.fd);
	f.link = link_wait(f.base, -1, EHOSTUNREACH, 5000, on_done_again, NULL);
	for (unsigned i = 1; i <= 3; i++) {
		event_base_loop(f.base, EVLOOP_NONBLOCK | EVLOOP_ONCE);
		CU_ASSERT_EQUAL(f.done, i);
	}
	link_free(f.link);
	f.link = NULL;
	stop();
}

static void ended_by_us(void)
{
	start();
	f.link = link_wait(f.base, f.fd, EINPROGRESS, 5000, on_done, NULL);
	link_free(f.link);
	f.link = NULL;
	CU_ASSERT(fcntl(f.fd, F_GETFD) < 0);
	clock_forward_ms += 6000;
	stop();
	CU_ASSERT_EQUAL(f.done, 0);
	link_free(NULL);
}

/* The error is the socket's own: the far end is gone */
static void refused(void)
{
	start();
	f.link = link_wait(f.base, f.fd, EINPROGRESS, 5000, on_done, NULL);
	close(f.peer);
	turn();
	CU_ASSERT_EQUAL(f.done, 1);
	CU_ASSERT_EQUAL(f.error, ECONNRESET);
	CU_ASSERT_EQUAL(f.got_fd, -1);
	f.peer = -1;
	stop();
}

/* A machine without Bluetooth, or with: in any case one word, later. */
static void a_real_attempt(void)
{
	struct link_target target = {
		.peer = { { 1, 2, 3, 4, 5, 0xc6 }, LE_ADDRESS_RANDOM },
		.limit_ms = 1,
	};

	start();
	close(f.fd);
	f.link = link_connect(f.base, &target, on_done, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(f.link);
	CU_ASSERT_EQUAL(f.done, 0);
	clock_forward_ms += 10;
	turn();
	CU_ASSERT_EQUAL(f.done, 1);
	CU_ASSERT(f.error != 0);
	CU_ASSERT_EQUAL(f.got_fd, -1);
	stop();
	CU_ASSERT(link_secure(-1) == -EBADF);
}

static void words(void)
{
	static const struct {
		int error;
		const char *part;
	} rows[] = {
		{ 0, "ended by the device" },
		{ ECONNREFUSED, "in use by another device" },
		{ ETIMEDOUT, "out of range" },
		{ ETIME, "stopped answering" },
		{ EHOSTUNREACH, "adapter is off" },
		{ ECONNABORTED, "adapter went away" },
		{ EBUSY, "bluetoothd" },
		{ EAFNOSUPPORT, "network namespace" },
		{ ENOMEM, "memory" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CU_ASSERT_PTR_NOT_NULL(
			strstr(link_error_text(rows[i].error), rows[i].part));
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "connects", connects },
		{ "an attempt that hangs is ended",
		  an_attempt_that_hangs_is_ended },
		{ "failed at once", failed_at_once },
		{ "asked again at once", asked_again_at_once },
		{ "ended by us", ended_by_us },
		{ "refused", refused },
		{ "a real attempt", a_real_attempt },
		{ "words", words },
		CU_TEST_INFO_NULL,
	};

	return suite_run("link", tests);
}
