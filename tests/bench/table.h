/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A row of the table that `make bench` prints (tests/bench/table.sh makes columns
 * of them, with the ratio and the verdict), and what measuring takes.
 */
#ifndef GAITD_BENCH_TABLE_H
#define GAITD_BENCH_TABLE_H

#include <stddef.h>
#include <stdint.h>

/* `limit` is of gaitd's figure over the floor's; 0: no limit is set. */
void table_ratio(const char *what, const char *unit, double gaitd, double floor,
                 double limit);
/* `limit` is of gaitd's figure itself; negative: none is set. */
void table_value(const char *what, const char *unit, double gaitd, double limit);

/* Nanoseconds of this processor's time */
double table_clock_ns(void);

/* Two ways to do one thing, by turns, `rounds` of each: the median of each, in
 * nanoseconds a call of `count` things. */
typedef void table_fn(void *user);
void table_compare(table_fn *ours, table_fn *floor, void *user, unsigned rounds,
                   double count, double *ours_ns, double *floor_ns);

/* Sorts `values`; the p-th part of them lies below the outcome. */
double table_part(double *values, size_t count, double p);

/* Ends the program: a bench that cannot measure says why. */
void table_fail(const char *what) __attribute__((noreturn));

/* A sum that order and place count in: FNV-1a of whole numbers */
#define TABLE_SUM UINT64_C(14695981039346656037)
static inline uint64_t table_sum(uint64_t sum, uint64_t value)
{
	return (sum ^ value) * UINT64_C(1099511628211);
}

/* What is worked out is not thrown away as unused. */
static inline void table_use(const void *what)
{
	__asm__ volatile("" : : "r"(what) : "memory");
}

#endif
