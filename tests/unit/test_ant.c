/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "protocol/ant.h"
#include "tests/unit/facts.h"
#include "tests/unit/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRAMES TEST_DATA "/footpod-frames.tsv"
#define OCTETS_MAX 512
#define MESSAGES_MAX 64

/* The vector that fails, for fact_fail(). */
#define HERE(index) ((struct fact_row){ .path = "vector", .line = (index) })

/* ---- real messages of a stick ---- */

struct stick_message {
	const struct fact_row *row;
	const uint8_t *bytes;
	size_t length;
	struct ant_message message;
	bool has_data;
	struct ant_data data;
};

static void check_kind(const struct stick_message *m,
                       const struct fact_token *token)
{
	static const struct {
		const char *name;
		uint8_t id;
	} kinds[] = {
		{ "broadcast", ANT_BROADCAST_DATA },
		{ "response", ANT_CHANNEL_RESPONSE },
		{ "event", ANT_CHANNEL_RESPONSE },
		{ "startup", ANT_START_UP },
		{ "version", 0x3e },
		{ "rf_freq", 0x45 },
		{ "channel_id", 0x51 },
		{ "channel_status", 0x52 },
		{ "capabilities", 0x54 },
		{ "lib_config", 0x6e },
		{ "serial_error", 0xae },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(token->value, kinds[i].name) == 0) {
			CU_ASSERT_EQUAL(m->message.id, kinds[i].id);
			CU_ASSERT_EQUAL(m->has_data,
			                kinds[i].id == ANT_BROADCAST_DATA);
			return;
		}
	}
	fact_check(m->row, token, m->message.id, 0);
}

static void check_bytes(const struct fact_row *row,
                        const struct fact_token *token, const uint8_t *saw,
                        size_t length)
{
	uint8_t expected[OCTETS_MAX];

	if (fact_hex(row, token->value, expected, sizeof(expected)) != length ||
	    memcmp(expected, saw, length) != 0)
		fact_fail(row, "%s differs", token->name);
}

static bool check_number(const struct stick_message *m,
                         const struct fact_token *token)
{
	const struct {
		const char *name;
		uint8_t needs;
		double saw;
	} tokens[] = {
		{ "dev", ANT_EXT_CHANNEL_ID, m->data.device_number },
		{ "devtype", ANT_EXT_CHANNEL_ID, m->data.device_type },
		{ "trans", ANT_EXT_CHANNEL_ID, m->data.transmission_type },
		{ "rssi_dbm", ANT_EXT_RSSI, m->data.rssi_dbm },
		{ "rx_ts", ANT_EXT_TIMESTAMP, m->data.rx_timestamp },
		{ "ext_flags", 0, m->message.payload[9] },
		{ "channel", 0,
		  m->has_data ? m->data.channel : m->message.payload[0] },
	};

	for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
		if (strcmp(token->name, tokens[i].name) != 0)
			continue;
		fact_check(m->row, token, tokens[i].saw, 0);
		CU_ASSERT_EQUAL(m->data.extensions & tokens[i].needs,
		                tokens[i].needs);
		return true;
	}
	return false;
}

static const char *const in_test_sdm[] = {
	"page",
	"time_s",
	"distance_m",
	"speed_mps",
	"strides",
	"latency_s",
	"cadence_strides_min",
	"steps_min",
	"location",
	"battery",
	"health",
	"use",
	"acc_time_s",
	"acc_distance_m",
	"acc_strides",
	"true_cadence_strides_min",
	NULL,
};

static const char *const in_test_ant_pages[] = {
	"hr_page", "toggle",      "beat_time_1024", "beats",
	"hr",      "common80_hw", "manuf",          "model",
	"volts",   "common81_sw", "common82_id",    "op_time_s",
	NULL,
};

/* What the stick answers: later issues */
static const char *const later[] = {
	"sw_sup",      "to",          "code",           "event",
	"reason",      "status",      "serial",         "state",
	"network",     "type",        "max_channels",   "max_networks",
	"std",         "adv",         "adv2",           "adv3",
	"scan_mode",   "ext_msg",     "prox",           "ext_assign",
	"mhz",         "filler",      "flags",          "text",
	"copy",        NULL,
};

static const char *const notes[] = { "t",   "t_us",     "pad", "case",
	                             "why", "rssi_thr", NULL };

static void check_token(const struct stick_message *m,
                        const struct fact_token *token)
{
	if (strcmp(token->name, "msg") == 0) {
		check_kind(m, token);
	} else if (strcmp(token->name, "data") == 0) {
		check_bytes(m->row, token, m->data.page, sizeof(m->data.page));
	} else if (strcmp(token->name, "payload") == 0) {
		check_bytes(m->row, token, m->message.payload,
		            m->message.length);
	} else if (strcmp(token->name, "checksum") == 0) {
		check_bytes(m->row, token, m->bytes + m->length - 1, 1);
	} else if (strcmp(token->name, "agc") == 0 ||
	           strcmp(token->name, "agc_off") == 0) {
		/* a gain setting is not a field strength */
		CU_ASSERT_FALSE(m->data.extensions & ANT_EXT_RSSI);
	} else if (!check_number(m, token) &&
	           !fact_listed(token->name, in_test_sdm) &&
	           !fact_listed(token->name, in_test_ant_pages) &&
	           !fact_listed(token->name, later) &&
	           !fact_listed(token->name, notes)) {
		fact_fail(m->row, "a token that nobody checks: %s",
		          token->name);
	}
}

static void check_message(const struct fact_row *row, const uint8_t *bytes,
                          size_t length, const char *expected)
{
	struct stick_message m = { .row = row,
		                   .bytes = bytes,
		                   .length = length };
	struct fact_tokens tokens = fact_tokens_of(expected);
	struct fact_token token;
	uint8_t again[ANT_FRAME_MAX];

	if (!ant_frame_decode(bytes, length, &m.message)) {
		fact_fail(row, "no frame");
		return;
	}
	CU_ASSERT_EQUAL(ant_frame_encode(&m.message, again, sizeof(again)),
	                length);
	CU_ASSERT_EQUAL(memcmp(again, bytes, length), 0);
	m.has_data = ant_data_decode(&m.message, &m.data);
	while (fact_token_next(&tokens, &token))
		check_token(&m, &token);
}

/* ---- real streams ---- */

struct catch
{
	struct ant_stream stream;
	struct ant_message messages[MESSAGES_MAX];
	size_t count;
};

static void push(struct catch *caught, const uint8_t *bytes, size_t length)
{
	struct ant_message message;

	while (ant_stream_next(&caught->stream, &bytes, &length, &message)) {
		CU_ASSERT_TRUE_FATAL(caught->count < MESSAGES_MAX);
		caught->messages[caught->count++] = message;
	}
	CU_ASSERT_EQUAL(length, 0);
}

static bool same(const struct catch *a, const struct catch *b)
{
	return a->count == b->count &&
	       a->stream.garbage_octets == b->stream.garbage_octets &&
	       a->stream.held_length == b->stream.held_length &&
	       memcmp(a->stream.held, b->stream.held, a->stream.held_length) ==
	               0 &&
	       memcmp(a->messages, b->messages,
	              a->count * sizeof(a->messages[0])) == 0;
}

/* One octet at a time, and in two parts wherever they are cut. */
static void check_every_split(const struct fact_row *row,
                              const struct catch *whole, const uint8_t *bytes,
                              size_t length)
{
	struct catch singly = { .count = 0 };

	for (size_t i = 0; i < length; i++)
		push(&singly, bytes + i, 1);
	if (!same(&singly, whole))
		fact_fail(row, "other frames, octet by octet");
	for (size_t cut = 0; cut <= length; cut++) {
		struct catch split = { .count = 0 };

		push(&split, bytes, cut);
		push(&split, bytes + cut, length - cut);
		if (!same(&split, whole))
			fact_fail(row, "other frames when cut at %zu", cut);
	}
}

static void check_frame_list(const struct fact_row *row, char *list,
                             const struct catch *caught)
{
	const char *hex;
	size_t count = 0;

	while ((hex = strsep(&list, "|"))) {
		uint8_t expected[ANT_FRAME_MAX], saw[ANT_FRAME_MAX];
		size_t length = fact_hex(row, hex, expected, sizeof(expected));

		if (count >= caught->count ||
		    ant_frame_encode(&caught->messages[count], saw,
		                     sizeof(saw)) != length ||
		    memcmp(saw, expected, length) != 0)
			fact_fail(row, "frame %zu differs", count);
		count++;
	}
	CU_ASSERT_EQUAL(count, caught->count);
}

static void check_stream(const struct fact_row *row, char *chunks,
                         const char *expected)
{
	struct fact_tokens tokens = fact_tokens_of(expected);
	struct fact_token token, remaining = { .value = "" };
	struct catch caught = { .count = 0 };
	uint8_t bytes[OCTETS_MAX];
	size_t length = 0;
	const char *chunk;

	while ((chunk = strsep(&chunks, "|"))) {
		size_t more = fact_hex(row, chunk, bytes + length,
		                       sizeof(bytes) - length);

		push(&caught, bytes + length, more);
		length += more;
	}
	while (fact_token_next(&tokens, &token)) {
		if (strcmp(token.name, "frames") == 0) {
			fact_check(row, &token, (double)caught.count, 0);
		} else if (strncmp(token.name, "a4", 2) == 0) {
			check_frame_list(row, token.name, &caught);
		} else if (strcmp(token.name, "remaining") == 0) {
			token.value[strcspn(token.value, " ")] = '\0';
			remaining = token;
		} else if (strncmp(token.name, "trailing zeros", 14) != 0) {
			fact_fail(row, "a token that nobody checks: %s",
			          token.name);
		}
	}
	check_bytes(row, &remaining, caught.stream.held,
	            caught.stream.held_length);
	check_every_split(row, &caught, bytes, length);
}

static struct {
	const char *kind, *why_not;
	unsigned rows;
} kinds[] = {
	{ "ant-usb-message", NULL, 0 },
	{ "ant-usb-stream", NULL, 0 },
	{ "sdm-page", "test_sdm", 0 },
	{ "rsc-2a53", "test_rsc", 0 },
	{ "ant-usb-host-message", "sent, not received", 0 },
	{ "hr-page", "test_ant_pages", 0 },
	{ "hr-or-other-page", "test_ant_pages", 0 },
	{ "rd-page", "test_ant_pages", 0 },
	{ "stryd-proprietary", "not decoded", 0 },
	{ "rsc-feature-2a54", "test_characteristics", 0 },
	{ "rsc-sccp-2a55", "not decoded yet", 0 },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static void count_row(const struct fact_row *row, const char *kind)
{
	for (size_t i = 0; i < KINDS; i++) {
		if (strcmp(kinds[i].kind, kind) == 0) {
			kinds[i].rows++;
			return;
		}
	}
	fact_fail(row, "unknown kind %s", kind);
}

static void test_real_frames(void)
{
	struct fact_table table = fact_table_read(FRAMES);

	for (size_t i = 0; i < table.count; i++) {
		const struct fact_row *row = &table.rows[i];
		const char *kind = fact(&table, row, "kind");
		const char *expected = fact(&table, row, "expected");
		char *hex = strdup(fact(&table, row, "hex"));
		uint8_t bytes[OCTETS_MAX];

		CU_ASSERT_PTR_NOT_NULL_FATAL(hex);
		count_row(row, kind);
		if (strcmp(kind, "ant-usb-message") == 0)
			check_message(row, bytes,
			              fact_hex(row, hex, bytes, sizeof(bytes)),
			              expected);
		else if (strcmp(kind, "ant-usb-stream") == 0)
			check_stream(row, hex, expected);
		free(hex);
	}
	for (size_t i = 0; i < KINDS; i++) {
		CU_ASSERT_TRUE(kinds[i].rows > 0);
		printf("\n    %s: %u rows%s%s", kinds[i].kind, kinds[i].rows,
		       kinds[i].why_not ? " skipped, " : "",
		       kinds[i].why_not ? kinds[i].why_not : "");
	}
	fact_table_free(&table);
}

/* ---- framing by rule (1.2) ---- */

static const struct {
	const char *rule, *hex;
	size_t frames, held;
	uint64_t garbage;
} streams[] = {
	{ "nothing", "", 0, 0, 0 },
	{ "zeros are no garbage", "0000000000", 0, 0, 0 },
	{ "garbage is counted without its zeros", "01000203", 0, 0, 3 },
	{ "a lone sync waits", "a4", 0, 1, 0 },
	{ "a frame without payload", "a40061c5", 1, 0, 0 },
	{ "garbage, frame, zeros", "ff01a4016f20ea0000", 1, 0, 2 },
	{ "length 65 is a false sync", "a441a4016f20ea", 1, 0, 2 },
	{ "a bad sum drops one octet only", "a4016f20eba4016f20ea", 1, 0, 5 },
	{ "a frame inside a false one", "a404a4016f20ea00a4016f20ea", 2, 0, 2 },
	{ "sync after sync", "a4a4a4016f20ea", 1, 0, 2 },
	{ "a false sync with a possible length holds frames back",
	  "a420a4016f20eaa4016f20ea", 0, 12, 0 },
	{ "but loses none",
	  "a420a4016f20eaa4016f20ea00000000000000000000000000000000000000000000"
	  "00"
	  "00",
	  2, 0, 2 },
};

static void test_stream_rules(void)
{
	for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++) {
		struct fact_row here = HERE((unsigned)i);
		struct catch caught = { .count = 0 };
		uint8_t bytes[OCTETS_MAX];
		size_t length =
			fact_hex(&here, streams[i].hex, bytes, sizeof(bytes));

		push(&caught, bytes, length);
		if (caught.count != streams[i].frames ||
		    caught.stream.held_length != streams[i].held ||
		    caught.stream.garbage_octets != streams[i].garbage)
			fact_fail(&here, "%s: %zu frames, %zu held, %u garbage",
			          streams[i].rule, caught.count,
			          caught.stream.held_length,
			          (unsigned)caught.stream.garbage_octets);
		check_every_split(&here, &caught, bytes, length);
	}
}

static struct ant_message message_of(uint8_t id, uint8_t length)
{
	struct ant_message m = { .id = id, .length = length };

	for (uint8_t i = 0; i < length && i < ANT_PAYLOAD_MAX; i++)
		m.payload[i] = (uint8_t)(i * 37 + id);
	return m;
}

static void test_every_length(void)
{
	struct catch caught = { .count = 0 };
	struct ant_message message, again;
	uint8_t bytes[ANT_FRAME_MAX];

	for (unsigned length = 0; length < ANT_PAYLOAD_MAX; length++) {
		message = message_of(0x4e, (uint8_t)(length + 1));
		push(&caught, bytes,
		     ant_frame_encode(&message, bytes, sizeof(bytes)));
		CU_ASSERT_EQUAL_FATAL(caught.count, length + 1);
		CU_ASSERT_EQUAL(memcmp(&caught.messages[length], &message,
		                       sizeof(message)),
		                0);
		CU_ASSERT_TRUE(ant_frame_decode(bytes, length + 5, &again));
		CU_ASSERT_EQUAL(memcmp(&again, &message, sizeof(message)), 0);
	}
	message = message_of(0x4e, ANT_PAYLOAD_MAX + 1);
	CU_ASSERT_EQUAL(ant_frame_encode(&message, bytes, sizeof(bytes)), 0);
	message = message_of(0x4e, 9);
	CU_ASSERT_EQUAL(ant_frame_encode(&message, bytes, 12), 0);
	CU_ASSERT_EQUAL(ant_frame_encode(&message, bytes, 13), 13);
}

static void test_one_frame(void)
{
	static const struct {
		const char *rule, *hex;
		bool good;
	} rows[] = {
		{ "as it was received", "a4016f20ea", true },
		{ "padded with zeros", "a4016f20ea0000", true },
		{ "something behind it", "a4016f20ea0001", false },
		{ "a second frame behind it", "a4016f20eaa4016f20ea", false },
		{ "nothing", "", false },
		{ "cut", "a4016f20", false },
		{ "a wrong sum", "a4016f20eb", false },
		{ "a sum without the sync", "a4016f204e", false },
		{ "no sync", "0001a4016f20ea", false },
		{ "a serial sync, never on USB", "a5016f20eb", false },
		{ "too long", "a441000000", false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fact_row here = HERE((unsigned)i);
		struct ant_message message = { .id = 77 };
		uint8_t bytes[OCTETS_MAX];
		size_t length =
			fact_hex(&here, rows[i].hex, bytes, sizeof(bytes));

		if (ant_frame_decode(bytes, length, &message) != rows[i].good)
			fact_fail(&here, "%s", rows[i].rule);
		CU_ASSERT_EQUAL(message.id, rows[i].good ? 0x6f : 77);
	}
}

/* ---- data and its extension (1.3) ---- */

static const struct {
	const char *rule;
	uint8_t id;
	const char *payload;
	bool decoded;
	uint8_t channel, extensions;
} data_rows[] = {
	{ "not a data message", 0x40, "000102030405060708", false, 0, 0 },
	{ "eight octets are needed", 0x4e, "0001020304050607", false, 0, 0 },
	{ "nothing", 0x4e, "", false, 0, 0 },
	{ "plain", 0x4e, "030102030405060708", true, 3, 0 },
	{ "acknowledged", 0x4f, "030102030405060708", true, 3, 0 },
	{ "burst, its sequence masked off", 0x50, "e30102030405060708", true, 3,
	  0 },
	{ "a flag of nothing", 0x4e, "03010203040506070800", true, 3, 0 },
	{ "channel id", 0x4e, "03010203040506070880d3defc05", true, 3,
	  ANT_EXT_CHANNEL_ID },
	{ "channel id cut", 0x4e, "03010203040506070880d3defc", true, 3, 0 },
	{ "all three", 0x4e, "030102030405060708e0d3defc0520d3003412", true, 3,
	  ANT_EXT_CHANNEL_ID | ANT_EXT_RSSI | ANT_EXT_TIMESTAMP },
	{ "timestamp cut", 0x4e, "030102030405060708e0d3defc0520d30034", true,
	  3, ANT_EXT_CHANNEL_ID | ANT_EXT_RSSI },
	{ "RSSI cut", 0x4e, "030102030405060708e0d3defc0520d3", true, 3,
	  ANT_EXT_CHANNEL_ID },
	{ "AGC is four octets, and no dBm", 0x4e,
	  "030102030405060708e0d3defc051001dddd3412", true, 3,
	  ANT_EXT_CHANNEL_ID | ANT_EXT_TIMESTAMP },
	{ "an unknown RSSI type ends it", 0x4e,
	  "030102030405060708e0d3defc0530d3003412", true, 3,
	  ANT_EXT_CHANNEL_ID },
	{ "timestamp alone", 0x4e, "030102030405060708203412", true, 3,
	  ANT_EXT_TIMESTAMP },
	{ "legacy: the id before the data", 0x5d, "03d3defc050102030405060708",
	  true, 3, ANT_EXT_CHANNEL_ID },
	{ "legacy acknowledged", 0x5e, "03d3defc050102030405060708", true, 3,
	  ANT_EXT_CHANNEL_ID },
	{ "legacy burst", 0x5f, "83d3defc050102030405060708", true, 3,
	  ANT_EXT_CHANNEL_ID },
	{ "legacy cut", 0x5d, "03d3defc0501020304050607", false, 0, 0 },
};

static void check_data_row(size_t i)
{
	static const uint8_t page[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	struct fact_row here = HERE((unsigned)i);
	struct ant_message message = { .id = data_rows[i].id };
	struct ant_data data = { .channel = 77 };

	message.length =
		(uint8_t)fact_hex(&here, data_rows[i].payload, message.payload,
	                          sizeof(message.payload));
	if (ant_data_decode(&message, &data) != data_rows[i].decoded) {
		fact_fail(&here, "%s: decoded or not", data_rows[i].rule);
		return;
	}
	if (!data_rows[i].decoded) {
		CU_ASSERT_EQUAL(data.channel, 77);
		return;
	}
	if (data.channel != data_rows[i].channel ||
	    data.extensions != data_rows[i].extensions)
		fact_fail(&here, "%s: channel %u, extensions %02x",
		          data_rows[i].rule, data.channel, data.extensions);
	CU_ASSERT_EQUAL(memcmp(data.page, page, sizeof(page)), 0);
	if (data.extensions & ANT_EXT_CHANNEL_ID) {
		CU_ASSERT_EQUAL(data.device_number, 57043);
		CU_ASSERT_EQUAL(data.device_type, 124); /* not pairing */
		CU_ASSERT_EQUAL(data.transmission_type, 5);
	}
	if (data.extensions & ANT_EXT_RSSI)
		CU_ASSERT_EQUAL(data.rssi_dbm, -45);
	if (data.extensions & ANT_EXT_TIMESTAMP)
		CU_ASSERT_EQUAL(data.rx_timestamp, 0x1234);
}

static void test_data(void)
{
	struct ant_message lies = { .id = ANT_BROADCAST_DATA, .length = 255 };
	struct ant_data data;

	for (size_t i = 0; i < sizeof(data_rows) / sizeof(data_rows[0]); i++)
		check_data_row(i);
	CU_ASSERT_FALSE(ant_data_decode(&lies, &data));
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "every real message and stream (footpod-frames.tsv)",
		  test_real_frames },
		{ "the parser by rule, however it is split",
		  test_stream_rules },
		{ "every length there and back", test_every_length },
		{ "one frame of a recording", test_one_frame },
		{ "data and its extension (1.3)", test_data },
		CU_TEST_INFO_NULL,
	};

	return suite_run("ant", tests);
}
