/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * Who may ask the web console for what. Pure: a request's words and the time
 * are arguments, an HTTP status is the answer.
 *
 * A page of another site must not reach us through the browser of somebody who
 * may: not by a name of its own that resolves to our address (Host), not by a
 * form or a script (Origin, Sec-Fetch-Site, a content type that forms cannot
 * have, and a key that only a reader of /events knows).
 */
#ifndef GAITD_WEB_GUARD_H
#define GAITD_WEB_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GUARD_HOSTS_MAX 8
#define GUARD_TOKEN_LEAST 16
#define GUARD_TOKEN_MOST 128

struct guard {
	char token[GUARD_TOKEN_MOST + 1]; /* "": none is asked for */
	char key[40]; /* of this process: shown by whoever sends */
	bool any_host; /* a Unix socket: who forwards to it has looked */
	bool any_address; /* off the loopback: any address is one of ours */
	const char *hosts[GUARD_HOSTS_MAX]; /* names that are ours, borrowed */
	size_t host_count;
};

enum guard_what {
	GUARD_PAGE,   /* no secret in it */
	GUARD_EVENTS, /* the runner's data */
	GUARD_SEND,   /* what the runner says */
};

/* Header fields; NULL: absent */
struct guard_request {
	enum guard_what what;
	unsigned host_fields; /* how many there were */
	const char *host, *origin, *fetch_site, *authorization, *content_type, *key;
};

/* 200, or the status of the refusal; `why` then says it in a line. */
int guard_judge(const struct guard *guard, const struct guard_request *request,
                const char **why);

/* 16 to 128 of A-Z a-z 0-9 . _ ~ + / = -, and white space behind them. False
 * with `out` untouched for anything else. */
bool guard_read_token(const char *text, size_t length,
                      char out[GUARD_TOKEN_MOST + 1]);

/* ---- how often ---- */
struct guard_bucket {
	uint32_t size, per_s;
	uint64_t drops; /* in thousandths */
	uint64_t filled_ms;
};
/* False: too often; try again in a second. */
bool guard_take(struct guard_bucket *bucket, uint64_t now_ms);

#endif
