/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "tests/bench/gpsd.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define PORT "29470"
#define PATIENCE 100 /* times 100 ms */

static struct {
	pid_t pid;
	int receiver, held, client; /* `held` keeps the terminal open */
	unsigned told, reports;
} gpsd = { .pid = -1, .receiver = -1, .held = -1, .client = -1 };

static const char *open_receiver(void)
{
	struct termios raw;
	const char *name;

	gpsd.receiver = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (gpsd.receiver < 0 || grantpt(gpsd.receiver) < 0 || unlockpt(gpsd.receiver) < 0)
		return NULL;
	name = ptsname(gpsd.receiver);
	gpsd.held = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (gpsd.held < 0 || tcgetattr(gpsd.held, &raw) < 0)
		return NULL;
	cfmakeraw(&raw);
	tcsetattr(gpsd.held, TCSANOW, &raw);
	return name;
}

static bool connect_client(void)
{
	static const char watch[] = "?WATCH={\"enable\":true,\"json\":true};\n";
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(29470),
		                  .sin_addr = { htonl(INADDR_LOOPBACK) } };

	for (unsigned i = 0; i < PATIENCE; i++) {
		gpsd.client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (connect(gpsd.client, (struct sockaddr *)&to, sizeof(to)) == 0)
			return send(gpsd.client, watch, sizeof(watch) - 1, MSG_NOSIGNAL) > 0;
		close(gpsd.client);
		gpsd.client = -1;
		usleep(100000);
	}
	return false;
}

pid_t gpsd_start(void)
{
	const char *receiver = open_receiver();
	int null;

	if (!receiver)
		return -1;
	gpsd.pid = fork();
	if (gpsd.pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		null = open("/dev/null", O_RDWR);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		execlp("gpsd", "gpsd", "-N", "-n", "-b", "-S", PORT, receiver, (char *)NULL);
		_exit(127);
	}
	usleep(200000);
	if (waitpid(gpsd.pid, NULL, WNOHANG) != 0) {
		gpsd.pid = -1;
		return -1;
	}
	if (!connect_client())
		gpsd_stop();
	return gpsd.pid;
}

static void sentence(const char *body)
{
	uint8_t sum = 0;

	for (const char *at = body; *at; at++)
		sum ^= (uint8_t)*at;
	dprintf(gpsd.receiver, "$%s*%02X\r\n", body, sum);
}

void gpsd_tell(void)
{
	unsigned second = gpsd.told / 4 % 60, minute = gpsd.told / 240 % 60,
	         part = gpsd.told % 4 * 25;
	char text[256];

	gpsd.told++;
	snprintf(text, sizeof(text), "GPGGA,12%02u%02u.%02u,4807.0%02u,N,01131.000,E,1,08,0.9,545.4,M,"
	         "46.9,M,,", minute, second, part, gpsd.told % 100);
	sentence(text);
	snprintf(text, sizeof(text), "GPRMC,12%02u%02u.%02u,A,4807.0%02u,N,01131.000,E,022.4,084.4,"
	         "230326,003.1,W", minute, second, part, gpsd.told % 100);
	sentence(text);
	while (read(gpsd.receiver, text, sizeof(text)) > 0)
		; /* what it asks of the receiver: left there, it would wait for room some day */
}

int gpsd_client(void)
{
	return gpsd.client;
}

void gpsd_hear(void)
{
	char text[4096];
	ssize_t length = recv(gpsd.client, text, sizeof(text) - 1, MSG_DONTWAIT);

	text[length > 0 ? length : 0] = '\0';
	for (const char *at = text; (at = strchr(at, '\n')); at++)
		gpsd.reports++;
}

/* It closes its devices first, which may take it forever. */
static void end(void)
{
	kill(gpsd.pid, SIGTERM);
	for (unsigned i = 0; i < PATIENCE / 5; i++, usleep(100000))
		if (waitpid(gpsd.pid, NULL, WNOHANG) != 0)
			return;
	kill(gpsd.pid, SIGKILL);
	waitpid(gpsd.pid, NULL, 0);
}

void gpsd_stop(void)
{
	if (gpsd.pid > 0)
		end();
	close(gpsd.client);
	close(gpsd.held);
	close(gpsd.receiver);
	gpsd.pid = -1;
}

unsigned gpsd_reports(void)
{
	return gpsd.reports;
}
