/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl doctor: what it makes of the machine around the daemon, and of what
 * the unit's sandbox keeps from it.
 */
#include "daemon/gaitctl/bluetooth_facts.h"
#include "daemon/gaitctl/command.h"
#include "daemon/gaitctl/doctor.h"
#include "daemon/gaitctl/machine_facts.h"
#include "tests/unit/suite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct machine_facts machine;
static struct bluetooth_facts bluetooth;
static struct doctor doctor;

static void all_is_well(void)
{
	memset(&machine, 0, sizeof(machine));
	memset(&bluetooth, 0, sizeof(bluetooth));
	machine.network_namespace = 4026531840;
	machine.usb_nodes = true;
	machine.clock_synchronised = true;
	strcpy(machine.libevent, "2.1.12-stable");
	machine.libevent_number = 0x02010c00;
	strcpy(machine.libevent_package, "2.1.12-stable-8+deb12u1");
	strcpy(machine.unit.name, "gaitd.service");
	machine.unit.asked = machine.unit.there = machine.unit.journal = true;
	strcpy(machine.unit.active, "active");
	strcpy(machine.unit.sub, "running");
	strcpy(machine.unit.result, "success");
	json_decref((json_t *)doctor.status);
	json_decref((json_t *)doctor.confinement);
	doctor = (struct doctor){ .machine = &machine, .bluetooth = &bluetooth };
}

/* Apostrophes stand for quotes. */
static json_t *read_json(const char *text)
{
	char json[1024];
	json_t *object;

	strcpy(json, text);
	for (char *at = json; *at; at++)
		if (*at == '\'')
			*at = '"';
	object = json_loads(json, 0, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(object);
	return object;
}

/* A daemon of these sources, which tells this of itself */
static void daemon_says(const char *sources, const char *confinement)
{
	all_is_well();
	doctor.status = read_json(sources);
	doctor.confinement = read_json(confinement);
}

static void says(const struct doctor_check *table, const char *name,
                 enum doctor_level level, const char *in_text, const char *in_fix)
{
	struct doctor_finding finding = { .level = DOCTOR_OK };

	while (table->name && strcmp(table->name, name) != 0)
		table++;
	CU_ASSERT_PTR_NOT_NULL_FATAL(table->name);
	table->run(&doctor, &finding);
	CU_ASSERT_EQUAL(finding.level, level);
	CU_ASSERT_PTR_NOT_NULL(strstr(finding.text, in_text));
	CU_ASSERT_PTR_NOT_NULL(strstr(finding.fix, in_fix));
	if (!*in_text)
		CU_ASSERT_STRING_EQUAL(finding.text, "");
	if (finding.level != level || !strstr(finding.text, in_text) ||
	    !strstr(finding.fix, in_fix))
		printf("%s: %s: %s / %s\n", name, doctor_level_name(finding.level), finding.text,
		       finding.fix);
}

static void machine_says(const char *name, enum doctor_level level, const char *in_text,
                         const char *in_fix)
{
	says(doctor_machine_checks, name, level, in_text, in_fix);
}

static void sandbox_says(const char *name, const char *in_text, const char *in_fix)
{
	says(doctor_sandbox_checks, name, *in_text ? DOCTOR_FAIL : DOCTOR_OK, in_text, in_fix);
}

/* ---- the unit ------------------------------------------------------------------- */

static void unit_ended(const char *result, int status)
{
	all_is_well();
	strcpy(machine.unit.active, "failed");
	strcpy(machine.unit.result, result);
	machine.unit.exit_status = status;
}

static void test_the_unit(void)
{
	all_is_well();
	machine_says("unit", DOCTOR_OK, "is active", "");
	strcpy(machine.unit.active, "inactive");
	machine_says("unit", DOCTOR_WARN, "is inactive", "enable --now");
	doctor.status = json_object(); /* another gaitd answers, by hand */
	machine_says("unit", DOCTOR_OK, "", "");
	unit_ended("exit-code", 3);
	machine_says("unit", DOCTOR_FAIL, "configuration", "--check-config");
	unit_ended("exit-code", 217);
	machine_says("unit", DOCTOR_FAIL, "217/USER", "systemd-sysusers");
	unit_ended("exit-code", 1);
	machine_says("unit", DOCTOR_FAIL, "ended by itself", "journalctl");
	unit_ended("watchdog", 0);
	machine_says("unit", DOCTOR_FAIL, "watchdog", "gaitctl report");
	unit_ended("start-limit-hit", 1);
	machine_says("unit", DOCTOR_FAIL, "too often", "reset-failed");
	unit_ended("tired", 0); /* a later systemd's */
	machine_says("unit", DOCTOR_FAIL, "(tired)", "systemctl status");
	unit_ended("exit-code", 3);
	strcpy(machine.unit.active, "activating");
	strcpy(machine.unit.sub, "auto-restart");
	machine.unit.restarts = 7;
	machine_says("unit", DOCTOR_FAIL, "after 7 restarts", "");
	machine.unit.there = false;
	machine_says("unit", DOCTOR_OK, "", "");
}

static void test_the_watchdog(void)
{
	all_is_well();
	machine_says("watchdog", DOCTOR_OK, "", "");
	machine_facts_take_watchdogs(&machine,
	                             "{\"__REALTIME_TIMESTAMP\":\"1795242600000000\"}\n"
	                             "{\"__REALTIME_TIMESTAMP\":\"1795000000000000\"}\n"
	                             "nonsense\n");
	CU_ASSERT_EQUAL(machine.unit.watchdogs, 2);
	machine_says("watchdog", DOCTOR_WARN, "2 times in 7 days, last at 2026-11-2", "report");
	all_is_well();
	machine.unit.journal = false;
	machine_says("watchdog", DOCTOR_UNSEEN, "journal", "sudo");
}

static void test_what_systemctl_shows(void)
{
	all_is_well();
	machine_facts_take_unit(&machine, "Result=watchdog\nNRestarts=4\nExecMainStatus=6\n"
	                                  "LoadState=loaded\nActiveState=activating\n"
	                                  "SubState=auto-restart\n");
	CU_ASSERT(machine.unit.there);
	CU_ASSERT_STRING_EQUAL(machine.unit.active, "activating");
	CU_ASSERT_STRING_EQUAL(machine.unit.result, "watchdog");
	CU_ASSERT_EQUAL(machine.unit.restarts, 4);
	CU_ASSERT_EQUAL(machine.unit.exit_status, 6);
	machine_facts_take_unit(&machine, "LoadState=not-found\nActiveState=inactive\n");
	CU_ASSERT(!machine.unit.there);
	machine_facts_take_unit(&machine, "");
	CU_ASSERT(!machine.unit.there);
}

/* ---- the rest of the machine ------------------------------------------------------ */

static void test_libevent(void)
{
	all_is_well();
	machine_says("libevent", DOCTOR_OK, "deb12u1", "");
	strcpy(machine.libevent_package, "2.1.12-stable-8");
	machine.libevent_package_old = true;
	machine_says("libevent", DOCTOR_WARN, "2.1.12-stable-8 lacks", "only-upgrade");
	machine.libevent_package[0] = '\0'; /* no Debian */
	machine_says("libevent", DOCTOR_WARN, "2.1.12-stable lacks", "2.1.13");
	machine.libevent_number = 0x02010d00;
	machine_says("libevent", DOCTOR_OK, "libevent", "");
}

static void test_clock_and_room(void)
{
	all_is_well();
	machine_says("clock", DOCTOR_OK, "synchronised", "");
	machine.clock_synchronised = false;
	machine_says("clock", DOCTOR_WARN, "not synchronised", "timesyncd");
	daemon_says("{}", "{'state':'/var/lib/gaitd','state_errno':0,'state_free_kib':9000000}");
	machine_says("space", DOCTOR_OK, "8789 MiB are free for /var/lib/gaitd", "");
	daemon_says("{}", "{'state':'/var/lib/gaitd','state_errno':0,'state_free_kib':9000}");
	machine_says("space", DOCTOR_WARN, "9000 KiB", "make room");
	daemon_says("{}", "{'state':'/var/lib/gaitd','state_errno':0,'state_free_kib':0}");
	machine_says("space", DOCTOR_FAIL, "0 KiB", "make room");
	daemon_says("{}", "{'state':'/var/lib/gaitd','state_errno':30,'state_free_kib':9}");
	machine_says("space", DOCTOR_FAIL, "Read-only", "StateDirectory");
	/* made when there is something to keep */
	daemon_says("{}", "{'state':'/var/lib/gaitd','state_errno':2}");
	machine_says("space", DOCTOR_OK, "", "");
}

/* ---- the sandbox ------------------------------------------------------------------- */

#define WELL "'bluetooth':{'state':'ready','scan':'on','message':''}"
#define BROKEN "{'sources':{'bluetooth':{'state':'broken','message':'none'}}}"
#define DENIED "{'sources':{'bluetooth':{'state':'ready','scan':'denied','message':'x'}}}"
#define OUR_NETWORK "'network_namespace':4026531840"

static void test_a_sandbox_that_works(void)
{
	/* descriptors were handed over to it: it has nothing else, and needs nothing */
	daemon_says("{'sources':{" WELL ",'ant':{'state':'listening','message':''}}}",
	            "{'bluetooth_errno':97,'usb_errno':2,'netlink_errno':97,"
	            "'user_namespace':true,'network_namespace':1}");
	sandbox_says("sandbox", "", "");
	sandbox_says("sandbox-usb", "", "");
	all_is_well(); /* no daemon */
	sandbox_says("sandbox", "", "");
	sandbox_says("sandbox-usb", "", "");
	daemon_says(BROKEN, "{}"); /* one that cannot tell */
	sandbox_says("sandbox", "", "");
}

static void test_no_bluetooth_socket(void)
{
	daemon_says(BROKEN, "{'bluetooth_errno':97,'network_namespace':4026532999}");
	sandbox_says("sandbox", "PrivateNetwork", "PrivateNetwork=no");
	daemon_says(BROKEN, "{'bluetooth_errno':97," OUR_NETWORK "}");
	sandbox_says("sandbox", "RestrictAddressFamilies", "AF_BLUETOOTH");
	daemon_says(BROKEN, "{'bluetooth_errno':97," OUR_NETWORK "}");
	bluetooth.socket_error = EAFNOSUPPORT; /* nor has the kernel: that is told there */
	sandbox_says("sandbox", "", "");
}

static void test_no_right_to_scan(void)
{
	daemon_says(DENIED, "{'bluetooth_errno':0,'user_namespace':true,"
	                    "'bounding':'0000000000001000'," OUR_NETWORK "}");
	sandbox_says("sandbox", "PrivateUsers", "PrivateUsers=no");
	daemon_says(DENIED, "{'user_namespace':false,'bounding':'0000000000000000'}");
	sandbox_says("sandbox", "without CAP_NET_ADMIN", "AmbientCapabilities");
	daemon_says(DENIED, "{'user_namespace':false,'bounding':'000001ffffffffff'}");
	sandbox_says("sandbox", "after it gave its right up", "restart");
	daemon_says("{'sources':{'bluetooth':{'state':'off','scan':'waiting','message':"
	            "'hci0 is off and gaitd may not switch it on'}}}",
	            "{'user_namespace':true}");
	sandbox_says("sandbox", "PrivateUsers", "");
	daemon_says("{'sources':{'bluetooth':{'state':'blocked','message':'rfkill'}}}",
	            "{'user_namespace':true}");
	sandbox_says("sandbox", "", ""); /* that is no sandbox's */
}

#define ABSENT(message) "{'sources':{" WELL ",'ant':{'state':'absent','message':'" message "'}}}"

static void test_no_stick(void)
{
	daemon_says(ABSENT("no stick"), "{'usb_errno':2}");
	sandbox_says("sandbox-usb", "PrivateDevices", "BindPaths");
	machine.usb_nodes = false; /* there are none at all */
	sandbox_says("sandbox-usb", "", "");
	daemon_says(ABSENT("the bus cannot be watched (OTHER)"), "{'netlink_errno':97}");
	sandbox_says("sandbox-usb", "netlink", "AF_NETLINK");
	daemon_says(ABSENT("it may not be opened (IO); a sandbox"), "{'usb_errno':0}");
	sandbox_says("sandbox-usb", "DevicePolicy", "DeviceAllow=char-usb_device rw");
	daemon_says(ABSENT("no stick"), "{'network_namespace':4026532999}");
	sandbox_says("sandbox-usb", "", ""); /* nor is one plugged in */
	machine.stick_count = 1;
	sandbox_says("sandbox-usb", "PrivateNetwork", "PrivateNetwork=no");
	daemon_says(ABSENT("no stick"), "{'usb_errno':0," OUR_NETWORK "}");
	sandbox_says("sandbox-usb", "", "");
}

/* ---- facts -------------------------------------------------------------------------- */

static void put(const char *root, const char *path, const char *text)
{
	char name[300];
	FILE *file;

	for (const char *at = path + 1; (at = strchr(at, '/')); at++) {
		snprintf(name, sizeof(name), "%s%.*s", root, (int)(at - path), path);
		mkdir(name, 0700);
	}
	snprintf(name, sizeof(name), "%s%s", root, path);
	file = fopen(name, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	fclose(file);
}

static void test_sticks(void)
{
	char root[] = "/tmp/gaitd-machine.XXXXXX", command[80], link[120];

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(root));
	put(root, "/sys/bus/usb/devices/1-1.2/idVendor", "0fcf\n");
	put(root, "/sys/bus/usb/devices/1-1.2/idProduct", "1008\n");
	put(root, "/sys/bus/usb/devices/1-1.2:1.0/x", "");
	put(root, "/sys/bus/usb/devices/2-1/idVendor", "1d6b\n");
	put(root, "/sys/bus/usb/devices/2-1/idProduct", "0002\n");
	snprintf(link, sizeof(link), "%s/sys/bus/usb/devices/1-1.2:1.0/driver", root);
	CU_ASSERT_EQUAL(symlink("../../../drivers/usb_serial_simple", link), 0);
	all_is_well();
	machine_facts_read_files(&machine, root);
	CU_ASSERT(!machine.usb_nodes);
	CU_ASSERT_EQUAL_FATAL(machine.stick_count, 1);
	CU_ASSERT_STRING_EQUAL(machine.sticks[0].port, "1-1.2");
	CU_ASSERT_STRING_EQUAL(machine.sticks[0].driver, "usb_serial_simple");
	snprintf(command, sizeof(command), "rm -r %s", root);
	CU_ASSERT_EQUAL(system(command), 0); /* NOLINT(cert-env33-c): a path of our own */
	says(doctor_sandbox_checks, "serial", DOCTOR_OK, "0fcf:1008 at 1-1.2", "");
	machine.sticks[0].driver[0] = '\0';
	says(doctor_sandbox_checks, "serial", DOCTOR_OK, "", "");
}

static void test_commands(void)
{
	static const char *const nothing[] = { "gaitd-no-such-program", NULL };
	static const char *const three[] = { "sh", "-c", "echo A=1; echo BB=two; exit 3", NULL };
	static const char *const much[] = { "head", "-c", "1000000", "/dev/zero", NULL };
	static const char *const killed[] = { "sh", "-c", "kill -9 $$", NULL };
	char out[64], value[8];

	CU_ASSERT_EQUAL(command_run(three, out, sizeof(out)), 3);
	CU_ASSERT_STRING_EQUAL(out, "A=1\nBB=two\n");
	command_value(out, "BB", value, sizeof(value));
	CU_ASSERT_STRING_EQUAL(value, "two");
	command_value(out, "B", value, sizeof(value));
	CU_ASSERT_STRING_EQUAL(value, "");
	CU_ASSERT_EQUAL(command_run(much, out, sizeof(out)), 0);
	CU_ASSERT_EQUAL(command_run(killed, out, sizeof(out)), 128 + 9);
	CU_ASSERT_NOT_EQUAL(command_run(nothing, out, sizeof(out)), 0);
	CU_ASSERT_STRING_EQUAL(out, "");
}

static CU_TestInfo tests[] = {
	{ "the unit", test_the_unit },
	{ "the watchdog", test_the_watchdog },
	{ "what systemctl shows", test_what_systemctl_shows },
	{ "libevent", test_libevent },
	{ "the clock, and room for state", test_clock_and_room },
	{ "a sandbox that works", test_a_sandbox_that_works },
	{ "no Bluetooth socket", test_no_bluetooth_socket },
	{ "no right to scan", test_no_right_to_scan },
	{ "no stick", test_no_stick },
	{ "sticks", test_sticks },
	{ "commands", test_commands },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return suite_run("doctor_machine", tests);
}
