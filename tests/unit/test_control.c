/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The control socket of gaitctl(1), from a client's end.
 */
#include "daemon/service/control.h"
#include "tests/unit/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct event_base *base;
static struct control *control;
static char directory[64], path[80];
static unsigned asked;

static bool answer_hello(const json_t *request, json_t *reply, void *user)
{
	CU_ASSERT_PTR_EQUAL(user, &asked);
	asked++;
	json_object_set(reply, "name", json_object_get(request, "name"));
	return true;
}

static bool answer_sorry(const json_t *request, json_t *reply, void *user)
{
	(void)request;
	(void)user;
	json_object_set_new(reply, "error", json_string("not today"));
	return false;
}

static bool answer_much(const json_t *request, json_t *reply, void *user)
{
	static char text[CONTROL_LINE_MAX];

	(void)request;
	(void)user;
	memset(text, 'a', sizeof(text) - 1);
	json_object_set_new(reply, "text", json_string(text));
	return true;
}

static uint64_t deferred;

static bool answer_later(const json_t *request, json_t *reply, void *user)
{
	(void)request;
	(void)user;
	json_object_set_new(reply, "error", json_string("of no account"));
	deferred = control_defer(control);
	return false;
}

static const struct control_verb verbs[] = {
	{ "later", answer_later },
	{ "hello", answer_hello },
	{ "sorry", answer_sorry },
	{ "much", answer_much },
	{ NULL, NULL },
};

static void start(void)
{
	strcpy(directory, "/tmp/gaitd-control.XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/control.sock", directory);
	base = event_base_new();
	control = control_new(base, path, CONTROL_GROUP, -1, verbs, &asked);
	CU_ASSERT_PTR_NOT_NULL_FATAL(control);
	asked = 0;
}

static void stop(void)
{
	control_free(control);
	event_base_free(base);
	CU_ASSERT_EQUAL(rmdir(directory), 0); /* the socket is gone */
}

static void turn(void)
{
	for (int i = 0; i < 20; i++)
		event_base_loop(base, EVLOOP_NONBLOCK);
}

static int dial(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	strcpy(address.sun_path, path);
	CU_ASSERT_EQUAL_FATAL(
		connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	turn();
	return fd;
}

static void say(int fd, const char *text)
{
	CU_ASSERT_EQUAL(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
	turn();
}

/* What has come; "" nothing, NULL closed */
static const char *hear(int fd)
{
	static char text[65536];
	ssize_t n = recv(fd, text, sizeof(text) - 1, 0);

	if (n == 0)
		return NULL;
	text[n < 0 ? 0 : n] = '\0';
	return text;
}

static void test_replies(void)
{
	static const struct {
		const char *request, *reply;
	} rows[] = {
		{ "{\"cmd\":\"hello\",\"id\":1,\"name\":\"Ada\"}\n",
		  "{\"id\":1,\"ok\":true,\"name\":\"Ada\"}\n" },
		{ "{\"cmd\":\"hello\",\"id\":\"x\",\"name\":2}\r\n",
		  "{\"id\":\"x\",\"ok\":true,\"name\":2}\n" },
		{ "{\"cmd\":\"hello\",\"id\":[1]}\n", "{\"ok\":true}\n" },
		{ "{\"cmd\":\"sorry\",\"id\":2}\n",
		  "{\"id\":2,\"ok\":false,\"error\":\"not today\"}\n" },
		{ "{\"cmd\":\"helo\",\"id\":3}\n",
		  "{\"id\":3,\"ok\":false,\"error\":\"unknown cmd \\\"helo\\\"; there are later hello "
		  "sorry much\"}\n" },
		{ "{\"cmd\":\"much\"}\n",
		  "{\"ok\":false,\"error\":\"the reply is too long\"}\n" },
	};
	int fd;

	start();
	fd = dial();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		say(fd, rows[i].request);
		CU_ASSERT_STRING_EQUAL(hear(fd), rows[i].reply);
	}
	close(fd);
	stop();
}

static void test_junk_gets_an_error_each(void)
{
	static const char *const rows[] = { "\n", "hello\n", "[]\n", "{}\n", "{\"cmd\":1}\n",
		                            "{\"cmd\":\"hello\"\n", "\xff\xfe\n", "null\n" };
	int fd;

	start();
	fd = dial();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *reply;

		say(fd, rows[i]);
		reply = hear(fd);
		CU_ASSERT_PTR_NOT_NULL_FATAL(reply);
		CU_ASSERT_PTR_NOT_NULL(strstr(reply, "\"ok\":false,\"error\":\""));
	}
	CU_ASSERT_EQUAL(asked, 0);
	close(fd);
	stop();
}

static void test_lines_in_any_pieces(void)
{
	const char *request = "{\"cmd\":\"hello\",\"id\":7}\n";
	char byte[2] = "";
	int fd;

	start();
	fd = dial();
	for (const char *at = request; *at; at++) {
		byte[0] = *at;
		say(fd, byte);
	}
	CU_ASSERT_STRING_EQUAL(hear(fd), "{\"id\":7,\"ok\":true}\n");
	say(fd, "{\"cmd\":\"hello\",\"id\":8}\n{\"cmd\":\"hello\",\"id\":9}\n{\"cmd\":");
	CU_ASSERT_STRING_EQUAL(hear(fd),
	                       "{\"id\":8,\"ok\":true}\n{\"id\":9,\"ok\":true}\n");
	close(fd);
	stop();
}

static void test_an_endless_line_is_closed(void)
{
	static char text[CONTROL_LINE_MAX + 1];
	int fd, other;

	start();
	fd = dial();
	other = dial();
	memset(text, 'x', CONTROL_LINE_MAX - 1);
	say(fd, text);
	say(fd, "\n"); /* the longest that may be */
	CU_ASSERT_PTR_NOT_NULL(hear(fd));
	say(fd, text);
	say(fd, "x");
	CU_ASSERT_PTR_NULL(hear(fd));
	say(other, "{\"cmd\":\"hello\",\"id\":1}\n");
	CU_ASSERT_STRING_EQUAL(hear(other), "{\"id\":1,\"ok\":true}\n");
	close(fd);
	close(other);
	stop();
}

/* It stops being read; what it asked stays in its own socket buffer. */
static void test_a_client_that_never_reads(void)
{
	static const char request[] = "{\"cmd\":\"hello\",\"id\":1}\n";
	unsigned sent = 0, before;
	int fd;

	start();
	fd = dial();
	while (send(fd, request, sizeof(request) - 1, MSG_NOSIGNAL) > 0 && sent < 1000000) {
		sent++;
		turn();
	}
	CU_ASSERT_TRUE(sent < 1000000);
	before = asked;
	turn();
	CU_ASSERT_EQUAL(asked, before);
	for (int i = 0; i < 100; i++) {
		hear(fd);
		turn();
	}
	CU_ASSERT_TRUE(asked > before);
	close(fd);
	turn();
	stop();
}

static void test_full_house(void)
{
	int fds[17];

	start();
	for (int i = 0; i < 17; i++)
		fds[i] = dial();
	say(fds[15], "{\"cmd\":\"hello\",\"id\":1}\n");
	CU_ASSERT_STRING_EQUAL(hear(fds[15]), "{\"id\":1,\"ok\":true}\n");
	say(fds[16], "{\"cmd\":\"hello\",\"id\":2}\n");
	CU_ASSERT_STRING_EQUAL(hear(fds[16]), "");
	close(fds[3]);
	turn();
	CU_ASSERT_STRING_EQUAL(hear(fds[16]), "{\"id\":2,\"ok\":true}\n");
	for (int i = 0; i < 17; i++) {
		if (i != 3)
			close(fds[i]);
	}
	turn();
	stop();
}

static void test_clients_that_die(void)
{
	int fd;

	start();
	for (int i = 0; i < 50; i++) {
		fd = dial();
		say(fd, i % 2 ? "{\"cmd\":\"hello\"}\n{\"cm" : "{\"cmd\":\"he");
		close(fd);
	}
	turn();
	fd = dial();
	say(fd, "{\"cmd\":\"hello\",\"id\":1}\n");
	CU_ASSERT_STRING_EQUAL(hear(fd), "{\"id\":1,\"ok\":true}\n");
	stop(); /* with a client */
	close(fd);
}

/* Others are served meanwhile, and what the client asked behind it comes behind
 * it; a reply to who has left goes nowhere. */
static void test_later(void)
{
	int one, two;

	start();
	one = dial();
	two = dial();
	say(one, "{\"cmd\":\"later\",\"id\":7}\n{\"cmd\":\"hello\",\"name\":\"a\"}\n");
	say(two, "{\"cmd\":\"hello\",\"name\":\"b\"}\n");
	CU_ASSERT_STRING_EQUAL(hear(one), "");
	CU_ASSERT_STRING_EQUAL(hear(two), "{\"ok\":true,\"name\":\"b\"}\n");
	control_answer(control, deferred + 1, true, NULL); /* nobody's */
	control_answer(control, deferred, true, json_pack("{s:i}", "found", 3));
	turn();
	CU_ASSERT_STRING_EQUAL(hear(one), "{\"id\":7,\"ok\":true,\"found\":3}\n"
	                                  "{\"ok\":true,\"name\":\"a\"}\n");
	say(two, "{\"cmd\":\"later\"}\n");
	close(two);
	turn();
	control_answer(control, deferred, true, NULL);
	control_answer(control, deferred, true, NULL);
	turn();
	say(one, "{\"cmd\":\"sorry\"}\n");
	CU_ASSERT_STRING_EQUAL(hear(one), "{\"ok\":false,\"error\":\"not today\"}\n");
	close(one);
	stop();
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "a reply to each request", test_replies },
		{ "junk gets an error each", test_junk_gets_an_error_each },
		{ "lines in any pieces", test_lines_in_any_pieces },
		{ "an endless line is closed", test_an_endless_line_is_closed },
		{ "a client that never reads", test_a_client_that_never_reads },
		{ "a full house", test_full_house },
		{ "clients that die", test_clients_that_die },
		{ "later", test_later },
		CU_TEST_INFO_NULL,
	};

	return suite_run("control", tests);
}
