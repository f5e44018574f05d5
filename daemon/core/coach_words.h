/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What keeps a rule quiet, for programs and for people.
 */
#ifndef GAITD_COACH_WORDS_H
#define GAITD_COACH_WORDS_H

#include "daemon/core/coach.h"

const char *coach_silence_name(enum coach_silence silence);  /* "holding" */
const char *coach_silence_words(enum coach_silence silence); /* a sentence's end */

#endif
