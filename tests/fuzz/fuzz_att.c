/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Any octets as one ATT PDU: what decodes encodes to the same octets again,
 * but for a UUID that has a shorter form; its items lie inside the PDU.
 */
#include "protocol/att.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check_items(struct att_pdu list, const uint8_t *data, size_t size)
{
	struct att_declaration declaration;
	struct att_item item;
	size_t taken = 0;

	while (att_next_item(&list, &item)) {
		require(item.value >= data &&
		        item.value + item.length <= data + size);
		if (att_declaration_decode(item.value, item.length,
		                           &declaration))
			require(item.length == 5 || item.length == 19);
		taken++;
	}
	require(taken <= size / 2);
}

static void check_again(const struct att_pdu *pdu, const uint8_t *data,
                        size_t size)
{
	uint8_t again[ATT_MTU_MAX];
	struct att_pdu second;
	size_t length = att_encode(pdu, again, sizeof(again));

	if (size > sizeof(again)) {
		require(length == 0 || length < size);
		return;
	}
	require(length > 0 && length <= size);
	require(length < size || memcmp(again, data, size) == 0);
	require(att_decode(again, length, &second));
	require(second.start == pdu->start && second.handle == pdu->handle &&
	        uuid_equal(&second.type, &pdu->type));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct att_pdu pdu;

	if (size > 0) {
		require(att_opcode_name(data[0]) != NULL);
		require(att_error_text(data[0]) != NULL);
		(void)att_kind(data[0]);
	}
	if (!att_decode(data, size, &pdu))
		return 0;
	check_items(pdu, data, size);
	check_again(&pdu, data, size);
	return 0;
}
