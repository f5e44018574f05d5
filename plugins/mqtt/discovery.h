/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * What Home Assistant asks of a device that wants to be found by itself: one
 * retained message under homeassistant/device/, as its documentation of MQTT
 * discovery has it; tests/mqtt/ has a schema of that.
 */
#ifndef GAITD_MQTT_DISCOVERY_H
#define GAITD_MQTT_DISCOVERY_H

#include "plugins/mqtt/messages.h"
#include "plugins/mqtt/settings.h"

void discovery_topic(char out[MESSAGE_TOPIC_MAX], const struct settings *settings);
json_t *discovery_message(const struct settings *settings);

#endif
