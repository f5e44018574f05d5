/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * write_capture FORMAT LINK-TYPE: a capture file for tests, out of lines
 * "MICROSECONDS FLAGS HEX" on standard input. FORMAT is btsnoop, pcap (big-endian:
 * PCAP) or pcapng.
 */
#include "protocol/hex.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BTSNOOP_EPOCH_US UINT64_C(0x00dcddb30f2f8000)

static void put(uint64_t value, int count, bool big)
{
	for (int i = 0; i < count; i++)
		putchar((int)(value >> 8 * (big ? count - 1 - i : i) & 0xff));
}

static void put_words(const uint32_t *words, size_t count, bool big)
{
	for (size_t i = 0; i < count; i++)
		put(words[i], 4, big);
}

static void put_head(const char *format, uint32_t link)
{
	if (strcmp(format, "btsnoop") == 0) {
		fwrite("btsnoop", 1, 8, stdout);
		put_words((uint32_t[]){ 1, link }, 2, true);
	} else if (strcmp(format, "pcapng") == 0) {
		put_words((uint32_t[]){ 0x0a0d0d0a, 28, 0x1a2b3c4d, 1, UINT32_MAX, UINT32_MAX,
		                        28, 1, 20, link, 0, 20 },
		          12, false);
	} else {
		bool big = format[0] == 'P';

		put(0xa1b2c3d4, 4, big);
		put(2, 2, big);
		put(4, 2, big);
		put_words((uint32_t[]){ 0, 0, 0x40000, link }, 4, big);
	}
}

static void put_packet(const char *format, uint64_t t_us, uint32_t flags,
                       const uint8_t *bytes, uint32_t length)
{
	uint32_t padded = (length + 3) / 4 * 4;
	bool ng = strcmp(format, "pcapng") == 0;

	if (strcmp(format, "btsnoop") == 0) {
		put_words((uint32_t[]){ length, length, flags, 0 }, 4, true);
		put(t_us + BTSNOOP_EPOCH_US, 8, true);
	} else if (ng) {
		put_words((uint32_t[]){ 6, 32 + padded, 0, (uint32_t)(t_us >> 32),
		                        (uint32_t)t_us, length, length },
		          7, false);
	} else {
		put_words((uint32_t[]){ (uint32_t)(t_us / 1000000), (uint32_t)(t_us % 1000000),
		                        length, length },
		          4, format[0] == 'P');
	}
	fwrite(bytes, 1, length, stdout);
	if (ng) {
		put(0, (int)(padded - length), false);
		put(32 + padded, 4, false);
	}
}

int main(int argc, char **argv)
{
	unsigned long long t_us;
	char hex[8192];
	uint8_t bytes[4096];
	unsigned flags;

	if (argc != 3) {
		fputs("usage: write_capture btsnoop|pcap|PCAP|pcapng LINK-TYPE\n", stderr);
		return 2;
	}
	put_head(argv[1], (uint32_t)strtoul(argv[2], NULL, 10));
	while (scanf("%llu %x %8191s", &t_us, &flags, hex) == 3) {
		uint32_t length = 0;

		while (hex[2 * length] && hex_octet(hex + 2 * (size_t)length, &bytes[length]))
			length++;
		put_packet(argv[1], t_us, flags, bytes, length);
	}
	return ferror(stdout) ? 1 : 0;
}
