/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "protocol/fit.h"

size_t fit_base_size(uint8_t base)
{
	switch (base) {
	case FIT_ENUM:
	case FIT_SINT8:
	case FIT_UINT8:
	case FIT_STRING:
	case FIT_UINT8Z:
	case FIT_BYTE:
		return 1;
	case FIT_SINT16:
	case FIT_UINT16:
	case FIT_UINT16Z:
		return 2;
	case FIT_SINT32:
	case FIT_UINT32:
	case FIT_FLOAT32:
	case FIT_UINT32Z:
		return 4;
	case FIT_FLOAT64:
	case FIT_SINT64:
	case FIT_UINT64:
	case FIT_UINT64Z:
		return 8;
	default:
		return 0;
	}
}

/* CRC-16/ARC: polynomial 0x8005, reflected, from 0 */
uint16_t fit_crc(uint16_t crc, const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		crc ^= bytes[i];
		for (unsigned bit = 0; bit < 8; bit++)
			crc = (uint16_t)(crc & 1 ? crc >> 1 ^ 0xa001 : crc >> 1);
	}
	return crc;
}
