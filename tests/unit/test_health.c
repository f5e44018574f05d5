/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl health: what it makes of a status reply.
 */
#include "daemon/gaitctl/health.h"
#include "daemon/service/options.h"
#include "tests/unit/suite.h"

#include <string.h>

/* Apostrophes stand for quotes. */
static json_t *status_of(const char *text)
{
	char json[1024];
	json_t *status;

	CU_ASSERT_FATAL(strlen(text) < sizeof(json));
	strcpy(json, text);
	for (char *at = json; *at; at++)
		if (*at == '\'')
			*at = '"';
	status = json_loads(json, 0, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(status);
	return status;
}

static void judged(void (*judge)(const json_t *status, struct health *health),
                   const char *text, int expected, const char *why)
{
	struct health health = { .status = -1 };
	json_t *status = status_of(text);

	judge(status, &health);
	CU_ASSERT_EQUAL(health.status, expected);
	CU_ASSERT_PTR_NOT_NULL(strstr(health.why, why));
	if (health.status != expected || !strstr(health.why, why))
		printf("%s: %d, %s\n", text, health.status, health.why);
	json_decref(status);
}

static void test_what_plays_is_healthy(void)
{
	judged(health_judge, "{'daemon':'gaitd 0.1.0','source':'simulator demo'}", EXIT_OK,
	       "simulator demo");
	judged(health_judge, "{'sources':{}}", EXIT_OK, "");
}

static void test_the_adapter(void)
{
#define ADAPTER(state) \
	"{'sources':{'bluetooth':{'state':'" state "','message':'see here'}}}"
	judged(health_judge, ADAPTER("ready"), EXIT_OK, "");
	judged(health_judge, ADAPTER("starting"), EXIT_TEMPORARY, "bluetooth: see here");
	judged(health_judge, ADAPTER("none"), EXIT_FAILED, "bluetooth: see here");
	judged(health_judge, ADAPTER("blocked"), EXIT_FAILED, "see here");
	judged(health_judge, ADAPTER("off"), EXIT_FAILED, "see here");
	judged(health_judge, ADAPTER("broken"), EXIT_FAILED, "see here");
	judged(health_judge, ADAPTER("unfit"), EXIT_FAILED, "see here");
	/* a later version's word */
	judged(health_judge, ADAPTER("resting"), EXIT_OK, "");
	judged(health_judge,
	       "{'sources':{'bluetooth':{'state':'ready','scan':'denied','message':'x'}}}",
	       EXIT_FAILED, "bluetooth: x");
}

/* A console without a stick or a key is as it should be; one that may not be
 * opened, after an update that lost the udev rule, is not. */
static void test_the_stick(void)
{
#define STICK(state, message) \
	"{'sources':{'bluetooth':{'state':'ready','message':''}," \
	"'ant':{'state':'" state "','message':'" message "'}}}"
	judged(health_judge, STICK("off", "off: no network key"), EXIT_OK, "");
	judged(health_judge, STICK("absent", "no stick"), EXIT_OK, "");
	judged(health_judge, STICK("absent", ""), EXIT_OK, "");
	judged(health_judge, STICK("absent", "no permission for it (ACCESS)"), EXIT_FAILED,
	       "ant: no permission");
	judged(health_judge, STICK("listening", "listening, scan mode"), EXIT_OK, "");
	judged(health_judge, STICK("configuring", "starting up"), EXIT_TEMPORARY,
	       "ant: starting up");
	judged(health_judge, STICK("refused", "the key is refused"), EXIT_FAILED, "ant: the key");
}

static void test_the_worst_counts(void)
{
	judged(health_judge,
	       "{'sources':{'ant':{'state':'asking','message':'soon'},"
	       "'bluetooth':{'state':'none','message':'none there'}}}",
	       EXIT_FAILED, "bluetooth: none there");
	judged(health_judge,
	       "{'sources':{'bluetooth':{'state':'starting','message':'first'},"
	       "'ant':{'state':'refused','message':'second'}}}",
	       EXIT_FAILED, "ant: second");
}

static void test_idle(void)
{
	judged(health_judge_idle, "{'session':{'state':'idle'},'metrics':{}}", EXIT_OK,
	       "no belt moves");
	judged(health_judge_idle, "{'session':{'state':'idle'},'metrics':{'speed_kmh':0.00}}",
	       EXIT_OK, "");
	judged(health_judge_idle, "{'session':{'state':'ended','elapsed_s':60},'metrics':{}}",
	       EXIT_OK, "");
	judged(health_judge_idle, "{'session':{'state':'running','elapsed_s':61}}", EXIT_FAILED,
	       "running, for 61 s");
	judged(health_judge_idle, "{'session':{'state':'paused','elapsed_s':61}}", EXIT_FAILED,
	       "paused");
	/* somebody steps on, or went on after the end */
	judged(health_judge_idle, "{'session':{'state':'idle'},'metrics':{'speed_kmh':0.50}}",
	       EXIT_FAILED, "0.50 km/h");
	judged(health_judge_idle, "{'session':{'state':'ended'},'metrics':{'speed_kmh':8.00}}",
	       EXIT_FAILED, "8.00 km/h");
	/* what cannot be understood is not known to disturb nobody */
	judged(health_judge_idle, "{}", EXIT_FAILED, "");
	judged(health_judge_idle, "{'session':{'state':'warming-up'}}", EXIT_FAILED, "warming-up");
}

static CU_TestInfo tests[] = {
	{ "what plays is healthy", test_what_plays_is_healthy },
	{ "the adapter", test_the_adapter },
	{ "the stick", test_the_stick },
	{ "the worst counts", test_the_worst_counts },
	{ "idle", test_idle },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return suite_run("health", tests);
}
