/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "daemon/origin.h"

#include "daemon/service/log.h"
#include "daemon/service/paths.h"
#include "daemon/sources/ant.h"
#include "daemon/sources/bluetooth.h"
#include "daemon/sources/live.h"
#include "daemon/sources/player.h"
#include "daemon/sources/replay.h"
#include "daemon/sources/simulate.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

/* Each is hardware that events may come from. */
static const struct source_live_ops *const live_sources[] = {
#ifdef WITH_BLUETOOTH
	&bluetooth_source,
#endif
#ifdef WITH_USB
	&ant_source,
#endif
	NULL,
};

int origin_status_of(int error)
{
	switch (error) {
	case EACCES:
	case EPERM:
	case EROFS:
		return EXIT_PERMISSION;
	case EADDRINUSE:
		return EXIT_TEMPORARY;
	}
	return EXIT_FAILED;
}

static void start_now(struct recorder_header *header)
{
	time_t now = time(NULL);
	struct tm tm;

	header->has_start = true;
	header->start_unix_s = now;
	header->start_offset_s = localtime_r(&now, &tm) ? (int32_t)tm.tm_gmtoff : 0;
}

static int drive(struct origin *origin, const struct driver_ops *ops, void *self)
{
	if (!self) {
		log_known(MESSAGE_OUT_OF_MEMORY, "daemon", "out of memory");
		return EXIT_FAILED;
	}
	origin->driver.ops = ops;
	origin->driver.self = self;
	return EXIT_GO_ON;
}

static int open_replay(struct origin *origin, const struct options *options,
                       struct pipeline_settings *settings)
{
	struct replay *replay = replay_open(options->replay);
	const struct recording_header *header;

	if (!replay)
		return origin_status_of(errno);
	header = replay_header(replay);
	if (header->has_runner)
		settings->runner = header->runner;
	if (header->has_start)
		settings->day_s = pipeline_day_s(header->start_unix_s,
		                                 header->start_offset_s);
	origin->header.model = header->model;
	origin->header.has_start = header->has_start;
	origin->header.start_unix_s = header->start_unix_s;
	origin->header.start_offset_s = header->start_offset_s;
	snprintf(origin->name, sizeof(origin->name), "replay %s", options->replay);
	return drive(origin, &player_ops, player_new(&replay_ops, replay, options->speed));
}

static int open_simulation(struct origin *origin, const struct options *options,
                           const struct ruleset *rules,
                           struct pipeline_settings *settings)
{
	uint64_t seed = options->has_seed ? options->seed : SIMULATE_SEED;
	char why[200];
	struct simulate *simulate;

	errno = 0;
	simulate = simulate_open(options->simulate, seed, rules, settings, why, sizeof(why));
	if (!simulate && errno == ENOMEM)
		return drive(origin, &player_ops, NULL);
	if (!simulate) {
		log_error("simulate", "%s", why);
		return EXIT_USAGE;
	}
	/* no wall clock: the same seed is the same run at any hour */
	origin->header.model = simulate_model(simulate);
	snprintf(origin->name, sizeof(origin->name), "simulator %s", options->simulate);
	return drive(origin, &player_ops,
	             player_new(&simulate_ops, simulate, options->speed));
}

static int open_live(struct origin *origin, struct pipeline_settings *settings)
{
	size_t used = 0;

	if (!live_sources[0]) {
		log_error("daemon", "no treadmill: this gaitd is built without Bluetooth. "
		                    "Try gaitd --simulate demo, or gaitd --replay FILE");
		return EXIT_NO_HARDWARE;
	}
	start_now(&origin->header);
	settings->day_s = pipeline_day_s(origin->header.start_unix_s,
	                                 origin->header.start_offset_s);
	for (size_t i = 0; live_sources[i]; i++)
		used += (size_t)snprintf(origin->name + used, sizeof(origin->name) - used,
		                         "%s%s", i ? ", " : "", live_sources[i]->name);
	return drive(origin, &live_ops, live_new(live_sources, paths_state_directory()));
}

int origin_open(struct origin *origin, const struct options *options,
                const struct ruleset *rules, struct pipeline_settings *settings)
{
	if (options->replay)
		return open_replay(origin, options, settings);
	if (options->simulate)
		return open_simulation(origin, options, rules, settings);
	return open_live(origin, settings);
}
