/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/displays/outbox.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#define SLOTS_SNAPSHOT \
	(SLOT_BIT(SLOT_READY) | SLOT_BIT(SLOT_LINK) | SLOT_BIT(SLOT_SESSION) | \
	 SLOT_BIT(SLOT_METRICS) | SLOT_BIT(SLOT_TARGET))
#define SLOTS_URGENT (SLOT_BIT(SLOT_CLEAR) | SLOT_BIT(SLOT_PROMPT))

void outbox_init(struct outbox *box, const struct board *board,
                 const char *daemon, uint32_t ping_ms, uint64_t now_us)
{
	memset(box, 0, sizeof(*box));
	box->board = board;
	box->daemon = daemon;
	box->ping_ms = ping_ms;
	box->last = SLOT_BYE;
	outbox_touch(box, SLOT_HELLO, now_us);
}

/* Slots that hold the board's present go only to those who are told them. */
static bool is_told(const struct outbox *box, enum slot slot)
{
	static const uint32_t any =
		SLOT_BIT(SLOT_HELLO) | SLOT_BIT(SLOT_READY) |
		SLOT_BIT(SLOT_ERROR) | SLOT_BIT(SLOT_PING) | SLOT_BIT(SLOT_BYE);

	return ((any | box->slots) & SLOT_BIT(slot)) != 0;
}

void outbox_touch(struct outbox *box, enum slot slot, uint64_t now_us)
{
	if (!is_told(box, slot))
		return;
	if (box->due & SLOT_BIT(slot)) {
		box->dropped++;
		return;
	}
	box->due |= SLOT_BIT(slot);
	box->due_us[slot] = now_us;
}

void outbox_ready(struct outbox *box, uint32_t caps, uint64_t now_us)
{
	box->caps = caps;
	box->slots = SLOT_BIT(SLOT_LINK) | SLOT_BIT(SLOT_SESSION) |
	             SLOT_BIT(SLOT_TARGET) | SLOT_BIT(SLOT_PROMPT) |
	             SLOT_BIT(SLOT_CLEAR) | SLOT_BIT(SLOT_BATTERY);
	if (caps & DISPLAY_CAP_METRICS)
		box->slots |= SLOT_BIT(SLOT_METRICS);
	if (caps & DISPLAY_CAP_PERSONAL)
		box->slots |= SLOT_BIT(SLOT_SUMMARY);
	outbox_touch(box, SLOT_READY, now_us);
	for (enum slot slot = 0; slot < SLOT_COUNT; slot++)
		if (box->board->known & SLOT_BIT(slot))
			outbox_touch(box, slot, now_us);
	box->snapshot = box->due & SLOTS_SNAPSHOT;
}

static void drop(struct outbox *box, enum slot slot)
{
	if (box->due & SLOT_BIT(slot))
		box->dropped++;
	box->due &= ~SLOT_BIT(slot);
}

void outbox_clear(struct outbox *box, const struct display_clear *clear,
                  uint64_t now_us)
{
	if (clear->id == box->board->prompt.id)
		drop(box, SLOT_PROMPT);
	if (clear->id != box->told_prompt)
		return;
	box->clear = *clear;
	outbox_touch(box, SLOT_CLEAR, now_us);
}

void outbox_error(struct outbox *box, const struct display_fault *fault,
                  bool fatal, uint64_t now_us)
{
	if (fatal)
		box->due = box->snapshot = 0;
	box->error = *fault;
	box->error_fatal = fatal;
	outbox_touch(box, SLOT_ERROR, now_us);
}

void outbox_bye(struct outbox *box, uint64_t now_us)
{
	box->due = box->snapshot = 0;
	outbox_touch(box, SLOT_BYE, now_us);
}

/* ---- a slot's line, of the present ---- */
static size_t line_prompt(const struct outbox *box, char *line, uint64_t now_us)
{
	struct display_prompt prompt = box->board->prompt;
	uint64_t end_us = box->board->prompt_end_us;

	if (end_us < now_us + 1000)
		return 0;
	prompt.ttl_ms = (uint32_t)((end_us - now_us) / 1000);
	return display_write_prompt(line, DISPLAY_LINE_MAX, &prompt,
	                            box->caps & DISPLAY_CAP_PERSONAL);
}

/* 0: it has gone out of date */
static size_t line_of(const struct outbox *box, enum slot slot, char *line,
                      uint64_t now_us)
{
	const struct board *board = box->board;
	const size_t size = DISPLAY_LINE_MAX;
	bool personal = box->caps & DISPLAY_CAP_PERSONAL;

	switch (slot) {
	case SLOT_HELLO:
		return display_write_hello(line, size, box->daemon, box->ping_ms);
	case SLOT_READY:
		return display_write_ready(line, size, box->caps);
	case SLOT_ERROR:
		return display_write_error(line, size, box->error.code,
		                           box->error.detail, box->error_fatal);
	case SLOT_LINK:
		return display_write_link(line, size, &board->link);
	case SLOT_SESSION:
		return display_write_session(line, size, &board->session, personal);
	case SLOT_METRICS:
		return display_write_metrics(line, size, &board->metrics, personal);
	case SLOT_TARGET:
		return display_write_target(line, size, &board->target);
	case SLOT_CLEAR:
		return display_write_clear(line, size, &box->clear);
	case SLOT_PROMPT:
		return line_prompt(box, line, now_us);
	case SLOT_BATTERY:
		return display_write_battery(line, size, &board->battery);
	case SLOT_SUMMARY:
		return display_write_summary(line, size, &board->summary);
	case SLOT_PING:
		return display_write_ping(line, size);
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
static enum slot next_slot(const struct outbox *box)
{
	uint32_t first = box->snapshot ? box->snapshot : box->due & SLOTS_URGENT;
	enum slot slot = first_of(box->due, box->last + 1);

	if (first)
		return first_of(first, 0);
	return slot < SLOT_COUNT ? slot : first_of(box->due, 0);
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

static enum outbox_result failure(void)
{
	return errno == EAGAIN ? OUTBOX_BLOCKED : OUTBOX_BROKEN;
}

static enum outbox_result send_rest(struct outbox *box, int fd)
{
	while (box->rest_length) {
		ssize_t taken = send_bytes(fd, box->rest, box->rest_length);

		if (taken < 0)
			return failure();
		box->rest_length -= (size_t)taken;
		memmove(box->rest, box->rest + taken, box->rest_length);
	}
	return OUTBOX_EMPTY;
}

/* The display has it, or will have it whole: a line begun is finished. */
static void told(struct outbox *box, enum slot slot)
{
	if (slot == SLOT_PROMPT)
		box->told_prompt = box->board->prompt.id;
	if (slot == SLOT_CLEAR)
		box->told_prompt = 0;
	box->due &= ~SLOT_BIT(slot);
	box->snapshot &= ~SLOT_BIT(slot);
	box->last = slot;
	box->sent++;
}

static enum outbox_result send_slot(struct outbox *box, int fd, enum slot slot,
                                    uint64_t now_us)
{
	char line[DISPLAY_LINE_MAX];
	size_t length = line_of(box, slot, line, now_us);
	ssize_t taken;

	if (!length) {
		drop(box, slot);
		return OUTBOX_EMPTY;
	}
	taken = send_bytes(fd, line, length);
	if (taken < 0)
		return failure();
	told(box, slot);
	box->rest_us = box->due_us[slot];
	box->rest_length = length - (size_t)taken;
	memcpy(box->rest, line + taken, box->rest_length);
	return send_rest(box, fd);
}

enum outbox_result outbox_send(struct outbox *box, int fd, uint64_t now_us)
{
	enum outbox_result result = send_rest(box, fd);
	enum slot slot;

	while (result == OUTBOX_EMPTY && (slot = next_slot(box)) != SLOT_COUNT)
		result = send_slot(box, fd, slot, now_us);
	return result;
}

uint64_t outbox_waiting_since(const struct outbox *box)
{
	uint64_t since = box->rest_length ? box->rest_us : UINT64_MAX;

	for (enum slot slot = 0; slot < SLOT_COUNT; slot++)
		if ((box->due & SLOT_BIT(slot)) && box->due_us[slot] < since)
			since = box->due_us[slot];
	return since;
}
