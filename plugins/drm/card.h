/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * A screen of the kernel's, without X: one connector of a card, two dumb
 * buffers, shown in turns. Whatever goes wrong is said once, and tried again.
 */
#ifndef GAITD_DRM_CARD_H
#define GAITD_DRM_CARD_H

#include <stdbool.h>
#include <stdint.h>

struct card;

struct card_settings {
	const char *device; /* NULL: the first that has a screen */
	int width, height;  /* a mode of that size, if there is one; 0: its best */
	/* What the user should know, such as that another program has the screen;
	 * said once until it changes */
	void (*say)(const char *words);
};

enum card_result {
	CARD_GOOD,
	CARD_ABSENT, /* no such device, or none that can draw */
	CARD_DENIED, /* no permission */
	CARD_FAILED, /* no memory */
};

/* The device is there, if not a screen on it yet. */
enum card_result card_open(struct card **card, const struct card_settings *settings);
void card_close(struct card *card); /* NULL is fine */

/* Looks whether a screen came or went, or is ours again: true if it is black
 * now. Call it so often. */
#define CARD_CHECK_MS 1000
bool card_check(struct card *card);

int card_fd(const struct card *card); /* -1: none now */
void card_readable(struct card *card);

/* Whether a picture can be shown now, and of which size */
bool card_is_ready(const struct card *card, int *width, int *height);
/* Shows rows of 0x00rrggbb, `stride` octets apart. */
void card_show(struct card *card, const void *pixels, int stride);

#endif
