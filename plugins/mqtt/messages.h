/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * What a console tells its fleet, as JSON: protocol/schemas/ has the schemas. No
 * clock, no socket. There is nothing in them of a runner's name, pain, heart or
 * profile, because none of it is asked of the daemon.
 */
#ifndef GAITD_MQTT_MESSAGES_H
#define GAITD_MQTT_MESSAGES_H

#include "protocol/display.h"

#include <jansson.h>

/* What the daemon has told last */
struct facts {
	bool ready; /* it is there */
	bool has_link, has_session, has_battery;
	struct display_link link;
	struct display_session session;
	struct display_metrics metrics;
	struct display_battery battery;
};

#define MESSAGE_BOOT_SIZE 37 /* a UUID and NUL */

/* When a message was made, and by which start of the program */
struct stamp {
	const char *boot;
	uint64_t seq; /* counts the messages of a kind */
	int64_t unix_ms;
};

enum message_status {
	MESSAGE_ONLINE,
	MESSAGE_STOPPED, /* on purpose */
	MESSAGE_LOST,    /* the last will: no stamp */
};

/* "2026-11-30T07:00:00.000Z" */
#define MESSAGE_TIME_SIZE 32
void message_time(int64_t unix_ms, char out[MESSAGE_TIME_SIZE]);
/* False: it is none. */
bool message_time_read(const char *text, int64_t *unix_ms);

/* schema, ts, seq, boot */
json_t *message_begin(const char *schema, const struct stamp *stamp);
/* NULL: no memory. `care` (may be NULL) is what the daemon tells of its version
 * and configuration: borrowed. `key_mark` tells site keys apart; "": none */
json_t *message_status(enum message_status status, const struct stamp *stamp,
                       const struct facts *facts, json_t *care, const char *key_mark);
/* `running_values`: of the run, too, not of the machine alone */
json_t *message_state(const struct stamp *stamp, const struct facts *facts,
                      bool running_values);

/* Whether there is more new in it than its stamp; `before` may be NULL. */
bool message_is_news(json_t *message, json_t *before);

/* Events; their id is "BOOT-SEQ" with the boot's first 8 digits. */
json_t *message_event(const struct stamp *stamp, const char *kind);
json_t *message_daemon(const struct stamp *stamp, bool up);
json_t *message_prompt(const struct stamp *stamp, const struct display_prompt *prompt);
json_t *message_session(const struct stamp *stamp, const struct display_session *session);
json_t *message_link(const struct stamp *stamp, const struct display_link *link);

/* Compact text, NULL: no memory; to be freed. Takes the message. */
char *message_text(json_t *message);

#define MESSAGE_TOPIC_MAX 256
void message_topic(char out[MESSAGE_TOPIC_MAX], const char *site, const char *console,
                   const char *what);

#endif
