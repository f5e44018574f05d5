/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The foot pods within reach: the runner's own (unit 1: configured or paired)
 * and the others (unit 2 and up), each decoded by itself; and which of the
 * others, if any, belongs to this belt as long as the runner's own is not
 * there. Pure.
 */
#ifndef GAITD_PODS_H
#define GAITD_PODS_H

#include "daemon/core/pod_report.h"
#include "daemon/devices/footpod.h"
#include "daemon/devices/pod_choice.h"
#include "daemon/devices/pod_tally.h"

#define PODS_MAX 64 /* of others; the longest silent makes room */
#define PODS_ASKED 5 /* that a question offers; and "none of them" */
#define PODS_RELEASED 8 /* to other consoles, at a time; the oldest is forgotten */
/* What it is known by everywhere: "ant 57043", or its address */
#define PODS_ID_SIZE 40

/* Another console has held it for longer: it is not chosen here in this session,
 * until it is free again. */
struct pods_released {
	char id[PODS_ID_SIZE];
	bool was_ours, freed;
};

struct pod_heard {
	bool used, heard;
	unsigned unit;
	bool has_ant_id;
	uint32_t ant_id; /* 20 bits: footpods.md 1.3 */
	char name[32];   /* advertised */
	char address[32];
	uint64_t heard_us;
	struct footpod footpod;
	struct pod_track track;
	struct pod_fit fit; /* at the last judgement */
	struct pod_tally tally;
	int32_t milli_spm;  /* its own cadence, when it told one */
	uint64_t cadence_us;
};

enum pods_state {
	PODS_OWN,      /* the runner's own is there: nothing to choose */
	PODS_WATCHING, /* until the belt starts and a pod with it */
	PODS_CHOSEN,
	PODS_UNSURE, /* some might be: a question is due */
	PODS_REFUSED, /* the runner said: none of them */
};

struct pods {
	struct pod_heard own;
	struct pod_heard other[PODS_MAX];
	size_t places; /* of others that were taken so far; the rest is not looked at */
	struct pod_choice choice;
	enum pods_state state;
	struct pod_heard *chosen; /* one of `other`; NULL: none */
	bool answered;            /* by the runner, not by us */
	struct pod_heard *asked[PODS_ASKED]; /* while UNSURE, likeliest first */
	size_t asked_count;
	struct pods_released released[PODS_RELEASED]; /* oldest first */
	size_t released_count;
	uint64_t judged_us;
};

/* Of what is all zero, as memory is that has just been asked for: most of it never takes
 * a pod, and no page. */
void pods_init(struct pods *pods);
/* An event of any unit. The samples of the runner's pod, or of the one chosen,
 * go into `batch`; those of others go nowhere. False: its bytes made no sense. */
bool pods_event(struct pods *pods, const struct source_event *event,
                const struct footpod_context *context, struct sample_batch *batch);
/* The belt's speed; choices follow from it. True when the pod that counts is
 * another now. */
bool pods_belt(struct pods *pods, uint64_t t_us, int32_t mm_s);
/* Judges, once a second; true as above. */
bool pods_tick(struct pods *pods, uint64_t now_us);
/* The question's choices while UNSURE, PODS_ASKED and one at most; a pod's value
 * stays the same. */
size_t pods_choices(const struct pods *pods, struct display_choice *out);
/* The runner's answer: the value of a choice; another is none of them. */
bool pods_answer(struct pods *pods, int32_t value);
/* What the pod that counts says is not believed: footpod_doubt() */
void pods_doubt(struct pods *pods);
/* A session begins: what pods were like is counted from now on. */
void pods_begin(struct pods *pods);
/* The session is over: its pod is forgotten. */
void pods_forget(struct pods *pods);
/* The pod whose cadence counts; NULL: none yet */
const struct pod_heard *pods_current(const struct pods *pods);
/* How it has been since the session began; false, and nothing: there is none. */
bool pods_report(const struct pods *pods, struct pod_report *out);
size_t pods_others(const struct pods *pods); /* heard of, and not forgotten */
/* False: it is not known. */
bool pods_id(const struct pod_heard *pod, char out[PODS_ID_SIZE]);
/* How the pod is called: "57043", its name or its address */
void pods_label(const struct pod_heard *pod, char *out, size_t size);

#endif
