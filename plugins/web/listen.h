/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * Where the web console listens: ADDR:PORT or unix:PATH.
 */
#ifndef GAITD_WEB_LISTEN_H
#define GAITD_WEB_LISTEN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

struct listen_place {
	struct sockaddr_storage address;
	socklen_t length;
	bool loopback; /* nobody reaches it from another machine */
};

/* An address is written in numbers, "[::1]:8417" for IPv6. False, with what was
 * expected in `why`. */
bool listen_parse(const char *text, struct listen_place *place, char *why, size_t size);
/* A socket that listens, or -1, with what to do about it in `why`. The socket of
 * a server that is no more is replaced, that of a living one is not. */
int listen_open(const struct listen_place *place, char *why, size_t size);
/* Takes the file of a Unix socket away. */
void listen_remove(const struct listen_place *place);
/* "http://127.0.0.1:8417/", with the port that the kernel has chosen */
void listen_url(const struct listen_place *place, int fd, char *url, size_t size);

#endif
