/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "plugins/console/values.h"
#include "plugins/console/words.h"

#include <stdio.h>
#include <string.h>

#define KM_PER_MILE 1.609344
#define FEET_PER_M 3.28084

void values_time(char out[VALUES_WORDS], uint32_t seconds)
{
	unsigned h = seconds / 3600, m = seconds / 60 % 60, s = seconds % 60;

	if (h)
		snprintf(out, VALUES_WORDS, "%u:%02u:%02u", h, m, s);
	else
		snprintf(out, VALUES_WORDS, "%u:%02u", m, s);
}

void values_distance(char out[VALUES_WORDS], uint32_t metres, bool miles)
{
	double km = metres / 1000.0;

	snprintf(out, VALUES_WORDS, "%.2f %s", miles ? km / KM_PER_MILE : km,
	         miles ? "mi" : "km");
}

void values_speed(char out[VALUES_WORDS], const struct display_metrics *m, bool miles)
{
	if (m->present & DISPLAY_SPEED)
		snprintf(out, VALUES_WORDS, "%.1f",
		         miles ? m->speed_kmh / KM_PER_MILE : m->speed_kmh);
	else
		snprintf(out, VALUES_WORDS, "--");
}

const char *values_speed_unit(bool miles)
{
	return miles ? "mph" : "km/h";
}

void values_incline(char out[VALUES_WORDS], const struct display_metrics *m)
{
	if (m->present & DISPLAY_INCLINE)
		snprintf(out, VALUES_WORDS, "%.1f %%", m->incline_pct);
	else
		snprintf(out, VALUES_WORDS, "--");
}

void values_cadence(char out[VALUES_WORDS], const struct display_metrics *m)
{
	if (m->present & DISPLAY_CADENCE)
		snprintf(out, VALUES_WORDS, "%d", (int)m->cadence_spm);
	else
		snprintf(out, VALUES_WORDS, "---");
}

void values_step(char out[VALUES_WORDS], const struct display_metrics *m, bool miles)
{
	if (!(m->present & DISPLAY_STEP))
		snprintf(out, VALUES_WORDS, "--");
	else if (miles)
		snprintf(out, VALUES_WORDS, "%.2f ft", m->step_m * FEET_PER_M);
	else
		snprintf(out, VALUES_WORDS, "%.2f m", m->step_m);
}

const char *values_gait(const struct display_metrics *m)
{
	static const char *const words[] = {
		[DISPLAY_GAIT_UNKNOWN] = "--", [DISPLAY_GAIT_IDLE] = N_("standing"),
		[DISPLAY_GAIT_WALK] = N_("walking"), [DISPLAY_GAIT_RUN] = N_("running"),
	};

	return _(words[m->present & DISPLAY_GAIT ? m->gait : DISPLAY_GAIT_UNKNOWN]);
}

const char *values_level(enum display_level level)
{
	static const char *const words[] = {
		[DISPLAY_LEVEL_SYSTEM] = N_("SYSTEM"), [DISPLAY_LEVEL_PRAISE] = N_("PRAISE"),
		[DISPLAY_LEVEL_HABIT] = N_("HABIT"),   [DISPLAY_LEVEL_FORM] = N_("FORM"),
		[DISPLAY_LEVEL_LOAD] = N_("LOAD"),     [DISPLAY_LEVEL_SAFETY] = N_("SAFETY"),
	};

	return _(words[level]);
}

const char *values_link(enum display_link_state state)
{
	static const char *const words[] = {
		[DISPLAY_LINK_OFF] = N_("off"),   [DISPLAY_LINK_SEARCHING] = N_("searching"),
		[DISPLAY_LINK_LIVE] = N_("live"), [DISPLAY_LINK_STALE] = N_("stale"),
		[DISPLAY_LINK_LOST] = N_("lost"),
	};

	return _(words[state]);
}

const char *values_session(const struct console *c)
{
	static const char *const words[] = {
		[DISPLAY_SESSION_IDLE] = N_("ready: start the belt"),
		[DISPLAY_SESSION_RUNNING] = "",
		[DISPLAY_SESSION_PAUSED] = N_("paused"),
		[DISPLAY_SESSION_ENDED] = N_("session over"),
	};

	return c->has_session ? _(words[c->session.state]) : "";
}

bool values_off_band(const struct console *c, int *off)
{
	int cadence = (int)c->metrics.cadence_spm;

	if (!c->has_target || !(c->metrics.present & DISPLAY_CADENCE))
		return false;
	*off = cadence < c->target.low_spm ? cadence - (int)c->target.low_spm :
	       cadence > c->target.high_spm ? cadence - (int)c->target.high_spm : 0;
	return true;
}

void values_band(char out[VALUES_WORDS], const struct console *console)
{
	int off;

	out[0] = '\0';
	if (!values_off_band(console, &off))
		return;
	if (off)
		snprintf(out, VALUES_WORDS,
		         off < 0 ? _("%d below the band") : _("%d above the band"),
		         off < 0 ? -off : off);
	else
		snprintf(out, VALUES_WORDS, "%s", _("in the band"));
}

void values_small(const struct console *c, struct values_small out[VALUES_SMALL])
{
	static const char *const names[VALUES_SMALL] = {
		N_("time"), N_("incline"), N_("distance"), N_("step"), N_("gait"),
	};
	const struct display_metrics *m = &c->metrics;
	bool miles = c->session.miles;

	for (int i = 0; i < VALUES_SMALL; i++)
		out[i].name = _(names[i]);
	values_time(out[0].value, m->present & DISPLAY_ELAPSED ?
	            m->elapsed_s : c->session.elapsed_s);
	values_incline(out[1].value, m);
	values_distance(out[2].value, m->present & DISPLAY_DISTANCE ?
	                m->distance_m : c->session.distance_m, miles);
	values_step(out[3].value, m, miles);
	snprintf(out[4].value, VALUES_WORDS, "%s", values_gait(m));
}

/* The most wanted first: a narrow screen shows fewer. */
void values_dynamics(char *out, size_t size, const struct display_metrics *m)
{
	static const struct {
		enum display_dynamic which;
		const char *name, *unit;
	} rows[DISPLAY_DYNAMICS] = {
		{ DISPLAY_DYNAMIC_GROUND_CONTACT, N_("ground contact"), "ms" },
		{ DISPLAY_DYNAMIC_OSCILLATION, N_("oscillation"), "mm" },
		{ DISPLAY_DYNAMIC_VERTICAL_RATIO, N_("vertical ratio"), "%" },
		{ DISPLAY_DYNAMIC_BALANCE, N_("left foot"), "%" },
		{ DISPLAY_DYNAMIC_STANCE, N_("stance"), "%" },
	};
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < DISPLAY_DYNAMICS; i++) {
		char words[VALUES_WORDS];
		size_t room = size - used;

		if (!(m->present & DISPLAY_DYNAMIC_BIT(rows[i].which)))
			continue;
		snprintf(words, sizeof(words), "%s%s %.*f %s", used ? "   " : "",
		         _(rows[i].name), display_dynamic_members[rows[i].which].decimals,
		         m->dynamics[rows[i].which], rows[i].unit);
		if (strlen(words) >= room)
			return;
		strcpy(out + used, words);
		used += strlen(words);
	}
}
