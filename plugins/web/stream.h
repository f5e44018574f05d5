/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * The browsers that listen, by Server-Sent Events: each is told the parts of
 * the present that have changed since it was told last, whenever it has taken
 * what it was told before. Nothing is queued for a slow one.
 */
#ifndef GAITD_WEB_STREAM_H
#define GAITD_WEB_STREAM_H

#include "plugins/web/present.h"
#include "plugins/web/trace.h"

#include <event2/http.h>
#include <stdbool.h>
#include <stddef.h>

#define STREAM_MAX 128
#define STREAM_BEAT_MS 1000 /* to say at least that we are there */
#define STREAM_STUCK_S 10   /* then a browser that takes nothing is let go */

struct stream;

/* Both are borrowed. NULL: no memory. */
struct stream *stream_new(struct present *present, const struct trace *trace);
void stream_free(struct stream *stream);

/* Answers the request with a stream that begins with the present. False, and
 * nothing sent, when there are STREAM_MAX already. */
bool stream_add(struct stream *stream, struct evhttp_request *request);
/* These parts have changed. */
void stream_tell(struct stream *stream, uint32_t parts);
/* Call it every STREAM_BEAT_MS. */
void stream_beat(struct stream *stream);
size_t stream_count(const struct stream *stream);

#endif
