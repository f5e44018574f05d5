/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What this process may do, tried from the inside: a unit's sandbox keeps things
 * from the daemon that whoever looks for the fault can see. The reply to
 * {"cmd":"confinement"}:
 *
 *   {"uid":997,"network_namespace":4026531840,"user_namespace":false,
 *    "no_new_privileges":true,"bounding":"0000000000001000",
 *    "bluetooth_errno":0,"netlink_errno":0,"usb_errno":0,
 *    "state":"/var/lib/gaitd","state_errno":0,"state_free_kib":8123456}
 *
 * An errno of 0 says that it may.
 */
#ifndef GAITD_CONFINEMENT_H
#define GAITD_CONFINEMENT_H

#include "daemon/service/control.h"

/* A control_verb_fn; `user` is not looked at. */
bool confinement_answer(const json_t *request, json_t *reply, void *user);

#endif
