/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/devices/strength.h"

void strength_add(struct strength *strength, int32_t dbm)
{
	if (dbm >= 0 || dbm < STRENGTH_DBM_LEAST)
		return; /* 127 and -128 stand for "not known" */
	strength->heard[-dbm - 1]++;
	strength->count++;
}

bool strength_at(const struct strength *strength, unsigned per_mille, int32_t *dbm)
{
	uint64_t wanted = (uint64_t)strength->count * per_mille / 1000;
	uint64_t weaker = 0;

	for (int32_t at = STRENGTH_DBM_LEAST; strength->count > 0 && at < 0; at++) {
		weaker += strength->heard[-at - 1];
		if (weaker == 0 || weaker < wanted)
			continue;
		*dbm = at;
		return true;
	}
	return false;
}
