/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Simulated devices as peripherals: what they advertise, what can be read of
 * them, what they send, and each of the faults.
 */
#include "daemon/peripheral/peripheral.h"
#include "daemon/simulator/simulator.h"
#include "protocol/ftms.h"
#include "protocol/gap.h"
#include "tests/unit/bytes.h"
#include "tests/unit/suite.h"

#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SENT_MAX 64

static struct {
	struct peripheral *peripheral;
	uint8_t sent[SENT_MAX][FAULT_PDU_MAX];
	size_t length[SENT_MAX];
	size_t count, taken;
} f;

static void on_send(void *user, const uint8_t *pdu, size_t length)
{
	(void)user;
	CU_ASSERT_FATAL(f.count < SENT_MAX);
	memcpy(f.sent[f.count], pdu, length);
	f.length[f.count++] = length;
}

static void on_configured(void *user, const struct gatt_characteristic *of,
                          uint16_t ccc)
{
	(void)user;
	(void)of;
	(void)ccc;
}

static const struct peripheral_ops ops = { on_send, on_configured };

static void start(enum role role, const char *layout, const char *name)
{
	struct peripheral_settings settings = {
		.role = role,
		.layout = layout_find(role, layout),
		.name = name,
		.mtu = 100,
	};

	memset(&f, 0, sizeof(f));
	CU_ASSERT_FATAL(settings.layout != NULL);
	f.peripheral = peripheral_new(&settings, &ops, NULL);
	CU_ASSERT_FATAL(f.peripheral != NULL);
}

static void stop(void)
{
	peripheral_free(f.peripheral);
}

static void receive(const char *hex)
{
	struct bytes pdu = bytes_of(hex);

	f.count = f.taken = 0;
	peripheral_receive(f.peripheral, pdu.at, pdu.length);
}

static bool sends(const char *hex)
{
	if (f.taken == f.count) {
		printf("\n    expected %s, saw nothing\n", hex);
		return false;
	}
	f.taken++;
	return bytes_are(f.sent[f.taken - 1], f.length[f.taken - 1], hex);
}

static bool sends_no_more(void)
{
	return f.taken == f.count;
}

static void tell(const char *hex)
{
	struct source_event event = {
		.device = SOURCE_TREADMILL,
		.kind = SOURCE_NOTIFY,
		.uuid = FTMS_UUID_TREADMILL_DATA,
	};
	struct bytes value = bytes_of(hex);

	f.count = f.taken = 0;
	event.length = value.length;
	memcpy(event.bytes, value.at, value.length);
	peripheral_event(f.peripheral, &event);
}

/* ---- what it advertises ---- */

static struct gap_advertisement advertised(void)
{
	uint8_t bytes[PERIPHERAL_ADVERTISING_MAX];
	size_t length = peripheral_advertising(f.peripheral, bytes);
	struct gap_advertisement out = { .has_flags = false };

	/* instance, flags, duration, timeout, and the two lengths */
	CU_ASSERT_FATAL(length > 11);
	CU_ASSERT_EQUAL(length, 11u + bytes[9] + bytes[10]);
	CU_ASSERT(bytes[9] <= 28); /* the kernel adds flags */
	CU_ASSERT(bytes[10] <= 31);
	CU_ASSERT(gap_decode(bytes + 11, length - 11, &out));
	CU_ASSERT_FALSE(out.malformed);
	return out;
}

static void test_advertising(void)
{
	struct gap_advertisement a;

	start(ROLE_TREADMILL, "plain", NULL);
	a = advertised();
	CU_ASSERT(gap_offers(&a, 0x1826));
	CU_ASSERT(a.machine_available);
	CU_ASSERT_EQUAL(a.machines, GAP_MACHINE_TREADMILL);
	CU_ASSERT_STRING_EQUAL(a.name, "Simulated treadmill");
	stop();

	start(ROLE_TREADMILL, "urevo", "01234567890123456789");
	a = advertised();
	CU_ASSERT(a.has_machine);
	CU_ASSERT_STRING_EQUAL(a.name, "01234567890123456789");
	stop();

	start(ROLE_TREADMILL, "horizon", NULL);
	CU_ASSERT_FALSE(advertised().has_machine);
	stop();

	start(ROLE_STRAP, "plain", "HR");
	a = advertised();
	CU_ASSERT(gap_offers(&a, 0x180d));
	CU_ASSERT_FALSE(a.has_machine);
	stop();
}

/* ---- what it says ---- */

static void test_values(void)
{
	start(ROLE_TREADMILL, "plain", "T1");
	receive("0a 0300");
	CU_ASSERT(sends("0b 5431"));
	receive("0a 1d00");
	CU_ASSERT(sends("0b 5000 d007 0a00"));
	receive("0a 1a00");
	CU_ASSERT(sends("0b 00 01"));
	stop();
}

/* FTMS 1.0.1 section 4.16: configured first, then Request Control succeeds and
 * no more is supported */
static void test_control_point(void)
{
	start(ROLE_TREADMILL, "plain", NULL);
	receive("12 2100 00");
	CU_ASSERT(sends("01 12 2100 fd"));
	receive("12 2200 0200");
	CU_ASSERT(sends("13"));
	receive("12 2100 00");
	CU_ASSERT(sends("13"));
	CU_ASSERT(sends("1d 2100 80 00 01"));
	receive("1e");
	receive("12 2100 02 e803");
	CU_ASSERT(sends("13"));
	CU_ASSERT(sends("1d 2100 80 02 02"));
	stop();
}

/* The simulator's bytes, and those of its own device alone */
static void plays(enum role role, const char *scenario, const char *configure,
                  uint8_t handle)
{
	struct simulator *sim = simulator_new(scenario_by_name(scenario), 1);
	struct source_event event;
	unsigned values = 0;

	CU_ASSERT_FATAL(sim != NULL);
	start(role, "plain", NULL);
	receive(configure);
	CU_ASSERT(sends("13"));
	for (unsigned i = 0; i < 300 && simulator_next(sim, &event); i++) {
		f.count = 0;
		peripheral_event(f.peripheral, &event);
		values += f.count > 0;
		if (f.count > 0)
			CU_ASSERT_EQUAL(f.sent[0][1], handle);
	}
	CU_ASSERT(values > 50);
	stop();
	simulator_free(sim);
}

static void test_playing(void)
{
	plays(ROLE_TREADMILL, "pod-rsc-strides", "12 1800 0100", 0x17);
	plays(ROLE_FOOTPOD, "pod-rsc-strides", "12 0700 0100", 0x06);
	start(ROLE_STRAP, "plain", NULL);
	receive("12 0700 0100");
	CU_ASSERT(sends("13"));
	peripheral_heart(f.peripheral, 150);
	CU_ASSERT_EQUAL(f.count, 2);
	CU_ASSERT(sends("1b 0600 06 96"));
	stop();
}

/* ---- faults ---- */

static void fault(const char *name)
{
	start(ROLE_TREADMILL, "plain", NULL);
	receive("12 1800 0100");
	CU_ASSERT(sends("13"));
	CU_ASSERT(fault_choose(&f.peripheral->fault, name));
}

static void test_values_gone_wrong(void)
{
	fault("split");
	tell("8400 e100 0102");
	CU_ASSERT(sends("1b 1700 8400 e1") && sends("1b 1700 00 0102"));
	stop();
	fault("cut");
	tell("8400");
	CU_ASSERT(sends("1b 1700 84"));
	tell("8400");
	CU_ASSERT(sends("1b 1700"));
	stop();
	fault("duplicate");
	tell("8400");
	CU_ASSERT(sends("1b 1700 8400") && sends("1b 1700 8400"));
	CU_ASSERT(sends_no_more());
	stop();
	fault("reorder");
	tell("01");
	CU_ASSERT(sends_no_more());
	tell("02");
	CU_ASSERT(sends("1b 1700 02") && sends("1b 1700 01"));
	stop();
	fault("wrong-handle");
	tell("8400");
	CU_ASSERT(sends("1b 0000 8400") && sends("1b 0100 8400"));
	stop();
	fault("empty");
	tell("8400");
	CU_ASSERT(sends("") && sends("1b") && sends("1b 1700"));
	CU_ASSERT(sends("1b 1700 8400"));
	stop();
	fault("oversize");
	tell("84");
	CU_ASSERT_EQUAL(f.length[0], 24);
	stop();
	fault("indication-storm");
	tell("84");
	CU_ASSERT_EQUAL(f.count, 32);
	CU_ASSERT(sends("1d 1700 84"));
	stop();
}

static void test_answers_gone_wrong(void)
{
	fault("endless-discovery");
	receive("10 0100 ffff 0028");
	CU_ASSERT(sends("11 06 0100 0100 0018"));
	receive("10 ff01 ffff 0028");
	CU_ASSERT(sends("11 06 ff01 ff01 0018"));
	stop();
	fault("loop");
	receive("10 0600 ffff 0028");
	CU_ASSERT(sends("11 06 0100 0500 2618"));
	stop();
	fault("mute");
	receive("02 0502");
	CU_ASSERT(sends_no_more());
	stop();
	fault("refuse");
	receive("0a 1700");
	CU_ASSERT(sends("01 0a 1700 0e"));
	stop();
}

/* Every one that is listed can be chosen, and lets the device live. */
static void test_all_faults(void)
{
	for (size_t i = 0; fault_name_at(i) != NULL; i++) {
		CU_ASSERT_PTR_NOT_NULL(fault_summary_at(i));
		fault(fault_name_at(i));
		tell("8425 e100 0000 0001 0000 0000 2100 0200 00");
		receive("10 0100 ffff 0028");
		CU_ASSERT(fault_choose(&f.peripheral->fault, "none"));
		tell("8425");
		CU_ASSERT(sends("1b 1700 8425"));
		stop();
	}
	start(ROLE_TREADMILL, "plain", NULL);
	CU_ASSERT_FALSE(fault_choose(&f.peripheral->fault, "nonsense"));
	stop();
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "what it advertises", test_advertising },
		{ "what can be read", test_values },
		{ "the control point", test_control_point },
		{ "what the simulator sends", test_playing },
		{ "values gone wrong", test_values_gone_wrong },
		{ "answers gone wrong", test_answers_gone_wrong },
		{ "all faults", test_all_faults },
		CU_TEST_INFO_NULL,
	};

	return suite_run("peripheral", tests);
}
