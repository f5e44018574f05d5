/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * make bench-claims: for how long do two consoles have one foot pod (site.h)?
 *
 *	bench_claims [CLASHES [FIRST-SEED]]
 *
 * A table, a row for each time that a message takes at most between two consoles,
 * broker and network together. Wall clocks are up to 5 s off. By the second: where
 * no display's word tells gaitd-mqtt that the pod is another.
 */
#include "tests/bench/site.h"

#include <stdio.h>
#include <stdlib.h>

#define CLASHES 2000

static int by_value(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* False: some did not settle, or the later one kept it. */
static bool measure(uint64_t seed, size_t clashes, int64_t latency_ms, int64_t apart_ms, bool told)
{
	int64_t *both_ms = calloc(clashes, sizeof(*both_ms));
	size_t wrong = 0, kept = 0, middle, late;

	if (!both_ms)
		return false;
	for (size_t i = 0; i < clashes; i++) {
		struct site_clash clash = site_clash(seed + i, latency_ms, apart_ms, told);

		both_ms[i] = clash.both_ms;
		kept += clash.earlier_kept;
		wrong += !clash.settled || (apart_ms > latency_ms && !clash.earlier_kept);
	}
	qsort(both_ms, clashes, sizeof(*both_ms), by_value);
	middle = clashes / 2, late = clashes * 99 / 100;
	printf("%10lld %9lld   %-13s %8.2f %8.2f %8.2f %9.1f %% %6zu\n", (long long)latency_ms,
	       (long long)apart_ms, told ? "at once" : "by the second",
	       (double)both_ms[middle] / 1000, (double)both_ms[late] / 1000,
	       (double)both_ms[clashes - 1] / 1000, 100.0 * (double)kept / (double)clashes, wrong);
	free(both_ms);
	return wrong == 0;
}

int main(int argc, char **argv)
{
	static const int64_t latencies_ms[] = { 0, 20, 100, 300, 500, 1000 }, aparts_ms[] = { 0, 30000 };
	size_t clashes = argc > 1 ? strtoull(argv[1], NULL, 10) : CLASHES;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	bool good = clashes > 0;

	printf("message ms  apart ms   told of it    median s    99 %% s   most s  earlier kept  wrong\n");
	for (size_t told = 0; told < 2; told++) {
		for (size_t apart = 0; apart < 2; apart++) {
			for (size_t i = 0; i < sizeof(latencies_ms) / sizeof(latencies_ms[0]); i++)
				good = measure(seed, clashes, latencies_ms[i], aparts_ms[apart],
				               told) && good;
		}
	}
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
