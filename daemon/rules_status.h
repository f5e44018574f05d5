/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What the coach makes of each rule now: the reply to {"cmd":"rules","from":0}.
 *
 *   {"total":40,"from":0,"states":[{"id":"cadence-low","level":"form","true":true,
 *    "held":false,"count":2,"state":"holding","left_s":4},
 *    {"id":"...","state":"muted","by":"pain-mild", ...}, ...]}
 *
 * As many as a line has room for, in the order in which they are asked; the rest is
 * asked for from there on. "state" is what keeps a rule quiet, as `gaitctl rules why
 * --json` names it, "by" the rule that does, "left_s" how long it still will if time
 * alone ends it. Rules that are disabled are among them.
 */
#ifndef GAITD_RULES_STATUS_H
#define GAITD_RULES_STATUS_H

#include "daemon/core/pipeline.h"

#include <jansson.h>

void rules_status(const struct coach *coach, size_t from, uint64_t now_us, json_t *reply);

#endif
