/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/history/logbook.h"

#include "daemon/history/leaf.h"
#include "daemon/history/publish.h"
#include "daemon/service/log.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ANONYMOUS "anonymous"

/* Where a session is written to. Pages on their way share it: the one behind
 * knows what the one before it wrote. */
struct place {
	unsigned users; /* the loop's: pages, and the logbook */
	bool known;
	char runner[32];
	size_t seconds, events; /* the loop's: written, as far as has been told */
	bool prepared; /* the loop's: what was written of another session is gone */
	bool begun;                     /* the keeper's */
	struct history_session session; /* the keeper's */
};

struct logbook {
	struct keeper *keeper;
	const struct session_log *log;
	struct place *place; /* NULL: nothing was written yet */
	struct place *left;  /* where it was until the runner changed; NULL: nowhere */
	struct leaf leaf;    /* of an anonymous place */
	unsigned on_the_way; /* pages */
	bool wanted;         /* another one, when they are written */
	struct history_closed recovered; /* at the start; not published yet */
	char boot[40];
};

struct page {
	struct keeper_task task;
	struct logbook *logbook;
	struct place *place, *left;
	bool empty; /* it only prepares the place */
	struct session_log log; /* what is new of it */
	size_t first_second, first_event;
	struct history_touch touch;
	enum history_result result;
};

/* ---- clocks that nobody sets ------------------------------------------------ */

static int64_t boot_ms(void)
{
	struct timespec now = { 0, 0 };

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* In a sandbox that hides it the time since boot alone must do. */
static void read_boot(char out[40])
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, out, 36);

	out[n > 0 ? n : 0] = '\0';
	if (fd >= 0)
		close(fd);
}

/* ---- in the keeper's thread -------------------------------------------------- */

static struct shelf *shelf_of(struct shelves *shelves, const struct place *place)
{
	return place->known ? &shelves->state : &shelves->session;
}

static void remove_file(struct shelf *shelf)
{
	shelf_close(shelf);
	if (shelf->path[0])
		history_remove(shelf->path);
}

static void leave(struct shelves *shelves, struct place *left)
{
	enum history_result result;
	struct history *history;

	if (!left->known) {
		remove_file(&shelves->session);
		return;
	}
	history = shelf_open(&shelves->state, false, &result);
	if (history && left->session.id)
		shelf_did(&shelves->state, history_drop_session(history, left->session.id));
}

/* What ended goes into the folder that its runner chose, if he chose one. */
static void publish(struct shelf *shelf, int64_t id)
{
	char why[sizeof(shelf->word)];

	if (!shelf->history || publish_session(shelf->history, id, why, sizeof(why)))
		return;
	memcpy(shelf->word, why, sizeof(shelf->word));
	shelf->is_good_news = false;
}

static void publish_all(struct shelf *shelf, const struct history_closed *closed)
{
	for (size_t i = 0; i < closed->count; i++)
		publish(shelf, closed->ids[i]);
}

/* Nobody runs twice at a time: what a gaitd that died left is over. */
static void close_others(struct shelf *shelf, const char *runner)
{
	struct history_closed closed = { .count = 0 };

	history_close_others(shelf->history, 0, runner, &closed);
	publish_all(shelf, &closed);
}

static enum history_result write_page(struct page *page, struct shelf *shelf)
{
	struct place *place = page->place;
	enum history_result result;
	/* a runner's file is there: he was added to it */
	struct history *history = shelf_open(shelf, !place->known, &result);

	if (!history)
		return result;
	if (place->known && place->session.id == 0)
		close_others(shelf, place->runner);
	result = history_write(history, &place->session, &page->log, page->first_second,
	                       page->first_event, &page->touch);
	if (result == HISTORY_OK && page->log.ended)
		history_settle(history); /* at rest it is one file */
	return shelf_did(shelf, result);
}

static void run(struct keeper_task *task, struct shelves *shelves)
{
	struct page *page = (struct page *)task;
	struct place *place = page->place;

	/* whoever runs now, the anonymous session before is forgotten */
	if (!place->begun && !(page->left && page->left->begun && !page->left->known))
		remove_file(&shelves->session);
	place->begun = true;
	if (page->left && !place->known)
		leave(shelves, page->left); /* first: it turned out not to be his */
	if (page->empty)
		return;
	/* the page before it found the file gone: it must begin anew */
	if (place->session.seconds < page->first_second ||
	    place->session.events < page->first_event)
		page->result = HISTORY_NOTHING;
	else
		page->result = write_page(page, shelf_of(shelves, place));
	if (page->result == HISTORY_OK && page->log.ended && place->known)
		publish(&shelves->state, place->session.id);
	if (page->result == HISTORY_OK && page->log.ended && !place->known)
		leaf_remove(shelves->session.path);
	if (page->left && place->known && page->result == HISTORY_OK)
		leave(shelves, page->left);
	if (page->result == HISTORY_DAMAGED || page->result == HISTORY_NOTHING)
		place->session = (struct history_session){ 0 };
}

/* ---- in the loop -------------------------------------------------------------- */

static void release(struct place *place)
{
	if (place && --place->users == 0)
		free(place);
}

static struct place *hold(struct place *place)
{
	if (place)
		place->users++;
	return place;
}

static void page_free(struct page *page)
{
	release(page->place);
	release(page->left);
	session_log_free(&page->log);
	free(page);
}

static void done(struct keeper_task *task)
{
	struct page *page = (struct page *)task;
	struct logbook *logbook = page->logbook;
	struct place *place = page->place;

	logbook->on_the_way--;
	if (page->result == HISTORY_OK) {
		place->prepared = true;
		place->seconds = page->first_second + page->log.second_count;
		place->events = page->first_event + page->log.event_count;
		if (logbook->place == place && page->left == logbook->left) {
			release(logbook->left);
			logbook->left = NULL;
		}
	} else if (page->result == HISTORY_DAMAGED || page->result == HISTORY_NOTHING) {
		place->seconds = place->events = 0; /* the file is another one now */
		place->prepared = false;
		leaf_close(&logbook->leaf);
	}
	page_free(page);
	if (logbook->wanted && logbook->on_the_way == 0)
		logbook_write(logbook);
}

static void *copy(const void *array, size_t from, size_t count, size_t size)
{
	void *out = count > from ? malloc((count - from) * size) : NULL;

	if (out)
		memcpy(out, (const char *)array + from * size, (count - from) * size);
	return out;
}

static struct history_touch touch_now(const struct logbook *logbook)
{
	struct history_touch touch = { .boot_ms = boot_ms() };

	memcpy(touch.boot, logbook->boot, sizeof(touch.boot));
	return touch;
}

/* What `place` has not got yet of the log */
static bool fill(struct page *page, const struct session_log *log)
{
	page->log.second_count = log->second_count - page->first_second;
	page->log.event_count = log->event_count - page->first_event;
	page->log.seconds = copy(log->seconds, page->first_second, log->second_count,
	                         sizeof(*log->seconds));
	page->log.events = copy(log->events, page->first_event, log->event_count,
	                        sizeof(*log->events));
	return (page->log.seconds || page->log.second_count == 0) &&
	       (page->log.events || page->log.event_count == 0);
}

static struct page *page_new(struct logbook *logbook, bool empty)
{
	const struct session_log *log = logbook->log;
	struct page *page = calloc(1, sizeof(*page));

	if (!page)
		return NULL;
	/* the next one asks what came of it */
	page->task = (struct keeper_task){ .run = run, .done = done, .quiet = !log->ended };
	page->logbook = logbook;
	page->place = hold(logbook->place);
	page->left = hold(logbook->left);
	page->first_second = logbook->place->seconds;
	page->first_event = logbook->place->events;
	page->empty = empty;
	page->log = *log;
	page->log.seconds = NULL;
	page->log.events = NULL;
	page->log.second_count = page->log.event_count = 0;
	page->touch = touch_now(logbook);
	if (empty || fill(page, log))
		return page;
	page_free(page);
	return NULL;
}

/* The place that the log's runner asks for; false: not now. */
static bool find_place(struct logbook *logbook)
{
	const char *runner = logbook->log->runner;
	struct place *place = logbook->place;

	if (place && strcmp(place->runner, runner) == 0)
		return true;
	if (logbook->on_the_way > 0)
		return false; /* first it must be known what the old one holds */
	place = calloc(1, sizeof(*place));
	if (!place)
		return false;
	place->users = 1;
	place->known = strcmp(runner, ANONYMOUS) != 0;
	snprintf(place->runner, sizeof(place->runner), "%s", runner);
	if (logbook->left)
		release(logbook->place); /* nothing of it has been written */
	else
		logbook->left = logbook->place;
	logbook->place = place;
	leaf_close(&logbook->leaf);
	return true;
}

/* What came of the pages that are written. Behind one that is not, another one waits. */
static void look_back(struct logbook *logbook)
{
	keeper_collect(logbook->keeper, false);
	if (logbook->on_the_way > 0)
		keeper_collect(logbook->keeper, true);
	logbook->wanted = logbook->on_the_way > 0;
}

/* It is in need of no page but at its end, and in another's place. */
static bool is_for_leaf(const struct logbook *logbook)
{
	return !logbook->place->known && !logbook->left && !logbook->log->ended;
}

static bool write_leaf(struct logbook *logbook)
{
	const struct place *place = logbook->place;
	struct history_touch touch = touch_now(logbook);

	return is_for_leaf(logbook) && place->prepared &&
	       leaf_write(&logbook->leaf, keeper_shelves(logbook->keeper)->session.path, &touch,
	                  logbook->log, place->seconds, place->events);
}

static void write_page_of(struct logbook *logbook, bool is_last)
{
	bool empty = !is_last && is_for_leaf(logbook) && !logbook->place->prepared;
	struct page *page;

	/* the end goes along even behind another one: a new session may begin */
	if (logbook->on_the_way > (is_last ? 1 : 0))
		return;
	page = page_new(logbook, empty);
	if (!page)
		return;
	logbook->wanted = false;
	if (keeper_post(logbook->keeper, &page->task))
		logbook->on_the_way++;
	else
		page_free(page);
}

void logbook_write(struct logbook *logbook)
{
	look_back(logbook);
	if (find_place(logbook) && !write_leaf(logbook))
		write_page_of(logbook, logbook->log->ended);
}

void logbook_leave(struct logbook *logbook)
{
	look_back(logbook);
	if (logbook->place && find_place(logbook))
		write_page_of(logbook, true);
}

void logbook_begin(struct logbook *logbook)
{
	leaf_close(&logbook->leaf);
	release(logbook->place);
	release(logbook->left);
	logbook->place = logbook->left = NULL;
	logbook->wanted = false;
}

static void clear(struct keeper_task *task, struct shelves *shelves)
{
	(void)task;
	remove_file(&shelves->session);
}

static void cleared(struct keeper_task *task)
{
	free(task);
}

void logbook_forget(struct logbook *logbook)
{
	struct keeper_task *task = calloc(1, sizeof(*task));

	logbook_begin(logbook);
	if (!task)
		return; /* it goes when another one begins */
	*task = (struct keeper_task){ .run = clear, .done = cleared };
	if (!keeper_post(logbook->keeper, task))
		free(task);
}

struct logbook *logbook_new(struct keeper *keeper, const struct session_log *log)
{
	struct logbook *logbook = calloc(1, sizeof(*logbook));

	if (!logbook)
		return NULL;
	logbook->keeper = keeper;
	logbook->log = log;
	leaf_init(&logbook->leaf);
	read_boot(logbook->boot);
	return logbook;
}

void logbook_free(struct logbook *logbook)
{
	if (!logbook)
		return;
	logbook_begin(logbook);
	free(logbook);
}

/* ---- what was left --------------------------------------------------------------- */

/* How long ago it was written; -1: nobody can tell */
static int64_t away_ms(const struct logbook *logbook, const struct history_touch *touch)
{
	int64_t now = boot_ms();

	if (strcmp(touch->boot, logbook->boot) != 0 || touch->boot_ms > now)
		return -1;
	return now - touch->boot_ms;
}

/* It goes on, with so much of it in its file. */
static bool take_up(struct logbook *logbook, bool known,
                    const struct history_session *in_file, const struct session_log *log)
{
	struct place *place = calloc(1, sizeof(*place));

	if (!place)
		return false;
	*place = (struct place){
		.users = 1, .known = known, .begun = true, .prepared = true,
		.seconds = in_file->seconds, .events = in_file->events, .session = *in_file,
	};
	snprintf(place->runner, sizeof(place->runner), "%s", log->runner);
	logbook->place = place;
	return true;
}

static bool recover_from(struct logbook *logbook, struct shelf *shelf, bool known,
                         uint32_t away_max_s, struct session_log *log, uint32_t *away_s)
{
	enum history_result result;
	struct history *history = shelf_open(shelf, false, &result);
	struct history_session in_file;
	struct history_touch touch;
	int64_t away;
	bool goes_on;

	/* a file that cannot be opened just now may have the session, and its end */
	if (!history && result != HISTORY_NOTHING && result != HISTORY_DAMAGED)
		return false;
	if (leaf_load(history, known ? "" : shelf->path, log, &in_file, &touch) != HISTORY_OK) {
		session_log_free(log);
		return false;
	}
	away = away_ms(logbook, &touch);
	goes_on = away >= 0 && away < (int64_t)away_max_s * 1000 &&
	          take_up(logbook, known, &in_file, log);
	if (!goes_on) {
		/* in its file it can be read as any that has ended */
		history = shelf_open(shelf, !known, &result);
		if (history && !known)
			history_write(history, &in_file, log, 0, 0, &touch);
		log_notice("history", "a session that was cut off is closed as it stood");
		session_log_free(log);
	}
	if (history)
		history_close_others(history, goes_on ? in_file.id : 0, NULL,
		                     known ? &logbook->recovered : NULL);
	*away_s = (uint32_t)(away / 1000);
	return goes_on;
}

bool logbook_recover(struct logbook *logbook, uint32_t away_max_s, struct session_log *log,
                     uint32_t *away_s)
{
	struct shelves *shelves = keeper_shelves(logbook->keeper);
	bool found;

	/* the keeper looks through it: that may take its time */
	shelves->state.checked = shelves->session.checked = true;
	/* the rest of its anonymous part, where it moved to its runner */
	found = recover_from(logbook, &shelves->state, true, away_max_s, log, away_s);
	if (found)
		remove_file(&shelves->session);
	else
		found = recover_from(logbook, &shelves->session, false, away_max_s, log, away_s);
	shelves->state.checked = shelves->session.checked = false;
	return found;
}

/* ---- and goes to the folders ------------------------------------------------------ */

struct recovered {
	struct keeper_task task;
	struct history_closed closed;
};

static void publish_recovered(struct keeper_task *task, struct shelves *shelves)
{
	enum history_result result;

	if (shelf_open(&shelves->state, false, &result))
		publish_all(&shelves->state, &((struct recovered *)task)->closed);
}

static void free_recovered(struct keeper_task *task)
{
	free(task);
}

void logbook_publish(struct logbook *logbook)
{
	struct recovered *recovered;

	if (logbook->recovered.count == 0)
		return;
	recovered = calloc(1, sizeof(*recovered));
	if (!recovered)
		return;
	recovered->task = (struct keeper_task){ .run = publish_recovered,
		                                .done = free_recovered };
	recovered->closed = logbook->recovered;
	if (keeper_post(logbook->keeper, &recovered->task))
		logbook->recovered.count = 0;
	else
		free(recovered);
}
