/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "config.h"

#include "daemon/bluetooth/adapter_private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static bool has_unfit(const struct adapter *adapter)
{
	for (size_t i = 0; i < adapter->known_count; i++)
		if (adapter->known[i].unfit &&
		    adapter_is_candidate(adapter, adapter->known[i].index))
			return true;
	return false;
}

enum adapter_state adapter_state(const struct adapter *adapter)
{
	if (adapter->error != 0)
		return ADAPTER_BROKEN;
	if (!adapter->listed)
		return ADAPTER_STARTING;
	if (adapter->index == MGMT_INDEX_NONE)
		return has_unfit(adapter) ? ADAPTER_UNFIT : ADAPTER_NONE;
	if (adapter_is_on(adapter))
		return adapter->asleep ? ADAPTER_ASLEEP : ADAPTER_READY;
	if (!adapter->informed || adapter->failure == MGMT_SUCCESS)
		return ADAPTER_STARTING;
	return adapter->failure == MGMT_RFKILLED ? ADAPTER_BLOCKED
	                                         : ADAPTER_OFF;
}

enum adapter_scan adapter_scan(const struct adapter *adapter)
{
	if (!adapter->scan_wanted)
		return ADAPTER_SCAN_OFF;
	if (adapter->scan_denied)
		return ADAPTER_SCAN_DENIED;
	return adapter_state(adapter) == ADAPTER_READY && adapter->scanning
	               ? ADAPTER_SCAN_ON
	               : ADAPTER_SCAN_WAITING;
}

const char *adapter_state_name(enum adapter_state state)
{
	static const char *const names[] = {
		[ADAPTER_STARTING] = "starting", [ADAPTER_NONE] = "none",
		[ADAPTER_UNFIT] = "unfit",       [ADAPTER_BLOCKED] = "blocked",
		[ADAPTER_OFF] = "off",           [ADAPTER_ASLEEP] = "asleep",
		[ADAPTER_READY] = "ready",       [ADAPTER_BROKEN] = "broken",
	};

	return names[state];
}

int adapter_index(const struct adapter *adapter)
{
	return adapter->index == MGMT_INDEX_NONE ? -1 : adapter->index;
}

struct le_address adapter_address(const struct adapter *adapter)
{
	static const struct le_address unknown;

	return adapter->informed ? adapter->info.address : unknown;
}

/* ---- messages ---- */

static const char *broken_text(int error)
{
	switch (error) {
	case EAFNOSUPPORT:
		return "no Bluetooth here: the kernel's module bluetooth is not "
		       "loaded (load it, then restart gaitd), or gaitd runs in "
		       "a network namespace of its own";
	case EPROTONOSUPPORT:
		return "the kernel is without Bluetooth: load the module "
		       "bluetooth, then restart gaitd";
	case EPERM:
	case EACCES:
		return "gaitd may not use Bluetooth: let the unit's "
		       "RestrictAddressFamilies have AF_BLUETOOTH";
	default:
		return strerror(error);
	}
}

static void none_text(const struct adapter *adapter, char *text, size_t size)
{
	if (adapter->wanted_index == ADAPTER_ANY)
		snprintf(text, size, "no Bluetooth adapter: plug one in");
	else
		snprintf(text, size,
		         "no Bluetooth adapter hci%d: plug it in, or change "
		         "bluetooth.adapter",
		         adapter->wanted_index);
}

static void starting_text(const struct adapter *adapter, char *text,
                          size_t size)
{
	if (adapter->informed)
		snprintf(text, size, "switching Bluetooth adapter hci%u on",
		         adapter->index);
	else
		snprintf(text, size, "looking for a Bluetooth adapter");
}

/* For rights that are missing: late ones were given up, not refused. */
static const char *remedy(const struct adapter *adapter)
{
	return adapter->late ? "restart gaitd, which had given up its rights "
			       "when Bluetooth came"
	                     : "give gaitd CAP_NET_ADMIN";
}

static void off_text(const struct adapter *adapter, char *text, size_t size)
{
	if (adapter->failure == MGMT_PERMISSION_DENIED)
		snprintf(text, size,
		         "Bluetooth adapter hci%u is off and gaitd may not "
		         "switch it on: run \"bluetoothctl power on\", or %s",
		         adapter->index, remedy(adapter));
	else
		snprintf(
			text, size,
			"Bluetooth adapter hci%u is off (%s: %s): trying again",
			adapter->index,
			mgmt_opcode_name(adapter->failed_command),
			mgmt_status_text(adapter->failure));
}

static const char *ready_but(const struct adapter *adapter)
{
	if (adapter_scan(adapter) == ADAPTER_SCAN_DENIED)
		return ", but gaitd may not scan: configure the address of "
		       "what is searched, or ";
	if (adapter_scan(adapter) == ADAPTER_SCAN_WAITING &&
	    adapter->failure == MGMT_BUSY)
		return ", but another program uses it: waiting to scan";
	return "";
}

void adapter_message(const struct adapter *adapter,
                     char text[ADAPTER_MESSAGE_SIZE])
{
	const size_t size = ADAPTER_MESSAGE_SIZE;

	switch (adapter_state(adapter)) {
	case ADAPTER_STARTING:
		starting_text(adapter, text, size);
		break;
	case ADAPTER_NONE:
		none_text(adapter, text, size);
		break;
	case ADAPTER_UNFIT:
		snprintf(text, size,
		         "the Bluetooth adapter knows no low energy: use one "
		         "of version 4.0 or later");
		break;
	case ADAPTER_BLOCKED:
		snprintf(text, size,
		         "Bluetooth is blocked: run \"rfkill unblock "
		         "bluetooth\"");
		break;
	case ADAPTER_OFF:
		off_text(adapter, text, size);
		break;
	case ADAPTER_ASLEEP:
		snprintf(text, size,
		         "Bluetooth adapter hci%u sleeps with the computer",
		         adapter->index);
		break;
	case ADAPTER_READY:
		snprintf(text, size, "Bluetooth adapter hci%u is ready%s%s",
		         adapter->index, ready_but(adapter),
		         adapter_scan(adapter) == ADAPTER_SCAN_DENIED
		                 ? remedy(adapter)
		                 : "");
		break;
	case ADAPTER_BROKEN:
		snprintf(text, size, "%s", broken_text(adapter->error));
		break;
	}
}
