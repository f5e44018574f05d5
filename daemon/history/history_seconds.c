/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A session's seconds: a row each, of whole numbers in the unit that the column
 * names; NULL is what was not known.
 */
#include "daemon/history/history_private.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#define COLUMNS_SQL \
	"speed_x100_kmh, incline_x10_pct, cadence_spm, target_spm, step_cm," \
	" heart_rate_bpm, distance_m, elapsed_s, gait, elevation_gain_m, energy_kcal," \
	" oscillation_x10_mm, ground_contact_ms, stance_x10_pct, balance_x10_pct," \
	" vertical_ratio_x10_pct"

/* In the order of COLUMNS_SQL */
static const struct column {
	uint32_t bit; /* of metrics.present */
	enum { DOUBLE, WHOLE, COUNT, GAIT } type;
	size_t offset; /* in struct display_metrics */
	int scale;
} columns[] = {
#define AT(member) offsetof(struct display_metrics, member)
	{ DISPLAY_SPEED, DOUBLE, AT(speed_kmh), 100 },
	{ DISPLAY_INCLINE, DOUBLE, AT(incline_pct), 10 },
	{ DISPLAY_CADENCE, WHOLE, AT(cadence_spm), 1 },
	{ DISPLAY_TARGET, WHOLE, AT(target_spm), 1 },
	{ DISPLAY_STEP, DOUBLE, AT(step_m), 100 },
	{ DISPLAY_HEART_RATE, WHOLE, AT(heart_rate_bpm), 1 },
	{ DISPLAY_DISTANCE, COUNT, AT(distance_m), 1 },
	{ DISPLAY_ELAPSED, COUNT, AT(elapsed_s), 1 },
	{ DISPLAY_GAIT, GAIT, AT(gait), 1 },
	{ DISPLAY_ELEVATION_GAIN, WHOLE, AT(elevation_gain_m), 1 },
	{ DISPLAY_ENERGY, WHOLE, AT(energy_kcal), 1 },
	{ DISPLAY_DYNAMIC_BIT(DISPLAY_DYNAMIC_OSCILLATION), DOUBLE,
	  AT(dynamics[DISPLAY_DYNAMIC_OSCILLATION]), 10 },
	{ DISPLAY_DYNAMIC_BIT(DISPLAY_DYNAMIC_GROUND_CONTACT), DOUBLE,
	  AT(dynamics[DISPLAY_DYNAMIC_GROUND_CONTACT]), 1 },
	{ DISPLAY_DYNAMIC_BIT(DISPLAY_DYNAMIC_STANCE), DOUBLE,
	  AT(dynamics[DISPLAY_DYNAMIC_STANCE]), 10 },
	{ DISPLAY_DYNAMIC_BIT(DISPLAY_DYNAMIC_BALANCE), DOUBLE,
	  AT(dynamics[DISPLAY_DYNAMIC_BALANCE]), 10 },
	{ DISPLAY_DYNAMIC_BIT(DISPLAY_DYNAMIC_VERTICAL_RATIO), DOUBLE,
	  AT(dynamics[DISPLAY_DYNAMIC_VERTICAL_RATIO]), 10 },
#undef AT
};

#define COLUMNS ((int)(sizeof(columns) / sizeof(columns[0])))

static int64_t value_of(const struct column *c, const struct display_metrics *metrics)
{
	const char *at = (const char *)metrics + c->offset;

	switch (c->type) {
	case DOUBLE:
		return llround(*(const double *)(const void *)at * c->scale);
	case COUNT:
		return *(const uint32_t *)(const void *)at;
	case GAIT:
		return (int64_t)*(const enum display_gait *)(const void *)at;
	case WHOLE:
		break;
	}
	return *(const int32_t *)(const void *)at;
}

/* What its type can hold; else it was not known. */
static bool can_hold(const struct column *c, int64_t value)
{
	switch (c->type) {
	case COUNT:
		return value >= 0 && value <= UINT32_MAX;
	case GAIT:
		return true;
	case DOUBLE:
	case WHOLE:
		break;
	}
	return value >= INT32_MIN && value <= INT32_MAX;
}

static void set_value(const struct column *c, int64_t value,
                      struct display_metrics *metrics)
{
	char *at = (char *)metrics + c->offset;

	if (!can_hold(c, value))
		return;

	switch (c->type) {
	case DOUBLE:
		*(double *)(void *)at = (double)value / c->scale;
		break;
	case COUNT:
		*(uint32_t *)(void *)at = (uint32_t)value;
		break;
	case GAIT:
		*(enum display_gait *)(void *)at =
			value < 0 || value > DISPLAY_GAIT_RUN ? DISPLAY_GAIT_UNKNOWN
		                                              : (enum display_gait)value;
		break;
	case WHOLE:
		*(int32_t *)(void *)at = (int32_t)value;
		break;
	}
	metrics->present |= c->bit;
}

static void bind_second(sqlite3_stmt *statement, const struct session_second *second)
{
	for (int i = 0; i < COLUMNS; i++) {
		if (second->metrics.present & columns[i].bit)
			sqlite3_bind_int64(statement, i + 3,
			                   value_of(&columns[i], &second->metrics));
	}
	if (!second->has_target)
		return;
	sqlite3_bind_int64(statement, COLUMNS + 3, second->target.low_spm);
	sqlite3_bind_int64(statement, COLUMNS + 4, second->target.high_spm);
}

/* Written again, a second is the same second. */
bool history_write_seconds(struct history *h, int64_t id,
                           const struct session_second *seconds, size_t count)
{
	sqlite3_stmt *statement = NULL;

	if (count == 0)
		return true;
	statement = history_take(h,
	                         "REPLACE INTO second (session, at_s, " COLUMNS_SQL
	                         ", low_spm, high_spm) VALUES (?,?,?,?,?,?,?,?,?,?,"
	                         "?,?,?,?,?,?,?,?,?,?)",
	                         "");
	for (size_t i = 0; i < count && h->code == SQLITE_OK; i++) {
		sqlite3_clear_bindings(statement);
		sqlite3_bind_int64(statement, 1, id);
		sqlite3_bind_int64(statement, 2, seconds[i].at_s);
		bind_second(statement, &seconds[i]);
		history_step(h, statement);
	}
	history_put_back(h, statement);
	return h->code == SQLITE_OK;
}

static void read_second(sqlite3_stmt *statement, struct session_second *out)
{
	*out = (struct session_second){ .at_s = history_count(statement, 0) };
	for (int i = 0; i < COLUMNS; i++) {
		if (sqlite3_column_type(statement, i + 1) != SQLITE_NULL)
			set_value(&columns[i], sqlite3_column_int64(statement, i + 1),
			          &out->metrics);
	}
	if (sqlite3_column_type(statement, COLUMNS + 1) == SQLITE_NULL)
		return;
	out->has_target = true;
	out->target.low_spm = sqlite3_column_int(statement, COLUMNS + 1);
	out->target.high_spm = sqlite3_column_int(statement, COLUMNS + 2);
}

bool history_read_seconds(struct history *h, int64_t id, struct session_log *log)
{
	sqlite3_stmt *statement = history_prepare(
		h, "SELECT at_s, " COLUMNS_SQL ", low_spm, high_spm FROM second"
		   " WHERE session = ? ORDER BY at_s", "i", id);

	while (history_row(h, statement)) {
		struct session_second second;

		read_second(statement, &second);
		session_log_add_second(log, &second);
	}
	sqlite3_finalize(statement);
	return h->code == SQLITE_OK;
}
