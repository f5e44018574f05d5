/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What bluetooth_facts.h tells, judged.
 */
#include "daemon/gaitctl/doctor.h"

#include "daemon/gaitctl/bluetooth_facts.h"
#include "daemon/gaitctl/gaitctl.h"
#include "daemon/service/log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Where it is not, one line says why, and the others nothing. */
static bool usable(const struct bluetooth_facts *facts)
{
	return facts->socket_error == 0;
}

/* ---- the kernel ----------------------------------------------------------- */

static void say_no_family(const struct bluetooth_facts *facts,
                          struct doctor_finding *finding)
{
	if (facts->module_loaded && facts->contained)
		doctor_say(finding, DOCTOR_FAIL,
		           "give the container the machine's network (podman, docker: "
		           "--network host), or run gaitd outside",
		           "this container has a network namespace of its own, where the "
		           "kernel has no Bluetooth");
	else if (facts->module_loaded)
		doctor_say(finding, DOCTOR_FAIL,
		           "run it in the machine's own network namespace (no PrivateNetwork, "
		           "no ip netns), and let RestrictAddressFamilies have AF_BLUETOOTH",
		           "the kernel has Bluetooth, and it is kept from this process");
	else if (facts->module_installed == BLUETOOTH_NO)
		doctor_say(finding, DOCTOR_FAIL,
		           "boot a kernel with it: Debian's linux-image-amd64 or "
		           "linux-image-arm64, not its cloud kernels",
		           "Linux %s is built without Bluetooth", facts->release);
	else if (facts->contained)
		doctor_say(finding, DOCTOR_FAIL,
		           "outside the container: modprobe bluetooth btusb; and give the "
		           "container the machine's network",
		           "no Bluetooth is loaded, and a container cannot load it");
	else
		doctor_say(finding, DOCTOR_FAIL,
		           "modprobe -a bluetooth btusb (hci_uart for one on a serial line); "
		           "if it is blocked, look into /etc/modprobe.d",
		           "the kernel's module bluetooth is not loaded");
}

static void check_kernel(const struct doctor *doctor, struct doctor_finding *finding)
{
	const struct bluetooth_facts *facts = doctor->bluetooth;

	switch (facts->socket_error) {
	case 0:
		doctor_say(finding, DOCTOR_OK, NULL, "Linux %s has Bluetooth",
		           facts->release);
		return;
	case EAFNOSUPPORT:
	case EPROTONOSUPPORT:
		say_no_family(facts, finding);
		return;
	case EPERM:
	case EACCES:
		doctor_say(finding, DOCTOR_FAIL,
		           "let the unit's RestrictAddressFamilies or the container's seccomp "
		           "profile have AF_BLUETOOTH",
		           "Bluetooth sockets are forbidden here");
		return;
	}
	doctor_say(finding, DOCTOR_FAIL, NULL, "no management socket: %s",
	           strerror(facts->socket_error));
}

/* Met in 6.1.192-2: list_del corruption in hci_chan_del() when a connect fails
 * within 2 s after the adapter appeared. */
static void check_kernel_age(const struct doctor *doctor, struct doctor_finding *finding)
{
	unsigned major = 0, minor = 0;

	/* NOLINTNEXTLINE(cert-err34-c): the kernel's own words */
	if (sscanf(doctor->bluetooth->release, "%u.%u", &major, &minor) != 2)
		return;
	if (major < 6 || (major == 6 && minor < 1))
		doctor_say(finding, DOCTOR_WARN, "use Linux 6.12 or later",
		           "gaitd was never tried on Linux %u.%u", major, minor);
	else if (major == 6 && minor == 1)
		doctor_say(finding, DOCTOR_WARN,
		           "apt-get install linux-image-6.12-amd64 (or -arm64) from "
		           "bookworm-security, or a later kernel",
		           "Linux 6.1 can crash when a program connects right after an adapter "
		           "appeared; gaitd waits, others may not");
}

/* ---- adapters ------------------------------------------------------------- */

static void check_rfkill(const struct doctor *doctor, struct doctor_finding *finding)
{
	const struct bluetooth_facts *facts = doctor->bluetooth;

	for (size_t i = 0; i < facts->block_count; i++) {
		char name[64];

		log_escape(name, sizeof(name), facts->blocks[i].name);
		if (facts->blocks[i].hard) {
			doctor_say(finding, DOCTOR_FAIL,
			           "use the machine's radio switch or key, or its firmware's "
			           "set-up",
			           "%s is switched off by hardware", name);
			return;
		}
		if (facts->blocks[i].soft)
			doctor_say(finding, DOCTOR_FAIL, "rfkill unblock bluetooth",
			           "%s is blocked (rfkill)", name);
	}
}

/* The N of bluetooth.adapter; -1: any */
static int wanted_index(const struct doctor *doctor)
{
	int index;

	/* NOLINTNEXTLINE(cert-err34-c): checked when it was read */
	if (doctor->config && sscanf(doctor->config->bluetooth.adapter, "hci%d", &index) == 1)
		return index;
	return -1;
}

/* In sysfs, and the kernel could not start it */
static int stillborn(const struct bluetooth_facts *facts)
{
	for (size_t i = 0; i < facts->device_count; i++) {
		bool started = false;

		for (size_t j = 0; j < facts->adapter_count; j++)
			started |= facts->adapters[j].index == facts->devices[i];
		if (!started)
			return facts->devices[i];
	}
	return -1;
}

static void say_no_adapter(const struct bluetooth_facts *facts,
                           struct doctor_finding *finding)
{
	int dead = stillborn(facts);

	if (dead >= 0)
		doctor_say(finding, DOCTOR_FAIL,
		           "look for its firmware in \"dmesg | grep -i bluetooth\" and install "
		           "that (firmware-realtek, firmware-iwlwifi, firmware-misc-nonfree); "
		           "then plug it in anew",
		           "the kernel could not start hci%d", dead);
	else if (*facts->idle_usb)
		doctor_say(finding, DOCTOR_FAIL, "modprobe btusb",
		           "the USB adapter %s has no driver", facts->idle_usb);
	else
		doctor_say(finding, DOCTOR_FAIL,
		           "plug in a USB adapter of Bluetooth 4.0 or later; one that is "
		           "built in may be off in the firmware's set-up",
		           "no Bluetooth adapter");
}

static const char *adapter_names(const struct bluetooth_facts *facts, char *text,
                                 size_t size)
{
	size_t used = 0;

	*text = '\0';
	for (size_t i = 0; i < facts->adapter_count && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%shci%u",
		                         i ? ", " : "", facts->adapters[i].index);
	return text;
}

static void say_adapters(const struct bluetooth_facts *facts,
                         struct doctor_finding *finding)
{
	char names[160], address[LE_ADDRESS_TEXT_SIZE];

	adapter_names(facts, names, sizeof(names));
	if (facts->adapter_count > 1) {
		doctor_say(finding, DOCTOR_WARN,
		           "set bluetooth.adapter to the one near the treadmill",
		           "several adapters: %s; gaitd takes the first that serves", names);
		return;
	}
	le_address_text(&facts->adapters[0].info.address, address);
	doctor_say(finding, DOCTOR_OK, NULL, "%s, %s", names, address);
}

static void check_adapter(const struct doctor *doctor, struct doctor_finding *finding)
{
	const struct bluetooth_facts *facts = doctor->bluetooth;
	int wanted = wanted_index(doctor);
	char names[160];

	if (!usable(facts))
		return;
	if (facts->adapter_count == 0) {
		say_no_adapter(facts, finding);
		return;
	}
	for (size_t i = 0; i < facts->adapter_count; i++) {
		if (facts->adapters[i].index != wanted)
			continue;
		doctor_say(finding, DOCTOR_OK, NULL, "hci%d, as configured", wanted);
		return;
	}
	if (wanted < 0)
		say_adapters(facts, finding);
	else
		doctor_say(finding, DOCTOR_FAIL,
		           "plug it in, or change bluetooth.adapter (\"auto\" takes any)",
		           "bluetooth.adapter is hci%d; there is %s", wanted,
		           adapter_names(facts, names, sizeof(names)));
}

/* The one that gaitd would take; NULL: none */
static const struct mgmt_info *chosen(const struct doctor *doctor, uint16_t *index)
{
	const struct bluetooth_facts *facts = doctor->bluetooth;
	const struct mgmt_info *info = NULL;
	int wanted = wanted_index(doctor);

	for (size_t i = facts->adapter_count; i-- > 0;) {
		const struct mgmt_info *one = &facts->adapters[i].info;

		if (!facts->adapters[i].informed ||
		    (wanted >= 0 && facts->adapters[i].index != wanted))
			continue;
		if (info && !(one->supported & MGMT_SETTING_LE))
			continue;
		info = one;
		*index = facts->adapters[i].index;
	}
	return info;
}

static void check_low_energy(const struct doctor *doctor, struct doctor_finding *finding)
{
	uint16_t index;
	const struct mgmt_info *info = chosen(doctor, &index);

	if (info && !(info->supported & MGMT_SETTING_LE))
		doctor_say(finding, DOCTOR_FAIL, "use an adapter of Bluetooth 4.0 or later",
		           "hci%u knows no low energy, which treadmills speak", index);
}

static void check_power(const struct doctor *doctor, struct doctor_finding *finding)
{
	const uint32_t on = MGMT_SETTING_POWERED | MGMT_SETTING_LE;
	uint16_t index;
	const struct mgmt_info *info = chosen(doctor, &index);

	if (!info || !(info->supported & MGMT_SETTING_LE))
		return;
	if ((info->current & on) == on)
		doctor_say(finding, DOCTOR_OK, NULL, "hci%u is on", index);
	else if (doctor->status)
		doctor_say(finding, DOCTOR_FAIL,
		           "bluetoothctl power on; gaitd does it itself when it has "
		           "CAP_NET_ADMIN and rfkill allows it",
		           "hci%u is off, and gaitd runs", index);
	else
		doctor_say(finding, DOCTOR_OK, NULL,
		           "hci%u is off until gaitd, or another program, switches it on",
		           index);
}

/* ---- rights --------------------------------------------------------------- */

static const char *rights_fix(const struct bluetooth_facts *facts)
{
	const uint64_t bit = UINT64_C(1) << BLUETOOTH_CAP_NET_ADMIN;

	if (facts->user_namespace)
		return "outside this user namespace; root in it has no rights over adapters "
		       "(rootless containers): run gaitd as the machine's service";
	if (!(facts->bounding & bit))
		return "give the container CAP_NET_ADMIN (podman, docker: --cap-add NET_ADMIN)";
	if (facts->no_new_privileges)
		return "start it as the service gaitd.service; sudo and file capabilities do "
		       "not work here (NoNewPrivs)";
	return "start it as the service gaitd.service, which has CAP_NET_ADMIN until its "
	       "socket is bound; or set treadmill.address, which needs no right";
}

/* A running gaitd dropped its capabilities long ago and knows best: the check
 * of the sources tells. Else this is about a gaitd that the asker would start. */
static void check_rights(const struct doctor *doctor, struct doctor_finding *finding)
{
	const struct bluetooth_facts *facts = doctor->bluetooth;
	const uint64_t bit = UINT64_C(1) << BLUETOOTH_CAP_NET_ADMIN;

	if (!usable(facts) || doctor->status)
		return;
	if (facts->effective & bit && !facts->user_namespace)
		doctor_say(finding, DOCTOR_OK, NULL,
		           "a gaitd started from here may switch the adapter on and scan");
	else if (doctor->config && *doctor->config->treadmill.address)
		doctor_say(finding, DOCTOR_OK, NULL,
		           "a gaitd started from here may not scan, and need not: "
		           "treadmill.address is set");
	else
		doctor_say(finding, DOCTOR_WARN, rights_fix(facts),
		           "a gaitd started from here may not scan nor switch the adapter on "
		           "(no CAP_NET_ADMIN)");
}

/* ---- other programs ------------------------------------------------------- */

/* Low-energy links that are another program's, as far as can be told: all but
 * those of the daemon's own devices */
static unsigned links_of_others(const struct doctor *doctor)
{
	const json_t *source = json_object_get(json_object_get(doctor->status, "sources"),
	                                       "bluetooth");
	unsigned own = 0, all = (unsigned)doctor->bluetooth->link_count;
	const char *name;
	json_t *device;

	json_object_foreach((json_t *)source, name, device) {
		const char *state = json_string_value(json_object_get(device, "state"));

		own += state && (strcmp(state, "live") == 0 || strcmp(state, "discovering") == 0);
	}
	return all > own ? all - own : 0;
}

static void check_bluetoothd(const struct doctor *doctor, struct doctor_finding *finding)
{
	const struct bluetooth_facts *facts = doctor->bluetooth;
	unsigned others = links_of_others(doctor);
	char holds[64] = "";

	if (!usable(facts))
		return;
	if (others > 0)
		snprintf(holds, sizeof(holds), ", and %u low-energy link%s not gaitd's", others,
		         others == 1 ? " is" : "s are");
	if (facts->bluetoothd)
		doctor_say(finding, DOCTOR_OK, NULL,
		           "bluetoothd runs beside (process %d)%s; gaitd needs it not, and "
		           "works with it", (int)facts->bluetoothd, holds);
	else
		doctor_say(finding, DOCTOR_OK, NULL, "bluetoothd is not running, nor needed%s",
		           holds);
}

/* A member of what the daemon tells of its treadmill; NULL: no such */
static const char *daemon_treadmill(const struct doctor *doctor, const char *member)
{
	const json_t *source = json_object_get(json_object_get(doctor->status, "sources"),
	                                       "bluetooth");

	return json_string_value(
		json_object_get(json_object_get(source, "treadmill"), member));
}

/* The daemon's own link is no fault. */
static bool daemon_has_it(const struct doctor *doctor)
{
	const char *state = daemon_treadmill(doctor, "state");

	return state && (strcmp(state, "live") == 0 || strcmp(state, "discovering") == 0);
}

/* The one that the daemon wants, else the configured one */
static bool wanted_address(const struct doctor *doctor, struct le_address *wanted)
{
	const char *id = daemon_treadmill(doctor, "id");

	if (!id && doctor->config)
		id = doctor->config->treadmill.address;
	return id && le_address_from_text(id, wanted);
}

static void check_held(const struct doctor *doctor, struct doctor_finding *finding)
{
	const struct bluetooth_facts *facts = doctor->bluetooth;
	struct le_address wanted;
	char fix[200], text[LE_ADDRESS_TEXT_SIZE];

	if (daemon_has_it(doctor) || !wanted_address(doctor, &wanted))
		return;
	for (size_t i = 0; i < facts->link_count; i++) {
		if (memcmp(facts->links[i].address.octets, wanted.octets,
		           sizeof(wanted.octets)) != 0)
			continue;
		le_address_text(&wanted, text);
		snprintf(fix, sizeof(fix), "bluetoothctl disconnect %s (and remove %s, that it "
		         "does not connect again); or end the program that uses it", text, text);
		doctor_say(finding, DOCTOR_FAIL, fix,
		           "another program on this machine has the treadmill's link (hci%u)",
		           facts->links[i].index);
		return;
	}
}

const struct doctor_check doctor_bluetooth_checks[] = {
	{ "bluetooth", check_kernel },
	{ "kernel", check_kernel_age },
	{ "rfkill", check_rfkill },
	{ "adapter", check_adapter },
	{ "low-energy", check_low_energy },
	{ "power", check_power },
	{ "rights", check_rights },
	{ "bluetoothd", check_bluetoothd },
	{ "held", check_held },
	{ NULL, NULL },
};
