/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Which sticks are played, after the answers of real ones (footpods.md 1.3),
 * and what they can do wrong.
 */
#include "daemon/peripheral/stick.h"

#include <string.h>

static const struct stick_model models[] = {
	{ "1008", "ANTUSB2: 3 networks, start-up reason 20", 0x1008,
	  { 0x08, 0x03, 0x00, 0xba, 0x36, 0x00 }, 6, "AP2USB1.05",
	  ANT_START_COMMAND, 10017 },
	{ "1009", "ANTUSB-m: 8 networks, start-up reason 00", 0x1009,
	  { 0x08, 0x08, 0x00, 0xba, 0x36, 0x00, 0xdf, 0x79 }, 8, "BOK0.01.00",
	  ANT_START_POWER_ON, 20081 },
	{ "sdk-ant", "1009 without scan mode and serial number", 0x1009,
	  { 0x08, 0x08, 0x00, 0xb2, 0x32, 0x00, 0xfd, 0x8d, 0x0f }, 9, "BOK02.01.00",
	  ANT_START_COMMAND, 0 },
	{ "plain", "1008 without scan mode and background scan", 0x1008,
	  { 0x08, 0x03, 0x00, 0xba }, 4, "AP2USB0.90", ANT_START_COMMAND, 10017 },
};

#define MODELS (sizeof(models) / sizeof(models[0]))

size_t stick_model_count(void)
{
	return MODELS;
}

const struct stick_model *stick_model_at(size_t index)
{
	return &models[index];
}

const struct stick_model *stick_model_find(const char *name)
{
	for (size_t i = 0; i < MODELS; i++)
		if (strcmp(models[i].name, name) == 0)
			return &models[i];
	return NULL;
}

static const struct {
	const char *name, *summary;
} faults[] = {
	[STICK_NO_FAULT] = { "none", "nothing goes wrong" },
	[STICK_SILENT] = { "silent", "answers nothing" },
	[STICK_LATE] = { "late", "answers after 700 ms" },
	[STICK_RESTARTS] = { "restarts", "restarts by itself every 3 s" },
	[STICK_GARBAGE] = { "garbage", "sends garbage between frames" },
	[STICK_SPLIT] = { "split", "splits frames across transfers" },
	[STICK_NO_START] = { "no-start", "does not tell that it has started up" },
	[STICK_BAD_RESET] = { "bad-reset", "answers a reset with an error" },
	[STICK_CLOSES] = { "closes", "closes its channels every 4 s" },
	[STICK_NO_KEY] = { "no-key", "refuses any network key" },
	[STICK_NO_SCAN] = { "no-scan", "refuses the scan mode that it claims" },
	[STICK_NO_LIBRARY] = { "no-library", "extends messages the old way only" },
};

const char *stick_fault_name(enum stick_fault fault)
{
	return faults[fault].name;
}

const char *stick_fault_summary(enum stick_fault fault)
{
	return faults[fault].summary;
}

bool stick_fault_find(const char *name, enum stick_fault *out)
{
	for (unsigned i = 0; i < STICK_FAULTS; i++) {
		if (strcmp(faults[i].name, name) == 0) {
			*out = (enum stick_fault)i;
			return true;
		}
	}
	return false;
}
