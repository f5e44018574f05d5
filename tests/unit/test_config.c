/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The configuration of gaitd.yaml(5).
 */
#include "daemon/service/config.h"
#include "daemon/service/secret.h"
#include "tests/unit/memory.h"
#include "tests/unit/suite.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct yaml_fault fault;

static bool add(struct config_layers *layers, const char *name, const char *text)
{
	return config_layers_add(layers, name, text, strlen(text), &fault);
}

static struct config *merged(const struct config_layers *layers)
{
	struct config *config = config_make(layers, &fault);

	if (!config) {
		printf("\n  %s: %s", fault.where, fault.message);
		exit(99);
	}
	return config;
}

static struct config *make(const char *text)
{
	struct config_layers *layers = config_layers_new();
	struct config *config;

	CU_ASSERT_PTR_NOT_NULL_FATAL(layers);
	CU_ASSERT_TRUE_FATAL(add(layers, "f.yaml", text));
	config = merged(layers);
	config_layers_free(layers);
	return config;
}

static void test_defaults(void)
{
	struct config *config = make("");
	double incline_pct;

	CU_ASSERT_STRING_EQUAL(config->treadmill.address, "");
	CU_ASSERT_STRING_EQUAL(config->treadmill.incline, "auto");
	CU_ASSERT_FALSE(config_fixed_incline(config, &incline_pct));
	CU_ASSERT_EQUAL(config->footpod.ant_id, 0);
	CU_ASSERT_FALSE(config->footpod.running_dynamics);
	CU_ASSERT_EQUAL(config->display.input_count, 1);
	CU_ASSERT_STRING_EQUAL(config->display.input[0], "*");
	CU_ASSERT_EQUAL(config->display.personal_count, 0);
	CU_ASSERT_EQUAL(config->display.max, 64);
	CU_ASSERT_EQUAL(config->rules.files_count, 0);
	CU_ASSERT_STRING_EQUAL(config->rules.prompts, "all");
	CU_ASSERT_EQUAL(config->session.end_after_s, 60);
	CU_ASSERT_TRUE(config->history.enabled);
	CU_ASSERT_STRING_EQUAL(config->log.level, "notice");
	config_free(config);
}

static void test_all_keys(void)
{
	struct config *config = make(
		"treadmill:\n"
		"  address: \"C0:FF:EE:00:11:22\"\n"
		"  name: 'URTM041 \"Läufer\" \\ /'\n"
		"  incline: fixed 1.5\n"
		"  quirk: none\n"
		"footpod: {address: \"c0:ff:ee:00:11:23\", ant_id: 57043, rsc_unit: strides,\n"
		"          running_dynamics: true}\n"
		"ant: {network_key: 0123456789ABCDEF}\n"
		"bluetooth: {adapter: hci1}\n"
		"display:\n"
		"  socket: /run/gaitd/t1/display.sock\n"
		"  input: [acme-led]\n"
		"  personal:\n"
		"    - acme-led\n"
		"    - gaitd-terminal\n"
		"  max: 4\n"
		"control: {socket: /run/gaitd/t1/control.sock}\n"
		"rules: {files: [/etc/gaitd/gym.yaml], prompts: safety, feedback: faded}\n"
		"session: {end_after_s: 120, units: mi, language: de-AT}\n"
		"history: {enabled: false, path: /var/lib/gaitd/h.db, retention_days: 30}\n"
		"log: {level: debug}\n");
	double incline_pct = 0;

	CU_ASSERT_STRING_EQUAL(config->treadmill.address, "C0:FF:EE:00:11:22");
	CU_ASSERT_STRING_EQUAL(config->treadmill.name, "URTM041 \"Läufer\" \\ /");
	CU_ASSERT_TRUE(config_fixed_incline(config, &incline_pct));
	CU_ASSERT_EQUAL(incline_pct, 1.5);
	CU_ASSERT_STRING_EQUAL(config->treadmill.quirk, "none");
	CU_ASSERT_EQUAL(config->footpod.ant_id, 57043);
	CU_ASSERT_STRING_EQUAL(config->footpod.rsc_unit, "strides");
	CU_ASSERT_TRUE(config->footpod.running_dynamics);
	/* kept apart, and no longer where it was read to */
	CU_ASSERT_PTR_NOT_NULL_FATAL(config->network_key);
	CU_ASSERT_EQUAL(memcmp(config->network_key, "\x01\x23\x45\x67\x89\xab\xcd\xef", 8), 0);
	CU_ASSERT_STRING_EQUAL(config->ant.network_key, "");
	CU_ASSERT_STRING_EQUAL(config->bluetooth.adapter, "hci1");
	CU_ASSERT_STRING_EQUAL(config->display.socket, "/run/gaitd/t1/display.sock");
	CU_ASSERT_EQUAL_FATAL(config->display.personal_count, 2);
	CU_ASSERT_STRING_EQUAL(config->display.personal[1], "gaitd-terminal");
	CU_ASSERT_EQUAL(config->display.max, 4);
	CU_ASSERT_STRING_EQUAL(config->control.socket, "/run/gaitd/t1/control.sock");
	CU_ASSERT_EQUAL_FATAL(config->rules.files_count, 1);
	CU_ASSERT_STRING_EQUAL(config->rules.files[0], "/etc/gaitd/gym.yaml");
	CU_ASSERT_STRING_EQUAL(config->rules.feedback, "faded");
	CU_ASSERT_EQUAL(config->session.end_after_s, 120);
	CU_ASSERT_STRING_EQUAL(config->session.units, "mi");
	CU_ASSERT_STRING_EQUAL(config->session.language, "de-AT");
	CU_ASSERT_FALSE(config->history.enabled);
	CU_ASSERT_EQUAL(config->history.retention_days, 30);
	CU_ASSERT_STRING_EQUAL(config->log.level, "debug");
	config_free(config);
}

static void test_refused(void)
{
	static const struct {
		const char *text, *where, *says;
	} rows[] = {
		{ "dispaly:\n  max: 3\n", "f.yaml:1:1",
		  "unknown key \"dispaly\"; did you mean display?" },
		{ "display:\n  max: 3\n  inputs: []\n", "f.yaml:3:3",
		  "unknown key \"inputs\" in display; did you mean input?" },
		{ "# a\n\ndisplay:\n  max: 65\n", "f.yaml:4:8",
		  "display.max: expected a whole number from 1 to 64, found \"65\"" },
		{ "display: {max: 0}\n", "f.yaml:1:16", "1 to 64" },
		{ "display: {max: -1}\n", "f.yaml:1:16", "found \"-1\"" },
		{ "display: {max: 3.5}\n", "f.yaml:1:16", "found \"3.5\"" },
		{ "display: {max: 99999999999999999999}\n", "f.yaml:1:16", "1 to 64" },
		{ "display: {max: many}\n", "f.yaml:1:16", "found \"many\"" },
		{ "display: {max: [1]}\n", "f.yaml:1:16", "found a list" },
		{ "display: {max: }\n", "f.yaml:1:16", "found nothing" },
		{ "display: {input: all}\n", "f.yaml:1:18", "expected a list, as [one, two]" },
		{ "display: {input: [{a: b}]}\n", "f.yaml:1:19", "found a mapping" },
		{ "display: {input: [\"\"]}\n", "f.yaml:1:19", "text of 1 to 63 octets" },
		{ "display: 3\n", "f.yaml:1:10", "expected the keys of display" },
		{ "- display\n", "f.yaml:1:1", "expected keys" },
		{ "display: {max: 1, max: 2}\n", "f.yaml:1:19", "stands twice" },
		{ "display: {socket: run/x}\n", "f.yaml:1:19", "from the root on" },
		{ "treadmill: {address: C0-FF-EE-00-11-22}\n", "f.yaml:1:22",
		  "a Bluetooth address as" },
		{ "treadmill: {quirk: boflex-t9}\n", "f.yaml:1:20",
		  "treadmill.quirk: expected auto, none, or a quirk of gaitd.yaml(5), "
		  "found \"boflex-t9\"; did you mean bowflex-t9?" },
		{ "treadmill: {quirk: \"\"}\n", "f.yaml:1:20", "a quirk of gaitd.yaml(5)" },
		{ "treadmill: {quirk: non}\n", "f.yaml:1:20", "did you mean none?" },
		{ "treadmill: {quirk: [mph]}\n", "f.yaml:1:20", "found a list" },
		{ "treadmill: {incline: 2}\n", "f.yaml:1:22", "auto, or fixed N" },
		{ "treadmill: {incline: fixed 90}\n", "f.yaml:1:22", "-15 to 40" },
		{ "treadmill: {incline: fixed nan}\n", "f.yaml:1:22", "-15 to 40" },
		{ "bluetooth: {adapter: eth0}\n", "f.yaml:1:22", "hci0" },
		{ "footpod: {rsc_unit: leaps}\n", "f.yaml:1:21",
		  "one of auto, steps, strides, found \"leaps\"" },
		{ "footpod: {rsc_unit: \"\"}\n", "f.yaml:1:21", "one of auto" },
		{ "session: {language: English}\n", "f.yaml:1:21", "en or de-AT" },
		{ "history: {enabled: yes}\n", "f.yaml:1:20", "true or false" },
		{ "ant: {network_key: 0000000000000000}\n", "f.yaml:1:20", "not all zero" },
		{ "ant:\n  network_key: 0123456789ABCDEF\n  network_key_file: /k\n",
		  "f.yaml:3:21", "keep one of them" },
		{ "log: &a {level: debug}\nhistory: *a\n", "f.yaml:2:10", "aliases" },
		{ "log:\n\tlevel: debug\n", "f.yaml:2:1", "no tabs" },
	};
	struct config_layers *layers = config_layers_new();
	struct config *config;

	for (size_t i = 0; i < COUNT(rows); i++) {
		if (add(layers, "f.yaml", rows[i].text) ||
		    strcmp(fault.where, rows[i].where) != 0 ||
		    !strstr(fault.message, rows[i].says)) {
			printf("\n  %s  %s: %s", rows[i].text, fault.where, fault.message);
			CU_FAIL("not refused as expected");
		}
	}
	/* nothing of a refused file stays */
	config = merged(layers);
	CU_ASSERT_EQUAL(config->display.max, 64);
	config_free(config);
	config_layers_free(layers);
}

static void test_a_secret_is_in_no_message(void)
{
	struct config_layers *layers = config_layers_new();

	CU_ASSERT_FALSE(add(layers, "f.yaml", "ant: {network_key: deadbeef}\n"));
	CU_ASSERT_PTR_NULL(strstr(fault.message, "deadbeef"));
	config_layers_free(layers);
}

#define DIGITS 16

/* A key that stands nowhere but in a secret's memory */
static char *make_key(void)
{
	char *key = secret_new(DIGITS + 1);

	CU_ASSERT_PTR_NOT_NULL_FATAL(key);
	for (int i = 0; i < DIGITS; i++)
		key[i] = "fedcba9876543210"[(i * 7 + 3) % DIGITS];
	return key;
}

static void expect_key(const struct config *config, const char *digits)
{
	uint8_t *key = secret_new(SECRET_ANT_KEY_SIZE);

	CU_ASSERT_TRUE(secret_ant_key(digits, DIGITS, key));
	CU_ASSERT_PTR_NOT_NULL_FATAL(config->network_key);
	CU_ASSERT_EQUAL(memcmp(config->network_key, key, SECRET_ANT_KEY_SIZE), 0);
	CU_ASSERT_FALSE(memory_holds(getpid(), (const char *)key, SECRET_ANT_KEY_SIZE));
	secret_free(key, SECRET_ANT_KEY_SIZE);
}

/* However it is written, and whatever libyaml and libcyaml did with the text. */
static void test_a_core_dump_has_no_key(void)
{
	static const char *const notations[][2] = {
		{ "ant:\n  network_key: ", "\n" },
		{ "ant: {\"network_key\" : '", "'}\n" },
		{ "ant:\n  network_key:\t\"", "\" # mine\nlog: {level: info}\n" },
	};
	/* behind so much that no later text is laid over it by chance */
	const size_t before = 6000, room = 7000;
	char *key = make_key(), *text = secret_new(room), *witness = strdup("a witness");

	/* what is freed stays in the process */
	mallopt(M_TRIM_THRESHOLD, 1 << 30);
	mallopt(M_MMAP_THRESHOLD, 1 << 24);
	/* it does look */
	CU_ASSERT_TRUE(memory_holds(getpid(), witness, strlen(witness)));
	for (size_t i = 0; i < COUNT(notations); i++) {
		struct config *config;

		memset(text, '#', before);
		text[before] = '\n';
		strcpy(text + before + 1, notations[i][0]);
		strcat(text, key);
		strcat(text, notations[i][1]);
		config = make(text);
		expect_key(config, key);
		CU_ASSERT_FALSE(memory_holds(getpid(), key, DIGITS));
		config_free(config);
	}
	free(witness);
	secret_free(text, room);
	secret_free(key, DIGITS + 1);
}

/* Beside one in a comment, in a notation of its own, and taken back */
static void test_which_key_counts(void)
{
	struct config *config = make("ant:\n  # network_key: 1111111111111111\n"
	                             "  network_key: 2222222222222222\n");
	struct config_layers *layers = config_layers_new();

	CU_ASSERT_EQUAL(memcmp(config->network_key, "\x22\x22\x22\x22\x22\x22\x22\x22", 8), 0);
	config_free(config);
	config = make("ant: {network_key: \"\\x33333333333333333\"}\n");
	CU_ASSERT_PTR_NOT_NULL_FATAL(config->network_key);
	CU_ASSERT_EQUAL(memcmp(config->network_key, "\x33\x33\x33\x33\x33\x33\x33\x33", 8), 0);
	config_free(config);
	CU_ASSERT_TRUE(add(layers, "vendor.yaml", "ant: {network_key: 1111111111111111}\n"));
	CU_ASSERT_TRUE(add(layers, "site.yaml", "ant: {network_key: 4444444444444444}\n"));
	CU_ASSERT_FALSE(add(layers, "bad.yaml",
	                    "ant: {network_key: 5555555555555555, stik: x}\n"));
	config = merged(layers);
	CU_ASSERT_EQUAL(memcmp(config->network_key, "\x44\x44\x44\x44\x44\x44\x44\x44", 8), 0);
	config_free(config);
	CU_ASSERT_TRUE(add(layers, "last.yaml", "ant: {network_key: \"\"}\n"));
	config = merged(layers);
	CU_ASSERT_PTR_NULL(config->network_key);
	config_free(config);
	config_layers_free(layers);
}

static char *dump(const struct config_layers *layers)
{
	char *text = NULL;
	size_t length;
	FILE *file = open_memstream(&text, &length);

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	config_layers_dump(layers, file);
	fclose(file);
	return text;
}

static void test_later_layers_win_key_by_key(void)
{
	struct config_layers *layers = config_layers_new();
	struct config *config;
	char *text;

	CU_ASSERT_TRUE(add(layers, "vendor.yaml",
	                   "display: {max: 8, personal: [a, b]}\nlog: {level: info}\n"));
	CU_ASSERT_TRUE(add(layers, "site.yaml",
	                   "display:\n  personal: [c]\nsession:\n"));
	config = merged(layers);
	CU_ASSERT_EQUAL(config->display.max, 8);
	CU_ASSERT_EQUAL_FATAL(config->display.personal_count, 1);
	CU_ASSERT_STRING_EQUAL(config->display.personal[0], "c");
	CU_ASSERT_STRING_EQUAL(config->log.level, "info");
	config_free(config);

	text = dump(layers);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "  max: 8  # vendor.yaml:1:16\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "  personal: [\"c\"]  # site.yaml:2:13\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "  units: \"km\"  # default\n"));
	free(text);
	config_layers_free(layers);
}

static void test_a_dump_reads_back_without_secrets(void)
{
	struct config_layers *layers = config_layers_new();
	struct config_layers *again = config_layers_new();
	char *text, *text_again;

	CU_ASSERT_TRUE(add(layers, "f.yaml", "ant: {network_key: 0123456789abcdef}\n"
	                                     "treadmill: {name: 'a \"b\" # c: d'}\n"));
	text = dump(layers);
	CU_ASSERT_PTR_NULL(strstr(text, "0123456789abcdef"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "  # network_key: set, not shown  # f.yaml:1:"));
	CU_ASSERT_TRUE(add(again, "dump.yaml", text));
	text_again = dump(again);
	CU_ASSERT_PTR_NOT_NULL(strstr(text_again, "  name: \"a \\\"b\\\" # c: d\""));
	free(text);
	free(text_again);
	config_layers_free(layers);
	config_layers_free(again);
}

/* gaitd.yaml(5) has a section each, and each of its keys as an item. */
static void test_manual_names_every_key(void)
{
	static char text[65536];
	FILE *file = fopen(TEST_SOURCE "/daemon/service/gaitd.yaml.5", "r");
	const char *name;

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	for (size_t i = 0; (name = config_key_name(i)); i++) {
		char item[80];

		snprintf(item, sizeof(item), "\n.It Ic %s", name);
		if (!strstr(text, item)) {
			printf("\n  %s", name);
			CU_FAIL("not in gaitd.yaml(5)");
		}
	}
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "defaults", test_defaults },
		{ "every key", test_all_keys },
		{ "refused: where, what was expected", test_refused },
		{ "a secret is in no message", test_a_secret_is_in_no_message },
		{ "a core dump has no key", test_a_core_dump_has_no_key },
		{ "which key counts", test_which_key_counts },
		{ "later layers win, key by key", test_later_layers_win_key_by_key },
		{ "a dump reads back, secrets left out", test_a_dump_reads_back_without_secrets },
		{ "the manual names every key", test_manual_names_every_key },
		CU_TEST_INFO_NULL,
	};

	return suite_run("config", tests);
}
