/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A session as a table, RFC 4180: a row a second, a column a value with its
 * unit in its name. What is not known is an empty cell. A text that a
 * spreadsheet would take for a formula has an apostrophe before it.
 */
#include "daemon/sessions/exports.h"

#include "protocol/utf8.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define CELL_MAX 1024

enum cell {
	CELL_TIME,
	CELL_AT,
	CELL_ELAPSED,
	CELL_DISTANCE,
	CELL_SPEED,
	CELL_INCLINE,
	CELL_CADENCE,
	CELL_TARGET,
	CELL_TARGET_LOW,
	CELL_TARGET_HIGH,
	CELL_STEP,
	CELL_HEART_RATE,
	CELL_CLIMB,
	CELL_ENERGY,
	CELL_GAIT,
	CELL_DYNAMIC, /* and those behind it, in their order */
	CELL_RULE = CELL_DYNAMIC + DISPLAY_DYNAMICS,
	CELL_PROMPT,
	CELL_ANSWER,
	CELL_PAIN,
	CELLS, /* how many */
};

static const struct column {
	const char *name;
	uint32_t metric; /* without which it is empty; 0: of no metric */
	unsigned decimals;
} columns[CELLS] = {
	[CELL_TIME] = { "time", 0, 0 },
	[CELL_AT] = { "at_s", 0, 0 },
	[CELL_ELAPSED] = { "elapsed_s", DISPLAY_ELAPSED, 0 },
	[CELL_DISTANCE] = { "distance_m", DISPLAY_DISTANCE, 0 },
	[CELL_SPEED] = { "speed_kmh", DISPLAY_SPEED, 2 },
	[CELL_INCLINE] = { "incline_pct", DISPLAY_INCLINE, 1 },
	[CELL_CADENCE] = { "cadence_spm", DISPLAY_CADENCE, 0 },
	[CELL_TARGET] = { "target_spm", DISPLAY_TARGET, 0 },
	[CELL_TARGET_LOW] = { "target_low_spm", 0, 0 },
	[CELL_TARGET_HIGH] = { "target_high_spm", 0, 0 },
	[CELL_STEP] = { "step_m", DISPLAY_STEP, 2 },
	[CELL_HEART_RATE] = { "heart_rate_bpm", DISPLAY_HEART_RATE, 0 },
	[CELL_CLIMB] = { "elevation_gain_m", DISPLAY_ELEVATION_GAIN, 0 },
	[CELL_ENERGY] = { "energy_kcal", DISPLAY_ENERGY, 0 },
	[CELL_GAIT] = { "gait", DISPLAY_GAIT, 0 },
	[CELL_RULE] = { "rule", 0, 0 },
	[CELL_PROMPT] = { "prompt", 0, 0 },
	[CELL_ANSWER] = { "answer", 0, 0 },
	[CELL_PAIN] = { "pain", 0, 0 },
};

static bool is_dynamic(enum cell cell)
{
	return cell >= CELL_DYNAMIC && cell < CELL_RULE;
}

/* The dynamics have their names and decimals from the display protocol. */
static struct column column_of(enum cell cell)
{
	const struct display_dynamic_member *member;

	if (!is_dynamic(cell))
		return columns[cell];
	member = &display_dynamic_members[cell - CELL_DYNAMIC];
	return (struct column){ member->name, DISPLAY_DYNAMIC_BIT(cell - CELL_DYNAMIC),
		                member->decimals };
}

/* A row under way: what one second has */
struct row {
	uint32_t at_s;
	const struct session_second *second; /* NULL: a second of a pause */
	const struct session_event *events;  /* of that second */
	size_t event_count;
};

/* ---- text ------------------------------------------------------------------ */

/* Always between quotes: whatever it holds, it is one cell. */
static void put_cell(struct sheet *out, const char *text)
{
	if (!*text)
		return;
	sheet_add(out, strchr("=+-@", *text) ? "\"'" : "\"");
	for (size_t left = strlen(text), step; left > 0; text += step, left -= step) {
		size_t octets = utf8_printable(text, left);

		step = octets ? octets : 1;
		if (*text == '"')
			sheet_add(out, "\"");
		sheet_bytes(out, octets ? text : " ", step);
	}
	sheet_add(out, "\"");
}

static void join(char cell[CELL_MAX], const char *text)
{
	size_t used = strlen(cell), length = strlen(text);
	const char *between = used ? "; " : "";

	if (used + strlen(between) + length >= CELL_MAX)
		return;
	strcpy(cell + used, between);
	strcat(cell, text);
}

/* What an event has to say in a cell of text; "": nothing */
static void event_text(const struct session_event *event, enum cell cell, char *text,
                       size_t size)
{
	bool prompt = event->kind == SESSION_EVENT_PROMPT;

	*text = '\0';
	if (cell == CELL_RULE && prompt)
		snprintf(text, size, "%s", event->rule);
	else if (cell == CELL_PROMPT && prompt)
		snprintf(text, size, "%s", event->headline);
	else if (cell == CELL_ANSWER && event->kind == SESSION_EVENT_ANSWER)
		snprintf(text, size, "%s: %d", event->rule, event->value);
}

/* Of all events of that second: there is seldom more than one. */
static void put_events(struct sheet *out, const struct row *row, enum cell cell)
{
	char text[CELL_MAX] = "", of_one[256];

	for (size_t i = 0; i < row->event_count; i++) {
		event_text(&row->events[i], cell, of_one, sizeof(of_one));
		if (*of_one)
			join(text, of_one);
	}
	put_cell(out, text);
}

/* The last that was told */
static void put_pain(struct sheet *out, const struct row *row)
{
	for (size_t i = row->event_count; i-- > 0;) {
		if (row->events[i].kind == SESSION_EVENT_PAIN) {
			sheet_print(out, "%d", row->events[i].value);
			return;
		}
	}
}

/* ---- numbers --------------------------------------------------------------- */

static double metric_of(const struct session_second *second, enum cell cell)
{
	const struct display_metrics *m = &second->metrics;

	if (is_dynamic(cell))
		return m->dynamics[cell - CELL_DYNAMIC];
	switch ((int)cell) {
	case CELL_ELAPSED:
		return m->elapsed_s;
	case CELL_DISTANCE:
		return m->distance_m;
	case CELL_SPEED:
		return m->speed_kmh;
	case CELL_INCLINE:
		return m->incline_pct;
	case CELL_CADENCE:
		return m->cadence_spm;
	case CELL_TARGET:
		return m->target_spm;
	case CELL_STEP:
		return m->step_m;
	case CELL_HEART_RATE:
		return m->heart_rate_bpm;
	case CELL_CLIMB:
		return m->elevation_gain_m;
	case CELL_ENERGY:
		return m->energy_kcal;
	default:
		return NAN;
	}
}

static void put_metric(struct sheet *out, const struct row *row, enum cell cell)
{
	struct column column = column_of(cell);

	if (!row->second || !(row->second->metrics.present & column.metric))
		return;
	if (cell == CELL_GAIT)
		sheet_add(out, display_gait_name(row->second->metrics.gait));
	else
		sheet_fixed(out, metric_of(row->second, cell), column.decimals);
}

static void put_other(struct sheet *out, const struct session_log *log,
                      const struct row *row, enum cell cell)
{
	bool band = row->second && row->second->has_target;

	if (cell == CELL_TIME && log->has_start)
		sheet_local(out, log->start_s + row->at_s, log->offset_s);
	else if (cell == CELL_AT)
		sheet_print(out, "%u", row->at_s);
	else if (cell == CELL_TARGET_LOW && band)
		sheet_print(out, "%d", row->second->target.low_spm);
	else if (cell == CELL_TARGET_HIGH && band)
		sheet_print(out, "%d", row->second->target.high_spm);
	else if (cell == CELL_RULE || cell == CELL_PROMPT || cell == CELL_ANSWER)
		put_events(out, row, cell);
	else if (cell == CELL_PAIN)
		put_pain(out, row);
}

/* ---- rows ------------------------------------------------------------------ */

static void put_row(struct sheet *out, const struct session_log *log,
                    const struct row *row)
{
	for (unsigned cell = 0; cell < CELLS; cell++) {
		if (cell > 0)
			sheet_add(out, ",");
		if (column_of((enum cell)cell).metric)
			put_metric(out, row, (enum cell)cell);
		else
			put_other(out, log, row, (enum cell)cell);
	}
	sheet_add(out, "\r\n");
}

static bool is_shown(const struct row *row)
{
	for (size_t i = 0; i < row->event_count; i++)
		if (row->events[i].kind == SESSION_EVENT_PROMPT ||
		    row->events[i].kind == SESSION_EVENT_ANSWER ||
		    row->events[i].kind == SESSION_EVENT_PAIN)
			return true;
	return row->second != NULL;
}

/* The next second in which there is something, from `second` and `event` on */
static struct row take_row(const struct session_log *log, size_t *second, size_t *event)
{
	bool has_second = *second < log->second_count, has_event = *event < log->event_count;
	uint32_t second_s = has_second ? log->seconds[*second].at_s : UINT32_MAX;
	uint32_t event_s = has_event ? log->events[*event].at_s : UINT32_MAX;
	struct row row = { .at_s = second_s < event_s ? second_s : event_s };

	row.events = has_event ? log->events + *event : NULL;
	if (has_second && second_s == row.at_s)
		row.second = &log->seconds[(*second)++];
	for (; *event < log->event_count && log->events[*event].at_s == row.at_s; (*event)++)
		row.event_count++;
	return row;
}

void csv_export(const struct session_log *log, struct sheet *out)
{
	size_t second = 0, event = 0;

	for (unsigned cell = 0; cell < CELLS; cell++)
		sheet_print(out, "%s%s", cell ? "," : "", column_of((enum cell)cell).name);
	sheet_add(out, "\r\n");
	while (second < log->second_count || event < log->event_count) {
		struct row row = take_row(log, &second, &event);

		if (is_shown(&row))
			put_row(out, log, &row);
	}
}
