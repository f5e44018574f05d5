/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A USB port that is not there: what a program sees of a stick in it through
 * the kernel's usbfs, played by umockdev. The program runs unmodified.
 */
#ifndef GAITD_TEST_PORT_H
#define GAITD_TEST_PORT_H

#include "daemon/peripheral/stick.h"

#include <stdbool.h>

struct port;

enum port_unplug {
	PORT_NO_DEVICE,     /* transfers end with NO_DEVICE, then it leaves the bus */
	PORT_ERROR_FIRST,   /* they end with an error, and it leaves later */
	PORT_LEAVES_FIRST,  /* it leaves the bus, then the transfers end */
	PORT_NEVER_LEAVES,  /* the bus does not tell that it has left */
};

/* One of a bus; the first makes that. `received` gets what the host sends, under
 * the port's lock. */
struct port *port_new(void (*received)(void *user, const uint8_t *bytes, size_t length),
                      void *user);
void port_free(struct port *port);

/* Every callback and every call of the stick happens with it held. */
void port_lock(struct port *port);
void port_unlock(struct port *port);

/* The lock is not held for these. */
void port_plug(struct port *port, const struct stick_model *model);
void port_unplug(struct port *port, enum port_unplug how);
/* What PORT_NEVER_LEAVES left out, late */
void port_leave_bus(struct port *port);

/* With the lock held: a transfer to the host. */
void port_send(struct port *port, const uint8_t *bytes, size_t length);
/* The next transfers in stall until the host clears that. */
void port_stall(struct port *port);
/* Claiming is refused as if another program had it. */
void port_hold(struct port *port, bool held);
/* The next ioctl of the kind (USBDEVFS_...) takes as long as `wait`, as some do when
 * a stick does not answer. */
void port_hang(struct port *port, unsigned long request, void (*wait)(void));
unsigned port_hung(struct port *port); /* how many did */
/* Ioctls answered so far: a host that spins shows. */
unsigned long port_calls(struct port *port);
unsigned port_halts_cleared(struct port *port);
bool port_is_claimed(struct port *port);

#endif
