/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/sources/strength_status.h"

void strength_describe(const struct strength *strength, json_t *object)
{
	static const struct {
		const char *name;
		unsigned per_mille;
	} rows[] = { { "signal_p10_dbm", 100 }, { "signal_p50_dbm", 500 } };
	int32_t dbm;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strength_at(strength, rows[i].per_mille, &dbm))
			json_object_set_new(object, rows[i].name, json_integer(dbm));
	}
}
