/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl doctor: the ANT+ network key, and the stick.
 */
#include <config.h>

#include "daemon/gaitctl/doctor.h"
#include "daemon/gaitctl/radio_state.h"
#include "daemon/service/log.h"
#include "daemon/service/secret.h"
#include "daemon/usb/usb_device.h"

#include <libusb.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NO_KEY_FIX \
	"get the key as an ANT+ adopter, write its 16 hex digits to a file of root and " \
	"group gaitd, mode 0640, and name that in ant.network_key_file"

/* ---- the key -------------------------------------------------------------- */

static bool has_key(const struct doctor *doctor)
{
	return doctor->config &&
	       (doctor->config->network_key || *doctor->config->ant.network_key_file);
}

static void check_file(const char *path, struct doctor_finding *finding)
{
	uint8_t key[SECRET_ANT_KEY_SIZE];

	if (access(path, R_OK) < 0 && geteuid() != 0) {
		doctor_say(finding, DOCTOR_UNSEEN, "sudo gaitctl doctor",
		           "the network key's file %s is not for you to read", path);
	} else if (secret_ant_key_file(path, key)) {
		doctor_say(finding, DOCTOR_OK, NULL, "a network key is in %s", path);
	} else {
		doctor_say(finding, DOCTOR_FAIL,
		           "16 hex digits in a file of root and group gaitd, mode 0640",
		           "%s has no network key, or others can read it", path);
	}
	explicit_bzero(key, sizeof(key));
}

static void check_key(const struct doctor *doctor, struct doctor_finding *finding)
{
	if (!doctor->config)
		return;
	if (doctor->config->network_key)
		doctor_say(finding, DOCTOR_OK, NULL, "a network key is set");
	else if (*doctor->config->ant.network_key_file)
		check_file(doctor->config->ant.network_key_file, finding);
	else
		doctor_say(finding, DOCTOR_OK, NO_KEY_FIX,
		           "no network key: ANT+ is off, Bluetooth foot pods work without");
}

/* ---- the stick ------------------------------------------------------------ */

/* What the daemon says of the stick that it has; false: it has none. */
static bool ask_daemon(const struct doctor *doctor, struct doctor_finding *finding)
{
	const json_t *ant =
		json_object_get(json_object_get(doctor->status, "sources"), "ant");
	const char *state = json_string_value(json_object_get(ant, "state"));
	const char *message = json_string_value(json_object_get(ant, "message"));
	const char *stick = json_string_value(json_object_get(ant, "stick"));
	char words[256];

	if (!state || !message || !stick || strcmp(state, "absent") == 0)
		return false;
	log_escape(words, sizeof(words), message);
	doctor_say(finding, strcmp(state, "listening") == 0 ? DOCTOR_OK : DOCTOR_WARN, NULL,
	           "gaitd has %.60s: %s", stick, words);
	return true;
}

/* One that the asker can open, and the daemon cannot: its word, cause and fix */
static void say_opened(const struct doctor *doctor, const char *title,
                       struct doctor_finding *finding)
{
	const json_t *ant =
		json_object_get(json_object_get(doctor->status, "sources"), "ant");
	const char *message = json_string_value(json_object_get(ant, "message"));
	char words[USB_WORDS_SIZE], *fix;

	if (!message || radio_state("ant", ant) != RADIO_TROUBLE) {
		doctor_say(finding, DOCTOR_OK, NULL, "%s can be opened", title);
		return;
	}
	log_escape(words, sizeof(words), message);
	fix = strstr(words, "; ");
	if (fix)
		*fix = '\0';
	doctor_say(finding, DOCTOR_FAIL, fix ? fix + 2 : NULL, "gaitd: %s", words);
}

static void try_stick(const struct doctor *doctor, const struct usb_device *device,
                      struct doctor_finding *finding)
{
	struct usb_opened opened;
	char title[USB_TITLE_SIZE];
	const char *what, *fix;

	usb_device_title(device, title);
	usb_device_open(device->device, &opened);
	if (opened.error == LIBUSB_SUCCESS) {
		usb_device_close(&opened, false);
		say_opened(doctor, title, finding);
		return;
	}
	usb_words(opened.step, opened.error, &what, &fix);
	doctor_say(finding, DOCTOR_FAIL, fix, "%s: %s%s%s", title, what,
	           *opened.holder ? ": " : "", opened.holder);
}

static void say_no_stick(const struct doctor *doctor, const struct usb_devices *devices,
                         struct doctor_finding *finding)
{
	char title[USB_TITLE_SIZE];

	if (devices->count > 0) {
		usb_device_title(&devices->at[0], title);
		if (devices->at[0].kind == USB_SERIAL)
			doctor_say(finding, DOCTOR_FAIL, "use one with 0fcf:1008 or 0fcf:1009",
			           "%s is a serial device (USB1), which is not supported", title);
		else
			doctor_say(finding, DOCTOR_FAIL, "mend or clear ant.stick",
			           "no stick at %s; there is %s",
			           doctor->config ? doctor->config->ant.stick : "?", title);
	} else if (has_key(doctor)) {
		doctor_say(finding, DOCTOR_WARN,
		           "plug one in, best with a USB2 cable of 1 m: USB3 ports deafen it",
		           "no ANT stick (0fcf:1008, 0fcf:1009) is plugged in");
	}
}

static void check_stick(const struct doctor *doctor, struct doctor_finding *finding)
{
	const char *port = doctor->config ? doctor->config->ant.stick : "";
	const struct usb_device *chosen;
	struct usb_devices devices;
	libusb_context *context;
	const char *what, *fix;
	int error;

	if (ask_daemon(doctor, finding))
		return;
	error = libusb_init(&context);
	if (error != LIBUSB_SUCCESS) {
		usb_words(USB_START, error, &what, &fix);
		doctor_say(finding, DOCTOR_FAIL, fix, "%s", what);
		return;
	}
	usb_devices_list(context, &devices);
	chosen = usb_devices_choose(&devices, port);
	if (chosen)
		try_stick(doctor, chosen, finding);
	else
		say_no_stick(doctor, &devices, finding);
	usb_devices_free(&devices);
	libusb_exit(context);
}

const struct doctor_check doctor_usb_checks[] = {
	{ "ant-key", check_key },
	{ "stick", check_stick },
	{ NULL, NULL },
};
