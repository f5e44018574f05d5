/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The files that captures come in: which one it is, and its packets one by one,
 * however long it is.
 */
#ifndef GAITD_GAITCTL_CAPTURE_FILE_H
#define GAITD_GAITCTL_CAPTURE_FILE_H

#include "daemon/captures/capture.h"

#include <stdio.h>

struct capture_file {
	FILE *file; /* that can go back to its beginning */
	const char *name;
	const char *format; /* "pcap or pcapng", set by capture_file_open() */
	bool wall_clock; /* its times are since 1970 */
	bool told; /* that it ends in the middle, and the like */
	bool (*read)(struct capture_file *file, struct capture *capture);
};

/* Opens PATH ("-": standard input, which is copied if it is a pipe). False, said:
 * it cannot be read, or is none of the formats known here. */
bool capture_file_open(struct capture_file *file, const char *path, int *status);
/* Hands every packet to the capture, from the beginning. A file that ends in the
 * middle of a packet is said, once, and good up to there. False, said: its packets
 * are of no kind known here. */
bool capture_file_read(struct capture_file *file, struct capture *capture);
void capture_file_close(struct capture_file *file);

/* Of pcap and pcapng; without libpcap it says so. */
bool capture_pcap_read(struct capture_file *file, struct capture *capture);

#endif
