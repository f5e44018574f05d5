/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "tests/soak/mischief.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define ONE_IN 12 /* seconds, something begins */
#define LONGEST_S 25
#define HOSTILE_PDUS 40

/* xorshift: the same seed, the same week */
uint32_t stage_roll(struct stage *stage, uint32_t below)
{
	stage->dice ^= stage->dice << 13;
	stage->dice ^= stage->dice >> 17;
	stage->dice ^= stage->dice << 5;
	return stage->dice % below;
}

/* ---- the radio ----------------------------------------------------------------------- */

static struct radio_device *either(struct stage *stage)
{
	return stage_roll(stage, 3) == 0 ? stage->footpod : stage->treadmill;
}

static void drop(struct stage *stage)
{
	radio_drop(either(stage));
}

static void treadmill_off(struct stage *stage)
{
	radio_switch(stage->treadmill, false);
}

static void treadmill_on(struct stage *stage)
{
	radio_switch(stage->treadmill, true);
}

static void footpod_off(struct stage *stage)
{
	radio_switch(stage->footpod, false);
}

static void footpod_on(struct stage *stage)
{
	radio_switch(stage->footpod, true);
}

static void adapter_off(struct stage *stage)
{
	radio_adapter_power(&stage->radio, false);
}

static void adapter_on(struct stage *stage)
{
	radio_adapter_power(&stage->radio, true);
}

static void adapter_out(struct stage *stage)
{
	radio_adapter_plug(&stage->radio, false);
}

static void adapter_in(struct stage *stage)
{
	radio_adapter_plug(&stage->radio, true);
}

static void quirk(struct stage *stage)
{
	unsigned count = 0;

	while (fault_name_at(count))
		count++;
	fault_choose(&either(stage)->peripheral->fault, fault_name_at(stage_roll(stage, count)));
}

static void quirk_end(struct stage *stage)
{
	fault_choose(&stage->treadmill->peripheral->fault, "none");
	fault_choose(&stage->footpod->peripheral->fault, "none");
}

/* Octets of any kind, some behind an opcode that is one: of notifications, of answers */
static void hostile(struct stage *stage)
{
	static const uint8_t opcodes[] = { 0x1b, 0x1d, 0x01, 0x03, 0x09, 0x0b, 0x11 };
	struct radio_device *device = either(stage);

	for (unsigned i = 0; i < HOSTILE_PDUS; i++) {
		uint8_t pdu[64];
		size_t length = 1 + stage_roll(stage, sizeof(pdu));

		for (size_t j = 0; j < length; j++)
			pdu[j] = (uint8_t)stage_roll(stage, 256);
		if (stage_roll(stage, 2))
			pdu[0] = opcodes[stage_roll(stage, sizeof(opcodes))];
		radio_raw(device, pdu, length);
	}
}

/* ---- displays --------------------------------------------------------------------------- */

static int *free_place(struct stage *stage)
{
	for (unsigned i = 0; i < MISCHIEF_DISPLAYS; i++)
		if (stage->displays[i] < 0)
			return &stage->displays[i];
	return NULL;
}

static void put(int fd, const char *text)
{
	(void)!send(fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* One that never reads what it is told */
static void display_comes(struct stage *stage)
{
	int *place = free_place(stage);

	if (!place)
		return;
	*place = rig_socket(&stage->rig);
	put(*place, "{\"type\":\"hello\",\"protocol\":1,\"name\":\"deaf\",\"version\":\"1\","
	            "\"caps\":[\"metrics\",\"shown\"]}\n");
}

static void display_raves(struct stage *stage)
{
	int *place;

	display_comes(stage);
	place = &stage->displays[stage_roll(stage, MISCHIEF_DISPLAYS)];
	for (unsigned i = 0; i < 100 && *place >= 0; i++)
		put(*place, i % 2 ? "{\"type\":\"shown\",\"id\":-7}\n" : "\\\xff{]\n");
}

static void displays_leave(struct stage *stage)
{
	for (unsigned i = 0; i < MISCHIEF_DISPLAYS; i++) {
		if (stage->displays[i] >= 0)
			close(stage->displays[i]);
		stage->displays[i] = -1;
	}
}

/* ---- disk, clocks, signals, descriptors ------------------------------------------------------ */

static void disk_bad(struct stage *stage)
{
	stage->rig.control->disk = CONTROL_DISK_FULL + stage_roll(stage, 4);
}

static void disk_good(struct stage *stage)
{
	stage->rig.control->disk = CONTROL_DISK_GOOD;
}

static void clock_jumps(struct stage *stage)
{
	stage->rig.control->wall_us = ((int64_t)stage_roll(stage, 7200) - 3600) * 1000000;
}

static void clock_right(struct stage *stage)
{
	stage->rig.control->wall_us = 0;
}

static void sleeps(struct stage *stage)
{
	stage->rig.control->asleep_us += INT64_C(60000000);
}

static void reload(struct stage *stage)
{
	kill(stage->rig.gaitd, SIGHUP);
}

static void stop_and_go(struct stage *stage)
{
	kill(stage->rig.gaitd, SIGSTOP);
	kill(stage->rig.gaitd, SIGCONT);
}

static void few_descriptors(struct stage *stage)
{
	struct rlimit limit;

	prlimit(stage->rig.gaitd, RLIMIT_NOFILE, NULL, &limit);
	limit.rlim_cur = 20;
	prlimit(stage->rig.gaitd, RLIMIT_NOFILE, &limit, NULL);
	display_comes(stage);
}

static void many_descriptors(struct stage *stage)
{
	struct rlimit limit;

	prlimit(stage->rig.gaitd, RLIMIT_NOFILE, NULL, &limit);
	limit.rlim_cur = limit.rlim_max;
	prlimit(stage->rig.gaitd, RLIMIT_NOFILE, &limit, NULL);
}

static void ask_much(struct stage *stage)
{
	static const char *const words[] = { "status --json", "history --json", "health",
		                             "runner list", "reload", "metrics" };

	rig_ask(&stage->rig, words[stage_roll(stage, sizeof(words) / sizeof(words[0]))]);
}

/* ---- the table --------------------------------------------------------------------------------- */

static const struct kind {
	const char *name;
	void (*begin)(struct stage *stage);
	void (*end)(struct stage *stage); /* NULL: it is over at once */
} kinds[] = {
	{ "a link is dropped", drop, NULL },
	{ "the treadmill is off", treadmill_off, treadmill_on },
	{ "the foot pod is off", footpod_off, footpod_on },
	{ "the adapter is off", adapter_off, adapter_on },
	{ "the adapter is out", adapter_out, adapter_in },
	{ "a device misbehaves", quirk, quirk_end },
	{ "hostile octets", hostile, NULL },
	{ "a display does not read", display_comes, NULL },
	{ "a display raves", display_raves, NULL },
	{ "displays leave", displays_leave, NULL },
	{ "a bad disk", disk_bad, disk_good },
	{ "the clock is wrong", clock_jumps, clock_right },
	{ "the computer sleeps", sleeps, NULL },
	{ "reload", reload, NULL },
	{ "stopped, and on", stop_and_go, NULL },
	{ "no descriptors", few_descriptors, many_descriptors },
	{ "gaitctl asks", ask_much, NULL },
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static unsigned counts[KINDS];

static void end_it(struct mischief *mischief, struct stage *stage)
{
	if (mischief->under_way)
		kinds[mischief->under_way - 1].end(stage);
	mischief->under_way = 0;
}

void mischief_second(struct mischief *mischief, struct stage *stage)
{
	if (mischief->under_way) {
		if (--mischief->left_s == 0)
			end_it(mischief, stage);
		return;
	}
	if (stage_roll(stage, ONE_IN) != 0)
		return;
	mischief->under_way = 1 + stage_roll(stage, KINDS);
	mischief->left_s = 1 + stage_roll(stage, LONGEST_S);
	mischief->done++;
	counts[mischief->under_way - 1]++;
	kinds[mischief->under_way - 1].begin(stage);
	if (!kinds[mischief->under_way - 1].end)
		mischief->under_way = 0;
}

void mischief_clear(struct mischief *mischief, struct stage *stage)
{
	end_it(mischief, stage);
	displays_leave(stage);
}

void mischief_print(void)
{
	for (unsigned i = 0; i < KINDS; i++)
		printf("%6u times %s\n", counts[i], kinds[i].name);
}
