/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * Commands of the fleet: which is meant, whether it counts, and when it is due.
 * No clock, no socket. There are three, and none brings code or configuration.
 */
#ifndef GAITD_MQTT_COMMANDS_H
#define GAITD_MQTT_COMMANDS_H

#include "plugins/mqtt/messages.h"

#define COMMANDS_WAITING_MAX 8
#define COMMANDS_KNOWN 64

struct command {
	bool used;
	char verb[24]; /* identify, reload, forget-session */
	char id[65];
	char reply_to[MESSAGE_TOPIC_MAX];
	int64_t due_ms;     /* when it is to be done */
	int64_t expires_ms; /* not after this */
};

struct commands {
	const char *site, *console;
	struct command waiting[COMMANDS_WAITING_MAX];
	char known[COMMANDS_KNOWN][65]; /* ids of late: with QoS 1 one may come twice */
	size_t next_known;
};

struct command_offer {
	const char *topic, *payload;
	size_t length;
	bool retained;
	int64_t now_ms;
	uint32_t chance; /* for the jitter: 0..UINT32_MAX */
};

enum command_verdict {
	COMMAND_TAKEN,   /* it waits for its time, which may be now */
	COMMAND_IGNORED, /* nobody is to be answered */
	COMMAND_REFUSED, /* with `why`; to be answered at out->reply_to */
};

/* Takes or refuses what came; `out` is what was understood of it. */
enum command_verdict commands_offer(struct commands *commands, const struct command_offer *offer,
                                    struct command *out, const char **why);
/* The next that is due, which waits no more; false: none is. One whose time has passed is
 * given with *expired. */
bool commands_due(struct commands *commands, int64_t now_ms, struct command *out, bool *expired);

/* The answer; `reply` (may be NULL) has what else is to be told: borrowed. */
json_t *command_result(const struct stamp *stamp, const struct command *command, bool ok,
                       const char *error, json_t *reply);

#endif
