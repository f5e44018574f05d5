/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/sessions/session_series.h"

#include <math.h>
#include <string.h>

/* A log that was read may lie: what no belt or body does is not known, and what is
 * later than a week is left out. */
#define VALUE_MAX 10000
#define LENGTH_MAX_S (7 * 86400u)

static double known(uint32_t present, uint32_t bit, double value)
{
	return (present & bit) && fabs(value) <= VALUE_MAX ? value : (double)NAN;
}

static double value_of(const struct session_second *second, enum series_kind kind)
{
	const struct display_metrics *m = &second->metrics;

	switch (kind) {
	case SERIES_SPEED:
		return known(m->present, DISPLAY_SPEED, m->speed_kmh);
	case SERIES_INCLINE:
		return known(m->present, DISPLAY_INCLINE, m->incline_pct);
	case SERIES_CADENCE:
		return known(m->present, DISPLAY_CADENCE, m->cadence_spm);
	case SERIES_HEART_RATE:
		return known(m->present, DISPLAY_HEART_RATE, m->heart_rate_bpm);
	case SERIES_LOW:
		return known(second->has_target, 1, second->target.low_spm);
	case SERIES_HIGH:
		return known(second->has_target, 1, second->target.high_spm);
	case SERIES_KINDS:
		break;
	}
	return NAN;
}

static void finish(struct series *out, const uint32_t count[SERIES_COLUMNS_MAX])
{
	out->least = out->most = NAN;
	for (size_t i = 0; i < out->columns; i++) {
		if (count[i] == 0) {
			out->value[i] = NAN;
			continue;
		}
		out->value[i] /= count[i];
		out->any = true;
		/* of a number and none they are the number */
		out->least = fmin(out->least, out->value[i]);
		out->most = fmax(out->most, out->value[i]);
	}
}

void series_of(const struct session_log *log, enum series_kind kind, size_t columns,
               struct series *out)
{
	uint32_t count[SERIES_COLUMNS_MAX] = { 0 };
	uint32_t last_s = log->second_count > 0 ? log->seconds[log->second_count - 1].at_s : 0;
	uint32_t length_s = last_s < LENGTH_MAX_S ? last_s + 1 : LENGTH_MAX_S;

	memset(out, 0, sizeof(*out));
	out->length_s = length_s;
	out->columns = columns < length_s ? columns : length_s;
	for (size_t i = 0; i < log->second_count; i++) {
		double value = value_of(&log->seconds[i], kind);
		size_t at = (size_t)((uint64_t)log->seconds[i].at_s * out->columns / length_s);

		if (!isfinite(value) || at >= out->columns)
			continue;
		out->value[at] += value;
		count[at]++;
	}
	finish(out, count);
}
