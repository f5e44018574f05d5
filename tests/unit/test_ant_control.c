/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Every configuration message, answer and event of the real captures, there
 * and back; capabilities of every length; what is refused.
 */
#include "protocol/ant_control.h"
#include "tests/unit/facts.h"
#include "tests/unit/suite.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRAMES TEST_DATA "/footpod-frames.tsv"
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* The captures' words for messages, codes and events */
static const struct word {
	const char *name;
	uint8_t number;
} messages[] = {
	{ "system_reset", ANT_RESET },
	{ "request", ANT_REQUEST },
	{ "network_key", ANT_NETWORK_KEY },
	{ "assign", ANT_ASSIGN },
	{ "unassign", ANT_UNASSIGN },
	{ "channel_id", ANT_CHANNEL_ID },
	{ "channel_status", ANT_CHANNEL_STATUS },
	{ "capabilities", ANT_CAPABILITIES },
	{ "period", ANT_PERIOD },
	{ "rf_freq", ANT_FREQUENCY },
	{ "hp_search_timeout", ANT_SEARCH_TIMEOUT },
	{ "lp_search_timeout", ANT_LOW_SEARCH_TIMEOUT },
	{ "search_waveform", ANT_SEARCH_WAVEFORM },
	{ "tx_power", ANT_TRANSMIT_POWER },
	{ "proximity", ANT_PROXIMITY },
	{ "id_list_add", ANT_ID_LIST_ADD },
	{ "id_list_config", ANT_ID_LIST_CONFIG },
	{ "lib_config", ANT_LIBRARY_CONFIG },
	{ "ext_enable", ANT_EXTENDED_MESSAGES },
	{ "open", ANT_OPEN },
	{ "close", ANT_CLOSE },
	{ "serial_number", ANT_SERIAL_NUMBER },
	{ "version", ANT_VERSION },
	{ "startup", ANT_START_UP },
	{ "serial_error", ANT_SERIAL_ERROR },
	{ "response", ANT_CHANNEL_RESPONSE },
	{ "event", ANT_CHANNEL_RESPONSE },
}, codes[] = {
	{ "NO_ERROR", ANT_NO_ERROR },
	{ "CHANNEL_IN_WRONG_STATE", ANT_WRONG_STATE },
	{ "CHANNEL_NOT_OPENED", ANT_NOT_OPENED },
	{ "INVALID_MESSAGE", ANT_INVALID_MESSAGE },
	{ "INVALID_NETWORK_NUMBER", ANT_INVALID_NETWORK },
	{ "INVALID_LIST_ID", ANT_INVALID_LIST_ID },
	{ "INVALID_PARAMETER", ANT_INVALID_PARAMETER },
}, events[] = {
	{ "RX_SEARCH_TIMEOUT", ANT_EVENT_SEARCH_TIMEOUT },
	{ "RX_FAIL", ANT_EVENT_RX_FAIL },
	{ "XFER_RX_FAILED", ANT_EVENT_TRANSFER_RX_FAILED },
	{ "XFER_TX_COMPLETED", ANT_EVENT_TRANSFER_COMPLETED },
	{ "XFER_TX_FAILED", ANT_EVENT_TRANSFER_FAILED },
	{ "CHANNEL_CLOSED", ANT_EVENT_CHANNEL_CLOSED },
	{ "RX_FAIL_GO_TO_SEARCH", ANT_EVENT_GO_TO_SEARCH },
	{ "CHANNEL_COLLISION", ANT_EVENT_COLLISION },
};

static void check_word(const struct fact_row *row, const struct fact_token *token,
                       const struct word *words, size_t count, uint8_t saw)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(words[i].name, token->value) == 0) {
			if (words[i].number != saw)
				fact_fail(row, "%s=%s, saw %02x", token->name, token->value,
				          saw);
			return;
		}
	}
	if (isdigit((unsigned char)token->value[0]))
		fact_check(row, token, saw, 0);
	else
		fact_fail(row, "unknown word %s=%s", token->name, token->value);
}

struct sight {
	struct ant_control control;
	struct ant_capabilities capabilities;
	char version[32];
};

static bool check_named(const struct fact_row *row, const struct fact_token *token,
                        const struct sight *s)
{
	const struct ant_control *c = &s->control;

	if (strcmp(token->name, "msg") == 0) {
		check_word(row, token, messages, COUNT(messages), c->id);
		if (c->id == ANT_CHANNEL_RESPONSE)
			CU_ASSERT_EQUAL(c->subject == ANT_SUBJECT_EVENT,
			                strcmp(token->value, "event") == 0);
	} else if (strcmp(token->name, "to") == 0 || strcmp(token->name, "want") == 0) {
		check_word(row, token, messages, COUNT(messages), c->subject);
	} else if (strcmp(token->name, "code") == 0) {
		check_word(row, token, codes, COUNT(codes), c->code);
	} else if (strcmp(token->name, "event") == 0) {
		check_word(row, token, events, COUNT(events), c->code);
	} else if (strcmp(token->name, "text") == 0) {
		CU_ASSERT_STRING_EQUAL(s->version, token->value);
	} else {
		return false;
	}
	return true;
}

static bool check_number(const struct fact_row *row, const struct fact_token *token,
                         const struct sight *s)
{
	const struct ant_control *c = &s->control;
	const struct {
		const char *name;
		double saw;
	} numbers[] = {
		{ "channel", c->channel },
		{ "dev", c->device_number },
		{ "devtype", c->device_type },
		{ "trans", c->transmission_type },
		{ "period", c->period },
		{ "mhz", 2400 + c->frequency },
		{ "filler", c->channel },
		{ "flags", c->value },
		{ "reason", c->code },
		{ "state", c->value & ANT_CHANNEL_STATE_MASK },
		{ "network", c->value >> 2 & 3 },
		{ "type", c->value & 0xf0 },
		{ "max_channels", s->capabilities.channels },
		{ "max_networks", s->capabilities.networks },
		{ "std", c->octets[2] },
		{ "adv", c->octets[3] },
		{ "adv2", c->octets[4] },
		{ "adv3", c->octets[6] },
		{ "scan_mode", s->capabilities.scan_mode },
		{ "ext_msg", s->capabilities.extended_messages },
		{ "prox", s->capabilities.proximity },
		{ "ext_assign", s->capabilities.background_scan },
	};

	for (size_t i = 0; i < COUNT(numbers); i++) {
		if (strcmp(token->name, numbers[i].name) == 0) {
			fact_check(row, token, numbers[i].saw, 0);
			return true;
		}
	}
	return false;
}

static const char *const not_here[] = {
	"t",    "t_us",     "pad",   "zero_pad_bytes", "case",
	"why",  "payload",  "copy",  "checksum",       "common",
	NULL,
};

static void check_tokens(const struct fact_row *row, const char *expected,
                         const struct sight *s)
{
	struct fact_tokens tokens = fact_tokens_of(expected);
	struct fact_token token;

	while (fact_token_next(&tokens, &token)) {
		if (!check_named(row, &token, s) && !check_number(row, &token, s) &&
		    !fact_listed(token.name, not_here))
			fact_fail(row, "a token that nobody checks: %s", token.name);
	}
}

/* What was decoded is encoded to the same octets, but for those behind what
 * the message needs. */
static void check_back(const struct fact_row *row, const struct ant_message *message,
                       const struct ant_control *control)
{
	struct ant_message again;

	if (!ant_control_encode(control, &again) || again.length > message->length ||
	    memcmp(again.payload, message->payload, again.length) != 0)
		fact_fail(row, "encodes to something else");
	for (size_t i = again.length; i < message->length; i++)
		CU_ASSERT_EQUAL(message->payload[i], 0);
}

static bool is_told_to_be_bad(const char *expected)
{
	return strstr(expected, "malformed-short") != NULL &&
	       strstr(expected, "code=") == NULL;
}

static bool check_row(const struct fact_row *row, const uint8_t *bytes, size_t length,
                      const char *expected)
{
	struct sight sight = { .version = "" };
	struct ant_message message;
	bool good_sum = strstr(expected, "checksum=BAD") == NULL;

	CU_ASSERT_EQUAL(ant_frame_decode(bytes, length, &message), good_sum);
	if (!good_sum || !ant_message_name(message.id))
		return false; /* of no concern, or data: test_ant */
	if (message.id == ANT_SERIAL_NUMBER && message.length < 4)
		return false; /* asked for by its own id, not by a request */
	if (!ant_control_decode(&message, &sight.control)) {
		if (!is_told_to_be_bad(expected))
			fact_fail(row, "not decoded");
		return true;
	}
	ant_capabilities_read(&sight.control, &sight.capabilities);
	ant_version_read(&sight.control, sight.version, sizeof(sight.version));
	check_tokens(row, expected, &sight);
	check_back(row, &message, &sight.control);
	return true;
}

static void test_real_messages(void)
{
	struct fact_table table = fact_table_read(FRAMES);
	unsigned rows = 0;

	for (size_t i = 0; i < table.count; i++) {
		const struct fact_row *row = &table.rows[i];
		const char *kind = fact(&table, row, "kind");
		uint8_t bytes[ANT_FRAME_MAX + 2];

		if (strcmp(kind, "ant-usb-message") != 0 &&
		    strcmp(kind, "ant-usb-host-message") != 0)
			continue;
		rows += check_row(row, bytes,
		                  fact_hex(row, fact(&table, row, "hex"), bytes,
		                           sizeof(bytes)),
		                  fact(&table, row, "expected"));
	}
	printf("\n    %u messages", rows);
	CU_ASSERT_TRUE(rows > 180);
	fact_table_free(&table);
}

static struct ant_message message_of(uint8_t id, const char *hex)
{
	struct fact_row here = { .path = hex };
	struct ant_message message = { .id = id };

	message.length =
		(uint8_t)fact_hex(&here, hex, message.payload, sizeof(message.payload));
	return message;
}

static void test_capabilities(void)
{
	static const struct {
		const char *hex;
		bool good, scan, background, low_search;
		uint8_t networks;
	} rows[] = {
		{ "080300ba3600", true, true, true, true, 3 },         /* 1008 */
		{ "080800ba3600df79", true, true, true, true, 8 },     /* 1009 */
		{ "080800b23200fd8d0f", true, false, true, true, 8 },  /* sdk-ant */
		{ "08030000", true, false, false, false, 3 },
		{ "080300ba36", true, true, true, true, 3 },
		{ "080300", false, false, false, false, 0 },
		{ "", false, false, false, false, 0 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct ant_message message = message_of(ANT_CAPABILITIES, rows[i].hex);
		struct ant_control control = { .id = 0 };
		struct ant_capabilities saw = { .channels = 77 };

		CU_ASSERT_EQUAL(ant_control_decode(&message, &control), rows[i].good);
		CU_ASSERT_EQUAL(ant_capabilities_read(&control, &saw), rows[i].good);
		CU_ASSERT_EQUAL(saw.channels, rows[i].good ? 8 : 77);
		CU_ASSERT_EQUAL(saw.networks, rows[i].networks);
		CU_ASSERT_EQUAL(saw.scan_mode, rows[i].scan);
		CU_ASSERT_EQUAL(saw.background_scan, rows[i].background);
		CU_ASSERT_EQUAL(saw.low_priority_search, rows[i].low_search);
	}
}

/* What a host sends, by hand from footpods.md 1.4 and the Zwift captures; the
 * key is no key of anybody's. */
static void test_what_a_host_sends(void)
{
	static const struct {
		struct ant_control control;
		uint8_t length;
		const char *payload;
	} rows[] = {
		{ { .id = ANT_RESET }, 1, "00" },
		{ { .id = ANT_REQUEST, .subject = ANT_CAPABILITIES }, 2, "0054" },
		{ { .id = ANT_NETWORK_KEY, .octet_count = 8,
		    .octets = { 1, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef } },
		  9, "000123456789abcdef" },
		{ { .id = ANT_ASSIGN, .channel_type = ANT_SLAVE_RECEIVE_ONLY,
		    .assignment = ANT_BACKGROUND_SCAN }, 4, "00400001" },
		{ { .id = ANT_ASSIGN, .channel = 1 }, 3, "010000" },
		{ { .id = ANT_CHANNEL_ID, .channel = 1, .device_number = 57043,
		    .device_type = 124, .transmission_type = 5 }, 5, "01d3de7c05" },
		{ { .id = ANT_PERIOD, .channel = 1, .period = 8134 }, 3, "01c61f" },
		{ { .id = ANT_FREQUENCY, .frequency = 57 }, 2, "0039" },
		{ { .id = ANT_LOW_SEARCH_TIMEOUT, .channel = 1, .value = 0xff }, 2, "01ff" },
		{ { .id = ANT_LIBRARY_CONFIG, .value = ANT_LIBRARY_ALL }, 2, "00e0" },
		{ { .id = ANT_OPEN_SCAN }, 1, "00" },
		{ { .id = ANT_CLOSE, .channel = 2 }, 1, "02" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct ant_message wanted =
			message_of(rows[i].control.id, rows[i].payload);
		struct ant_message saw;

		CU_ASSERT_TRUE_FATAL(ant_control_encode(&rows[i].control, &saw));
		CU_ASSERT_EQUAL(saw.length, rows[i].length);
		CU_ASSERT_EQUAL(memcmp(&saw, &wanted, sizeof(saw)), 0);
	}
}

static void test_refused(void)
{
	struct ant_message nothing = { .id = ANT_CHANNEL_RESPONSE };
	struct ant_message data = { .id = ANT_BROADCAST_DATA, .length = 9 };
	struct ant_message lies = { .id = ANT_VERSION, .length = 255 };
	struct ant_control control = { .id = 1 };
	struct ant_control no_key = { .id = ANT_NETWORK_KEY, .octet_count = 7 };
	struct ant_message out = { .id = 1 };

	CU_ASSERT_FALSE(ant_control_decode(&nothing, &control));
	CU_ASSERT_FALSE(ant_control_decode(&data, &control));
	CU_ASSERT_FALSE(ant_control_decode(&lies, &control));
	CU_ASSERT_EQUAL(control.id, 1);
	CU_ASSERT_FALSE(ant_control_encode(&no_key, &out));
	CU_ASSERT_FALSE(ant_control_encode(&control, &out));
	CU_ASSERT_EQUAL(out.id, 1);
}

/* A version is what a stranger's stick says: nothing of it reaches a terminal
 * but printable characters. */
static void test_version(void)
{
	struct ant_control control = {
		.id = ANT_VERSION,
		.octets = { 'A', 'P', 0x1b, '[', 0xff, ' ', 'J', 0, 'x' },
		.octet_count = 9,
	};
	char text[16], small[4];

	ant_version_read(&control, text, sizeof(text));
	CU_ASSERT_STRING_EQUAL(text, "AP?[??J");
	ant_version_read(&control, small, sizeof(small));
	CU_ASSERT_STRING_EQUAL(small, "AP?");
}

static void test_data_back(void)
{
	for (unsigned extensions = 0; extensions <= 0xe0; extensions += 0x20) {
		struct ant_data data = {
			.channel = 3,
			.page = { 1, 2, 3, 4, 5, 6, 7, 8 },
			.extensions = (uint8_t)extensions,
		};
		struct ant_data saw;
		struct ant_message message;

		if (extensions & ANT_EXT_CHANNEL_ID) {
			data.device_number = 57043;
			data.device_type = 124;
			data.transmission_type = 5;
		}
		if (extensions & ANT_EXT_RSSI)
			data.rssi_dbm = -71;
		if (extensions & ANT_EXT_TIMESTAMP)
			data.rx_timestamp = 0x1234;
		ant_data_encode(&data, ANT_BROADCAST_DATA, &message);
		CU_ASSERT_TRUE_FATAL(ant_data_decode(&message, &saw));
		/* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison,cert-exp42-c,cert-flp37-c): both were zeroed */
		CU_ASSERT_EQUAL(memcmp(&saw, &data, sizeof(saw)), 0);
		CU_ASSERT_EQUAL(message.length == 0x13, extensions == 0xe0);
	}
}

static void test_names(void)
{
	CU_ASSERT_STRING_EQUAL(ant_message_name(ANT_ASSIGN), "assign channel");
	CU_ASSERT_STRING_EQUAL(ant_response_name(0x33), "wrong parameter");
	CU_ASSERT_STRING_EQUAL(ant_event_name(0x08), "lost, searching again");
	CU_ASSERT_STRING_EQUAL(ant_start_up_name(0x20), "commanded reset");
	CU_ASSERT_PTR_NULL(ant_message_name(0x4e));
	CU_ASSERT_PTR_NULL(ant_response_name(0xee));
	CU_ASSERT_PTR_NULL(ant_event_name(0xee));
	CU_ASSERT_PTR_NULL(ant_start_up_name(0xee));
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "every real message (footpod-frames.tsv)", test_real_messages },
		{ "capabilities of every length", test_capabilities },
		{ "what a host sends", test_what_a_host_sends },
		{ "what is refused", test_refused },
		{ "a version is printable", test_version },
		{ "data there and back", test_data_back },
		{ "names", test_names },
		CU_TEST_INFO_NULL,
	};

	return suite_run("ant_control", tests);
}
