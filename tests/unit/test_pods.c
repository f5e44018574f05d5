/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The right pod of those around: a few sessions of the gym (make bench-pods runs
 * a thousand), and what follows from a choice.
 */
#include "daemon/devices/pods.h"
#include "daemon/pods_status.h"
#include "protocol/ant.h"
#include "tests/bench/gym.h"
#include "tests/unit/suite.h"

#include <string.h>

#define SECOND 1000000ull

static struct pods pods;

/* A second of pods that run at these speeds (mm/s; below 0: not heard), each
 * heard four times, and of the belt */
static void second(uint64_t s, int32_t belt, const int32_t *speeds, unsigned count)
{
	const struct footpod_context context = { .belt_speed_mm_s = 0 };

	for (unsigned quarter = 0; quarter < 4; quarter++) {
		uint64_t now_us = s * SECOND + quarter * SECOND / 4;

		for (unsigned i = 0; i < count; i++) {
			struct source_event event = {
				.t_us = now_us, .device = SOURCE_FOOTPOD,
				.unit = 2 + i, .kind = SOURCE_ANT,
			};
			struct ant_message message = {
				.id = ANT_BROADCAST_DATA, .length = 14,
			};
			struct sdm_page2 page2 = {
				.page = 2, .cadence = 80 * 16,
				.speed = (uint16_t)(speeds[i] * 256 / 1000),
				.use = 1,
			};
			struct sample_batch batch = { .t_us = now_us };
			const uint8_t id[] = { 0x80, (uint8_t)(10 + i), 0, 124, 5 };

			if (speeds[i] < 0)
				continue;
			sdm_page2_encode(&page2, message.payload + 1);
			memcpy(message.payload + 9, id, sizeof(id));
			event.length = ant_frame_encode(&message, event.bytes,
			                                sizeof(event.bytes));
			CU_ASSERT_TRUE(pods_event(&pods, &event, &context, &batch));
			CU_ASSERT_TRUE(batch.count == 0 ||
			               pods_current(&pods)->unit == event.unit);
		}
		pods_belt(&pods, now_us, belt);
	}
}

static void run(uint64_t from_s, uint64_t to_s, int32_t belt, int32_t first,
                int32_t other)
{
	const int32_t speeds[] = { first, other };

	for (uint64_t s = from_s; s < to_s; s++)
		second(s, belt, speeds, 2);
}

static void start(void)
{
	memset(&pods, 0, sizeof(pods));
	pods_init(&pods);
}

static void test_the_one_that_starts(void)
{
	start();
	run(100, 120, 0, 0, 2800);
	CU_ASSERT_PTR_NULL(pods_current(&pods));
	run(120, 140, 2800, 2700, 2800);
	CU_ASSERT_EQUAL(pods.state, PODS_CHOSEN);
	CU_ASSERT_PTR_NOT_NULL_FATAL(pods_current(&pods));
	CU_ASSERT_EQUAL(pods_current(&pods)->ant_id, 10);
	pods_forget(&pods);
	CU_ASSERT_PTR_NULL(pods_current(&pods));
}

static void test_none_that_ran_already(void)
{
	start();
	run(100, 120, 0, 2800, 2800);
	run(120, 170, 2800, 2800, 2800);
	CU_ASSERT_PTR_NULL(pods_current(&pods));
	CU_ASSERT_EQUAL(pods.state, PODS_WATCHING);
}

static void test_two_at_once_are_asked_for(void)
{
	struct display_choice choices[PODS_ASKED + 1];
	char label[40];

	start();
	run(100, 120, 0, 0, 0);
	run(120, 145, 2800, 2800, 2800);
	CU_ASSERT_EQUAL(pods.state, PODS_UNSURE);
	CU_ASSERT_EQUAL_FATAL(pods.asked_count, 2);
	CU_ASSERT_PTR_NULL(pods_current(&pods));
	pods_label(pods.asked[1], label, sizeof(label));
	CU_ASSERT_EQUAL(pods_choices(&pods, choices), 3);
	CU_ASSERT_STRING_EQUAL(choices[1].text, label);
	CU_ASSERT_TRUE(pods_answer(&pods, choices[1].value));
	CU_ASSERT_EQUAL(pods.state, PODS_CHOSEN);
	CU_ASSERT_EQUAL(pods_current(&pods)->ant_id,
	                strcmp(label, "10") == 0 ? 10u : 11u);
	run(145, 170, 2800, 2800, 2800);
	CU_ASSERT_EQUAL(pods.state, PODS_CHOSEN);
}

/* How near it is says something, but two who go alike are asked for. */
static void test_the_nearer_one_alone_is_no_answer(void)
{
	const struct footpod_context context = { .belt_speed_mm_s = 0 };
	struct source_event near = {
		.device = SOURCE_FOOTPOD, .unit = 2, .kind = SOURCE_RSSI, .number = -45,
	};
	struct source_event far = near;
	struct sample_batch batch = { .t_us = 119 * SECOND };

	far.unit = 3;
	far.number = -95;
	start();
	run(100, 119, 0, 0, 0);
	for (unsigned i = 0; i < 40; i++) {
		CU_ASSERT_TRUE(pods_event(&pods, &near, &context, &batch));
		CU_ASSERT_TRUE(pods_event(&pods, &far, &context, &batch));
	}
	run(119, 120, 0, 0, 0);
	run(120, 145, 2800, 2800, 2800);
	CU_ASSERT_EQUAL(pods.state, PODS_UNSURE);
	CU_ASSERT_EQUAL_FATAL(pods.asked_count, 2);
	CU_ASSERT_EQUAL(pods.asked[0]->unit, 2);
}

/* He stood beside the belt until it was at speed; another stays where he is. */
static void test_one_who_steps_on_late(void)
{
	start();
	run(100, 120, 0, 0, 0);
	run(120, 126, 2800, 0, 0);
	run(126, 150, 2800, 2700, 0);
	CU_ASSERT_EQUAL_FATAL(pods.state, PODS_CHOSEN);
	CU_ASSERT_EQUAL(pods_current(&pods)->unit, 2);
}

/* ---- what gaitctl pair footpod is told ------------------------------------- */

static void expect(uint64_t now_s, const char *step, const char *fit_of_10, const char *fit_of_11)
{
	const char *const fits[] = { fit_of_10, fit_of_11 };
	json_t *reply = json_object(), *pod;
	size_t i;

	pods_status(&pods, now_s * SECOND, reply);
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(reply, "step")), step);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(reply, "pods")),
	                (fit_of_10 ? 1u : 0u) + (fit_of_11 ? 1u : 0u));
	json_array_foreach(json_object_get(reply, "pods"), i, pod) {
		const char *id = json_string_value(json_object_get(pod, "id"));
		bool is_11 = strcmp(id, "ant 11") == 0;

		CU_ASSERT_TRUE(is_11 || strcmp(id, "ant 10") == 0);
		CU_ASSERT_PTR_NOT_NULL_FATAL(fits[is_11]);
		CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(pod, "fit")),
		                       fits[is_11]);
	}
	json_decref(reply);
}

static void test_told_which_goes_with_the_belt(void)
{
	start();
	expect(100, "none", NULL, NULL);
	run(100, 120, 0, 0, 2800);
	expect(120, "standing", "unknown", "unknown");
	run(120, 123, 2800, 2700, 2800);
	expect(123, "judging", "unknown", "unknown");
	run(123, 140, 2800, 2700, 2800);
	expect(140, "chosen", "chosen", "no");
	expect(155, "chosen", NULL, NULL); /* silent: not near any more */
}

/* Asked to start before, he would start in vain: so he is asked to wait. */
static void test_told_to_let_it_stand(void)
{
	start();
	run(100, 101, 0, 0, 2800);
	expect(101, "none", "unknown", "unknown");
	run(101, 103, 0, 0, 2800);
	expect(103, "standing", "unknown", "unknown");
	run(103, 123, 2800, 2700, 2800);
	expect(123, "chosen", "chosen", "no");
	run(123, 124, 0, 0, 2800);
	pods_forget(&pods); /* he stopped: what was seen of them stays */
	expect(124, "none", "may", "no");
	run(124, 126, 0, 0, 2800);
	expect(126, "standing", "may", "no");
}

static void test_told_that_two_fit(void)
{
	start();
	run(100, 120, 0, 0, 0);
	run(120, 145, 2800, 2800, 2800);
	expect(145, "several", "may", "may");
}

static void test_told_as_much_as_a_reply_holds(void)
{
	json_t *reply = json_object();

	start();
	for (size_t i = 0; i < PODS_MAX; i++) {
		struct pod_heard *pod = &pods.other[i];

		*pod = (struct pod_heard){ .used = true, .heard = true, .heard_us = SECOND };
		memset(pod->name, 1, sizeof(pod->name) - 1); /* six octets each */
		pod->track.has_rssi = true;
		pod->track.rssi_dbm = -40 - (float)i;
	}
	pods_status(&pods, SECOND, reply);
	CU_ASSERT_TRUE(json_dumpb(reply, NULL, 0, JSON_COMPACT) < 4096);
	CU_ASSERT_TRUE(json_array_size(json_object_get(reply, "pods")) > 5);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(reply, "pods")) +
	                (size_t)json_integer_value(json_object_get(reply, "more")), PODS_MAX);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(
		json_array_get(json_object_get(reply, "pods"), 0), "rssi_dbm")), -40);
	json_decref(reply);
}

static void test_none_of_them(void)
{
	start();
	run(100, 120, 0, 0, 0);
	run(120, 145, 2800, 2800, 2800);
	CU_ASSERT_FALSE(pods_answer(&pods, 0));
	CU_ASSERT_EQUAL(pods.state, PODS_REFUSED);
	run(145, 150, 2800, 2800, 2800);
	CU_ASSERT_EQUAL(pods.state, PODS_REFUSED);
	pods_forget(&pods);
	CU_ASSERT_EQUAL(pods.state, PODS_WATCHING);
}

/* He stepped off, and the pod with him. */
static void test_a_choice_is_refuted(void)
{
	start();
	run(100, 120, 0, 0, 2500);
	run(120, 160, 2800, 2800, 2500);
	CU_ASSERT_EQUAL(pods.state, PODS_CHOSEN);
	run(160, 180, 2800, 0, 2500);
	CU_ASSERT_EQUAL(pods.state, PODS_WATCHING);
}

/* ---- what other consoles have ------------------------------------------------ */

/* What another console does with a pod; true: a display is told that it is gone */
static bool elsewhere(uint64_t s, enum source_event_kind kind, const char *id)
{
	const struct footpod_context context = { .belt_speed_mm_s = 0 };
	struct source_event event = { .device = SOURCE_FOOTPOD, .unit = 2, .kind = kind };
	struct sample_batch batch = { .t_us = s * SECOND };

	strcpy(event.text, id);
	CU_ASSERT_TRUE(pods_event(&pods, &event, &context, &batch));
	return batch.count == 1 && batch.samples[0].kind == SAMPLE_FOOTPOD_LINK &&
	       batch.samples[0].value == DISPLAY_LINK_SEARCHING;
}

static void choose_10(void)
{
	start();
	run(100, 120, 0, 0, 2500);
	run(120, 140, 2800, 2800, 2500);
	CU_ASSERT_PTR_NOT_NULL_FATAL(pods_current(&pods));
	CU_ASSERT_EQUAL(pods_current(&pods)->ant_id, 10);
}

/* As long as another has it, it is not taken, whatever it does. */
static void test_released(void)
{
	choose_10();
	CU_ASSERT_TRUE(elsewhere(140, SOURCE_RELEASED, "ant 10"));
	CU_ASSERT_PTR_NULL(pods_current(&pods));
	run(140, 170, 2800, 2800, 2500);
	CU_ASSERT_PTR_NULL(pods_current(&pods));
	run(170, 180, 0, 0, 2500);
	run(180, 220, 2800, 2800, 2500);
	CU_ASSERT_PTR_NULL(pods_current(&pods));
	CU_ASSERT_EQUAL(pods.state, PODS_WATCHING);
}

/* Its place in the table went to others meanwhile. */
static void test_released_and_forgotten(void)
{
	const struct footpod_context context = { .belt_speed_mm_s = 0 };

	choose_10();
	elsewhere(140, SOURCE_RELEASED, "ant 10");
	for (unsigned i = 0; i < PODS_MAX; i++) {
		struct source_event event = { .device = SOURCE_FOOTPOD, .unit = 50 + i,
			                      .kind = SOURCE_NAME, .text = "x" };
		struct sample_batch batch = { .t_us = 141 * SECOND };

		pods_event(&pods, &event, &context, &batch);
	}
	run(170, 180, 0, 0, 2500);
	run(180, 220, 2800, 2800, 2500);
	CU_ASSERT_PTR_NULL(pods_current(&pods));
}

static void test_freed(void)
{
	choose_10();
	elsewhere(140, SOURCE_RELEASED, "ant 10");
	run(140, 200, 2800, 2800, 2500);
	elsewhere(200, SOURCE_FREED, "ant 10");
	run(200, 202, 2800, 2800, 2500);
	CU_ASSERT_PTR_NOT_NULL_FATAL(pods_current(&pods));
	CU_ASSERT_EQUAL(pods_current(&pods)->ant_id, 10);
}

/* Freed because its runner stepped off over there: it is not this belt's. When it
 * goes with this belt later, it is. */
static void test_freed_but_standing(void)
{
	choose_10();
	elsewhere(140, SOURCE_RELEASED, "ant 10");
	run(140, 180, 2800, 2800, 2500);
	run(180, 200, 2800, 0, 2500);
	elsewhere(200, SOURCE_FREED, "ant 10");
	run(200, 215, 2800, 0, 2500);
	CU_ASSERT_PTR_NULL(pods_current(&pods));
	run(215, 235, 2800, 2800, 2500);
	CU_ASSERT_PTR_NOT_NULL(pods_current(&pods));
}

/* What was not ours is chosen as any other: not in the midst of a run. */
static void test_freed_of_a_stranger(void)
{
	start();
	elsewhere(90, SOURCE_RELEASED, "ant 10");
	run(100, 120, 0, 0, 2500);
	run(120, 160, 2800, 2800, 2500);
	CU_ASSERT_PTR_NULL(pods_current(&pods));
	elsewhere(160, SOURCE_FREED, "ant 10");
	run(160, 190, 2800, 2800, 2500);
	CU_ASSERT_PTR_NULL(pods_current(&pods));
	run(190, 200, 0, 0, 2500);
	run(200, 220, 2800, 2800, 2500);
	CU_ASSERT_PTR_NOT_NULL(pods_current(&pods));
}

static void test_released_without_end(void)
{
	char id[PODS_ID_SIZE];

	choose_10();
	for (unsigned i = 0; i < 1000; i++) {
		snprintf(id, sizeof(id), "ant %u", 100 + i);
		elsewhere(140, SOURCE_RELEASED, id);
		elsewhere(140, SOURCE_RELEASED, id);
	}
	CU_ASSERT_EQUAL(pods.released_count, PODS_RELEASED);
	CU_ASSERT_STRING_EQUAL(pods.released[PODS_RELEASED - 1].id, "ant 1099");
	CU_ASSERT_PTR_NOT_NULL(pods_current(&pods));
	pods_forget(&pods);
	CU_ASSERT_EQUAL(pods.released_count, 0);
}

static void test_the_own_comes_first(void)
{
	const struct footpod_context context = { .belt_speed_mm_s = 0 };
	struct source_event event = {
		.device = SOURCE_FOOTPOD, .unit = 1, .kind = SOURCE_NOTIFY,
		.uuid = RSC_UUID_MEASUREMENT, .length = 4,
		.bytes = { 0x04, 0xcd, 0x02, 0x52 },
	};
	struct sample_batch batch = { .t_us = 140 * SECOND };

	start();
	run(100, 120, 0, 0, 2500);
	run(120, 140, 2800, 2800, 2500);
	CU_ASSERT_EQUAL(pods.state, PODS_CHOSEN);
	CU_ASSERT_TRUE(pods_event(&pods, &event, &context, &batch));
	CU_ASSERT_EQUAL(pods.state, PODS_OWN);
	CU_ASSERT_EQUAL(pods_current(&pods)->unit, 1);
}

static void test_more_than_there_is_room_for(void)
{
	const struct footpod_context context = { .belt_speed_mm_s = 0 };

	start();
	for (unsigned i = 0; i < 1000; i++) {
		struct source_event event = {
			.device = SOURCE_FOOTPOD, .unit = 2 + i, .kind = SOURCE_NAME,
			.text = "x",
		};
		struct sample_batch batch = { .t_us = i };

		CU_ASSERT_TRUE(pods_event(&pods, &event, &context, &batch));
		CU_ASSERT_EQUAL(batch.count, 0);
	}
}

static void test_a_full_gym(void)
{
	unsigned right = 0;

	for (uint64_t seed = 5001; seed <= 5060; seed++) {
		struct gym_outcome o = gym_session(seed, GYM_USUAL);

		CU_ASSERT_FALSE(o.wrong);
		right += o.right && o.chosen_s <= 20;
	}
	CU_ASSERT_TRUE(right >= 57);
	for (uint64_t seed = 5001; seed <= 5020; seed++) {
		struct gym_outcome o = gym_session(seed, GYM_TWINS);

		CU_ASSERT_TRUE(o.asked && !o.wrong);
	}
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "the one that starts with the belt", test_the_one_that_starts },
		{ "none that ran already", test_none_that_ran_already },
		{ "two at once are asked for", test_two_at_once_are_asked_for },
		{ "the nearer one alone is no answer",
		  test_the_nearer_one_alone_is_no_answer },
		{ "one who steps on late", test_one_who_steps_on_late },
		{ "none of them", test_none_of_them },
		{ "told: which goes with the belt", test_told_which_goes_with_the_belt },
		{ "told: to let it stand first", test_told_to_let_it_stand },
		{ "told: two fit", test_told_that_two_fit },
		{ "told: as much as a reply holds", test_told_as_much_as_a_reply_holds },
		{ "a choice is refuted", test_a_choice_is_refuted },
		{ "elsewhere: not taken", test_released },
		{ "elsewhere: not taken when it was forgotten", test_released_and_forgotten },
		{ "elsewhere: free, and back", test_freed },
		{ "elsewhere: free, and standing", test_freed_but_standing },
		{ "elsewhere: a stranger's, free", test_freed_of_a_stranger },
		{ "elsewhere: without end", test_released_without_end },
		{ "the runner's own comes first", test_the_own_comes_first },
		{ "more than there is room for", test_more_than_there_is_room_for },
		{ "a full gym", test_a_full_gym },
		CU_TEST_INFO_NULL,
	};

	return suite_run("pods", tests);
}
