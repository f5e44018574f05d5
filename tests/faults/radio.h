/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The Bluetooth that a gaitd with the shim in it sees: an adapter, as the kernel's
 * management interface has it, and devices near it that can be found and connected.
 */
#ifndef FAULTS_RADIO_H
#define FAULTS_RADIO_H

#include "daemon/peripheral/peripheral.h"
#include "protocol/le_address.h"

#include <stdbool.h>
#include <stdint.h>

#define RADIO_DEVICES 3
#define RADIO_PATH_MAX 250

struct radio;

struct radio_device {
	struct radio *radio;
	struct peripheral *peripheral;
	struct le_address address;
	int listener; /* -1: switched off */
	int link;     /* -1: none */
};

struct radio {
	char directory[RADIO_PATH_MAX]; /* CONTROL_AIR */
	int listener, kernel; /* the kernel's end of the management socket; -1: none */
	bool present, powered, blocked, discovering;
	int64_t now_us, discovery_us, report_us;
	struct radio_device devices[RADIO_DEVICES];
	unsigned count;
	unsigned links; /* that were made */
};

/* The directory is made. The adapter is there, and on. */
bool radio_open(struct radio *radio, const char *directory);
void radio_close(struct radio *radio);
/* NULL: no memory. Switched off at first */
struct radio_device *radio_add(struct radio *radio, enum role role, const char *address);

/* Answers whatever was asked; true: something was. */
bool radio_serve(struct radio *radio);
/* It is that time: advertisements are heard, a discovery ends. */
void radio_advance(struct radio *radio, int64_t now_us);

bool radio_switch(struct radio_device *device, bool on);
void radio_drop(struct radio_device *device); /* the link */
void radio_raw(struct radio_device *device, const uint8_t *pdu, size_t length);
void radio_adapter_power(struct radio *radio, bool on); /* who asks may change it */
void radio_adapter_block(struct radio *radio, bool blocked); /* as rfkill does */
void radio_adapter_plug(struct radio *radio, bool in);

#endif
