/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "tests/faults/rig.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define HANGS_S 60 /* without an answer */
#define RUNNER "Ada"

static const char *builddir(void)
{
	const char *path = getenv("builddir");

	return path ? path : ".";
}

void rig_path(const struct rig *rig, const char *name, char out[2 * RIG_PATH_MAX])
{
	snprintf(out, 2 * RIG_PATH_MAX, "%s/%s", rig->directory, name);
}

bool rig_put_file(const struct rig *rig, const char *name, const char *text)
{
	char path[2 * RIG_PATH_MAX];
	FILE *file;

	rig_path(rig, name, path);
	file = fopen(path, "we");
	return file && fputs(text, file) >= 0 && fclose(file) == 0;
}

/* ---- the control file -------------------------------------------------------- */

static bool map_control(struct rig *rig)
{
	char path[2 * RIG_PATH_MAX];
	void *mapped = MAP_FAILED;
	int fd;

	rig_path(rig, "control", path);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0 && ftruncate(fd, sizeof(*rig->control)) == 0)
		mapped = mmap(NULL, sizeof(*rig->control), PROT_READ | PROT_WRITE, MAP_SHARED,
		              fd, 0);
	if (fd >= 0)
		close(fd);
	rig->control = mapped == MAP_FAILED ? NULL : mapped;
	return rig->control != NULL;
}

static void set_environment(const struct rig *rig)
{
	char path[2 * RIG_PATH_MAX];

	rig_path(rig, "control", path);
	setenv(CONTROL_FILE, path, 1);
	rig_path(rig, "state", path);
	setenv(CONTROL_PLACE, path, 1);
	setenv("STATE_DIRECTORY", path, 1);
	rig_path(rig, "golden", path);
	setenv(CONTROL_GOLDEN, path, 1);
	rig_path(rig, "display.sock", path);
	setenv("GAITD_SOCKET", path, 1);
	unsetenv("XDG_RUNTIME_DIR");
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
}

bool rig_new(struct rig *rig)
{
	const char *temporary = getenv("TMPDIR");
	char path[2 * RIG_PATH_MAX];

	*rig = (struct rig){ .display = -1 };
	snprintf(rig->directory, sizeof(rig->directory), "%s/gaitd-faults.XXXXXX",
	         temporary ? temporary : "/tmp");
	rig->notes = malloc(RIG_NOTES_MAX);
	if (!rig->notes || !mkdtemp(rig->directory) || !map_control(rig))
		return false;
	rig_path(rig, "state", path);
	return mkdir(path, 0700) == 0 &&
	       rig_put_file(rig, "gaitd.yaml", "display: {input: [\"*\"], personal: [\"*\"]}\n") &&
	       rig_ask(rig, "runner add " RUNNER) == 0;
}

void rig_free(struct rig *rig)
{
	char command[2 * RIG_PATH_MAX];

	rig_end(rig, SIGKILL);
	if (rig->server) {
		kill(rig->server, SIGKILL);
		waitpid(rig->server, NULL, 0);
	}
	if (rig->control)
		munmap(rig->control, sizeof(*rig->control));
	free(rig->notes);
	snprintf(command, sizeof(command), "rm -rf '%s'", rig->directory);
	if (system(command) != 0) /* NOLINT(cert-env33-c): our own words */
		printf("cannot remove %s\n", rig->directory);
}

/* ---- the display --------------------------------------------------------------- */

int rig_socket(const struct rig *rig)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%.80s/display.sock",
	         rig->directory);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	close(fd);
	return -1;
}

void rig_say(struct rig *rig, const char *line, size_t length)
{
	if (send(rig->display, line, length, MSG_NOSIGNAL) != (ssize_t)length)
		printf("the display could not say %.*s", (int)length, line);
}

static void say(struct rig *rig, const char *line)
{
	rig_say(rig, line, strlen(line));
}

static long number_behind(const char *line, const char *name, long otherwise)
{
	const char *at = strstr(line, name);

	return at ? strtol(at + strlen(name), NULL, 10) : otherwise;
}

static bool begins(const char *line, const char *type)
{
	return strncmp(line, "{\"type\":\"", 9) == 0 &&
	       strncmp(line + 9, type, strlen(type)) == 0 && line[9 + strlen(type)] == '"';
}

static void note(struct rig *rig)
{
	if (rig->notes_length + rig->line_length + 2 > RIG_NOTES_MAX)
		return;
	memcpy(rig->notes + rig->notes_length, rig->line, rig->line_length);
	rig->notes_length += rig->line_length;
	rig->notes[rig->notes_length++] = '\n';
	rig->notes[rig->notes_length] = '\0';
}

static void hear(struct rig *rig)
{
	char answer[64];

	rig->line[rig->line_length] = '\0';
	if (begins(rig->line, "hello")) {
		say(rig, "{\"type\":\"hello\",\"protocol\":1,\"name\":\"rig\",\"version\":\"1\","
		         "\"caps\":[\"metrics\",\"shown\",\"input\",\"personal\"]}\n");
		return;
	}
	if (begins(rig->line, "ping")) {
		say(rig, "{\"type\":\"pong\"}\n");
		return;
	}
	if (begins(rig->line, "bye"))
		rig->said_bye = true;
	if (begins(rig->line, "prompt")) {
		snprintf(answer, sizeof(answer), "{\"type\":\"shown\",\"id\":%ld}\n",
		         number_behind(rig->line, "\"id\":", 0));
		say(rig, answer);
		rig->prompts++;
	}
	if (begins(rig->line, "metrics")) {
		rig->elapsed_s = number_behind(rig->line, "\"elapsed_s\":", rig->elapsed_s);
		if (strstr(rig->line, "\"speed_kmh\":"))
			rig->speed_at = (long)rig->seconds;
	}
	if (rig->heard)
		rig->heard(rig->line, rig->line_length, rig->user);
	else
		note(rig);
}

/* True: something was heard */
static bool listen_to(struct rig *rig)
{
	char octets[RIG_LINE_MAX];
	ssize_t n = rig->display < 0 ? -1 : recv(rig->display, octets, sizeof(octets), 0);

	for (ssize_t i = 0; i < n; i++) {
		if (octets[i] == '\n') {
			hear(rig);
			rig->line_length = 0;
		} else if (rig->line_length < sizeof(rig->line) - 1) {
			rig->line[rig->line_length++] = octets[i];
		}
	}
	if (n == 0) {
		close(rig->display);
		rig->display = -1;
	}
	return n > 0;
}

/* ---- time ------------------------------------------------------------------------ */

static bool has_ended(struct rig *rig)
{
	if (rig->gaitd && rig->server) {
		rig->status = rig->control->run_status;
		if (rig->control->run_ended == rig->control->run_asked)
			rig->gaitd = 0;
	} else if (rig->gaitd && waitpid(rig->gaitd, &rig->status, WNOHANG) == rig->gaitd)
		rig->gaitd = 0;
	return rig->gaitd == 0;
}

static bool serve(struct rig *rig)
{
	bool did = listen_to(rig);

	if (rig->beside)
		did |= rig->beside(rig->user);
	return did;
}

static int64_t clock_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* In real time nobody tells when all is done: until that is over that has passed */
static bool settle_in_real_time(struct rig *rig)
{
	struct timespec moment = { 0, 2000000 };

	do {
		if (!serve(rig))
			nanosleep(&moment, NULL);
	} while (clock_us() - rig->began_us < rig->passed_us && !has_ended(rig));
	return !has_ended(rig);
}

/* Until nothing is left to be done, and the display has heard all of it */
bool rig_settle(struct rig *rig)
{
	struct timespec moment = { 0, 100000 };
	int64_t began_us = clock_us();
	bool did;

	if (rig->control->real_time)
		return settle_in_real_time(rig);
	do {
		uint64_t asked = ++rig->control->asked;

		did = false;
		while (rig->control->done != asked && !has_ended(rig)) {
			did |= serve(rig);
			nanosleep(&moment, NULL);
			if (clock_us() - began_us > HANGS_S * INT64_C(1000000))
				rig_end(rig, SIGABRT);
		}
	} while ((serve(rig) || did) && !has_ended(rig));
	return !has_ended(rig);
}

bool rig_pass(struct rig *rig, int64_t us)
{
	rig->passed_us += us;
	rig->seconds = (unsigned)(rig->passed_us / 1000000);
	rig->control->now_us += us;
	return rig_settle(rig);
}

bool rig_second(struct rig *rig)
{
	return rig_pass(rig, 1000000);
}

bool rig_seconds(struct rig *rig, unsigned count)
{
	while (count-- > 0)
		if (!rig_second(rig))
			return false;
	return true;
}

/* ---- gaitd, and gaitctl ------------------------------------------------------------ */

/* Without a scenario it is a live one. */
static void become_gaitd(const struct rig *rig, const char *scenario, unsigned limit)
{
	char program[2 * RIG_PATH_MAX], shim[2 * RIG_PATH_MAX], config[2 * RIG_PATH_MAX];
	struct rlimit files = { limit, limit };
	int log;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	rig_path(rig, "log", config);
	log = open(config, O_WRONLY | O_CREAT | O_APPEND, 0600);
	dup2(log, STDERR_FILENO);
	close(log);
	rig_path(rig, "gaitd.yaml", config);
	snprintf(program, sizeof(program), "%s/gaitd", builddir());
	snprintf(shim, sizeof(shim), "%s/tests/faults/shim.so", builddir());
	setenv("LD_PRELOAD", shim, 1);
	if (limit > 0)
		setrlimit(RLIMIT_NOFILE, &files);
	execl(program, program, "--config", config, scenario ? "--simulate" : NULL, scenario,
	      (char *)NULL);
	_exit(127);
}

bool rig_connect(struct rig *rig)
{
	rig->line_length = 0;
	rig->display = rig_socket(rig);
	return rig->display >= 0 && rig_settle(rig);
}

static bool copy(const struct rig *rig, const char *from, const char *to)
{
	char path[2 * RIG_PATH_MAX], octets[65536];
	size_t length = 0;
	FILE *file;

	rig_path(rig, from, path);
	file = fopen(path, "re");
	if (file)
		length = fread(octets, 1, sizeof(octets), file);
	if (!file || !feof(file) || fclose(file) != 0)
		return false;
	rig_path(rig, to, path);
	file = fopen(path, "we");
	return file && fwrite(octets, 1, length, file) == length && fclose(file) == 0;
}

static bool process_has_ended(pid_t pid)
{
	siginfo_t info = { .si_pid = 0 };

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0 ||
	       info.si_pid != 0;
}

static void next_of_server(struct rig *rig)
{
	static const char *const left[] = {
		"state/history.sqlite-wal", "state/history.sqlite-shm", "display.sock",
		"control.sock",             "fleet.sock",               "display.lock",
		"session.sqlite",           "session.sqlite-wal",       "session.sqlite-shm",
		"session.sqlite-leaf",      "session.sqlite-leaf-new",  "session.sqlite-owed",
	};
	struct timespec moment = { 0, 50000 };
	char path[2 * RIG_PATH_MAX];

	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++) {
		rig_path(rig, left[i], path);
		unlink(path);
	}
	copy(rig, "template", "state/history.sqlite");
	rig_path(rig, "log", path);
	if (truncate(path, 0) != 0)
		perror(path);
	rig->control->now_us = 0;
	rig->control->busy = 0;
	rig->control->run_asked++;
	while (rig->control->run_begun != rig->control->run_asked) {
		if (process_has_ended(rig->server)) {
			fprintf(stderr, "no process could be made for another run\n");
			exit(EXIT_FAILURE);
		}
		nanosleep(&moment, NULL);
	}
	rig->gaitd = rig->control->run_pid;
}

static bool come_up(struct rig *rig, const char *scenario, unsigned limit)
{
	rig->seconds = rig->prompts = 0;
	rig->passed_us = 0;
	rig->began_us = clock_us();
	rig->elapsed_s = rig->speed_at = -1;
	rig->notes_length = 0;
	rig->said_bye = false;
	if (rig->server) {
		next_of_server(rig);
		return rig_settle(rig);
	}
	set_environment(rig);
	fflush(NULL);
	rig->gaitd = fork();
	if (rig->gaitd == 0)
		become_gaitd(rig, scenario, limit);
	return rig_settle(rig);
}

bool rig_start(struct rig *rig, const char *scenario, unsigned limit)
{
	if (!come_up(rig, scenario, limit) || !rig_connect(rig))
		return false;
	if (rig->server)
		rig_request(rig, "{\"cmd\":\"runner\",\"id\":1,\"do\":\"start\",\"name\":\"" RUNNER "\"}\n");
	else if (rig_ask(rig, "runner start " RUNNER) != 0)
		return false;
	return rig_settle(rig);
}

bool rig_serve(struct rig *rig, const char *scenario)
{
	struct timespec moment = { 0, 1000000 };

	if (!copy(rig, "state/history.sqlite", "template"))
		return false;
	rig->control->serves = 1;
	set_environment(rig);
	fflush(NULL);
	rig->server = fork();
	if (rig->server == 0)
		become_gaitd(rig, scenario, 0);
	while (rig->control->before_loop == 0) {
		if (waitpid(rig->server, &rig->status, WNOHANG) == rig->server)
			return false;
		nanosleep(&moment, NULL);
	}
	return true;
}

/* In real time it is there when it answers. */
bool rig_start_live(struct rig *rig, const char *air, bool real_time)
{
	bool up;

	setenv(CONTROL_AIR, air, 1);
	/* what a thread keeps for itself the allocator counts as taken */
	setenv("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0", 1);
	rig->control->real_time = real_time;
	up = come_up(rig, NULL, 0);
	unsetenv(CONTROL_AIR);
	unsetenv("GLIBC_TUNABLES");
	if (!up)
		return false;
	while (rig_ask(rig, "status") != 0)
		if (!rig_settle(rig))
			return false;
	return rig_connect(rig);
}

void rig_end(struct rig *rig, int signal)
{
	struct timespec moment = { 0, 100000 };

	if (rig->gaitd && !has_ended(rig))
		kill(rig->gaitd, signal);
	while (!has_ended(rig)) {
		listen_to(rig);
		nanosleep(&moment, NULL);
	}
	while (listen_to(rig))
		;
	if (rig->display >= 0)
		close(rig->display);
	rig->display = -1;
}

void rig_request(struct rig *rig, const char *line)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	char answer[RIG_LINE_MAX];

	snprintf(address.sun_path, sizeof(address.sun_path), "%.80s/control.sock",
	         rig->directory);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
	    send(fd, line, strlen(line), MSG_NOSIGNAL) > 0 && rig_settle(rig))
		(void)!recv(fd, answer, sizeof(answer), 0);
	close(fd);
}

int rig_ask(const struct rig *rig, const char *words)
{
	char command[5 * RIG_PATH_MAX];
	int status;

	set_environment(rig);
	snprintf(command, sizeof(command), "'%s/gaitctl' --config '%s/gaitd.yaml' %s >'%s/said' 2>&1",
	         builddir(), rig->directory, words, rig->directory);
	status = system(command); /* NOLINT(cert-env33-c): our own words */
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool rig_says(const struct rig *rig, const char *file, const char *words)
{
	char path[2 * RIG_PATH_MAX], line[RIG_LINE_MAX];
	bool found = false;
	FILE *stream;

	rig_path(rig, file, path);
	stream = fopen(path, "re");
	while (stream && !found && fgets(line, sizeof(line), stream))
		found = strcasestr(line, words) != NULL;
	if (stream)
		fclose(stream);
	return found;
}

/* "time,second,elapsed,...": the third; -1: it is none */
static long elapsed_of(const char *line)
{
	const char *at = strchr(line, ',');

	at = at ? strchr(at + 1, ',') : NULL;
	return at && at[1] >= '0' && at[1] <= '9' ? strtol(at + 1, NULL, 10) : -1;
}

long rig_kept_s(const struct rig *rig, long *missing_s)
{
	char path[2 * RIG_PATH_MAX], line[RIG_LINE_MAX];
	long kept = -1, missing = 0;
	FILE *stream;

	if (rig_ask(rig, "export --runner " RUNNER " --format csv -o -") != 0)
		return -1;
	rig_path(rig, "said", path);
	stream = fopen(path, "re");
	while (stream && fgets(line, sizeof(line), stream)) {
		long elapsed = elapsed_of(line);

		if (kept >= 0 && elapsed > kept + 1)
			missing += elapsed - kept - 1;
		if (elapsed >= 0)
			kept = elapsed;
	}
	if (stream)
		fclose(stream);
	if (missing_s)
		*missing_s = missing;
	return kept;
}
