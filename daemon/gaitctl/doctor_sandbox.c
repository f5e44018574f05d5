/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What the unit's sandbox keeps from a daemon whose radios are in trouble: its
 * own word of what it may do, held against what may be done out here. Where the
 * radios work nothing is wrong with a sandbox, however tight.
 */
#include "daemon/gaitctl/doctor.h"

#include "daemon/gaitctl/bluetooth_facts.h"
#include "daemon/gaitctl/gaitctl.h"
#include "daemon/gaitctl/machine_facts.h"
#include "daemon/gaitctl/radio_state.h"

#include <stdlib.h>
#include <string.h>

#define EDIT "systemctl edit gaitd, under [Service]: "
#define CAP_NET_ADMIN_BIT (UINT64_C(1) << BLUETOOTH_CAP_NET_ADMIN)

static const json_t *source_of(const struct doctor *doctor, const char *name)
{
	return json_object_get(json_object_get(doctor->status, "sources"), name);
}

/* Its own word, if there is one, and it is not 0 */
static bool kept_from(const struct doctor *doctor, const char *what)
{
	return json_integer_value(json_object_get(doctor->confinement, what)) != 0;
}

static bool in_network_of_its_own(const struct doctor *doctor)
{
	uint64_t its = (uint64_t)reply_whole(doctor->confinement, "network_namespace");

	return its && doctor->machine->network_namespace &&
	       its != doctor->machine->network_namespace;
}

static bool lacks_net_admin(const struct doctor *doctor)
{
	const char *bounding =
		json_string_value(json_object_get(doctor->confinement, "bounding"));

	return bounding && !(strtoull(bounding, NULL, 16) & CAP_NET_ADMIN_BIT);
}

/* ---- Bluetooth --------------------------------------------------------------------- */

static void say_no_socket(const struct doctor *doctor, struct doctor_finding *finding)
{
	if (in_network_of_its_own(doctor))
		doctor_say(finding, DOCTOR_FAIL, EDIT "PrivateNetwork=no",
		           "gaitd runs in a network namespace of its own (PrivateNetwork), where "
		           "the kernel has no Bluetooth");
	else if (!doctor->bluetooth || doctor->bluetooth->socket_error == 0)
		doctor_say(finding, DOCTOR_FAIL,
		           EDIT "RestrictAddressFamilies=AF_UNIX AF_BLUETOOTH AF_NETLINK",
		           "Bluetooth sockets are open to you and kept from gaitd "
		           "(RestrictAddressFamilies, or SystemCallFilter)");
}

static void say_no_right(const struct doctor *doctor, struct doctor_finding *finding)
{
	if (json_is_true(json_object_get(doctor->confinement, "user_namespace")))
		doctor_say(finding, DOCTOR_FAIL, EDIT "PrivateUsers=no",
		           "gaitd runs in a user namespace of its own (PrivateUsers), where "
		           "CAP_NET_ADMIN has no power over adapters (0x14)");
	else if (lacks_net_admin(doctor))
		doctor_say(finding, DOCTOR_FAIL,
		           EDIT "AmbientCapabilities=CAP_NET_ADMIN and "
		                "CapabilityBoundingSet=CAP_NET_ADMIN; or configure "
		                "treadmill.address, and have the adapter on",
		           "gaitd was started without CAP_NET_ADMIN, and may neither scan nor "
		           "switch the adapter on (0x14)");
	else
		doctor_say(finding, DOCTOR_FAIL,
		           "systemctl restart gaitd; if that does not help, "
		           "AmbientCapabilities=CAP_NET_ADMIN in the unit",
		           "gaitd may neither scan nor switch the adapter on: Bluetooth came "
		           "after it gave its right up, or it was not given it");
}

static bool says(const json_t *source, const char *member, const char *word)
{
	const char *text = json_string_value(json_object_get(source, member));

	return text && strcmp(text, word) == 0;
}

static bool mentions(const json_t *source, const char *words)
{
	const char *text = json_string_value(json_object_get(source, "message"));

	return text && strstr(text, words);
}

static void check_bluetooth(const struct doctor *doctor, struct doctor_finding *finding)
{
	const json_t *source = source_of(doctor, "bluetooth");

	if (!source || radio_state("bluetooth", source) != RADIO_TROUBLE)
		return;
	if (kept_from(doctor, "bluetooth_errno"))
		say_no_socket(doctor, finding);
	else if (says(source, "scan", "denied") || mentions(source, "may not"))
		say_no_right(doctor, finding);
}

/* ---- the stick ----------------------------------------------------------------------- */

static void check_usb(const struct doctor *doctor, struct doctor_finding *finding)
{
	const json_t *source = source_of(doctor, "ant");

	if (!says(source, "state", "absent"))
		return;
	if (kept_from(doctor, "usb_errno") && doctor->machine->usb_nodes)
		doctor_say(finding, DOCTOR_FAIL,
		           EDIT "PrivateDevices=no, or BindPaths=-/dev/bus/usb",
		           "the nodes of USB devices are kept from gaitd (PrivateDevices)");
	else if (kept_from(doctor, "netlink_errno"))
		doctor_say(finding, DOCTOR_FAIL,
		           EDIT "RestrictAddressFamilies=AF_UNIX AF_BLUETOOTH AF_NETLINK",
		           "netlink sockets, by which sticks are noticed, are kept from gaitd "
		           "(RestrictAddressFamilies)");
	else if (mentions(source, "(IO)"))
		doctor_say(finding, DOCTOR_FAIL, EDIT "DeviceAllow=char-usb_device rw",
		           "the unit's DevicePolicy keeps the stick from gaitd (IO)");
	else if (in_network_of_its_own(doctor) && doctor->machine->stick_count > 0)
		doctor_say(finding, DOCTOR_FAIL, EDIT "PrivateNetwork=no",
		           "a stick is plugged in, and gaitd was not told: it runs in a network "
		           "namespace of its own (PrivateNetwork)");
}

/* One that the kernel takes for a serial line is no trouble: gaitd takes it back. */
static void check_serial(const struct doctor *doctor, struct doctor_finding *finding)
{
	const struct machine_facts *facts = doctor->machine;

	for (size_t i = 0; i < facts->stick_count; i++) {
		if (strncmp(facts->sticks[i].driver, "usb_serial", 10) == 0)
			doctor_say(finding, DOCTOR_OK, NULL,
			           "the kernel has the stick 0fcf:%s at %s for a serial line (%s); "
			           "gaitd takes it over as it opens it, and gives it back",
			           facts->sticks[i].product, facts->sticks[i].port,
			           facts->sticks[i].driver);
	}
}

const struct doctor_check doctor_sandbox_checks[] = {
	{ "sandbox", check_bluetooth },
	{ "sandbox-usb", check_usb },
	{ "serial", check_serial },
	{ NULL, NULL },
};
