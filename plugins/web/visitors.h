/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * The connections of the HTTP server: no more than fit, and none that is held
 * open by saying nothing, or a letter now and then. evhttp in libevent 2.1 has
 * neither limit.
 */
#ifndef GAITD_WEB_VISITORS_H
#define GAITD_WEB_VISITORS_H

#include <event2/http.h>
#include <event2/listener.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VISITORS_MAX 256
#define VISITORS_PATIENCE_MS 10000 /* for a whole request */

struct visitors;

/* Takes the server's connections; `listener` rests while there are too many.
 * Both are borrowed. NULL: no memory. */
struct visitors *visitors_new(struct evhttp *http, struct evconnlistener *listener);
void visitors_free(struct visitors *visitors);

/* The connection has asked for something: its patience begins anew. With
 * `stays` it is never ended. */
void visitors_heard(struct visitors *visitors, struct evhttp_connection *connection,
                    bool stays);
/* Ends those whose time is over; call once a second. */
void visitors_tick(struct visitors *visitors);
size_t visitors_count(const struct visitors *visitors);

#endif
