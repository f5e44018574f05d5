/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A GATT client on one end of a SOCK_SEQPACKET socketpair, raw PDUs at the
 * other; what was called is counted in `f`. For one test program each.
 */
#ifndef GAITD_GATT_FIXTURE_H
#define GAITD_GATT_FIXTURE_H

#include "daemon/bluetooth/gatt_socket.h"
#include "tests/unit/bytes.h"
#include "tests/unit/suite.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct {
	struct event_base *base;
	struct gatt_socket *socket;
	struct gatt *gatt;
	int peer;
	/* what was called */
	unsigned done, values, changed, secured, closed;
	enum gatt_status status;
	uint8_t error;
	uint8_t value[ATT_VALUE_MAX];
	size_t length;
	uint16_t from; /* the handle of a value */
	uint16_t start, end;
	int fd, close_error;
	bool fd_was_open; /* when closed() was called */
	bool may_secure;
} f;

static inline void on_value(void *user, const struct gatt_characteristic *from,
                            const uint8_t *value, size_t length)
{
	(void)user;
	f.values++;
	f.from = from->value;
	f.length = length;
	memcpy(f.value, value, length);
}

static inline void on_changed(void *user, uint16_t start, uint16_t end)
{
	(void)user;
	f.changed++;
	f.start = start;
	f.end = end;
}

static inline bool on_secure(void *user)
{
	(void)user;
	f.secured++;
	return f.may_secure;
}

static inline void on_closed(void *user, int error)
{
	(void)user;
	f.closed++;
	f.close_error = error;
	f.fd_was_open = fcntl(f.fd, F_GETFD) >= 0;
}

static const struct gatt_socket_ops ops = {
	.value = on_value,
	.changed = on_changed,
	.secure = on_secure,
	.closed = on_closed,
};

static inline void on_done(void *user, const struct gatt_result *result)
{
	(void)user;
	f.done++;
	f.status = result->status;
	f.error = result->error;
	f.length = result->length;
	if (result->length > 0)
		memcpy(f.value, result->value, result->length);
}

static inline void start(void)
{
	int ends[2];

	memset(&f, 0, sizeof(f));
	CU_ASSERT_FATAL(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
	                           ends) == 0);
	f.base = event_base_new();
	f.socket = gatt_socket_new(f.base, ends[0], &ops, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(f.socket);
	f.gatt = gatt_socket_client(f.socket);
	f.fd = ends[0];
	f.peer = ends[1];
}

static inline void turn(void)
{
	event_base_loop(f.base, EVLOOP_NONBLOCK);
}

static inline void stop(void)
{
	uint8_t pdu[1024];

	turn();
	/* nothing was said that the test did not expect */
	if (f.peer >= 0)
		CU_ASSERT(recv(f.peer, pdu, sizeof(pdu), MSG_DONTWAIT) <= 0);
	gatt_socket_free(f.socket);
	event_base_free(f.base);
	if (f.peer >= 0)
		close(f.peer);
}

static inline void expect(const char *hex)
{
	uint8_t pdu[1024];
	ssize_t length;

	turn();
	length = recv(f.peer, pdu, sizeof(pdu), MSG_DONTWAIT);
	CU_ASSERT(bytes_are(pdu, length > 0 ? (size_t)length : 0, hex));
}

static inline void say_unheard(const char *hex)
{
	struct bytes pdu = bytes_of(hex);

	CU_ASSERT(send(f.peer, pdu.at, pdu.length, MSG_NOSIGNAL) ==
	          (ssize_t)pdu.length);
}

static inline void say(const char *hex)
{
	say_unheard(hex);
	turn();
}

/* "> HEX" is what we must send, "< HEX" what the peer says then. */
static inline void play(const char *const *script)
{
	for (; *script != NULL; script++) {
		if (**script == '>')
			expect(*script + 2);
		else
			say(*script + 2);
	}
}

#define PLAY(...) play((const char *const[]){ __VA_ARGS__, NULL })

static const char table_small[] = "service 0001 0005 1801\n"
				  "characteristic 0002 0003 0004 20 2a05\n"
				  "service 0010 0020 1826\n"
				  "characteristic 0011 0012 0013 10 2acd\n"
				  "characteristic 0014 0015 0016 20 2ad9\n"
				  "characteristic 0017 0018 0000 02 2acc\n";

static inline void start_with_table(void)
{
	struct gatt_table table;

	start();
	CU_ASSERT_FATAL(gatt_table_read(table_small, &table));
	gatt_set_table(f.gatt, &table);
}

static inline bool table_is(const char *text)
{
	static char saw[GATT_TABLE_TEXT_SIZE];

	gatt_table_write(gatt_table(f.gatt), saw, sizeof(saw));
	if (strcmp(saw, text) == 0)
		return true;
	printf("\nexpected\n%ssaw\n%s", text, saw);
	return false;
}

static inline const struct gatt_characteristic *characteristic(uint16_t uuid)
{
	return gatt_table_characteristic(gatt_table(f.gatt), 0x1826, uuid);
}

#endif
