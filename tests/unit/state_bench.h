/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The state of a session on the bench: samples go in, seconds pass, metrics are read.
 */
#ifndef GAITD_STATE_BENCH_H
#define GAITD_STATE_BENCH_H

#include "daemon/core/state.h"

#define SECOND 1000000ull

extern struct state state;

/* At 100 s of its clock; a runner of whom nothing is known */
void start_as(const struct runner *runner);
void start(void);
void feed(enum sample_kind kind, int32_t value);
/* To the next whole second */
void tick(void);
void pass(unsigned seconds);
/* Whole seconds: what is not NaN is sent at the beginning of each. */
void go(double kmh, double incline, double spm, unsigned seconds);
double value_of(enum metric metric);

#define VALUE(name) value_of(METRIC_##name)
#define ABSENT(name) isnan(VALUE(name))
#define CHECK(name, number) CU_ASSERT_DOUBLE_EQUAL(VALUE(name), number, 1e-6)

#endif
