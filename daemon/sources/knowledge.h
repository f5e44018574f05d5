/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What is known of devices: which are paired, where their attributes stand,
 * what a foot pod counts. Of the paired and the configured ones it is kept in
 * `devices.json` in the state directory; of others until the session ends.
 *
 * An id is a Bluetooth address, "AA:BB:CC:DD:EE:FF", or "ant 57043". A file
 * that is no good is said, put aside as devices.json.bad, and begun anew.
 */
#ifndef GAITD_KNOWLEDGE_H
#define GAITD_KNOWLEDGE_H

#include "daemon/devices/source_event.h"

#include <stdbool.h>
#include <stdint.h>

#define KNOWLEDGE_ID_SIZE 18
#define KNOWLEDGE_NAME_SIZE 128
#define KNOWLEDGE_UNIT_SIZE 8

struct knowledge;

struct knowledge_device {
	char id[KNOWLEDGE_ID_SIZE];
	char name[KNOWLEDGE_NAME_SIZE]; /* advertised; "": not known */
	int address_type; /* of enum le_address_type; 0: not known */
	char unit[KNOWLEDGE_UNIT_SIZE]; /* "steps", "strides"; "": not known */
	const char *attributes; /* gatt_table.h's text; NULL: not known */
};

/* `directory` NULL: nothing is kept on a disk. NULL: no memory. */
struct knowledge *knowledge_open(const char *directory);
void knowledge_close(struct knowledge *knowledge);

const char *knowledge_kind_name(enum source_device kind); /* "heart_rate" */
/* Addresses in capitals, numbers without leading zeros: one id a device. False
 * and "" if it is none. */
bool knowledge_normalize(const char *id, char out[KNOWLEDGE_ID_SIZE]);
/* The number of "ant 57043"; 0 for every other id */
uint32_t knowledge_ant_number(const char *id);

/* ---- pairing: one device a kind ---- */

/* "": none */
const char *knowledge_paired(const struct knowledge *knowledge,
                             enum source_device kind);
/* `id` "": none any more. `name` "": as it is known. False, and said, if that
 * could not be written; it holds until the end then. */
bool knowledge_pair(struct knowledge *knowledge, enum source_device kind,
                    const char *id, const char *name);
/* The device that the configuration names, "" for none: kept as paired ones. */
void knowledge_configure(struct knowledge *knowledge, enum source_device kind,
                         const char *id);
/* All pairings and all that is known; false, and said, if the file stays. */
bool knowledge_forget_all(struct knowledge *knowledge);

/* ---- what is known of one ---- */

/* NULL: nothing. Valid until the next change. */
const struct knowledge_device *knowledge_find(const struct knowledge *knowledge,
                                              const char *id);
/* Takes what is known now in place of what was; the text is copied. Written if
 * the device is kept and something is another. */
void knowledge_set(struct knowledge *knowledge,
                   const struct knowledge_device *device);

/* Forgets the devices that are not kept. */
void knowledge_end_session(struct knowledge *knowledge);

#endif
