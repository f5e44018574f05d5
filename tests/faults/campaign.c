/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 *   campaign [--all] [NAME...]   each fault of the table, or those that have NAME in
 *                                theirs, at a few instants of a run, or at many
 *   campaign --table             the table, as the manual prints it
 *   campaign --proofs            which files prove it
 */
#include "tests/faults/faults.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const unsigned few[] = { 5, 0 };
static const unsigned many[] = { 1, 2, 3, 4, 5, 6, 7, 8, 11, 13, 17, 26, 37, 53, 61, 0 };

static void print_promise(const char *what, const char *text, unsigned seconds, const char *none,
                          const char *unit)
{
	printf("%s: ", what);
	if (text)
		printf("%s.\n", text);
	else if (seconds == 0)
		printf("%s.\n", none);
	else
		printf("%u s%s.\n", seconds, unit);
}

static int print_table(void)
{
	for (const struct promise *fault = faults; fault->name; fault++) {
		printf(".It %s\n", fault->name);
		print_promise("Lost", fault->lost, fault->lost_s, "nothing",
		              " of a known runner's session, at most");
		printf("The runner sees: %s.\n", fault->sees);
		print_promise("Normal again", fault->normal, fault->normal_s, "at once", ", at most");
	}
	return 0;
}

static int print_proofs(void)
{
	for (const struct promise *fault = faults; fault->name; fault++)
		printf("%s: %s %s\n", fault->name, fault->inject ? "tests/faults/campaign.c" : "",
		       fault->others ? fault->others : "");
	return 0;
}

static bool is_wanted(const struct promise *fault, char **names)
{
	if (!*names)
		return true;
	for (; *names; names++)
		if (strcasestr(fault->name, *names))
			return true;
	return false;
}

static bool inject(const struct promise *fault)
{
	const unsigned *seconds = faults_all ? many : few;
	unsigned before = faults_injections;
	time_t began = time(NULL);
	bool good = true;

	for (; *seconds; seconds++)
		good &= fault->inject(fault, *seconds);
	printf("%-4s %s: %u times, %ld s\n", good ? "ok" : "FAIL", fault->name,
	       faults_injections - before, (long)(time(NULL) - began));
	fflush(stdout);
	return good;
}

int main(int argc, char **argv)
{
	char **names = argv + 1;
	unsigned bad = 0;

	if (argc > 1 && strcmp(argv[1], "--table") == 0)
		return print_table();
	if (argc > 1 && strcmp(argv[1], "--proofs") == 0)
		return print_proofs();
	faults_all = argc > 1 && strcmp(argv[1], "--all") == 0;
	names += faults_all;
	for (const struct promise *fault = faults; fault->name; fault++)
		if (fault->inject && is_wanted(fault, names))
			bad += !inject(fault);
	printf("%u injections, %u promises broken\n", faults_injections, bad);
	return bad > 0;
}
