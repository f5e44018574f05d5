/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "tests/soak/figures.h"

#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* By how much each may seem to grow over the half that is looked at. Memory that
 * the allocator keeps comes in pages, and a database in the sizes that runs have:
 * what leaks once a run, or once a minute, is far beyond. */
static const struct {
	const char *name;
	double bound;
	double bound_part; /* of its mean, added */
} kinds[FIGURES] = {
	[FIGURE_PRIVATE] = { "private KiB", 192, 0 },
	[FIGURE_PSS] = { "PSS KiB", 256, 0.02 }, /* others' that share a page come and go */
	[FIGURE_HEAP] = { "heap octets", 2048, 0 },
	[FIGURE_SQLITE] = { "SQLite KiB", 16, 0.1 },
	[FIGURE_DESCRIPTORS] = { "descriptors", 0.5, 0 },
	[FIGURE_TIMERS] = { "events", 0.5, 0 },
	[FIGURE_FILES] = { "files", 0.5, 0 },
	[FIGURE_DISK] = { "disk KiB", 64, 0.1 },
};

/* ---- samples ------------------------------------------------------------------------ */

static double rollup_kib(const char *line, const char *key)
{
	size_t length = strlen(key);

	return strncmp(line, key, length) == 0 ? strtod(line + length, NULL) : 0;
}

static bool read_memory(const struct rig *rig, double *private_kib, double *pss_kib)
{
	char path[64], line[256];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)rig->gaitd);
	file = fopen(path, "re");
	*private_kib = *pss_kib = 0;
	while (file && fgets(line, sizeof(line), file)) {
		*private_kib += rollup_kib(line, "Private_Clean:") +
		                rollup_kib(line, "Private_Dirty:");
		*pss_kib += rollup_kib(line, "Pss:");
	}
	if (file)
		fclose(file);
	return *pss_kib > 0;
}

static unsigned count_entries(const char *path, double *kib)
{
	DIR *directory = opendir(path);
	const struct dirent *entry;
	struct stat status;
	unsigned count = 0;

	while (directory && (entry = readdir(directory))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		count++;
		if (kib && fstatat(dirfd(directory), entry->d_name, &status, 0) == 0)
			*kib += (double)status.st_size / 1024;
	}
	if (directory)
		closedir(directory);
	return count;
}

/* Asked of gaitd itself, at its next turn */
static bool ask_it(struct rig *rig)
{
	rig->control->measure = 1;
	while (rig->control->measure)
		if (rig_ask(rig, "status") != 0 || !rig_settle(rig))
			return false;
	return true;
}

bool figures_take(struct figures *figures, struct rig *rig)
{
	unsigned at = figures->count;
	double *value[FIGURES], kib = 0;
	char path[2 * RIG_PATH_MAX];

	if (at == FIGURES_MAX || !ask_it(rig))
		return at == FIGURES_MAX;
	for (unsigned i = 0; i < FIGURES; i++)
		value[i] = &figures->values[i][at];
	if (!read_memory(rig, value[FIGURE_PRIVATE], value[FIGURE_PSS]))
		return false;
	*value[FIGURE_HEAP] = (double)(rig->control->heap - rig->control->sqlite);
	*value[FIGURE_SQLITE] = (double)rig->control->sqlite / 1024;
	*value[FIGURE_TIMERS] = rig->control->timers;
	snprintf(path, sizeof(path), "/proc/%d/fd", (int)rig->gaitd);
	*value[FIGURE_DESCRIPTORS] = count_entries(path, NULL);
	rig_path(rig, "state", path);
	*value[FIGURE_FILES] = count_entries(path, &kib);
	*value[FIGURE_DISK] = kib;
	figures->seconds[at] = (double)rig->passed_us / 1e6;
	figures->count++;
	return true;
}

void figures_print_last(const struct figures *figures, FILE *out)
{
	unsigned last = figures->count - 1;

	fprintf(out, "%9.0f s", figures->seconds[last]);
	for (unsigned i = 0; i < FIGURES; i++)
		fprintf(out, "  %.0f %s", figures->values[i][last], kinds[i].name);
	fputc('\n', out);
	fflush(out);
}

/* ---- do they grow? ---------------------------------------------------------------------- */

struct line {
	double at_first, at_last, error; /* standard error of the difference */
};

static struct line fit(const double *x, const double *y, unsigned count)
{
	double mean_x = 0, mean_y = 0, xx = 0, xy = 0, rest = 0, slope;
	struct line line;

	for (unsigned i = 0; i < count; i++) {
		mean_x += x[i] / count;
		mean_y += y[i] / count;
	}
	for (unsigned i = 0; i < count; i++) {
		xx += (x[i] - mean_x) * (x[i] - mean_x);
		xy += (x[i] - mean_x) * (y[i] - mean_y);
	}
	slope = xx > 0 ? xy / xx : 0;
	for (unsigned i = 0; i < count; i++) {
		double off = y[i] - mean_y - slope * (x[i] - mean_x);

		rest += off * off;
	}
	line.at_first = mean_y + slope * (x[0] - mean_x);
	line.at_last = mean_y + slope * (x[count - 1] - mean_x);
	line.error = count > 2 && xx > 0 ? sqrt(rest / (count - 2) / xx) * (x[count - 1] - x[0]) : 0;
	return line;
}

static double most(const double *values, unsigned count)
{
	double most = count > 0 ? values[0] : 0;

	for (unsigned i = 1; i < count; i++)
		most = fmax(most, values[i]);
	return most;
}

bool figures_judge(const struct figures *figures, bool is_warm)
{
	unsigned from = figures->count / 2, count = figures->count - from;
	bool good = count >= 3;

	printf("%-12s %10s %10s %9s %7s %9s   of %u samples, the later half of %u\n", "", "at first",
	       "at last", "growth", "+-", "bound", count, figures->count);
	for (unsigned i = 0; count >= 3 && i < FIGURES; i++) {
		struct line line =
			fit(figures->seconds + from, figures->values[i] + from, count);
		double growth = line.at_last - line.at_first;
		double bound = kinds[i].bound + kinds[i].bound_part * line.at_first;
		/* of PSS each process that ends elsewhere leaves a larger share */
		bool judged = i != FIGURE_PSS && (is_warm || i != FIGURE_PRIVATE);
		bool flat = growth <= bound || !judged ||
		            most(figures->values[i] + from, count) <=
		                    most(figures->values[i], from) + bound;

		printf("%-12s %10.1f %10.1f %9.1f %7.1f %9.1f   %s\n", kinds[i].name, line.at_first,
		       line.at_last, growth, line.error, bound, !judged ? "not judged" : flat ? "ok" : "GROWS");
		good &= flat;
	}
	return good;
}
