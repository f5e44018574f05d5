/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Rules as nobody would write them, but might: each key of gaitd-rules(5) that
 * says when a rule speaks, with conditions of all forms over a few metrics.
 */
#ifndef GAITD_RANDOM_RULES_H
#define GAITD_RANDOM_RULES_H

#include "daemon/rules/metrics.h"
#include "daemon/simulator/dice.h"

/* A rule file of `count` rules r0, r1, ... and some more; to be freed */
char *random_rules(struct dice *dice, unsigned count);
/* Of a metric: absent, or near where such rules turn */
double random_rules_value(struct dice *dice, enum metric metric);

#endif
