/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A session's events: a row each, with the words of gaitd-display(7).
 */
#include "daemon/history/history_private.h"

bool history_write_events(struct history *h, int64_t id,
                          const struct session_event *events, size_t count, size_t first)
{
	for (size_t i = 0; i < count; i++) {
		const struct session_event *e = &events[i];

		/* written again, it is the same event */
		if (!history_do(h,
		                "REPLACE INTO event (session, number, at_s, kind, prompt, value,"
		                " rule, level, headline, text) VALUES (?,?,?,?,?,?,?,?,?,?)",
		                "iiitiitttt", id, (int64_t)(first + i), (int64_t)e->at_s,
		                session_event_word(e->kind), (int64_t)e->id, (int64_t)e->value,
		                e->rule, display_level_name(e->level), e->headline, e->text))
			return false;
	}
	return true;
}

static bool read_event(sqlite3_stmt *statement, struct session_event *out)
{
	char word[32];

	history_copy_text(word, sizeof(word), statement, 1);
	*out = (struct session_event){
		.at_s = history_count(statement, 0),
		.id = history_count(statement, 2),
		.value = sqlite3_column_int(statement, 3),
	};
	if (!session_event_from_word(word, &out->kind))
		return false;
	history_copy_text(out->rule, sizeof(out->rule), statement, 4);
	history_copy_text(word, sizeof(word), statement, 5);
	if (!display_level_from_name(word, &out->level))
		out->level = DISPLAY_LEVEL_SAFETY;
	history_copy_text(out->headline, sizeof(out->headline), statement, 6);
	history_copy_text(out->text, sizeof(out->text), statement, 7);
	return true;
}

/* A kind that a later gaitd wrote is left out. */
bool history_read_events(struct history *h, int64_t id, struct session_log *log)
{
	sqlite3_stmt *statement = history_prepare(
		h, "SELECT at_s, kind, prompt, value, rule, level, headline, text FROM event"
		   " WHERE session = ? ORDER BY number", "i", id);

	while (history_row(h, statement)) {
		struct session_event event;

		if (read_event(statement, &event))
			session_log_add_event(log, &event);
	}
	sqlite3_finalize(statement);
	return h->code == SQLITE_OK;
}
