/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "tests/usb/bench.h"

#include "tests/usb/display.h"
#include "tests/unit/memory.h"

#include <fcntl.h>
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

#define TICK_MS 10
#define ASK_EVERY_MS 100
#define BLOCKED_MS 30000 /* for ever, also where a machine is busy */
#define NEIGHBOURS 12
#define START_S 80 /* of the scenario: he runs */
#define PATIENCE_MS 120000 /* what is not there then never comes */
/* An ioctl is a question to umockdev and a wait for its answer; a question from
 * outside is a few reads and writes; libusb's and libevent's own are few. */
#define WAKES_PER_CALL 5
#define WAKES_PER_ANSWER 10
#define WAKES_PER_S 60

static const uint8_t key[STICK_KEY_SIZE] = { 0xc0, 0xff, 0xee, 0x5a, 0xc3, 0x91, 0x0f, 0xd2 };

struct bench bench;

static struct {
	uint64_t start_us, asked_ms;
	unsigned slowest_ms;
	unsigned long woken_before;
} count;

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

	snprintf(path, sizeof(path), "%s/log", bench.directory);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		printf("    | %s", line);
	if (file)
		fclose(file);
}

/* Our own words, to a shell; its exit status */
static int run(const char *format, ...) __attribute__((format(printf, 1, 2)));
static int run(const char *format, ...)
{
	char command[512];
	va_list arguments;
	int status;

	va_start(arguments, format);
	vsnprintf(command, sizeof(command), format, arguments);
	va_end(arguments);
	fflush(stdout);
	status = system(command); /* NOLINT(cert-env33-c) */
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void bench_require(bool holds, const char *format, ...)
{
	va_list arguments;

	if (holds)
		return;
	printf("FAILED: ");
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
	if (bench.status)
		json_dumpf(bench.status, stdout, JSON_INDENT(1));
	printf("\n");
	print_log();
	if (bench.daemon > 0) {
		/* where each thread is: in an ioctl it waits for umockdev */
		run("cd /proc/%d/task && for t in *; do echo \"    $(cat $t/comm):"
		    " $(cat $t/wchan), syscall $(cat $t/syscall)\"; done 2>&1",
		    (int)bench.daemon);
		kill(bench.daemon, SIGKILL);
	}
	exit(1);
}

/* ---- the sticks and the air ---------------------------------------------- */

static void from_host(void *user, const uint8_t *bytes, size_t length)
{
	struct bench_port *at = user;

	stick_receive(&at->stick, bytes, length, now_us());
}

static void to_host(void *user, const uint8_t *bytes, size_t length)
{
	struct bench_port *at = user;

	port_send(at->port, bytes, length);
}

static const struct stick_ops stick_ops = { to_host };

static void on_heard(void *user, const struct ant_data *data)
{
	uint64_t now = *(const uint64_t *)user;

	if (!bench.pod_is_near && data->device_number == AIR_POD)
		return;
	for (size_t i = 0; i < BENCH_PORTS; i++) {
		port_lock(bench.ports[i].port);
		stick_radio(&bench.ports[i].stick, data, now);
		port_unlock(bench.ports[i].port);
	}
}

static void serve(void)
{
	uint64_t now = now_us();

	for (size_t i = 0; i < BENCH_PORTS; i++) {
		port_lock(bench.ports[i].port);
		stick_advance(&bench.ports[i].stick, now);
		port_unlock(bench.ports[i].port);
	}
	air_advance(&bench.air, now - count.start_us, on_heard, &now);
}

void bench_plug_at(size_t at, const struct stick_model *model)
{
	struct bench_port *port = &bench.ports[at];

	port_lock(port->port);
	stick_init(&port->stick, model, key, &stick_ops, port);
	stick_power_on(&port->stick, now_us());
	port_unlock(port->port);
	port_plug(port->port, model);
}

void bench_plug(const char *model)
{
	bench_plug_at(0, stick_model_find(model));
}

void bench_fault(enum stick_fault fault)
{
	port_lock(bench.ports[0].port);
	stick_set_fault(&bench.ports[0].stick, fault, now_us());
	port_unlock(bench.ports[0].port);
}

/* ---- asking the daemon --------------------------------------------------- */

static int dial(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct timeval limit = { BLOCKED_MS / 1000, 0 };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/control.sock",
	         bench.directory);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	close(fd);
	return -1;
}

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
	json_decref(bench.status);
	bench.status = json_loadb(line, length, JSON_DISABLE_EOF_CHECK, NULL);
	took_ms = (now_us() - start) / 1000;
	if (took_ms > count.slowest_ms)
		count.slowest_ms = (unsigned)took_ms;
	bench.answers++;
	bench_require(bench.status != NULL && took_ms < BLOCKED_MS, "status took %u ms",
	              (unsigned)took_ms);
	return true;
}

static void rest_ms(unsigned milliseconds)
{
	struct timespec rest = { 0, (long)milliseconds * 1000000 };

	nanosleep(&rest, NULL);
}

bool bench_until(bool (*holds)(void), unsigned milliseconds)
{
	uint64_t end = now_us() + milliseconds * UINT64_C(1000);

	while (now_us() < end) {
		serve();
		if (now_us() / 1000 >= count.asked_ms + ASK_EVERY_MS) {
			count.asked_ms = now_us() / 1000;
			if (ask() && holds && holds())
				return true;
		}
		bench_require(waitpid(bench.daemon, NULL, WNOHANG) == 0, "the daemon ended");
		rest_ms(TICK_MS);
	}
	return false;
}

void bench_must(bool (*holds)(void), const char *what)
{
	bench_require(bench_until(holds, PATIENCE_MS), "not within %d s: %s",
	              PATIENCE_MS / 1000, what);
}

static const json_t *ant(void)
{
	return json_object_get(json_object_get(bench.status, "sources"), "ant");
}

const char *bench_ant_text(const char *name)
{
	const char *text = json_string_value(json_object_get(ant(), name));

	return text ? text : "";
}

long long bench_ant_number(const char *name)
{
	return (long long)json_integer_value(json_object_get(ant(), name));
}

bool bench_is_absent(void)
{
	return strcmp(bench_ant_text("state"), "absent") == 0;
}

bool bench_is_listening(void)
{
	return strcmp(bench_ant_text("state"), "listening") == 0;
}

bool bench_is_live(void)
{
	const char *link = json_string_value(
		json_object_get(json_object_get(bench.status, "link"), "footpod"));

	return bench_is_listening() && link && strcmp(link, "live") == 0;
}

bool bench_has_cadence(void)
{
	const json_t *metrics = json_object_get(bench.status, "metrics");

	return bench_is_live() &&
	       json_number_value(json_object_get(metrics, "cadence_spm")) > 100;
}

static long long heard_before;

static bool hears_more(void)
{
	return bench_is_listening() && bench_ant_number("messages") > heard_before + 3;
}

void bench_must_hear(const char *what)
{
	ask();
	heard_before = bench_ant_number("messages");
	bench_must(hears_more, what);
}

void bench_gaitctl(const char *words, int status)
{
	const char *builddir = getenv("builddir");
	int got = run("%s/gaitctl --socket %s %s >>%s/log 2>&1", builddir ? builddir : ".",
	              bench.socket, words, bench.directory);

	bench_require(got == status, "gaitctl %s: %d", words, got);
}

bool bench_log_has(const char *words)
{
	return run("grep -qF '%s' %s/log", words, bench.directory) == 0;
}

unsigned long bench_switches(void)
{
	char command[160], line[64] = "0";
	FILE *pipe;

	snprintf(command, sizeof(command),
	         "cat /proc/%d/task/*/status | awk '/^voluntary/ { n += $2 } END { print n }'",
	         (int)bench.daemon);
	pipe = popen(command, "re"); /* NOLINT(cert-env33-c): our own words */
	if (pipe) {
		if (!fgets(line, sizeof(line), pipe))
			line[0] = '0';
		pclose(pipe);
	}
	return strtoul(line, NULL, 10);
}

/* Milliseconds of a processor that the daemon used so far */
static unsigned used_ms(void)
{
	unsigned long user = 0, kernel = 0;
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)bench.daemon);
	file = fopen(path, "re");
	/* NOLINTNEXTLINE(cert-err34-c): the kernel's own words */
	if (file && fscanf(file, "%*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %lu %lu",
	                   &user, &kernel) != 2)
		user = kernel = 0;
	if (file)
		fclose(file);
	return (unsigned)((user + kernel) * 1000 / (unsigned long)sysconf(_SC_CLK_TCK));
}

/* ---- starting and ending ------------------------------------------------- */

static void write_file(const char *name, mode_t mode, const char *text)
{
	char path[160];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", bench.directory, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	bench_require(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text), "%s",
	              path);
	close(fd);
}

static void write_configuration(void)
{
	const struct bench_settings *settings = &bench.settings;
	char text[512], file[160];

	snprintf(file, sizeof(file), "network_key_file: %s/key", bench.directory);
	snprintf(text, sizeof(text),
	         "ant:\n  heart_rate_id: %d\n  stick: \"%s\"\n  %s\n"
	         "footpod:\n  ant_id: %d\nlog:\n  level: info\n",
	         AIR_STRAP, settings->stick ? settings->stick : "",
	         settings->key ? settings->key : file, settings->unpaired ? 0 : AIR_POD);
	write_file("gaitd.yaml", 0600, text);
	write_file("key", 0600, BENCH_KEY "\n");
}

static void become_daemon(void)
{
	char config[160], record[160], log[160];
	const char *preload = getenv("GAITD_PRELOAD");
	const char *builddir = getenv("builddir");
	char program[512];
	int fd;

	snprintf(config, sizeof(config), "%s/gaitd.yaml", bench.directory);
	snprintf(record, sizeof(record), "%s/run.rec", bench.directory);
	snprintf(log, sizeof(log), "%s/log", bench.directory);
	snprintf(program, sizeof(program), "%s/gaitd", builddir ? builddir : ".");
	fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	setenv("LD_PRELOAD", preload ? preload : "libumockdev-preload.so.0", 1);
	setenv("STATE_DIRECTORY", bench.directory, 1);
	execl(program, program, "--config", config, "--record", record, "--socket",
	      bench.socket, (char *)NULL);
	_exit(99);
}

static bool answers(void)
{
	return true;
}

void bench_start(const struct bench_settings *settings)
{
	bench.settings = *settings;
	snprintf(bench.directory, sizeof(bench.directory), "/tmp/gaitd-usb.XXXXXX");
	bench_require(mkdtemp(bench.directory) != NULL, "no directory");
	snprintf(bench.socket, sizeof(bench.socket), "%s/display.sock", bench.directory);
	write_configuration();
	bench.pod_is_near = true;
	bench_require(air_init(&bench.air, scenario_by_name("demo"), 1,
	                       START_S * UINT64_C(1000000), NEIGHBOURS), "out of memory");
	for (size_t i = 0; i < BENCH_PORTS; i++) {
		bench.ports[i].port = port_new(from_host, &bench.ports[i]);
		stick_init(&bench.ports[i].stick, stick_model_find("1009"), key, &stick_ops,
		           &bench.ports[i]);
	}
	count.start_us = now_us();
	fflush(stdout);
	bench.daemon = fork();
	if (bench.daemon == 0)
		become_daemon();
	bench_must(answers, "an answer of the daemon");
	bench_require(display_start(bench.socket), "no display can connect");
	count.woken_before = bench_switches();
}

void bench_reload(void)
{
	write_configuration();
	bench_gaitctl("reload", 0);
}

/* The key is in nothing that the daemon wrote. */
static void no_key_in(const char *name)
{
	bench_require(run("! grep -qiE '" BENCH_KEY "|c0 ?ff ?ee ?5a' %s/%s", bench.directory,
	                  name) == 0, "the network key is in %s", name);
}

/* Nor in what a core dump or a crash reporter would take along. */
static void no_key_in_memory(void)
{
	bench_require(memory_holds(bench.daemon, bench.socket, strlen(bench.socket)),
	              "its memory cannot be looked into");
	bench_require(!memory_holds(bench.daemon, BENCH_KEY, sizeof(BENCH_KEY) - 1) &&
	              !memory_holds(bench.daemon, (const char *)key, sizeof(key)),
	              "the network key is in memory that a core dump has");
}

static unsigned long calls(void)
{
	unsigned long sum = 0;

	for (size_t i = 0; i < BENCH_PORTS; i++)
		sum += port_calls(bench.ports[i].port);
	return sum;
}

static void judge(void)
{
	unsigned long woken = bench_switches() - count.woken_before;
	unsigned seconds = (unsigned)((now_us() - count.start_us) / 1000000) + 1;
	struct display_count pings = display_count();
	unsigned long most = calls() * WAKES_PER_CALL +
	                     (bench.answers + pings.answered) * WAKES_PER_ANSWER +
	                     seconds * WAKES_PER_S;

	printf("  %u s: %u pings, %u answered, the slowest after %u ms; %u questions, the "
	       "slowest %u ms; %lu ioctls, %lu wake-ups, %u ms of a processor\n",
	       seconds, pings.sent, pings.answered, pings.slowest_ms, bench.answers,
	       count.slowest_ms, calls(), woken, used_ms());
	bench_require(pings.sent >= 1 && pings.answered + 1 >= pings.sent &&
	              pings.slowest_ms < BLOCKED_MS, "a display had to wait");
	bench_require(woken < most, "it wakes too often: %lu times, at most %lu expected",
	              woken, most);
	bench_require(used_ms() < seconds * 1000 / 2, "it spins");
}

static void release(void)
{
	json_decref(bench.status);
	air_free(&bench.air);
	for (size_t i = 0; i < BENCH_PORTS; i++)
		port_free(bench.ports[i].port);
	run("rm -rf %s", bench.directory);
}

void bench_finish(void)
{
	uint64_t asked;
	int status = 0;

	no_key_in_memory();
	judge();
	bench_require(display_stop(), "the display was closed");
	asked = now_us();
	kill(bench.daemon, SIGTERM);
	while (waitpid(bench.daemon, &status, WNOHANG) == 0 && now_us() < asked + PATIENCE_MS * UINT64_C(1000)) {
		serve();
		rest_ms(TICK_MS);
	}
	bench.daemon = 0;
	bench_require(WIFEXITED(status) && WEXITSTATUS(status) == 0, "it ended with %x",
	              (unsigned)status);
	no_key_in("log");
	no_key_in("run.rec");
	printf("  ended within %u ms\n", (unsigned)((now_us() - asked) / 1000));
	release();
}
