/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/displays/slots.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#define SLOTS_SNAPSHOT                                                         \
	(SLOT_BIT(SLOT_READY) | SLOT_BIT(SLOT_LINK) | SLOT_BIT(SLOT_SESSION) | \
	 SLOT_BIT(SLOT_METRICS) | SLOT_BIT(SLOT_TARGET))
#define PROMPT_FRESH_US UINT64_C(5000000) /* rules.md 7: display down */
#define SLOTS_URGENT (SLOT_BIT(SLOT_CLEAR) | SLOT_BIT(SLOT_PROMPT))

void slots_init(struct slots *slots, const struct board *board,
                const char *daemon, uint32_t ping_ms, uint64_t now_us)
{
	memset(slots, 0, sizeof(*slots));
	slots->board = board;
	slots->daemon = daemon;
	slots->ping_ms = ping_ms;
	slots->last = SLOT_BYE;
	slots_touch(slots, SLOT_HELLO, now_us);
}

/* Slots that hold the board's present go only to those who are told them. */
static bool is_told(const struct slots *slots, enum slot slot)
{
	static const uint32_t any =
		SLOT_BIT(SLOT_HELLO) | SLOT_BIT(SLOT_READY) |
		SLOT_BIT(SLOT_ERROR) | SLOT_BIT(SLOT_PING) |
		SLOT_BIT(SLOT_PONG) | SLOT_BIT(SLOT_BYE);

	return ((any | slots->wanted) & SLOT_BIT(slot)) != 0;
}

void slots_touch(struct slots *slots, enum slot slot, uint64_t now_us)
{
	if (!is_told(slots, slot))
		return;
	if (slots->due & SLOT_BIT(slot)) {
		slots->dropped++;
		return;
	}
	slots->due |= SLOT_BIT(slot);
	slots->due_us[slot] = now_us;
}

void slots_ready(struct slots *slots, uint32_t caps, uint64_t now_us)
{
	slots->caps = caps;
	slots->wanted = SLOT_BIT(SLOT_LINK) | SLOT_BIT(SLOT_SESSION) |
	                SLOT_BIT(SLOT_TARGET) | SLOT_BIT(SLOT_PROMPT) |
	                SLOT_BIT(SLOT_CLEAR) | SLOT_BIT(SLOT_BATTERY);
	if (caps & DISPLAY_CAP_METRICS)
		slots->wanted |= SLOT_BIT(SLOT_METRICS);
	if (caps & DISPLAY_CAP_PERSONAL)
		slots->wanted |= SLOT_BIT(SLOT_SUMMARY);
	slots_touch(slots, SLOT_READY, now_us);
	for (enum slot slot = 0; slot < SLOT_COUNT; slot++)
		if (slots->board->known & SLOT_BIT(slot))
			slots_touch(slots, slot, now_us);
	slots->snapshot = slots->due & SLOTS_SNAPSHOT;
}

static void drop(struct slots *slots, enum slot slot)
{
	if (slots->due & SLOT_BIT(slot))
		slots->dropped++;
	slots->due &= ~SLOT_BIT(slot);
}

void slots_clear(struct slots *slots, const struct display_clear *clear,
                 uint64_t now_us)
{
	if (clear->id == slots->board->prompt.id)
		drop(slots, SLOT_PROMPT);
	if (clear->id != slots->told_prompt)
		return;
	slots->clear = *clear;
	slots_touch(slots, SLOT_CLEAR, now_us);
}

void slots_error(struct slots *slots, const struct display_fault *fault,
                 bool fatal, uint64_t now_us)
{
	if (fatal)
		slots->due = slots->snapshot = 0;
	slots->error = *fault;
	slots->error_fatal = fatal;
	slots_touch(slots, SLOT_ERROR, now_us);
}

void slots_bye(struct slots *slots, uint64_t now_us)
{
	slots->due = slots->snapshot = 0;
	slots_touch(slots, SLOT_BYE, now_us);
}

/* ---- a slot's line, of the present ---- */

void board_share_metrics(struct board *board)
{
	for (size_t personal = 0; personal < 2; personal++) {
		struct board_line *line = &board->metrics_line[personal];

		line->length = display_write_metrics(line->text, sizeof(line->text),
		                                     &board->metrics, personal);
		if (!(board->metrics.present & DISPLAY_HEART_RATE))
			break; /* nothing in it is personal */
	}
}

static const struct board_line *shared_metrics(const struct slots *slots)
{
	const struct board *board = slots->board;
	bool personal = slots->caps & DISPLAY_CAP_PERSONAL &&
	                board->metrics.present & DISPLAY_HEART_RATE;

	return &board->metrics_line[personal];
}

/* A tip is of its moment. What is unsafe, or asked, holds as long as the core
 * does not clear it: it looks again every second. */
static bool is_late(const struct board *board, uint64_t now_us)
{
	const struct display_prompt *prompt = &board->prompt;
	bool passes = prompt->level != DISPLAY_LEVEL_SAFETY &&
	              prompt->ask.kind == DISPLAY_ASK_NONE;

	return passes && now_us - board->prompt_us > PROMPT_FRESH_US;
}

static size_t line_prompt(const struct slots *slots, char *line,
                          uint64_t now_us)
{
	struct display_prompt prompt = slots->board->prompt;
	uint64_t end_us = slots->board->prompt_end_us;

	if (end_us < now_us + 1000 || is_late(slots->board, now_us))
		return 0;
	prompt.ttl_ms = (uint32_t)((end_us - now_us) / 1000);
	return display_write_prompt(line, DISPLAY_LINE_MAX, &prompt,
	                            slots->caps & DISPLAY_CAP_PERSONAL);
}

/* Whoever runs now is not told how the last one ran. */
static size_t line_summary(const struct board *board, char *line)
{
	if (board->session.state != DISPLAY_SESSION_ENDED)
		return 0;
	return display_write_summary(line, DISPLAY_LINE_MAX, &board->summary);
}

/* 0: it has gone out of date */
static size_t line_of(const struct slots *slots, enum slot slot, char *line,
                      uint64_t now_us)
{
	const struct board *board = slots->board;
	const size_t size = DISPLAY_LINE_MAX;
	bool personal = slots->caps & DISPLAY_CAP_PERSONAL;

	switch (slot) {
	case SLOT_HELLO:
		return display_write_hello(line, size, slots->daemon,
		                           slots->ping_ms);
	case SLOT_READY:
		return display_write_ready(line, size, slots->caps);
	case SLOT_ERROR:
		return display_write_error(line, size, slots->error.code,
		                           slots->error.detail,
		                           slots->error_fatal);
	case SLOT_LINK:
		return display_write_link(line, size, &board->link);
	case SLOT_SESSION:
		return display_write_session(line, size, &board->session,
		                             personal);
	case SLOT_METRICS:
		return display_write_metrics(line, size, &board->metrics,
		                             personal);
	case SLOT_TARGET:
		return display_write_target(line, size, &board->target);
	case SLOT_CLEAR:
		return display_write_clear(line, size, &slots->clear);
	case SLOT_PROMPT:
		return line_prompt(slots, line, now_us);
	case SLOT_BATTERY:
		return display_write_battery(line, size, &board->battery);
	case SLOT_SUMMARY:
		return line_summary(board, line);
	case SLOT_PING:
		return display_write_ping(line, size);
	case SLOT_PONG:
		return display_write_pong(line, size);
	case SLOT_BYE:
		return display_write_bye(line, size, "shutdown");
	case SLOT_COUNT:
		break;
	}
	return 0;
}

/* ---- sending ---- */

static enum slot first_of(uint32_t slots, enum slot from)
{
	while (from < SLOT_COUNT && !(slots & SLOT_BIT(from)))
		from++;
	return from;
}

/* A fresh display hears the state before the prompt. Then a prompt goes first
 * and of the rest each has its turn, so that metrics, due again and again,
 * starve nobody. */
static enum slot next_slot(const struct slots *slots)
{
	uint32_t first =
		slots->snapshot ? slots->snapshot : slots->due & SLOTS_URGENT;
	enum slot slot = first_of(slots->due, slots->last + 1);

	if (first)
		return first_of(first, 0);
	return slot < SLOT_COUNT ? slot : first_of(slots->due, 0);
}

/* Octets that were taken; -1 if none, with errno */
static ssize_t send_bytes(int fd, const char *bytes, size_t length)
{
	ssize_t taken;

	do
		taken = send(fd, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
	while (taken < 0 && errno == EINTR);
	return taken;
}

static enum slots_result failure(void)
{
	return errno == EAGAIN ? SLOTS_BLOCKED : SLOTS_BROKEN;
}

static enum slots_result send_rest(struct slots *slots, int fd)
{
	while (slots->rest_length) {
		ssize_t taken = send_bytes(fd, slots->rest, slots->rest_length);

		if (taken < 0)
			return failure();
		slots->rest_length -= (size_t)taken;
		memmove(slots->rest, slots->rest + taken, slots->rest_length);
	}
	return SLOTS_EMPTY;
}

/* The display has it, or will have it whole: a line begun is finished. */
static void told(struct slots *slots, enum slot slot)
{
	if (slot == SLOT_PROMPT)
		slots->told_prompt = slots->board->prompt.id;
	if (slot == SLOT_CLEAR)
		slots->told_prompt = 0;
	slots->due &= ~SLOT_BIT(slot);
	slots->snapshot &= ~SLOT_BIT(slot);
	slots->last = slot;
	slots->sent++;
}

/* So much of its line was taken. */
static enum slots_result send_begun(struct slots *slots, int fd, enum slot slot,
                                    const char *line, size_t length, size_t taken)
{
	told(slots, slot);
	slots->rest_us = slots->due_us[slot];
	slots->rest_length = length - taken;
	memcpy(slots->rest, line + taken, slots->rest_length);
	return send_rest(slots, fd);
}

static enum slots_result send_slot(struct slots *slots, int fd, enum slot slot,
                                   uint64_t now_us)
{
	char line[DISPLAY_LINE_MAX];
	size_t length = line_of(slots, slot, line, now_us);
	ssize_t taken;

	if (!length) {
		drop(slots, slot);
		return SLOTS_EMPTY;
	}
	taken = send_bytes(fd, line, length);
	return taken < 0 ? failure()
	                 : send_begun(slots, fd, slot, line, length, (size_t)taken);
}

enum slots_result slots_send(struct slots *slots, int fd, uint64_t now_us)
{
	enum slots_result result = send_rest(slots, fd);
	enum slot slot;

	while (result == SLOTS_EMPTY && (slot = next_slot(slots)) != SLOT_COUNT)
		result = send_slot(slots, fd, slot, now_us);
	return result;
}

/* Nearly always nothing waits, what is new are the metrics, and the line is there. */
enum slots_result slots_tell(struct slots *slots, enum slot slot, int fd, uint64_t now_us)
{
	const struct board_line *line = shared_metrics(slots);
	ssize_t taken;

	if (slot != SLOT_METRICS || !line->length || slots->due || slots->rest_length) {
		slots_touch(slots, slot, now_us);
		return slots_send(slots, fd, now_us);
	}
	if (!(slots->wanted & SLOT_BIT(slot)))
		return SLOTS_EMPTY;
	taken = send_bytes(fd, line->text, line->length);
	if ((size_t)taken == line->length) {
		told(slots, slot);
		return SLOTS_EMPTY;
	}
	slots_touch(slots, slot, now_us);
	return taken < 0 ? failure()
	                 : send_begun(slots, fd, slot, line->text, line->length, (size_t)taken);
}

uint64_t slots_waiting_since(const struct slots *slots)
{
	uint64_t since = slots->rest_length ? slots->rest_us : UINT64_MAX;

	if (!slots->due)
		return since;
	for (enum slot slot = 0; slot < SLOT_COUNT; slot++)
		if ((slots->due & SLOT_BIT(slot)) &&
		    slots->due_us[slot] < since)
			since = slots->due_us[slot];
	return since;
}
