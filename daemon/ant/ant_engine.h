/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What is said to an ANT stick so that it hears foot pods, and said again
 * whenever the stick has forgotten it. Pure: bytes and time in, bytes and data
 * messages out.
 *
 *   absent -> greeting -> resetting -> asking -> configuring -> listening
 *                ^            ^                                    |
 *                +-- waiting -+------------------------------------+
 *
 * Nothing is left to the stick's memory: what shall be heard is a table here,
 * which is replayed after any restart that nobody asked for, after a channel
 * closed, and on each stick that is plugged in. A search has no end, and that
 * nothing is found changes nothing of the table.
 *
 * Three ways to hear, the best that the stick has: scan mode (everybody on the
 * frequency, one channel), a background scan beside a channel for each device
 * that is known, or such channels alone.
 */
#ifndef GAITD_ANT_ENGINE_H
#define GAITD_ANT_ENGINE_H

#include "daemon/ant/ant_inquiry.h"
#include "protocol/ant_control.h"

#define ANT_KEY_SIZE 8
#define ANT_ENGINE_NEVER UINT64_MAX
#define ANT_ENGINE_SCRIPT_MAX 48 /* steps of a configuration */
#define ANT_ENGINE_CHANNELS 4
#define ANT_ENGINE_POD_CHANNEL 1 /* the runner's, where there is no scan mode */

enum ant_engine_state {
	ANT_ENGINE_ABSENT,      /* no stick */
	ANT_ENGINE_GREETING,    /* what it had to say to others is thrown away */
	ANT_ENGINE_RESETTING,   /* until it has started up */
	ANT_ENGINE_ASKING,      /* what it can do */
	ANT_ENGINE_CONFIGURING, /* a script, step by step */
	ANT_ENGINE_LISTENING,
	ANT_ENGINE_WAITING, /* until the next try */
	ANT_ENGINE_REFUSED, /* it does not take the network key */
	ANT_ENGINE_CLOSING, /* the channels, so that the next program finds them free */
};
const char *ant_engine_state_name(enum ant_engine_state state);

enum ant_engine_mode {
	ANT_ENGINE_SCAN,
	ANT_ENGINE_BACKGROUND,
	ANT_ENGINE_PAIRED,
};
const char *ant_engine_mode_name(enum ant_engine_mode mode);

/* A device that is known: 20 bits of number, 0 for none. With `dynamics` the
 * pod's Running Dynamics have a channel of their own. */
struct ant_engine_settings {
	uint32_t footpod, heart_rate;
	bool dynamics;
};

struct ant_engine_ops {
	/* One frame, with the two zeros that the maker's library sends. */
	void (*send)(void *user, const uint8_t *bytes, size_t length);
	/* A data message; the channel's own device's, or anybody's. */
	void (*data)(void *user, const struct ant_message *message,
	             const struct ant_data *data);
	/* The stick does not react: close it and open it anew, with a reset of
	 * the USB device when `reset`. ant_engine_gone() and then
	 * ant_engine_opened() follow. */
	void (*reopen)(void *user, bool reset);
	/* For the log. A `problem` is one for the operator. */
	void (*note)(void *user, bool problem, const char *text);
};

/* Its members are the engine's own, but for those said to be read. */
struct ant_engine {
	const struct ant_engine_ops *ops;
	void *user;
	struct ant_engine_settings settings;
	/* Where the key is kept: the caller sees to it that no core dump and no
	 * swap has it. */
	const uint8_t *key;

	enum ant_engine_state state; /* read */
	enum ant_engine_mode mode;   /* read, from `configuring` on */
	uint64_t deadline_us;        /* of the state */
	unsigned tries;              /* of what is waited for */
	struct ant_stream stream;

	/* the stick */
	bool no_reset, no_scan, no_background, no_library; /* refused */
	struct ant_capabilities capabilities; /* read */
	char version[24];                     /* read; "" when it did not say */
	uint32_t serial;                      /* read; 0 when it did not say */

	/* the script */
	struct ant_control script[ANT_ENGINE_SCRIPT_MAX];
	size_t script_length, script_at;
	uint8_t closed; /* channels, a bit each, to be opened again */
	struct ant_inquiry inquiry; /* of the pod that has a channel */

	/* how it goes */
	unsigned failures;      /* in a row: the back-off */
	bool waiting_to_reopen; /* what comes after `waiting`; else a reset */
	bool awaiting_closed;   /* the event behind the answer to ANT_CLOSE */
	unsigned reopenings;    /* in a row */
	unsigned pings;         /* unanswered */
	bool silence_said;
	uint64_t trouble_us;   /* since when it fails; with `failures` */
	uint64_t listening_us; /* since when it is listened to */
	uint64_t heard_us;     /* the last bytes */
	char why[96];          /* the last failure, in words */
	uint64_t received, missed, restarts; /* read: data, RX_FAIL, start-ups */
};

/* `key` has 8 octets and outlives the engine. */
void ant_engine_init(struct ant_engine *engine, const uint8_t *key,
                     const struct ant_engine_settings *settings,
                     const struct ant_engine_ops *ops, void *user);
/* Other devices are known: configured anew where that makes a difference. */
void ant_engine_know(struct ant_engine *engine, const struct ant_engine_settings *settings,
                     uint64_t now_us);

/* A stick can be written to and read from. */
void ant_engine_opened(struct ant_engine *engine, uint64_t now_us);
/* It cannot any more. */
void ant_engine_gone(struct ant_engine *engine);
/* What came of it, in any portions */
void ant_engine_receive(struct ant_engine *engine, const uint8_t *bytes, size_t length,
                        uint64_t now_us);
/* The machine slept: the stick was without power. */
void ant_engine_resumed(struct ant_engine *engine, uint64_t now_us);
/* Closes the channels; done, or given up after a second, when it is `absent`. */
void ant_engine_close(struct ant_engine *engine, uint64_t now_us);

/* To be called at the deadline; earlier does no harm. */
void ant_engine_advance(struct ant_engine *engine, uint64_t now_us);
uint64_t ant_engine_deadline_us(const struct ant_engine *engine);

/* "no reply to reset for 12 s, attempt 3", "listening in scan mode" ... */
void ant_engine_describe(const struct ant_engine *engine, uint64_t now_us, char *out,
                         size_t size);

#endif
