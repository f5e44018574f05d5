/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Which attributes a simulated device has, at which handles: tables as the
 * GATT client writes them of real machines (gatt_table.h), some of them from
 * public dumps.
 */
#ifndef GAITD_LAYOUT_H
#define GAITD_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

enum role {
	ROLE_TREADMILL,
	ROLE_FOOTPOD,
	ROLE_STRAP,
};
#define ROLES 3

struct layout {
	const char *name;
	enum role role;
	const char *summary;
	const char *table;
	/* How it advertises and speaks, beside its handles */
	bool machine_in_scan_response; /* its FTMS service data */
	bool no_machine;               /* or nowhere */
	bool long_uuids; /* 0x1826 is sent as 16 octets, as any UUID may be */
};

size_t layout_count(void);
const struct layout *layout_at(size_t index);
/* NULL: none of that name for that role. Each role has a "plain" one. */
const struct layout *layout_find(enum role role, const char *name);

#endif
