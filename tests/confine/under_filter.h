/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#ifndef CONFINE_UNDER_FILTER_H
#define CONFINE_UNDER_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#define UNDER_CALLS_MAX 1024 /* numbers of system calls */
#define UNDER_PATH_MAX 4096
#define UNDER_PLACES_MAX 16

struct sock_filter;

/* What a program is held to */
struct under {
	char program[UNDER_PATH_MAX], list[UNDER_PATH_MAX];
	char refused[UNDER_PATH_MAX], written[UNDER_PATH_MAX]; /* reports */
	bool allowed[UNDER_CALLS_MAX];
	char places[UNDER_PLACES_MAX][UNDER_PATH_MAX]; /* where it may write */
	unsigned place_count;
};

/* The calls by which a file system is written to, allowed or not. In front of the
 * rest of a filter; returns how many instructions. */
unsigned short watch_filter(struct sock_filter *out);

/* Beside the program: refuses what is not allowed, and reports it; reports what is
 * written elsewhere. Returns when nobody is left under the filter. */
void watch(const struct under *under, int listener);

#endif
