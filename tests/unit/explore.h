/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Exhaustive tests of a state machine: the code itself is run through all
 * sequences of events up to a length, shortest first. A sequence that leads to
 * a state in which a shorter one has been is not gone on from.
 */
#ifndef GAITD_TEST_EXPLORE_H
#define GAITD_TEST_EXPLORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXPLORE_LENGTH_MAX 24

struct explore_model {
	const char *const *events; /* their names */
	size_t event_count;
	size_t length;       /* of the longest sequences */
	void (*begin)(void); /* in the first state */
	/* Lets it happen and checks all that must hold then; false: it cannot
	 * now. */
	bool (*happen)(size_t event);
	void (*end)(void); /* at the end of a sequence: what must hold when all
	                      is over */
	/* Of the state: the same for two of which the same can follow */
	uint64_t (*digest)(void);
};

/* Of what must hold; the first that does not is printed with its sequence. */
void explore_require(bool holds, const char *what);
#define EXPLORE_REQUIRE(condition) explore_require(condition, #condition)

/* How many states there are; 0: something did not hold. GAITD_EXPLORE_MORE in
 * the environment adds to the length: `make check-models`. */
size_t explore(const struct explore_model *model);

/* Folds `size` octets into a digest, which begins as EXPLORE_DIGEST. */
#define EXPLORE_DIGEST UINT64_C(14695981039346656037)
uint64_t explore_fold(uint64_t digest, const void *bytes, size_t size);
uint64_t explore_fold_number(uint64_t digest, uint64_t number);

#endif
