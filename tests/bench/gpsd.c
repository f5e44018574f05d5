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

#define PATIENCE 100 /* times 100 ms */

static bool open_receiver(struct gpsd *gpsd, unsigned receiver, char name[32])
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC), held;
	struct termios raw;

	gpsd->receiver[receiver].fd = fd;
	if (fd < 0 || grantpt(fd) < 0 || unlockpt(fd) < 0 || ptsname_r(fd, name, 32) != 0)
		return false;
	held = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	gpsd->receiver[receiver].held = held;
	if (held < 0 || tcgetattr(held, &raw) < 0)
		return false;
	cfmakeraw(&raw);
	return tcsetattr(held, TCSANOW, &raw) == 0;
}

static bool connect_client(struct gpsd *gpsd, const char *port)
{
	static const char watch[] = "?WATCH={\"enable\":true,\"json\":true};\n";
	struct sockaddr_in to = { .sin_family = AF_INET,
		                  .sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
		                  .sin_addr = { htonl(INADDR_LOOPBACK) } };

	for (unsigned i = 0; i < PATIENCE; i++) {
		gpsd->client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (connect(gpsd->client, (struct sockaddr *)&to, sizeof(to)) == 0)
			return send(gpsd->client, watch, sizeof(watch) - 1, MSG_NOSIGNAL) > 0;
		close(gpsd->client);
		gpsd->client = -1;
		usleep(100000);
	}
	return false;
}

static void run(const char *port, char names[GPSD_RECEIVERS_MAX][32], unsigned receivers)
{
	int null = open("/dev/null", O_RDWR);

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	execlp("gpsd", "gpsd", "-N", "-n", "-b", "-S", port, names[0],
	       receivers > 1 ? names[1] : NULL, (char *)NULL);
	_exit(127);
}

bool gpsd_start(struct gpsd *gpsd, const char *port, unsigned receivers)
{
	char names[GPSD_RECEIVERS_MAX][32];

	*gpsd = (struct gpsd){ .pid = -1, .receivers = receivers, .client = -1 };
	for (unsigned i = 0; i < receivers; i++)
		gpsd->receiver[i].fd = gpsd->receiver[i].held = -1;
	for (unsigned i = 0; i < receivers; i++)
		if (!open_receiver(gpsd, i, names[i]))
			return false;
	gpsd->pid = fork();
	if (gpsd->pid == 0)
		run(port, names, receivers);
	usleep(200000);
	if (waitpid(gpsd->pid, NULL, WNOHANG) != 0) {
		gpsd->pid = -1;
		return false;
	}
	if (!connect_client(gpsd, port))
		gpsd_stop(gpsd);
	return gpsd->pid > 0;
}

static void sentence(int fd, const char *body)
{
	uint8_t sum = 0;

	for (const char *at = body; *at; at++)
		sum ^= (uint8_t)*at;
	dprintf(fd, "$%s*%02X\r\n", body, sum);
}

void gpsd_tell(struct gpsd *gpsd, unsigned receiver)
{
	unsigned told = gpsd->receiver[receiver].told++, second = told / 4 % 60,
	         minute = told / 240 % 60, part = told % 4 * 25;
	int fd = gpsd->receiver[receiver].fd;
	char text[256];

	snprintf(text, sizeof(text), "GPGGA,12%02u%02u.%02u,4807.0%02u,N,01131.000,E,1,08,0.9,545.4,M,"
	         "46.9,M,,", minute, second, part, told % 100);
	sentence(fd, text);
	snprintf(text, sizeof(text), "GPRMC,12%02u%02u.%02u,A,4807.0%02u,N,01131.000,E,022.4,084.4,"
	         "230326,003.1,W", minute, second, part, told % 100);
	sentence(fd, text);
	while (read(fd, text, sizeof(text)) > 0)
		; /* what it asks of the receiver: left there, it would wait for room some day */
}

void gpsd_hear(void *user)
{
	struct gpsd *gpsd = user;
	char text[4096];
	ssize_t length = recv(gpsd->client, text, sizeof(text) - 1, MSG_DONTWAIT);

	text[length > 0 ? length : 0] = '\0';
	for (const char *at = text; (at = strchr(at, '\n')); at++)
		gpsd->reports++;
}

/* It closes its devices first, which may take it forever. */
static void end(pid_t pid)
{
	kill(pid, SIGTERM);
	for (unsigned i = 0; i < PATIENCE / 5; i++, usleep(100000))
		if (waitpid(pid, NULL, WNOHANG) != 0)
			return;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

void gpsd_stop(struct gpsd *gpsd)
{
	if (gpsd->pid > 0)
		end(gpsd->pid);
	gpsd->pid = -1;
	close(gpsd->client);
	for (unsigned i = 0; i < gpsd->receivers; i++) {
		close(gpsd->receiver[i].held);
		close(gpsd->receiver[i].fd);
	}
}
