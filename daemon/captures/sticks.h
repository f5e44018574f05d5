/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * ANT sticks in a capture of a USB: the frames that they hand to the host. What
 * the host sends is looked at for which channel listens to what, and never comes
 * out: one of its frames carries the network key.
 */
#ifndef GAITD_CAPTURE_STICKS_H
#define GAITD_CAPTURE_STICKS_H

#include "daemon/captures/capture.h"
#include "protocol/ant.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STICKS_MAX 16
#define STICK_CHANNELS 32
#define STICK_SENDERS_MAX 64

struct stick {
	bool used;
	uint32_t device; /* bus and address */
	struct ant_stream in, out;
	uint64_t frames, frame_octets;
	uint8_t channel_types[STICK_CHANNELS]; /* 0: not known */
};

/* Whom frames come from, as far as a frame or its channel tells */
struct stick_sender {
	bool used;
	size_t stick;
	bool has_number; /* the frame names its sender; else its channel does */
	uint32_t number;
	uint8_t type; /* 0: not known */
	uint8_t device; /* enum source_device */
	bool stranger; /* no kind of a recording's */
	unsigned unit; /* 0: left out */
};

struct sticks {
	struct stick all[STICKS_MAX];
	struct stick_sender senders[STICK_SENDERS_MAX];
	size_t sender_count;
	bool keep_strangers; /* there is no foot pod */
	uint64_t cut; /* transfers of which the capture kept the beginning */
};

void sticks_transfer(struct capture *capture, const struct capture_transfer *transfer);
/* After the first reading: what is a stick, and who is the first of its kind */
void sticks_settle(struct capture *capture);
void sticks_replay(struct capture *capture);
bool sticks_any(const struct capture *capture);
void sticks_describe(struct capture *capture);

#endif
