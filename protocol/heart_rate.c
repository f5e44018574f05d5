/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "protocol/heart_rate.h"

#include "protocol/cursor.h"
#include "protocol/packer.h"

#define FLAG_WIDE 0x01 /* the rate has two octets */
#define FLAG_CONTACT 0x02
#define FLAG_CONTACT_SUPPORTED 0x04
#define FLAG_ENERGY 0x08
#define FLAG_INTERVALS 0x10

static enum heart_rate_contact contact_of(uint8_t flags)
{
	if (!(flags & FLAG_CONTACT_SUPPORTED))
		return HEART_RATE_CONTACT_UNKNOWN;
	return flags & FLAG_CONTACT ? HEART_RATE_CONTACT_GOOD
	                            : HEART_RATE_CONTACT_NONE;
}

static void take_intervals(struct cursor *c, struct heart_rate_measurement *m)
{
	while (c->left >= 2 && m->interval_count < HEART_RATE_INTERVALS_MAX)
		m->intervals[m->interval_count++] = cursor_u16(c);
}

bool heart_rate_decode(const uint8_t *bytes, size_t length,
                       struct heart_rate_measurement *out)
{
	struct cursor c = cursor_over(bytes, length);
	struct heart_rate_measurement m = { .flags = cursor_u8(&c) };

	m.rate_bpm = m.flags & FLAG_WIDE ? cursor_u16(&c) : cursor_u8(&c);
	m.contact = contact_of(m.flags);
	m.has_energy = m.flags & FLAG_ENERGY;
	if (m.has_energy)
		m.energy_kj = cursor_u16(&c);
	if (c.failed)
		return false;
	if (m.flags & FLAG_INTERVALS)
		take_intervals(&c, &m);
	*out = m;
	return true;
}

static const uint8_t contact_flags[] = {
	[HEART_RATE_CONTACT_UNKNOWN] = 0,
	[HEART_RATE_CONTACT_NONE] = FLAG_CONTACT_SUPPORTED,
	[HEART_RATE_CONTACT_GOOD] = FLAG_CONTACT_SUPPORTED | FLAG_CONTACT,
};

size_t heart_rate_encode(const struct heart_rate_measurement *m, uint8_t *bytes,
                         size_t size)
{
	struct packer w = packer_into(bytes, size);
	uint32_t flags = contact_flags[m->contact];
	bool wide = m->rate_bpm > UINT8_MAX;

	flags |= wide ? FLAG_WIDE : 0;
	flags |= m->has_energy ? FLAG_ENERGY : 0;
	flags |= m->interval_count > 0 ? FLAG_INTERVALS : 0;
	packer_uint(&w, flags, 1);
	packer_uint(&w, m->rate_bpm, wide ? 2 : 1);
	if (m->has_energy)
		packer_uint(&w, m->energy_kj, 2);
	for (size_t i = 0; i < m->interval_count; i++)
		packer_uint(&w, m->intervals[i], 2);
	return packer_end(&w);
}
