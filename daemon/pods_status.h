/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The foot pods around, as gaitctl pair footpod is told of them: the reply to
 * {"cmd":"pods"}.
 *
 *   {"step":"chosen","pods":[{"id":"ant 57043","name":"57043","fit":"chosen",
 *    "rssi_dbm":-58,"cadence_spm":162.0,"speed_kmh":9.9}, ...],"more":12}
 *
 * "step": "own" (the runner's own pod is heard), "standing" (start the belt),
 * "judging", "chosen", "several", "refused" (by the runner's answer), or "none"
 * (let the belt stand: it is not heard, has not stood for long enough that its
 * start would be seen to, or was started and not seen to). "fit": "own",
 * "chosen", "may", "no", or "unknown". A pod has an id as soon as it told one;
 * the others' numbers are left out when they are not known. The daemon
 * adds "configured": whether its configuration names a pod, which goes before
 * one that is paired.
 */
#ifndef GAITD_PODS_STATUS_H
#define GAITD_PODS_STATUS_H

#include "daemon/devices/pods.h"

#include <jansson.h>

void pods_status(const struct pods *pods, uint64_t now_us, json_t *reply);

#endif
