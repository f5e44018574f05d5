/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * The page, built in: embed.sh writes page.c from page/.
 */
#ifndef GAITD_WEB_PAGE_H
#define GAITD_WEB_PAGE_H

#include <stddef.h>

struct page_file {
	const char *path; /* of the URL */
	const char *type;
	const unsigned char *bytes;
	size_t length;
};

extern const struct page_file page_files[]; /* ends with a NULL path */

#endif
