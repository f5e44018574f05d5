/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A treadmill or a foot pod that is lost for a while, or sends nonsense: a recording
 * without its lines, or with others in their place, is replayed.
 */
#include "tests/faults/faults.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GAP_S 20
#define STALE_S 6 /* from then on what was last heard is not shown any more */
#define FIRST_S 60
#define APART_S 7 /* between two instants */

enum { LOST = 0, NONSENSE = 1, OF_FOOTPOD = 2 };

static uint32_t dice;

static uint32_t roll(uint32_t below)
{
	dice ^= dice << 13;
	dice ^= dice >> 17;
	dice ^= dice << 5;
	return dice % below;
}

static bool run(const struct rig *rig, const char *words)
{
	char command[6 * RIG_PATH_MAX];
	const char *builddir = getenv("builddir");

	snprintf(command, sizeof(command), "'%s/gaitd' --config '%s/gaitd.yaml' --speed max %s 2>'%s/log'",
	         builddir ? builddir : ".", rig->directory, words, rig->directory);
	return system(command) == 0; /* NOLINT(cert-env33-c): our own words */
}

static FILE *open_in(const struct rig *rig, const char *name, const char *mode)
{
	char path[2 * RIG_PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", rig->directory, name);
	return fopen(path, mode);
}

/* The line's octets, others in their place, of any number */
static void spoil(FILE *out, const char *line)
{
	const char *payload = strrchr(line, ' ') + 1;

	fprintf(out, "%.*s", (int)(payload - line), line);
	for (unsigned left = 1 + roll(30); left > 0; left--)
		fprintf(out, "%02x", roll(256));
	fputc('\n', out);
}

static bool damage(const struct rig *rig, unsigned kind, long from_s)
{
	FILE *in = open_in(rig, "good.rec", "re"), *out = open_in(rig, "bad.rec", "we");
	const char *device = kind & OF_FOOTPOD ? " footpod" : " treadmill";
	char line[RIG_LINE_MAX];

	while (in && out && fgets(line, sizeof(line), in)) {
		long at_s = strtol(line, NULL, 10) / 1000000;
		bool hit = at_s >= from_s && at_s < from_s + GAP_S && strstr(line, device) &&
		           (strstr(line, " notify ") || strstr(line, " ant "));

		if (!hit)
			fputs(line, out);
		else if (kind & NONSENSE)
			spoil(out, line);
	}
	return in && out && fclose(in) == 0 && fclose(out) == 0;
}

/* ---- what came of it ---------------------------------------------------------------- */

struct seen {
	double again_s;   /* the value is told again, this long after the gap */
	bool old_value;   /* told in the gap */
	bool old_prompt;  /* likewise */
	bool second_start; /* the session began anew */
};

static void look_at(struct seen *seen, const char *line, double gap_s, const char *member,
                    bool lost, long *elapsed_s)
{
	double t = strtod(line + strlen("{\"t\":"), NULL);
	bool has = strstr(line, member) != NULL;
	bool in_gap = t > gap_s + STALE_S && t < gap_s + GAP_S;
	const char *elapsed = strstr(line, "\"elapsed_s\":");
	long now_s = elapsed ? strtol(elapsed + 12, NULL, 10) : *elapsed_s;

	seen->second_start |= now_s < *elapsed_s;
	*elapsed_s = now_s;
	seen->old_value |= lost && in_gap && has;
	seen->old_prompt |= lost && in_gap && strstr(line, "\"level\":\"form\"");
	if (has && t >= gap_s + GAP_S && seen->again_s < 0)
		seen->again_s = t - gap_s - GAP_S;
}

static struct seen look(const struct rig *rig, const struct promise *fault, long gap_s)
{
	const char *member = fault->kind & OF_FOOTPOD ? "\"cadence_spm\":" : "\"speed_kmh\":";
	FILE *in = open_in(rig, "told", "re");
	struct seen seen = { .again_s = -1 };
	char line[RIG_LINE_MAX];
	long elapsed_s = 0;

	while (in && fgets(line, sizeof(line), in))
		look_at(&seen, line, (double)gap_s, member, !(fault->kind & NONSENSE), &elapsed_s);
	if (in)
		fclose(in);
	return seen;
}

static const char *wrong_with(const struct rig *rig, const struct promise *fault, long gap_s)
{
	char words[4 * RIG_PATH_MAX];
	struct seen seen;

	snprintf(words, sizeof(words), "--simulate demo --record '%s/good.rec'", rig->directory);
	if (!run(rig, words) || !damage(rig, fault->kind, gap_s))
		return "no recording";
	snprintf(words, sizeof(words), "--replay '%s/bad.rec' --prompts '%s/told' --metrics",
	         rig->directory, rig->directory);
	if (!run(rig, words))
		return "the replay ended with an error";
	seen = look(rig, fault, gap_s);
	if (seen.again_s < 0 || seen.again_s > fault->normal_s)
		return "its values are not back in time";
	if (seen.old_value || seen.old_prompt)
		return "old values are told of";
	return seen.second_start ? "the session began anew" : NULL;
}

bool faults_device(const struct promise *fault, unsigned second)
{
	long gap_s = FIRST_S + (long)second * APART_S;
	const char *wrong = "no place to work in";
	struct rig rig;

	dice = 0x9e3779b9u * (second + 1); /* other nonsense at each instant, the same each time */
	if (rig_new(&rig))
		wrong = wrong_with(&rig, fault, gap_s);
	faults_injections++;
	if (wrong)
		faults_fail(&rig, fault, (unsigned)gap_s, wrong);
	rig_free(&rig);
	return !wrong;
}
