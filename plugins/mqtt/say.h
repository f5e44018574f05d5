/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * A line for whoever looks after the console, on standard error: the journal.
 */
#ifndef GAITD_MQTT_SAY_H
#define GAITD_MQTT_SAY_H

#include <stdarg.h>
#include <stdio.h>

__attribute__((format(printf, 1, 2))) static inline void say(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fputs("gaitd-mqtt: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
}

#endif
