/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "protocol/ftms_control.h"

#include "protocol/cursor.h"

/* What follows an opcode. The zone times and the simulation are more than one
 * number: named, not taken apart. */
enum shape { EMPTY, U8, U16, S16, U24, BY_LENGTH, SEVERAL };

static const struct op_fact {
	const char *name;
	enum shape shape;
} ops[] = {
	[FTMS_CONTROL_REQUEST] = { "request_control", EMPTY },
	[FTMS_CONTROL_RESET] = { "reset", EMPTY },
	[FTMS_CONTROL_SPEED] = { "set_target_speed", U16 },
	[FTMS_CONTROL_INCLINE] = { "set_target_incline", S16 },
	/* an octet in FTMS 1.0, SINT16 in 1.0.1 */
	[FTMS_CONTROL_RESISTANCE] = { "set_target_resistance", BY_LENGTH },
	[FTMS_CONTROL_POWER] = { "set_target_power", S16 },
	[FTMS_CONTROL_HEART_RATE] = { "set_target_heart_rate", U8 },
	[FTMS_CONTROL_START] = { "start_or_resume", EMPTY },
	[FTMS_CONTROL_STOP] = { "stop_or_pause", U8 },
	[FTMS_CONTROL_ENERGY] = { "set_target_energy", U16 },
	[FTMS_CONTROL_STEPS] = { "set_target_steps", U16 },
	[FTMS_CONTROL_STRIDES] = { "set_target_strides", U16 },
	[FTMS_CONTROL_DISTANCE] = { "set_target_distance", U24 },
	[FTMS_CONTROL_TIME] = { "set_target_time", U16 },
	[FTMS_CONTROL_TIME_IN_2_ZONES] = { "set_time_in_2_zones", SEVERAL },
	[FTMS_CONTROL_TIME_IN_3_ZONES] = { "set_time_in_3_zones", SEVERAL },
	[FTMS_CONTROL_TIME_IN_5_ZONES] = { "set_time_in_5_zones", SEVERAL },
	[FTMS_CONTROL_SIMULATION] = { "set_bike_simulation", SEVERAL },
	[FTMS_CONTROL_WHEEL] = { "set_wheel_circumference", U16 },
	[FTMS_CONTROL_SPIN_DOWN] = { "spin_down_control", U8 },
	[FTMS_CONTROL_CADENCE] = { "set_target_cadence", U16 },
};

#define OP_COUNT (sizeof(ops) / sizeof(ops[0]))

const char *ftms_control_op_name(uint8_t op)
{
	if (op == FTMS_CONTROL_RESPONSE)
		return "response";
	return op < OP_COUNT ? ops[op].name : NULL;
}

const char *ftms_control_result_name(uint8_t result)
{
	static const char *const names[] = {
		[FTMS_CONTROL_SUCCESS] = "success",
		[FTMS_CONTROL_NOT_SUPPORTED] = "not_supported",
		[FTMS_CONTROL_INVALID_PARAMETER] = "invalid_parameter",
		[FTMS_CONTROL_FAILED] = "failed",
		[FTMS_CONTROL_NOT_PERMITTED] = "not_permitted",
	};

	return result < sizeof(names) / sizeof(names[0]) ? names[result] : NULL;
}

static int32_t take_number(enum shape shape, struct cursor *c)
{
	switch (shape) {
	case U8:
		return cursor_u8(c);
	case U16:
		return cursor_u16(c);
	case S16:
		return cursor_s16(c);
	case U24:
		return (int32_t)cursor_u24(c);
	case BY_LENGTH:
		return c->left == 1 ? cursor_u8(c) : cursor_s16(c);
	case EMPTY:
	case SEVERAL:
		break;
	}
	return 0;
}

static bool take_response(struct cursor *c, struct ftms_control *out)
{
	out->request = cursor_u8(c);
	out->result = cursor_u8(c);
	return !c->failed;
}

static void take_parameter(struct cursor *c, struct ftms_control *out)
{
	enum shape shape = out->op < OP_COUNT ? ops[out->op].shape : SEVERAL;
	struct cursor ahead = *c;
	int32_t number = take_number(shape, &ahead);

	if (ahead.failed || shape == EMPTY || shape == SEVERAL)
		return;
	out->has_parameter = true;
	out->parameter = number;
	*c = ahead;
}

bool ftms_control_decode(const uint8_t *bytes, size_t length,
                         struct ftms_control *out)
{
	struct cursor c = cursor_over(bytes, length);
	struct ftms_control control = { .op = cursor_u8(&c) };

	if (c.failed)
		return false;
	if (control.op != FTMS_CONTROL_RESPONSE)
		take_parameter(&c, &control);
	else if (!take_response(&c, &control))
		return false;
	control.trailing_octets =
		c.left > UINT8_MAX ? UINT8_MAX : (uint8_t)c.left;
	*out = control;
	return true;
}

static struct ftms_range take_range(struct cursor *c, enum shape end,
                                    enum shape step)
{
	struct ftms_range range;

	range.minimum = take_number(end, c);
	range.maximum = take_number(end, c);
	range.step = take_number(step, c);
	return range;
}

bool ftms_range_decode(uint16_t uuid, const uint8_t *bytes, size_t length,
                       struct ftms_range *out)
{
	static const struct {
		uint16_t uuid;
		size_t length;
		enum shape end, step;
	} layouts[] = {
		{ FTMS_RESISTANCE_RANGE_UUID, 3, U8, U8 },
		{ FTMS_RESISTANCE_RANGE_UUID, 6, S16, U16 },
		{ FTMS_HEART_RATE_RANGE_UUID, 3, U8, U8 },
		{ FTMS_HEART_RATE_RANGE_UUID, 6, U16, U16 },
		{ FTMS_POWER_RANGE_UUID, 6, S16, U16 },
	};
	struct cursor c = cursor_over(bytes, length);

	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++) {
		if (layouts[i].uuid != uuid || layouts[i].length != length)
			continue;
		*out = take_range(&c, layouts[i].end, layouts[i].step);
		return true;
	}
	return false;
}
