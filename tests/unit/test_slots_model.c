/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What two displays are told, through all short sequences of what the core
 * says, of time, and of one of them reading slowly, going and coming back. The
 * kernel's buffer is the test's own send(). After each event: the one that
 * reads at once lacks nothing; the slow one's lines are whole, each of the
 * present at the moment it was begun, none of them late, prompts in their order
 * and before all else; and as soon as it has read all, it has what is unsafe on
 * it, and nothing that is over.
 */
#include "config.h"
#include "daemon/displays/slots.h"
#include "tests/unit/explore.h"
#include "tests/unit/suite.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#define SECOND UINT64_C(1000000)
#define FRESH_US (5 * SECOND) /* of a tip: what gaitd-display(7) says */
#define TTL_S 8u
#define ROOM 48u /* octets that the slow one's kernel takes: no line fits */
#define SIP 20u

/* A display, and the socket to it */
struct reader {
	struct slots slots;
	bool broken;       /* it has gone, and we do not know it yet */
	size_t room, held; /* octets that the kernel takes and holds */
	char line[DISPLAY_LINE_MAX]; /* under way */
	size_t length, ahead; /* of it, and octets not yet taken; 0: none is */
	unsigned lines;
	uint32_t shown_id; /* the prompt on it; 0: none */
	uint32_t last_id;
	uint32_t metrics, session; /* what it was told last */
};

static struct {
	struct board board;
	struct reader slow, quick;
	uint64_t now_us;
	uint32_t last_id, metrics, session;
} f;

/* ---- the display's end
 * ------------------------------------------------------- */

static bool is_late(const struct display_prompt *prompt, uint64_t said_us)
{
	return prompt->level != DISPLAY_LEVEL_SAFETY &&
	       f.now_us - said_us > FRESH_US;
}

static bool is_live(void)
{
	return (f.board.known & SLOT_BIT(SLOT_PROMPT)) != 0 &&
	       f.now_us < f.board.prompt_end_us;
}

static void take_prompt(struct reader *r, const struct display_prompt *prompt)
{
	EXPLORE_REQUIRE(is_live() && prompt->id == f.board.prompt.id);
	EXPLORE_REQUIRE(prompt->id > r->last_id);
	EXPLORE_REQUIRE(!is_late(&f.board.prompt, f.board.prompt_us));
	EXPLORE_REQUIRE(prompt->ttl_ms > 0 &&
	                prompt->ttl_ms <=
	                        (f.board.prompt_end_us - f.now_us) / 1000);
	r->shown_id = r->last_id = prompt->id;
}

static void take_clear(struct reader *r, const struct display_clear *clear)
{
	EXPLORE_REQUIRE(clear->id == r->shown_id && clear->id != 0);
	EXPLORE_REQUIRE(!is_live() || f.board.prompt.id != clear->id);
	r->shown_id = 0;
}

static void take_present(struct reader *r, const struct display_message *m)
{
	if (m->type == DISPLAY_MESSAGE_METRICS) {
		EXPLORE_REQUIRE(m->metrics.distance_m == f.metrics);
		r->metrics = f.metrics;
	} else if (m->type == DISPLAY_MESSAGE_SESSION) {
		EXPLORE_REQUIRE(m->session.elapsed_s == f.session);
		r->session = f.session;
	}
}

/* A line as it is begun: from now on the display will have it. */
static void begin_line(struct reader *r, const char *line, size_t length)
{
	struct display_message m;
	bool urgent = (r->slots.due &
	               (SLOT_BIT(SLOT_CLEAR) | SLOT_BIT(SLOT_PROMPT))) != 0;

	EXPLORE_REQUIRE(length <= DISPLAY_LINE_MAX && line[length - 1] == '\n');
	EXPLORE_REQUIRE(memchr(line, '\n', length) == line + length - 1);
	if (!display_message_read(line, length - 1, &m)) {
		explore_require(false, "a line of the protocol");
		return;
	}
	EXPLORE_REQUIRE((r->lines == 0) == (m.type == DISPLAY_MESSAGE_HELLO));
	r->lines++;
	if (m.type == DISPLAY_MESSAGE_PROMPT)
		take_prompt(r, &m.prompt);
	else if (m.type == DISPLAY_MESSAGE_CLEAR)
		take_clear(r, &m.clear);
	else
		EXPLORE_REQUIRE(!urgent || r->slots.snapshot != 0 ||
		                m.type == DISPLAY_MESSAGE_HELLO);
	take_present(r, &m);
}

/* In place of the C library's: the descriptor is the reader, 0 or 1. */
ssize_t send(int fd, const void *bytes, size_t length, int flags)
{
	struct reader *r = fd == 0 ? &f.slow : &f.quick;
	size_t taken = r->room - r->held < length ? r->room - r->held : length;

	(void)flags;
	if (r->broken || taken == 0) {
		errno = r->broken ? EPIPE : EAGAIN;
		return -1;
	}
	if (r->ahead == 0) {
		begin_line(r, bytes, length);
		r->length = r->ahead =
			length < DISPLAY_LINE_MAX ? length : DISPLAY_LINE_MAX;
		memcpy(r->line, bytes, r->length);
	}
	EXPLORE_REQUIRE(length ==
	                r->ahead); /* the rest of it, and nothing between */
	EXPLORE_REQUIRE(
		memcmp(bytes, r->line + r->length - r->ahead, r->ahead) == 0);
	r->ahead -= taken;
	r->held += taken;
	return (ssize_t)taken;
}

/* ---- the hub's end
 * -------------------------------------------------------------- */

static enum slots_result send_due(struct reader *r)
{
	return slots_send(&r->slots, r == &f.slow ? 0 : 1, f.now_us);
}

static void come(struct reader *r, size_t room)
{
	*r = (struct reader){ .room = room };
	slots_init(&r->slots, &f.board, "gaitd test", 5000, f.now_us);
	send_due(r);
	slots_ready(&r->slots, DISPLAY_CAP_METRICS | DISPLAY_CAP_SHOWN,
	            f.now_us);
}

static void flush(struct reader *r)
{
	enum slots_result result = send_due(r);

	if (result == SLOTS_BROKEN) {
		EXPLORE_REQUIRE(r->broken);
		come(r, r->room); /* it connects again */
		result = send_due(r);
	}
	EXPLORE_REQUIRE((result == SLOTS_EMPTY) ==
	                (slots_waiting_since(&r->slots) == UINT64_MAX));
	EXPLORE_REQUIRE(result != SLOTS_BLOCKED || r->held == r->room);
}

static void tell(enum slot slot)
{
	f.board.known |= SLOT_BIT(slot);
	slots_touch(&f.slow.slots, slot, f.now_us);
	flush(&f.slow);
	slots_touch(&f.quick.slots, slot, f.now_us);
	flush(&f.quick);
}

static void prompt(enum display_level level)
{
	f.board.prompt = (struct display_prompt){
		.id = ++f.last_id,
		.rule = "r",
		.level = level,
		.headline = "h",
		.text = "t",
		.ttl_ms = TTL_S * 1000,
	};
	f.board.prompt_us = f.now_us;
	f.board.prompt_end_us = f.now_us + TTL_S * SECOND;
	tell(SLOT_PROMPT);
}

/* The core clears what it has said before it says something else, and what is
 * over; should it do so twice, no display hears of it. */
static void clear_prompt(void)
{
	const struct display_clear clear = { f.board.prompt.id,
		                             DISPLAY_CLEAR_CONDITION };

	if (f.last_id == 0)
		return;
	slots_clear(&f.slow.slots, &clear, f.now_us);
	slots_clear(&f.quick.slots, &clear, f.now_us);
	f.board.known &= ~SLOT_BIT(SLOT_PROMPT);
	flush(&f.slow);
	flush(&f.quick);
}

/* ---- events
 * ------------------------------------------------------------------------ */

enum event {
	SAY_TIP,
	SAY_SAFETY,
	CLEAR,
	METRICS,
	SESSION,
	PING,
	FAULT,
	SIPS,
	READS,
	LEAVES,
	ONE_SECOND,
	SIX_SECONDS,
	EVENTS
};

static const char *const names[EVENTS] = {
	"a tip",
	"a warning",
	"it is cleared",
	"metrics",
	"a session",
	"a ping",
	"a fault of its",
	"it reads a bit",
	"it reads all",
	"it goes and comes back",
	"1 s",
	"6 s",
};

static void pass(uint64_t time_us)
{
	f.now_us += time_us;
	if ((f.board.known & SLOT_BIT(SLOT_PROMPT)) &&
	    f.now_us >= f.board.prompt_end_us)
		clear_prompt();
}

static void read_some(size_t most)
{
	f.slow.held -= f.slow.held < most ? f.slow.held : most;
	flush(&f.slow);
}

static void read_all(void)
{
	for (unsigned guard = 0; f.slow.held > 0 && guard < 1000; guard++)
		read_some(ROOM);
	EXPLORE_REQUIRE(f.slow.held == 0);
}

/* It has read all that there is. */
static void check_all_read(const struct reader *r)
{
	EXPLORE_REQUIRE(slots_waiting_since(&r->slots) == UINT64_MAX);
	EXPLORE_REQUIRE(r->metrics == f.metrics && r->session == f.session);
	EXPLORE_REQUIRE(r->shown_id == 0 ||
	                (is_live() && r->shown_id == f.board.prompt.id));
	EXPLORE_REQUIRE(!is_live() ||
	                f.board.prompt.level != DISPLAY_LEVEL_SAFETY ||
	                r->shown_id == f.board.prompt.id);
}

static bool happen(size_t event)
{
	static const struct display_fault fault = { DISPLAY_ERROR_UNKNOWN_TYPE,
		                                    "x" };

	switch ((enum event)event) {
	case SAY_TIP:
	case SAY_SAFETY:
		clear_prompt();
		prompt(event == SAY_TIP ? DISPLAY_LEVEL_FORM
		                        : DISPLAY_LEVEL_SAFETY);
		break;
	case CLEAR:
		clear_prompt();
		break;
	case METRICS:
		f.board.metrics =
			(struct display_metrics){ .present = DISPLAY_DISTANCE,
			                          .distance_m = ++f.metrics };
		tell(SLOT_METRICS);
		break;
	case SESSION:
		f.board.session.elapsed_s = ++f.session;
		tell(SLOT_SESSION);
		break;
	case PING:
		slots_touch(&f.slow.slots, SLOT_PING, f.now_us);
		flush(&f.slow);
		break;
	case FAULT:
		slots_error(&f.slow.slots, &fault, false, f.now_us);
		flush(&f.slow);
		break;
	case SIPS:
		read_some(SIP);
		break;
	case READS:
		read_all();
		check_all_read(&f.slow);
		break;
	case LEAVES:
		f.slow.broken = true;
		f.slow.ahead = 0;
		slots_touch(&f.slow.slots, SLOT_PING, f.now_us);
		flush(&f.slow);
		break;
	case ONE_SECOND:
	case SIX_SECONDS:
		pass(event == ONE_SECOND ? SECOND : 6 * SECOND);
		break;
	case EVENTS:
		break;
	}
	check_all_read(&f.quick);
	return true;
}

/* ---- states
 * -------------------------------------------------------------------------- */

static void begin(void)
{
	memset(&f, 0, sizeof(f));
	f.now_us = SECOND;
	f.board.known = SLOT_BIT(SLOT_LINK) | SLOT_BIT(SLOT_SESSION) |
	                SLOT_BIT(SLOT_METRICS);
	f.board.metrics.present = DISPLAY_DISTANCE;
	come(&f.quick, SIZE_MAX);
	come(&f.slow, ROOM);
	flush(&f.quick);
	flush(&f.slow);
	read_all();
}

/* Whatever happened, reading makes it good. */
static void end(void)
{
	read_all();
	check_all_read(&f.slow);
}

static uint64_t digest(void)
{
	const struct slots *s = &f.slow.slots;
	bool live = (f.board.known & SLOT_BIT(SLOT_PROMPT)) != 0;
	const uint64_t state[] = {
		s->due,
		s->snapshot,
		s->last,
		s->rest_length,
		f.slow.held,
		f.slow.ahead,
		s->told_prompt == 0 ? 0
				    : 1 + (s->told_prompt == f.board.prompt.id),
		(s->due & SLOT_BIT(SLOT_CLEAR)) &&
			s->clear.id == s->told_prompt,
		f.slow.shown_id == 0
			? 0
			: 1 + (f.slow.shown_id == f.board.prompt.id),
		live ? 1 + (uint64_t)f.board.prompt.level : 0,
		live ? f.now_us - f.board.prompt_us : 0,
		f.slow.metrics == f.metrics,
		f.slow.session == f.session,
	};

	return explore_fold(EXPLORE_DIGEST, state, sizeof(state));
}

static void test_all_short_stories(void)
{
	const struct explore_model model = {
		.events = names,
		.event_count = EVENTS,
		.length = 5,
		.begin = begin,
		.happen = happen,
		.end = end,
		.digest = digest,
	};

	CU_ASSERT_TRUE(explore(&model) > 1000);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "all short stories", test_all_short_stories },
		CU_TEST_INFO_NULL,
	};

	return suite_run("slots model", tests);
}
