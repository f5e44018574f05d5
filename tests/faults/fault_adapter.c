/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The adapter, or the treadmill, is off for a while beneath a gaitd that is connected by
 * the Bluetooth of radio.h.
 */
#include "tests/faults/faults.h"
#include "tests/faults/radio.h"

#define TREADMILL "C0:98:E5:49:00:07"
#define LINKED_S 60 /* by then it has found the treadmill */
#define AWAY_S 15
#define SHOWN_S 6   /* what is older is not shown any more */
#define SETTLED_S 5 /* of figures before the fault, and after it */

struct stage {
	struct rig rig;
	struct radio radio;
	struct radio_device *treadmill;
};

/* A belt at 9 km/h */
static const struct source_event moves = {
	.device = SOURCE_TREADMILL, .kind = SOURCE_NOTIFY, .uuid = 0x2acd,
	.bytes = { 0x00, 0x00, 0x84, 0x03 }, .length = 4,
};

static bool on_beside(void *user)
{
	struct stage *stage = user;

	return radio_serve(&stage->radio);
}

static bool second_passes(struct stage *stage)
{
	struct rig *rig = &stage->rig;

	if (!rig_second(rig) || (rig->display < 0 && !rig_connect(rig)))
		return false;
	radio_advance(&stage->radio, rig->passed_us);
	peripheral_event(stage->treadmill->peripheral, &moves);
	return rig_settle(rig);
}

static bool seconds_pass(struct stage *stage, unsigned count)
{
	while (count-- > 0)
		if (!second_passes(stage))
			return false;
	return true;
}

/* Seconds until a speed is shown, `most` at most; -1: it is not */
static long until_shown(struct stage *stage, unsigned most)
{
	long since = (long)stage->rig.seconds;

	while (stage->rig.speed_at <= since)
		if ((long)stage->rig.seconds - since > (long)most || !second_passes(stage))
			return -1;
	return (long)stage->rig.seconds - since - 1;
}

static void set_right(struct stage *stage, unsigned kind, bool right)
{
	if (kind == FAULTS_ADAPTER_OFF && !right)
		radio_adapter_power(&stage->radio, false); /* gaitd switches it on itself */
	else if (kind == FAULTS_ADAPTER_BLOCKED)
		radio_adapter_block(&stage->radio, !right);
	else if (kind == FAULTS_ADAPTER_OUT)
		radio_adapter_plug(&stage->radio, right);
	else if (kind == FAULTS_TREADMILL_OFF)
		radio_switch(stage->treadmill, right);
}

static bool away(struct stage *stage)
{
	return seconds_pass(stage, AWAY_S) &&
	       stage->rig.speed_at <= (long)stage->rig.seconds - AWAY_S + SHOWN_S;
}

static const char *wrong_with(struct stage *stage, const struct promise *fault, unsigned second)
{
	long elapsed_s;

	if (until_shown(stage, LINKED_S) < 0 || !seconds_pass(stage, SETTLED_S + second))
		return "it does not find the treadmill";
	elapsed_s = stage->rig.elapsed_s;
	set_right(stage, fault->kind, false);
	if (fault->kind != FAULTS_ADAPTER_OFF && !away(stage))
		return "it has ended, or a speed is shown that is not heard";
	set_right(stage, fault->kind, true);
	if (until_shown(stage, fault->normal_s) < 0)
		return "its values are not back in time";
	if (!seconds_pass(stage, SETTLED_S))
		return "it has ended afterwards";
	return stage->rig.elapsed_s <= elapsed_s ? "the session began anew" : NULL;
}

static bool set_up(struct stage *stage)
{
	char air[2 * RIG_PATH_MAX];

	if (!rig_new(&stage->rig))
		return false;
	rig_path(&stage->rig, "air", air);
	if (!radio_open(&stage->radio, air))
		return false;
	stage->treadmill = radio_add(&stage->radio, ROLE_TREADMILL, TREADMILL);
	stage->rig.beside = on_beside;
	stage->rig.user = stage;
	return stage->treadmill && radio_switch(stage->treadmill, true) &&
	       rig_start_live(&stage->rig, air, false);
}

bool faults_adapter(const struct promise *fault, unsigned second)
{
	struct stage stage = { .treadmill = NULL };
	const char *wrong = set_up(&stage) ? wrong_with(&stage, fault, second)
	                                   : "it does not come up";

	faults_injections++;
	if (wrong)
		faults_fail(&stage.rig, fault, second, wrong);
	rig_free(&stage.rig);
	radio_close(&stage.radio);
	return !wrong;
}
