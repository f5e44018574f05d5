/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/summary_card.h"

#include "daemon/sessions/summary_figures.h"

#include <string.h>

#define WORTH_S 60

bool summary_card(const struct session_log *log, const struct languages *languages,
                  uint64_t t_us, struct outcome *out)
{
	const struct summary_manner how = { language_find(languages, log->lang), log->miles };
	struct display_summary *card = &out->message.summary;
	struct session_summary s;

	summary_of(log, &s);
	if (s.moving_s < WORTH_S)
		return false;
	memset(out, 0, sizeof(*out));
	out->t_us = t_us;
	out->message.type = DISPLAY_MESSAGE_SUMMARY;
	card->elapsed_s = s.moving_s;
	card->distance_m = s.distance_m;
	summary_card_text(card->text, &s, &how);
	return true;
}
