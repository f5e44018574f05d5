/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Bluetooth LE as a live source: one adapter; on it a treadmill, a foot pod and
 * a heart-rate strap, each linked with as it is configured, paired or found.
 *
 *   treadmill   treadmill.address, else treadmill.name, else the paired one,
 *               else the only one that is near
 *   foot pod    footpod.address, else the paired one, else, for two
 *               minutes after a belt is linked with or begins to run, one
 *               that is near: as a candidate, which counts
 *               if it runs with the belt
 *   strap       the paired one
 *
 * A device whose address is known is linked with without a scan, and so
 * without any privilege. A scan runs only while something is searched.
 */
#ifndef GAITD_BLUETOOTH_H
#define GAITD_BLUETOOTH_H

#include "daemon/sources/source.h"

extern const struct source_live_ops bluetooth_source;

#endif
