/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * An ANT stick that is not there: takes a host's frames, answers each as a
 * real one does, and hands on what transmitters near it send - or does one
 * thing wrong. Pure: bytes and time in, transfers out.
 */
#ifndef GAITD_STICK_H
#define GAITD_STICK_H

#include "protocol/ant_control.h"

#define STICK_CHANNELS 8
#define STICK_QUEUE 64 /* frames that are not due yet; the oldest makes room */
#define STICK_KEY_SIZE 8
#define STICK_NEVER UINT64_MAX

struct stick_model {
	const char *name; /* "1008", "1009", "sdk-ant" */
	const char *summary;
	uint16_t product; /* of vendor 0fcf */
	uint8_t capabilities[9];
	uint8_t capabilities_length;
	const char *version;
	uint8_t start_reason; /* that it gives for a commanded reset */
	uint32_t serial;      /* 0: does not tell */
};

size_t stick_model_count(void);
const struct stick_model *stick_model_at(size_t index);
const struct stick_model *stick_model_find(const char *name); /* NULL: none */

enum stick_fault {
	STICK_NO_FAULT,
	STICK_SILENT,     /* answers nothing */
	STICK_LATE,       /* answers after 700 ms */
	STICK_RESTARTS,   /* by itself, every 3 s */
	STICK_GARBAGE,    /* between frames */
	STICK_SPLIT,      /* frames across transfers */
	STICK_NO_START,   /* does not tell that it has started up */
	STICK_BAD_RESET,  /* answers a reset with an error and does none */
	STICK_CLOSES,     /* its channels, by themselves, every 4 s */
	STICK_NO_KEY,     /* refuses any network key */
	STICK_NO_SCAN,    /* refuses scan mode although it says that it has it */
	STICK_NO_LIBRARY, /* knows the old way to extend messages only */
	STICK_FAULTS,
};
const char *stick_fault_name(enum stick_fault fault);
const char *stick_fault_summary(enum stick_fault fault);
bool stick_fault_find(const char *name, enum stick_fault *out);

struct stick_ops {
	/* One bulk transfer to the host. */
	void (*send)(void *user, const uint8_t *bytes, size_t length);
};

struct stick_channel {
	enum ant_channel_state state;
	uint8_t type, assignment, network, frequency;
	uint16_t device_number, period; /* device_number 0: any */
	uint8_t device_type, transmission_type;
	uint8_t search, low_search; /* time-outs, 2.5 s */
	struct ant_data tracked;    /* whose channel it has become */
	unsigned missed, heard;
	uint64_t slot_us, search_us;
};

struct stick_frame {
	uint64_t due_us;
	struct ant_message message;
};

struct stick {
	const struct stick_model *model;
	const struct stick_ops *ops;
	void *user;
	uint8_t air_key[STICK_KEY_SIZE]; /* with which transmitters are heard */
	enum stick_fault fault;
	struct ant_stream stream;
	bool has_key, scanning;
	uint8_t extensions;
	struct stick_channel channels[STICK_CHANNELS];
	struct stick_frame queue[STICK_QUEUE];
	size_t queued;
	uint64_t mischief_us; /* when a fault does its next */
	uint32_t noise;       /* state of the garbage */
	unsigned configured;  /* network keys taken: for tests */
	/* What the host sends to a transmitter; NULL: nobody is there to hear */
	bool (*to_air)(void *user, const struct ant_data *data);
};

void stick_init(struct stick *stick, const struct stick_model *model,
                const uint8_t air_key[STICK_KEY_SIZE], const struct stick_ops *ops,
                void *user);
void stick_set_fault(struct stick *stick, enum stick_fault fault, uint64_t now_us);
/* Plugged in: it knows nothing, and says that it has started. */
void stick_power_on(struct stick *stick, uint64_t now_us);
/* From the host */
void stick_receive(struct stick *stick, const uint8_t *bytes, size_t length,
                   uint64_t now_us);
/* From the air: whose page, how strong */
void stick_radio(struct stick *stick, const struct ant_data *heard, uint64_t now_us);
void stick_advance(struct stick *stick, uint64_t now_us);
uint64_t stick_deadline_us(const struct stick *stick);

#endif
