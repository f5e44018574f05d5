/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What a report leaves out, and what it leaves in.
 */
#include "daemon/gaitctl/redact.h"
#include "tests/unit/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct redact *redact;

static void shown_as(const char *text, const char *expected)
{
	char *shown = redact_text(redact, text);

	CU_ASSERT_PTR_NOT_NULL_FATAL(shown);
	CU_ASSERT_STRING_EQUAL(shown, expected);
	if (strcmp(shown, expected) != 0)
		printf("\n%s\n  is shown as: %s\n", text, shown);
	free(shown);
}

static void start(void)
{
	redact = redact_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(redact);
}

static void end(void)
{
	redact_free(redact);
}

static void test_addresses(void)
{
	start();
	shown_as("C0:FF:EE:00:11:22 and c0:ff:ee:00:11:22, not C0:FF:EE:00:11:23",
	         "addr-1 and addr-1, not addr-2");
	shown_as("/org/bluez/hci0/dev_AA_BB_CC_DD_EE_01", "/org/bluez/hci0/dev_addr-3");
	shown_as("aabbccddee01 at 12:30:45, C0:FF:EE", "addr-4 at 12:30:45, C0:FF:EE");
	shown_as("10.0.0.7:8417, 127.0.0.1, version 2.1.12.3x", "ip-1:8417, 127.0.0.1, version "
	                                                     "2.1.12.3x");
	end();
}

static void test_numbers_by_the_word_before(void)
{
	start();
	shown_as("ant 57043, pod 57043; ANT_ID: 57043, ant_id: 0",
	         "ant pod-1, pod pod-1; ANT_ID: pod-1, ant_id: 0");
	shown_as("pain 7, \"pain\":6, pin=1234, painful 7", "pain ?, \"pain\":?, pin=?, painful 7");
	shown_as("footpod live, 4 pods, pod3, antenna 5", "footpod live, 4 pods, pod3, antenna 5");
	shown_as("57043 of 157043", "pod-1 of 157043"); /* known by now */
	end();
}

static void test_people(void)
{
	start();
	redact_hide(redact, "user", "anna");
	redact_hide(redact, "user", "Anna Maria");
	redact_hide(redact, "user", "x"); /* would take every x */
	redact_hide(redact, "user", NULL);
	redact_hide(redact, "host", "gym-7");
	shown_as("ANNA MARIA (anna) at gym-7: savanna, x", "user-2 (user-1) at host-1: savanna, x");
	shown_as("/home" "/bo/run.rec of runner Bo-Jo",
	         "/home" "/user-3/run.rec of runner runner-1");
	shown_as("runner anonymous; the runner stands", "runner anonymous; the runner stands");
	shown_as("runner Ren\303\251 ran", "runner runner-2 ran");
	end();
}

static void test_keys(void)
{
	start();
	shown_as("0011223344556677, 00112233445566778899aabbccddeeff", "key-1, key-2");
	shown_as("001122334455667 is too short, 0x0011223344556677 no number",
	         "001122334455667 is too short, 0x0011223344556677 no number");
	end();
}

/* However many there are, none is told. */
static void test_more_than_there_is_room_for(void)
{
	char text[40];

	start();
	for (unsigned i = 0; i < 600; i++) {
		char *shown;

		snprintf(text, sizeof(text), "C0:FF:EE:00:%02X:%02X", i / 256, i % 256);
		shown = redact_text(redact, text);
		CU_ASSERT_PTR_NOT_NULL_FATAL(shown);
		CU_ASSERT_EQUAL(strncmp(shown, "addr-", 5), 0);
		free(shown);
	}
	end();
}

static void test_json(void)
{
	json_t *value = json_pack("{s:{s:[s,i]}, s:i, s:i, s:b}", "a", "b", "C0:FF:EE:00:11:22", 7,
	                          "ant_id", 57043, "pid", 57043, "good", 1);
	json_t *expected = json_pack("{s:{s:[s,i]}, s:s, s:i, s:b}", "a", "b", "addr-1", 7,
	                             "ant_id", "?", "pid", 57043, "good", 1);
	json_t *shown;

	start();
	shown = redact_json(redact, value);
	CU_ASSERT(json_equal(shown, expected));
	json_decref(shown);
	json_decref(value);
	json_decref(expected);
	end();
}

static CU_TestInfo tests[] = {
	{ "addresses", test_addresses },
	{ "numbers, by the word before", test_numbers_by_the_word_before },
	{ "people and machines", test_people },
	{ "keys", test_keys },
	{ "more than there is room for", test_more_than_there_is_room_for },
	{ "JSON", test_json },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return suite_run("redact", tests);
}
