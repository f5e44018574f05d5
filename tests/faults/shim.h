/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What the shim's files share.
 */
#ifndef FAULTS_SHIM_H
#define FAULTS_SHIM_H

#include "tests/faults/control.h"

#include <dlfcn.h>

extern struct control *control __attribute__((visibility("hidden"))); /* NULL: none */

/* The function of that name that would be called without the shim */
#define REAL(name, ...) \
	static __typeof__(name) *real; \
	if (!real) \
		*(void **)&real = dlsym(RTLD_NEXT, #name); \
	return real(__VA_ARGS__)

/* shim_figures.c: heap and timers, if they are asked for */
void shim_measure(void) __attribute__((visibility("hidden")));

#endif
