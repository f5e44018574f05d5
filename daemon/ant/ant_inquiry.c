/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/ant/ant_inquiry.h"

#include "protocol/ant_common.h"
#include "protocol/ant_control.h"

#define S UINT64_C(1000000)
#define SETTLE_US (2 * S) /* after the first message, and between tries */
#define EVENT_US (2 * S)  /* in which a transfer ends, one way or the other */
#define ANSWER_US (5 * S) /* old pods that fill all need not answer */
#define TRIES 3

static const uint8_t pages[] = { 22, 82 };
#define PAGES (sizeof(pages) / sizeof(pages[0]))

static void next_page(struct ant_inquiry *q, uint64_t due_us)
{
	q->at++;
	q->tries = 0;
	q->sent = false;
	q->due_us = due_us;
}

bool ant_inquiry_heard(struct ant_inquiry *q, const uint8_t page[8], uint64_t now_us,
                       uint8_t out[8])
{
	if (!q->begun) {
		q->begun = true;
		q->due_us = now_us + SETTLE_US;
	}
	if (q->at < PAGES && page[0] == pages[q->at])
		next_page(q, now_us);
	if (q->at == PAGES || now_us < q->due_us)
		return false;
	if (q->tries == TRIES)
		next_page(q, now_us);
	if (q->at == PAGES)
		return false;
	q->tries++;
	q->sent = true;
	q->due_us = now_us + EVENT_US;
	ant_page_request_encode(pages[q->at], out);
	return true;
}

void ant_inquiry_event(struct ant_inquiry *q, uint8_t code, uint64_t now_us)
{
	if (!q->sent)
		return;
	if (code == ANT_EVENT_TRANSFER_COMPLETED) {
		q->sent = false;
		q->tries = TRIES; /* it knows; the answer comes or it does not */
		q->due_us = now_us + ANSWER_US;
	} else if (code == ANT_EVENT_TRANSFER_FAILED) {
		q->sent = false;
		q->due_us = now_us + SETTLE_US;
	}
}
