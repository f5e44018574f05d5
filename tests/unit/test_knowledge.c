/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * devices.json: what is kept and what is not, and files that are no good.
 */
#include "daemon/sources/knowledge.h"
#include "tests/unit/suite.h"

#include "daemon/service/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char belt[] = "C0:FF:EE:00:11:22";
static const char pod[] = "ant 57043";
static const char attributes[] = "service 0010 0030 1826\n"
				 "characteristic 0014 0015 0016 10 2acd\n";

static char directory[64];
static struct knowledge *k;

static void start(void)
{
	strcpy(directory, "/tmp/gaitd-test-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
	k = knowledge_open(directory);
	CU_ASSERT_PTR_NOT_NULL_FATAL(k);
}

static const char *path_of(const char *name)
{
	static char path[200];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return path;
}

static void again(void)
{
	knowledge_close(k);
	k = knowledge_open(directory);
	CU_ASSERT_PTR_NOT_NULL_FATAL(k);
}

static void end(void)
{
	knowledge_close(k);
	unlink(path_of("devices.json"));
	unlink(path_of("devices.json.bad"));
	CU_ASSERT_EQUAL(rmdir(directory), 0); /* nothing else was left */
}

static void learn(const char *id, const char *unit)
{
	struct knowledge_device device = { .name = "URTM041", .address_type = 2,
		                           .attributes = attributes };

	snprintf(device.id, sizeof(device.id), "%s", id);
	snprintf(device.unit, sizeof(device.unit), "%s", unit);
	knowledge_set(k, &device);
}

static void write_file(const char *text)
{
	FILE *file = fopen(path_of("devices.json"), "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	fclose(file);
}

static void test_a_paired_device_is_kept(void)
{
	const struct knowledge_device *device;
	struct stat st;

	start();
	CU_ASSERT_TRUE(knowledge_pair(k, SOURCE_TREADMILL, "c0:ff:ee:00:11:22", "Belt"));
	learn(belt, "");
	CU_ASSERT_TRUE(knowledge_pair(k, SOURCE_FOOTPOD, pod, ""));
	again();
	CU_ASSERT_STRING_EQUAL(knowledge_paired(k, SOURCE_TREADMILL), belt);
	CU_ASSERT_STRING_EQUAL(knowledge_paired(k, SOURCE_FOOTPOD), pod);
	CU_ASSERT_STRING_EQUAL(knowledge_paired(k, SOURCE_HEART_RATE), "");
	device = knowledge_find(k, belt);
	CU_ASSERT_PTR_NOT_NULL_FATAL(device);
	CU_ASSERT_STRING_EQUAL(device->name, "URTM041");
	CU_ASSERT_EQUAL(device->address_type, 2);
	CU_ASSERT_STRING_EQUAL(device->attributes, attributes);
	CU_ASSERT_EQUAL(stat(path_of("devices.json"), &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 07777, 0600);
	end();
}

static void test_a_configured_device_is_kept(void)
{
	start();
	knowledge_configure(k, SOURCE_FOOTPOD, "c0:ff:ee:00:11:22");
	learn(belt, "strides");
	again();
	CU_ASSERT_PTR_NOT_NULL_FATAL(knowledge_find(k, belt));
	CU_ASSERT_STRING_EQUAL(knowledge_find(k, belt)->unit, "strides");
	end();
}

/* A stranger's pod: until the session's end, and never on a disk */
static void test_others_are_not_kept(void)
{
	start();
	learn(belt, "steps");
	CU_ASSERT_PTR_NOT_NULL(knowledge_find(k, belt));
	CU_ASSERT_NOT_EQUAL(access(path_of("devices.json"), F_OK), 0);
	knowledge_pair(k, SOURCE_FOOTPOD, pod, "");
	knowledge_end_session(k);
	CU_ASSERT_PTR_NULL(knowledge_find(k, belt));
	CU_ASSERT_PTR_NOT_NULL(knowledge_find(k, pod));
	learn(belt, "steps");
	again();
	CU_ASSERT_PTR_NULL(knowledge_find(k, belt));
	end();
}

/* Walking through a station with gaitd on must not fill the memory. */
static void test_a_crowd_makes_room(void)
{
	char id[24];

	start();
	knowledge_pair(k, SOURCE_TREADMILL, belt, "Belt");
	for (unsigned i = 0; i < 1000; i++) {
		snprintf(id, sizeof(id), "00:00:00:00:%02X:%02X", i >> 8, i & 0xff);
		learn(id, "");
		CU_ASSERT_PTR_NOT_NULL(knowledge_find(k, id));
	}
	CU_ASSERT_PTR_NOT_NULL(knowledge_find(k, belt));
	end();
}

static void test_forgetting(void)
{
	start();
	knowledge_pair(k, SOURCE_TREADMILL, belt, "Belt");
	knowledge_pair(k, SOURCE_FOOTPOD, pod, "");
	CU_ASSERT_TRUE(knowledge_pair(k, SOURCE_FOOTPOD, "", ""));
	again();
	CU_ASSERT_STRING_EQUAL(knowledge_paired(k, SOURCE_FOOTPOD), "");
	CU_ASSERT_STRING_EQUAL(knowledge_paired(k, SOURCE_TREADMILL), belt);
	CU_ASSERT_TRUE(knowledge_forget_all(k));
	CU_ASSERT_STRING_EQUAL(knowledge_paired(k, SOURCE_TREADMILL), "");
	CU_ASSERT_NOT_EQUAL(access(path_of("devices.json"), F_OK), 0);
	CU_ASSERT_TRUE(knowledge_forget_all(k)); /* there is no file now */
	end();
}

static void test_a_bad_file_is_put_aside(void)
{
	static const char *const bad[] = {
		"", "{", "[]", "{\"devices_version\":3}", "\xff\xfe", "null",
		"{\"devices_version\":1,\"devices_version\":1}",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		start();
		write_file(bad[i]);
		again();
		CU_ASSERT_STRING_EQUAL(knowledge_paired(k, SOURCE_TREADMILL), "");
		CU_ASSERT_EQUAL(access(path_of("devices.json.bad"), F_OK), 0);
		CU_ASSERT_TRUE(knowledge_pair(k, SOURCE_TREADMILL, belt, ""));
		again();
		CU_ASSERT_STRING_EQUAL(knowledge_paired(k, SOURCE_TREADMILL), belt);
		end();
	}
}

/* An upgrade that was undone: pairings stay. */
static void test_a_later_versions_file(void)
{
	start();
	write_file("{\"devices_version\":2,\"paired\":{\"treadmill\":"
	           "\"C0:FF:EE:00:11:22\",\"scale\":\"x\"},\"sites\":[{}],\"devices\":["
	           "{\"id\":\"C0:FF:EE:00:11:22\",\"name\":\"a\",\"colour\":\"red\"}]}");
	again();
	CU_ASSERT_STRING_EQUAL(knowledge_paired(k, SOURCE_TREADMILL), "C0:FF:EE:00:11:22");
	CU_ASSERT_PTR_NOT_NULL(knowledge_find(k, "C0:FF:EE:00:11:22"));
	CU_ASSERT_NOT_EQUAL(access(path_of("devices.json.bad"), F_OK), 0);
	end();
}

/* What makes sense in it counts, the rest is left out. */
static void test_hostile_members(void)
{
	const struct knowledge_device *device;

	start();
	write_file("{\"devices_version\":1,\"paired\":{\"treadmill\":7,\"footpod\":"
	           "\"ant 99999999999\",\"heart_rate\":\"aa:bb:cc:dd:ee:ff\"},\"devices\":["
	           "1,null,[],{\"id\":5},{\"id\":\"\"},{\"id\":\"../../etc/passwd\"},"
	           "{\"id\":\"aa:bb:cc:dd:ee:ff\",\"name\":[],\"type\":\"x\",\"unit\":\"x\","
	           "\"attributes\":[1,\"a\",{}]},{\"id\":\"AA:BB:CC:DD:EE:FF\"}]}");
	again();
	CU_ASSERT_STRING_EQUAL(knowledge_paired(k, SOURCE_TREADMILL), "");
	CU_ASSERT_STRING_EQUAL(knowledge_paired(k, SOURCE_FOOTPOD), "");
	CU_ASSERT_STRING_EQUAL(knowledge_paired(k, SOURCE_HEART_RATE), "AA:BB:CC:DD:EE:FF");
	device = knowledge_find(k, "AA:BB:CC:DD:EE:FF");
	CU_ASSERT_PTR_NOT_NULL_FATAL(device);
	CU_ASSERT_EQUAL(device->address_type, 0);
	CU_ASSERT_STRING_EQUAL(device->unit, "");
	CU_ASSERT_STRING_EQUAL(device->attributes, "\na\n\n");
	end();
}

static void test_a_place_that_cannot_be_written(void)
{
	k = knowledge_open("/proc/gaitd");
	CU_ASSERT_PTR_NOT_NULL_FATAL(k);
	CU_ASSERT_FALSE(knowledge_pair(k, SOURCE_TREADMILL, belt, ""));
	CU_ASSERT_STRING_EQUAL(knowledge_paired(k, SOURCE_TREADMILL), belt);
	knowledge_close(k);
	k = knowledge_open(NULL);
	CU_ASSERT_TRUE(knowledge_pair(k, SOURCE_TREADMILL, belt, ""));
	knowledge_close(k);
}

static void test_ids(void)
{
	static const struct {
		const char *id, *normal;
	} rows[] = {
		{ "aa:bb:cc:dd:ee:0f", "AA:BB:CC:DD:EE:0F" },
		{ "ant 1", "ant 1" }, { "ant 0042", "ant 42" }, { "ant 1048575", "ant 1048575" },
		{ "ant 1048576", "" }, { "ant 0", "" }, { "ant -1", "" }, { "ant 5x", "" },
		{ "ant", "" }, { "", "" }, { "aa:bb", "" }, { "aa:bb:cc:dd:ee:0f:11", "" },
	};
	char normal[KNOWLEDGE_ID_SIZE];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CU_ASSERT_EQUAL(knowledge_normalize(rows[i].id, normal), *rows[i].normal != 0);
		CU_ASSERT_STRING_EQUAL(normal, rows[i].normal);
	}
	CU_ASSERT_EQUAL(knowledge_ant_number("ant 0042"), 42);
	CU_ASSERT_EQUAL(knowledge_ant_number(belt), 0);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "a paired device is kept", test_a_paired_device_is_kept },
		{ "a configured device is kept", test_a_configured_device_is_kept },
		{ "others are not kept", test_others_are_not_kept },
		{ "a crowd makes room", test_a_crowd_makes_room },
		{ "forgetting", test_forgetting },
		{ "a bad file is put aside", test_a_bad_file_is_put_aside },
		{ "a later version's file", test_a_later_versions_file },
		{ "hostile members", test_hostile_members },
		{ "a place that cannot be written", test_a_place_that_cannot_be_written },
		{ "ids", test_ids },
		CU_TEST_INFO_NULL,
	};

	log_start("test");
	return suite_run("knowledge", tests);
}
