/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/sessions/civil.h"

#define DAY_S 86400
#define THURSDAY 3 /* 1970-01-01, in a week that begins on Monday */
#define LAST_S INT64_C(253402300799) /* 9999-12-31 23:59:59 */

static int64_t local_s(int64_t unix_s, int32_t offset_s)
{
	int64_t local = unix_s > LAST_S ? LAST_S : unix_s < 0 ? 0 : unix_s;

	local += offset_s;
	return local > LAST_S ? LAST_S : local < 0 ? 0 : local;
}

struct tm civil_of(int64_t unix_s, int32_t offset_s)
{
	time_t local = (time_t)local_s(unix_s, offset_s);
	struct tm tm = { .tm_mday = 1 };

	gmtime_r(&local, &tm);
	return tm;
}

int64_t civil_day(int64_t unix_s, int32_t offset_s)
{
	return local_s(unix_s, offset_s) / DAY_S;
}

int64_t civil_monday(int64_t day)
{
	int64_t past = (day + THURSDAY) % 7;

	return day - past;
}
