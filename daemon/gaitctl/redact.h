/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Takes out of texts what tells who runs where: addresses, numbers of pods, names
 * of people and machines, keys, PINs, pain. What is taken out leaves a pseudonym
 * that is the same at each place, "addr-1", so that a reader can still follow one
 * device through a log. It errs on the side of too much.
 */
#ifndef GAITD_REDACT_H
#define GAITD_REDACT_H

#include <jansson.h>

struct redact;

struct redact *redact_new(void); /* NULL: out of memory */
void redact_free(struct redact *redact);

/* From now on this word or name, in any case of letters, becomes "KIND-N"; a text
 * of less than two letters is left alone. `kind` is borrowed. */
void redact_hide(struct redact *redact, const char *kind, const char *word);

/* The text without all that, to be given back by free(); NULL: out of memory. */
char *redact_text(struct redact *redact, const char *text);

/* The same of every text in there; names of members are ours and stay. Numbers stay
 * but for those of members that hold a device's number. */
json_t *redact_json(struct redact *redact, const json_t *value);

#endif
