/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "plugins/web/trace.h"

#include "protocol/writer.h"

#include <math.h>

void trace_clear(struct trace *trace)
{
	trace->first = trace->count = 0;
}

/* The point of this moment, empty if it is new */
static struct trace_point *point_at(struct trace *t, uint64_t now_ms)
{
	static const struct trace_point nothing = {
		.speed = TRACE_ABSENT, .incline = TRACE_ABSENT, .cadence = TRACE_ABSENT,
		.low = TRACE_ABSENT, .high = TRACE_ABSENT, .level = -1,
	};
	struct trace_point *point;
	uint32_t at;

	if (!t->count)
		t->began_ms = now_ms;
	at = (uint32_t)((now_ms - t->began_ms) / TRACE_STEP_MS);
	point = &t->points[(t->first + t->count + TRACE_POINTS - 1) % TRACE_POINTS];
	if (t->count && point->at == at)
		return point;
	if (t->count == TRACE_POINTS)
		t->first = (t->first + 1) % TRACE_POINTS;
	else
		t->count++;
	point = &t->points[(t->first + t->count - 1) % TRACE_POINTS];
	*point = nothing;
	point->at = at;
	return point;
}

static int16_t scaled(bool known, double value, double scale)
{
	double number = round(value * scale);

	if (known && number > -INT16_MAX && number < INT16_MAX)
		return (int16_t)number;
	return TRACE_ABSENT;
}

void trace_metrics(struct trace *trace, const struct display_metrics *m,
                   const struct display_target *target, uint64_t now_ms)
{
	struct trace_point *point = point_at(trace, now_ms);

	point->speed = scaled(m->present & DISPLAY_SPEED, m->speed_kmh, 100);
	point->incline = scaled(m->present & DISPLAY_INCLINE, m->incline_pct, 10);
	point->cadence = scaled(m->present & DISPLAY_CADENCE, m->cadence_spm, 1);
	point->low = scaled(target, target ? target->low_spm : 0, 1);
	point->high = scaled(target, target ? target->high_spm : 0, 1);
}

void trace_prompt(struct trace *trace, enum display_level level, uint64_t now_ms)
{
	struct trace_point *point = point_at(trace, now_ms);

	if ((int)level > point->level)
		point->level = (int8_t)level;
}

/* ---- as text ---- */
static void put_number(struct writer *w, int number)
{
	if (number < 0)
		writer_put(w, "-");
	writer_uint(w, (uint64_t)(number < 0 ? -number : number), 1);
}

static void put_value(struct writer *w, int16_t value)
{
	writer_put(w, ",");
	if (value == TRACE_ABSENT)
		writer_put(w, "\"\"");
	else
		put_number(w, value);
}

static void put_point(struct writer *w, const struct trace_point *p)
{
	writer_put(w, "[");
	put_number(w, (int)p->at);
	put_value(w, p->speed);
	put_value(w, p->incline);
	put_value(w, p->cadence);
	put_value(w, p->low);
	put_value(w, p->high);
	writer_put(w, ",");
	put_number(w, p->level);
	writer_put(w, "]");
}

size_t trace_write(const struct trace *t, uint64_t now_ms, char *text, size_t size)
{
	struct writer w = { .line = text, .size = size };

	writer_put(&w, "{");
	writer_text(&w, "type", "trace");
	writer_int(&w, "step_s", TRACE_STEP_MS / 1000);
	writer_int(&w, "age_s", t->count ? (int64_t)((now_ms - t->began_ms) / 1000) : 0);
	writer_key(&w, "points");
	writer_put(&w, "[");
	for (size_t i = 0; i < t->count; i++) {
		if (i)
			writer_put(&w, ",");
		put_point(&w, &t->points[(t->first + i) % TRACE_POINTS]);
	}
	writer_put(&w, "]}\n");
	return w.full ? 0 : w.length;
}
