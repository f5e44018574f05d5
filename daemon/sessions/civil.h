/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Local dates of Unix times. Pure.
 */
#ifndef GAITD_CIVIL_H
#define GAITD_CIVIL_H

#include <stdint.h>
#include <time.h>

/* The calendar `offset_s` east of UTC; a time before 1970 or after 9999 becomes
 * the nearest one between. */
struct tm civil_of(int64_t unix_s, int32_t offset_s);
/* The day since 1970-01-01 that it falls on */
int64_t civil_day(int64_t unix_s, int32_t offset_s);
/* The Monday at or before a day */
int64_t civil_monday(int64_t day);

#endif
