/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Runners: what they told of themselves, and what their sessions tell.
 */
#include "daemon/history/history_private.h"

#include "protocol/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool history_name_is_good(const char *name, char *why, size_t size)
{
	size_t length = strlen(name);

	if (length == 0 || length > HISTORY_NAME_MAX) {
		snprintf(why, size, "a name has 1 to %d octets", HISTORY_NAME_MAX);
		return false;
	}
	for (size_t i = 0, octets; i < length; i += octets) {
		octets = utf8_printable(name + i, length - i);
		if (octets == 0 || name[i] == '/') {
			snprintf(why, size, "a name is UTF-8, without / and control characters");
			return false;
		}
	}
	if (name[0] == ' ' || name[0] == '-' || name[length - 1] == ' ' ||
	    strcmp(name, "anonymous") == 0 || strcmp(name, "known") == 0) {
		snprintf(why, size, "\"%s\" is no name of a runner", name);
		return false;
	}
	return true;
}

/* What is learnt is not told: it is learnt anew each time. */
static bool profile_of(const struct history_runner *runner, char profile[HISTORY_PROFILE_MAX])
{
	return runner_write(&runner->told, profile, HISTORY_PROFILE_MAX) > 0;
}

enum history_result history_add_runner(struct history *h,
                                       const struct history_runner *runner)
{
	char profile[HISTORY_PROFILE_MAX];

	history_clear(h);
	if (!profile_of(runner, profile))
		return HISTORY_FAILED;
	history_do(h, "INSERT INTO runner (name, pin, pod, profile, exports, added_s)"
	              " VALUES (?, ?, ?, ?, ?, ?)", "tttttI", runner->name, runner->pin,
	           runner->pod[0] ? runner->pod : NULL, profile, runner->exports,
	           runner->has_added ? runner->added_s : -1);
	return history_result(h);
}

enum history_result history_set_runner(struct history *h,
                                       const struct history_runner *runner)
{
	char profile[HISTORY_PROFILE_MAX];

	history_clear(h);
	if (!profile_of(runner, profile))
		return HISTORY_FAILED;
	history_do(h, "UPDATE runner SET pin = ?, pod = ?, profile = ?, exports = ?"
	              " WHERE id = ?", "tttti", runner->pin,
	           runner->pod[0] ? runner->pod : NULL, profile, runner->exports, runner->id);
	if (h->code == SQLITE_OK && sqlite3_changes(h->db) == 0)
		return HISTORY_NOTHING;
	return history_result(h);
}

#define RUNNER_SQL \
	"SELECT id, name, pin, pod, exports, added_s, profile," \
	" (SELECT count(*) FROM session WHERE session.runner = runner.id) FROM runner "

static void read_runner(sqlite3_stmt *s, struct history_runner *out)
{
	char why[160];

	memset(out, 0, sizeof(*out));
	runner_init(&out->told);
	out->id = sqlite3_column_int64(s, 0);
	history_copy_text(out->name, sizeof(out->name), s, 1);
	history_copy_text(out->pin, sizeof(out->pin), s, 2);
	history_copy_text(out->pod, sizeof(out->pod), s, 3);
	history_copy_text(out->exports, sizeof(out->exports), s, 4);
	out->has_added = history_time(s, 5, &out->added_s);
	runner_parse(history_text(s, 6), &out->told, why, sizeof(why));
	out->sessions = sqlite3_column_int64(s, 7);
}

static enum history_result find(struct history *h, const char *sql, const char *value,
                                struct history_runner *out)
{
	sqlite3_stmt *s;
	bool found;

	history_clear(h);
	s = history_prepare(h, sql, "t", value);
	found = history_row(h, s);
	if (found)
		read_runner(s, out);
	sqlite3_finalize(s);
	return found || h->code != SQLITE_OK ? history_result(h) : HISTORY_NOTHING;
}

enum history_result history_find_runner(struct history *h, const char *name,
                                        struct history_runner *out)
{
	return find(h, RUNNER_SQL "WHERE name = ?", name, out);
}

enum history_result history_find_pod(struct history *h, const char *pod,
                                     struct history_runner *out)
{
	return find(h, RUNNER_SQL "WHERE pod = ?", pod, out);
}

enum history_result history_each_runner(struct history *h,
                                        bool (*each)(const struct history_runner *runner,
                                                     void *user),
                                        void *user)
{
	sqlite3_stmt *s;
	bool more = true;

	history_clear(h);
	s = history_prepare(h, RUNNER_SQL "ORDER BY name", "");
	while (more && history_row(h, s)) {
		struct history_runner runner;

		read_runner(s, &runner);
		more = each(&runner, user);
	}
	sqlite3_finalize(s);
	return history_result(h);
}

/* ---- what the sessions tell ------------------------------------------------- */

/* All his sessions that ended, are known to be his, and have a time */
static struct runner_session *sessions_of(struct history *h, int64_t runner, size_t *count)
{
	struct runner_session *sessions = NULL, *more;
	sqlite3_stmt *s = history_prepare(
		h, "SELECT s.start_s, " HISTORY_KEPT_SQL ", s.id FROM session s WHERE s.runner = ?"
		   " AND s.ended = 1 AND s.kept = 1 AND s.start_s IS NOT NULL"
		   " ORDER BY s.start_s, s.id", "i", runner);
	size_t room = 0;
	int64_t start_s;

	*count = 0;
	while (history_row(h, s)) {
		if (*count == room) {
			room = room ? 2 * room : 64;
			more = reallocarray(sessions, room, sizeof(*sessions));
			if (!more)
				break;
			sessions = more;
		}
		if (!history_time(s, 0, &start_s))
			continue;
		history_read_kept(s, 1, start_s, &sessions[*count]);
		history_read_baseline(h, sqlite3_column_int64(s, 1 + HISTORY_KEPT_COLUMNS),
		                      sessions[*count].bins);
		++*count;
	}
	sqlite3_finalize(s);
	return sessions;
}

enum history_result history_know_runner(struct history *h,
                                        const struct history_runner *runner, int64_t now_s,
                                        int32_t offset_s, struct runner *out)
{
	struct runner_session *sessions;
	size_t count;

	history_clear(h);
	sessions = sessions_of(h, runner->id, &count);
	*out = runner->told;
	if (h->code == SQLITE_OK)
		runner_learn(out, sessions, count, now_s, offset_s);
	free(sessions);
	return history_result(h);
}

bool history_wear_shoes(struct history *h, const char *name,
                        const struct runner_session *kept)
{
	struct history_runner runner;
	enum history_result found = history_find_runner(h, name, &runner);
	char profile[HISTORY_PROFILE_MAX];

	if (found == HISTORY_NOTHING)
		return true; /* an anonymous session */
	if (found != HISTORY_OK)
		return false;
	runner_wear(&runner.told, kept);
	return !profile_of(&runner, profile) ||
	       history_do(h, "UPDATE runner SET profile = ? WHERE id = ?", "ti", profile,
	                  runner.id);
}
