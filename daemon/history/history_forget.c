/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Forgetting. Rows that go are overwritten with zeros (secure_delete); the log
 * beside the file, which has older pages, is emptied; and the file is written
 * anew, because what SQLite moved from page to page may have left a copy.
 */
#include "daemon/history/history_private.h"

static enum history_result wipe(struct history *h)
{
	if (history_settle(h) != HISTORY_OK)
		return history_result(h);
	h->code = sqlite3_exec(h->db, "VACUUM", NULL, NULL, NULL);
	if (h->code != SQLITE_OK)
		return history_result(h);
	return history_settle(h);
}

/* Deletes in one transaction; how many rows went themselves */
static enum history_result forget(struct history *h, const char *sql, const char *type,
                                  const char *text, int64_t number, int64_t *count)
{
	enum history_result result = history_begin(h);

	if (result != HISTORY_OK)
		return result;
	if (*type == 't')
		history_do(h, sql, "t", text);
	else
		history_do(h, sql, "i", number);
	*count = sqlite3_changes64(h->db);
	result = history_end(h);
	return result == HISTORY_OK && *count == 0 ? HISTORY_NOTHING : result;
}

enum history_result history_forget_runner(struct history *h, const char *name)
{
	int64_t count;
	enum history_result result =
		forget(h, "DELETE FROM runner WHERE name = ?", "t", name, 0, &count);

	return result == HISTORY_OK ? wipe(h) : result;
}

enum history_result history_forget_session(struct history *h, int64_t id)
{
	int64_t count;
	enum history_result result =
		forget(h, "DELETE FROM session WHERE id = ? AND ended = 1", "i", NULL, id, &count);

	return result == HISTORY_OK ? wipe(h) : result;
}

int64_t history_newest(struct history *h)
{
	history_clear(h);
	return history_number(h, "SELECT max(start_s) FROM session", 0, "");
}

/* Each day, a day's: the file is not written anew for that, only its log is. */
enum history_result history_forget_before(struct history *h, int64_t start_s,
                                          int64_t *count)
{
	enum history_result result = forget(h, "DELETE FROM session WHERE ended = 1 AND"
	                                       " start_s < ?", "i", NULL, start_s, count);

	if (result == HISTORY_NOTHING)
		return HISTORY_OK;
	return result == HISTORY_OK ? history_settle(h) : result;
}
