/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * ANT+ foot pods, and the heart-rate strap that is configured, through a USB
 * stick: a live source.
 *
 * Unit 1 is the runner's pod: the one that is configured or paired. The others
 * that are heard are candidates, units 2 and up; whose they are is decided in
 * daemon/devices. Frames are handed on as they came.
 */
#ifndef GAITD_ANT_SOURCE_H
#define GAITD_ANT_SOURCE_H

#include "daemon/sources/source.h"

extern const struct source_live_ops ant_source;

#endif
