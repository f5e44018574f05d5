/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A directory for a fuzz target that needs files, which goes with the target, however
 * that ends: libFuzzer leaves without a good-bye, and who has enough of it kills it.
 */
#ifndef GAITD_SCRATCH_H
#define GAITD_SCRATCH_H

#define SCRATCH_MAX 256

/* Made, or the target aborts: in $TMPDIR, or in memory, or in /tmp */
void scratch_make(char path[SCRATCH_MAX]);

#endif
