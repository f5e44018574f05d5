/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Any octets as a measurement, as a pod's name, and as a history of evidence:
 * what decodes encodes to the same octets, and a verdict changes only after
 * 20 s in which all evidence was for it.
 */
#include "protocol/rsc.h"

#include <stdlib.h>
#include <string.h>

#define AGREEMENT_US UINT64_C(20000000)
#define NAME_MAX_OCTETS 32

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check_measurement(const uint8_t *data, size_t size)
{
	struct rsc_measurement m;
	uint8_t again[16];
	size_t length;
	enum rsc_unit unit;

	if (!rsc_measurement_decode(data, size, &m))
		return;
	length = rsc_measurement_encode(&m, again, sizeof(again));
	require(length >= 4 && length <= size);
	require(memcmp(again, data, length) == 0);
	require(rsc_measurement_encode(&m, again, length - 1) == 0);
	for (unsigned height_cm = 0; height_cm < 260; height_cm += 50) {
		unit = rsc_unit_evidence(&m, m.speed * 16u, height_cm * 0.01);
		require(unit <= RSC_UNIT_STEPS);
		require(m.cadence > 0 || unit == RSC_UNIT_UNDECIDED);
		require(m.cadence <= 130 || unit == RSC_UNIT_STEPS);
	}
}

static void check_name(const uint8_t *data, size_t size)
{
	char name[NAME_MAX_OCTETS + 1] = "";

	memcpy(name, data, size < NAME_MAX_OCTETS ? size : NAME_MAX_OCTETS);
	require(rsc_unit_by_name(name) != RSC_UNIT_STRIDES);
}

/* An octet each: two bits of evidence, six of tenths of a second. */
static void check_verdict(const uint8_t *data, size_t size)
{
	struct rsc_unit_verdict verdict = { 0 };
	struct rsc_unit_verdict fixed = { .unit = RSC_UNIT_STEPS,
		                          .fixed = true };
	enum rsc_unit agreed = RSC_UNIT_UNDECIDED;
	uint64_t now_us = 1000000000, since_us = 0;

	for (size_t i = 0; i < size; i++) {
		enum rsc_unit before = verdict.unit;
		enum rsc_unit evidence = (enum rsc_unit)(data[i] % 3);

		now_us += (data[i] >> 2) * UINT64_C(100000);
		if (evidence != RSC_UNIT_UNDECIDED && evidence != agreed) {
			agreed = evidence;
			since_us = now_us;
		}
		rsc_unit_verdict_feed(&verdict, evidence, now_us);
		rsc_unit_verdict_feed(&fixed, evidence, now_us);
		if (verdict.unit != before)
			require(verdict.unit == agreed &&
			        now_us - since_us >= AGREEMENT_US);
	}
	require(fixed.unit == RSC_UNIT_STEPS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_measurement(data, size);
	check_name(data, size);
	check_verdict(data, size);
	return 0;
}
