/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Whose pod it is, among consoles of one site, by a given clock: how soon that is
 * settled, and that it stays settled through hours, lost consoles and wrong clocks.
 */
#include "tests/bench/site.h"
#include "tests/unit/suite.h"

#include <stdio.h>
#include <string.h>

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS (60 * MINUTE_MS)
#define BOUND_MS 3000

static struct site site;

/* Both have it for 3 s at most, as long as a message takes half a second at most. */
static void clashes(int64_t latency_ms, int64_t apart_ms, bool told)
{
	for (uint64_t seed = 1; seed <= 60; seed++) {
		struct site_clash clash = site_clash(seed, latency_ms, apart_ms, told);

		CU_ASSERT_TRUE(clash.settled);
		CU_ASSERT_TRUE(clash.both_ms <= BOUND_MS);
		if (apart_ms > latency_ms)
			CU_ASSERT_TRUE(clash.earlier_kept);
	}
}

static void test_settled_soon(void)
{
	clashes(500, 0, false);
	clashes(500, 700, false);
	clashes(500, 30000, false);
	clashes(20, 0, true);
	clashes(20, 30, true);
	clashes(20, 30000, true);
}

static void begin(size_t count, const char *const *keys)
{
	site_init(&site, count, 7, keys);
	site.latency_most_ms = 50;
	site_run(&site, 3000);
}

static void test_three_at_once(void)
{
	begin(3, NULL);
	site.daemon_ms = 500;
	for (size_t i = 3; i-- > 0;) {
		site_hold(&site, i, true);
		site_run(&site, 100);
	}
	site_run(&site, 2 * BOUND_MS);
	CU_ASSERT_TRUE(site.consoles[2].holds);
	CU_ASSERT_EQUAL(site_holders(&site), 1);
	CU_ASSERT_EQUAL(site.lost, 0);
	for (size_t i = 0; i < 3; i++) {
		CU_ASSERT_EQUAL(site.consoles[i].release_asked, i < 2);
		CU_ASSERT_EQUAL(site.consoles[i].said, i < 2);
	}
	site_drop(&site);
}

/* However long its daemon takes, the two do not talk themselves hoarse. */
static void test_few_words(void)
{
	for (size_t later = 0; later < 2; later++) {
		begin(2, NULL);
		site.daemon_ms = 10000;
		site.latency_least_ms = site.latency_most_ms = 0;
		site_hold(&site, !later, true);
		site_run(&site, 1000);
		site_hold(&site, later, true);
		site_run(&site, 12000);
		CU_ASSERT_EQUAL(site_holders(&site), 1);
		CU_ASSERT_EQUAL(site.lost, 0);
		/* nothing held, held, what came of it; an answer or a verdict */
		CU_ASSERT_EQUAL(site.consoles[0].told + site.consoles[1].told, later ? 6 : 7);
		site_drop(&site);
	}
}

/* A pod that is held from xx:59 to xx:00 is the same pod: no gap in which another's
 * claim would stand alone, and nobody lets go because of it. */
static void test_hours(void)
{
	begin(2, NULL);
	site_hold(&site, 1, true);
	site.unix_ms -= site.unix_ms % HOUR_MS + 30 * 1000; /* half a minute before */
	site_run(&site, 20 * 1000);
	site_hold(&site, 0, true);
	site_run(&site, BOUND_MS);
	CU_ASSERT_EQUAL(site.consoles[0].releases, 1);
	site_run(&site, 5 * MINUTE_MS); /* through the hour's end */
	CU_ASSERT_TRUE(site.consoles[1].holds);
	CU_ASSERT_EQUAL(site.consoles[1].releases, 0);
	CU_ASSERT_EQUAL(site.consoles[0].frees, 0);
	site_hold(&site, 0, true); /* as if its daemon had forgotten */
	site_run(&site, BOUND_MS);
	CU_ASSERT_EQUAL(site.consoles[0].releases, 2);
	site_drop(&site);
}

/* Hours, even years: the teller says which hour he means. */
static void test_clocks_far_off(void)
{
	static const int64_t skews_ms[] = { 5000, 2 * HOUR_MS, -30 * 24 * HOUR_MS,
		                            -50 * 365 * 24 * HOUR_MS };

	for (size_t i = 0; i < sizeof(skews_ms) / sizeof(skews_ms[0]); i++) {
		begin(2, NULL);
		site.consoles[0].skew_ms = skews_ms[i];
		site_hold(&site, 0, true);
		site_run(&site, 10000);
		site_hold(&site, 1, true);
		site_run(&site, BOUND_MS);
		CU_ASSERT_TRUE(site.consoles[0].holds);
		CU_ASSERT_FALSE(site.consoles[1].holds);
		site_run(&site, HOUR_MS);
		CU_ASSERT_EQUAL(site.consoles[0].releases + site.consoles[1].releases, 1);
		CU_ASSERT_EQUAL(site.consoles[1].frees, 0);
		site_drop(&site);
	}
}

/* hall-0 has it for longer, hall-1 has left it to that. */
static void leave_to_0(void)
{
	begin(2, NULL);
	site_hold(&site, 0, true);
	site_run(&site, 5000);
	site_hold(&site, 1, true);
	site_run(&site, BOUND_MS);
	CU_ASSERT_EQUAL(site.consoles[1].releases, 1);
	CU_ASSERT_TRUE(site.consoles[1].left);
}

static void test_let_go(void)
{
	leave_to_0();
	site_run(&site, HOUR_MS);
	CU_ASSERT_TRUE(site.consoles[1].left);
	site_hold(&site, 0, false);
	site_run(&site, BOUND_MS);
	CU_ASSERT_EQUAL(site.consoles[1].frees, 1);
	site_run(&site, HOUR_MS);
	CU_ASSERT_EQUAL(site.consoles[1].frees, 1);
	site_drop(&site);
}

/* Its own daemon takes long to let go, and the other does so meanwhile. */
static void test_let_go_soon(void)
{
	begin(2, NULL);
	site_hold(&site, 0, true);
	site_run(&site, 5000);
	site.daemon_ms = 3000;
	site_hold(&site, 1, true);
	site_run(&site, 5000);
	CU_ASSERT_TRUE(site.consoles[1].left);
	site_hold(&site, 0, false);
	site_run(&site, BOUND_MS);
	CU_ASSERT_EQUAL(site.consoles[1].frees, 1);
	site_drop(&site);
}

/* One that dies and is back soon has it still; one that stays away has not. */
static void test_last_will(void)
{
	leave_to_0();
	site_tell_status(&site, 0, "offline");
	claiming_link(&site.consoles[0].claiming, (struct claiming_times){ site.now_ms, site.unix_ms },
	              false);
	site_run(&site, CLAIMING_GRACE_MS / 2);
	claiming_link(&site.consoles[0].claiming, (struct claiming_times){ site.now_ms, site.unix_ms },
	              true);
	site_run(&site, 2 * CLAIMING_GRACE_MS);
	CU_ASSERT_EQUAL(site.consoles[1].frees, 0);
	site.consoles[0].claiming.up = false;
	site_tell_status(&site, 0, "offline");
	site_run(&site, CLAIMING_GRACE_MS + 2000);
	CU_ASSERT_EQUAL(site.consoles[1].frees, 1);
	site_drop(&site);
}

/* Without any word, as when the broker shows nobody's status */
static void test_silent(void)
{
	leave_to_0();
	site.consoles[0].claiming.up = false;
	site_run(&site, CLAIMING_EACH_MS);
	CU_ASSERT_EQUAL(site.consoles[1].frees, 0);
	site_run(&site, CLAIMING_SILENT_MS);
	CU_ASSERT_EQUAL(site.consoles[1].frees, 1);
	site_drop(&site);
}

/* Who hears nobody does not know that nobody speaks. */
static void test_deaf(void)
{
	struct site_console *deaf = &site.consoles[1];

	leave_to_0();
	deaf->claiming.up = false;
	site.consoles[0].claiming.up = false;
	site_run(&site, HOUR_MS);
	CU_ASSERT_EQUAL(deaf->frees, 0);
	claiming_link(&deaf->claiming, (struct claiming_times){ site.now_ms, site.unix_ms }, true);
	site_run(&site, CLAIMING_SILENT_MS / 2);
	CU_ASSERT_EQUAL(deaf->frees, 0);
	site_run(&site, CLAIMING_SILENT_MS);
	CU_ASSERT_EQUAL(deaf->frees, 1);
	site_drop(&site);
}

/* gaitd-mqtt starts anew beside a daemon that has left its pod to another console. */
static void test_new_beside_old_daemon(void)
{
	struct site_console *c = &site.consoles[1];

	leave_to_0();
	claiming_init(&c->claiming, c->claiming.key, c->name, c->claiming.boot, c->claiming.hooks, c);
	claiming_link(&c->claiming, (struct claiming_times){ site.now_ms, site.unix_ms }, true);
	site_run(&site, HOUR_MS);
	CU_ASSERT_EQUAL(c->frees, 0);
	site_hold(&site, 0, false);
	site_run(&site, BOUND_MS);
	CU_ASSERT_EQUAL(c->frees, 1);
	site_drop(&site);
}

/* A session's end forgets what was left: nothing is to be freed. */
static void test_forgotten(void)
{
	leave_to_0();
	site.consoles[1].left = false;
	site_run(&site, BOUND_MS);
	CU_ASSERT_EQUAL(site.consoles[1].claiming.rival_count, 0);
	site_hold(&site, 0, false);
	site_run(&site, BOUND_MS);
	CU_ASSERT_EQUAL(site.consoles[1].frees, 0);
	site_drop(&site);
}

static void test_fixed(void)
{
	begin(2, NULL);
	site.consoles[1].fixed = true;
	site_hold(&site, 0, true);
	site_run(&site, 60000);
	site_hold(&site, 1, true);
	site_run(&site, BOUND_MS);
	CU_ASSERT_EQUAL(site.consoles[0].releases, 1);
	CU_ASSERT_TRUE(site.consoles[1].holds);
	site.consoles[0].fixed = true;
	site_hold(&site, 0, true);
	site_run(&site, 5 * MINUTE_MS);
	CU_ASSERT_EQUAL(site_holders(&site), 2);
	CU_ASSERT_PTR_NOT_NULL(strstr(site.consoles[0].last_said,
	                              "hall-1 and this console are configured with one foot pod"));
	CU_ASSERT_EQUAL(site.consoles[1].said, 1);
	site_drop(&site);
}

/* Neither lets go, and both are told why, once; and again when it came back. */
static void test_unequal_keys(void)
{
	static const char *const keys[] = { "the key of a site", "the key of another" };

	begin(2, keys);
	for (int i = 0; i < 3; i++) {
		site_tell_status(&site, 0, "online");
		site_tell_status(&site, 1, "online");
	}
	site_hold(&site, 0, true);
	site_hold(&site, 1, true);
	site_run(&site, MINUTE_MS);
	CU_ASSERT_EQUAL(site_holders(&site), 2);
	CU_ASSERT_EQUAL(site.consoles[0].said, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(site.consoles[1].last_said, "hall-0 has another site key"));
	site.consoles[1].claiming.key = keys[0];
	site_tell_status(&site, 1, "online");
	site_run(&site, BOUND_MS + CLAIMING_EACH_MS);
	CU_ASSERT_EQUAL(site_holders(&site), 1);
	*site.consoles[0].last_said = '\0';
	site.consoles[1].claiming.key = keys[1];
	site_tell_status(&site, 1, "online");
	site_run(&site, 1000);
	CU_ASSERT_PTR_NOT_NULL(strstr(site.consoles[0].last_said, "hall-1 has another site key"));
	site_drop(&site);
}

static void test_no_key(void)
{
	json_t *status = json_pack("{s:s}", "state", "online");

	begin(1, NULL);
	claiming_status(&site.consoles[0].claiming, (struct claiming_times){ site.now_ms, site.unix_ms },
	                "hall-9", status);
	CU_ASSERT_PTR_NOT_NULL(strstr(site.consoles[0].last_said, "hall-9 has no site key"));
	json_decref(status);
	site_drop(&site);
}

/* What others send is not to be trusted: nothing of it makes this console do
 * anything, or fall over. */
static void test_nonsense(void)
{
	static const char *const texts[] = {
		"[]", "{}", "7", "null", "{\"pod\":7,\"hour\":1}", "{\"pod\":\"\",\"hour\":\"1\"}",
		"{\"pod\":\"0000000000000000\",\"hour\":9223372036854775807,\"held_ms\":-1}",
		"{\"verdict\":[]}", "{\"verdict\":{\"console\":7,\"keeps\":{}}}",
		"{\"state\":[]}", "{\"state\":\"online\",\"site_key\":7}",
		"{\"state\":\"offline\",\"site_key\":\"\"}",
	};
	struct claiming *c = &site.consoles[0].claiming;

	begin(1, NULL);
	site_hold(&site, 0, true);
	site_run(&site, 2000);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct claiming_times at = { site.now_ms, site.unix_ms };
		json_t *message = json_loads(texts[i], JSON_DECODE_ANY, NULL);

		claiming_heard(c, at, "hall-7", message);
		claiming_status(c, at, "hall-7", message);
		claiming_held(c, at, message);
		json_decref(message);
	}
	claiming_heard(c, (struct claiming_times){ site.now_ms, site.unix_ms }, "hall-7", NULL);
	site_run(&site, 2000);
	CU_ASSERT_TRUE(site.consoles[0].holds);
	CU_ASSERT_EQUAL(site.consoles[0].releases, 0);
	site_drop(&site);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "settled within 3 s", test_settled_soon },
		{ "three at once", test_three_at_once },
		{ "few words", test_few_words },
		{ "from one hour to the next", test_hours },
		{ "clocks far off", test_clocks_far_off },
		{ "the other lets go", test_let_go },
		{ "the other lets go soon", test_let_go_soon },
		{ "the other dies, or seems to", test_last_will },
		{ "the other falls silent", test_silent },
		{ "nobody is heard", test_deaf },
		{ "new beside an old daemon", test_new_beside_old_daemon },
		{ "forgotten with the session", test_forgotten },
		{ "configured or paired", test_fixed },
		{ "unequal keys", test_unequal_keys },
		{ "a console without a key", test_no_key },
		{ "nonsense", test_nonsense },
		CU_TEST_INFO_NULL,
	};

	return suite_run("claiming", tests);
}
