/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/meter_life.h"

#include "daemon/sources/knowledge.h"
#include "protocol/display.h"

#define STRAP_FRESH_US 10000000u

/* One that was silent for a moment has not come anew. */
static void set_link(struct meter_life *life, enum source_device device,
                     enum display_link_state state)
{
	enum display_link_state was = life->links[device].state;
	bool was_there = was == DISPLAY_LINK_LIVE || was == DISPLAY_LINK_STALE;

	life->links[device].state = state;
	if (state == DISPLAY_LINK_LIVE && !was_there)
		life->links[device].connects++;
	else if (was_there && state != DISPLAY_LINK_LIVE && state != DISPLAY_LINK_STALE)
		life->links[device].losses++;
}

/* The core tells of the links with a treadmill and a foot pod, and nobody of that
 * with a strap but its source; what is heard is there, as in recordings. */
void meter_life_event(struct meter_life *life, const struct source_event *event)
{
	bool frame = event->kind == SOURCE_NOTIFY || event->kind == SOURCE_ANT;

	if (event->unit > 1 || event->device > SOURCE_HEART_RATE)
		return;
	if (frame) {
		life->links[event->device].heard = true;
		life->links[event->device].heard_us = event->t_us;
	}
	if (event->device == SOURCE_HEART_RATE && (frame || event->kind == SOURCE_LINK))
		set_link(life, SOURCE_HEART_RATE, frame ? DISPLAY_LINK_LIVE : event->link);
}

void meter_life_outcome(struct meter_life *life, const struct outcome *outcome)
{
	const struct display_message *message = &outcome->message;
	bool in_session;

	if (message->type == DISPLAY_MESSAGE_LINK) {
		set_link(life, SOURCE_TREADMILL, message->link.treadmill);
		set_link(life, SOURCE_FOOTPOD, message->link.footpod);
	} else if (message->type == DISPLAY_MESSAGE_PROMPT) {
		life->prompts[message->prompt.level]++;
	} else if (message->type == DISPLAY_MESSAGE_SESSION) {
		in_session = message->session.state == DISPLAY_SESSION_RUNNING ||
		             message->session.state == DISPLAY_SESSION_PAUSED;
		life->sessions += in_session && !life->in_session;
		life->in_session = in_session;
	}
}

static json_t *describe_link(const struct meter_life *life, enum source_device device,
                             uint64_t now_us)
{
	enum display_link_state state = life->links[device].state;
	uint64_t age_us = now_us - life->links[device].heard_us;
	json_t *object = json_object();

	if (device == SOURCE_HEART_RATE && state == DISPLAY_LINK_LIVE &&
	    age_us > STRAP_FRESH_US)
		state = DISPLAY_LINK_STALE;
	json_object_set_new(object, "state", json_string(display_link_state_name(state)));
	json_object_set_new(object, "connects",
	                    json_integer((json_int_t)life->links[device].connects));
	json_object_set_new(object, "losses",
	                    json_integer((json_int_t)life->links[device].losses));
	if (life->links[device].heard)
		json_object_set_new(object, "age_us", json_integer((json_int_t)age_us));
	return object;
}

void meter_life_describe(const struct meter_life *life, uint64_t now_us, json_t *reply)
{
	json_t *links = json_object(), *prompts = json_object();

	for (enum source_device device = 0; device < METER_DEVICES; device++)
		json_object_set_new(links, knowledge_kind_name(device),
		                    describe_link(life, device, now_us));
	for (enum display_level level = 0; level < METER_LEVELS; level++)
		json_object_set_new(prompts, display_level_name(level),
		                    json_integer((json_int_t)life->prompts[level]));
	json_object_set_new(reply, "links", links);
	json_object_set_new(reply, "prompts", prompts);
	json_object_set_new(reply, "sessions", json_integer((json_int_t)life->sessions));
}
