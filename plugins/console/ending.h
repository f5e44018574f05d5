/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * How a display that runs for ever is ended: by INT, TERM or HUP, which come
 * only while it waits, so that none is missed between.
 */
#ifndef GAITD_CONSOLE_ENDING_H
#define GAITD_CONSOLE_ENDING_H

#include <signal.h>

/* The signal that came, or 0 */
extern volatile sig_atomic_t ending_signal;

/* Blocks them, for ppoll() to let them in by `unblocked`; a closed socket is no
 * signal any more. */
void ending_watch(sigset_t *unblocked);

#endif
