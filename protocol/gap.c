/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "protocol/gap.h"

#include "protocol/cursor.h"
#include "protocol/radio_text.h"

#include <string.h>

/* Assigned Numbers section 2.3 */
enum ad_type {
	AD_FLAGS = 0x01,
	AD_UUID16_SOME = 0x02,
	AD_UUID16_ALL = 0x03,
	AD_UUID32_SOME = 0x04,
	AD_UUID32_ALL = 0x05,
	AD_UUID128_SOME = 0x06,
	AD_UUID128_ALL = 0x07,
	AD_NAME_SHORT = 0x08,
	AD_NAME_COMPLETE = 0x09,
	AD_TX_POWER = 0x0a,
	AD_SERVICE_DATA16 = 0x16,
	AD_APPEARANCE = 0x19,
};

static void take_flags(struct gap_advertisement *out, const uint8_t *data,
                       size_t length)
{
	if (length == 0)
		return;
	out->has_flags = true;
	out->flags = data[0];
}

static bool has_service(const struct gap_advertisement *advertisement,
                        const struct uuid *uuid)
{
	for (size_t i = 0; i < advertisement->service_count; i++)
		if (uuid_equal(&advertisement->services[i], uuid))
			return true;
	return false;
}

/* An odd end of a list is no UUID and is left out. */
static void take_uuids(struct gap_advertisement *out, const uint8_t *data,
                       size_t length, size_t each)
{
	for (; length >= each; data += each, length -= each) {
		struct uuid uuid;

		if (out->service_count < GAP_SERVICES_MAX &&
		    uuid_decode(data, each, &uuid) && !has_service(out, &uuid))
			out->services[out->service_count++] = uuid;
	}
}

static void take_uuids16(struct gap_advertisement *out, const uint8_t *data,
                         size_t length)
{
	take_uuids(out, data, length, 2);
}

static void take_uuids32(struct gap_advertisement *out, const uint8_t *data,
                         size_t length)
{
	take_uuids(out, data, length, 4);
}

static void take_uuids128(struct gap_advertisement *out, const uint8_t *data,
                          size_t length)
{
	take_uuids(out, data, length, UUID_SIZE);
}

static void take_complete_name(struct gap_advertisement *out,
                               const uint8_t *data, size_t length)
{
	out->name_complete =
		radio_text(data, length, out->name, sizeof(out->name)) > 0;
}

/* The scan response may bring the complete name, in either order. */
static void take_short_name(struct gap_advertisement *out, const uint8_t *data,
                            size_t length)
{
	if (!out->name_complete)
		radio_text(data, length, out->name, sizeof(out->name));
}

static void take_tx_power(struct gap_advertisement *out, const uint8_t *data,
                          size_t length)
{
	if (length == 0)
		return;
	out->has_tx_power = true;
	out->tx_power_dbm = (int8_t)data[0];
}

static void take_appearance(struct gap_advertisement *out, const uint8_t *data,
                            size_t length)
{
	struct cursor c = cursor_over(data, length);
	uint16_t appearance = cursor_u16(&c);

	if (c.failed)
		return;
	out->has_appearance = true;
	out->appearance = appearance;
}

static void take_service_data(struct gap_advertisement *out,
                              const uint8_t *data, size_t length)
{
	struct cursor c = cursor_over(data, length);
	uint16_t uuid = cursor_u16(&c);
	uint8_t flags = cursor_u8(&c);

	if (c.failed || uuid != GAP_UUID_FITNESS_MACHINE)
		return;
	out->has_machine = true;
	out->machine_available = flags & 1;
	for (size_t i = 0; i < c.left && i < 2; i++)
		out->machines |= c.at[i];
}

static const struct structure {
	uint8_t type;
	void (*take)(struct gap_advertisement *out, const uint8_t *data,
	             size_t length);
} structures[] = {
	{ AD_FLAGS, take_flags },
	{ AD_UUID16_SOME, take_uuids16 },
	{ AD_UUID16_ALL, take_uuids16 },
	{ AD_UUID32_SOME, take_uuids32 },
	{ AD_UUID32_ALL, take_uuids32 },
	{ AD_UUID128_SOME, take_uuids128 },
	{ AD_UUID128_ALL, take_uuids128 },
	{ AD_NAME_SHORT, take_short_name },
	{ AD_NAME_COMPLETE, take_complete_name },
	{ AD_TX_POWER, take_tx_power },
	{ AD_SERVICE_DATA16, take_service_data },
	{ AD_APPEARANCE, take_appearance },
};

static void take_structure(struct gap_advertisement *out, uint8_t type,
                           const uint8_t *data, size_t length)
{
	for (size_t i = 0; i < sizeof(structures) / sizeof(structures[0]); i++)
		if (structures[i].type == type)
			structures[i].take(out, data, length);
}

bool gap_decode(const uint8_t *bytes, size_t length,
                struct gap_advertisement *out)
{
	struct cursor c = cursor_over(bytes, length);
	struct gap_advertisement advertisement = { 0 };
	bool any = false;

	while (c.left > 0) {
		uint8_t size = cursor_u8(&c);

		if (size == 0) /* early end of the significant part */
			break;
		if (size > c.left) {
			advertisement.malformed = true;
			break;
		}
		take_structure(&advertisement, c.at[0], c.at + 1, size - 1u);
		c.at += size;
		c.left -= size;
		any = true;
	}
	if (!any)
		return false;
	*out = advertisement;
	return true;
}

bool gap_offers(const struct gap_advertisement *advertisement, uint16_t uuid)
{
	struct uuid wanted = uuid_from16(uuid);

	return has_service(advertisement, &wanted) ||
	       (uuid == GAP_UUID_FITNESS_MACHINE && advertisement->has_machine);
}
