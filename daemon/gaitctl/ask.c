/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/gaitctl/gaitctl.h"

#include "daemon/service/control.h"
#include "daemon/service/log.h"
#include "daemon/service/options.h"
#include "daemon/service/paths.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define REPLY_TIMEOUT_S 10
#define RELOAD_TIMEOUT_S 80 /* a slow board reads and checks for a while */

struct gaitctl_options gaitctl = { .command = "gaitctl", .at_us = UINT64_MAX };

/* A descriptor, or -1 with the status to exit with, and said. */
static int dial(int limit_s, int *status)
{
	const struct timeval timeout = { limit_s, 0 };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char display[PATHS_SOCKET_MAX];
	int fd, error;

	*status = EXIT_USAGE;
	if (!paths_display_socket(gaitctl.socket, NULL, display) ||
	    !paths_control_socket(display, NULL, address.sun_path))
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	error = errno;
	*status = error == EACCES ? EXIT_PERMISSION : EXIT_TEMPORARY;
	if (error == EACCES)
		log_error("control", "%s: %s; be root, or of group gaitd", address.sun_path,
		          strerror(error));
	else
		log_error("control",
		          "no gaitd at %s: %s. Start one (gaitd --simulate demo), or name "
		          "its socket with --socket",
		          address.sun_path, strerror(error));
	if (fd >= 0)
		close(fd);
	errno = error;
	return -1;
}

/* One line, without its LF; false when it does not come whole. */
static bool read_line(int fd, char *line, size_t size)
{
	size_t length = 0;
	char *lf = NULL;

	while (!lf && length + 1 < size) {
		ssize_t n = recv(fd, line + length, size - 1 - length, 0);

		if (n <= 0)
			return false;
		length += (size_t)n;
		line[length] = '\0';
		lf = strchr(line, '\n');
	}
	if (lf)
		*lf = '\0';
	return lf != NULL;
}

/* The length with the LF; 0: too long. */
static size_t write_request(const char *cmd, const json_t *members,
                            char line[CONTROL_LINE_MAX + 1])
{
	json_t *request = json_pack("{s:s, s:i}", "cmd", cmd, "id", 1);
	size_t length;

	json_object_update(request, (json_t *)members);
	length = json_dumpb(request, line, CONTROL_LINE_MAX - 1, JSON_COMPACT);
	json_decref(request);
	if (length >= CONTROL_LINE_MAX)
		return 0;
	line[length] = '\n';
	return length + 1;
}

json_t *ask(const char *cmd, const json_t *members, int *status)
{
	char line[CONTROL_LINE_MAX + 1];
	size_t length = write_request(cmd, members, line);
	json_t *reply = NULL;
	int limit_s = strcmp(cmd, "reload") == 0 ? RELOAD_TIMEOUT_S : REPLY_TIMEOUT_S;
	int fd = dial(limit_s, status);

	if (fd < 0)
		return NULL;
	if (send(fd, line, length, MSG_NOSIGNAL) == (ssize_t)length &&
	    read_line(fd, line, sizeof(line)))
		reply = json_loads(line, 0, NULL);
	close(fd);
	*status = EXIT_TEMPORARY;
	if (!reply)
		log_error("control", "gaitd gave no answer to %s within %d s", cmd,
		          limit_s);
	errno = ETIMEDOUT;
	return reply;
}

bool ask_is_there(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char display[PATHS_SOCKET_MAX];
	bool there = false;
	int fd;

	if (!paths_display_socket(gaitctl.socket, NULL, display) ||
	    !paths_control_socket(display, NULL, address.sun_path))
		return false;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0) /* what may not be asked is there, too */
		there = connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 ||
		        errno == EACCES;
	if (fd >= 0)
		close(fd);
	return there;
}

/* A refusal may say what it amounts to. */
static int status_of(const json_t *reply)
{
	const json_t *status = json_object_get(reply, "exit_status");

	if (json_is_true(json_object_get(reply, "ok")))
		return EXIT_OK;
	return json_integer_value(status) > 0 && json_integer_value(status) < 128 ?
	               (int)json_integer_value(status) :
	               EXIT_FAILED;
}

/* For log_error(), which makes it fit to be printed */
static const char *reply_error(const json_t *reply)
{
	const char *error = json_string_value(json_object_get(reply, "error"));

	return error ? error : "gaitd refused, and does not say why";
}

bool reply_is_unknown(const json_t *reply)
{
	const char *error = json_string_value(json_object_get(reply, "error"));

	return error && strncmp(error, "unknown cmd", strlen("unknown cmd")) == 0;
}

/* By the command that was given: which questions that is to the daemon is our
 * business. What a daemon lacks that hears no radio it cannot know. */
static void say_no(const json_t *reply)
{
	const char *error = reply_error(reply);

	if (reply_is_unknown(reply))
		log_error(gaitctl.command,
		          "this gaitd plays a recording or a simulation and hears no radio; "
		          "start one without --replay and --simulate");
	else
		log_error(gaitctl.command, "%s", error);
}

json_t *ask_good(const char *cmd, const json_t *members, int *status)
{
	json_t *reply = ask(cmd, members, status);

	if (!reply)
		return NULL;
	*status = status_of(reply);
	if (*status == EXIT_OK)
		return reply;
	say_no(reply);
	json_decref(reply);
	return NULL;
}

/* ---- replies ------------------------------------------------------------- */

const char *reply_text(const json_t *object, const char *name)
{
	static char shown[4][256];
	static unsigned turn;
	const char *value = json_string_value(json_object_get(object, name));
	char *out = shown[turn++ % 4];

	log_escape(out, sizeof(shown[0]), value ? value : "?");
	return out;
}

double reply_number(const json_t *object, const char *name)
{
	return json_number_value(json_object_get(object, name));
}

long long reply_whole(const json_t *object, const char *name)
{
	return (long long)reply_number(object, name);
}

void print_duration(long long seconds)
{
	if (seconds >= 86400)
		printf("%lld d ", seconds / 86400);
	if (seconds >= 3600)
		printf("%lld h ", seconds / 3600 % 24);
	if (seconds >= 60)
		printf("%lld min ", seconds / 60 % 60);
	printf("%lld s", seconds % 60);
}

void print_json(const json_t *reply)
{
	json_dumpf(reply, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
	printf("\n");
}

int show_reply(const char *cmd, void (*print)(const json_t *reply))
{
	int status;
	json_t *reply = ask(cmd, NULL, &status);

	if (!reply)
		return status;
	status = status_of(reply);
	if (gaitctl.as_json) {
		print_json(reply);
	} else if (status == EXIT_OK) {
		print(reply);
	} else {
		log_error("control", "%s", reply_error(reply));
	}
	json_decref(reply);
	return status;
}
