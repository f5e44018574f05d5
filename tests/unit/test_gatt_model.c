/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The GATT client through all short sequences of what we ask, cancel and free,
 * what a device answers or does not, and time. After each event: every
 * operation has completed at most once, in its turn, never within the call that
 * asked for it; one request is under way at most, and one is if anything waits;
 * nothing is sent once the link is gone. At the end every operation has
 * completed once.
 */
#include "daemon/bluetooth/gatt_private.h"
#include "tests/unit/explore.h"
#include "tests/unit/suite.h"

#include <string.h>

#define SECOND UINT64_C(1000000)
#define WAITING_MAX 3
#define ASKED_MAX 64
#define HANDLE 0x0012

/* What an operation's callback does */
enum reaction { NOTHING, READS, CANCELS, CLOSES, FREES };

struct asked {
	unsigned id;
	enum reaction reaction;
	bool cancelled;
	unsigned calls;
};

static struct {
	struct gatt *gatt;
	uint64_t now_us;
	struct asked asked[ASKED_MAX]; /* in the order they were asked for */
	size_t count;
	bool in_call, in_cancel, gone, dead;
	unsigned callbacks; /* under way, within each other */
	bool outstanding;
	bool raised, repeats; /* security, for the request under way; it comes
	                         again */
	uint8_t request[ATT_MTU_MAX];
	unsigned answers, confirmations;
} f;

static bool waits(const struct asked *asked)
{
	return asked->id != 0 && asked->calls == 0;
}

static struct asked *waiting(bool oldest)
{
	struct asked *found = NULL;

	for (size_t i = 0; i < f.count && !(found && oldest); i++)
		if (waits(&f.asked[i]))
			found = &f.asked[i];
	return found;
}

static size_t waiting_count(void)
{
	size_t count = 0;

	for (size_t i = 0; i < f.count; i++)
		count += waits(&f.asked[i]);
	return count;
}

/* ---- what the client calls
 * ---------------------------------------------------- */

static void on_send(void *user, const uint8_t *pdu, size_t length)
{
	(void)user;
	switch (att_kind(pdu[0])) {
	case ATT_KIND_REQUEST:
		EXPLORE_REQUIRE(!f.outstanding);
		EXPLORE_REQUIRE(!f.gone);
		EXPLORE_REQUIRE(f.callbacks == 0); /* what they ask for waits */
		f.outstanding = true;
		f.raised = f.repeats;
		f.repeats = false;
		memcpy(f.request, pdu, length);
		break;
	case ATT_KIND_RESPONSE:
		f.answers++;
		break;
	case ATT_KIND_CONFIRMATION:
		f.confirmations++;
		break;
	case ATT_KIND_COMMAND:
	case ATT_KIND_NOTIFICATION:
	case ATT_KIND_INDICATION:
		explore_require(
			false,
			"sends nothing but requests, responses and confirmations");
	}
}

static uint64_t on_now(void *user)
{
	(void)user;
	return f.now_us;
}

static void on_value(void *user, const struct gatt_characteristic *from,
                     const uint8_t *value, size_t length)
{
	(void)user;
	(void)value;
	EXPLORE_REQUIRE(from->value == HANDLE && length == 2);
}

static void on_changed(void *user, uint16_t start, uint16_t end)
{
	(void)user;
	(void)start;
	(void)end;
}

static bool on_secure(void *user)
{
	(void)user;
	EXPLORE_REQUIRE(!f.gone);
	EXPLORE_REQUIRE(!f.raised);
	f.outstanding = false;
	f.repeats = true;
	return true;
}

static void on_dead(void *user)
{
	(void)user;
	EXPLORE_REQUIRE(!f.dead);
	f.dead = true;
}

static const struct gatt_ops ops = { on_send,    on_now,    on_value,
	                             on_changed, on_secure, on_dead };

/* ---- what we ask
 * ---------------------------------------------------------------- */

static void ask_to_read(enum reaction reaction);

static void cancel(struct asked *asked)
{
	bool was_in_cancel = f.in_cancel;

	if (asked == NULL)
		return;
	asked->cancelled = f.in_cancel = true;
	EXPLORE_REQUIRE(gatt_cancel(f.gatt, asked->id));
	EXPLORE_REQUIRE(asked->calls == 1);
	EXPLORE_REQUIRE(f.gatt == NULL || !gatt_cancel(f.gatt, asked->id));
	f.in_cancel = was_in_cancel;
}

static void close_link(void)
{
	f.gone = true;
	f.outstanding = false;
	gatt_closed(f.gatt);
}

static void free_client(void)
{
	struct gatt *gatt = f.gatt;

	f.gone = true;
	f.gatt = NULL;
	gatt_free(gatt);
}

static void react(enum reaction reaction)
{
	if (f.gatt == NULL)
		return;
	switch (reaction) {
	case NOTHING:
		break;
	case READS:
		ask_to_read(NOTHING);
		break;
	case CANCELS:
		cancel(waiting(true));
		break;
	case CLOSES:
		close_link();
		break;
	case FREES:
		free_client();
		break;
	}
}

static void on_done(void *user, const struct gatt_result *result)
{
	struct asked *asked = user;

	EXPLORE_REQUIRE(!f.in_call);
	EXPLORE_REQUIRE(asked->calls == 0);
	EXPLORE_REQUIRE(asked->cancelled || f.gone || waiting(true) == asked);
	EXPLORE_REQUIRE(!asked->cancelled || result->status == GATT_CANCELLED);
	EXPLORE_REQUIRE(result->status != GATT_CANCELLED || asked->cancelled ||
	                f.gatt == NULL);
	asked->calls++;
	f.callbacks++;
	react(asked->reaction);
	f.callbacks--;
}

static struct asked *next_asked(enum reaction reaction)
{
	struct asked *asked = &f.asked[f.count];

	EXPLORE_REQUIRE(f.count < ASKED_MAX - 1);
	f.count++;
	*asked = (struct asked){ .reaction = reaction };
	return asked;
}

static void took(struct asked *asked, unsigned id)
{
	EXPLORE_REQUIRE(asked->calls == 0);
	EXPLORE_REQUIRE(id == 0 || !f.gone);
	EXPLORE_REQUIRE(id != 0 || f.gone);
	asked->id = id;
}

static void ask_to_read(enum reaction reaction)
{
	struct asked *asked = next_asked(reaction);
	bool nested = f.in_call;

	f.in_call = true;
	took(asked, gatt_read(f.gatt, HANDLE, on_done, asked));
	f.in_call = nested;
}

static void ask_to_write(enum reaction reaction)
{
	struct asked *asked = next_asked(reaction);

	f.in_call = true;
	took(asked, gatt_write(f.gatt, HANDLE, (const uint8_t[]){ 1 }, 1,
	                       on_done, asked));
	f.in_call = false;
}

static void ask_to_discover(void)
{
	struct asked *asked = next_asked(NOTHING);

	f.in_call = true;
	took(asked, gatt_discover(f.gatt, NULL, 0, on_done, asked));
	f.in_call = false;
}

/* ---- the device
 * -------------------------------------------------------------------- */

static void receive(const uint8_t *pdu, size_t length)
{
	unsigned answers = f.answers, confirmations = f.confirmations;
	enum att_kind kind = att_kind(pdu[0]);

	gatt_receive(f.gatt, pdu, length);
	EXPLORE_REQUIRE(f.answers - answers == (kind == ATT_KIND_REQUEST));
	EXPLORE_REQUIRE(f.confirmations - confirmations ==
	                (kind == ATT_KIND_INDICATION));
}

/* To the request under way, with so many octets of a value */
static void answer(size_t value_length)
{
	uint8_t low = f.request[1], high = f.request[2];
	uint8_t pdu[ATT_MTU_DEFAULT] = { att_answer(f.request[0]) };
	size_t length = 1;

	switch (f.request[0]) {
	case ATT_READ_REQUEST:
	case ATT_READ_BLOB_REQUEST:
		length += value_length;
		break;
	case ATT_READ_BY_GROUP_TYPE_REQUEST:
		memcpy(pdu + 1,
		       (const uint8_t[]){ 6, low, high, 0xff, 0xff, 0x26,
		                          0x18 },
		       7);
		length = 8;
		break;
	case ATT_READ_BY_TYPE_REQUEST:
		memcpy(pdu + 1,
		       (const uint8_t[]){ 7, low, high, 0x10,
		                          (uint8_t)(low + 1), high, 0xcd,
		                          0x2a },
		       8);
		length = 9;
		break;
	case ATT_FIND_INFORMATION_REQUEST:
		memcpy(pdu + 1, (const uint8_t[]){ 1, low, high, 0x02, 0x29 },
		       5);
		length = 6;
		break;
	default:
		break;
	}
	f.outstanding = false;
	receive(pdu, length);
}

static void refuse(uint8_t error)
{
	const uint8_t pdu[] = { ATT_ERROR_RESPONSE, f.request[0], f.request[1],
		                f.request[2], error };

	f.outstanding = false;
	receive(pdu, sizeof(pdu));
}

static void answer_badly(void)
{
	const uint8_t pdu[] = { att_answer(f.request[0]), 0xee, 0xee };

	/* only of those that have a form to break */
	f.outstanding = false;
	receive(pdu, att_answer(f.request[0]) == ATT_WRITE_RESPONSE ? 3 : 2);
}

/* An answer to something that nobody asked */
static void answer_something_else(void)
{
	static const uint8_t mtu[] = { ATT_MTU_RESPONSE, 0x17, 0x00 };

	receive(mtu, sizeof(mtu));
	receive((const uint8_t[]){ ATT_ERROR_RESPONSE, ATT_MTU_REQUEST, 0, 0,
	                           6 },
	        5);
}

/* ---- events
 * -------------------------------------------------------------------------- */

enum event {
	READ,
	WRITE_THEN_READ,
	DISCOVER,
	READ_THEN_CANCEL,
	READ_THEN_CLOSE,
	READ_THEN_FREE,
	CANCEL_OLDEST,
	CANCEL_NEWEST,
	ANSWER,
	ANSWER_LONG,
	REFUSE,
	REFUSE_UNSAFE,
	ANSWER_BADLY,
	ANSWER_ELSE,
	NOTIFY,
	INDICATE,
	REQUEST,
	TEN_SECONDS,
	THIRTY_SECONDS,
	CLOSE,
	EVENTS
};

static const char *const names[EVENTS] = {
	"we read",
	"we write, and then read",
	"we discover",
	"we read, and then cancel",
	"we read, and then close",
	"we read, and then free",
	"we cancel the oldest",
	"we cancel the newest",
	"an answer",
	"a long answer",
	"a refusal",
	"a refusal until it is encrypted",
	"a malformed answer",
	"an answer to something else",
	"a notification",
	"an indication",
	"a request of the device's",
	"10 s",
	"30 s",
	"the link goes",
};

static void pass(uint64_t time_us)
{
	bool overdue = f.outstanding && !f.gone &&
	               f.now_us + time_us >= gatt_deadline_us(f.gatt);

	f.now_us += time_us;
	if (overdue) {
		f.gone = true;
		f.outstanding = false;
	}
	gatt_advance(f.gatt);
	EXPLORE_REQUIRE(!overdue || f.dead || f.gatt == NULL);
}

static bool we(enum event event)
{
	bool cancels = event == CANCEL_OLDEST || event == CANCEL_NEWEST;

	if (cancels ? waiting_count() == 0
	            : waiting_count() == WAITING_MAX || f.gone)
		return false;
	switch ((int)event) {
	case READ:
		ask_to_read(NOTHING);
		break;
	case WRITE_THEN_READ:
		ask_to_write(READS);
		break;
	case DISCOVER:
		ask_to_discover();
		break;
	case READ_THEN_CANCEL:
		ask_to_read(CANCELS);
		break;
	case READ_THEN_CLOSE:
		ask_to_read(CLOSES);
		break;
	case READ_THEN_FREE:
		ask_to_read(FREES);
		break;
	default:
		cancel(waiting(event == CANCEL_OLDEST));
		break;
	}
	return true;
}

static bool device_answers(enum event event)
{
	if (!f.outstanding)
		return false;
	switch ((int)event) {
	case ANSWER:
		answer(2);
		break;
	case ANSWER_LONG:
		answer(ATT_MTU_DEFAULT - 1);
		break;
	case REFUSE:
		refuse(ATT_ERROR_ATTRIBUTE_NOT_FOUND);
		break;
	case REFUSE_UNSAFE:
		refuse(ATT_ERROR_INSUFFICIENT_ENCRYPTION);
		break;
	default:
		answer_badly();
		break;
	}
	return true;
}

static void device_tells(enum event event)
{
	switch ((int)event) {
	case ANSWER_ELSE:
		answer_something_else();
		break;
	case NOTIFY:
		receive((const uint8_t[]){ ATT_NOTIFICATION, HANDLE, 0, 1, 2 },
		        5);
		break;
	case INDICATE:
		receive((const uint8_t[]){ ATT_INDICATION, HANDLE, 0, 1, 2 },
		        5);
		break;
	case REQUEST:
		receive((const uint8_t[]){ ATT_READ_REQUEST, 1, 0 }, 3);
		break;
	case TEN_SECONDS:
		pass(10 * SECOND);
		break;
	case THIRTY_SECONDS:
		pass(30 * SECOND);
		break;
	default:
		close_link();
		break;
	}
}

static void check(void)
{
	if (f.gatt == NULL || f.gone) {
		EXPLORE_REQUIRE(waiting_count() == 0);
		EXPLORE_REQUIRE(f.gatt == NULL ||
		                gatt_deadline_us(f.gatt) == GATT_NEVER);
		return;
	}
	EXPLORE_REQUIRE(f.outstanding || waiting_count() == 0);
	EXPLORE_REQUIRE(f.outstanding ==
	                (gatt_deadline_us(f.gatt) != GATT_NEVER));
	EXPLORE_REQUIRE(!f.outstanding ||
	                (gatt_deadline_us(f.gatt) > f.now_us &&
	                 gatt_deadline_us(f.gatt) <= f.now_us + 30 * SECOND));
}

static bool happen(size_t event)
{
	if (f.gatt == NULL)
		return false;
	if (event <= CANCEL_NEWEST) {
		if (!we((enum event)event))
			return false;
	} else if (event <= ANSWER_BADLY) {
		if (!device_answers((enum event)event))
			return false;
	} else {
		device_tells((enum event)event);
	}
	check();
	return true;
}

/* ---- states
 * ----------------------------------------------------------------------------
 */

static void begin(void)
{
	static const char text[] = "service 0010 0020 1826\n"
				   "characteristic 0011 0012 0013 10 2acd\n";
	struct gatt_table table;

	memset(&f, 0, sizeof(f));
	f.now_us = SECOND;
	f.gatt = gatt_new(&ops, NULL);
	CU_ASSERT_TRUE_FATAL(f.gatt != NULL && gatt_table_read(text, &table));
	gatt_set_table(f.gatt, &table);
}

static void end(void)
{
	if (f.gatt != NULL)
		free_client();
	for (size_t i = 0; i < f.count; i++)
		EXPLORE_REQUIRE(f.asked[i].calls == (f.asked[i].id != 0));
}

static uint64_t fold_run(uint64_t digest)
{
	const struct gatt *g = f.gatt;
	uint64_t deadline = gatt_deadline_us(g);

	digest = explore_fold_number(
		digest, deadline == GATT_NEVER ? 0 : deadline - f.now_us);
	digest = explore_fold_number(digest,
	                             g->run.active + 2u * g->run.secured +
	                                     4u * g->dead + 8u * f.raised);
	if (g->run.active) {
		digest = explore_fold(digest, g->bearer.request,
		                      g->bearer.request_length);
		digest =
			explore_fold(digest, &g->run.step, sizeof(g->run.step));
		digest = explore_fold_number(digest,
		                             f.now_us - g->run.started_us);
		digest = explore_fold_number(digest, g->run.requests);
		digest = explore_fold_number(
			digest, g->run.service << 16 | g->run.characteristic);
		digest = explore_fold_number(digest, g->value_length << 16 |
		                                             g->run.next);
		digest = explore_fold_number(
			digest, g->found.service_count << 16 |
					g->found.characteristic_count);
	}
	return explore_fold_number(digest,
	                           g->table.service_count << 16 |
	                                   g->table.characteristic_count);
}

static uint64_t digest_of_state(void)
{
	uint64_t digest = explore_fold_number(EXPLORE_DIGEST, f.gatt != NULL);

	if (f.gatt == NULL)
		return digest;
	digest = fold_run(digest);
	for (size_t i = 0; i < f.gatt->queued; i++) {
		const struct operation *o = &f.gatt->queue[i];
		const struct asked *asked = o->user;

		digest = explore_fold_number(digest, (uintptr_t)o->procedure);
		digest = explore_fold_number(digest,
		                             o->done ? 1 + asked->reaction : 0);
	}
	return digest;
}

static void test_all_short_stories(void)
{
	const struct explore_model model = {
		.events = names,
		.event_count = EVENTS,
		.length = 6,
		.begin = begin,
		.happen = happen,
		.end = end,
		.digest = digest_of_state,
	};

	CU_ASSERT_TRUE(explore(&model) > 1000);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "all short stories", test_all_short_stories },
		CU_TEST_INFO_NULL,
	};

	return suite_run("gatt model", tests);
}
