/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * What the file of gaitd-mqtt says, gaitd-mqtt(1).
 */
#ifndef GAITD_MQTT_SETTINGS_H
#define GAITD_MQTT_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#define SETTINGS_PATH_MAX 256
#define SETTINGS_NAME_MAX 33 /* of a site or console, with the NUL */

struct settings {
	struct {
		char host[SETTINGS_PATH_MAX];
		long port; /* 0: 8883 with TLS, else 1883 */
		char protocol[8]; /* "5" or "3.1.1" */
		long keepalive_s, answer_s, retry_s, retry_max_s; /* 0: the usual */
		char username[128], password_file[SETTINGS_PATH_MAX];
		char ca[SETTINGS_PATH_MAX]; /* "": no TLS */
		char certificate[SETTINGS_PATH_MAX], key[SETTINGS_PATH_MAX];
	} broker;
	char site[SETTINGS_NAME_MAX], console[SETTINGS_NAME_MAX];
	bool running_values;
	struct {
		char directory[SETTINGS_PATH_MAX]; /* "": STATE_DIRECTORY */
		long events, keep_s;
	} spool;
	struct {
		bool enabled;
		char prefix[64];
	} home_assistant;
	struct {
		bool enabled;
		char socket[SETTINGS_PATH_MAX]; /* "": fleet.sock beside the displays' */
	} commands;
	struct {
		char key_file[SETTINGS_PATH_MAX]; /* "": no claims */
	} pods;
};

struct settings_fault {
	char where[SETTINGS_PATH_MAX + 32]; /* "FILE:LINE:COLUMN" */
	char message[256];
};

void settings_init(struct settings *settings);
/* Reads the text of a file over what is there. False with `fault` set. */
bool settings_read(struct settings *settings, const char *name, const char *text, size_t length,
                   struct settings_fault *fault);
/* What must be there is, and what goes together does. False with `fault` set. */
bool settings_complete(struct settings *settings, const char *name,
                       struct settings_fault *fault);
/* Letters a-z, digits and -: what a level of a topic and a certificate's name take */
bool settings_is_name(const char *text);

#endif
