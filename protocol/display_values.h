/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * What is said over the display protocol, as values; gaitd-display(7) has the
 * words. This half is the displays' too: the installed gaitd-display.h is made
 * of it and of plugins/gaitd-display.h, where each name begins with gaitd_.
 * Text is UTF-8, ends with NUL, and is "" where it was not said.
 */
#ifndef GAITD_DISPLAY_VALUES_H
#define GAITD_DISPLAY_VALUES_H

#include <stdbool.h>
#include <stdint.h>

#define DISPLAY_ARGS_MAX 4
#define DISPLAY_CHOICES_MAX 6

/* How much a prompt matters. A level that the reader does not know reads as
 * safety. */
enum display_level {
	DISPLAY_LEVEL_SYSTEM,
	DISPLAY_LEVEL_PRAISE,
	DISPLAY_LEVEL_HABIT,
	DISPLAY_LEVEL_FORM,
	DISPLAY_LEVEL_LOAD,
	DISPLAY_LEVEL_SAFETY, /* never hidden by anything else */
};

enum display_link_state {
	DISPLAY_LINK_OFF, /* none is configured */
	DISPLAY_LINK_SEARCHING,
	DISPLAY_LINK_LIVE,
	DISPLAY_LINK_STALE, /* silent for longer than it should be */
	DISPLAY_LINK_LOST,
};

enum display_session_state {
	DISPLAY_SESSION_IDLE,
	DISPLAY_SESSION_RUNNING,
	DISPLAY_SESSION_PAUSED,
	DISPLAY_SESSION_ENDED,
};

enum display_clear_reason {
	DISPLAY_CLEAR_EXPIRED,
	DISPLAY_CLEAR_ACKNOWLEDGED, /* by the runner, at any display */
	DISPLAY_CLEAR_REPLACED,
	DISPLAY_CLEAR_CONDITION, /* what it was about has ended */
};

enum display_gait {
	DISPLAY_GAIT_UNKNOWN,
	DISPLAY_GAIT_IDLE,
	DISPLAY_GAIT_WALK,
	DISPLAY_GAIT_RUN,
};

/* Of the foot pod, as it tells it itself */
enum display_battery_state {
	DISPLAY_BATTERY_NEW,
	DISPLAY_BATTERY_GOOD,
	DISPLAY_BATTERY_OK,
	DISPLAY_BATTERY_LOW,
	DISPLAY_BATTERY_CRITICAL,
};

/* What a display asks for, and what it is granted; or-ed */
enum display_cap {
	DISPLAY_CAP_METRICS = 1u << 0,  /* it is told metrics */
	DISPLAY_CAP_SHOWN = 1u << 1,    /* it says what it has shown */
	DISPLAY_CAP_INPUT = 1u << 2,    /* it sends what the runner tells */
	DISPLAY_CAP_PERSONAL = 1u << 3, /* it is told names, pain, heart rate */
};

struct display_link {
	enum display_link_state treadmill;
	enum display_link_state footpod;
};

struct display_session {
	enum display_session_state state;
	uint32_t elapsed_s; /* time not paused */
	uint32_t distance_m;
	char runner[32]; /* "anonymous", "known", or a name: personal */
	char lang[8];    /* as "de" */
	bool miles;      /* what the runner reads: "mi" instead of "km" */
	bool feedback;   /* inside a feedback window */
	bool intervals;  /* declared by the runner */
};

/* Members of a metrics message; one whose bit in `present` is off is absent:
 * show that it is not known, and hold no old one. */
enum display_metric {
	DISPLAY_SPEED = 1u << 0,
	DISPLAY_INCLINE = 1u << 1,
	DISPLAY_CADENCE = 1u << 2,
	DISPLAY_TARGET = 1u << 3,
	DISPLAY_STEP = 1u << 4,
	DISPLAY_HEART_RATE = 1u << 5, /* personal */
	DISPLAY_DISTANCE = 1u << 6,
	DISPLAY_ELAPSED = 1u << 7,
	DISPLAY_GAIT = 1u << 8,
	DISPLAY_ELEVATION_GAIN = 1u << 9,
	DISPLAY_ENERGY = 1u << 10,
	DISPLAY_OSCILLATION = 1u << 11, /* and the other dynamics, in their order */
};

/* Running Dynamics, which few foot pods send and nobody is told of who did not
 * turn them on */
enum display_dynamic {
	DISPLAY_DYNAMIC_OSCILLATION,    /* of the trunk, mm */
	DISPLAY_DYNAMIC_GROUND_CONTACT, /* ms */
	DISPLAY_DYNAMIC_STANCE,         /* % of the gait cycle */
	DISPLAY_DYNAMIC_BALANCE,        /* % of ground contact on the left */
	DISPLAY_DYNAMIC_VERTICAL_RATIO, /* % of the step length */
	DISPLAY_DYNAMICS, /* how many */
};
#define DISPLAY_DYNAMIC_BIT(i) ((uint32_t)DISPLAY_OSCILLATION << (i))

struct display_metrics {
	uint32_t present; /* of enum display_metric */
	double speed_kmh;   /* written with 2 decimals */
	double incline_pct; /* 1 decimal */
	int32_t cadence_spm; /* steps a minute; a stride is two steps */
	int32_t target_spm;
	double step_m; /* 2 decimals */
	int32_t heart_rate_bpm;
	uint32_t distance_m;
	uint32_t elapsed_s;
	enum display_gait gait;
	int32_t elevation_gain_m;
	int32_t energy_kcal;
	double dynamics[DISPLAY_DYNAMICS];
};

/* The band within which cadence is as wished */
struct display_target {
	int32_t low_spm, high_spm;
};

/* A number in a prompt's text, by name */
struct display_arg {
	char name[24];
	double value;
	uint8_t decimals; /* 0..2 when written */
	bool personal;    /* left out where personal is not granted */
};

enum display_ask_kind { DISPLAY_ASK_NONE, DISPLAY_ASK_SCALE, DISPLAY_ASK_CHOICE };

struct display_choice {
	int32_t value;
	char text[32];
};

/* What the runner is asked; the answer is one of the values */
struct display_ask {
	enum display_ask_kind kind;
	int32_t minimum, maximum; /* scale */
	struct display_choice choices[DISPLAY_CHOICES_MAX];
	uint8_t choice_count;
};

struct display_prompt {
	uint32_t id;
	char rule[48];
	enum display_level level;
	char headline[128]; /* at most 30 columns */
	char text[256];     /* at most 60 columns, complete without the headline */
	char public_text[256]; /* the daemon's own: "" in a display */
	char why[768];      /* for those who ask */
	/* Headline and text in English, to be shown beneath a translation that no
	 * native speaker has reviewed; "" otherwise */
	struct {
		char headline[64], text[128];
		char public_text[128]; /* the daemon's own */
	} english;
	struct display_arg args[DISPLAY_ARGS_MAX];
	uint8_t arg_count;
	bool ack; /* the runner should confirm it */
	struct display_ask ask;
	uint32_t ttl_ms; /* what remains of its time */
};

struct display_clear {
	uint32_t id;
	enum display_clear_reason reason;
};

struct display_battery {
	enum display_battery_state footpod;
};

/* At the session's end; personal as a whole. The rest is gaitctl's. */
struct display_summary {
	uint32_t elapsed_s;
	uint32_t distance_m;
	char text[256];
};

#define DISPLAY_PAIN_MAX 10
#define DISPLAY_MUTE_MAX 240    /* minutes; 0 ends it */
#define DISPLAY_END_MAX 86400   /* seconds */

enum display_red_flag {
	DISPLAY_RED_FLAG_LEG,      /* pain shoots down a leg */
	DISPLAY_RED_FLAG_NUMB,     /* a numb or weak leg */
	DISPLAY_RED_FLAG_BLADDER,  /* numb saddle, bladder or bowel change */
	DISPLAY_RED_FLAG_STRAIGHT, /* cannot stand straight */
	DISPLAY_RED_FLAG_FALL,     /* after a fall */
};

/* What a runner says of himself for this session; a member whose has_ is off
 * was not said. */
struct display_profile {
	bool has_height, has_back_pain, has_novice, has_units, has_lang;
	double height_m; /* 1.00 .. 2.50 */
	bool back_pain, novice, miles;
	char lang[8];
};

#endif
