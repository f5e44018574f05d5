/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A session as Training Center XML: TrainingCenterDatabase/v2 with speed and
 * cadence in ActivityExtension/v2. RunCadence is strides a minute, in whole
 * numbers: an odd number of steps is rounded up.
 */
#include "daemon/sessions/exports.h"
#include "daemon/sessions/laps.h"

#include <math.h>
#include <stdlib.h>

#define KMH_PER_M_S 3.6
#define CADENCE_MAX 254 /* CadenceValue_t */
/* Not by a prefix: there are readers that know no other form. */
#define EXTENSION " xmlns=\"http://www.garmin.com/xmlschemas/ActivityExtension/v2\""

static const char head[] =
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	"<TrainingCenterDatabase"
	" xmlns=\"http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2\""
	" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
	" xsi:schemaLocation=\"http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"
	" http://www.garmin.com/xmlschemas/TrainingCenterDatabasev2.xsd"
	" http://www.garmin.com/xmlschemas/ActivityExtension/v2"
	" http://www.garmin.com/xmlschemas/ActivityExtensionv2.xsd\">\n"
	"<Activities>\n"
	"<Activity Sport=\"Running\">\n";

static const char tail[] =
	"<Creator xsi:type=\"Device_t\"><Name>gaitd</Name><UnitId>0</UnitId>"
	"<ProductID>0</ProductID><Version><VersionMajor>0</VersionMajor>"
	"<VersionMinor>1</VersionMinor><BuildMajor>0</BuildMajor><BuildMinor>0</BuildMinor>"
	"</Version></Creator>\n"
	"</Activity>\n"
	"</Activities>\n"
	"</TrainingCenterDatabase>\n";

static void put_number(struct sheet *out, const char *element, double value,
                       unsigned decimals)
{
	sheet_print(out, "<%s>", element);
	sheet_fixed(out, value, decimals);
	sheet_print(out, "</%s>", element);
}

/* Elements that hold a Value */
static void put_value(struct sheet *out, const char *element, double value)
{
	sheet_print(out, "<%s>", element);
	put_number(out, "Value", value, 0);
	sheet_print(out, "</%s>", element);
}

static void put_time(struct sheet *out, const struct session_log *log, uint32_t at_s)
{
	sheet_utc(out, log->start_s + at_s);
}

static double strides(double spm)
{
	double rounded = floor(spm / 2 + 0.5);

	return rounded < CADENCE_MAX ? rounded : CADENCE_MAX;
}

/* ---- trackpoints ----------------------------------------------------------- */

static void put_extension(struct sheet *out, const struct display_metrics *m)
{
	if (!(m->present & (DISPLAY_SPEED | DISPLAY_CADENCE)))
		return;
	sheet_add(out, "<Extensions><TPX" EXTENSION ">");
	if (m->present & DISPLAY_SPEED)
		put_number(out, "Speed", m->speed_kmh / KMH_PER_M_S, 3);
	if (m->present & DISPLAY_CADENCE)
		put_number(out, "RunCadence", strides(m->cadence_spm), 0);
	sheet_add(out, "</TPX></Extensions>");
}

static void put_point(struct sheet *out, const struct session_log *log,
                      const struct session_second *second)
{
	const struct display_metrics *m = &second->metrics;

	sheet_add(out, "<Trackpoint><Time>");
	put_time(out, log, second->at_s);
	sheet_add(out, "</Time>");
	if (m->present & DISPLAY_DISTANCE)
		put_number(out, "DistanceMeters", m->distance_m, 1);
	if (m->present & DISPLAY_HEART_RATE)
		put_value(out, "HeartRateBpm", m->heart_rate_bpm);
	put_extension(out, m);
	sheet_add(out, "</Trackpoint>\n");
}

static bool paused_between(const struct session_log *log, size_t *event, uint32_t until_s)
{
	bool paused = false;

	for (; *event < log->event_count && log->events[*event].at_s < until_s; (*event)++)
		paused |= log->events[*event].kind == SESSION_EVENT_RESUME;
	return paused;
}

/* A track for each stretch without a pause */
static void put_tracks(struct sheet *out, const struct session_log *log,
                       const struct lap *lap, size_t *event)
{
	if (lap->count == 0)
		return;
	sheet_add(out, "<Track>\n");
	for (size_t i = lap->first; i < lap->first + lap->count; i++) {
		if (paused_between(log, event, log->seconds[i].at_s + 1) && i > lap->first)
			sheet_add(out, "</Track>\n<Track>\n");
		put_point(out, log, &log->seconds[i]);
	}
	sheet_add(out, "</Track>\n");
}

/* ---- laps ------------------------------------------------------------------ */

static void put_lap_extension(struct sheet *out, const struct lap *lap)
{
	const struct lap_spread *cadence = &lap->spread[LAP_CADENCE];
	double kmh;
	bool has_speed = lap_speed_kmh(lap, &kmh);

	if (!has_speed && cadence->seconds == 0)
		return;
	sheet_add(out, "<Extensions><LX" EXTENSION ">");
	if (has_speed)
		put_number(out, "AvgSpeed", kmh / KMH_PER_M_S, 3);
	if (cadence->seconds > 0) {
		put_number(out, "AvgRunCadence", strides(cadence->mean), 0);
		put_number(out, "MaxRunCadence", strides(cadence->most), 0);
	}
	sheet_add(out, "</LX></Extensions>\n");
}

/* The schema demands a distance and calories of each lap: 0 stands there for
 * what is not known. */
static void put_lap(struct sheet *out, const struct session_log *log,
                    const struct lap *lap, size_t *event)
{
	const struct lap_spread *speed = &lap->spread[LAP_SPEED];
	const struct lap_spread *heart = &lap->spread[LAP_HEART_RATE];

	sheet_add(out, "<Lap StartTime=\"");
	put_time(out, log, lap->begin_s);
	sheet_add(out, "\">\n");
	put_number(out, "TotalTimeSeconds", lap->timer_s, 1);
	put_number(out, "DistanceMeters", lap->distance_m, 1);
	if (speed->seconds > 0)
		put_number(out, "MaximumSpeed", speed->most / KMH_PER_M_S, 3);
	put_number(out, "Calories", fmin(fmax(lap->energy_kcal, 0), UINT16_MAX), 0);
	if (heart->seconds > 0) {
		put_value(out, "AverageHeartRateBpm", heart->mean);
		put_value(out, "MaximumHeartRateBpm", heart->most);
	}
	sheet_print(out, "<Intensity>Active</Intensity><TriggerMethod>%s</TriggerMethod>\n",
	                lap->full ? "Distance" : "Manual");
	put_tracks(out, log, lap, event);
	put_lap_extension(out, lap);
	sheet_add(out, "</Lap>\n");
}

void tcx_export(const struct session_log *log, struct sheet *out)
{
	size_t count = 0, event = 0;
	struct lap *laps = laps_of(log, &count);

	if (!laps) {
		out->failed = true;
		return;
	}
	sheet_add(out, head);
	sheet_add(out, "<Id>");
	put_time(out, log, 0);
	sheet_add(out, "</Id>\n");
	for (size_t i = 0; i < count; i++)
		put_lap(out, log, &laps[i], &event);
	if (*log->treadmill) {
		sheet_add(out, "<Notes>");
		sheet_escape(out, log->treadmill);
		sheet_add(out, "</Notes>\n");
	}
	sheet_add(out, tail);
	free(laps);
}
