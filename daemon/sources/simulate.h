/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The simulator as a source: `gaitd --simulate SCENARIO [--seed N]`.
 */
#ifndef GAITD_SIMULATE_H
#define GAITD_SIMULATE_H

#include "daemon/core/pipeline.h"
#include "daemon/sources/source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define SIMULATE_SEED 1 /* the seed when none is given */

struct simulate;

/* The object for these is the struct simulate; `free` frees it. */
extern const struct source_player_ops simulate_ops;

/* Opens the scenario of that name and puts its runner into settings->runner,
 * whom the pipeline shall coach; `rules` and `settings` are those of that
 * pipeline, used now and not kept: a scenario that hurries to its first prompt
 * is run through a pipeline of its own to find when that comes.
 * NULL with `why` (at most `size` octets) saying what is wrong and what to do:
 * no such scenario (a near name is proposed) or no memory. */
struct simulate *simulate_open(const char *scenario, uint64_t seed,
                               const struct ruleset *rules,
                               struct pipeline_settings *settings, char *why,
                               size_t size);

/* The scenario's runner as a recording's `# Runner:` line has it, for the
 * recorder: {"height_m":1.75, ...}; and its name, for `# Model:`. */
const char *simulate_runner_json(const struct simulate *simulate);
const char *simulate_model(const struct simulate *simulate);

/* `--simulate list`: a line each, name and what it shows. */
void simulate_print_list(FILE *out);

#endif
