/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * What is so now, as the browsers are told it: a part a kind of message, the
 * newest wins. A line is made at the moment it is sent. Pure: time is an
 * argument.
 */
#ifndef GAITD_WEB_PRESENT_H
#define GAITD_WEB_PRESENT_H

#include "protocol/display.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In the order in which they are sent */
enum present_part {
	PRESENT_STATE,   /* whether gaitd is there; a reader forgets all at it */
	PRESENT_CONSOLE, /* what the consoles have in common */
	PRESENT_LINK,
	PRESENT_SESSION,
	PRESENT_TARGET,
	PRESENT_METRICS,
	PRESENT_BATTERY,
	PRESENT_SUMMARY,
	PRESENT_PROMPT, /* or that there is none any more */
	PRESENT_PARTS,
};
#define PRESENT_BIT(part) (1u << (part))
#define PRESENT_ALL (PRESENT_BIT(PRESENT_PARTS) - 1u)

struct present {
	bool ready;        /* gaitd is there */
	char why[256];     /* else why not */
	uint32_t caps;     /* granted */
	char key[40];      /* what a browser has to show when it sends */
	uint32_t known;    /* PRESENT_BIT of what there is */
	struct display_link link;
	struct display_session session;
	struct display_target target;
	struct display_metrics metrics;
	struct display_battery battery;
	struct display_summary summary;
	bool has_prompt;
	struct display_prompt prompt;
	uint64_t prompt_end_ms;
	struct display_clear clear;
	bool said_shown;   /* the prompt is before somebody's eyes */
	bool welcomed;     /* the first screen was read in this session */
	uint64_t mute_end_ms;
	struct display_profile profile; /* as told in this session */
};

void present_init(struct present *present, const char *key);

/* ---- what the daemon says; each returns the parts that have changed ---- */
uint32_t present_state(struct present *present, bool ready, const char *why,
                       uint32_t caps);
uint32_t present_link(struct present *present, const struct display_link *link);
uint32_t present_session(struct present *present,
                         const struct display_session *session);
uint32_t present_target(struct present *present,
                        const struct display_target *target);
uint32_t present_metrics(struct present *present,
                         const struct display_metrics *metrics);
uint32_t present_battery(struct present *present,
                         const struct display_battery *battery);
uint32_t present_summary(struct present *present,
                         const struct display_summary *summary);
uint32_t present_prompt(struct present *present,
                        const struct display_prompt *prompt, uint64_t now_ms);
uint32_t present_clear(struct present *present, const struct display_clear *clear);

/* ---- what the runner says ---- */
uint32_t present_welcomed(struct present *present);
/* An input that was taken: what is remembered of it. */
uint32_t present_input(struct present *present,
                       const struct display_request *input, uint64_t now_ms);
/* Whether this prompt's `shown` is still to be said; then it counts as said. */
bool present_shown(struct present *present, uint32_t id, uint64_t now_ms);

/* One JSON object and LF, as display_write_...(); 0: there is nothing to say. */
size_t present_write(struct present *present, enum present_part part,
                     uint64_t now_ms, char *line, size_t size);

#endif
