/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What one display is still to be told: a bit a slot, and the rest of at most
 * one line. A line is made of the present at the moment it is sent, so newest
 * wins and nothing is queued.
 */
#ifndef GAITD_SLOTS_H
#define GAITD_SLOTS_H

#include "protocol/display.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In the order they are sent where nothing else is said */
enum slot {
	SLOT_HELLO,
	SLOT_READY,
	SLOT_ERROR,
	SLOT_LINK,
	SLOT_SESSION,
	SLOT_METRICS,
	SLOT_TARGET,
	SLOT_CLEAR,
	SLOT_PROMPT,
	SLOT_BATTERY,
	SLOT_SUMMARY,
	SLOT_PING,
	SLOT_PONG,
	SLOT_BYE,
	SLOT_COUNT
};
#define SLOT_BIT(slot) (1u << (slot))

#define BOARD_LINE_MAX 768

/* A line that many displays are told as it is; length 0: there is none. */
struct board_line {
	char text[BOARD_LINE_MAX];
	size_t length;
};

/* The present, one for all displays */
struct board {
	uint32_t known; /* SLOT_BIT of what there is */
	struct display_link link;
	struct display_session session;
	struct display_metrics metrics;
	struct display_target target;
	struct display_prompt prompt;
	uint64_t prompt_us, prompt_end_us; /* said, over: on the clock of slots_send() */
	struct display_battery battery;
	struct display_summary summary;
	struct board_line metrics_line[2]; /* for most; for those granted personal */
};

/* Writes the line of the metrics once, in place of once a display. */
void board_share_metrics(struct board *board);

struct slots {
	const struct board *board; /* borrowed */
	const char *daemon; /* borrowed: hello's */
	uint32_t ping_ms; /* hello's */
	uint32_t caps; /* granted */
	uint32_t wanted; /* that this display is told; 0 before ready */
	uint32_t due; /* slots to be sent */
	uint64_t due_us[SLOT_COUNT]; /* since when */
	enum slot last; /* sent last: the others have their turn */
	uint32_t snapshot; /* of what was known at ready: due yet */
	char rest[DISPLAY_LINE_MAX]; /* of a line that was begun */
	size_t rest_length;
	uint64_t rest_us; /* since when its slot was due */
	uint32_t told_prompt; /* id of the prompt that stands there; 0: none */
	struct display_clear clear;
	struct display_fault error;
	bool error_fatal;
	uint64_t sent, dropped;
};

enum slots_result { SLOTS_EMPTY, SLOTS_BLOCKED, SLOTS_BROKEN };

void slots_init(struct slots *slots, const struct board *board,
                const char *daemon, uint32_t ping_ms, uint64_t now_us);
/* The display is ready: it is told all that is known, then what changes. */
void slots_ready(struct slots *slots, uint32_t caps, uint64_t now_us);
/* The slot's content is new (the board has it). */
void slots_touch(struct slots *slots, enum slot slot, uint64_t now_us);
/* A prompt is over: to be called while the board still has it. */
void slots_clear(struct slots *slots, const struct display_clear *clear,
                 uint64_t now_us);
/* A fatal one goes in place of all that is due. */
void slots_error(struct slots *slots, const struct display_fault *fault,
                 bool fatal, uint64_t now_us);
/* In place of all that is due */
void slots_bye(struct slots *slots, uint64_t now_us);

/* Sends what the descriptor takes without waiting; SLOTS_BROKEN with errno. */
enum slots_result slots_send(struct slots *slots, int fd, uint64_t now_us);
/* slots_touch(), and that. */
enum slots_result slots_tell(struct slots *slots, enum slot slot, int fd, uint64_t now_us);
/* Since when the oldest that is unsent has been due; UINT64_MAX if nothing is
 */
uint64_t slots_waiting_since(const struct slots *slots);

#endif
