/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * What a runner tells, made into lines for gaitd_display_send(); and the words
 * of the protocol.
 */
#include "plugins/gaitd-display.h"

#include <stdio.h>
#include <string.h>

/* ---- what the runner tells ---- */
static bool is_granted(const struct gaitd_display *display, enum display_cap cap)
{
	return (gaitd_display_caps(display) & (uint32_t)cap) != 0;
}

bool gaitd_display_shown(struct gaitd_display *display, uint32_t id)
{
	char line[DISPLAY_LINE_MAX];

	return is_granted(display, DISPLAY_CAP_SHOWN) &&
	       gaitd_display_send(display, line,
	                          display_write_shown(line, sizeof(line), id) - 1);
}

/* What the daemon would refuse is not sent. */
bool gaitd_display_input(struct gaitd_display *display,
                         const struct display_request *input)
{
	char line[DISPLAY_LINE_MAX];
	size_t length = display_write_input(line, sizeof(line), input);
	struct display_request read_back;
	struct display_fault fault;

	return length && is_granted(display, DISPLAY_CAP_INPUT) &&
	       display_request_read(line, length - 1, &read_back, &fault) &&
	       gaitd_display_send(display, line, length - 1);
}

bool gaitd_display_pain(struct gaitd_display *display, int value)
{
	return gaitd_display_input(display, &(struct display_request){
		.input = DISPLAY_INPUT_PAIN, .value = value });
}

bool gaitd_display_red_flag(struct gaitd_display *display,
                            enum display_red_flag flag)
{
	return (unsigned)flag <= DISPLAY_RED_FLAG_FALL &&
	       gaitd_display_input(display, &(struct display_request){
		.input = DISPLAY_INPUT_RED_FLAG, .flag = flag });
}

bool gaitd_display_ack(struct gaitd_display *display, uint32_t id)
{
	return gaitd_display_input(display, &(struct display_request){
		.input = DISPLAY_INPUT_ACK, .id = id });
}

bool gaitd_display_answer(struct gaitd_display *display, uint32_t id, int value)
{
	return gaitd_display_input(display, &(struct display_request){
		.input = DISPLAY_INPUT_ANSWER, .id = id, .value = value });
}

bool gaitd_display_mute(struct gaitd_display *display, int minutes)
{
	return gaitd_display_input(display, &(struct display_request){
		.input = DISPLAY_INPUT_MUTE, .value = minutes });
}

bool gaitd_display_intervals(struct gaitd_display *display, bool on)
{
	return gaitd_display_input(display, &(struct display_request){
		.input = DISPLAY_INPUT_INTERVALS, .value = on });
}

/* A name or PIN that is cut would be another's. */
bool gaitd_display_runner(struct gaitd_display *display, const char *name,
                          const char *pin)
{
	struct display_request input = { .input = DISPLAY_INPUT_RUNNER };

	if (strlen(name) >= sizeof(input.name) ||
	    (pin && strlen(pin) >= sizeof(input.pin)))
		return false;
	strcpy(input.name, name);
	strcpy(input.pin, pin ? pin : "");
	return gaitd_display_input(display, &input);
}

bool gaitd_display_end(struct gaitd_display *display, int seconds)
{
	return gaitd_display_input(display, &(struct display_request){
		.input = DISPLAY_INPUT_END, .value = seconds });
}

bool gaitd_display_profile(struct gaitd_display *display,
                           const struct display_profile *profile)
{
	return gaitd_display_input(display, &(struct display_request){
		.input = DISPLAY_INPUT_PROFILE, .profile = *profile });
}

/* ---- the words of the protocol ---- */
const char *gaitd_display_level_name(enum display_level level)
{
	return display_level_name(level);
}

const char *gaitd_display_link_state_name(enum display_link_state state)
{
	return display_link_state_name(state);
}

const char *gaitd_display_session_state_name(enum display_session_state state)
{
	return display_session_state_name(state);
}

const char *gaitd_display_clear_reason_name(enum display_clear_reason reason)
{
	return display_clear_reason_name(reason);
}

const char *gaitd_display_gait_name(enum display_gait gait)
{
	return display_gait_name(gait);
}

const char *gaitd_display_battery_state_name(enum display_battery_state state)
{
	return display_battery_state_name(state);
}

const char *gaitd_display_red_flag_name(enum display_red_flag flag)
{
	return display_red_flag_name(flag);
}
