/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A call that does not come back, as a resolver's: the loop goes on.
 */
#include "plugins/mqtt/errand.h"
#include "tests/unit/suite.h"

#include <unistd.h>

static struct event_base *base;
static struct errand errand;
static int gate[2]; /* the call comes back when there is something in it */
static bool worked, done;

static void work(void *user)
{
	char octet;

	(void)user;
	worked = read(gate[0], &octet, 1) == 1;
}

static void on_done(void *user)
{
	(void)user;
	done = true;
	event_base_loopbreak(base);
}

static void on_turn(evutil_socket_t fd, short what, void *user)
{
	unsigned *turns = user;

	(void)fd;
	(void)what;
	if (++*turns == 100)
		event_base_loopbreak(base);
}

static void open_all(void)
{
	base = event_base_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(base);
	CU_ASSERT_EQUAL_FATAL(pipe(gate), 0);
	errand = (struct errand){ .work = work, .done = on_done };
	CU_ASSERT_TRUE_FATAL(errand_open(&errand, base));
	worked = done = false;
}

static void close_all(void)
{
	close(gate[0]);
	close(gate[1]);
	event_base_free(base);
}

static void test_loop_goes_on(void)
{
	struct timeval soon = { 0, 1 };
	unsigned turns = 0;
	struct event *turn;

	open_all();
	turn = event_new(base, -1, EV_PERSIST, on_turn, &turns);
	CU_ASSERT_TRUE_FATAL(errand_start(&errand));
	event_add(turn, &soon);
	event_base_dispatch(base);
	CU_ASSERT_EQUAL(turns, 100);
	CU_ASSERT_TRUE(errand.under_way);
	CU_ASSERT_FALSE(done);
	event_free(turn);
	CU_ASSERT_EQUAL(write(gate[1], "", 1), 1);
	event_base_dispatch(base);
	CU_ASSERT_TRUE(done && worked);
	CU_ASSERT_FALSE(errand.under_way);
	CU_ASSERT_TRUE(errand_close(&errand));
	close_all();
}

static void test_again_and_again(void)
{
	open_all();
	for (int i = 0; i < 50; i++) {
		done = false;
		CU_ASSERT_EQUAL(write(gate[1], "", 1), 1);
		CU_ASSERT_TRUE_FATAL(errand_start(&errand));
		event_base_dispatch(base);
		CU_ASSERT_TRUE(done && worked);
	}
	CU_ASSERT_TRUE(errand_close(&errand));
	close_all();
}

/* Who ends meanwhile is told, and frees nothing of it. */
static void test_ended_meanwhile(void)
{
	open_all();
	CU_ASSERT_TRUE_FATAL(errand_start(&errand));
	CU_ASSERT_FALSE(errand_close(&errand));
	CU_ASSERT_EQUAL(write(gate[1], "", 1), 1);
	pthread_join(errand.thread, NULL);
	CU_ASSERT_TRUE(worked);
	CU_ASSERT_FALSE(done);
	errand.under_way = false;
	CU_ASSERT_TRUE(errand_close(&errand));
	close_all();
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "the loop goes on", test_loop_goes_on },
		{ "again and again", test_again_and_again },
		{ "ended meanwhile", test_ended_meanwhile },
		CU_TEST_INFO_NULL,
	};

	return suite_run("errand", tests);
}
