/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "plugins/console/ending.h"

#include <stddef.h>

volatile sig_atomic_t ending_signal;

static void on_signal(int number)
{
	ending_signal = number;
}

void ending_watch(sigset_t *unblocked)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = on_signal };
	sigset_t ours;

	sigemptyset(&ours);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigaddset(&ours, numbers[i]);
	sigprocmask(SIG_BLOCK, &ours, unblocked);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigaction(numbers[i], &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}
