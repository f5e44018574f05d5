/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#ifndef GAITD_PRIVILEGE_H
#define GAITD_PRIVILEGE_H

#include <stdbool.h>

/* Gives up every capability for good, root's too, and the way to get one by
 * executing something. Descriptors keep what they were opened with. False, and
 * said, if the kernel refuses. */
bool privilege_drop(void);

#endif
