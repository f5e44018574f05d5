/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The hub among 64 displays of which 24 are bad. As a test: every good one sees
 * every prompt, each bad one is named in the log once, and memory stays flat.
 * `displays bench` says how long a prompt takes to a display that is alone, and
 * to those that have 24 bad neighbours.
 */
#include "config.h"
#include "daemon/displays/hub.h"
#include "daemon/service/log.h"
#include "tests/load/swarm.h"

#include <event2/event.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROMPTS 60
#define GIVE_UP_US 60000000u
#define GROWTH_MAX 65536 /* octets */

struct named {
	char name[64];
	unsigned warnings, ends;
};

struct load {
	struct event_base *base;
	struct hub_settings settings;
	struct hub *hub;
	char directory[32], path[64];
	unsigned counts[SWARM_ROLES];
	struct swarm_report *report; /* shared with the swarm */
	struct named named[128];
	size_t named_count;
	size_t memory_first, memory_last;
	uint32_t prompts;
};

static unsigned failures;

static void check(bool good, const char *what, const char *who)
{
	if (good)
		return;
	printf("FAIL: %s%s%s\n", who, *who ? " " : "", what);
	failures++;
}

/* ---- the log ---- */
static struct named *find_named(struct load *load, const char *message)
{
	size_t length = strcspn(message, "(") - 1;

	for (size_t i = 0; i < load->named_count; i++)
		if (strlen(load->named[i].name) == length &&
		    strncmp(load->named[i].name, message, length) == 0)
			return &load->named[i];
	if (load->named_count == sizeof(load->named) / sizeof(load->named[0]) || length > 63)
		return NULL;
	memcpy(load->named[load->named_count].name, message, length);
	return &load->named[load->named_count++];
}

static void on_log(enum log_level level, const char *message, void *user)
{
	struct named *named = strchr(message, '(') ? find_named(user, message) : NULL;

	if (!named)
		return;
	named->warnings += level == LOG_LEVEL_WARNING;
	named->ends += strstr(message, "has gone") != NULL;
}

/* ---- what the displays are told ---- */
static void on_input(const struct display_request *input, const char *name, void *user)
{
	(void)input;
	(void)name;
	(void)user;
}

static void say_next(struct load *load)
{
	struct outcome o = { .message = { .type = DISPLAY_MESSAGE_METRICS } };

	o.message.metrics.present = DISPLAY_CADENCE;
	o.message.metrics.cadence_spm = (int32_t)load->prompts;
	hub_outcome(load->hub, &o);
	o = (struct outcome){ .message = { .type = DISPLAY_MESSAGE_PROMPT } };
	o.message.prompt.id = ++load->prompts;
	o.message.prompt.ttl_ms = GIVE_UP_US / 1000;
	strcpy(o.message.prompt.rule, "load");
	strcpy(o.message.prompt.headline, "Run tall");
	snprintf(o.message.prompt.why, sizeof(o.message.prompt.why), "%llu",
	         (unsigned long long)swarm_clock_us());
	hub_outcome(load->hub, &o);
}

struct seen {
	unsigned good, shown; /* good ones there are; that have shown all */
	unsigned stuck;       /* of those that shall be closed */
};

static struct seen look(const struct load *load)
{
	struct hub_display displays[HUB_DISPLAYS_MAX];
	size_t count = hub_describe(load->hub, displays, HUB_DISPLAYS_MAX);
	struct seen seen = { 0 };

	for (size_t i = 0; i < count; i++) {
		const char *name = displays[i].name;

		if (strncmp(name, "good-", 5) == 0) {
			seen.good++;
			seen.shown += displays[i].shown >= load->prompts;
		}
		seen.stuck += strncmp(name, "never-", 6) == 0 || strncmp(name, "drip-", 5) == 0;
	}
	return seen;
}

/* Until all good ones have shown what was said, and then the next */
static void talk(struct load *load)
{
	uint64_t end_us = swarm_clock_us() + GIVE_UP_US;
	bool all_came = false;
	struct seen seen = { 0 };

	while (swarm_clock_us() < end_us) {
		struct timeval moment = { 0, 2000 };

		event_base_loopexit(load->base, &moment);
		event_base_dispatch(load->base);
		seen = look(load);
		all_came |= seen.good == load->counts[SWARM_GOOD] &&
		            seen.stuck == load->counts[SWARM_NEVER] + load->counts[SWARM_DRIP];
		if (!all_came || seen.shown < load->counts[SWARM_GOOD])
			continue;
		if (load->prompts >= PROMPTS && !seen.stuck)
			break;
		say_next(load);
		if (load->prompts == PROMPTS / 4)
			load->memory_first = mallinfo2().uordblks;
		load->memory_last = mallinfo2().uordblks;
	}
}

/* ---- a run ---- */
static struct load *load_new(const unsigned counts[SWARM_ROLES])
{
	struct load *load = calloc(1, sizeof(*load));

	memcpy(load->counts, counts, sizeof(load->counts));
	strcpy(load->directory, "/tmp/gaitd-load.XXXXXX");
	if (!mkdtemp(load->directory))
		exit(99);
	snprintf(load->path, sizeof(load->path), "%s/display.sock", load->directory);
	load->report = mmap(NULL, sizeof(*load->report), PROT_READ | PROT_WRITE,
	                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	hub_settings_init(&load->settings);
	load->settings.path = load->path;
	load->settings.ping_ms = 1000;
	load->settings.stuck_ms = 1500;
	load->settings.rate_ms = 100;
	return load;
}

static void load_run(struct load *load)
{
	pid_t swarm;

	fflush(NULL);
	load->base = event_base_new();
	load->hub = hub_new(load->base, &load->settings, on_input, load);
	if (!load->hub)
		exit(99);
	swarm = fork();
	if (swarm == 0) {
		swarm_run(load->path, load->counts, load->report);
		_exit(0);
	}
	log_divert(on_log, load);
	talk(load);
	log_divert(NULL, NULL);
	hub_free(load->hub);
	kill(swarm, SIGTERM); /* if nobody good heard the bye */
	waitpid(swarm, NULL, 0);
	event_base_free(load->base);
	rmdir(load->directory);
}

static void load_free(struct load *load)
{
	munmap(load->report, sizeof(*load->report));
	free(load);
}

/* ---- the test ---- */
static const unsigned crowd[SWARM_ROLES] = {
	[SWARM_GOOD] = 40, [SWARM_NEVER] = 6, [SWARM_DRIP] = 4,
	[SWARM_FLOOD] = 6, [SWARM_LIAR] = 4,  [SWARM_DIER] = 4,
};

static void check_names(struct load *load)
{
	char name[32];

	for (enum swarm_role role = SWARM_GOOD; role < SWARM_ROLES; role++)
		for (unsigned i = 0; i < load->counts[role]; i++) {
			bool nameless = role == SWARM_LIAR && i % 2;
			unsigned expected = role != SWARM_GOOD && role != SWARM_DIER;
			const struct named *named;

			snprintf(name, sizeof(name), "%s-%u", swarm_names[role], i);
			strcat(name, " (");
			named = find_named(load, nameless ? "a display without hello (" : name);
			if (!named)
				exit(99);
			check(named->warnings == expected, "is not warned of as often as it should", name);
			check(named->ends == (role == SWARM_DIER || (role == SWARM_FLOOD && named->ends)),
			      "is not said once to have gone", name);
		}
}

static int test(void)
{
	struct load *load = load_new(crowd);

	load_run(load);
	check(load->prompts >= PROMPTS, "did not show what was said", "good displays");
	check(load->report->missed == 0, "missed prompts", "good displays");
	check(load->report->prompts == load->prompts * load->counts[SWARM_GOOD],
	      "did not read every prompt", "good displays");
	check(load->memory_last < load->memory_first + GROWTH_MAX, "memory grew", "");
	check_names(load);
	printf("%lu prompts to %u good displays, memory %+ld octets\n", (unsigned long)load->prompts,
	       load->counts[SWARM_GOOD], (long)load->memory_last - (long)load->memory_first);
	load_free(load);
	return failures != 0;
}

/* ---- the benchmark ---- */
static int by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static double bench_one(const char *title, const unsigned counts[SWARM_ROLES])
{
	struct load *load = load_new(counts);
	struct swarm_report *r = load->report;
	size_t middle, rare;
	double p99_ms;

	load_run(load);
	qsort(r->delays_us, r->delay_count, sizeof(r->delays_us[0]), by_size);
	if (!r->delay_count)
		exit(1);
	middle = r->delay_count / 2;
	rare = (size_t)r->delay_count * 99 / 100;
	p99_ms = r->delays_us[rare] / 1e3;
	printf("%-34s %6u prompts, median %.2f ms, 99 %% %.2f ms, longest %.2f ms\n", title,
	       r->prompts, r->delays_us[middle] / 1e3, p99_ms,
	       r->delays_us[r->delay_count - 1] / 1e3);
	load_free(load);
	return p99_ms;
}

static int bench(void)
{
	static const unsigned lone[SWARM_ROLES] = { [SWARM_GOOD] = 1 };
	double alone_ms = bench_one("a display alone", lone);
	double crowd_ms = bench_one("40 displays among 24 bad ones", crowd);

	printf("99 %%: %.2f ms later than alone, %.0f times as long; 50 ms is what it may be\n",
	       crowd_ms - alone_ms, crowd_ms / alone_ms);
	return crowd_ms - alone_ms > 50;
}

int main(int argc, char **argv)
{
	return argc > 1 && strcmp(argv[1], "bench") == 0 ? bench() : test();
}
