/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Consoles of a site, by a given clock: each with a daemon that holds a pod or not,
 * a wall clock that is off, and messages that take their time to the others. For
 * the tests of claims, and for what `make bench-claims` measures.
 */
#ifndef GAITD_BENCH_SITE_H
#define GAITD_BENCH_SITE_H

#include "plugins/mqtt/claiming.h"

#define SITE_CONSOLES 3
#define SITE_MESSAGES 64
#define SITE_STEP_MS 10
#define SITE_POD "ant 57043"

struct site_console {
	struct site *site;
	char name[8];
	struct claiming claiming;
	int64_t skew_ms;  /* of the wall clock */
	int64_t phase_ms; /* in the second, when the daemon is asked */
	bool told_of_change; /* asked at once when the pod changes, not by the second alone */
	bool holds, fixed, left; /* `left`: to another console */
	int64_t since_ms;
	int64_t release_ms; /* when the daemon has let go; INT64_MAX: it is not asked to */
	unsigned releases, release_asked, frees, told, said;
	char last_said[320];
};

struct site_message {
	int64_t due_ms;
	size_t from, to;
	char *text;
	bool is_status;
};

struct site {
	struct site_console consoles[SITE_CONSOLES];
	size_t count;
	int64_t now_ms, unix_ms; /* the latter without skew */
	int64_t latency_least_ms, latency_most_ms;
	int64_t daemon_ms; /* until it does what it is asked for */
	uint64_t chance;
	struct site_message messages[SITE_MESSAGES];
	unsigned lost; /* messages that there was no room for: a storm */
};

/* All are connected; NULL keys are the site's. */
void site_init(struct site *site, size_t count, uint64_t seed, const char *const *keys);
void site_drop(struct site *site);
/* The console's pod is this one from now on; or it is not. */
void site_hold(struct site *site, size_t console, bool holds);
/* Its last will, or its word that it goes or is there */
void site_tell_status(struct site *site, size_t console, const char *state);
void site_run(struct site *site, int64_t ms);
size_t site_holders(const struct site *site);
uint32_t site_dice(struct site *site, uint32_t below);

/* Two consoles take one pod `apart_ms` from each other; how long both have it, in ms,
 * and whether the earlier one kept it. All else by chance of the seed. */
struct site_clash {
	int64_t both_ms;
	bool earlier_kept, settled;
};
struct site_clash site_clash(uint64_t seed, int64_t latency_ms, int64_t apart_ms, bool told);

#endif
