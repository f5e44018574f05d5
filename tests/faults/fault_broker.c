/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The broker of the gaitd-mqtt beside gaitd's display is killed, or stands still. These
 * two live in real time. What it has told, and that nothing of it is lost, is looked at
 * by the tests of the fleet; here it is the runner who may notice nothing.
 */
#include "tests/faults/faults.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SBIN "/usr/sbin" /* where Debian has mosquitto */
#define MOMENTS_MAX 3000  /* of 20 ms: what takes longer does not come */

struct fleet {
	pid_t broker, mqtt;
	unsigned port;
};

static struct fleet fleet;

/* ---- the two programs ------------------------------------------------------------------ */

static unsigned free_port(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(fd, (struct sockaddr *)&address, length) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &length) != 0)
		address.sin_port = 0;
	close(fd);
	return ntohs(address.sin_port);
}

/* `more` and its value may be NULL. */
static pid_t start(const struct rig *rig, const char *program, const char *option,
                   const char *value, const char *more, const char *its_value)
{
	char log[2 * RIG_PATH_MAX];
	pid_t pid;

	rig_path(rig, "fleet.log", log);
	fflush(NULL);
	pid = fork();
	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!freopen(log, "ae", stdout) || dup2(STDOUT_FILENO, STDERR_FILENO) < 0)
		_exit(127);
	execlp(program, program, option, value, more, its_value, (char *)NULL);
	_exit(127);
}

static void start_broker(const struct rig *rig)
{
	char path[2 * RIG_PATH_MAX];

	rig_path(rig, "mosquitto.conf", path);
	fleet.broker = start(rig, "mosquitto", "-c", path, NULL, NULL);
}

static void start_mqtt(const struct rig *rig)
{
	char config[2 * RIG_PATH_MAX], socket[2 * RIG_PATH_MAX], program[RIG_PATH_MAX];
	const char *builddir = getenv("builddir");

	snprintf(program, sizeof(program), "%s/gaitd-mqtt", builddir ? builddir : ".");
	rig_path(rig, "mqtt.yaml", config);
	rig_path(rig, "display.sock", socket);
	fleet.mqtt = start(rig, program, "--config", config, "--socket", socket);
}

static void stop(pid_t *pid, int signal)
{
	if (*pid > 0 && kill(*pid, signal) == 0)
		waitpid(*pid, NULL, 0);
	*pid = 0;
}

static bool put_files(const struct rig *rig)
{
	char text[3 * RIG_PATH_MAX];

	fleet.port = free_port();
	snprintf(text, sizeof(text), "listener %u 127.0.0.1\nallow_anonymous true\n%s", fleet.port,
	         geteuid() == 0 ? "user root\n" : "");
	if (!rig_put_file(rig, "mosquitto.conf", text))
		return false;
	snprintf(text, sizeof(text),
	         "broker: {host: 127.0.0.1, port: %u, keepalive_s: 5, retry_max_s: 1}\n"
	         "site: gym-a\nconsole: alone\nspool: {directory: %s/spool, keep_s: 0}\n"
	         "commands: {enabled: no}\n",
	         fleet.port, rig->directory);
	return rig_put_file(rig, "mqtt.yaml", text);
}

/* ---- what is waited for ------------------------------------------------------------------ */

static bool broker_answers(const struct rig *rig)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		                           .sin_port = htons((uint16_t)fleet.port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool does;

	(void)rig;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	does = connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
	close(fd);
	return does;
}

/* gaitd-mqtt writes each event there until the broker has it. */
static bool spool_is_empty(const struct rig *rig)
{
	char path[2 * RIG_PATH_MAX];
	bool empty = true;
	struct dirent *entry;
	DIR *directory;

	rig_path(rig, "spool", path);
	directory = opendir(path);
	while (directory && empty && (entry = readdir(directory)))
		empty = entry->d_name[0] == '.';
	if (directory)
		closedir(directory);
	return directory && empty;
}

static bool is_connected(const struct rig *rig)
{
	return rig_says(rig, "fleet.log", "connected to ");
}

/* gaitd's own time stands still meanwhile. */
static bool until(const struct rig *rig, bool (*is)(const struct rig *rig))
{
	struct timespec moment = { 0, 20000000 };

	for (unsigned i = 0; i < MOMENTS_MAX && !is(rig); i++)
		nanosleep(&moment, NULL);
	return is(rig);
}

/* ---- the fault ------------------------------------------------------------------------------ */

static void broker_begin(struct rig *rig, unsigned kind)
{
	(void)rig;
	if (kind == FAULTS_BROKER_KILLED)
		stop(&fleet.broker, SIGKILL);
	else
		kill(fleet.broker, SIGSTOP);
}

static void broker_end(struct rig *rig, unsigned kind)
{
	if (kind == FAULTS_BROKER_KILLED)
		start_broker(rig);
	else
		kill(fleet.broker, SIGCONT);
}

/* What was told meanwhile has followed, by the same gaitd-mqtt. */
static bool broker_check(struct rig *rig, const struct promise *fault)
{
	(void)fault;
	if (!until(rig, spool_is_empty)) {
		printf("gaitd-mqtt keeps what the broker has not\n");
		return false;
	}
	return waitpid(fleet.mqtt, NULL, WNOHANG) == 0;
}

static bool broker_beside(struct rig *rig)
{
	char path[2 * RIG_PATH_MAX];

	rig_path(rig, "spool", path);
	if (mkdir(path, 0700) != 0 || !put_files(rig))
		return false;
	start_broker(rig);
	if (!until(rig, broker_answers))
		return false;
	start_mqtt(rig);
	return until(rig, is_connected);
}

static bool can_be_had(const char *program)
{
	char command[RIG_PATH_MAX];

	snprintf(command, sizeof(command), "command -v '%s' >/dev/null", program);
	return system(command) == 0; /* NOLINT(cert-env33-c): our own words */
}

bool faults_broker(const struct promise *fault, unsigned second)
{
	static const struct undisturbed way = {
		.beside = broker_beside, .begin = broker_begin, .end = broker_end,
		.check = broker_check, .lasts_s = 17,
	};
	const char *path = getenv("PATH");
	char more[RIG_LINE_MAX];
	bool good;

	if (path && !strstr(path, SBIN) &&
	    (size_t)snprintf(more, sizeof(more), "%s:" SBIN, path) < sizeof(more))
		setenv("PATH", more, 1);
	if (!can_be_had("mosquitto")) {
		printf("no mosquitto here, to be killed: apt install mosquitto\n");
		return true;
	}
	good = faults_undisturbed(&way, fault, second);
	stop(&fleet.mqtt, SIGKILL);
	stop(&fleet.broker, SIGKILL);
	return good;
}
