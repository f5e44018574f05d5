/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Any octets as one datagram of the kernel's management interface: what it
 * points to lies inside it.
 */
#include "protocol/gap.h"
#include "protocol/mgmt.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check_inside(const uint8_t *at, size_t length, const uint8_t *data,
                         size_t size)
{
	if (at != NULL)
		require(at >= data && at + length <= data + size);
	else
		require(length == 0);
}

static void check_result(const uint8_t *result, size_t length)
{
	struct mgmt_index_list list;
	struct mgmt_version version;
	struct mgmt_info info;
	uint32_t settings;

	(void)mgmt_version_decode(result, length, &version);
	(void)mgmt_settings_decode(result, length, &settings);
	if (mgmt_index_list_decode(result, length, &list))
		require(list.count <= MGMT_INDEXES_MAX);
	if (mgmt_info_decode(result, length, &info))
		require(memchr(info.name, '\0', sizeof(info.name)) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gap_advertisement advertisement;
	struct mgmt_event e;

	if (!mgmt_event_decode(data, size, &e))
		return 0;
	check_inside(e.result, e.result_length, data, size);
	check_inside(e.advertising, e.advertising_length, data, size);
	if (e.result != NULL)
		check_result(e.result, e.result_length);
	if (e.advertising != NULL)
		(void)gap_decode(e.advertising, e.advertising_length,
		                 &advertisement);
	require(mgmt_status_text(e.status) != NULL);
	require(mgmt_reason_text(e.reason) != NULL);
	return 0;
}
