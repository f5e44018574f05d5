/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "tests/bench/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS_MAX 100

void table_ratio(const char *what, const char *unit, double gaitd, double floor,
                 double limit)
{
	printf("%s\t%s\t%.4g\t%.4g\t", what, unit, gaitd, floor);
	if (limit > 0)
		printf("x%g", limit);
	printf("\n");
	fflush(stdout);
}

void table_value(const char *what, const char *unit, double gaitd, double limit)
{
	printf("%s\t%s\t%.6g\t\t", what, unit, gaitd);
	if (limit >= 0)
		printf("%g", limit);
	printf("\n");
	fflush(stdout);
}

double table_clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double table_part(double *values, size_t count, double p)
{
	qsort(values, count, sizeof(values[0]), by_size);
	return values[(size_t)((double)(count - 1) * p + 0.5)];
}

static double took_ns(table_fn *fn, void *user, double count)
{
	double start = table_clock_ns();

	fn(user);
	return (table_clock_ns() - start) / count;
}

void table_compare(table_fn *ours, table_fn *floor, void *user, unsigned rounds,
                   double count, double *ours_ns, double *floor_ns)
{
	double a[ROUNDS_MAX], b[ROUNDS_MAX];

	if (rounds > ROUNDS_MAX)
		rounds = ROUNDS_MAX;
	ours(user);
	floor(user);
	for (unsigned i = 0; i < rounds; i++) {
		a[i] = took_ns(ours, user, count);
		b[i] = took_ns(floor, user, count);
	}
	*ours_ns = table_part(a, rounds, 0.5);
	*floor_ns = table_part(b, rounds, 0.5);
}

void table_fail(const char *what)
{
	fprintf(stderr, "bench: %s\n", what);
	exit(1);
}
