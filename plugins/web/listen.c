/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "plugins/web/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 128

/* ---- what is meant ---- */
static bool parse_unix(const char *path, struct listen_place *place, char *why,
                       size_t size)
{
	struct sockaddr_un *address = (struct sockaddr_un *)&place->address;

	if (!*path || strlen(path) >= sizeof(address->sun_path)) {
		snprintf(why, size, "a path of 1 to %zu octets is expected after unix:",
		         sizeof(address->sun_path) - 1);
		return false;
	}
	address->sun_family = AF_UNIX;
	strcpy(address->sun_path, path);
	place->length = sizeof(*address);
	place->loopback = true;
	return true;
}

static bool parse_port(const char *text, in_port_t *port)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	*port = htons((in_port_t)value);
	return *text >= '0' && *text <= '9' && !*end && value <= 65535;
}

static bool parse_address(const char *name, in_port_t port, struct listen_place *place)
{
	struct sockaddr_in *four = (struct sockaddr_in *)&place->address;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)&place->address;

	if (strcmp(name, "localhost") == 0)
		name = "127.0.0.1";
	if (inet_pton(AF_INET, name, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = port;
		place->length = sizeof(*four);
		place->loopback = ntohl(four->sin_addr.s_addr) >> 24 == 127;
		return true;
	}
	if (inet_pton(AF_INET6, name, &six->sin6_addr) == 1) {
		six->sin6_family = AF_INET6;
		six->sin6_port = port;
		place->length = sizeof(*six);
		place->loopback = IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
		return true;
	}
	return false;
}

bool listen_parse(const char *text, struct listen_place *place, char *why, size_t size)
{
	const char *colon = strrchr(text, ':');
	const char *start = *text == '[' ? text + 1 : text;
	const char *end = colon;
	char name[64];
	in_port_t port;

	*place = (struct listen_place){ .length = 0 };
	if (strncmp(text, "unix:", 5) == 0)
		return parse_unix(text + 5, place, why, size);
	if (colon && *text == '[')
		end = colon > text && colon[-1] == ']' ? colon - 1 : NULL;
	if (colon && end && (size_t)(end - start) < sizeof(name) &&
	    parse_port(colon + 1, &port)) {
		snprintf(name, sizeof(name), "%.*s", (int)(end - start), start);
		if ((*text == '[') == (strchr(name, ':') != NULL) &&
		    parse_address(name, port, place))
			return true;
	}
	snprintf(why, size, "an address in numbers and a port, as 127.0.0.1:8417 or "
	                    "[::1]:8417, or unix:PATH is expected, got %s", text);
	return false;
}

/* ---- the socket ---- */
static const char *path_of(const struct listen_place *place)
{
	return place->address.ss_family == AF_UNIX ?
	       ((const struct sockaddr_un *)&place->address)->sun_path : NULL;
}

static const struct sockaddr *sockaddr_of(const struct listen_place *place)
{
	return (const struct sockaddr *)&place->address;
}

/* A socket that nobody listens on was left by a server that was killed. */
static void remove_dead(const struct listen_place *place)
{
	struct stat what;
	int fd;

	if (!path_of(place) || lstat(path_of(place), &what) != 0 || !S_ISSOCK(what.st_mode))
		return;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	if (connect(fd, sockaddr_of(place), place->length) != 0 && errno == ECONNREFUSED)
		unlink(path_of(place));
	close(fd);
}

static const char *advice(int error)
{
	switch (error) {
	case EADDRINUSE:
		return "somebody listens there already: choose another with --listen";
	case EADDRNOTAVAIL:
		return "this machine has no such address";
	case EACCES:
		return "no permission: a port below 1024, or a directory of another's";
	}
	return strerror(error);
}

static bool bind_and_listen(int fd, const struct listen_place *place)
{
	mode_t mask = umask(0117); /* of a Unix socket: its group may connect */
	int yes = 1;
	bool bound;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	bound = bind(fd, sockaddr_of(place), place->length) == 0;
	umask(mask);
	return bound && listen(fd, BACKLOG) == 0;
}

int listen_open(const struct listen_place *place, char *why, size_t size)
{
	int fd = socket(place->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	remove_dead(place);
	if (fd >= 0 && bind_and_listen(fd, place))
		return fd;
	snprintf(why, size, "%s", advice(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

void listen_remove(const struct listen_place *place)
{
	if (path_of(place))
		unlink(path_of(place));
}

void listen_url(const struct listen_place *place, int fd, char *url, size_t size)
{
	struct sockaddr_storage bound = { .ss_family = AF_UNSPEC };
	socklen_t length = sizeof(bound);
	char name[INET6_ADDRSTRLEN] = "?", port[8] = "?";

	if (path_of(place)) {
		snprintf(url, size, "unix:%s", path_of(place));
		return;
	}
	getsockname(fd, (struct sockaddr *)&bound, &length);
	getnameinfo((const struct sockaddr *)&bound, length, name, sizeof(name), port,
	            sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV);
	snprintf(url, size, bound.ss_family == AF_INET6 ? "http://[%s]:%s/" : "http://%s:%s/",
	         name, port);
}
