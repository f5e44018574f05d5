/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitd as a service manager has it: what it is given at the start, what it
 * tells. The manager is played by this program; the gaitd is the real one.
 */
#include "tests/unit/suite.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIRST_PASSED 3

static struct {
	const char *speed; /* of the simulation; NULL: 1 */
	char directory[64], notify_path[80], config[80];
	int notify; /* what gaitd tells comes here */
	int alive;  /* readable: it has ended */
	pid_t pid;
	pid_t meant; /* whom the environment names; 0: gaitd */
	char heard[4096]; /* all that it told, a line each */
	size_t length;
} manager;

/* ---- the manager --------------------------------------------------------- */

static struct sockaddr_un address_of(const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	snprintf(address.sun_path, sizeof(address.sun_path), "%.60s/%.30s", manager.directory,
	         name);
	return address;
}

static int listen_at(const char *name, int type)
{
	struct sockaddr_un address = address_of(name);
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	unlink(address.sun_path);
	CU_ASSERT_EQUAL_FATAL(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	if (type == SOCK_STREAM) {
		CU_ASSERT_EQUAL(listen(fd, 8), 0);
		CU_ASSERT_EQUAL(chmod(address.sun_path, 0600), 0);
	}
	return fd;
}

static void write_config(const char *text)
{
	FILE *file = fopen(manager.config, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	fclose(file);
}

static void set_up(void)
{
	memset(&manager, 0, sizeof(manager));
	strcpy(manager.directory, "/tmp/gaitd-manager.XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(manager.directory));
	snprintf(manager.notify_path, sizeof(manager.notify_path), "%s/notify",
	         manager.directory);
	snprintf(manager.config, sizeof(manager.config), "%s/gaitd.yaml", manager.directory);
	write_config("log: {level: debug}\n");
	manager.notify = listen_at("notify", SOCK_DGRAM);
}

static void tear_down(void)
{
	DIR *directory = opendir(manager.directory);
	struct dirent *entry;

	CU_ASSERT_PTR_NOT_NULL_FATAL(directory);
	close(manager.notify);
	while ((entry = readdir(directory)))
		unlinkat(dirfd(directory), entry->d_name, 0);
	closedir(directory);
	CU_ASSERT_EQUAL(rmdir(manager.directory), 0);
}

static void put_environment(const char *names, unsigned count, const char *watchdog)
{
	char text[16], pid[16];

	snprintf(pid, sizeof(pid), "%d", (int)(manager.meant ? manager.meant : getpid()));
	setenv("NOTIFY_SOCKET", manager.notify_path, 1);
	if (watchdog) {
		setenv("WATCHDOG_USEC", watchdog, 1);
		setenv("WATCHDOG_PID", pid, 1);
	}
	if (count == 0)
		return;
	snprintf(text, sizeof(text), "%u", count);
	setenv("LISTEN_FDS", text, 1);
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDNAMES", names, 1);
}

/* Places beyond all that are passed first: the descriptors may lie in the way
 * of each other. */
static void pass(const int *fds, unsigned count)
{
	int far[4];

	for (unsigned i = 0; i < count; i++)
		far[i] = dup2(fds[i], 100 + (int)i);
	for (unsigned i = 0; i < count; i++)
		dup2(far[i], FIRST_PASSED + (int)i);
}

/* `names` of the passed sockets: "display:control" */
static void start(const int *fds, unsigned count, const char *names, const char *watchdog)
{
	const char *build = getenv("builddir");
	char program[512], socket_path[128];
	int alive[2];

	snprintf(program, sizeof(program), "%s/gaitd", build ? build : ".");
	snprintf(socket_path, sizeof(socket_path), "%s/display.sock", manager.directory);
	CU_ASSERT_EQUAL_FATAL(pipe(alive), 0);
	manager.pid = fork();
	if (manager.pid == 0) {
		put_environment(names, count, watchdog);
		dup2(alive[1], 90); /* closed by its end */
		close(alive[0]);
		pass(fds, count);
		execl(program, program, "--config", manager.config, "--simulate", "walk",
		      "--speed", manager.speed ? manager.speed : "1", "--socket", socket_path,
		      NULL);
		_exit(127);
	}
	CU_ASSERT_NOT_EQUAL_FATAL(manager.pid, -1);
	close(alive[1]);
	manager.alive = alive[0];
	manager.length = 0;
	manager.heard[0] = '\0';
}

/* Takes one message; false when gaitd has ended and there is none. */
static bool take_message(void)
{
	struct pollfd fds[] = { { manager.notify, POLLIN, 0 }, { manager.alive, POLLIN, 0 } };
	char text[512];
	ssize_t n;

	while (poll(fds, 2, -1) < 0 && errno == EINTR)
		;
	if (!(fds[0].revents & POLLIN))
		return false;
	n = recv(manager.notify, text, sizeof(text), 0);
	CU_ASSERT_FATAL(n > 0);
	if (manager.length + (size_t)n + 2 > sizeof(manager.heard))
		manager.length = 0;
	memcpy(manager.heard + manager.length, text, (size_t)n);
	manager.length += (size_t)n;
	manager.heard[manager.length++] = '\n';
	manager.heard[manager.length] = '\0';
	return true;
}

static int wait_for_end(void)
{
	int status;

	while (take_message())
		;
	CU_ASSERT_EQUAL_FATAL(waitpid(manager.pid, &status, 0), manager.pid);
	close(manager.alive);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static int stop(int signal_number)
{
	kill(manager.pid, signal_number);
	return wait_for_end();
}

/* Waits until it has told that, and forgets all up to there. */
static bool hears(const char *line)
{
	const char *at;

	while (!(at = strstr(manager.heard, line))) {
		if (!take_message())
			return false;
	}
	manager.length = strlen(at + strlen(line));
	memmove(manager.heard, at + strlen(line), manager.length + 1);
	return true;
}

/* ---- a client ------------------------------------------------------------ */

static int dial(const char *name)
{
	struct sockaddr_un address = address_of(name);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	close(fd);
	return -1;
}

static void say(int fd, const char *text)
{
	CU_ASSERT_EQUAL(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
}

/* A manager that does not listen holds gaitd up. */
static void listen_until(int fd)
{
	struct pollfd fds[] = { { fd, POLLIN, 0 }, { manager.notify, POLLIN, 0 } };

	do {
		while (poll(fds, 2, -1) < 0 && errno == EINTR)
			;
		if (fds[1].revents & POLLIN)
			take_message();
	} while (!fds[0].revents);
}

/* Whether this comes before the end */
static bool reads(int fd, const char *text)
{
	static char line[16384];
	size_t length = 0;

	for (;;) {
		ssize_t n;

		listen_until(fd);
		n = recv(fd, line + length, sizeof(line) - 1 - length, 0);
		if (n <= 0)
			return false;
		length += (size_t)n;
		line[length] = '\0';
		if (strstr(line, text))
			return true;
	}
}

#define HELLO \
	"{\"type\":\"hello\",\"protocol\":1,\"name\":\"test\",\"version\":\"1\"," \
	"\"caps\":[\"metrics\"]}\n"
#define STATUS "{\"cmd\":\"status\",\"id\":1}\n"

/* ---- tests --------------------------------------------------------------- */

static void test_ready(void)
{
	int display;

	set_up();
	start(NULL, 0, "", NULL);
	CU_ASSERT(hears("STATUS="));
	CU_ASSERT(hears("0 displays"));
	CU_ASSERT(hears("READY=1"));
	display = dial("display.sock");
	CU_ASSERT(display >= 0);
	CU_ASSERT(hears(", 1 display\n"));
	close(display);
	CU_ASSERT(hears(", 0 displays"));
	kill(manager.pid, SIGTERM);
	CU_ASSERT(hears("STOPPING=1"));
	CU_ASSERT_EQUAL(wait_for_end(), 0);
	CU_ASSERT_PTR_NULL(strstr(manager.heard, "WATCHDOG=1"));
	tear_down();
}

static void test_not_ready(void)
{
	set_up();
	write_config("no_such_key: 1\n");
	start(NULL, 0, "", NULL);
	CU_ASSERT_FALSE(hears("READY=1"));
	CU_ASSERT_EQUAL(wait_for_end(), 3);
	tear_down();
}

static void test_reload(void)
{
	set_up();
	start(NULL, 0, "", NULL);
	CU_ASSERT(hears("READY=1"));
	kill(manager.pid, SIGHUP);
	CU_ASSERT(hears("RELOADING=1\nMONOTONIC_USEC="));
	CU_ASSERT(hears("READY=1"));
	/* a bad one leaves what was there, and is over, too */
	write_config("no_such_key: 1\n");
	kill(manager.pid, SIGHUP);
	CU_ASSERT(hears("RELOADING=1\nMONOTONIC_USEC="));
	CU_ASSERT(hears("READY=1"));
	CU_ASSERT_EQUAL(stop(SIGTERM), 0);
	tear_down();
}

static void test_alive(void)
{
	set_up();
	start(NULL, 0, "", "200000");
	CU_ASSERT(hears("READY=1"));
	for (int i = 0; i < 3; i++)
		CU_ASSERT(hears("WATCHDOG=1"));
	CU_ASSERT_EQUAL(stop(SIGTERM), 0);
	tear_down();
}

/* They connected while nobody ran. */
static void test_passed(void)
{
	struct stat before, after;
	struct sockaddr_un display_address;
	int fds[2], display, control;

	set_up();
	fds[0] = listen_at("d.sock", SOCK_STREAM);
	fds[1] = listen_at("c.sock", SOCK_STREAM);
	display_address = address_of("d.sock");
	CU_ASSERT_EQUAL(stat(display_address.sun_path, &before), 0);
	display = dial("d.sock");
	control = dial("c.sock");
	say(display, HELLO);
	say(control, STATUS);
	start(fds, 2, "display:control", NULL);
	CU_ASSERT(reads(display, "\"type\":\"ready\""));
	CU_ASSERT(reads(control, "d.sock"));
	CU_ASSERT_EQUAL(dial("display.sock"), -1);
	CU_ASSERT(hears("READY=1"));
	CU_ASSERT_EQUAL(stop(SIGTERM), 0);
	CU_ASSERT(reads(display, "\"type\":\"bye\""));
	CU_ASSERT_EQUAL(stat(display_address.sun_path, &after), 0);
	CU_ASSERT_EQUAL(before.st_ino, after.st_ino);
	CU_ASSERT_EQUAL(before.st_mode, after.st_mode);
	close(display);
	close(control);
	/* between two daemons nobody is turned away */
	display = dial("d.sock");
	CU_ASSERT_FATAL(display >= 0);
	say(display, HELLO);
	start(fds, 2, "display:control", NULL);
	CU_ASSERT(reads(display, "\"type\":\"ready\""));
	CU_ASSERT_EQUAL(stop(SIGTERM), 0);
	close(display);
	close(fds[0]);
	close(fds[1]);
	tear_down();
}

static void test_passed_in_any_order(void)
{
	int fds[2], display;

	set_up();
	fds[0] = listen_at("c.sock", SOCK_STREAM);
	fds[1] = listen_at("d.sock", SOCK_STREAM);
	start(fds, 2, "control:display", NULL);
	CU_ASSERT(hears("READY=1"));
	display = dial("d.sock");
	say(display, HELLO);
	CU_ASSERT(reads(display, "\"type\":\"ready\""));
	CU_ASSERT_EQUAL(stop(SIGTERM), 0);
	close(display);
	close(fds[0]);
	close(fds[1]);
	tear_down();
}

static void test_wrongly_passed(void)
{
	static const struct {
		int types[2];
		const char *names;
	} rows[] = {
		{ { SOCK_STREAM, SOCK_STREAM }, "display:gaitd.socket" },
		{ { SOCK_STREAM, SOCK_STREAM }, "display:display" },
		{ { SOCK_DGRAM, SOCK_STREAM }, "display:control" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int fds[2];

		set_up();
		fds[0] = listen_at("d.sock", rows[i].types[0]);
		fds[1] = listen_at("c.sock", rows[i].types[1]);
		start(fds, 2, rows[i].names, NULL);
		CU_ASSERT_FALSE(hears("READY=1"));
		CU_ASSERT_EQUAL(wait_for_end(), 3);
		close(fds[0]);
		close(fds[1]);
		tear_down();
	}
}

/* What was meant for whoever started gaitd is not for it. */
static void test_meant_for_another(void)
{
	int fd, display;

	set_up();
	manager.meant = getpid();
	fd = listen_at("d.sock", SOCK_DGRAM);
	start(&fd, 1, "display", "1000");
	CU_ASSERT(hears("READY=1"));
	display = dial("display.sock");
	CU_ASSERT(hears(", 1 display\n"));
	close(display);
	CU_ASSERT_EQUAL(stop(SIGTERM), 0);
	CU_ASSERT_PTR_NULL(strstr(manager.heard, "WATCHDOG=1"));
	close(fd);
	tear_down();
}

#define RESTART "{\"cmd\":\"restart\",\"id\":1}\n"
#define TEMPORARY 75

static void test_restart_when_idle(void)
{
	int control;

	set_up();
	start(NULL, 0, "", NULL);
	CU_ASSERT(hears("READY=1"));
	control = dial("control.sock");
	say(control, RESTART);
	CU_ASSERT(reads(control, "\"now\":true"));
	CU_ASSERT_EQUAL(wait_for_end(), TEMPORARY);
	close(control);
	tear_down();
}

/* The belt runs: what is asked for comes to pass when it stands. */
static void test_restart_waits_for_the_run(void)
{
	int control;

	set_up();
	manager.speed = "200";
	start(NULL, 0, "", NULL);
	CU_ASSERT(hears(" min, "));
	control = dial("control.sock");
	say(control, RESTART);
	CU_ASSERT(reads(control, "\"now\":false"));
	CU_ASSERT(hears("started anew when the run is over"));
	CU_ASSERT_EQUAL(wait_for_end(), TEMPORARY);
	close(control);
	tear_down();
}

static void test_reload_tells_why(void)
{
	int control;

	set_up();
	start(NULL, 0, "", NULL);
	CU_ASSERT(hears("READY=1"));
	control = dial("control.sock");
	write_config("log: {level: notice}\nno_such_key: 1\n");
	say(control, "{\"cmd\":\"reload\",\"id\":1}\n");
	CU_ASSERT(reads(control, "gaitd.yaml:2:1: unknown key"));
	CU_ASSERT(hears("RELOADING=1"));
	CU_ASSERT(hears("READY=1"));
	say(control, "{\"cmd\":\"reload\",\"id\":2}\n");
	CU_ASSERT(reads(control, "\"exit_status\":3"));
	write_config("log: {level: notice}\n");
	say(control, "{\"cmd\":\"reload\",\"id\":3}\n");
	CU_ASSERT(reads(control, "\"ok\":true"));
	close(control);
	CU_ASSERT_EQUAL(stop(SIGTERM), 0);
	tear_down();
}

int main(void)
{
	alarm(300); /* a gaitd that says nothing and does not end is a failure, too */
	CU_TestInfo tests[] = {
		{ "ready when all is served", test_ready },
		{ "not ready with a bad configuration", test_not_ready },
		{ "reload", test_reload },
		{ "a reload tells why not", test_reload_tells_why },
		{ "a restart when idle", test_restart_when_idle },
		{ "a restart waits for the run", test_restart_waits_for_the_run },
		{ "alive", test_alive },
		{ "passed sockets", test_passed },
		{ "passed in any order", test_passed_in_any_order },
		{ "wrongly passed", test_wrongly_passed },
		{ "meant for another", test_meant_for_another },
		CU_TEST_INFO_NULL,
	};

	signal(SIGPIPE, SIG_IGN);
	return suite_run("manager", tests);
}
