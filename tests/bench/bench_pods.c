/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * make bench-pods: does gaitd take the right pod in a full gym (gym.h)?
 *
 *	bench_pods [SESSIONS [FIRST-SEED]]
 *
 * A table, one row a case; the exit status is 1 when a wrong pod was chosen in
 * a usual session or between twins, or the right one too seldom.
 */
#include "tests/bench/gym.h"

#include <stdio.h>
#include <stdlib.h>

#define SESSIONS 1000
#define SOON_S 20.0
#define SOON_LEAST 0.95

struct row {
	unsigned sessions, wrong, right, soon, asked, among;
	double seconds;
};

static struct row measure(enum gym_case which, uint64_t first, unsigned sessions)
{
	struct row row = { .sessions = sessions };

	for (unsigned i = 0; i < sessions; i++) {
		struct gym_outcome o = gym_session(first + i, which);

		row.wrong += o.wrong;
		row.right += o.right;
		row.soon += o.right && !o.wrong && o.chosen_s <= SOON_S;
		row.asked += o.asked;
		row.among += o.asked && o.among_asked;
		row.seconds += o.right ? o.chosen_s : 0;
		if (o.wrong)
			fprintf(stderr, "case %u, seed %llu: a wrong pod\n",
			        (unsigned)which, (unsigned long long)first + i);
	}
	return row;
}

static void print(const char *name, const struct row *row)
{
	double n = row->sessions;

	printf("%-34s %8u %6u %7.1f %% %7.1f %% %7.1f %% %7.1f %% %7.1f\n", name,
	       row->sessions, row->wrong, 100 * row->soon / n, 100 * row->right / n,
	       100 * row->asked / n, 100 * row->among / n,
	       row->right ? row->seconds / row->right : 0);
}

int main(int argc, char **argv)
{
	static const char *const names[GYM_CASES] = {
		[GYM_USUAL] = "as the issue says",
		[GYM_TWINS] = "two start together at one speed",
		[GYM_NO_POD] = "our runner has no pod",
		[GYM_LATE] = "he steps on 4 to 9 s late",
		[GYM_WALKERS] = "three people walk past, near",
	};
	unsigned sessions = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : SESSIONS;
	uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	struct row row[GYM_CASES];

	printf("seeds %llu to %llu\n%-34s %8s %6s %9s %9s %9s %9s %7s\n",
	       (unsigned long long)first, (unsigned long long)(first + sessions - 1),
	       "", "sessions", "wrong", "in 20 s", "right", "asks", "offered",
	       "mean s");
	for (int i = 0; i < GYM_CASES; i++) {
		row[i] = measure((enum gym_case)i, first, sessions);
		print(names[i], &row[i]);
		fflush(stdout);
	}
	return row[GYM_USUAL].wrong || row[GYM_TWINS].wrong ||
	       row[GYM_USUAL].soon < SOON_LEAST * sessions;
}
