/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl prompt --test: a prompt of each level, one after another, on the
 * displays that are there. It stands beside the core: nothing of it is coached
 * by, recorded or learnt from, and a real prompt ends it.
 */
#ifndef GAITD_PROMPT_TEST_H
#define GAITD_PROMPT_TEST_H

#include "daemon/core/outcome.h"
#include "daemon/displays/hub.h"
#include "daemon/service/control.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define PROMPT_TEST_EACH_MS 3000

struct prompt_test;

/* `hub` is borrowed. NULL: out of memory. */
struct prompt_test *prompt_test_new(struct event_base *base, struct hub *hub,
                                    uint32_t each_ms);
void prompt_test_free(struct prompt_test *test); /* NULL is fine */

/* Takes every outcome of the core, and hands it on to the hub: what is real has
 * the displays to itself. */
void prompt_test_outcome(struct prompt_test *test, const struct outcome *outcome);
/* True: the input was to a prompt of the test, and is not the core's. */
bool prompt_test_input(struct prompt_test *test,
                       const struct display_request *input);
/* Begins it, or says in "error" why not. */
bool prompt_test_begin(struct prompt_test *test, json_t *reply);
/* Shows `name` on every display for some seconds, so that whoever looks for this
 * console among many finds it; not while a prompt is shown. */
bool prompt_test_identify(struct prompt_test *test, const char *name, json_t *reply);
extern const struct control_verb prompt_test_verbs[]; /* their `user`: the test */

#endif
