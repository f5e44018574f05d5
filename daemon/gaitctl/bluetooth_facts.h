/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What there is of Bluetooth on this machine, as far as the one who asks may
 * see it: read, not changed. No daemon is needed. What it means is
 * doctor_bluetooth.c's.
 */
#ifndef GAITD_BLUETOOTH_FACTS_H
#define GAITD_BLUETOOTH_FACTS_H

#include "protocol/mgmt.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define BLUETOOTH_BLOCKS_MAX 8
#define BLUETOOTH_LINKS_MAX 16
#define BLUETOOTH_CAP_NET_ADMIN 12 /* its bit, capabilities(7) */

enum bluetooth_answer { BLUETOOTH_UNKNOWN, BLUETOOTH_NO, BLUETOOTH_YES };

struct bluetooth_facts {
	/* the kernel */
	char release[65], version[65]; /* uname(2) */
	bool module_loaded;
	enum bluetooth_answer module_installed; /* for this kernel */
	int socket_error; /* of the management socket; 0, or an errno */

	/* who asks */
	bool contained;      /* in a container */
	bool user_namespace; /* its root is not the machine's */
	bool no_new_privileges;
	uint64_t effective, bounding; /* capabilities */

	/* adapters */
	uint16_t devices[MGMT_INDEXES_MAX]; /* N of each hciN in sysfs */
	size_t device_count;
	struct {
		uint16_t index;
		bool informed;
		struct mgmt_info info;
	} adapters[MGMT_INDEXES_MAX]; /* that the kernel could start */
	size_t adapter_count;
	char idle_usb[24]; /* an adapter without a driver, as "0a12:0001" */

	struct {
		char name[32];
		bool soft, hard;
	} blocks[BLUETOOTH_BLOCKS_MAX]; /* rfkill switches of Bluetooth */
	size_t block_count;

	/* others */
	pid_t bluetoothd; /* 0: none is seen */
	struct {
		struct le_address address; /* its type is not told */
		uint16_t index;
	} links[BLUETOOTH_LINKS_MAX]; /* low energy, whoever has them */
	size_t link_count;
};

/* `root` is "" but for tests. */
void bluetooth_facts_read(struct bluetooth_facts *facts, const char *root);

/* ---- its parts ---- */
/* What files tell */
void bluetooth_facts_read_files(struct bluetooth_facts *facts, const char *root);
/* What the kernel answers on a management socket */
void bluetooth_facts_ask(struct bluetooth_facts *facts, int fd);

#endif
