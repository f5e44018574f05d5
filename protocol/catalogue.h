/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * A message catalogue: the .mo file that msgfmt makes out of a translator's .po
 * (the GNU gettext manual, "The Format of GNU MO Files"). gettext() itself is
 * of one language a process and silent where the system lacks the locale; this
 * reads the same files, as many at once as there are runners' languages, and
 * trusts none of them. No descriptors: whoever has the bytes hands them in.
 */
#ifndef GAITD_CATALOGUE_H
#define GAITD_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CATALOGUE_MAX (1024 * 1024) /* octets of a file */

struct catalogue {
	const uint8_t *bytes; /* borrowed */
	size_t length;
	bool big_endian;
	uint32_t count;
	uint32_t ids_at, texts_at; /* tables of length and offset */
};

/* True if all of it is sound: every string lies within `bytes`, ends there, is
 * UTF-8 and not empty; only the header, the text of "", may hold control
 * characters. `out`
 * borrows `bytes`. False leaves `out` untouched. */
bool catalogue_open(struct catalogue *out, const void *bytes, size_t length);

/* The translation of `id`; NULL: it has none. */
const char *catalogue_text(const struct catalogue *c, const char *id);

/* The id of each message by number, 0 .. count - 1, in the order of octets; the
 * header's is "". */
const char *catalogue_id(const struct catalogue *c, uint32_t index);

/* The value of "Name: value" in the header, cut to `size`. False: none there. */
bool catalogue_field(const struct catalogue *c, const char *name, char *out,
                     size_t size);

#endif
