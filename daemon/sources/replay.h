/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A recording as a playing source: `gaitd --replay FILE`. Lines are read as
 * they are wanted; a pipe may be as long and as slow as it likes.
 */
#ifndef GAITD_REPLAY_H
#define GAITD_REPLAY_H

#include "daemon/devices/recording.h"
#include "daemon/sources/source.h"

struct replay;

/* The object for these is the struct replay; `free` frees it. A bad line is
 * said as FILE:LINE:COLUMN with what was expected, and ends the source. */
extern const struct source_player_ops replay_ops;

/* Opens a recording ("-": standard input) and reads up to its first event, so
 * that the header is known. NULL, logged, with errno set (EINVAL: a line is
 * bad). */
struct replay *replay_open(const char *path);
const struct recording_header *replay_header(const struct replay *replay);

#endif
