/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Sessions: written as they go, a transaction each time; read whole.
 */
#include "daemon/history/history_private.h"

#include <math.h>
#include <string.h>

#define ANONYMOUS "anonymous"

/* ---- writing --------------------------------------------------------------- */

static bool is_anonymous(const struct session_log *log)
{
	return strcmp(log->runner, ANONYMOUS) == 0;
}

static void insert(struct history *h, struct history_session *session,
                   const struct session_log *log)
{
	if (is_anonymous(log))
		history_do(h, "INSERT INTO session DEFAULT VALUES", "");
	else
		history_do(h, "INSERT INTO session (runner) SELECT id FROM runner WHERE name = ?",
		           "t", log->runner);
	if (h->code == SQLITE_OK && sqlite3_changes(h->db) == 1)
		session->id = sqlite3_last_insert_rowid(h->db);
}

static void update_session(struct history *h, int64_t id, const struct session_log *log,
                           const struct history_touch *touch)
{
	char who[HISTORY_PROFILE_MAX];

	if (runner_write(&log->who, who, sizeof(who)) == 0)
		strcpy(who, "{}");
	history_do(h, "UPDATE session SET offset_s = ?, length_s = ?, boot = ?, boot_ms = ?,"
	              " treadmill = ?, footpod = ?, miles = ?, lang = ?, cut = ?, who = ?"
	              " WHERE id = ?",
	           "iitittititi", (int64_t)log->offset_s, (int64_t)log->length_s, touch->boot,
	           touch->boot_ms, log->treadmill, log->footpod, (int64_t)log->miles, log->lang,
	           (int64_t)log->cut, who, id);
}

/* What indexes have is apart: SQLite writes them anew wherever it is named, and each is
 * a page, every second. */
static void update_indexed(struct history *h, int64_t id, const struct session_log *log)
{
	sqlite3_stmt *statement = history_take(
		h, "UPDATE session SET ended = ?2, start_s = ?3 WHERE id = ?1"
		   " AND (ended IS NOT ?2 OR start_s IS NOT ?3)", "ii", id, (int64_t)log->ended);

	if (log->has_start)
		sqlite3_bind_int64(statement, 3, log->start_s);
	history_step(h, statement);
	history_put_back(h, statement);
}

static void update_kept(struct history *h, int64_t id, const struct session_log *log)
{
	const struct runner_session *kept = &log->kept;

	history_do(h, "UPDATE session SET kept = ?, distance_m = ?, run_s = ?, run_kmh = ?,"
	              " cv_pct = ?, pain = ?, pain_at_s = ?, morning_pain = ?,"
	              " told_of_shoes = ? WHERE id = ?",
	           "ididdIiIii", (int64_t)log->has_kept, kept->distance_m,
	           (int64_t)kept->run_s, kept->run_kmh, kept->cv_pct, (int64_t)kept->pain,
	           kept->pain_s - kept->start_s, (int64_t)kept->morning_pain,
	           (int64_t)kept->told_of_shoes, id);
}

/* A row is touched only where a second was added to it; all go when the session
 * has turned out to be no baseline. */
static void update_baseline(struct history *h, int64_t id, const struct session_log *log)
{
	bool any = false;

	for (int64_t i = 0; i < RUNNER_BINS; i++) {
		const struct runner_bin *bin = &log->kept.bins[i];

		if (!log->has_kept || bin->seconds == 0)
			continue;
		any = true;
		history_do(h, "INSERT INTO baseline VALUES (?1, ?2, ?3, ?4, ?5)"
		              " ON CONFLICT DO UPDATE SET seconds = ?3, kmh_sum = ?4,"
		              " spm_sum = ?5 WHERE seconds <> ?3",
		           "iiidd", id, i, (int64_t)bin->seconds, bin->kmh_sum, bin->spm_sum);
	}
	if (!any)
		history_do(h, "DELETE FROM baseline WHERE session = ?", "i", id);
}

/* Its runner, or it itself, may have been forgotten meanwhile. */
static bool is_there(struct history *h, int64_t id)
{
	return history_number(h, "SELECT count(*) FROM session WHERE id = ?", 0, "i", id) > 0;
}

/* Whether this is what closes it: after a failure to tell so it may be closed
 * already. */
static bool closes(struct history *h, int64_t id, const struct session_log *log)
{
	return log->ended &&
	       history_number(h, "SELECT ended FROM session WHERE id = ?", 1, "i", id) == 0;
}

static enum history_result write_all(struct history *h, struct history_session *session,
                                     const struct session_log *log, size_t first_second,
                                     size_t first_event, const struct history_touch *touch)
{
	size_t skip_seconds = session->seconds - first_second;
	size_t skip_events = session->events - first_event;
	bool last;

	if (session->id == 0)
		insert(h, session, log);
	if (h->code == SQLITE_OK && !is_there(h, session->id))
		return HISTORY_NOTHING;
	last = closes(h, session->id, log);
	update_session(h, session->id, log, touch);
	update_indexed(h, session->id, log);
	update_kept(h, session->id, log);
	update_baseline(h, session->id, log);
	if (log->second_count > skip_seconds)
		history_write_seconds(h, session->id, log->seconds + skip_seconds,
		                      log->second_count - skip_seconds);
	if (log->event_count > skip_events)
		history_write_events(h, session->id, log->events + skip_events,
		                     log->event_count - skip_events, session->events);
	if (last && log->has_kept && h->code == SQLITE_OK)
		history_wear_shoes(h, log->runner, &log->kept);
	return history_result(h);
}

enum history_result history_write(struct history *h, struct history_session *session,
                                  const struct session_log *log, size_t first_second,
                                  size_t first_event, const struct history_touch *touch)
{
	struct history_session now = *session;
	enum history_result result = history_begin(h);

	if (result != HISTORY_OK)
		return result;
	result = write_all(h, &now, log, first_second, first_event, touch);
	if (result == HISTORY_NOTHING)
		sqlite3_exec(h->db, "ROLLBACK", NULL, NULL, NULL);
	else
		result = history_end(h);
	if (result != HISTORY_OK)
		return result;
	session->id = now.id;
	session->seconds = first_second + log->second_count;
	session->events = first_event + log->event_count;
	return HISTORY_OK;
}

enum history_result history_drop_session(struct history *h, int64_t id)
{
	history_clear(h);
	history_do(h, "DELETE FROM session WHERE id = ? AND ended = 0", "i", id);
	return history_result(h);
}

enum history_result history_drop_copies(struct history *h, int64_t id)
{
	history_clear(h);
	history_do(h, "DELETE FROM session WHERE ended = 0 AND id < ?1 AND"
	              " abs(start_s - (SELECT start_s FROM session WHERE id = ?1)) <= 2",
	           "i", id);
	return history_result(h);
}

/* ---- reading --------------------------------------------------------------- */

static int32_t read_pain(sqlite3_stmt *statement, int column)
{
	int64_t pain = -1;

	history_whole(statement, column, 0, 10, &pain);
	return (int32_t)pain;
}

/* A sum of many, each at most 1000 */
static double read_sum(sqlite3_stmt *statement, int column)
{
	double sum = history_double(statement, column);

	return sum >= 0 && sum < 1e3 * UINT32_MAX ? sum : 0;
}

bool history_read_kept(sqlite3_stmt *s, int at, int64_t start_s,
                       struct runner_session *out)
{
	int64_t pain_at_s = 0;

	history_whole(s, at + 6, -HISTORY_TIME_MAX, HISTORY_TIME_MAX, &pain_at_s);
	*out = (struct runner_session){
		.start_s = start_s,
		.distance_m = history_double(s, at + 1),
		.run_s = history_count(s, at + 2),
		.run_kmh = history_double(s, at + 3),
		.cv_pct = history_double(s, at + 4),
		.pain = read_pain(s, at + 5),
		.pain_s = start_s + pain_at_s,
		.morning_pain = read_pain(s, at + 7),
		.told_of_shoes = sqlite3_column_int(s, at + 8) != 0,
	};
	return sqlite3_column_int(s, at) != 0;
}

bool history_read_baseline(struct history *h, int64_t id,
                           struct runner_bin bins[RUNNER_BINS])
{
	sqlite3_stmt *s = history_prepare(
		h, "SELECT bin, seconds, kmh_sum, spm_sum FROM baseline WHERE session = ?", "i",
		id);

	while (history_row(h, s)) {
		int64_t bin = sqlite3_column_int64(s, 0);

		if (bin >= 0 && bin < RUNNER_BINS)
			bins[bin] = (struct runner_bin){
				.seconds = history_count(s, 1),
				.kmh_sum = read_sum(s, 2),
				.spm_sum = read_sum(s, 3),
			};
	}
	sqlite3_finalize(s);
	return h->code == SQLITE_OK;
}

static void read_head(sqlite3_stmt *s, struct session_log *log)
{
	char why[160];

	if (sqlite3_column_type(s, 0) != SQLITE_NULL)
		history_copy_text(log->runner, sizeof(log->runner), s, 0);
	log->has_start = history_time(s, 1, &log->start_s);
	log->offset_s = history_offset(s, 2);
	history_copy_text(log->treadmill, sizeof(log->treadmill), s, 3);
	history_copy_text(log->footpod, sizeof(log->footpod), s, 4);
	log->miles = sqlite3_column_int(s, 5) != 0;
	history_copy_text(log->lang, sizeof(log->lang), s, 6);
	log->ended = sqlite3_column_int(s, 7) != 0;
	log->cut = sqlite3_column_int(s, 8) != 0;
	runner_parse(history_text(s, 9), &log->who, why, sizeof(why));
	log->has_kept = history_read_kept(s, 11, log->start_s, &log->kept);
}

enum history_result history_load_session(struct history *h, int64_t id,
                                         struct session_log *log)
{
	sqlite3_stmt *s;
	uint32_t length_s = 0;
	bool found;

	history_clear(h);
	session_log_init(log);
	s = history_prepare(h, "SELECT r.name, s.start_s, s.offset_s, s.treadmill, s.footpod,"
	                       " s.miles, s.lang, s.ended, s.cut, s.who, s.length_s, "
	                       HISTORY_KEPT_SQL
	                       " FROM session s LEFT JOIN runner r ON r.id = s.runner"
	                       " WHERE s.id = ?", "i", id);
	found = history_row(h, s);
	if (found) {
		read_head(s, log);
		length_s = history_count(s, 10);
	}
	sqlite3_finalize(s);
	if (found && history_read_baseline(h, id, log->kept.bins) &&
	    history_read_seconds(h, id, log))
		history_read_events(h, id, log);
	if (length_s > log->length_s)
		log->length_s = length_s;
	if (h->code != SQLITE_OK)
		session_log_free(log);
	return found || h->code != SQLITE_OK ? history_result(h) : HISTORY_NOTHING;
}

enum history_result history_latest(struct history *h, const char *runner, int64_t *id)
{
	history_clear(h);
	*id = runner ? history_number(h, "SELECT s.id FROM session s JOIN runner r"
	                                 " ON r.id = s.runner WHERE r.name = ?"
	                                 " ORDER BY s.id DESC LIMIT 1", 0, "t", runner)
	             : history_number(h, "SELECT max(id) FROM session", 0, "");
	return *id == 0 && h->code == SQLITE_OK ? HISTORY_NOTHING : history_result(h);
}

static void read_entry(sqlite3_stmt *s, struct history_entry *out)
{
	*out = (struct history_entry){
		.id = sqlite3_column_int64(s, 0),
		.offset_s = history_offset(s, 3),
		.length_s = history_count(s, 4),
		.ended = sqlite3_column_int(s, 5) != 0,
	};
	out->has_start = history_time(s, 2, &out->start_s);
	strcpy(out->runner, ANONYMOUS);
	if (sqlite3_column_type(s, 1) != SQLITE_NULL)
		history_copy_text(out->runner, sizeof(out->runner), s, 1);
	out->has_kept = history_read_kept(s, 6, out->start_s, &out->kept);
}

enum history_result history_list(struct history *h, const char *runner, int64_t before,
                                 bool (*each)(const struct history_entry *entry, void *user),
                                 void *user)
{
#define LIST_SQL \
	"SELECT s.id, r.name, s.start_s, s.offset_s, s.length_s, s.ended, " HISTORY_KEPT_SQL \
	" FROM session s LEFT JOIN runner r ON r.id = s.runner WHERE s.id < ?"
	sqlite3_stmt *s;
	bool more = true;

	history_clear(h);
	s = runner ? history_prepare(h, LIST_SQL " AND r.name = ? ORDER BY s.id DESC", "it",
	                             before, runner)
	           : history_prepare(h, LIST_SQL " ORDER BY s.id DESC", "i", before);
	while (more && history_row(h, s)) {
		struct history_entry entry;

		read_entry(s, &entry);
		more = each(&entry, user);
	}
	sqlite3_finalize(s);
	return history_result(h);
}

/* ---- those that nobody closed ---------------------------------------------- */

enum history_result history_under_way(struct history *h, int64_t *id,
                                      struct history_touch *touch)
{
	sqlite3_stmt *s;
	bool found;

	history_clear(h);
	s = history_prepare(h, "SELECT id, boot, boot_ms FROM session WHERE ended = 0"
	                       " ORDER BY id DESC LIMIT 1", "");
	found = history_row(h, s);
	if (found) {
		*id = sqlite3_column_int64(s, 0);
		history_copy_text(touch->boot, sizeof(touch->boot), s, 1);
		touch->boot_ms = 0;
		history_whole(s, 2, 0, HISTORY_TIME_MAX * 1000, &touch->boot_ms);
	}
	sqlite3_finalize(s);
	return found || h->code != SQLITE_OK ? history_result(h) : HISTORY_NOTHING;
}

static bool close_one(struct history *h, int64_t id)
{
	struct history_touch touch = { .boot = "" };
	struct session_log log;
	struct history_session session = { .id = id };
	bool good = history_load_session(h, id, &log) == HISTORY_OK;

	if (good) {
		log.ended = true;
		session.seconds = log.second_count;
		session.events = log.event_count;
		good = history_write(h, &session, &log, 0, 0, &touch) == HISTORY_OK;
	}
	session_log_free(&log);
	return good;
}

static void note_closed(struct history_closed *closed, int64_t id)
{
	if (closed && closed->count < HISTORY_CLOSED_MAX)
		closed->ids[closed->count++] = id;
}

enum history_result history_close_others(struct history *h, int64_t id,
                                         const char *runner, struct history_closed *closed)
{
	int64_t other;

	history_clear(h);
	while ((other = history_number(h, "SELECT s.id FROM session s LEFT JOIN runner r"
	                                  " ON r.id = s.runner WHERE s.ended = 0 AND"
	                                  " s.id <> ?1 AND (?2 IS NULL OR r.name = ?2)"
	                                  " LIMIT 1", 0, "it", id, runner)) != 0 &&
	       close_one(h, other))
		note_closed(closed, other);
	return history_result(h);
}
