/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/history/logbook_private.h"

#include "daemon/history/publish.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ANONYMOUS "anonymous"
#define AGAIN_S 2

struct page {
	struct keeper_task task;
	struct logbook *logbook;
	struct place *place, *left;
	bool empty; /* it only prepares the place */
	struct session_log log; /* what is new of it */
	size_t first_second, first_event;
	struct history_touch touch;
	enum history_result result;
	bool owes; /* what was left is not all dropped */
};

/* ---- clocks that nobody sets ------------------------------------------------ */

int64_t logbook_boot_ms(void)
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

void logbook_remove_file(struct shelf *shelf)
{
	shelf_close(shelf);
	if (shelf->path[0])
		history_remove(shelf->path);
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

void logbook_publish_all(struct shelf *shelf, const struct history_closed *closed)
{
	for (size_t i = 0; i < closed->count; i++)
		publish(shelf, closed->ids[i]);
}

/* Nobody runs twice at a time: what a gaitd that died left is over. */
static void close_others(struct shelf *shelf, const char *runner)
{
	struct history_closed closed = { .count = 0 };

	history_close_others(shelf->history, 0, runner, &closed);
	logbook_publish_all(shelf, &closed);
}

/* To the history nothing goes before what is owed is dropped: it would be closed, and
 * published, as one of his who runs. */
static enum history_result write_page(struct page *page, struct shelf *shelf)
{
	struct place *place = page->place;
	enum history_result result =
		place->known ? owed_pay(&page->logbook->owed, shelf) : HISTORY_OK;
	struct history *history = NULL;

	/* a runner's file is there: he was added to it */
	if (result == HISTORY_OK)
		history = shelf_open(shelf, !place->known, &result);
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

static void write_down(struct page *page, struct shelves *shelves)
{
	struct place *place = page->place;

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
	if (page->result == HISTORY_DAMAGED || page->result == HISTORY_NOTHING)
		place->session = (struct history_session){ 0 };
}

static void owe(struct owed *owed, struct place *left)
{
	if (left->session.id)
		owed_add(owed, left->session.id);
	left->session = (struct history_session){ 0 };
}

/* It goes when all of it is in the new place: killed in between, the next gaitd finds it
 * in both, and which is later. But what turned out not to be his goes in any case. */
static void leave(struct page *page, struct shelves *shelves)
{
	struct owed *owed = &page->logbook->owed;
	struct place *left = page->left;
	bool moved = page->result == HISTORY_OK;

	if (left && left->known && (moved || !page->place->known))
		owe(owed, left);
	else if (left && !left->known && moved)
		logbook_remove_file(&shelves->session);
	owed_pay(owed, &shelves->state);
	page->owes = owed->count > 0;
}

static void run(struct keeper_task *task, struct shelves *shelves)
{
	struct page *page = (struct page *)task;
	struct place *place = page->place;

	/* whoever runs now, the anonymous session before is forgotten */
	if (!place->begun && !(page->left && page->left->begun && !page->left->known))
		logbook_remove_file(&shelves->session);
	place->begun = true;
	if (!page->empty)
		write_down(page, shelves);
	leave(page, shelves);
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

/* ---- what is to be dropped from the history, with no page --------------------------- */

struct debt {
	struct keeper_task task;
	struct logbook *logbook;
	struct place *left; /* NULL: what is owed already */
	bool owes;
};

static void pay(struct keeper_task *task, struct shelves *shelves)
{
	struct debt *debt = (struct debt *)task;
	struct owed *owed = &debt->logbook->owed;

	if (debt->left)
		owe(owed, debt->left);
	owed_pay(owed, &shelves->state);
	debt->owes = owed->count > 0;
}

/* A page that comes by tries it, too: this is for when there is none. */
static void try_again(struct logbook *logbook, bool owes)
{
	static const struct timeval soon = { AGAIN_S, 0 };

	logbook->owes = owes;
	if (owes && !evtimer_pending(logbook->again, NULL))
		evtimer_add(logbook->again, &soon);
}

static void paid(struct keeper_task *task)
{
	struct debt *debt = (struct debt *)task;

	release(debt->left);
	try_again(debt->logbook, debt->owes);
	free(debt);
}

void logbook_drop(struct logbook *logbook, struct place *left)
{
	struct debt *debt = calloc(1, sizeof(*debt));

	if (!debt)
		return;
	*debt = (struct debt){ .task = { .run = pay, .done = paid }, .logbook = logbook,
		               .left = hold(left) };
	if (keeper_post(logbook->keeper, &debt->task))
		return;
	release(debt->left);
	free(debt);
}

static void on_again(evutil_socket_t fd, short what, void *user)
{
	struct logbook *logbook = user;

	(void)fd;
	(void)what;
	if (logbook->owes)
		logbook_drop(logbook, NULL);
}

/* ---- pages -------------------------------------------------------------------------- */

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
	try_again(logbook, page->owes);
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
	struct history_touch touch = { .boot_ms = logbook_boot_ms() };

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

static struct place *new_place(const char *runner)
{
	struct place *place = calloc(1, sizeof(*place));

	if (!place)
		return NULL;
	place->users = 1;
	place->known = strcmp(runner, ANONYMOUS) != 0;
	snprintf(place->runner, sizeof(place->runner), "%s", runner);
	return place;
}

/* Or back to where it was: it has not left that yet. False: no memory */
static bool move(struct logbook *logbook, const char *runner)
{
	struct place *left = logbook->left;
	bool goes_back = left && strcmp(left->runner, runner) == 0;
	struct place *place = goes_back ? left : new_place(runner);

	if (!place)
		return false;
	if (left)
		release(logbook->place); /* nothing of it has been written */
	else
		logbook->left = logbook->place;
	if (goes_back)
		logbook->left = NULL;
	logbook->place = place;
	leaf_close(&logbook->leaf);
	return true;
}

/* The place that the log's runner asks for; false: not now. */
static bool find_place(struct logbook *logbook)
{
	const char *runner = logbook->log->runner;

	if (logbook->place && strcmp(logbook->place->runner, runner) == 0)
		return true;
	/* first it must be known what the old one holds */
	return logbook->on_the_way == 0 && move(logbook, runner);
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

static void let_go(struct logbook *logbook)
{
	leaf_close(&logbook->leaf);
	release(logbook->place);
	release(logbook->left);
	logbook->place = logbook->left = NULL;
	logbook->wanted = false;
}

void logbook_begin(struct logbook *logbook)
{
	/* the one before did not come into its last place: it is not his for that */
	if (logbook->left && logbook->left->known)
		logbook_drop(logbook, logbook->left);
	let_go(logbook);
}

void logbook_disown(struct logbook *logbook)
{
	if (logbook->place && logbook->place->known)
		logbook_drop(logbook, logbook->place);
	logbook_begin(logbook);
}

static void clear(struct keeper_task *task, struct shelves *shelves)
{
	(void)task;
	logbook_remove_file(&shelves->session);
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
	owed_open(&logbook->owed, keeper_shelves(keeper)->session.path);
	logbook->owes = logbook->owed.count > 0;
	logbook->again = evtimer_new(keeper_base(keeper), on_again, logbook);
	if (logbook->again)
		return logbook;
	free(logbook);
	return NULL;
}

void logbook_free(struct logbook *logbook)
{
	if (!logbook)
		return;
	let_go(logbook);
	event_free(logbook->again);
	free(logbook);
}
