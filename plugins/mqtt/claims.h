/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * Which foot pod is whose, among the consoles of a site. Each tells the others which
 * it holds, as a code that only who knows the site's key can tell pods by and that
 * is another each hour; and for how long it has held it, by a clock that nobody
 * sets, so that wall clocks may be off by any time. The reader makes the code for
 * the hour that the teller says, so that there is no gap between hours.
 *
 * Where two hold one pod, who has held it for longer keeps it. One of the two
 * compares, the one whose name sorts first, and tells the other: two who compare
 * may find different things, as a message takes its time. A pod that is configured
 * or paired stays where it is. No clock, no socket.
 */
#ifndef GAITD_MQTT_CLAIMS_H
#define GAITD_MQTT_CLAIMS_H

#include "plugins/mqtt/messages.h"

#define CLAIM_CODE_SIZE 17 /* 8 octets in hex and NUL */
#define CLAIM_KEY_MIN 16   /* octets */

struct claim {
	char id[40]; /* "ant 57043"; "": no pod is held */
	uint64_t held_ms;
	bool fixed; /* configured or paired */
};

enum claim_verdict {
	CLAIM_NO_CONFLICT,
	CLAIM_ANSWER,  /* tell ours again: the other compares, or gives way by it */
	CLAIM_KEEP,    /* tell ours with the verdict */
	CLAIM_RELEASE, /* ours is theirs; tell it with the verdict */
	CLAIM_BOTH_FIXED, /* for the operator to sort out */
};

/* HMAC-SHA-256 of id and hour with the site's key, cut to 8 octets */
bool claim_code(const char *key, const char *id, int64_t hour, char out[CLAIM_CODE_SIZE]);

/* What tells two keys apart, and nothing else of them */
#define CLAIM_MARK_SIZE 9
bool claim_key_mark(const char *key, char out[CLAIM_MARK_SIZE]);

/* Whether that message is of that pod */
bool claim_is_of(const char *key, const char *id, const json_t *message);

/* What `theirs`, the message of console `them`, means for what console `us` holds. */
enum claim_verdict claim_judge(const char *key, const struct claim *ours, const char *us,
                               const json_t *theirs, const char *them);

/* Ours. `rival` is whom the verdict is for, NULL: none; we keep it or not. */
json_t *claim_message(const struct stamp *stamp, const char *key, const struct claim *ours,
                      const char *us, const char *rival, bool keep);

#endif
