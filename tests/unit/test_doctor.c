/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl doctor: what it sees in a file system and on a management socket,
 * and what it says of it.
 */
#include "daemon/gaitctl/bluetooth_facts.h"
#include "daemon/gaitctl/doctor.h"
#include "daemon/service/options.h"
#include "tests/unit/suite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- judging -------------------------------------------------------------- */

static struct bluetooth_facts facts;
static struct config config;
static struct doctor doctor;
static char address[] = "AA:BB:CC:DD:EE:01", adapter[] = "auto", none[] = "";

/* A machine where all is well: one adapter that is on, an ordinary user */
static void all_is_well(void)
{
	memset(&facts, 0, sizeof(facts));
	strcpy(facts.release, "6.12.117+deb12-amd64");
	facts.module_loaded = true;
	facts.module_installed = BLUETOOTH_YES;
	facts.bounding = ~UINT64_C(0);
	facts.devices[0] = 0;
	facts.device_count = 1;
	facts.adapters[0].informed = true;
	facts.adapters[0].info.supported = MGMT_SETTING_LE | MGMT_SETTING_POWERED;
	facts.adapters[0].info.current = MGMT_SETTING_LE | MGMT_SETTING_POWERED;
	facts.adapter_count = 1;
	memset(&config, 0, sizeof(config));
	config.treadmill.address = address;
	config.bluetooth.adapter = adapter;
	config.display.socket = none;
	strcpy(adapter, "auto");
	doctor = (struct doctor){ .config = &config, .bluetooth = &facts,
		                  .daemon_status = EXIT_TEMPORARY };
}

static struct doctor_finding finding_of(const struct doctor_check *table, const char *name)
{
	struct doctor_finding finding = { .level = DOCTOR_OK };

	for (; table->name; table++) {
		if (strcmp(table->name, name) == 0) {
			table->run(&doctor, &finding);
			return finding;
		}
	}
	CU_FAIL("no such check");
	return finding;
}

/* Both words stand in the line or its fix. */
static void says(const char *check, enum doctor_level level, const char *in_text,
                 const char *in_fix)
{
	struct doctor_finding finding = finding_of(doctor_bluetooth_checks, check);

	CU_ASSERT_EQUAL(finding.level, level);
	CU_ASSERT_PTR_NOT_NULL(strstr(finding.text, in_text));
	CU_ASSERT_PTR_NOT_NULL(strstr(finding.fix, in_fix));
	if (finding.level != level || !strstr(finding.text, in_text) ||
	    !strstr(finding.fix, in_fix))
		printf("%s: %s: %s / %s\n", check, doctor_level_name(finding.level),
		       finding.text, finding.fix);
}

static void has_nothing_to_say(const char *check)
{
	says(check, DOCTOR_OK, "", "");
	CU_ASSERT_STRING_EQUAL(finding_of(doctor_bluetooth_checks, check).text, "");
}

static void test_all_is_well(void)
{
	all_is_well();
	for (const struct doctor_check *c = doctor_bluetooth_checks; c->name; c++)
		says(c->name, DOCTOR_OK, "", "");
	says("adapter", DOCTOR_OK, "hci0", "");
}

static void test_no_bluetooth(void)
{
	all_is_well();
	facts.socket_error = EAFNOSUPPORT;
	says("bluetooth", DOCTOR_FAIL, "kept from this process", "RestrictAddressFamilies");
	facts.contained = true;
	says("bluetooth", DOCTOR_FAIL, "container", "--network host");
	facts.module_loaded = false;
	says("bluetooth", DOCTOR_FAIL, "container cannot load it", "modprobe");
	facts.contained = false;
	says("bluetooth", DOCTOR_FAIL, "not loaded", "modprobe -a bluetooth");
	facts.module_installed = BLUETOOTH_NO;
	says("bluetooth", DOCTOR_FAIL, "without Bluetooth", "cloud");
	facts.socket_error = EACCES;
	says("bluetooth", DOCTOR_FAIL, "forbidden", "seccomp");
	has_nothing_to_say("adapter"); /* one cause, one line */
	has_nothing_to_say("rights");
	has_nothing_to_say("bluetoothd");
}

static void test_kernel_age(void)
{
	all_is_well();
	has_nothing_to_say("kernel");
	strcpy(facts.release, "6.1.0-56-amd64");
	says("kernel", DOCTOR_WARN, "6.1", "6.12");
	strcpy(facts.release, "5.10.0-1-amd64");
	says("kernel", DOCTOR_WARN, "5.10", "6.12");
}

static void test_adapters(void)
{
	all_is_well();
	facts.adapter_count = 0;
	says("adapter", DOCTOR_FAIL, "could not start hci0", "firmware");
	facts.device_count = 0;
	strcpy(facts.idle_usb, "0a12:0001");
	says("adapter", DOCTOR_FAIL, "0a12:0001", "modprobe btusb");
	*facts.idle_usb = '\0';
	says("adapter", DOCTOR_FAIL, "no Bluetooth adapter", "plug in");
	has_nothing_to_say("power");

	all_is_well();
	facts.adapters[1] = facts.adapters[0];
	facts.adapters[1].index = 1;
	facts.adapter_count = 2;
	says("adapter", DOCTOR_WARN, "hci0, hci1", "bluetooth.adapter");
	strcpy(adapter, "hci1");
	says("adapter", DOCTOR_OK, "hci1", "");
	strcpy(adapter, "hci7");
	says("adapter", DOCTOR_FAIL, "hci7", "\"auto\"");
}

static void test_adapter_is_off_or_blocked(void)
{
	all_is_well();
	facts.adapters[0].info.current = 0;
	says("power", DOCTOR_OK, "off until", "");
	doctor.status = json_object();
	says("power", DOCTOR_FAIL, "off", "power on");
	json_decref((json_t *)doctor.status);
	facts.adapters[0].info.supported = MGMT_SETTING_BR_EDR;
	says("low-energy", DOCTOR_FAIL, "low energy", "4.0");

	strcpy(facts.blocks[0].name, "hci0");
	facts.block_count = 1;
	has_nothing_to_say("rfkill");
	facts.blocks[0].soft = true;
	says("rfkill", DOCTOR_FAIL, "hci0 is blocked", "rfkill unblock");
	facts.blocks[0].hard = true;
	says("rfkill", DOCTOR_FAIL, "by hardware", "switch");
}

/* The first one that can serve is the one that gaitd takes. */
static void test_old_adapter_beside_a_good_one(void)
{
	all_is_well();
	facts.adapters[1] = facts.adapters[0];
	facts.adapters[1].index = 1;
	facts.adapters[0].info.supported = MGMT_SETTING_BR_EDR;
	facts.adapter_count = 2;
	has_nothing_to_say("low-energy");
	says("power", DOCTOR_OK, "hci1 is on", "");
}

static void test_rights(void)
{
	all_is_well();
	says("rights", DOCTOR_OK, "need not", "");
	config.treadmill.address = none;
	says("rights", DOCTOR_WARN, "CAP_NET_ADMIN", "gaitd.service");
	facts.no_new_privileges = true;
	says("rights", DOCTOR_WARN, "CAP_NET_ADMIN", "NoNewPrivs");
	facts.bounding = 0;
	says("rights", DOCTOR_WARN, "CAP_NET_ADMIN", "--cap-add");
	facts.effective = UINT64_C(1) << BLUETOOTH_CAP_NET_ADMIN;
	says("rights", DOCTOR_OK, "may switch", "");
	facts.user_namespace = true;
	says("rights", DOCTOR_WARN, "CAP_NET_ADMIN", "rootless");
}

static void test_treadmill_held(void)
{
	struct le_address wanted;

	all_is_well();
	le_address_from_text(address, &wanted);
	facts.links[0].address = wanted;
	facts.links[0].address.octets[0]++;
	facts.link_count = 1;
	has_nothing_to_say("held");
	facts.links[0].address = wanted;
	says("held", DOCTOR_FAIL, "another program", "disconnect AA:BB:CC:DD:EE:01");
	doctor.status = json_pack("{s:{s:{s:{s:s, s:s}}}}", "sources", "bluetooth",
	                          "treadmill", "state", "live", "id", address);
	has_nothing_to_say("held"); /* it is gaitd's own */
	json_decref((json_t *)doctor.status);
	doctor.status = NULL;
	config.treadmill.address = none;
	has_nothing_to_say("held");
	doctor.status = json_pack("{s:{s:{s:{s:s, s:s}}}}", "sources", "bluetooth",
	                          "treadmill", "state", "waiting", "id", address);
	says("held", DOCTOR_FAIL, "another program", "disconnect AA:BB:CC:DD:EE:01");
	json_decref((json_t *)doctor.status);
}

static void test_settings(void)
{
	struct doctor_finding finding;

	all_is_well();
	CU_ASSERT_EQUAL(finding_of(doctor_daemon_checks, "settings").level, DOCTOR_OK);
	strcpy(doctor.config_fault, "gaitd.yaml:3:5: unknown key");
	finding = finding_of(doctor_daemon_checks, "settings");
	CU_ASSERT_EQUAL(finding.level, DOCTOR_FAIL);
	CU_ASSERT_STRING_EQUAL(finding.text, "gaitd.yaml:3:5: unknown key");
	CU_ASSERT_EQUAL(finding_of(doctor_daemon_checks, "daemon").level, DOCTOR_WARN);
	doctor.daemon_status = EXIT_PERMISSION;
	CU_ASSERT_EQUAL(finding_of(doctor_daemon_checks, "daemon").level, DOCTOR_UNSEEN);
}

/* What the daemon tells of the pod, and what to do about it */
static void test_footpod(void)
{
	static const struct {
		const char *battery, *location;
		int signal_dbm;
		enum doctor_level level;
		const char *in_text, *in_fix;
	} rows[] = {
		{ "good", "laces", -60, DOCTOR_OK, "57043, battery good, a fifth", "" },
		{ "low", "laces", -60, DOCTOR_WARN, "battery low", "battery" },
		{ "critical", "other", -90, DOCTOR_WARN, "battery critical", "battery" },
		{ "ok", "laces", -85, DOCTOR_WARN, "-85 dBm", "USB2 cable" },
		{ "new", "other", -84, DOCTOR_WARN, "worn on other", "laces" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct doctor_finding finding;

		all_is_well();
		doctor.status = json_pack("{s:{s:s, s:s, s:s, s:i}}", "pod", "name", "57043",
		                          "battery", rows[i].battery, "location",
		                          rows[i].location, "signal_dbm", rows[i].signal_dbm);
		finding = finding_of(doctor_daemon_checks, "footpod");
		CU_ASSERT_EQUAL(finding.level, rows[i].level);
		CU_ASSERT_PTR_NOT_NULL(strstr(finding.text, rows[i].in_text));
		CU_ASSERT_PTR_NOT_NULL(strstr(finding.fix, rows[i].in_fix));
		CU_ASSERT_EQUAL(*finding.fix == '\0', rows[i].level == DOCTOR_OK);
		json_decref((json_t *)doctor.status);
	}
	all_is_well();
	CU_ASSERT_STRING_EQUAL(finding_of(doctor_daemon_checks, "footpod").text, "");
	doctor.status = json_pack("{s:{s:s}}", "pod", "choice", "watching");
	CU_ASSERT_STRING_EQUAL(finding_of(doctor_daemon_checks, "footpod").text, "");
	json_decref((json_t *)doctor.status);
	doctor.status = NULL;
}

/* ---- files ---------------------------------------------------------------- */

static char root[] = "/tmp/gaitd-doctor.XXXXXX";

static void put(const char *path, const char *text)
{
	char full[256];
	FILE *file;

	snprintf(full, sizeof(full), "%s%s", root, path);
	for (char *slash = full + sizeof(root); (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(full, 0755);
		*slash = '/';
	}
	file = fopen(full, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	fclose(file);
}

static void remove_root(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", root);
	/* NOLINTNEXTLINE(cert-env33-c): our own words */
	CU_ASSERT_EQUAL(system(command), 0);
}

static void test_files(void)
{
	strcpy(root, "/tmp/gaitd-doctor.XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(root));
	memset(&facts, 0, sizeof(facts));
	strcpy(facts.release, "6.1.0-test");
	put("/lib/modules/6.1.0-test/modules.dep",
	    "kernel/fs/ext4.ko:\nkernel/net/bluetooth/bluetooth.ko: kernel/crypto/ecc.ko\n");
	put("/sys/module/bluetooth/refcnt", "1\n");
	put("/sys/class/bluetooth/hci3", "");
	put("/sys/class/bluetooth/hci3:64", "");
	put("/sys/class/rfkill/rfkill0/type", "wlan\n");
	put("/sys/class/rfkill/rfkill1/type", "bluetooth\n");
	put("/sys/class/rfkill/rfkill1/name", "hci3\n");
	put("/sys/class/rfkill/rfkill1/soft", "1\n");
	put("/sys/class/rfkill/rfkill1/hard", "0\n");
	put("/sys/bus/usb/devices/1-1/bDeviceClass", "e0\n");
	put("/sys/bus/usb/devices/1-1/bDeviceSubClass", "01\n");
	put("/sys/bus/usb/devices/1-1/idVendor", "0a12\n");
	put("/sys/bus/usb/devices/1-1/idProduct", "0001\n");
	put("/proc/77/comm", "bluetoothd\n");
	put("/proc/self/uid_map", "         0     100000      65536\n");
	put("/proc/self/status",
	    "Name:\tx\nCapEff:\t0000000000001000\nCapBnd:\t0000000000003000\nNoNewPrivs:\t1\n");
	bluetooth_facts_read_files(&facts, root);
	CU_ASSERT_TRUE(facts.module_loaded);
	CU_ASSERT_EQUAL(facts.module_installed, BLUETOOTH_YES);
	CU_ASSERT_FALSE(facts.contained);
	CU_ASSERT_EQUAL(facts.device_count, 1);
	CU_ASSERT_EQUAL(facts.devices[0], 3);
	CU_ASSERT_EQUAL(facts.block_count, 1);
	CU_ASSERT_STRING_EQUAL(facts.blocks[0].name, "hci3");
	CU_ASSERT_TRUE(facts.blocks[0].soft);
	CU_ASSERT_FALSE(facts.blocks[0].hard);
	CU_ASSERT_STRING_EQUAL(facts.idle_usb, "0a12:0001");
	CU_ASSERT_EQUAL(facts.bluetoothd, 77);
	CU_ASSERT_TRUE(facts.user_namespace);
	CU_ASSERT_EQUAL(facts.effective, 0x1000);
	CU_ASSERT_EQUAL(facts.bounding, 0x3000);
	CU_ASSERT_TRUE(facts.no_new_privileges);
	remove_root();
}

/* Nothing there is no crash, and no answer made up. */
static void test_no_files(void)
{
	memset(&facts, 0, sizeof(facts));
	bluetooth_facts_read_files(&facts, "/nonexistent");
	CU_ASSERT_FALSE(facts.module_loaded);
	CU_ASSERT_EQUAL(facts.module_installed, BLUETOOTH_UNKNOWN);
	CU_ASSERT_FALSE(facts.user_namespace);
	CU_ASSERT_EQUAL(facts.device_count + facts.block_count + (size_t)facts.bluetoothd, 0);
}

/* ---- the management socket ------------------------------------------------ */

static void queue(int fd, const void *bytes, size_t length)
{
	CU_ASSERT_EQUAL(send(fd, bytes, length, 0), (ssize_t)length);
}

static void test_management_socket(void)
{
	static const uint8_t noise[] = { 0x13, 0, 0, 0, 2, 0, 7, 1 }; /* Discovering */
	static const uint8_t list[] = { 1, 0, 0xff, 0xff, 9, 0, 3, 0, 0, 2, 0, 4, 0, 5, 0 };
	static const uint8_t refused[] = { 2, 0, 5, 0, 3, 0, 4, 0, 0x11 };
	uint8_t info[6 + 3 + 280] = { 1, 0, 4, 0, 27, 1, 4, 0, 0 };
	int fds[2];

	info[4] = (sizeof(info) - 6) & 0xff;
	info[9] = 0x66;          /* the address's first octet */
	info[9 + 6 + 3] = 0x00;  /* supported */
	info[9 + 6 + 3 + 1] = 2; /* low energy */
	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds), 0);
	queue(fds[1], noise, sizeof(noise));
	queue(fds[1], list, sizeof(list));
	queue(fds[1], info, sizeof(info));
	queue(fds[1], refused, sizeof(refused));
	shutdown(fds[1], SHUT_WR); /* nobody answers for the second: no waiting */
	memset(&facts, 0, sizeof(facts));
	bluetooth_facts_ask(&facts, fds[0]);
	CU_ASSERT_EQUAL(facts.adapter_count, 2);
	CU_ASSERT_EQUAL(facts.adapters[0].index, 4);
	CU_ASSERT_TRUE(facts.adapters[0].informed);
	CU_ASSERT_EQUAL(facts.adapters[0].info.address.octets[0], 0x66);
	CU_ASSERT_TRUE(facts.adapters[0].info.supported & MGMT_SETTING_LE);
	CU_ASSERT_EQUAL(facts.adapters[1].index, 5);
	CU_ASSERT_FALSE(facts.adapters[1].informed);
	close(fds[0]);
	close(fds[1]);
}

static CU_TestInfo tests[] = {
	{ "all is well", test_all_is_well },
	{ "no Bluetooth: why", test_no_bluetooth },
	{ "old kernels", test_kernel_age },
	{ "no adapter, several, the wrong one", test_adapters },
	{ "an adapter that is off or blocked", test_adapter_is_off_or_blocked },
	{ "an old adapter beside a good one", test_old_adapter_beside_a_good_one },
	{ "rights", test_rights },
	{ "somebody else has the treadmill", test_treadmill_held },
	{ "configuration and daemon", test_settings },
	{ "the foot pod", test_footpod },
	{ "what files tell", test_files },
	{ "no files", test_no_files },
	{ "what the kernel answers", test_management_socket },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return suite_run("doctor", tests);
}
