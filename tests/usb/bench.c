/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The unmodified daemon with a USB port that is not there: it is started, a
 * stick is put in, pulled out, made to misbehave; and what it says of itself
 * must come right again. While that goes on the daemon is asked for its status
 * ten times a second and must answer each time at once: nothing blocks it.
 */
#include <config.h>

#include "daemon/peripheral/air.h"
#include "daemon/peripheral/stick.h"
#include "tests/usb/port.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define KEY "0123456789abcdef" /* nobody's */
#define TICK_MS 10
#define ASK_EVERY_MS 100
#define HANG_MS 5000
#define BLOCKED_MS 4000 /* a loop that was blocked by a hang takes more */
#define REPLUGS 50
#define NEIGHBOURS 12
#define START_S 80 /* of the scenario: he runs */
#define PATIENCE_MS 20000

static const uint8_t key[STICK_KEY_SIZE] = { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef };

static struct bench {
	struct port *port;
	struct stick stick;
	struct air air;
	bool pod_is_near;
	pid_t daemon;
	char directory[64], socket[128];
	bool unpaired; /* no pod is configured */
	uint64_t asked_ms, slowest_ms;
	unsigned answers;
	json_t *status;
} b;

/* ---- saying -------------------------------------------------------------- */

static uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void print_log(void)
{
	char path[160], line[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/log", b.directory);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		printf("    | %s", line);
	if (file)
		fclose(file);
}

static void require(bool holds, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void require(bool holds, const char *format, ...)
{
	va_list arguments;

	if (holds)
		return;
	printf("FAILED: ");
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
	if (b.status)
		json_dumpf(b.status, stdout, JSON_INDENT(1));
	printf("\n");
	print_log();
	if (b.daemon > 0)
		kill(b.daemon, SIGKILL);
	exit(1);
}

/* ---- the stick and the air ----------------------------------------------- */

static void from_host(void *user, const uint8_t *bytes, size_t length)
{
	(void)user;
	stick_receive(&b.stick, bytes, length, now_us());
}

static void to_host(void *user, const uint8_t *bytes, size_t length)
{
	(void)user;
	port_send(b.port, bytes, length);
}

static const struct stick_ops stick_ops = { to_host };

static void on_heard(void *user, const struct ant_data *data)
{
	uint64_t now = *(const uint64_t *)user;

	if (b.pod_is_near || data->device_number != AIR_POD)
		stick_radio(&b.stick, data, now);
}

static uint64_t start_us;

static void serve(void)
{
	uint64_t now = now_us();

	port_lock(b.port);
	stick_advance(&b.stick, now);
	air_advance(&b.air, now - start_us, on_heard, &now);
	port_unlock(b.port);
}

/* ---- the daemon ---------------------------------------------------------- */

static int dial(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct timeval limit = { 8, 0 };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/control.sock", b.directory);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	close(fd);
	return -1;
}

/* Asks for the status; how long that took is how long a display waits, too. */
static bool ask(void)
{
	static const char request[] = "{\"cmd\":\"status\",\"id\":1}\n";
	uint64_t start = now_us(), took_ms;
	char line[8192];
	size_t length = 0;
	int fd = dial();
	ssize_t n;

	if (fd < 0 || write(fd, request, sizeof(request) - 1) < 0) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	while (length < sizeof(line) && (n = read(fd, line + length, sizeof(line) - length)) > 0) {
		length += (size_t)n;
		if (line[length - 1] == '\n')
			break;
	}
	close(fd);
	json_decref(b.status);
	b.status = json_loadb(line, length, JSON_DISABLE_EOF_CHECK, NULL);
	took_ms = (now_us() - start) / 1000;
	if (took_ms > b.slowest_ms)
		b.slowest_ms = took_ms;
	b.answers++;
	require(b.status != NULL && took_ms < BLOCKED_MS, "status took %u ms",
	        (unsigned)took_ms);
	return true;
}

static void rest_ms(unsigned milliseconds)
{
	struct timespec rest = { 0, (long)milliseconds * 1000000 };

	nanosleep(&rest, NULL);
}

/* Lets things go on until `holds`, or for so long. */
static bool until(bool (*holds)(void), unsigned milliseconds)
{
	uint64_t end = now_us() + milliseconds * UINT64_C(1000);

	while (now_us() < end) {
		serve();
		if (now_us() / 1000 >= b.asked_ms + ASK_EVERY_MS) {
			b.asked_ms = now_us() / 1000;
			if (ask() && holds && holds())
				return true;
		}
		require(waitpid(b.daemon, NULL, WNOHANG) == 0, "the daemon ended");
		rest_ms(TICK_MS);
	}
	return false;
}

static const json_t *ant(void)
{
	return json_object_get(json_object_get(b.status, "sources"), "ant");
}

static const char *ant_text(const char *name)
{
	const char *text = json_string_value(json_object_get(ant(), name));

	return text ? text : "";
}

static long long ant_number(const char *name)
{
	return (long long)json_integer_value(json_object_get(ant(), name));
}

static bool is_absent(void)
{
	return strcmp(ant_text("state"), "absent") == 0;
}

static bool is_listening(void)
{
	return strcmp(ant_text("state"), "listening") == 0;
}

static bool is_live(void)
{
	const char *link = json_string_value(
		json_object_get(json_object_get(b.status, "link"), "footpod"));

	return is_listening() && link && strcmp(link, "live") == 0;
}

static bool has_cadence(void)
{
	const json_t *metrics = json_object_get(b.status, "metrics");

	return is_live() && json_number_value(json_object_get(metrics, "cadence_spm")) > 100;
}

static long long heard_before;

static bool hears_more(void)
{
	return is_listening() && ant_number("messages") > heard_before + 3;
}

static void must(bool (*holds)(void), const char *what)
{
	require(until(holds, PATIENCE_MS), "not within %d s: %s", PATIENCE_MS / 1000, what);
}

static void must_hear_again(const char *what)
{
	ask();
	heard_before = ant_number("messages");
	must(hears_more, what);
}

/* ---- starting and ending ------------------------------------------------- */

static void write_file(const char *name, mode_t mode, const char *text)
{
	char path[160];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", b.directory, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	require(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text), "%s", path);
	close(fd);
}

static void become_daemon(void)
{
	char config[160], record[160], log[160];
	const char *preload = getenv("GAITD_PRELOAD");
	const char *builddir = getenv("builddir");
	char program[512];
	int fd;

	snprintf(config, sizeof(config), "%s/gaitd.yaml", b.directory);
	snprintf(record, sizeof(record), "%s/run.rec", b.directory);
	snprintf(log, sizeof(log), "%s/log", b.directory);
	snprintf(program, sizeof(program), "%s/gaitd", builddir ? builddir : ".");
	fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	setenv("LD_PRELOAD", preload ? preload : "libumockdev-preload.so.0", 1);
	setenv("STATE_DIRECTORY", b.directory, 1);
	execl(program, program, "--config", config, "--record", record, "--socket", b.socket,
	      (char *)NULL);
	_exit(99);
}

static bool answers(void)
{
	return true;
}

static void start(void)
{
	char text[512];

	snprintf(b.directory, sizeof(b.directory), "/tmp/gaitd-usb.XXXXXX");
	require(mkdtemp(b.directory) != NULL, "no directory");
	snprintf(b.socket, sizeof(b.socket), "%s/display.sock", b.directory);
	snprintf(text, sizeof(text),
	         "ant:\n  network_key_file: %s/key\n  heart_rate_id: %d\n"
	         "footpod:\n  ant_id: %d\nlog:\n  level: info\n",
	         b.directory, AIR_STRAP, b.unpaired ? 0 : AIR_POD);
	write_file("gaitd.yaml", 0600, text);
	write_file("key", 0600, KEY "\n");
	b.pod_is_near = true;
	require(air_init(&b.air, scenario_by_name("demo"), 1, START_S * UINT64_C(1000000),
	                 NEIGHBOURS), "out of memory");
	b.port = port_new(from_host, NULL);
	stick_init(&b.stick, stick_model_find("1009"), key, &stick_ops, NULL);
	start_us = now_us();
	fflush(stdout);
	b.daemon = fork();
	if (b.daemon == 0)
		become_daemon();
	must(answers, "an answer of the daemon");
}

static void plug(const char *model)
{
	const struct stick_model *which = stick_model_find(model);

	port_lock(b.port);
	stick_init(&b.stick, which, key, &stick_ops, NULL);
	stick_power_on(&b.stick, now_us());
	port_unlock(b.port);
	port_plug(b.port, which);
}

static void fault(enum stick_fault what)
{
	port_lock(b.port);
	stick_set_fault(&b.stick, what, now_us());
	port_unlock(b.port);
}

/* The key is in nothing that the daemon wrote. */
static void no_key_in(const char *name)
{
	char command[256];

	snprintf(command, sizeof(command), "! grep -qiE '" KEY "|01 ?23 ?45 ?67' %s/%s",
	         b.directory, name);
	/* NOLINTNEXTLINE(cert-env33-c): our own words */
	require(system(command) == 0, "the network key is in %s", name);
}

static void finish(void)
{
	uint64_t asked = now_us();
	char command[128];
	int status = 0;

	kill(b.daemon, SIGTERM);
	while (waitpid(b.daemon, &status, WNOHANG) == 0 && now_us() < asked + 12000000) {
		serve();
		rest_ms(TICK_MS);
	}
	b.daemon = 0;
	require(WIFEXITED(status) && WEXITSTATUS(status) == 0, "it ended with %x",
	        (unsigned)status);
	no_key_in("log");
	no_key_in("run.rec");
	printf("  %u answers, the slowest after %u ms; %lu ioctls; ended within %u ms\n",
	       b.answers, (unsigned)b.slowest_ms, port_calls(b.port),
	       (unsigned)((now_us() - asked) / 1000));
	json_decref(b.status);
	air_free(&b.air);
	port_free(b.port);
	snprintf(command, sizeof(command), "rm -rf %s", b.directory);
	/* NOLINTNEXTLINE(cert-env33-c): our own words */
	if (system(command) != 0)
		perror(command);
}

/* ---- scenarios ----------------------------------------------------------- */

/* Cold start without a stick, arrival, first cadence; and it closes what it
 * opened. */
static void cold_start(void)
{
	uint64_t plugged;

	until(NULL, 1000);
	require(is_absent(), "a stick where none is");
	plugged = now_us();
	plug("1009");
	must(is_listening, "listening");
	must(has_cadence, "a cadence");
	printf("  first cadence %u ms after the stick\n",
	       (unsigned)((now_us() - plugged) / 1000));
	finish();
	for (size_t i = 0; i < STICK_CHANNELS; i++)
		require(b.stick.channels[i].state == ANT_CHANNEL_UNASSIGNED,
		        "channel %u was left open", (unsigned)i);
}

static void replugs(void)
{
	for (unsigned i = 0; i < REPLUGS; i++) {
		plug(i % 2 ? "1008" : "1009");
		if (i % 5 == 4 || i + 1 == REPLUGS)
			must_hear_again("a pod after a replug");
		else
			until(NULL, 40 * (i % 20));
		port_unplug(b.port, (enum port_unplug)(i % 3));
	}
	must(is_absent, "that the stick is gone");
	plug("1009");
	must(has_cadence, "a cadence after 50 replugs");
}

static void unplug_in_flight(enum port_unplug how)
{
	plug("1008");
	must(is_live, "a pod");
	port_unplug(b.port, how);
	must(is_absent, "that the stick is gone");
	until(NULL, 700);
	plug("1009");
	must_hear_again("a pod after the unplug");
}

static void unplug_no_device(void)
{
	unplug_in_flight(PORT_NO_DEVICE);
}

static void unplug_error(void)
{
	unplug_in_flight(PORT_ERROR_FIRST);
}

static void unplug_leaves_first(void)
{
	unplug_in_flight(PORT_LEAVES_FIRST);
}

static void stall(void)
{
	unsigned before;

	plug("1009");
	must(is_live, "a pod");
	port_lock(b.port);
	before = port_halts_cleared(b.port);
	port_stall(b.port);
	port_unlock(b.port);
	until(NULL, 300);
	must_hear_again("a pod after the stall");
	require(port_halts_cleared(b.port) > before, "the halt was not cleared");
}

static void misbehave(enum stick_fault what, bool heard_meanwhile)
{
	plug("1008");
	must(is_live, "a pod");
	fault(what);
	if (heard_meanwhile) {
		until(NULL, 3000);
		must_hear_again("a pod in spite of that");
	} else {
		until(NULL, 9000);
	}
	fault(STICK_NO_FAULT);
	must_hear_again("a pod after that");
}

static void answers_nothing(void)
{
	misbehave(STICK_SILENT, false);
}

static void answers_late(void)
{
	misbehave(STICK_LATE, true);
}

static void restarts(void)
{
	misbehave(STICK_RESTARTS, true);
}

static void garbage(void)
{
	misbehave(STICK_GARBAGE, true);
}

static void split(void)
{
	misbehave(STICK_SPLIT, true);
}

/* It is silent from the start: no reply to anything, ever. */
static void dead(void)
{
	fault(STICK_SILENT);
	port_plug(b.port, stick_model_find("1009"));
	until(NULL, 12000);
	require(strstr(ant_text("message"), "attempt") != NULL, "it does not say so: %s",
	        ant_text("message"));
	fault(STICK_NO_FAULT);
	must_hear_again("a pod after all");
}

/* The kernel may hold a clear-halt for five seconds: the daemon answers. */
static void hangs(void)
{
	unsigned answered = b.answers;

	port_lock(b.port);
	port_hang(b.port, HANG_MS);
	port_unlock(b.port);
	plug("1009");
	until(NULL, HANG_MS);
	require(b.answers - answered > 5, "no answers while the kernel holds the stick");
	port_lock(b.port);
	port_hang(b.port, 0);
	port_unlock(b.port);
	must_hear_again("a pod when that is over");
}

static bool says_busy(void)
{
	return strstr(ant_text("message"), "another program has it") != NULL;
}

static void held(void)
{
	port_lock(b.port);
	port_hold(b.port, true);
	port_unlock(b.port);
	plug("1009");
	must(says_busy, "that another program has it");
	port_lock(b.port);
	port_hold(b.port, false);
	port_unlock(b.port);
	must_hear_again("a pod when that has ended");
}

static bool sees_neighbours(void)
{
	return ant_number("footpods") >= 4;
}

static bool some_left(void)
{
	static long long most;

	if (ant_number("footpods") > most)
		most = ant_number("footpods");
	return ant_number("footpods") < most;
}

static void neighbours(void)
{
	plug("1009");
	must(sees_neighbours, "neighbours' pods");
	must(has_cadence, "the own pod among them");
	require(until(some_left, 2 * PATIENCE_MS), "nobody ever left");
	must(has_cadence, "the own pod still");
}

/* The runner names his pod, by gaitctl: it is his at once, and in the file. */
static void gaitctl(const char *words, int status)
{
	const char *builddir = getenv("builddir");
	char command[512];
	int got;

	snprintf(command, sizeof(command), "%s/gaitctl --socket %s %s >>%s/log 2>&1",
	         builddir ? builddir : ".", b.socket, words, b.directory);
	fflush(stdout);
	/* NOLINTNEXTLINE(cert-env33-c): our own words */
	got = system(command);
	require(WIFEXITED(got) && WEXITSTATUS(got) == status, "gaitctl %s: %x", words,
	        (unsigned)got);
}

static bool hears_pods(void)
{
	const json_t *pod = json_object_get(b.status, "pod");

	return json_integer_value(json_object_get(pod, "others")) > 0;
}

static bool has_own(void)
{
	const char *choice = json_string_value(
		json_object_get(json_object_get(b.status, "pod"), "choice"));

	return choice && strcmp(choice, "own") == 0 && is_live();
}

static void pairs_by_name(void)
{
	char words[64];

	plug("1009");
	must(hears_pods, "pods that are nobody's");
	require(!has_own(), "a pod of its own before one is paired");
	snprintf(words, sizeof(words), "pair footpod %d", AIR_POD);
	gaitctl(words, 0);
	must(has_own, "the paired pod as the runner's own");
	snprintf(words, sizeof(words), "pair footpod --yes"); /* it says: already */
	gaitctl(words, 0);
	snprintf(words, sizeof(words), "pair footpod 0");
	gaitctl(words, 1);
	finish();
}

static unsigned long switches(void)
{
	char command[160], line[64] = "0";
	FILE *pipe;

	snprintf(command, sizeof(command),
	         "cat /proc/%d/task/*/status | awk '/^voluntary/ { n += $2 } END { print n }'",
	         (int)b.daemon);
	/* NOLINTNEXTLINE(cert-env33-c): our own words */
	pipe = popen(command, "re");
	if (pipe) {
		if (!fgets(line, sizeof(line), pipe))
			line[0] = '0';
		pclose(pipe);
	}
	return strtoul(line, NULL, 10);
}

/* It sleeps when nothing happens, with a stick and without. */
static void wakes_rarely(void)
{
	unsigned long before, woken;
	unsigned answered;

	for (unsigned plugged = 0; plugged < 2; plugged++) {
		if (plugged) {
			plug("1009");
			must(is_live, "a pod");
			b.pod_is_near = false;
			b.air.neighbour_count = 0;
			until(NULL, 3000);
		}
		before = switches();
		answered = b.answers;
		until(NULL, 5000);
		woken = switches() - before;
		answered = b.answers - answered;
		printf("  %s: %lu wake-ups in 5 s for %u questions\n",
		       plugged ? "with a stick" : "without a stick", woken, answered);
		/* the strap beats four times a second, each in a few transfers */
		require(woken < answered * 6 + (plugged ? 5 * 4 * 12 : 50), "it spins");
	}
}

static const struct {
	const char *name;
	void (*run)(void);
} scenarios[] = {
	{ "cold-start", cold_start },
	{ "replugs", replugs },
	{ "unplug-no-device", unplug_no_device },
	{ "unplug-error", unplug_error },
	{ "unplug-leaves-first", unplug_leaves_first },
	{ "stall", stall },
	{ "answers-nothing", answers_nothing },
	{ "answers-late", answers_late },
	{ "restarts", restarts },
	{ "garbage", garbage },
	{ "split", split },
	{ "dead", dead },
	{ "hangs", hangs },
	{ "held", held },
	{ "neighbours", neighbours },
	{ "pairs-by-name", pairs_by_name },
	{ "wakes-rarely", wakes_rarely },
};

#define SCENARIOS (sizeof(scenarios) / sizeof(scenarios[0]))

int main(int argc, char **argv)
{
	for (size_t i = 0; i < SCENARIOS; i++) {
		if (argc < 2)
			printf("%s\n", scenarios[i].name);
		else if (strcmp(argv[1], scenarios[i].name) == 0) {
			printf("%s\n", argv[1]);
			b.unpaired = scenarios[i].run == pairs_by_name;
			start();
			scenarios[i].run();
			if (b.daemon > 0)
				finish();
			return 0;
		}
	}
	return argc < 2 ? 0 : 2;
}
