/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * pcap and pcapng, read by libpcap.
 */
#include <config.h>

#include "daemon/gaitctl/capture_file.h"

#include "daemon/service/log.h"

#include <pcap/pcap.h>
#include <stdlib.h>
#include <unistd.h>

#define TOKEN "import"

/* libpcap closes what it is given. */
static pcap_t *open_pcap(struct capture_file *file)
{
	char why[PCAP_ERRBUF_SIZE] = "out of memory";
	int fd = dup(fileno(file->file));
	FILE *mine = fd < 0 ? NULL : fdopen(fd, "rb");
	pcap_t *pcap;

	if (!mine || lseek(fd, 0, SEEK_SET) != 0) {
		log_error(TOKEN, "%s: cannot be read from its beginning", file->name);
		if (mine)
			fclose(mine);
		return NULL;
	}
	pcap = pcap_fopen_offline(mine, why);
	if (!pcap) {
		log_error(TOKEN, "%s: %s", file->name, why);
		fclose(mine);
	}
	return pcap;
}

static void name_link_types(const struct capture_file *file, int type)
{
	const char *name = pcap_datalink_val_to_name(type);

	log_error(TOKEN, "%s: packets of link type %s (%d): expected those of a Bluetooth LE "
	                 "sniffer (NORDIC_BLE, BLUETOOTH_LE_LL, with header or without), of a "
	                 "host's Bluetooth (HCI H4, the Linux monitor) or of a USB (usbmon, "
	                 "USBPcap)", file->name, name ? name : "unknown", type);
}

static int64_t time_us(const struct pcap_pkthdr *head)
{
	return (int64_t)((uint64_t)head->ts.tv_sec * 1000000u + (uint64_t)head->ts.tv_usec);
}

static void read_packets(struct capture_file *file, struct capture *capture, pcap_t *pcap,
                         const struct capture_link *link)
{
	struct pcap_pkthdr *head;
	const u_char *bytes;
	uint64_t count = 0;
	int got;

	while ((got = pcap_next_ex(pcap, &head, &bytes)) == 1) {
		struct capture_packet packet = { .t_us = time_us(head),
			                         .bytes = bytes,
			                         .length = head->caplen,
			                         .original = head->len };

		capture_packet(capture, link, &packet);
		count++;
	}
	if (got == PCAP_ERROR && !file->told) {
		log_warn(TOKEN, "%s, packet %llu: %s; what comes before it is read", file->name,
		         (unsigned long long)count + 1, pcap_geterr(pcap));
		file->told = true;
	}
}

bool capture_pcap_read(struct capture_file *file, struct capture *capture)
{
	pcap_t *pcap = open_pcap(file);
	const struct capture_link *link;

	if (!pcap)
		return false;
	link = capture_link(CAPTURE_PCAP, (uint32_t)pcap_datalink(pcap));
	if (link)
		read_packets(file, capture, pcap, link);
	else
		name_link_types(file, pcap_datalink(pcap));
	pcap_close(pcap);
	return link != NULL;
}
