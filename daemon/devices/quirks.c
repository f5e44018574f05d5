/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/devices/quirks.h"

#include <string.h>
#include <strings.h>

#define QZ "qdomyos-zwift"
#define TMIW "TrackMyIndoorWorkout"

/* The first row that fits counts: narrow ones stand before wide ones. */
static const struct quirk quirks[] = {
	/* ---- the unit of the speed ---- */
	{
		.id = "dbt-walking-pad",
		.manufacturer = "FITSHOW", .model = "FS-BT-T4",
		.range_minimum = 60, .range_maximum = 380,
		.speed = QUIRK_SPEED_MPH, .no_distance = true, .no_control = true,
		.does = "its speed is taken as miles an hour: its range is 0.6 to 3.8, "
		        "which its manual gives in mph; its distance is not used",
		.source = "justintout/treadmill README",
	},
	{
		/* 12 mph or 20 km/h at the most: a range that ends by 14 is in mph.
		 * That the radio follows the console: 3.0 km/h on one set to
		 * kilometres is sent as 3.0 (#2866), 3 mph as 3 (#4210). */
		.id = "bowflex-t9",
		.names = { "BFX_T9_", "BOWFLEX T9" },
		.speed = QUIRK_SPEED_AS_CONSOLE, .mph_maximum = 1400,
		.does = "its speed is in the console's unit: taken as miles an hour when "
		        "its range ends below 14; its distance is not used then",
		.source = QZ "#4210, #2866, #4212",
	},
	{
		.id = "3g-elite",
		.names = { "3G ELITE " },
		.speed = QUIRK_SPEED_AS_CONSOLE, .mph_maximum = 1400, .no_control = true,
		.does = "its speed is in the console's unit: taken as miles an hour when "
		        "its range ends below 14; its distance is not used then",
		.source = QZ "#4212",
	},
	{
		.id = "therun-t15",
		.names = { "THERUN  T15", "THERUN T15" },
		.speed = QUIRK_SPEED_AS_CONSOLE,
		.does = "its speed may be in the console's unit: set quirk mph for a "
		        "console in miles",
		.source = QZ "#4364",
	},
	{
		.id = "tm4800",
		.names = { "TM4800", "TM6500" },
		.speed = QUIRK_SPEED_AS_CONSOLE,
		.does = "its speed may be in the console's unit: set quirk mph for a "
		        "console in miles",
		.source = QZ "#4000, #4212",
	},
	{
		.id = "wt",
		.names = { "WT" }, .name_length = 5,
		.speed = QUIRK_SPEED_AS_CONSOLE,
		.does = "its speed may be in the console's unit: set quirk mph for a "
		        "console in miles",
		.source = QZ "#4364",
	},
	{
		.id = "horizon",
		.names = { "HORIZON", "JFTM" },
		.speed = QUIRK_SPEED_AS_CONSOLE,
		.does = "its speed may be in the console's unit: set quirk mph for a "
		        "console in miles",
		.source = QZ "#4629, #4716, #4904",
	},
	{
		.id = "merach",
		.names = { "MRK-T" },
		.speed = QUIRK_SPEED_AS_CONSOLE, .needs_vendor = true,
		.does = "some (W50) send nothing before their vendor's unlock, which gaitd "
		        "does not speak: not supported; others work, set quirk mph for a "
		        "console in miles",
		.source = QZ "#4000",
	},
	/* ---- the incline ---- */
	{
		/* raw 0x3C at level 1, 0x3E8 at level 15 of 15: / 66.7 */
		.id = "iconcept",
		.names = { "T01_" },
		.incline = QUIRK_INCLINE_COMPUTED,
		.incline_numerator = 3, .incline_denominator = 20, .no_control = true,
		.does = "its incline is a share of the steepest one, 15 %, and is made "
		        "percent of it",
		.source = QZ " horizontreadmill, iconcept",
	},
	{
		.id = "tunturi-t60",
		.names = { "TUNTURI T60-", "TUNTURI T90-" },
		.incline = QUIRK_INCLINE_UNTOLD,
		.does = "its incline field is something else and is not used",
		.source = QZ "#641",
	},
	{
		.id = "schwinn-810",
		.names = { "SCHWINN 810" },
		.incline = QUIRK_INCLINE_UNTOLD,
		.does = "it never tells its incline; what stands there is not used",
		.source = QZ " horizontreadmill",
	},
	{
		.id = "mobvoi-tmp",
		.names = { "MOBVOI TMP" },
		.incline = QUIRK_INCLINE_UNTOLD,
		.frozen_elapsed = true, .stop_is_start = true, .no_control = true,
		.does = "a time that stands is a belt that nobody runs on, its stop message "
		        "is a start, its incline is not used",
		.source = QZ " horizontreadmill, Mobvoi TMP",
	},
	{
		.id = "mobvoi-tp1",
		.names = { "TP1" }, .name_length = 3,
		.incline = QUIRK_INCLINE_UNTOLD,
		.frozen_elapsed = true, .stop_is_start = true, .no_control = true,
		.does = "a time that stands is a belt that nobody runs on, its stop message "
		        "is a start, its incline is not used",
		.source = QZ " horizontreadmill, Mobvoi TP1",
	},
	{
		.id = "mobvoi-tm",
		.names = { "MOBVOI TM" },
		.incline = QUIRK_INCLINE_UNTOLD,
		.does = "it never tells its incline; what stands there is not used",
		.source = QZ " horizontreadmill, Mobvoi TM",
	},
	{
		.id = "sw",
		.names = { "SW" }, .name_length = 14,
		.incline = QUIRK_INCLINE_UNTOLD, .no_control = true,
		.does = "it never tells its incline; what stands there is not used",
		.source = QZ " horizontreadmill, SW",
	},
	/* Their advertised names are not known for sure */
	{
		.id = "fit-tm",
		.incline = QUIRK_INCLINE_UNTOLD,
		.does = "it never tells its incline; what stands there is not used",
		.source = QZ " horizontreadmill, FIT_TM",
	},
	{
		.id = "yesoul",
		.incline = QUIRK_INCLINE_UNTOLD,
		.does = "it never tells its incline; what stands there is not used",
		.source = QZ " horizontreadmill, Yesoul",
	},
	{
		.id = "trinfit",
		.incline = QUIRK_INCLINE_UNTOLD,
		.does = "its incline is 82 % always and is not used",
		.source = QZ "#4808",
	},
	{
		.id = "adidas-t800",
		.incline = QUIRK_INCLINE_COMPUTED, .incline_offset = -60,
		.incline_numerator = 1, .incline_denominator = 1,
		.does = "6 % is taken off its incline",
		.source = QZ "#5113",
	},
	{
		.id = "incline-6.5",
		.incline = QUIRK_INCLINE_COMPUTED,
		.incline_numerator = 10, .incline_denominator = 65,
		.does = "its incline is divided by 6.5",
		.source = QZ "#2511",
	},
	/* ---- what it counts, and how ---- */
	{
		.id = "urevo",
		.names = { "URTM" }, .step_octets = 3,
		.does = "its distance grows by 10 m at a time; its steps have three octets; "
		        "set treadmill.incline if it has one: it tells none",
		.source = "blak3r/treadspan urevo-E1L",
	},
	{
		.id = "citysports",
		.names = { "CITYSPORTS-LINKER" }, .step_octets = 3,
		.does = "its steps have three octets",
		.source = "hughesjs/FitnessMachine",
	},
	{
		.id = "kingsmith-z1",
		.names = { "KS-HD-Z1D" }, .step_octets = 2, .needs_vendor = true,
		.does = "it sends nothing before its vendor's unlock, which gaitd does not "
		        "speak: not supported; its steps have two octets",
		.source = "WalkingPad Z1 projects",
	},
	{
		.id = "fitshow",
		.names = { "FS-", "RUN BT" }, .step_octets = 3,
		.no_distance = true, .no_control = true,
		.does = "its distance stays 0 for long and is not used; its incline is the "
		        "one it is going to",
		.source = "vlad-rey/treadmill-hub, " TMIW "#470, " QZ "#4702",
	},
	{
		.id = "sole-s77",
		.names = { "S77" }, .no_distance = true,
		.does = "its distance is too low and is not used",
		.source = QZ "#1781",
	},
	{
		/* its pull request is about FitShow's own protocol: not by name */
		.id = "anyrun",
		.big_endian = true,
		.does = "its octets come in the wrong order and are put in order",
		.source = QZ "#671",
	},
	/* ---- never to be written to ---- */
	{
		.id = "anplus",
		.names = { "ANPLUS-", "ANPIUS-" }, .no_control = true,
		.does = "it is never written to",
		.source = QZ " horizontreadmill",
	},
	{
		.id = "trx3500",
		.names = { "TRX3500" }, .no_control = true,
		.does = "it is never written to",
		.source = QZ "#1974",
	},
	{
		.id = "wellfit",
		.names = { "WELLFIT TM" }, .no_control = true,
		.does = "it is never written to",
		.source = QZ " horizontreadmill",
	},
	{
		.id = "ypoo",
		.names = { "YPOO-MINI PRO-" }, .no_control = true,
		.does = "it is never written to",
		.source = QZ " horizontreadmill",
	},
	{
		.id = "3g-pro",
		.names = { "3G PRO " }, .no_control = true,
		.does = "it is never written to",
		.source = QZ " horizontreadmill",
	},
	/* ---- speaks something else ---- */
	{
		.id = "domyos",
		.names = { "DOMYOS" }, .needs_vendor = true,
		.does = "most announce the standard and speak their vendor's protocol, which "
		        "gaitd does not: not supported where no speed shows",
		.source = QZ " bluetooth",
	},
	{
		.id = "technogym-run",
		.names = { "TREADMILL" }, .name_length = 9, .needs_vendor = true,
		.does = "it sends no treadmill data, only running speed and cadence: pair it "
		        "as the foot pod; as a treadmill it is not supported",
		.source = TMIW "#461, " QZ "#2380",
	},
	/* ---- odd, and the decoder copes: nothing to correct ---- */
	{
		.id = "matrix",
		.names = { "CTM", "MATRIX" },
		.does = "it cuts its frames or splits them; what came is used",
		.source = TMIW "#223, #490",
	},
	{
		.id = "technogym-myrun",
		.names = { "MYRUN" },
		.does = "it splits its frames; they are put together",
		.source = TMIW "#346",
	},
	{
		.id = "life-fitness",
		.names = { "LF" },
		.does = "it says 3276.7 m where it has no elevation: left out; its frames are "
		        "longer than 20 octets, which gaitd agrees on",
		.source = TMIW "#462",
	},
	{
		.id = "sperax",
		.names = { "SPERAX_RM-01" },
		.does = "it counts steps and does not send them; use a foot pod",
		.source = "treadspan#9",
	},
	/* ---- for any machine, by hand ---- */
	{
		.id = "mph",
		.speed = QUIRK_SPEED_MPH, .no_distance = true,
		.does = "its speed is taken as miles an hour, its distance is not used",
		.source = QZ "#1233",
	},
	{
		.id = "no-incline",
		.incline = QUIRK_INCLINE_UNTOLD,
		.does = "its incline is not used",
		.source = QZ "#4808",
	},
	{
		.id = "no-distance",
		.no_distance = true,
		.does = "its distance is not used",
		.source = QZ "#4986, #1100",
	},
	{
		.id = "request-control",
		.request_control = true,
		.does = "it is asked for control once, which some want before they send; "
		        "nothing else is ever written to it",
		.source = "FTMS 1.0.1 section 4.16",
	},
};

#define QUIRKS (sizeof(quirks) / sizeof(quirks[0]))

const struct quirk *quirk_at(size_t index)
{
	return index < QUIRKS ? &quirks[index] : NULL;
}

const char *quirk_word(size_t index)
{
	static const char *const words[] = { "auto", "none" };

	if (index < 2)
		return words[index];
	return index - 2 < QUIRKS ? quirks[index - 2].id : NULL;
}

const struct quirk *quirk_by_id(const char *id)
{
	for (size_t i = 0; i < QUIRKS; i++) {
		if (strcmp(quirks[i].id, id) == 0)
			return &quirks[i];
	}
	return NULL;
}

/* ---- which row ------------------------------------------------------------ */

static bool begins(const char *text, const char *prefix)
{
	return !prefix || (text && strncasecmp(text, prefix, strlen(prefix)) == 0);
}

static bool name_fits(const struct quirk *q, const char *name)
{
	if (!q->names[0])
		return true;
	if (!name || (q->name_length && strlen(name) != q->name_length))
		return false;
	for (size_t i = 0; i < QUIRK_NAMES && q->names[i]; i++) {
		if (begins(name, q->names[i]))
			return true;
	}
	return false;
}

static bool range_fits(const struct quirk *q, const struct ftms_speed_range *range)
{
	return q->range_maximum == 0 ||
	       (range && range->minimum == q->range_minimum &&
	        range->maximum == q->range_maximum);
}

const struct quirk *quirk_of(const struct quirk_facts *facts)
{
	for (size_t i = 0; i < QUIRKS; i++) {
		const struct quirk *q = &quirks[i];

		if ((q->names[0] || q->manufacturer || q->model) &&
		    name_fits(q, facts->name) && range_fits(q, facts->range) &&
		    begins(facts->manufacturer, q->manufacturer) &&
		    begins(facts->model, q->model))
			return q;
	}
	return NULL;
}

bool quirk_miles(const struct quirk *quirk, const struct ftms_speed_range *range)
{
	switch (quirk->speed) {
	case QUIRK_SPEED_KMH:
		return false;
	case QUIRK_SPEED_MPH:
		return true;
	case QUIRK_SPEED_AS_CONSOLE:
		return range && range->maximum > 0 && range->maximum <= quirk->mph_maximum;
	}
	return false;
}

/* ---- the wrong order ------------------------------------------------------ */

static uint16_t swapped(unsigned value)
{
	return (uint16_t)((value & 0xff) << 8 | (value >> 8 & 0xff));
}

/* The "not available" value is one only in its right order. */
static int16_t swapped_signed(struct ftms_treadmill_data *d, enum ftms_field field,
                              int16_t value)
{
	int16_t right = (int16_t)swapped((uint16_t)value);

	if (right == INT16_MAX)
		d->present &= ~(uint32_t)field;
	return right;
}

void quirk_reorder(const struct quirk *quirk, struct ftms_treadmill_data *d)
{
	if (!quirk->big_endian)
		return;
	d->speed = swapped(d->speed);
	d->average_speed = swapped(d->average_speed);
	d->distance_m = (d->distance_m & 0xff) << 16 | (d->distance_m & 0xff00) |
	                (d->distance_m >> 16 & 0xff);
	d->inclination = swapped_signed(d, FTMS_INCLINATION, d->inclination);
	d->ramp_angle = swapped_signed(d, FTMS_RAMP_ANGLE, d->ramp_angle);
	d->elevation_gain = swapped(d->elevation_gain);
	d->elevation_loss = swapped(d->elevation_loss);
	d->energy_kcal = swapped(d->energy_kcal);
	d->energy_per_hour_kcal = swapped(d->energy_per_hour_kcal);
	d->elapsed_s = swapped(d->elapsed_s);
	d->remaining_s = swapped(d->remaining_s);
}

void quirk_reorder_speed_range(const struct quirk *quirk,
                               struct ftms_speed_range *range)
{
	if (!quirk->big_endian)
		return;
	range->minimum = swapped(range->minimum);
	range->maximum = swapped(range->maximum);
	range->step = swapped(range->step);
}

void quirk_reorder_inclination_range(const struct quirk *quirk,
                                     struct ftms_inclination_range *range)
{
	if (!quirk->big_endian)
		return;
	range->minimum = (int16_t)swapped((uint16_t)range->minimum);
	range->maximum = (int16_t)swapped((uint16_t)range->maximum);
	range->step = swapped(range->step);
}

/* ---- the wrong value ------------------------------------------------------ */

/* 1 mile = 1.609344 km */
static uint16_t kmh_of_mph(uint16_t mph)
{
	uint64_t kmh = ((uint64_t)mph * 1609344 + 500000) / 1000000;

	return (uint16_t)(kmh < UINT16_MAX ? kmh : UINT16_MAX);
}

static int16_t computed_incline(const struct quirk *q, int16_t sent)
{
	int32_t value = ((int32_t)sent + q->incline_offset) * q->incline_numerator /
	                q->incline_denominator;

	if (value > INT16_MAX)
		return INT16_MAX;
	return (int16_t)(value > INT16_MIN ? value : INT16_MIN);
}

/* What it climbed it counts by the same incline. */
static void correct_incline(const struct quirk *q, struct ftms_treadmill_data *d)
{
	const uint32_t climbed = FTMS_ELEVATION_GAIN | FTMS_ELEVATION_LOSS;

	switch (q->incline) {
	case QUIRK_INCLINE_TOLD:
		break;
	case QUIRK_INCLINE_COMPUTED:
		d->inclination = computed_incline(q, d->inclination);
		d->present &= ~climbed;
		break;
	case QUIRK_INCLINE_UNTOLD:
		d->present &= ~(FTMS_INCLINATION | FTMS_RAMP_ANGLE | climbed);
		break;
	}
}

void quirk_correct(const struct quirk *quirk, bool miles,
                   struct ftms_treadmill_data *data)
{
	if (miles) {
		data->speed = kmh_of_mph(data->speed);
		data->average_speed = kmh_of_mph(data->average_speed);
	}
	if (miles || quirk->no_distance)
		data->present &= ~(uint32_t)FTMS_DISTANCE;
	if (quirk->step_octets == 2)
		data->steps &= 0xffff;
	correct_incline(quirk, data);
}
