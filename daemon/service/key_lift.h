/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Takes the ANT+ network key out of a file's text before parsers see it: they,
 * and what they allocate and free, leave copies in memory that a core dump has.
 */
#ifndef GAITD_KEY_LIFT_H
#define GAITD_KEY_LIFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEY_LIFT_MAX 8 /* that one file may name, with those in comments */
#define KEY_LIFT_STAND_IN "0000000000000001" /* as long as a key, and good */

struct key_lift {
	char *text; /* as it was, other digits in the place of each key; a secret's memory */
	size_t length;
	uint8_t (*keys)[8]; /* one more than KEY_LIFT_MAX */
	size_t count;
};

/* False: no memory. A key in a notation that is not known here (escapes) stays
 * where it is. */
bool key_lift(struct key_lift *lift, const char *text, size_t length);
void key_lift_free(struct key_lift *lift);

/* The key that a value, 16 digits as they are in the text, stands for; the value
 * then is a stand-in, whatever it was. */
const uint8_t *key_lift_take(struct key_lift *lift, char *digits);

#endif
