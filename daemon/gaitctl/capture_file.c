/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "daemon/gaitctl/capture_file.h"

#include "daemon/captures/btsnoop.h"
#include "daemon/captures/usb.h"
#include "daemon/service/log.h"
#include "daemon/service/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TOKEN "import"
#define HEAD_SIZE 512
#define LINE_MAX_OCTETS (32 * 1024)
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- btsnoop --------------------------------------------------------------- */

static void ends_in_the_middle(struct capture_file *file, uint64_t packets)
{
	if (!file->told)
		log_warn(TOKEN, "%s ends in the middle of packet %llu: what comes before it is "
		                "read", file->name, (unsigned long long)packets + 1);
	file->told = true;
}

/* One record; 1: it was handed on, 0: the file is over, -1: damaged */
static int next_record(FILE *in, struct capture *capture, const struct capture_link *link,
                       uint8_t *data)
{
	uint8_t head[BTSNOOP_RECORD_SIZE];
	struct btsnoop_record record;
	struct capture_packet packet;
	size_t got = fread(head, 1, sizeof(head), in);

	if (got == 0)
		return 0;
	if (got < sizeof(head) || !btsnoop_record(head, &record) ||
	    fread(data, 1, record.length, in) < record.length)
		return -1;
	packet = (struct capture_packet){ .t_us = record.t_us,
		                          .bytes = data,
		                          .length = record.length,
		                          .original = record.original,
		                          .flags = record.flags };
	capture_packet(capture, link, &packet);
	return 1;
}

static bool read_btsnoop(struct capture_file *file, struct capture *capture)
{
	uint8_t head[BTSNOOP_HEADER_SIZE], *data;
	const struct capture_link *link;
	uint64_t packets = 0;
	uint32_t number = 0;
	int got;

	if (fread(head, 1, sizeof(head), file->file) < sizeof(head) ||
	    !btsnoop_header(head, &number)) {
		log_error(TOKEN, "%s: expected btsnoop of version 1", file->name);
		return false;
	}
	link = capture_link(CAPTURE_BTSNOOP, number);
	if (!link) {
		log_error(TOKEN, "%s: btsnoop of link type %u: expected 1001 (HCI), 1002 (H4) or "
		                 "2001 (monitor)", file->name, number);
		return false;
	}
	data = malloc(BTSNOOP_DATA_MAX);
	if (!data)
		return false;
	while ((got = next_record(file->file, capture, link, data)) > 0)
		packets++;
	if (got < 0)
		ends_in_the_middle(file, packets);
	free(data);
	return true;
}

/* ---- usbmon's text ---------------------------------------------------------------- */

struct text_reader {
	uint8_t data[USB_TEXT_DATA_MAX];
	uint64_t last_us, wraps;
	uint64_t odd; /* lines that are none */
};

/* Its clock begins anew each 4096 s. */
static int64_t unwrapped(struct text_reader *reader, uint64_t t_us)
{
	if (t_us + USB_TEXT_WRAP_US / 2 < reader->last_us)
		reader->wraps++;
	reader->last_us = t_us;
	return (int64_t)(reader->wraps * USB_TEXT_WRAP_US + t_us);
}

static bool take_text(struct text_reader *reader, struct capture *capture,
                      const char *line, size_t length)
{
	struct capture_transfer transfer;
	uint64_t t_us;

	if (!usb_text(line, length, reader->data, &t_us, &transfer))
		return false;
	capture_transfer(capture, unwrapped(reader, t_us), &transfer);
	return true;
}

/* The rest of a line that is longer than any of usbmon's */
static void skip_line(FILE *in)
{
	int c;

	while ((c = getc(in)) != EOF && c != '\n')
		;
}

static bool read_usbmon(struct capture_file *file, struct capture *capture)
{
	struct text_reader *reader = calloc(1, sizeof(*reader));
	char *line = malloc(LINE_MAX_OCTETS);

	while (reader && line && fgets(line, LINE_MAX_OCTETS, file->file)) {
		size_t length = strcspn(line, "\n");

		if (line[length] != '\n' && length == LINE_MAX_OCTETS - 1)
			skip_line(file->file);
		if (!take_text(reader, capture, line, length) && length > 0)
			reader->odd++;
	}
	if (reader && reader->odd > 0 && !file->told)
		log_warn(TOKEN, "%s: %llu lines are none of usbmon's, and are skipped",
		         file->name, (unsigned long long)reader->odd);
	file->told = true;
	free(line);
	free(reader);
	return true;
}

/* ---- which one it is ------------------------------------------------------------------ */

static bool is_btsnoop(const char *head, size_t length)
{
	return length >= 8 && memcmp(head, "btsnoop", 8) == 0;
}

static bool is_pcap(const char *head, size_t length)
{
	static const char magics[][4] = {
		{ '\xa1', '\xb2', '\xc3', '\xd4' }, { '\xd4', '\xc3', '\xb2', '\xa1' },
		{ '\xa1', '\xb2', '\x3c', '\x4d' }, { '\x4d', '\x3c', '\xb2', '\xa1' },
		{ '\xa1', '\xb2', '\xcd', '\x34' }, { '\x34', '\xcd', '\xb2', '\xa1' },
		{ '\x0a', '\x0d', '\x0d', '\x0a' }, /* pcapng */
	};

	for (size_t i = 0; length >= 4 && i < COUNT(magics); i++) {
		if (memcmp(head, magics[i], 4) == 0)
			return true;
	}
	return false;
}

/* Its first line that holds anything */
static bool is_usbmon(const char *head, size_t length)
{
	uint8_t data[USB_TEXT_DATA_MAX];
	struct capture_transfer transfer;
	const char *end = memchr(head, '\n', length);
	uint64_t t_us;

	return usb_text(head, end ? (size_t)(end - head) : length, data, &t_us, &transfer);
}

static bool begins(const char *head, size_t length, const char *with)
{
	return length >= strlen(with) && memcmp(head, with, strlen(with)) == 0;
}

/* What people hand over instead, and what to do about it */
static const char *advice(const char *head, size_t length)
{
	if (length == 0)
		return "it is empty";
	if (begins(head, length, "\x1f\x8b") || begins(head, length, "PK"))
		return "it is compressed: unpack it first; of an Android bug report the log is "
		       "FS/data/misc/bluetooth/logs/btsnoop_hci.log";
	if (begins(head, length, "# gaitd recording"))
		return "it is a recording already: gaitd --replay plays it";
	if (begins(head, length, "========") || begins(head, length, "== dumpstate"))
		return "it is an Android bug report: take FS/data/misc/bluetooth/logs/"
		       "btsnoop_hci.log out of it, with the HCI snoop log turned on";
	return "expected btsnoop, pcap, pcapng, or usbmon's text";
}

#ifndef WITH_PCAP
bool capture_pcap_read(struct capture_file *file, struct capture *capture)
{
	(void)capture;
	log_error(TOKEN, "%s: this gaitctl was built without libpcap, which reads pcap and "
	                 "pcapng", file->name);
	return false;
}
#endif

static const struct format {
	const char *name;
	bool (*is)(const char *head, size_t length);
	bool (*read)(struct capture_file *file, struct capture *capture);
	bool wall_clock;
} formats[] = {
	{ "btsnoop", is_btsnoop, read_btsnoop, true },
	{ "pcap or pcapng", is_pcap, capture_pcap_read, true },
	{ "usbmon's text", is_usbmon, read_usbmon, false },
};

/* ---- the file --------------------------------------------------------------------------- */

/* A pipe is read into a file that nobody else sees: it is read twice. */
static FILE *copied(FILE *in)
{
	FILE *out = tmpfile();
	char block[65536];
	size_t got;

	while (out && (got = fread(block, 1, sizeof(block), in)) > 0) {
		if (fwrite(block, 1, got, out) < got) {
			fclose(out);
			return NULL;
		}
	}
	return out;
}

static FILE *open_input(const char *path)
{
	FILE *in = strcmp(path, "-") == 0 ? fdopen(dup(STDIN_FILENO), "rb") : fopen(path, "rbe");
	struct stat about;
	FILE *copy;

	if (!in || fstat(fileno(in), &about) != 0)
		return in;
	if (S_ISDIR(about.st_mode)) {
		fclose(in);
		errno = EISDIR;
		return NULL;
	}
	if (S_ISREG(about.st_mode))
		return in;
	copy = copied(in);
	fclose(in);
	return copy;
}

bool capture_file_open(struct capture_file *file, const char *path, int *status)
{
	char head[HEAD_SIZE];
	size_t length;

	*file = (struct capture_file){ .file = open_input(path),
		                       .name = strcmp(path, "-") == 0 ? "standard input"
		                                                      : path };
	*status = EXIT_FAILED;
	if (!file->file) {
		if (errno == EACCES)
			*status = EXIT_PERMISSION;
		log_error(TOKEN, "cannot read %s: %s", file->name, strerror(errno));
		return false;
	}
	rewind(file->file);
	length = fread(head, 1, sizeof(head), file->file);
	for (size_t i = 0; i < COUNT(formats); i++) {
		if (!formats[i].is(head, length))
			continue;
		file->format = formats[i].name;
		file->read = formats[i].read;
		file->wall_clock = formats[i].wall_clock;
		return true;
	}
	log_error(TOKEN, "%s is no capture: %s", file->name, advice(head, length));
	capture_file_close(file);
	return false;
}

bool capture_file_read(struct capture_file *file, struct capture *capture)
{
	rewind(file->file);
	return file->read(file, capture);
}

void capture_file_close(struct capture_file *file)
{
	if (file->file)
		fclose(file->file);
	file->file = NULL;
}
