/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/captures/usb.h"

#include "protocol/cursor.h"
#include "protocol/hex.h"

#include <string.h>

#define ENDPOINT_IN 0x80
#define TRANSFER_BULK 3
#define LINUX_HEADER 48

/* ---- text ---------------------------------------------------------------------- */

struct word {
	const char *at;
	size_t length;
};

/* The next word of the line; its length is 0 at the end. */
static struct word next(const char **at, const char *end)
{
	struct word word;

	while (*at < end && (**at == ' ' || **at == '\t' || **at == '\r'))
		(*at)++;
	word.at = *at;
	while (*at < end && **at != ' ' && **at != '\t' && **at != '\r')
		(*at)++;
	word.length = (size_t)(*at - word.at);
	return word;
}

static bool one_of(const char *letters, char letter)
{
	return letter != '\0' && strchr(letters, letter);
}

static bool is_tag(struct word word)
{
	for (size_t i = 0; i < word.length; i++) {
		if (hex_digit(word.at[i]) < 0)
			return false;
	}
	return word.length >= 8;
}

/* Digits up to whatever is none; false without one, or too many. */
static bool number(struct word *word, uint64_t most, uint64_t *out)
{
	uint64_t value = 0;
	size_t taken = 0;

	for (; taken < word->length && word->at[taken] >= '0' && word->at[taken] <= '9'; taken++) {
		value = value * 10 + (uint64_t)(word->at[taken] - '0');
		if (value > most)
			return false;
	}
	word->at += taken;
	word->length -= taken;
	*out = value;
	return taken > 0;
}

static bool colon(struct word *word)
{
	if (word->length == 0 || word->at[0] != ':')
		return false;
	word->at++;
	word->length--;
	return true;
}

/* "Bi:6:002:1", or in the format of old kernels "Bi:002:01": kind, way, bus,
 * device, endpoint */
static bool read_address(struct word word, struct capture_transfer *out)
{
	uint64_t part[3];
	size_t parts = 0;

	if (word.length < 3)
		return false;
	out->bulk = word.at[0] == 'B';
	out->endpoint = word.at[1] == 'i' ? ENDPOINT_IN : 0;
	if (!one_of("BCIZ", word.at[0]) || !one_of("io", word.at[1]))
		return false;
	word.at += 2;
	word.length -= 2;
	while (parts < 3 && colon(&word) && number(&word, 9999, &part[parts]))
		parts++;
	if (parts < 2 || word.length > 0)
		return false;
	out->endpoint |= part[parts - 1] & 0x0f;
	out->device = (uint32_t)part[parts - 2];
	if (parts == 3)
		out->device |= (uint32_t)part[0] << 16;
	return true;
}

static size_t read_data(const char **at, const char *end, uint8_t *data)
{
	struct word word;
	size_t length = 0;

	while ((word = next(at, end)).length > 0) {
		for (size_t i = 0; i + 1 < word.length && length < USB_TEXT_DATA_MAX; i += 2) {
			if (!hex_octet(word.at + i, &data[length]))
				return length;
			length++;
		}
	}
	return length;
}

/* Behind the address: status, length of the transfer, "=" and the data. Those of
 * control transfers have more before the length, and are not looked at. */
static void read_rest(const char **at, const char *end, bool came, uint8_t *data,
                      struct capture_transfer *out)
{
	struct word status = next(at, end), size = next(at, end), tag = next(at, end);
	uint64_t length;

	(void)status;
	out->bytes = data;
	if (!out->bulk || !number(&size, UINT32_MAX, &length) || tag.length != 1 ||
	    tag.at[0] != '=')
		return;
	/* data go in when they have come, and out when they are sent */
	out->has_data = came == ((out->endpoint & ENDPOINT_IN) != 0);
	out->length = read_data(at, end, data);
	out->cut = out->length < length;
}

bool usb_text(const char *line, size_t length, uint8_t data[USB_TEXT_DATA_MAX],
              uint64_t *t_us, struct capture_transfer *out)
{
	const char *at = line, *end = line + length;
	struct word tag = next(&at, end), time = next(&at, end), type = next(&at, end);
	struct capture_transfer transfer = { .device = 0 };

	if (!is_tag(tag) || !number(&time, UINT32_MAX, t_us) || time.length > 0 ||
	    type.length != 1 || !one_of("SCE", type.at[0]) || !read_address(next(&at, end), &transfer))
		return false;
	if (type.at[0] != 'E')
		read_rest(&at, end, type.at[0] == 'C', data, &transfer);
	*out = transfer;
	return true;
}

/* ---- binary ------------------------------------------------------------------- */

static void skip(struct cursor *at, size_t count)
{
	if (at->left < count)
		at->failed = true;
	if (at->failed)
		return;
	at->at += count;
	at->left -= count;
}

/* The numbers are those of the machine that captured; whoever reads the file has
 * turned them to this machine's. */
static uint32_t native(struct cursor *at, size_t count)
{
	const uint8_t *bytes = at->at;
	uint16_t two = 0;
	uint32_t four = 0;

	skip(at, count);
	if (at->failed)
		return 0;
	if (count == 2)
		memcpy(&two, bytes, 2);
	else
		memcpy(&four, bytes, 4);
	return count == 2 ? two : four;
}

bool usb_linux(const uint8_t *bytes, size_t length, size_t header,
               struct capture_transfer *out)
{
	struct cursor at = cursor_over(bytes, length);
	struct capture_transfer transfer = { .bytes = bytes + header };
	uint8_t type, address, absent;
	uint32_t total;

	skip(&at, 8); /* what the kernel calls it */
	type = cursor_u8(&at);
	transfer.bulk = cursor_u8(&at) == TRANSFER_BULK;
	transfer.endpoint = cursor_u8(&at);
	address = cursor_u8(&at);
	transfer.device = native(&at, 2) << 16 | address;
	skip(&at, 1);
	absent = cursor_u8(&at); /* 0 when there are data */
	skip(&at, 16);           /* the time, and the status */
	(void)native(&at, 4);    /* asked for */
	total = native(&at, 4);
	if (at.failed || length < header || header < LINUX_HEADER)
		return false;
	transfer.length = length - header < total ? length - header : total;
	transfer.cut = transfer.length < total;
	transfer.has_data = absent == 0 &&
	                    (type == 'C') == ((transfer.endpoint & ENDPOINT_IN) != 0) &&
	                    type != 'E';
	*out = transfer;
	return true;
}

bool usb_windows(const uint8_t *bytes, size_t length, struct capture_transfer *out)
{
	struct cursor at = cursor_over(bytes, length);
	struct capture_transfer transfer = { .has_data = true };
	uint16_t header = cursor_u16(&at), bus;
	uint32_t total;
	bool came;

	skip(&at, 14); /* the request, its status and function */
	came = cursor_u8(&at) & 1;
	bus = cursor_u16(&at);
	transfer.device = (uint32_t)bus << 16 | cursor_u16(&at);
	transfer.endpoint = cursor_u8(&at);
	transfer.bulk = cursor_u8(&at) == TRANSFER_BULK;
	total = cursor_u32(&at);
	if (at.failed || header > length || header < 27)
		return false;
	transfer.bytes = bytes + header;
	transfer.length = length - header < total ? length - header : total;
	transfer.cut = transfer.length < total;
	transfer.has_data = came == ((transfer.endpoint & ENDPOINT_IN) != 0);
	*out = transfer;
	return true;
}
