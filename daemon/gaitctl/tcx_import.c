/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Elements are known by their own names, whatever prefix they come with: there
 * are as many as there are writers. Of an element only the first characters are
 * kept, and a file that defines entities is refused: nothing grows.
 */
#include "daemon/gaitctl/tcx_import.h"

#include "daemon/devices/recording.h"

#include <expat.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 64
#define DEPTH_MAX 64 /* an activity's points are 7 or 8 deep */
#define SECONDS_LENGTH 19 /* of 2026-11-30T06:30:00 */
#define PIECE_MAX 65536

struct tcx {
	XML_Parser parser;
	struct run_points *run;
	struct run_fault *fault;
	unsigned depth, activities;
	bool is_tcx;
	bool in_point, in_heart_rate, has_time;
	struct run_point point;
	char text[TEXT_MAX];
	size_t length;
	bool stopped;
};

static void stop(struct tcx *t, const char *what)
{
	if (t->stopped)
		return;
	t->stopped = true;
	t->fault->offset = XML_GetCurrentLineNumber(t->parser);
	snprintf(t->fault->message, sizeof(t->fault->message), "%s", what);
	XML_StopParser(t->parser, XML_FALSE);
}

/* ---- values ---------------------------------------------------------------- */

/* As recordings have it, but with a fraction of a second, and in UTC where no
 * zone is told */
static bool read_time(const char *text, int64_t *unix_ms, bool *has_zone, int32_t *offset_s)
{
	const char *zone = text + (strlen(text) < SECONDS_LENGTH ? strlen(text)
	                                                         : SECONDS_LENGTH);
	char whole[TEXT_MAX + 2];
	int64_t unix_s;
	double fraction = 0;

	if (*zone == '.') {
		fraction = strtod(zone, NULL);
		zone += 1 + strspn(zone + 1, "0123456789");
	}
	snprintf(whole, sizeof(whole), "%.*s%s", SECONDS_LENGTH, text, *zone ? zone : "Z");
	if (!recording_time_read(whole, strlen(whole), &unix_s, offset_s))
		return false;
	*has_zone = *zone && *zone != 'Z';
	*unix_ms = unix_s * 1000 + (int64_t)(fraction * 1000);
	return true;
}

static void take_time(struct tcx *t)
{
	bool has_zone;
	int32_t offset_s;

	t->has_time = read_time(t->text, &t->point.unix_ms, &has_zone, &offset_s);
	if (!t->has_time)
		stop(t, "expected a time as 2026-11-30T06:30:00Z");
	else if (has_zone) {
		t->run->has_offset = true;
		t->run->offset_s = offset_s;
	}
}

static bool take_number(const struct tcx *t, double *out)
{
	char *end;
	double value;

	if (strspn(t->text, "-+.0123456789eE") != strlen(t->text))
		return false;
	value = strtod(t->text, &end);
	if (end == t->text || *end || !isfinite(value) || fabs(value) > 1e9)
		return false;
	*out = value;
	return true;
}

static void take_heart_rate(struct tcx *t)
{
	double value;

	t->point.has_heart_rate = take_number(t, &value);
	if (t->point.has_heart_rate)
		t->point.heart_rate_bpm = (int32_t)value;
}

static void take_value(struct tcx *t, const char *name)
{
	struct run_point *point = &t->point;

	if (strcmp(name, "Time") == 0)
		take_time(t);
	else if (strcmp(name, "DistanceMeters") == 0)
		point->has_distance = take_number(t, &point->distance_m);
	else if (strcmp(name, "Speed") == 0)
		point->has_speed = take_number(t, &point->speed_m_s);
	else if (strcmp(name, "RunCadence") == 0 ||
	         (strcmp(name, "Cadence") == 0 && !point->has_cadence))
		point->has_cadence = take_number(t, &point->cadence);
	else if (strcmp(name, "Value") == 0 && t->in_heart_rate)
		take_heart_rate(t);
}

/* ---- elements -------------------------------------------------------------- */

static const char *own_name(const char *name)
{
	const char *colon = strrchr(name, ':');

	return colon ? colon + 1 : name;
}

static void XMLCALL on_start(void *user, const XML_Char *full, const XML_Char **attributes)
{
	struct tcx *t = user;
	const char *name = own_name(full);

	(void)attributes;
	t->length = 0;
	if (++t->depth == 1)
		t->is_tcx = strcmp(name, "TrainingCenterDatabase") == 0;
	if (!t->is_tcx)
		stop(t, "no Training Center XML: it does not begin with a "
		        "TrainingCenterDatabase");
	else if (t->depth > DEPTH_MAX)
		stop(t, "elements within elements without an end");
	else if (strcmp(name, "Activity") == 0)
		t->activities++;
	else if (strcmp(name, "HeartRateBpm") == 0)
		t->in_heart_rate = true;
	else if (strcmp(name, "Trackpoint") == 0) {
		t->in_point = t->activities == 1;
		t->has_time = false;
		t->point = (struct run_point){ .has_speed = false };
	}
}

/* Without blanks around it */
static void close_text(struct tcx *t)
{
	size_t from = 0;

	while (t->length > 0 && strchr(" \t\r\n", t->text[t->length - 1]))
		t->length--;
	t->text[t->length] = '\0';
	from = strspn(t->text, " \t\r\n");
	memmove(t->text, t->text + from, t->length - from + 1);
}

static void XMLCALL on_end(void *user, const XML_Char *full)
{
	struct tcx *t = user;
	const char *name = own_name(full);

	t->depth--;
	if (t->in_point && strcmp(name, "Trackpoint") == 0) {
		if (t->has_time)
			run_points_add(t->run, &t->point);
		t->in_point = false;
	} else if (t->in_point) {
		close_text(t);
		take_value(t, name);
	}
	if (strcmp(name, "HeartRateBpm") == 0)
		t->in_heart_rate = false;
	t->length = 0;
}

static void XMLCALL on_text(void *user, const XML_Char *text, int length)
{
	struct tcx *t = user;
	size_t room = TEXT_MAX - 1 - t->length;
	size_t more = (size_t)length < room ? (size_t)length : room;

	memcpy(t->text + t->length, text, more);
	t->length += more;
}

static void XMLCALL on_entity(void *user, const XML_Char *name, int is_parameter,
                              const XML_Char *value, int length, const XML_Char *base,
                              const XML_Char *system, const XML_Char *public,
                              const XML_Char *notation)
{
	(void)name;
	(void)is_parameter;
	(void)value;
	(void)length;
	(void)base;
	(void)system;
	(void)public;
	(void)notation;
	stop(user, "it defines entities, which no run needs");
}

/* ---- the file -------------------------------------------------------------- */

/* In pieces, so that a length is an int whatever the file is */
static bool parse(struct tcx *t, const char *text, size_t length)
{
	while (!t->stopped) {
		int piece = (int)(length < PIECE_MAX ? length : PIECE_MAX);
		bool last = (size_t)piece == length;

		if (XML_Parse(t->parser, text, piece, last) != XML_STATUS_OK)
			break;
		if (last)
			return true;
		text += piece;
		length -= (size_t)piece;
	}
	if (!t->stopped) {
		t->fault->offset = XML_GetCurrentLineNumber(t->parser);
		snprintf(t->fault->message, sizeof(t->fault->message), "no XML from here on: %s",
		         XML_ErrorString(XML_GetErrorCode(t->parser)));
	}
	return false;
}

bool tcx_import(const char *text, size_t length, struct run_points *run,
                struct run_fault *fault)
{
	struct tcx t = { .parser = XML_ParserCreate(NULL), .run = run, .fault = fault };
	bool parsed;

	if (!t.parser) {
		run->failed = true;
		*fault = (struct run_fault){ .message = "out of memory" };
		return false;
	}
	XML_SetUserData(t.parser, &t);
	XML_SetElementHandler(t.parser, on_start, on_end);
	XML_SetCharacterDataHandler(t.parser, on_text);
	XML_SetEntityDeclHandler(t.parser, on_entity);
	parsed = parse(&t, text, length);
	XML_ParserFree(t.parser);
	return parsed;
}
