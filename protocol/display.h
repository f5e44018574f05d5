/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * The display protocol, gaitd-display(7): newline-delimited JSON. These are
 * the messages as values, how the daemon writes them, and how either end
 * reads a line. No descriptors, no clock.
 */
#ifndef GAITD_DISPLAY_H
#define GAITD_DISPLAY_H

#include "protocol/display_values.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DISPLAY_PROTOCOL_VERSION 1
#define DISPLAY_LINE_MAX 4096 /* octets of a line with its LF, both ways */
#define DISPLAY_CAP_COUNT 4

/* ---- the words of the wire; false: no such word ---- */
const char *display_level_name(enum display_level level);
bool display_level_from_name(const char *name, enum display_level *out);
const char *display_link_state_name(enum display_link_state state);
bool display_link_state_from_name(const char *name,
                                  enum display_link_state *out);
const char *display_session_state_name(enum display_session_state state);
bool display_session_state_from_name(const char *name,
                                     enum display_session_state *out);
const char *display_clear_reason_name(enum display_clear_reason reason);
bool display_clear_reason_from_name(const char *name,
                                    enum display_clear_reason *out);
const char *display_gait_name(enum display_gait gait);
bool display_gait_from_name(const char *name, enum display_gait *out);
const char *display_battery_state_name(enum display_battery_state state);
bool display_battery_state_from_name(const char *name,
                                     enum display_battery_state *out);
const char *display_cap_name(enum display_cap cap);
bool display_cap_from_name(const char *name, enum display_cap *out);

extern const struct display_dynamic_member {
	const char *name;
	uint8_t decimals; /* when written */
} display_dynamic_members[DISPLAY_DYNAMICS];

/* Why the daemon refused a line or closes: the closed list of codes */
enum display_error {
	DISPLAY_ERROR_BAD_JSON,
	DISPLAY_ERROR_LINE_TOO_LONG,
	DISPLAY_ERROR_BAD_HELLO,
	DISPLAY_ERROR_NO_COMMON_VERSION,
	DISPLAY_ERROR_UNKNOWN_TYPE,
	DISPLAY_ERROR_BAD_MEMBER,
	DISPLAY_ERROR_NOT_GRANTED,
	DISPLAY_ERROR_TOO_MANY_ERRORS,
};
const char *display_error_name(enum display_error code);

/* ---- lines that the daemon writes ----
 * Each writes one JSON object and LF into `line` and returns its length, or 0
 * if it does not fit into `size` (DISPLAY_LINE_MAX always fits: `why` is cut
 * at a character's end if need be). No NUL follows. Text that is no UTF-8 and
 * control characters but LF and TAB come out as U+FFFD; a number that is not
 * finite is left out. `personal` says whether the reader may have runner
 * names, pain values and heart rate. */
size_t display_write_hello(char *line, size_t size, const char *daemon,
                           uint32_t ping_ms);
size_t display_write_ready(char *line, size_t size, uint32_t caps);
size_t display_write_link(char *line, size_t size, const struct display_link *m);
size_t display_write_session(char *line, size_t size,
                             const struct display_session *m, bool personal);
size_t display_write_metrics(char *line, size_t size,
                             const struct display_metrics *m, bool personal);
size_t display_write_target(char *line, size_t size,
                            const struct display_target *m);
size_t display_write_prompt(char *line, size_t size,
                            const struct display_prompt *m, bool personal);
size_t display_write_clear(char *line, size_t size,
                           const struct display_clear *m);
size_t display_write_battery(char *line, size_t size,
                             const struct display_battery *m);
size_t display_write_summary(char *line, size_t size,
                             const struct display_summary *m);
size_t display_write_error(char *line, size_t size, enum display_error code,
                           const char *detail, bool fatal);
size_t display_write_ping(char *line, size_t size);
size_t display_write_bye(char *line, size_t size, const char *reason);

/* The same members behind {"t":SECONDS,"event":"prompt", ...}: the lines of
 * `gaitd --prompts`. `t_us` is written as seconds with three decimals. A
 * prompt has t, event, id, rule, level, headline, text, args. */
size_t display_write_prompt_event(char *line, size_t size, uint64_t t_us,
                                  const struct display_prompt *m);
size_t display_write_clear_event(char *line, size_t size, uint64_t t_us,
                                 const struct display_clear *m);
/* One event a changed device; `footpod` picks which member is written */
size_t display_write_link_event(char *line, size_t size, uint64_t t_us,
                                const struct display_link *m, bool footpod);
size_t display_write_metrics_event(char *line, size_t size, uint64_t t_us,
                                   const struct display_metrics *m);

/* ---- lines that a display writes ---- */
enum display_request_type {
	DISPLAY_REQUEST_HELLO,
	DISPLAY_REQUEST_SHOWN,
	DISPLAY_REQUEST_INPUT,
	DISPLAY_REQUEST_PONG,
	DISPLAY_REQUEST_PING,
};

enum display_input {
	DISPLAY_INPUT_PAIN,      /* value 0..10 */
	DISPLAY_INPUT_RED_FLAG,  /* flag */
	DISPLAY_INPUT_ACK,       /* id */
	DISPLAY_INPUT_ANSWER,    /* id, value */
	DISPLAY_INPUT_MUTE,      /* value: minutes */
	DISPLAY_INPUT_INTERVALS, /* value: 0 or 1 */
	DISPLAY_INPUT_RUNNER,    /* name, pin */
	DISPLAY_INPUT_END,       /* value: seconds */
	DISPLAY_INPUT_PROFILE,   /* profile */
};
/* The words of the wire and of a recording's input lines */
const char *display_input_name(enum display_input input);
bool display_input_from_name(const char *name, enum display_input *out);

const char *display_red_flag_name(enum display_red_flag flag);
bool display_red_flag_from_name(const char *name, enum display_red_flag *out);

struct display_request {
	enum display_request_type type;
	uint32_t protocol; /* hello */
	char name[64];     /* hello: the plugin; input runner: the runner */
	char version[32];  /* hello */
	uint32_t caps;     /* hello: of enum display_cap; unknown ones dropped */
	uint16_t cols, rows; /* hello: what it shows, in characters; 0: not said */
	enum display_input input;
	uint32_t id; /* shown, ack, answer */
	int32_t value;
	enum display_red_flag flag;
	char pin[16];
	struct display_profile profile;
};

/* Why a line was refused; `detail` names the member or type and what was
 * expected. */
struct display_fault {
	enum display_error code;
	char detail[160];
};

/* Reads one line without its LF. False with `fault` set, `out` untouched. A
 * whole number may also be written 4.0 or 4e0: JSON knows one kind. */
bool display_request_read(const char *line, size_t length,
                          struct display_request *out,
                          struct display_fault *fault);

/* A profile alone, {"height_m":1.75,...}: as recordings have it */
bool display_profile_read(const char *json, size_t length,
                          struct display_profile *out,
                          struct display_fault *fault);

/* ---- what a display reads (helper library, terminal, conformance kit) ---- */
enum display_message_type {
	DISPLAY_MESSAGE_HELLO,
	DISPLAY_MESSAGE_READY,
	DISPLAY_MESSAGE_LINK,
	DISPLAY_MESSAGE_SESSION,
	DISPLAY_MESSAGE_METRICS,
	DISPLAY_MESSAGE_TARGET,
	DISPLAY_MESSAGE_PROMPT,
	DISPLAY_MESSAGE_CLEAR,
	DISPLAY_MESSAGE_BATTERY,
	DISPLAY_MESSAGE_SUMMARY,
	DISPLAY_MESSAGE_PING,
	DISPLAY_MESSAGE_ERROR,
	DISPLAY_MESSAGE_BYE,
	DISPLAY_MESSAGE_OTHER, /* a type this version does not know: ignore */
};

struct display_message {
	enum display_message_type type;
	union {
		struct display_link link;
		struct display_session session;
		struct display_metrics metrics;
		struct display_target target;
		struct display_prompt prompt;
		struct display_clear clear;
		struct display_battery battery;
		struct display_summary summary;
		struct {
			char code[32];
			char detail[160];
			bool fatal;
		} error;
		struct {
			char daemon[64];
			bool serves_version_1;
			uint32_t ping_ms;
		} hello;
		struct {
			uint32_t caps;
		} ready;
		struct {
			char reason[32];
		} bye;
	};
};

/* Reads one line of the daemon's. It is read as a later daemon might write it:
 * unknown members are ignored, a level that is not known reads as safety, a
 * link state as lost, text that is too long is cut at a character's end. False
 * when it is no JSON object with a type, or lacks what its type cannot be
 * without (a prompt's id and headline): ignore the line; `out` is untouched. */
bool display_message_read(const char *line, size_t length,
                          struct display_message *out);

/* Lines that a display writes */
size_t display_write_plugin_hello(char *line, size_t size,
                                  const struct display_request *hello);
size_t display_write_shown(char *line, size_t size, uint32_t id);
size_t display_write_pong(char *line, size_t size);
size_t display_write_input(char *line, size_t size,
                           const struct display_request *input);
/* {"height_m":1.75,...} without LF: as recordings have it */
size_t display_write_profile(char *json, size_t size,
                             const struct display_profile *profile);

/* ---- the line framer ---- */
struct display_framer {
	char line[DISPLAY_LINE_MAX];
	size_t length;
	bool skipping; /* inside a line that is too long: drop to the next LF */
};

enum display_frame_result {
	DISPLAY_FRAME_NONE, /* all bytes taken, no whole line */
	DISPLAY_FRAME_LINE, /* a line is ready; call again with what is left */
	DISPLAY_FRAME_TOO_LONG, /* said once for an over-long line; call again */
};

/* Takes bytes from *bytes and *length. On DISPLAY_FRAME_LINE the line stands in
 * framer->line[0 .. *line_length), without LF (and without a CR before it),
 * until the next call. */
enum display_frame_result display_framer_next(struct display_framer *framer,
                                              const char **bytes,
                                              size_t *length,
                                              size_t *line_length);

#endif
