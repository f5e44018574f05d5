/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/ant/ant_send.h"

#include <string.h>

void ant_send_message(struct ant_engine *e, const struct ant_message *message)
{
	uint8_t bytes[ANT_FRAME_MAX + 2];
	size_t length = ant_frame_encode(message, bytes, ANT_FRAME_MAX);

	bytes[length] = bytes[length + 1] = 0;
	e->ops->send(e->user, bytes, length + 2);
	explicit_bzero(bytes, sizeof(bytes)); /* it may have been the key */
}

void ant_send_control(struct ant_engine *e, const struct ant_control *control)
{
	struct ant_control with_key;
	struct ant_message message;

	if (control->id == ANT_NETWORK_KEY) {
		with_key = *control;
		memcpy(with_key.octets, e->key, ANT_KEY_SIZE);
		control = &with_key;
	}
	if (!ant_control_encode(control, &message))
		return;
	ant_send_message(e, &message);
	if (control == &with_key) {
		explicit_bzero(&with_key, sizeof(with_key));
		explicit_bzero(&message, sizeof(message));
	}
}

void ant_send_request(struct ant_engine *e, uint8_t subject)
{
	struct ant_control control = { .id = ANT_REQUEST, .subject = subject };

	ant_send_control(e, &control);
}

void ant_send_reset(struct ant_engine *e)
{
	static const struct ant_control reset = { .id = ANT_RESET };

	/* what was begun before is never ended, and would take the answer in */
	memset(&e->stream, 0, sizeof(e->stream));
	ant_send_control(e, &reset);
}
