/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * Events from when they happen until the broker has taken them: in order, each a
 * file of its own as well, so that they survive this program; in memory alone
 * where the disk does not take them. There are `max` at most. To make room the
 * oldest metrics go first, then the oldest ordinary event. Safety events are not
 * dropped: where nothing else is left, one more becomes part of a waiting one of
 * the same rule ("count", "last_ts"), else of the newest that waits.
 *
 * A broker that is killed may not have written yet what it took last. So what it
 * took stays for `keep_s` more seconds, makes room first, and waits again where
 * the connection is lost within them.
 */
#ifndef GAITD_MQTT_SPOOL_H
#define GAITD_MQTT_SPOOL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum spool_class { SPOOL_METRICS, SPOOL_EVENT, SPOOL_SAFETY, SPOOL_CLASSES };

struct spool_entry {
	uint64_t number; /* grows */
	enum spool_class class;
	char *text;
	int mid; /* under way to the broker by this number; 0: not */
	long kept_s; /* the broker has it, and it stays for so long; 0: not */
	bool on_disk;
};

struct spool {
	char directory[256]; /* "": memory alone */
	size_t max, count;
	struct spool_entry *entries; /* oldest first */
	uint64_t last_number;
	long keep_s; /* 0: what the broker has is gone at once */
	uint64_t dropped[SPOOL_CLASSES], merged;
	int disk_error; /* errno of the last write; 0: went well */
};

/* Takes up what a former run left. `directory` may be "". False: no memory. */
bool spool_open(struct spool *spool, const char *directory, size_t max);
void spool_close(struct spool *spool);

/* Takes the event. False: no memory. */
bool spool_add(struct spool *spool, enum spool_class class, json_t *event);
/* The oldest that waits; NULL: none. Good until the next call. */
struct spool_entry *spool_next(struct spool *spool);
size_t spool_under_way(const struct spool *spool);
/* How many the broker does not have yet, and how large they are */
size_t spool_waiting(const struct spool *spool, size_t *octets);
/* The broker has it. False: it is no event of this spool. */
bool spool_delivered(struct spool *spool, int mid);
/* The broker would not take it: it waits again. False: likewise */
bool spool_refused(struct spool *spool, int mid);
/* The connection is gone: all wait. */
void spool_rewind(struct spool *spool);
/* A second has gone by. */
void spool_second(struct spool *spool);
/* Tries the disk again for what is in memory alone. */
void spool_retry_disk(struct spool *spool);

#endif
