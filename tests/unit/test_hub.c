/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The hub over real sockets and a real loop. Limits of time are set to
 * milliseconds; a test waits for what should happen, never for a time.
 */
#include "config.h"
#include "daemon/displays/hub.h"
#include "daemon/service/log.h"
#include "tests/unit/clock.h"
#include "tests/unit/suite.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define HELLO(name, caps) \
	"{\"type\":\"hello\",\"protocol\":1,\"name\":\"" name "\"," \
	"\"version\":\"2.3\",\"caps\":[" caps "]}\n"
#define ALL_CAPS "\"metrics\",\"shown\",\"input\",\"personal\""
#define TURNS_MAX 20000 /* a test that waits for ever is a failed one */

struct house {
	struct event_base *base;
	struct event *pulse; /* so that a turn of the loop ends */
	struct hub_settings settings;
	struct hub *hub;
	char directory[32], path[64];
	unsigned inputs; /* that came out of the hub */
	struct display_request last;
	char last_name[64];
	bool answer_prompt; /* an input is answered by a prompt at once */
};

/* A display, of which the test plays the plugin */
struct peer {
	int fd;
	struct display_framer framer;
	char bytes[4096];
	size_t at, length;
	char line[DISPLAY_LINE_MAX]; /* the last one read */
	bool closed;
};

static void say(struct house *h, const struct display_message *message)
{
	struct outcome outcome = { .message = *message };

	hub_outcome(h->hub, &outcome);
}

static void say_prompt(struct house *h, uint32_t id, uint32_t ttl_ms)
{
	struct display_message m = { .type = DISPLAY_MESSAGE_PROMPT };

	m.prompt.id = id;
	m.prompt.level = DISPLAY_LEVEL_FORM;
	m.prompt.ttl_ms = ttl_ms;
	strcpy(m.prompt.rule, "cadence-low");
	snprintf(m.prompt.headline, sizeof(m.prompt.headline), "prompt %u",
	         (unsigned)id);
	strcpy(m.prompt.text, "Your back was 5/10 last time.");
	strcpy(m.prompt.public_text, "Your back hurt last time.");
	say(h, &m);
}

static void say_clear(struct house *h, uint32_t id)
{
	struct display_message m = { .type = DISPLAY_MESSAGE_CLEAR,
		                     .clear = { id, DISPLAY_CLEAR_REPLACED } };

	say(h, &m);
}

static void say_metrics(struct house *h, int32_t cadence_spm)
{
	struct display_message m = { .type = DISPLAY_MESSAGE_METRICS };

	m.metrics.present = DISPLAY_CADENCE | DISPLAY_HEART_RATE;
	m.metrics.cadence_spm = cadence_spm;
	m.metrics.heart_rate_bpm = 150;
	say(h, &m);
}

static void say_state(struct house *h)
{
	struct display_message link = { .type = DISPLAY_MESSAGE_LINK };
	struct display_message session = { .type = DISPLAY_MESSAGE_SESSION };
	struct display_message target = { .type = DISPLAY_MESSAGE_TARGET };

	link.link = (struct display_link){ DISPLAY_LINK_LIVE,
		                           DISPLAY_LINK_SEARCHING };
	say(h, &link);
	strcpy(session.session.runner, "Ada");
	strcpy(session.session.lang, "en");
	say(h, &session);
	say_metrics(h, 158);
	target.target = (struct display_target){ 165, 178 };
	say(h, &target);
}

static void on_input(const struct display_request *input, const char *name,
                     void *user)
{
	struct house *h = user;

	h->inputs++;
	h->last = *input;
	snprintf(h->last_name, sizeof(h->last_name), "%s", name);
	if (h->answer_prompt)
		say_prompt(h, h->inputs, 8000);
}

static void on_pulse(evutil_socket_t fd, short what, void *user)
{
	(void)fd;
	(void)what;
	(void)user;
}

static struct house *house_new(void)
{
	struct house *h = calloc(1, sizeof(*h));
	struct timeval pulse = { .tv_usec = 1000 };

	log_set_level(LOG_LEVEL_ERROR);
	h->base = event_base_new();
	h->pulse = event_new(h->base, -1, EV_PERSIST, on_pulse, NULL);
	event_add(h->pulse, &pulse);
	strcpy(h->directory, "/tmp/gaitd-hub.XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(h->directory));
	snprintf(h->path, sizeof(h->path), "%s/display.sock", h->directory);
	hub_settings_init(&h->settings);
	h->settings.path = h->path;
	h->settings.daemon = "gaitd test";
	return h;
}

static void house_open(struct house *h)
{
	h->hub = hub_new(h->base, &h->settings, on_input, h);
	CU_ASSERT_PTR_NOT_NULL_FATAL(h->hub);
}

static struct house *house_opened(void)
{
	struct house *h = house_new();

	house_open(h);
	return h;
}

static void house_free(struct house *h)
{
	hub_free(h->hub);
	CU_ASSERT_EQUAL(access(h->path, F_OK), -1);
	CU_ASSERT_EQUAL(rmdir(h->directory), 0);
	event_free(h->pulse);
	event_base_free(h->base);
	free(h);
}

static void turn(struct house *h)
{
	event_base_loop(h->base, EVLOOP_ONCE);
}

/* ---- the plugin's side ---- */
static struct peer *peer_new(struct house *h)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct peer *p = calloc(1, sizeof(*p));

	strcpy(address.sun_path, h->path);
	p->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	CU_ASSERT_EQUAL_FATAL(connect(p->fd, (struct sockaddr *)&address,
	                              sizeof(address)), 0);
	return p;
}

static void peer_free(struct peer *p)
{
	if (p->fd >= 0)
		close(p->fd);
	free(p);
}

static void peer_say(struct peer *p, const char *text)
{
	ssize_t length = (ssize_t)strlen(text);

	CU_ASSERT_EQUAL(send(p->fd, text, (size_t)length, MSG_NOSIGNAL), length);
}

/* True when p->line is the next line */
static bool peer_poll(struct peer *p)
{
	const char *from;
	size_t left, length;
	ssize_t count;

	if (p->at == p->length) {
		count = recv(p->fd, p->bytes, sizeof(p->bytes), 0);
		if (count == 0 || (count < 0 && errno != EAGAIN))
			p->closed = true;
		p->at = 0;
		p->length = count > 0 ? (size_t)count : 0;
	}
	from = p->bytes + p->at;
	left = p->length - p->at;
	if (display_framer_next(&p->framer, &from, &left, &length) !=
	    DISPLAY_FRAME_LINE) {
		p->at = p->length;
		return false;
	}
	p->at = p->length - left;
	memcpy(p->line, p->framer.line, length);
	p->line[length] = '\0';
	return true;
}

/* The next line; "" when the daemon has closed */
static const char *peer_line(struct house *h, struct peer *p)
{
	for (int turns = 0; turns < TURNS_MAX; turns++) {
		if (peer_poll(p))
			return p->line;
		if (p->closed)
			return "";
		turn(h);
	}
	CU_FAIL_FATAL("no line came");
	return "";
}

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static void expect(struct house *h, struct peer *p, const char *beginning)
{
	const char *line = peer_line(h, p);

	if (!begins(line, beginning))
		printf("\n    saw      %s\n    expected %s\n", line, beginning);
	CU_ASSERT_TRUE(begins(line, beginning));
}

/* Reads on until a line begins so */
static void await(struct house *h, struct peer *p, const char *beginning)
{
	const char *line;

	do
		line = peer_line(h, p);
	while (*line && !begins(line, beginning));
	CU_ASSERT_TRUE(*line != '\0');
}

static void expect_closed(struct house *h, struct peer *p)
{
	const char *line = peer_line(h, p);

	if (*line)
		printf("\n    saw      %s\n", line);
	CU_ASSERT_TRUE(p->closed && !*line);
}

static struct peer *peer_ready(struct house *h, const char *hello)
{
	struct peer *p = peer_new(h);

	expect(h, p, "{\"type\":\"hello\",\"protocol\":[1],"
	       "\"daemon\":\"gaitd test\",\"ping_ms\":");
	peer_say(p, hello);
	expect(h, p, "{\"type\":\"ready\",\"caps\":[");
	return p;
}

static struct hub_display describe(struct house *h, size_t which)
{
	struct hub_display all[64];
	size_t count = hub_describe(h->hub, all, 64);

	CU_ASSERT_TRUE_FATAL(which < count);
	return all[which];
}

static void await_count(struct house *h, size_t count)
{
	for (int turns = 0; turns < TURNS_MAX; turns++) {
		if (hub_count(h->hub) == count)
			return;
		turn(h);
	}
	CU_ASSERT_EQUAL(hub_count(h->hub), count);
}

/* ---- handshake ---- */
static void test_handshake_and_snapshot(void)
{
	struct house *h = house_opened();
	struct peer *p;
	struct hub_display d;

	say_state(h);
	say_prompt(h, 3, 60000);
	p = peer_new(h);
	expect(h, p, "{\"type\":\"hello\",\"protocol\":[1],"
	       "\"daemon\":\"gaitd test\",\"ping_ms\":5000}");
	peer_say(p, HELLO("acme-led", ALL_CAPS));
	expect(h, p, "{\"type\":\"ready\",\"caps\":[\"metrics\",\"shown\","
	       "\"input\"]}");
	expect(h, p, "{\"type\":\"link\",\"treadmill\":\"live\"");
	expect(h, p, "{\"type\":\"session\",");
	expect(h, p, "{\"type\":\"metrics\",");
	expect(h, p, "{\"type\":\"target\",");
	expect(h, p, "{\"type\":\"prompt\",\"id\":3,");
	d = describe(h, 0);
	CU_ASSERT_STRING_EQUAL(d.name, "acme-led");
	CU_ASSERT_STRING_EQUAL(d.version, "2.3");
	CU_ASSERT_EQUAL(d.pid, getpid());
	CU_ASSERT_EQUAL(d.uid, getuid());
	CU_ASSERT_TRUE(d.ready);
	CU_ASSERT_EQUAL(d.sent, 7);
	CU_ASSERT_EQUAL(d.caps, DISPLAY_CAP_METRICS | DISPLAY_CAP_SHOWN |
	                                DISPLAY_CAP_INPUT);
	peer_free(p);
	house_free(h);
}

static void test_handshake_refused(void)
{
	static const struct {
		const char *line, *error;
	} rows[] = {
		{ "hello\n", "bad-json" },
		{ "\n", "bad-json" },
		{ "{\"type\":\"pong\"}\n", "bad-hello" },
		{ "{\"type\":\"input\",\"input\":\"pain\",\"value\":3}\n",
		  "bad-hello" },
		{ "{\"type\":\"hello\",\"protocol\":1}\n", "bad-hello" },
		{ "{\"type\":\"hello\",\"protocol\":2,\"name\":\"x\"}\n",
		  "no-common-version" },
		{ "{\"type\":\"hallo\"}\n", "unknown-type" },
	};
	struct house *h = house_opened();

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct peer *p = peer_new(h);
		char expected[128];

		expect(h, p, "{\"type\":\"hello\"");
		peer_say(p, rows[i].line);
		snprintf(expected, sizeof(expected),
		         "{\"type\":\"error\",\"code\":\"%s\",", rows[i].error);
		expect(h, p, expected);
		CU_ASSERT_PTR_NOT_NULL(strstr(p->line, "\"fatal\":true}"));
		expect_closed(h, p);
		peer_free(p);
	}
	await_count(h, 0);
	CU_ASSERT_EQUAL(h->inputs, 0);
	house_free(h);
}

static void test_handshake_silence(void)
{
	struct house *h = house_new();
	struct peer *p;

	h->settings.hello_ms = 5;
	house_open(h);
	p = peer_new(h);
	say_state(h);
	expect(h, p, "{\"type\":\"hello\"");
	expect(h, p, "{\"type\":\"error\",\"code\":\"bad-hello\","
	       "\"detail\":\"no hello in time\",\"fatal\":true}");
	expect_closed(h, p);
	peer_free(p);
	house_free(h);
}

static void test_handshake_too_long(void)
{
	struct house *h = house_opened();
	struct peer *p = peer_new(h);
	char line[DISPLAY_LINE_MAX + 1];

	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	expect(h, p, "{\"type\":\"hello\"");
	peer_say(p, line);
	expect(h, p, "{\"type\":\"error\",\"code\":\"line-too-long\"");
	expect_closed(h, p);
	peer_free(p);
	house_free(h);
}

static void test_bytes_one_at_a_time(void)
{
	static const char text[] = HELLO("slow", "\"input\"")
		"{\"type\":\"input\",\"input\":\"pain\",\"value\":3}\r\n"
		"{\"type\":\"input\",\"input\":\"ack\",\"id\":9}\n";
	struct house *h = house_opened();
	struct peer *p = peer_new(h);

	for (size_t i = 0; i < strlen(text); i++) {
		char byte[2] = { text[i], '\0' };

		peer_say(p, byte);
		turn(h);
	}
	while (h->inputs < 2 && !p->closed)
		turn(h);
	CU_ASSERT_EQUAL(h->last.input, DISPLAY_INPUT_ACK);
	CU_ASSERT_EQUAL(h->last.id, 9);
	CU_ASSERT_STRING_EQUAL(h->last_name, "slow");
	peer_free(p);
	house_free(h);
}

static void test_hello_and_more_in_a_write(void)
{
	struct house *h = house_opened();
	struct peer *p = peer_new(h);

	peer_say(p, HELLO("quick", "\"input\"")
	         "{\"type\":\"input\",\"input\":\"pain\",\"value\":3}\n"
	         "{\"type\":\"shown\",\"id\":3}\n{\"type\":\"promt\"}\n");
	expect(h, p, "{\"type\":\"hello\"");
	expect(h, p, "{\"type\":\"ready\"");
	expect(h, p, "{\"type\":\"error\",\"code\":\"unknown-type\","
	       "\"detail\":\"promt\",\"fatal\":false}");
	CU_ASSERT_EQUAL(h->inputs, 1);
	CU_ASSERT_EQUAL(h->last.value, 3);
	CU_ASSERT_EQUAL(describe(h, 0).shown, 1);
	CU_ASSERT_EQUAL(describe(h, 0).errors, 1);
	peer_free(p);
	house_free(h);
}

/* ---- what is granted ---- */
static void test_input_not_granted(void)
{
	static const char *const names[] = { "console" };
	struct house *h = house_new();
	struct peer *named, *other, *humble;

	h->settings.input = (struct hub_grant){ names, 1 };
	house_open(h);
	named = peer_ready(h, HELLO("console", "\"input\""));
	other = peer_ready(h, HELLO("guest", "\"input\""));
	humble = peer_ready(h, HELLO("console", "\"shown\""));
	peer_say(other, "{\"type\":\"input\",\"input\":\"pain\",\"value\":3}\n");
	expect(h, other, "{\"type\":\"error\",\"code\":\"not-granted\","
	       "\"detail\":\"input: display.input of the configuration");
	CU_ASSERT_PTR_NOT_NULL(strstr(other->line, "\"fatal\":false"));
	peer_say(humble, "{\"type\":\"input\",\"input\":\"pain\",\"value\":3}\n");
	expect(h, humble, "{\"type\":\"error\",\"code\":\"not-granted\","
	       "\"detail\":\"input: not among the caps of hello\"");
	CU_ASSERT_EQUAL(h->inputs, 0);
	peer_say(named, "{\"type\":\"input\",\"input\":\"pain\",\"value\":3}\n");
	while (!h->inputs)
		turn(h);
	CU_ASSERT_STRING_EQUAL(h->last_name, "console");
	peer_free(named);
	peer_free(other);
	peer_free(humble);
	house_free(h);
}

static void test_personal_filter(void)
{
	static const char *const names[] = { "own" };
	struct house *h = house_new();
	struct peer *own, *others;

	h->settings.personal = (struct hub_grant){ names, 1 };
	house_open(h);
	say_state(h);
	say_prompt(h, 1, 60000);
	own = peer_ready(h, HELLO("own", ALL_CAPS));
	others = peer_ready(h, HELLO("others", ALL_CAPS));
	await(h, own, "{\"type\":\"session\"");
	CU_ASSERT_PTR_NOT_NULL(strstr(own->line, "\"runner\":\"Ada\""));
	expect(h, own, "{\"type\":\"metrics\",\"cadence_spm\":158,"
	       "\"heart_rate_bpm\":150}");
	await(h, own, "{\"type\":\"prompt\"");
	CU_ASSERT_PTR_NOT_NULL(strstr(own->line, "was 5/10"));
	await(h, others, "{\"type\":\"session\"");
	CU_ASSERT_PTR_NOT_NULL(strstr(others->line, "\"runner\":\"known\""));
	expect(h, others, "{\"type\":\"metrics\",\"cadence_spm\":158}");
	await(h, others, "{\"type\":\"prompt\"");
	CU_ASSERT_PTR_NOT_NULL(strstr(others->line, "hurt last time"));
	peer_free(own);
	peer_free(others);
	house_free(h);
}

static void test_no_metrics_without_cap(void)
{
	struct house *h = house_opened();
	struct peer *p = peer_ready(h, HELLO("sign", "\"shown\""));

	say_metrics(h, 160);
	say_prompt(h, 1, 8000);
	expect(h, p, "{\"type\":\"prompt\"");
	peer_free(p);
	house_free(h);
}

/* ---- prompts ---- */
static void test_prompts_come_and_go(void)
{
	struct house *h = house_opened();
	struct peer *p = peer_ready(h, HELLO("a", ""));
	struct peer *late;
	struct display_message m;

	say_prompt(h, 1, 60000);
	expect(h, p, "{\"type\":\"prompt\",\"id\":1,");
	say_clear(h, 1);
	expect(h, p, "{\"type\":\"clear\",\"id\":1,\"reason\":\"replaced\"}");
	say_prompt(h, 2, 60000);
	expect(h, p, "{\"type\":\"prompt\",\"id\":2,");
	turn(h);
	turn(h);
	turn(h);
	late = peer_ready(h, HELLO("late", ""));
	expect(h, late, "{\"type\":\"prompt\",\"id\":2,");
	CU_ASSERT_TRUE_FATAL(display_message_read(late->line, strlen(late->line),
	                                          &m));
	CU_ASSERT_TRUE(m.prompt.ttl_ms < 60000 && m.prompt.ttl_ms > 0);
	say_clear(h, 2);
	peer_free(late);
	late = peer_ready(h, HELLO("later", ""));
	say_prompt(h, 3, 60000);
	expect(h, late, "{\"type\":\"prompt\",\"id\":3,");
	peer_free(late);
	peer_free(p);
	house_free(h);
}

/* A display that was down, or comes late: rules.md 7 */
static void test_late_prompts_are_not_shown(void)
{
	struct display_message safety = { .type = DISPLAY_MESSAGE_PROMPT };
	struct house *h = house_opened();
	struct peer *early, *late;

	say_state(h);
	say_prompt(h, 1, 60000);
	clock_forward_ms += 3000;
	early = peer_ready(h, HELLO("early", ALL_CAPS));
	await(h, early, "{\"type\":\"prompt\",\"id\":1,");
	clock_forward_ms += 2500;
	late = peer_ready(h, HELLO("late", ALL_CAPS));
	await(h, late, "{\"type\":\"target\",");
	say_clear(h, 1); /* of what it was never told */
	say_metrics(h, 160);
	expect(h, late, "{\"type\":\"metrics\",");
	peer_free(late);
	safety.prompt.id = 2;
	safety.prompt.level = DISPLAY_LEVEL_SAFETY;
	safety.prompt.ttl_ms = 60000;
	strcpy(safety.prompt.rule, "decline");
	say(h, &safety);
	clock_forward_ms += 6000;
	late = peer_ready(h, HELLO("late", ALL_CAPS));
	await(h, late, "{\"type\":\"prompt\",\"id\":2,");
	peer_free(late);
	peer_free(early);
	house_free(h);
}

static void test_input_answered_at_once(void)
{
	struct house *h = house_opened();
	struct peer *p = peer_ready(h, HELLO("a", "\"input\""));

	h->answer_prompt = true;
	peer_say(p, "{\"type\":\"input\",\"input\":\"pain\",\"value\":7}\n"
	         "{\"type\":\"input\",\"input\":\"pain\",\"value\":8}\n");
	expect(h, p, "{\"type\":\"prompt\",\"id\":1,");
	expect(h, p, "{\"type\":\"prompt\",\"id\":2,");
	peer_free(p);
	house_free(h);
}

/* ---- displays that misbehave ---- */
static void test_too_many_errors(void)
{
	struct house *h = house_new();
	struct peer *p;

	h->settings.errors_max = 3;
	house_open(h);
	p = peer_ready(h, HELLO("babble", ""));
	for (int i = 0; i < 3; i++) {
		peer_say(p, "junk\n");
		expect(h, p, "{\"type\":\"error\",\"code\":\"bad-json\"");
	}
	peer_say(p, "{\"type\":\"promt\"}\n{\"type\":\"pong\"}\n");
	expect(h, p, "{\"type\":\"error\",\"code\":\"too-many-errors\","
	       "\"detail\":\"the last: unknown-type: promt\",\"fatal\":true}");
	expect_closed(h, p);
	peer_free(p);
	house_free(h);
}

static void test_long_line_and_on(void)
{
	struct house *h = house_new();
	struct peer *p;
	char line[3 * DISPLAY_LINE_MAX];

	h->settings.rate_ms = 5;
	house_open(h);
	p = peer_ready(h, HELLO("a", "\"input\""));
	memset(line, ' ', sizeof(line));
	strcpy(line + sizeof(line) - 64,
	       "{}\n{\"type\":\"input\",\"input\":\"pain\",\"value\":3}\n");
	peer_say(p, line);
	expect(h, p, "{\"type\":\"error\",\"code\":\"line-too-long\"");
	CU_ASSERT_PTR_NOT_NULL(strstr(p->line, "\"fatal\":false"));
	while (!h->inputs)
		turn(h);
	CU_ASSERT_EQUAL(describe(h, 0).errors, 1);
	/* exactly 4,096 octets pass */
	snprintf(line, sizeof(line), "%-*s\n", DISPLAY_LINE_MAX - 1,
	         "{\"type\":\"promt\"}");
	peer_say(p, line);
	expect(h, p, "{\"type\":\"error\",\"code\":\"unknown-type\"");
	peer_free(p);
	house_free(h);
}

/* 120 messages in a write: 50 are taken, then others have their turn. */
static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void test_flood_is_slowed(void)
{
	static const char input[] =
		"{\"type\":\"input\",\"input\":\"pain\",\"value\":3}\n";
	struct house *h = house_new();
	struct peer *flood, *other;
	char text[sizeof(input) * 120] = "";
	size_t length = 0;
	uint64_t before_ms;

	h->settings.rate_ms = 30;
	house_open(h);
	flood = peer_ready(h, HELLO("flood", "\"input\""));
	other = peer_ready(h, HELLO("other", "\"metrics\""));
	for (int i = 0; i < 120; i++, length += strlen(input))
		strcpy(text + length, input);
	before_ms = now_ms();
	peer_say(flood, text);
	turn(h);
	turn(h);
	CU_ASSERT_TRUE(h->inputs > 0 && h->inputs <= 50 * (1 + (now_ms() - before_ms) / 30));
	say_metrics(h, 160);
	expect(h, other, "{\"type\":\"metrics\"");
	for (int turns = 0; turns < TURNS_MAX && h->inputs < 120; turns++)
		turn(h);
	CU_ASSERT_EQUAL(h->inputs, 120);
	CU_ASSERT_EQUAL(hub_count(h->hub), 2);
	peer_free(flood);
	peer_free(other);
	house_free(h);
}

static void test_never_reads_costs_nothing(void)
{
	struct house *h = house_opened();
	struct peer *deaf = peer_ready(h, HELLO("deaf", "\"metrics\""));
	struct peer *other = peer_ready(h, HELLO("other", "\"metrics\""));
	unsigned told = 0;
	size_t before;

	for (uint32_t id = 1; id <= 100; id++) {
		say_prompt(h, id, 60000);
		say_metrics(h, (int32_t)id);
	}
	before = mallinfo2().uordblks;
	for (uint32_t id = 101; id <= 10000; id++) {
		say_prompt(h, id, 60000);
		say_metrics(h, (int32_t)id);
		if (id % 100 == 0)
			while (peer_poll(other))
				told++;
	}
	CU_ASSERT_TRUE(mallinfo2().uordblks <= before);
	CU_ASSERT_TRUE(told > 200);
	CU_ASSERT_TRUE(describe(h, 0).dropped > 19000);
	/* What lay in the kernel's buffer, then the newest */
	for (told = 0; !strstr(deaf->line, "\"id\":10000,"); told++)
		peer_line(h, deaf);
	CU_ASSERT_TRUE(told < 20);
	peer_free(deaf);
	peer_free(other);
	house_free(h);
}

static void test_stuck_is_closed(void)
{
	struct house *h = house_new();
	struct peer *deaf, *other;

	h->settings.stuck_ms = 10;
	house_open(h);
	deaf = peer_ready(h, HELLO("deaf", "\"metrics\""));
	other = peer_ready(h, HELLO("other", "\"metrics\""));
	for (int turns = 0; turns < TURNS_MAX && hub_count(h->hub) == 2; turns++) {
		say_metrics(h, turns);
		turn(h);
		while (peer_poll(other))
			;
	}
	CU_ASSERT_EQUAL(hub_count(h->hub), 1);
	CU_ASSERT_STRING_EQUAL(describe(h, 0).name, "other");
	peer_free(deaf);
	peer_free(other);
	house_free(h);
}

static void test_pings(void)
{
	struct house *h = house_new();
	struct peer *alive, *dead;

	h->settings.ping_ms = 5;
	house_open(h);
	alive = peer_ready(h, HELLO("alive", ""));
	dead = peer_ready(h, HELLO("dead", ""));
	for (int i = 0; i < 8; i++) {
		expect(h, alive, "{\"type\":\"ping\"}");
		peer_say(alive, "{\"type\":\"pong\"}\n");
	}
	for (int i = 0; i < 3; i++)
		expect(h, dead, "{\"type\":\"ping\"}");
	for (int turns = 0; turns < TURNS_MAX && hub_count(h->hub) == 2; turns++) {
		while (peer_poll(alive))
			peer_say(alive, "{\"type\":\"pong\"}\n");
		turn(h);
	}
	expect_closed(h, dead);
	CU_ASSERT_STRING_EQUAL(describe(h, 0).name, "alive");
	peer_free(alive);
	peer_free(dead);
	house_free(h);
}

/* The loop need not wake for a ping alone where something else is to be told. */
static void test_a_ping_goes_along(void)
{
	struct house *h = house_opened();
	struct peer *p = peer_ready(h, HELLO("a", "\"metrics\""));

	say_metrics(h, 160);
	expect(h, p, "{\"type\":\"metrics\"");
	clock_forward_ms += 10000;
	say_metrics(h, 161);
	CU_ASSERT_TRUE_FATAL(peer_poll(p)); /* with no turn of the loop */
	CU_ASSERT_PTR_NOT_NULL(strstr(p->line, "161"));
	CU_ASSERT_TRUE(peer_poll(p));
	CU_ASSERT_STRING_EQUAL(p->line, "{\"type\":\"ping\"}");
	say_metrics(h, 162);
	CU_ASSERT_TRUE(peer_poll(p));
	CU_ASSERT_FALSE(peer_poll(p)); /* one each time */
	peer_free(p);
	house_free(h);
}

/* In its turn, whatever else it is told; before ready it is no greeting. */
static void test_answers_pings(void)
{
	struct house *h = house_opened();
	struct peer *p = peer_ready(h, HELLO("asks", "\"metrics\""));
	struct peer *early = peer_new(h);

	for (int i = 0; i < 3; i++) {
		say_metrics(h, i);
		peer_say(p, "{\"type\":\"ping\"}\n");
		expect(h, p, "{\"type\":\"metrics\"");
		expect(h, p, "{\"type\":\"pong\"}");
	}
	expect(h, early, "{\"type\":\"hello\"");
	peer_say(early, "{\"type\":\"ping\"}\n");
	expect(h, early, "{\"type\":\"error\",\"code\":\"bad-hello\"");
	peer_free(early);
	peer_free(p);
	house_free(h);
}

static void test_dying_displays(void)
{
	struct house *h = house_opened();
	struct peer *stays = peer_ready(h, HELLO("stays", ""));

	for (int i = 0; i < 20; i++) {
		struct peer *p = peer_ready(h, HELLO("dies", "\"metrics\""));

		peer_say(p, i & 1 ? "{\"type\":" : "{\"type\":\"pong\"}\n");
		peer_free(p);
		say_metrics(h, i); /* the hub may not know yet */
		say_prompt(h, (uint32_t)i + 1, 8000);
	}
	await_count(h, 1);
	await(h, stays, "{\"type\":\"prompt\",\"id\":20,");
	peer_free(stays);
	house_free(h);
}

/* ---- the door ---- */
static void test_at_the_limit(void)
{
	struct house *h = house_opened();
	struct peer *peers[64], *waits;

	for (size_t i = 0; i < 64; i++)
		peers[i] = peer_ready(h, HELLO("many", ""));
	waits = peer_new(h);
	for (int i = 0; i < 5; i++)
		turn(h);
	CU_ASSERT_FALSE(peer_poll(waits));
	CU_ASSERT_FALSE(waits->closed);
	CU_ASSERT_EQUAL(hub_count(h->hub), 64);
	say_prompt(h, 1, 60000);
	for (size_t i = 0; i < 64; i++)
		expect(h, peers[i], "{\"type\":\"prompt\"");
	peer_free(peers[10]);
	expect(h, waits, "{\"type\":\"hello\"");
	for (size_t i = 0; i < 64; i++)
		if (i != 10)
			peer_free(peers[i]);
	peer_free(waits);
	house_free(h);
}

static void test_out_of_descriptors(void)
{
	struct house *h = house_new();
	struct rlimit usual, tight;
	struct peer *waits;
	int spare;

	h->settings.accept_ms = 5;
	house_open(h);
	waits = peer_new(h);
	spare = dup(0);
	getrlimit(RLIMIT_NOFILE, &usual);
	tight = usual;
	tight.rlim_cur = (rlim_t)spare;
	close(spare);
	CU_ASSERT_EQUAL_FATAL(setrlimit(RLIMIT_NOFILE, &tight), 0);
	for (int i = 0; i < 20; i++)
		turn(h);
	CU_ASSERT_FALSE(peer_poll(waits));
	CU_ASSERT_EQUAL(hub_count(h->hub), 0);
	setrlimit(RLIMIT_NOFILE, &usual);
	expect(h, waits, "{\"type\":\"hello\"");
	peer_free(waits);
	house_free(h);
}

static void test_socket_of_a_dead_daemon(void)
{
	struct house *h = house_new();
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int dead = socket(AF_UNIX, SOCK_STREAM, 0);
	struct stat status;

	strcpy(address.sun_path, h->path);
	CU_ASSERT_EQUAL_FATAL(bind(dead, (struct sockaddr *)&address,
	                           sizeof(address)), 0);
	close(dead);
	house_open(h);
	CU_ASSERT_EQUAL(stat(h->path, &status), 0);
	CU_ASSERT_EQUAL(status.st_mode & 0777, 0660);
	house_free(h);
}

static void test_socket_of_a_live_daemon(void)
{
	struct house *h = house_opened();
	struct peer *p;

	log_set_level(LOG_LEVEL_ERROR);
	CU_ASSERT_PTR_NULL(hub_new(h->base, &h->settings, on_input, h));
	CU_ASSERT_EQUAL(errno, EADDRINUSE);
	p = peer_ready(h, HELLO("a", "")); /* the first one goes on */
	peer_free(p);
	house_free(h);
}

static void test_paths_that_cannot_be(void)
{
	struct house *h = house_new();
	char longest[200];
	int file;

	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	h->settings.path = longest;
	CU_ASSERT_PTR_NULL(hub_new(h->base, &h->settings, on_input, h));
	CU_ASSERT_EQUAL(errno, ENAMETOOLONG);
	h->settings.path = "/nonexistent/display.sock";
	CU_ASSERT_PTR_NULL(hub_new(h->base, &h->settings, on_input, h));
	CU_ASSERT_EQUAL(errno, ENOENT);
	h->settings.path = h->path;
	file = open(h->path, O_CREAT | O_WRONLY, 0600);
	CU_ASSERT_PTR_NULL(hub_new(h->base, &h->settings, on_input, h));
	CU_ASSERT_EQUAL(errno, EEXIST);
	CU_ASSERT_EQUAL(unlink(h->path), 0); /* it was left alone */
	close(file);
	house_free(h);
}

/* Somebody replaced the name: it is theirs. */
static void test_unlinks_only_its_own(void)
{
	struct house *h = house_opened();
	char kept[80];

	snprintf(kept, sizeof(kept), "%s.kept", h->path);
	CU_ASSERT_EQUAL(rename(h->path, kept), 0);
	close(open(h->path, O_CREAT | O_WRONLY, 0600));
	hub_free(h->hub);
	h->hub = NULL;
	CU_ASSERT_EQUAL(unlink(h->path), 0);
	CU_ASSERT_EQUAL(unlink(kept), 0);
	house_free(h);
}

/* For the watchdog: one at the door that nobody lets in */
static void test_stuck(void)
{
	struct house *h = house_opened();
	struct peer *waits;

	CU_ASSERT_PTR_NULL(hub_stuck(h->hub));
	CU_ASSERT_PTR_NULL(hub_stuck(h->hub));
	waits = peer_new(h);
	CU_ASSERT_PTR_NULL(hub_stuck(h->hub)); /* it may just have come */
	CU_ASSERT_PTR_NOT_NULL(hub_stuck(h->hub));
	turn(h);
	CU_ASSERT_PTR_NULL(hub_stuck(h->hub));
	CU_ASSERT_PTR_NULL(hub_stuck(h->hub));
	peer_free(waits);
	house_free(h);
}

static void test_bye(void)
{
	struct house *h = house_opened();
	struct peer *ready = peer_ready(h, HELLO("a", ""));
	struct peer *fresh = peer_new(h);

	expect(h, fresh, "{\"type\":\"hello\"");
	hub_free(h->hub);
	h->hub = NULL;
	expect(h, ready, "{\"type\":\"bye\",\"reason\":\"shutdown\"}");
	expect_closed(h, ready);
	expect(h, fresh, "{\"type\":\"bye\",\"reason\":\"shutdown\"}");
	expect_closed(h, fresh);
	peer_free(ready);
	peer_free(fresh);
	house_free(h);
}

static CU_TestInfo tests[] = {
	{ "handshake, snapshot, status", test_handshake_and_snapshot },
	{ "handshake refused: code, fatal, closed", test_handshake_refused },
	{ "handshake: silence", test_handshake_silence },
	{ "handshake: a line without end", test_handshake_too_long },
	{ "lines byte by byte", test_bytes_one_at_a_time },
	{ "several lines in a write", test_hello_and_more_in_a_write },
	{ "input only where granted", test_input_not_granted },
	{ "personal data only where granted", test_personal_filter },
	{ "no metrics without the cap", test_no_metrics_without_cap },
	{ "prompts come and go; ttl_ms for the late", test_prompts_come_and_go },
	{ "late prompts are not shown", test_late_prompts_are_not_shown },
	{ "an input answered within the call", test_input_answered_at_once },
	{ "too many errors", test_too_many_errors },
	{ "a line too long, then on", test_long_line_and_on },
	{ "a flood is slowed, others are served", test_flood_is_slowed },
	{ "10,000 prompts to one that never reads", test_never_reads_costs_nothing },
	{ "one that never reads is closed", test_stuck_is_closed },
	{ "pings; three unanswered", test_pings },
	{ "a ping goes along", test_a_ping_goes_along },
	{ "a display's pings", test_answers_pings },
	{ "displays that die", test_dying_displays },
	{ "64 displays, the 65th waits", test_at_the_limit },
	{ "out of descriptors, then on", test_out_of_descriptors },
	{ "a dead daemon's socket is replaced, 0660", test_socket_of_a_dead_daemon },
	{ "a live daemon's is not", test_socket_of_a_live_daemon },
	{ "paths that cannot be", test_paths_that_cannot_be },
	{ "unlinks only its own name", test_unlinks_only_its_own },
	{ "a display that is not let in is stuck", test_stuck },
	{ "bye", test_bye },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return suite_run("hub", tests);
}
