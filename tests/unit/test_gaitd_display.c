/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The displays' side, against the real hub in one loop: libgaitd-display, and
 * gaitd-run as a process.
 */
#include "config.h"
#include "daemon/displays/hub.h"
#include "daemon/service/log.h"
#include "plugins/gaitd-display.h"
#include "tests/unit/clock.h"
#include "tests/unit/suite.h"

#include <errno.h>

#include <event2/event.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TURNS_MAX 20000 /* of a millisecond: then a test has failed */

struct stage {
	struct event_base *base;
	struct hub_settings settings;
	struct hub *hub;
	char directory[32], path[64];
	unsigned inputs;
	struct display_request last;
	char last_name[64];
	struct gaitd_display *display;
	/* what the display was told */
	bool ready;
	unsigned downs;
	char why[256];
	uint32_t prompt, cleared;
	enum display_clear_reason why_cleared;
	unsigned prompts, clears, metrics, lines, errors;
	char first_line[64];
	bool hold_at_prompt;
};

static void on_input(const struct display_request *input, const char *name,
                     void *user)
{
	struct stage *s = user;

	s->inputs++;
	s->last = *input;
	snprintf(s->last_name, sizeof(s->last_name), "%s", name);
}

static void on_state(bool ready, const char *why, void *user)
{
	struct stage *s = user;

	s->ready = ready;
	if (ready)
		return;
	s->downs++;
	snprintf(s->why, sizeof(s->why), "%s", why);
}

static void on_prompt(const struct display_prompt *prompt, void *user)
{
	struct stage *s = user;

	s->prompt = prompt->id;
	s->prompts++;
	gaitd_display_shown(s->display, prompt->id);
	gaitd_display_hold(s->display, s->hold_at_prompt);
}

static void on_clear(const struct display_clear *clear, void *user)
{
	struct stage *s = user;

	s->cleared = clear->id;
	s->why_cleared = clear->reason;
	s->clears++;
}

static void on_metrics(const struct display_metrics *metrics, void *user)
{
	(void)metrics;
	((struct stage *)user)->metrics++;
}

static void on_error(const char *code, const char *detail, void *user)
{
	(void)detail;
	CU_ASSERT_STRING_EQUAL(code, "unknown-type");
	((struct stage *)user)->errors++;
}

static void on_line(const char *line, size_t length, void *user)
{
	struct stage *s = user;

	if (!s->lines++)
		snprintf(s->first_line, sizeof(s->first_line), "%.*s",
		         (int)length, line);
}

static const struct gaitd_display_hooks hooks = {
	.state = on_state, .prompt = on_prompt, .clear = on_clear,
	.metrics = on_metrics, .error = on_error, .line = on_line,
};

static struct stage *stage_new(void)
{
	struct stage *s = calloc(1, sizeof(*s));

	log_set_level(LOG_LEVEL_ERROR);
	s->base = event_base_new();
	strcpy(s->directory, "/tmp/gaitd-display.XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(s->directory));
	snprintf(s->path, sizeof(s->path), "%s/display.sock", s->directory);
	hub_settings_init(&s->settings);
	s->settings.path = s->path;
	s->settings.daemon = "gaitd test";
	return s;
}

static void daemon_starts(struct stage *s)
{
	s->hub = hub_new(s->base, &s->settings, on_input, s);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s->hub);
}

static void daemon_ends(struct stage *s)
{
	hub_free(s->hub);
	s->hub = NULL;
}

static void display_starts(struct stage *s)
{
	const struct gaitd_display_settings settings = {
		.socket = s->path, .name = "test", .version = "1",
		.caps = DISPLAY_CAP_METRICS | DISPLAY_CAP_INPUT,
	};

	s->display = gaitd_display_new(&settings, &hooks, s);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s->display);
}

static void stage_free(struct stage *s)
{
	gaitd_display_free(s->display);
	daemon_ends(s);
	CU_ASSERT_EQUAL(rmdir(s->directory), 0);
	event_base_free(s->base);
	free(s);
}

/* Both sides go on for a moment */
static void turn(struct stage *s)
{
	event_base_loop(s->base, EVLOOP_NONBLOCK);
	if (s->display) {
		struct pollfd fd = { .fd = gaitd_display_fd(s->display),
			             .events = gaitd_display_events(s->display) };

		poll(&fd, 1, 1);
		gaitd_display_process(s->display);
	} else {
		poll(NULL, 0, 1);
	}
}

#define UNTIL(s, condition)                                               \
	do {                                                              \
		int turns = TURNS_MAX;                                    \
		while (!(condition) && --turns)                           \
			turn(s);                                          \
		CU_ASSERT_TRUE(condition);                                \
	} while (0)

static void say_prompt_for(struct stage *s, uint32_t id, uint32_t ttl_ms)
{
	struct outcome o = { .message = { .type = DISPLAY_MESSAGE_PROMPT } };

	o.message.prompt.id = id;
	o.message.prompt.ttl_ms = ttl_ms;
	strcpy(o.message.prompt.rule, "r");
	strcpy(o.message.prompt.headline, "Run tall");
	hub_outcome(s->hub, &o);
}

static void say_prompt(struct stage *s, uint32_t id)
{
	say_prompt_for(s, id, 60000);
}

static void say_clear(struct stage *s, uint32_t id)
{
	struct outcome o = { .message = { .type = DISPLAY_MESSAGE_CLEAR,
		                          .clear = { .id = id } } };

	hub_outcome(s->hub, &o);
}

static void say_metrics(struct stage *s)
{
	struct outcome o = { .message = { .type = DISPLAY_MESSAGE_METRICS } };

	hub_outcome(s->hub, &o);
}

/* ---- the library ---- */
static void test_messages_and_inputs(void)
{
	struct stage *s = stage_new();

	daemon_starts(s);
	display_starts(s);
	CU_ASSERT_FALSE(gaitd_display_pain(s->display, 3)); /* not ready */
	UNTIL(s, s->ready);
	CU_ASSERT_TRUE(gaitd_display_is_ready(s->display));
	CU_ASSERT_EQUAL(gaitd_display_caps(s->display),
	                DISPLAY_CAP_METRICS | DISPLAY_CAP_INPUT);
	CU_ASSERT_STRING_EQUAL(s->first_line,
	                       "{\"type\":\"ready\",\"caps\":[\"metrics\",\"input\"]}");
	say_metrics(s);
	say_prompt(s, 7);
	UNTIL(s, s->prompt == 7 && s->metrics == 1);
	say_clear(s, 7);
	UNTIL(s, s->cleared == 7);
	CU_ASSERT_TRUE(gaitd_display_pain(s->display, 3));
	UNTIL(s, s->inputs == 1);
	CU_ASSERT_EQUAL(s->last.value, 3);
	CU_ASSERT_STRING_EQUAL(s->last_name, "test");
	CU_ASSERT_EQUAL(s->lines, 4);
	stage_free(s);
}

static void test_each_input(void)
{
	const struct display_profile profile = { .has_novice = true };
	struct stage *s = stage_new();

	daemon_starts(s);
	display_starts(s);
	UNTIL(s, s->ready);
	gaitd_display_red_flag(s->display, DISPLAY_RED_FLAG_NUMB);
	UNTIL(s, s->last.flag == DISPLAY_RED_FLAG_NUMB);
	gaitd_display_ack(s->display, 9);
	UNTIL(s, s->last.input == DISPLAY_INPUT_ACK && s->last.id == 9);
	gaitd_display_answer(s->display, 10, 4);
	UNTIL(s, s->last.input == DISPLAY_INPUT_ANSWER && s->last.value == 4);
	gaitd_display_mute(s->display, 10);
	UNTIL(s, s->last.input == DISPLAY_INPUT_MUTE && s->last.value == 10);
	gaitd_display_intervals(s->display, true);
	UNTIL(s, s->last.input == DISPLAY_INPUT_INTERVALS && s->last.value == 1);
	gaitd_display_runner(s->display, "Ada", "42");
	UNTIL(s, s->last.input == DISPLAY_INPUT_RUNNER);
	CU_ASSERT_STRING_EQUAL(s->last.pin, "42");
	gaitd_display_end(s->display, 1800);
	UNTIL(s, s->last.input == DISPLAY_INPUT_END && s->last.value == 1800);
	gaitd_display_profile(s->display, &profile);
	UNTIL(s, s->last.input == DISPLAY_INPUT_PROFILE);
	CU_ASSERT_TRUE(s->last.profile.has_novice);
	gaitd_display_send(s->display, "{\"type\":\"promt\"}", 16);
	UNTIL(s, s->errors == 1);
	stage_free(s);
}

static void test_what_is_not_sent(void)
{
	char long_name[65] = "";
	struct stage *s = stage_new();

	memset(long_name, 'x', sizeof(long_name) - 1);
	daemon_starts(s);
	display_starts(s);
	UNTIL(s, s->ready);
	CU_ASSERT_FALSE(gaitd_display_shown(s->display, 1)); /* not granted */
	CU_ASSERT_FALSE(gaitd_display_pain(s->display, 11));
	CU_ASSERT_FALSE(gaitd_display_red_flag(s->display, (enum display_red_flag)99));
	CU_ASSERT_FALSE(gaitd_display_mute(s->display, 241));
	CU_ASSERT_FALSE(gaitd_display_ack(s->display, 0));
	CU_ASSERT_FALSE(gaitd_display_runner(s->display, long_name, NULL));
	CU_ASSERT_FALSE(gaitd_display_send(s->display, "{}\n{}", 5));
	CU_ASSERT_TRUE(gaitd_display_pain(s->display, 10));
	UNTIL(s, s->inputs == 1);
	CU_ASSERT_EQUAL(s->errors, 0);
	stage_free(s);
	s = stage_new();
	s->settings.input = (struct hub_grant){ NULL, 0 };
	daemon_starts(s);
	display_starts(s);
	UNTIL(s, s->ready);
	CU_ASSERT_FALSE(gaitd_display_pain(s->display, 3));
	stage_free(s);
}

static void test_bad_names(void)
{
	static const char long_name[] =
		"a name of sixty-four octets is one more than the protocol allows";
	const char *const names[] = { NULL, "", "two\nlines", long_name };

	CU_ASSERT_EQUAL(sizeof(long_name) - 1, 64);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct gaitd_display_settings settings = { .name = names[i] };

		errno = 0;
		CU_ASSERT_PTR_NULL(gaitd_display_new(&settings, &hooks, NULL));
		CU_ASSERT_EQUAL(errno, EINVAL);
	}
}

/* Stopped for three seconds with two prompts in the socket: the first of them
 * is not so any more. */
static void test_stopped(void)
{
	struct stage *s = stage_new();

	daemon_starts(s);
	display_starts(s);
	UNTIL(s, s->ready);
	CU_ASSERT_TRUE(gaitd_display_timeout_ms(s->display) <= 1000);
	gaitd_display_process(s->display);
	say_prompt(s, 1);
	say_prompt(s, 2);
	clock_forward_ms += 3000;
	UNTIL(s, s->prompt == 2);
	CU_ASSERT_EQUAL(s->prompts, 1);
	CU_ASSERT_EQUAL(s->downs, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(s->why, "was stopped"));
	CU_ASSERT_TRUE(s->ready);
	stage_free(s);
}

/* Its time over, a prompt is cleared, whatever the daemon does; and once. */
static void test_expires_by_itself(void)
{
	struct stage *s = stage_new();

	daemon_starts(s);
	display_starts(s);
	UNTIL(s, s->ready);
	say_prompt_for(s, 5, 1500);
	UNTIL(s, s->prompt == 5);
	CU_ASSERT_EQUAL(s->clears, 0);
	clock_forward_ms += 1600;
	CU_ASSERT_EQUAL(gaitd_display_timeout_ms(s->display), 0);
	UNTIL(s, s->cleared == 5);
	CU_ASSERT_EQUAL(s->why_cleared, DISPLAY_CLEAR_EXPIRED);
	say_clear(s, 5);
	say_metrics(s);
	UNTIL(s, s->metrics == 1);
	CU_ASSERT_EQUAL(s->clears, 1);
	stage_free(s);
}

static void stop_at_state(bool ready, const char *why, void *user)
{
	on_state(ready, why, user);
	gaitd_display_stop(((struct stage *)user)->display);
}

static void test_run_and_stop(void)
{
	const struct gaitd_display_hooks stopping = { .state = stop_at_state };
	struct stage *s = stage_new();
	const struct gaitd_display_settings settings = { .socket = s->path,
		                                         .name = "test" };

	daemon_starts(s);
	s->display = gaitd_display_new(&settings, &stopping, s);
	daemon_ends(s);
	CU_ASSERT_EQUAL(gaitd_display_run(s->display), 0);
	CU_ASSERT_EQUAL(s->downs, 1);
	stage_free(s);
}

static void test_daemon_comes_and_goes(void)
{
	struct stage *s = stage_new();

	display_starts(s);
	UNTIL(s, s->downs == 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(s->why, s->path));
	CU_ASSERT_PTR_NOT_NULL(strstr(s->why, "gaitd is not running there"));
	for (int i = 0; i < 500; i++) /* it tries again, and says so once */
		turn(s);
	CU_ASSERT_EQUAL(s->downs, 1);
	daemon_starts(s);
	UNTIL(s, s->ready);
	daemon_ends(s);
	UNTIL(s, !s->ready);
	CU_ASSERT_STRING_EQUAL(s->why, "gaitd has ended (shutdown)");
	daemon_starts(s);
	say_prompt(s, 3);
	UNTIL(s, s->ready && s->prompt == 3);
	stage_free(s);
}

static void test_pings_are_answered(void)
{
	struct stage *s = stage_new();
	struct hub_display seen;

	s->settings.ping_ms = 400; /* a busy machine may miss less than a second */
	daemon_starts(s);
	display_starts(s);
	UNTIL(s, s->ready);
	UNTIL(s, hub_describe(s->hub, &seen, 1) && seen.sent > 9);
	CU_ASSERT_EQUAL(s->downs, 0);
	CU_ASSERT_EQUAL(s->lines, 1); /* pings are no lines */
	stage_free(s);
}

static void test_hold(void)
{
	struct stage *s = stage_new();

	s->hold_at_prompt = true;
	daemon_starts(s);
	display_starts(s);
	UNTIL(s, s->ready);
	say_prompt(s, 1);
	UNTIL(s, s->prompt == 1);
	for (uint32_t id = 2; id <= 1000; id++)
		say_prompt(s, id);
	for (int i = 0; i < 50; i++)
		turn(s);
	CU_ASSERT_EQUAL(s->prompt, 1);
	s->hold_at_prompt = false;
	gaitd_display_hold(s->display, false);
	UNTIL(s, s->prompt == 1000);
	CU_ASSERT_TRUE(s->lines < 40); /* few were in the kernel's hands */
	stage_free(s);
}

static void test_silent_daemon(void)
{
	struct stage *s = stage_new();

	s->settings.ping_ms = 5;
	daemon_starts(s);
	display_starts(s);
	UNTIL(s, s->ready);
	for (int i = 0; i < TURNS_MAX && s->ready; i++) { /* stopped, not dead */
		poll(NULL, 0, 1);
		gaitd_display_process(s->display);
	}
	CU_ASSERT_STRING_EQUAL(s->why, "gaitd is silent");
	UNTIL(s, s->ready);
	stage_free(s);
}

static void socket_is(const char *expected)
{
	const struct gaitd_display_settings settings = { .name = "a", .version = "" };
	struct gaitd_display *d = gaitd_display_new(&settings, &hooks, NULL);

	CU_ASSERT_PTR_NOT_NULL_FATAL(d);
	CU_ASSERT_STRING_EQUAL(gaitd_display_socket(d), expected);
	gaitd_display_free(d);
}

static void test_where_the_daemon_is(void)
{
	struct gaitd_display_settings settings = { .name = "a", .version = "" };
	struct gaitd_display *d;
	char longest[200];

	setenv("XDG_RUNTIME_DIR", "/run/user/4711", 1);
	unsetenv("GAITD_SOCKET");
	socket_is(geteuid() ? "/run/user/4711/gaitd/display.sock" :
	                      "/run/gaitd/display.sock");
	unsetenv("XDG_RUNTIME_DIR");
	socket_is("/run/gaitd/display.sock");
	setenv("GAITD_SOCKET", "/tmp/there", 1);
	socket_is("/tmp/there");
	settings.socket = "/tmp/asked";
	d = gaitd_display_new(&settings, &hooks, NULL);
	CU_ASSERT_STRING_EQUAL(gaitd_display_socket(d), "/tmp/asked");
	gaitd_display_free(d);
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	settings.socket = longest;
	CU_ASSERT_PTR_NULL(gaitd_display_new(&settings, &hooks, NULL));
	unsetenv("GAITD_SOCKET");
}

/* ---- gaitd-run ---- */
struct child {
	pid_t pid;
	char said[4096]; /* on standard error */
	size_t length;
	int from;
	int status; /* -1: it runs */
};

/* gaitd-run --socket PATH sh -c SCRIPT */
static struct child child_new(struct stage *s, const char *script)
{
	const char *root = getenv("builddir");
	struct child c = { .status = -1 };
	char program[512];
	int pipes[2];

	snprintf(program, sizeof(program), "%s/gaitd-run", root ? root : ".");
	CU_ASSERT_EQUAL_FATAL(access(program, X_OK), 0);
	CU_ASSERT_EQUAL_FATAL(pipe2(pipes, O_CLOEXEC | O_NONBLOCK), 0);
	fflush(NULL);
	c.pid = fork();
	if (c.pid == 0) {
		dup2(pipes[1], STDERR_FILENO);
		execl(program, program, "--socket", s->path, "--name", "board",
		      "sh", "-c", script, (char *)NULL);
		_exit(99);
	}
	close(pipes[1]);
	c.from = pipes[0];
	return c;
}

static bool child_turn(struct stage *s, struct child *c)
{
	ssize_t count;
	int status;

	turn(s);
	count = read(c->from, c->said + c->length,
	             sizeof(c->said) - 1 - c->length);
	if (count > 0)
		c->length += (size_t)count;
	if (count <= 0 && c->status < 0 &&
	    waitpid(c->pid, &status, WNOHANG) == c->pid)
		c->status = WIFEXITED(status) ? WEXITSTATUS(status) : 999;
	return true;
}

#define CHILD_UNTIL(s, c, condition)                                      \
	do {                                                              \
		int turns = TURNS_MAX;                                    \
		while (!(condition) && --turns)                           \
			child_turn(s, c);                                 \
		CU_ASSERT_TRUE(condition);                                \
	} while (0)

static void test_run_passes_lines(void)
{
	struct stage *s = stage_new();
	struct child c;

	daemon_starts(s);
	c = child_new(s, "while read -r line; do echo \"$line\" >&2; case $line in"
	              " *'\"prompt\"'*) echo '{\"type\":\"input\","
	              "\"input\":\"pain\",\"value\":2}'; exit 7;; esac; done");
	CHILD_UNTIL(s, &c, strstr(c.said, "\"ready\"") != NULL);
	say_prompt(s, 1);
	CHILD_UNTIL(s, &c, c.status >= 0);
	CU_ASSERT_EQUAL(c.status, 7);
	CU_ASSERT_EQUAL(strncmp(c.said, "{\"type\":\"ready\",\"caps\":[\"metrics\","
	                        "\"shown\",\"input\"]}\n{\"type\":\"prompt\",", 65),
	                0);
	UNTIL(s, s->inputs == 1);
	CU_ASSERT_STRING_EQUAL(s->last_name, "board");
	close(c.from);
	stage_free(s);
}

static void test_run_names_what_it_drops(void)
{
	struct stage *s = stage_new();
	struct child c;

	daemon_starts(s);
	c = child_new(s, "echo junk; printf '%5000d\\n' 1; "
	              "echo '{\"type\":\"promt\"}'; "
	              "echo '{\"type\":\"input\",\"input\":\"ack\",\"id\":4}';"
	              "read -r ready; read -r error; echo $error >&2");
	CHILD_UNTIL(s, &c, c.status >= 0);
	CU_ASSERT_EQUAL(c.status, 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(c.said, "dropped, not a line of JSON: junk"));
	CU_ASSERT_PTR_NOT_NULL(strstr(c.said, "dropped, longer than 4096 octets"));
	CU_ASSERT_PTR_NOT_NULL(strstr(c.said, "\"detail\":\"promt\""));
	CU_ASSERT_EQUAL(s->inputs, 1);
	close(c.from);
	stage_free(s);
}

static void test_run_status(void)
{
	static const struct {
		const char *script;
		int status;
	} rows[] = {
		{ "exit 0", 0 }, { "exit 3", 3 }, { "kill -9 $$", 128 + 9 },
		{ "exec /nonexistent/x", 127 }, { "kill -15 $PPID; sleep 9", 128 + 15 },
	};
	struct stage *s = stage_new();

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct child c = child_new(s, rows[i].script);

		CHILD_UNTIL(s, &c, c.status >= 0);
		CU_ASSERT_EQUAL(c.status, rows[i].status);
		close(c.from);
	}
	stage_free(s);
}

static void test_run_waits_for_the_daemon(void)
{
	struct stage *s = stage_new();
	struct child c = child_new(s, "echo '{\"type\":\"input\",\"input\":\"pain\","
	                           "\"value\":1}'; while read -r l; do :; done");

	CHILD_UNTIL(s, &c, strstr(c.said, "gaitd is not running there; trying") != NULL);
	daemon_starts(s);
	CHILD_UNTIL(s, &c, s->inputs == 1); /* said before, kept till now */
	daemon_ends(s);
	CHILD_UNTIL(s, &c, strstr(c.said, "gaitd has ended (shutdown)") != NULL);
	daemon_starts(s);
	CHILD_UNTIL(s, &c, hub_count(s->hub) == 1);
	CU_ASSERT_EQUAL(c.status, -1);
	kill(c.pid, SIGTERM);
	CHILD_UNTIL(s, &c, c.status >= 0);
	CU_ASSERT_EQUAL(c.status, 128 + 15);
	close(c.from);
	stage_free(s);
}

/* What was said to one that was stopped is not shown when it goes on. */
static void test_run_stopped_and_continued(void)
{
	struct stage *s = stage_new();
	struct child c;

	daemon_starts(s);
	c = child_new(s, "while read -r l; do echo \"$l\" >&2; done");
	CHILD_UNTIL(s, &c, strstr(c.said, "\"ready\"") != NULL);
	for (int i = 0; i < 50; i++) /* it waits again */
		child_turn(s, &c);
	kill(c.pid, SIGSTOP);
	say_prompt(s, 1);
	say_clear(s, 1);
	say_prompt(s, 2);
	for (int i = 0; i < 25; i++) { /* its clock is the machine's */
		poll(NULL, 0, 100);
		turn(s);
	}
	say_clear(s, 2);
	say_prompt(s, 3);
	kill(c.pid, SIGCONT);
	CHILD_UNTIL(s, &c, strstr(c.said, "\"id\":3,") != NULL);
	CU_ASSERT_PTR_NULL(strstr(c.said, "\"id\":1,"));
	CU_ASSERT_PTR_NULL(strstr(c.said, "\"id\":2,"));
	kill(c.pid, SIGTERM);
	CHILD_UNTIL(s, &c, c.status >= 0);
	close(c.from);
	stage_free(s);
}

static void say_long_prompt(struct stage *s, uint32_t id)
{
	struct outcome o = { .message = { .type = DISPLAY_MESSAGE_PROMPT } };

	o.message.prompt.id = id;
	o.message.prompt.ttl_ms = 60000;
	strcpy(o.message.prompt.headline, "Run tall");
	memset(o.message.prompt.why, 'y', sizeof(o.message.prompt.why) - 1);
	hub_outcome(s->hub, &o);
}

/* One that never reads is the daemon's to judge: there is no queue of ours. */
static void test_run_of_one_that_never_reads(void)
{
	struct stage *s = stage_new();
	struct hub_display seen = { .dropped = 0 };
	struct child c;

	daemon_starts(s);
	c = child_new(s, "exec sleep 60");
	CHILD_UNTIL(s, &c, hub_describe(s->hub, &seen, 1) && seen.ready);
	for (uint32_t id = 1; id <= 200; id++) {
		say_long_prompt(s, id);
		child_turn(s, &c);
	}
	hub_describe(s->hub, &seen, 1);
	CU_ASSERT_TRUE(seen.dropped > 150);
	CU_ASSERT_TRUE(seen.sent < 40);
	kill(c.pid, SIGTERM);
	CHILD_UNTIL(s, &c, c.status >= 0);
	close(c.from);
	stage_free(s);
}

/* A slow one still gets whole lines, and the newest at the end. */
static void test_run_of_a_slow_one(void)
{
	struct stage *s = stage_new();
	struct child c;

	daemon_starts(s);
	c = child_new(s, "while read -r l; do case $l in '{\"type\":'*'}') ;; "
	              "*) echo TORN >&2;; esac; case $l in *'\"id\":200,'*) "
	              "exit 0;; esac; sleep 0.01; done");
	CHILD_UNTIL(s, &c, hub_count(s->hub) == 1);
	for (uint32_t id = 1; id <= 200; id++) {
		say_long_prompt(s, id);
		child_turn(s, &c);
	}
	CHILD_UNTIL(s, &c, c.status >= 0);
	CU_ASSERT_EQUAL(c.status, 0);
	CU_ASSERT_PTR_NULL(strstr(c.said, "TORN"));
	close(c.from);
	stage_free(s);
}

static void test_hello_sh(void)
{
	static const char script[] = TEST_SOURCE "/plugins/examples/hello.sh";
	struct stage *s = stage_new();
	struct hub_display seen = { .shown = 0 };
	FILE *file = fopen(script, "re");
	struct child c;
	int lines = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	for (int byte; (byte = fgetc(file)) != EOF;)
		lines += byte == '\n';
	fclose(file);
	CU_ASSERT_TRUE(lines <= 10);
	daemon_starts(s);
	c = child_new(s, script);
	CHILD_UNTIL(s, &c, hub_describe(s->hub, &seen, 1) && seen.ready);
	say_metrics(s);
	say_prompt(s, 1);
	CHILD_UNTIL(s, &c, hub_describe(s->hub, &seen, 1) && seen.shown == 1);
	CU_ASSERT_STRING_EQUAL(c.said, "Run tall\n");
	CU_ASSERT_EQUAL(seen.errors, 0);
	kill(c.pid, SIGTERM);
	CHILD_UNTIL(s, &c, c.status >= 0);
	close(c.from);
	stage_free(s);
}

static CU_TestInfo tests[] = {
	{ "messages in, inputs out", test_messages_and_inputs },
	{ "each input", test_each_input },
	{ "what would be refused is not sent", test_what_is_not_sent },
	{ "names that the daemon would refuse", test_bad_names },
	{ "stopped and continued: the present alone", test_stopped },
	{ "a prompt's time is kept, and cleared once", test_expires_by_itself },
	{ "the library's own loop", test_run_and_stop },
	{ "the daemon comes and goes", test_daemon_comes_and_goes },
	{ "pings are answered", test_pings_are_answered },
	{ "held: the newest is kept by the daemon", test_hold },
	{ "a silent daemon", test_silent_daemon },
	{ "design 6: where the daemon is", test_where_the_daemon_is },
	{ "gaitd-run: lines both ways, status", test_run_passes_lines },
	{ "gaitd-run: names what it drops", test_run_names_what_it_drops },
	{ "gaitd-run: CMD's status is its own", test_run_status },
	{ "gaitd-run: waits for the daemon", test_run_waits_for_the_daemon },
	{ "gaitd-run: stopped and continued", test_run_stopped_and_continued },
	{ "gaitd-run: CMD never reads", test_run_of_one_that_never_reads },
	{ "gaitd-run: CMD reads slowly", test_run_of_a_slow_one },
	{ "hello.sh: a display in ten lines", test_hello_sh },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return suite_run("gaitd-display", tests);
}
