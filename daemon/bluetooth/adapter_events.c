/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What the kernel says, and what is known after it: its list of adapters,
 * answers to commands, events.
 */
#include "config.h"

#include "daemon/bluetooth/adapter_private.h"

#define PAUSE_FIRST_MS 1000
#define PAUSE_MOST_MS 30000
#define PAUSE_BUSY_MS 1000    /* its other user has it */
#define PAUSE_BLOCKED_MS 3000 /* nothing is said when rfkill lets go */
#define PAUSE_OFF_MS 2000     /* bluetoothd restarting: off, then on again */
#define PAUSE_RESCAN_MS 100   /* the kernel ends a scan after 10 s */

/* ---- which adapter ---- */

static void forget_discovery(struct adapter *adapter)
{
	adapter->discovering = false;
	adapter->discovery_is_ours = false;
	adapter->scanning = false;
}

static void forget_chosen(struct adapter *adapter)
{
	adapter->index = MGMT_INDEX_NONE;
	adapter->informed = false;
	adapter->failure = MGMT_SUCCESS;
	adapter->pause_ms = 0;
	adapter->command = 0; /* whatever its answer says, it is of the past */
	adapter_wake(adapter);
	forget_discovery(adapter);
}

/* The lowest number that may serve */
static void choose(struct adapter *adapter)
{
	for (size_t i = 0; i < adapter->known_count; i++)
		if (!adapter->known[i].unfit &&
		    adapter_is_candidate(adapter, adapter->known[i].index) &&
		    adapter->known[i].index < adapter->index)
			adapter->index = adapter->known[i].index;
}

static void remove_index(struct adapter *adapter, uint16_t index)
{
	size_t kept = 0;

	for (size_t i = 0; i < adapter->known_count; i++)
		if (adapter->known[i].index != index)
			adapter->known[kept++] = adapter->known[i];
	adapter->known_count = kept;
	if (adapter->index == index)
		forget_chosen(adapter);
}

static void add_index(struct adapter *adapter, uint16_t index)
{
	remove_index(adapter, index); /* one that comes again comes as new */
	if (adapter->known_count == MGMT_INDEXES_MAX)
		return;
	adapter->known[adapter->known_count].index = index;
	adapter->known[adapter->known_count].unfit = false;
	adapter->known_count++;
}

static void chosen_is_unfit(struct adapter *adapter)
{
	for (size_t i = 0; i < adapter->known_count; i++)
		if (adapter->known[i].index == adapter->index)
			adapter->known[i].unfit = true;
	forget_chosen(adapter);
}

/* ---- answers: false when they do not say what was asked for ---- */

static bool take_list(struct adapter *adapter, const struct mgmt_event *event)
{
	struct mgmt_index_list list;

	if (!mgmt_index_list_decode(event->result, event->result_length, &list))
		return false;
	adapter->listed = true;
	adapter->known_count = 0;
	for (size_t i = 0; i < list.count; i++)
		add_index(adapter, list.indexes[i]);
	return true;
}

static bool take_info(struct adapter *adapter, const struct mgmt_event *event)
{
	if (!mgmt_info_decode(event->result, event->result_length,
	                      &adapter->info))
		return false;
	adapter->informed = true;
	if (!(adapter->info.supported & MGMT_SETTING_LE))
		chosen_is_unfit(adapter);
	return true;
}

static bool take_settings(struct adapter *adapter,
                          const struct mgmt_event *event, uint32_t asked)
{
	uint32_t settings;

	if (!mgmt_settings_decode(event->result, event->result_length,
	                          &settings))
		return false;
	adapter->info.current = settings;
	return settings & asked;
}

static bool take_low_energy(struct adapter *adapter,
                            const struct mgmt_event *event)
{
	return take_settings(adapter, event, MGMT_SETTING_LE);
}

static bool take_powered(struct adapter *adapter,
                         const struct mgmt_event *event)
{
	return take_settings(adapter, event, MGMT_SETTING_POWERED);
}

static bool take_started(struct adapter *adapter,
                         const struct mgmt_event *event)
{
	(void)event;
	adapter->discovering = true;
	adapter->discovery_is_ours = true;
	adapter->scanning = true;
	return true;
}

static bool take_stopped(struct adapter *adapter,
                         const struct mgmt_event *event)
{
	(void)event;
	forget_discovery(adapter);
	return true;
}

static const struct {
	uint16_t command;
	bool (*take)(struct adapter *adapter, const struct mgmt_event *event);
} answers[] = {
	{ MGMT_READ_INDEX_LIST, take_list },
	{ MGMT_READ_INFO, take_info },
	{ MGMT_SET_LE, take_low_energy },
	{ MGMT_SET_POWERED, take_powered },
	{ MGMT_START_DISCOVERY, take_started },
	{ MGMT_STOP_DISCOVERY, take_stopped },
};

static bool take_answer(struct adapter *adapter, const struct mgmt_event *event)
{
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		if (answers[i].command == event->opcode)
			return answers[i].take(adapter, event);
	return false;
}

static void back_off(struct adapter *adapter)
{
	uint32_t ms = adapter->pause_ms * 2;

	if (ms < PAUSE_FIRST_MS)
		ms = PAUSE_FIRST_MS;
	if (ms > PAUSE_MOST_MS)
		ms = PAUSE_MOST_MS;
	adapter->pause_ms = ms;
	adapter_pause(adapter, ms);
}

void adapter_take_failure(struct adapter *adapter, uint16_t command,
                          uint8_t status)
{
	if (command == MGMT_STOP_DISCOVERY) { /* there was nothing to stop */
		forget_discovery(adapter);
		return;
	}
	/* Linux 6.12 has no other word for one that is blocked */
	if (command == MGMT_SET_POWERED && status == MGMT_FAILED &&
	    adapter_is_blocked(adapter))
		status = MGMT_RFKILLED;
	adapter->failed_command = command;
	adapter->failure = status;
	adapter->scanning = false;
	switch (status) {
	case MGMT_PERMISSION_DENIED: /* for as long as this socket lives */
		if (command == MGMT_START_DISCOVERY)
			adapter->scan_denied = true;
		else if (!adapter->informed)
			back_off(adapter);
		break;
	case MGMT_INVALID_INDEX:
		forget_chosen(adapter);
		adapter->listed = false;
		back_off(adapter);
		break;
	case MGMT_BUSY:
		adapter_pause(adapter, PAUSE_BUSY_MS);
		break;
	case MGMT_RFKILLED:
		adapter_pause(adapter, PAUSE_BLOCKED_MS);
		break;
	case MGMT_NOT_POWERED:
		adapter->info.current &= ~(uint32_t)MGMT_SETTING_POWERED;
		back_off(adapter);
		break;
	default:
		back_off(adapter);
	}
}

/* A Command Status of success says that the command has begun. */
static bool is_answer(const struct adapter *adapter,
                      const struct mgmt_event *event)
{
	return adapter->command != 0 && event->opcode == adapter->command &&
	       (event->index == adapter->index ||
	        event->index == MGMT_INDEX_NONE) &&
	       (event->code == MGMT_COMMAND_COMPLETE ||
	        event->status != MGMT_SUCCESS);
}

static void on_answer(struct adapter *adapter, const struct mgmt_event *event)
{
	if (!is_answer(adapter, event))
		return;
	adapter->command = 0;
	if (event->status != MGMT_SUCCESS) {
		adapter_take_failure(adapter, event->opcode, event->status);
	} else if (take_answer(adapter, event)) {
		adapter->failure = MGMT_SUCCESS;
		adapter->pause_ms = 0;
	} else {
		adapter_take_failure(adapter, event->opcode, MGMT_FAILED);
	}
}

/* ---- events ---- */

static void on_settings(struct adapter *adapter, const struct mgmt_event *event)
{
	bool was_on = adapter_is_on(adapter);

	adapter->info.current = event->settings;
	if (adapter_is_on(adapter) == was_on)
		return;
	adapter->failure = MGMT_SUCCESS;
	adapter_end_pause(adapter);
	if (was_on) {
		forget_discovery(adapter);
		adapter_pause(adapter, PAUSE_OFF_MS);
	}
}

/* It comes and goes while a scan is wanted: the kernel ends each after 10 s,
 * and for each connect. */
static void on_discovering(struct adapter *adapter,
                           const struct mgmt_event *event)
{
	if (!(event->discovery_types & MGMT_DISCOVER_LE))
		return;
	adapter->discovering = event->discovering;
	if (event->discovering) {
		adapter->scanning = true;
		return;
	}
	adapter->discovery_is_ours = false;
	if (!adapter->scan_wanted) {
		adapter->scanning = false;
		return;
	}
	adapter_end_pause(adapter);
	adapter_pause(adapter, PAUSE_RESCAN_MS);
}

static void on_found(struct adapter *adapter, const struct mgmt_event *event)
{
	struct adapter_device device = {
		.address = event->address,
		.rssi_dbm = event->rssi_dbm,
		.connectable = !(event->flags & MGMT_FOUND_NOT_CONNECTABLE),
	};

	if (!adapter->scan_wanted || !event->is_le ||
	    adapter->ops->found == NULL)
		return;
	/* a report without data still tells the address and the signal */
	(void)gap_decode(event->advertising, event->advertising_length,
	                 &device.advertisement);
	adapter->ops->found(adapter->user, &device);
}

static void on_disconnected(struct adapter *adapter,
                            const struct mgmt_event *event)
{
	if (event->is_le && adapter->ops->disconnected != NULL)
		adapter->ops->disconnected(adapter->user, &event->address,
		                           event->reason);
}

static void on_confirm(struct adapter *adapter, const struct mgmt_event *event)
{
	uint8_t bytes[MGMT_COMMAND_MAX];
	size_t length;

	if (!adapter->pairing_allowed || !event->is_le ||
	    !le_address_equal(&event->address, &adapter->pairing))
		return;
	length = mgmt_command_address(bytes, sizeof(bytes),
	                              MGMT_USER_CONFIRM_REPLY, adapter->index,
	                              &event->address);
	adapter_send(adapter, bytes, length);
}

static void on_suspended(struct adapter *adapter,
                         const struct mgmt_event *event)
{
	(void)event;
	adapter_fall_asleep(adapter);
}

static void on_resumed(struct adapter *adapter, const struct mgmt_event *event)
{
	(void)event;
	adapter_wake(adapter);
}

static const struct {
	uint16_t code;
	void (*take)(struct adapter *adapter, const struct mgmt_event *event);
} chosen_events[] = {
	{ MGMT_NEW_SETTINGS, on_settings },
	{ MGMT_DISCOVERING, on_discovering },
	{ MGMT_DEVICE_FOUND, on_found },
	{ MGMT_DEVICE_DISCONNECTED, on_disconnected },
	{ MGMT_USER_CONFIRM_REQUEST, on_confirm },
	{ MGMT_CONTROLLER_SUSPENDED, on_suspended },
	{ MGMT_CONTROLLER_RESUMED, on_resumed },
};

static void on_chosen_event(struct adapter *adapter,
                            const struct mgmt_event *event)
{
	size_t count = sizeof(chosen_events) / sizeof(chosen_events[0]);

	bool of_sleep = event->code == MGMT_CONTROLLER_SUSPENDED ||
	                event->code == MGMT_CONTROLLER_RESUMED;

	if (event->index != adapter->index || (!adapter->informed && !of_sleep))
		return;
	for (size_t i = 0; i < count; i++)
		if (chosen_events[i].code == event->code)
			chosen_events[i].take(adapter, event);
}

void adapter_take_event(struct adapter *adapter, const struct mgmt_event *event)
{
	switch (event->code) {
	case MGMT_COMMAND_COMPLETE:
	case MGMT_COMMAND_STATUS:
		on_answer(adapter, event);
		break;
	case MGMT_INDEX_ADDED:
		add_index(adapter, event->index);
		adapter_end_pause(adapter);
		break;
	case MGMT_INDEX_REMOVED:
		remove_index(adapter, event->index);
		adapter_end_pause(adapter);
		break;
	default:
		on_chosen_event(adapter, event);
	}
	if (adapter->listed && adapter->index == MGMT_INDEX_NONE)
		choose(adapter);
}
