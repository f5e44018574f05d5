/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * make bench-cadence: how far the cadence on display is off (cadence_error.h),
 * by kind of pod and share of messages lost.
 *
 *	bench_cadence [RUNS [FIRST-SEED]]
 *
 * The exit status is 1 when issue 4's limits are not kept. A pod that tells
 * neither its cadence nor when a stride was can be counted only by whole
 * strides; its rows are there to be looked at.
 */
#include "tests/bench/cadence_error.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define RUNS 20
#define MEDIAN_MOST 1.0
#define P99_MOST 4.0

static bool measure(const char *name, struct cadence_error_case which,
                    unsigned runs)
{
	uint64_t first = which.seed;
	struct cadence_error e, sum = { .seconds = 0 };
	double median = 0, p99 = 0;
	bool good;

	for (unsigned i = 0; i < runs; i++) {
		which.seed = first + i;
		cadence_error_measure(&which, &e);
		median += cadence_error_percentile(&e, 0.5) / runs;
		p99 += cadence_error_percentile(&e, 0.99) / runs;
		sum.seconds += e.seconds;
		sum.missing += e.missing;
		sum.halved += e.halved;
		sum.doubled += e.doubled;
		sum.stale += e.stale;
	}
	good = median < MEDIAN_MOST && p99 < P99_MOST && sum.halved == 0 &&
	       sum.doubled == 0 && sum.stale == 0;
	printf("%-22s %3u %% %9u %8.2f %8.2f %8u %8u %8u %8u  %s\n", name,
	       which.loss_percent, sum.seconds, median, p99, sum.halved, sum.doubled,
	       sum.stale, sum.missing, good ? "" : "NOT KEPT");
	return good;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		enum pod_kind pod;
		bool no_latency;
	} pods[] = {
		{ "ANT+, page 2", POD_ANT, false },
		{ "ANT+, strides alone", POD_ANT_STRIDES, false },
		{ "RSC, strides", POD_RSC_STRIDES, false },
		{ "strides, no latency", POD_ANT_STRIDES, true },
	};
	static const uint8_t losses[] = { 0, 8, 15, 23 };
	unsigned runs = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : RUNS;
	uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	bool good = true;

	printf("%-22s %5s %9s %8s %8s %8s %8s %8s %8s\n", "off by steps/min", "lost",
	       "seconds", "median", "99 %", "halved", "doubled", "stale", "missing");
	for (size_t i = 0; i < sizeof(pods) / sizeof(pods[0]); i++) {
		for (size_t j = 0; j < sizeof(losses) / sizeof(losses[0]); j++) {
			struct cadence_error_case which = {
				pods[i].pod, pods[i].no_latency, losses[j], first,
			};
			bool kept = measure(pods[i].name, which, runs);

			good &= kept || pods[i].no_latency; /* to look at */
		}
	}
	return !good;
}
