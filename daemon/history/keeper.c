/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h> /* for pthread_timedjoin_np() */

#include "daemon/history/keeper.h"

#include "daemon/service/log.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define TOKEN "history"
#define END_WAIT_S 10
#define WORDS_MAX 4

struct word {
	bool is_good_news;
	char text[1024];
};

struct queue {
	struct keeper_task *first, *last;
	unsigned count;
};

struct keeper {
	struct shelves shelves; /* the thread's, once it runs */
	struct event *told;
	int bell; /* eventfd: something is done */
	pthread_t thread;
	bool runs;
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t wanted;
	struct queue to_do, done, done_quietly;
	bool awaited; /* what is done quietly, too */
	struct word words[WORDS_MAX];
	unsigned word_count;
	bool ending;
};

static void put(struct queue *queue, struct keeper_task *task)
{
	task->next = NULL;
	if (queue->last)
		queue->last->next = task;
	else
		queue->first = task;
	queue->last = task;
	queue->count++;
}

static struct keeper_task *take(struct queue *queue)
{
	struct keeper_task *task = queue->first;

	if (!task)
		return NULL;
	queue->first = task->next;
	if (!queue->first)
		queue->last = NULL;
	queue->count--;
	return task;
}

/* ---- the thread ------------------------------------------------------------ */

/* The log is the loop's. */
static void collect_word(struct keeper *keeper, struct shelf *shelf)
{
	struct word *word = &keeper->words[keeper->word_count];

	if (shelf->word[0] == '\0' || keeper->word_count == WORDS_MAX)
		return;
	word->is_good_news = shelf->is_good_news;
	memcpy(word->text, shelf->word, sizeof(word->text));
	shelf->word[0] = '\0';
	keeper->word_count++;
}

static void ring(struct keeper *keeper)
{
	uint64_t one = 1;

	while (write(keeper->bell, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

static void *work(void *user)
{
	struct keeper *keeper = user;
	struct keeper_task *task;

	pthread_mutex_lock(&keeper->lock);
	while (keeper->to_do.first || !keeper->ending) {
		task = take(&keeper->to_do);
		if (!task) {
			pthread_cond_wait(&keeper->wanted, &keeper->lock);
			continue;
		}
		pthread_mutex_unlock(&keeper->lock);
		task->run(task, &keeper->shelves);
		pthread_mutex_lock(&keeper->lock);
		collect_word(keeper, &keeper->shelves.state);
		collect_word(keeper, &keeper->shelves.session);
		put(task->quiet ? &keeper->done_quietly : &keeper->done, task);
		if (!task->quiet || keeper->awaited || keeper->word_count > 0)
			ring(keeper);
	}
	pthread_mutex_unlock(&keeper->lock);
	return NULL;
}

/* ---- the loop's side ------------------------------------------------------- */

static void log_word(const struct word *word)
{
	if (word->is_good_news)
		log_notice(TOKEN, "%s", word->text);
	else
		log_error(TOKEN, "%s", word->text);
}

static struct queue take_all(struct queue *queue)
{
	struct queue all = *queue;

	*queue = (struct queue){ NULL, NULL, 0 };
	return all;
}

static void tell_done(struct queue *queue)
{
	struct keeper_task *task;

	while ((task = take(queue)))
		task->done(task);
}

void keeper_collect(struct keeper *keeper, bool wakes)
{
	struct queue done;

	pthread_mutex_lock(&keeper->lock);
	done = take_all(&keeper->done_quietly);
	keeper->awaited = wakes && done.count == 0;
	pthread_mutex_unlock(&keeper->lock);
	tell_done(&done);
}

static void finish(struct keeper *keeper)
{
	struct word words[WORDS_MAX];
	struct queue done;
	unsigned count;

	keeper_collect(keeper, false);
	pthread_mutex_lock(&keeper->lock);
	done = take_all(&keeper->done);
	count = keeper->word_count;
	memcpy(words, keeper->words, sizeof(words));
	keeper->word_count = 0;
	pthread_mutex_unlock(&keeper->lock);
	for (unsigned i = 0; i < count; i++)
		log_word(&words[i]);
	tell_done(&done);
}

static void on_bell(evutil_socket_t fd, short what, void *user)
{
	uint64_t count;
	ssize_t n = read(fd, &count, sizeof(count));

	(void)what;
	(void)n;
	finish(user);
}

struct keeper *keeper_new(struct event_base *base, const char *state, const char *session)
{
	struct keeper *keeper = calloc(1, sizeof(*keeper));

	if (!keeper)
		return NULL;
	snprintf(keeper->shelves.state.path, sizeof(keeper->shelves.state.path), "%s", state);
	snprintf(keeper->shelves.session.path, sizeof(keeper->shelves.session.path), "%s",
	         session);
	keeper->shelves.session.is_runtime = true;
	pthread_mutex_init(&keeper->lock, NULL);
	pthread_cond_init(&keeper->wanted, NULL);
	keeper->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	keeper->told = event_new(base, keeper->bell, EV_READ | EV_PERSIST, on_bell, keeper);
	if (keeper->bell >= 0 && keeper->told && event_add(keeper->told, NULL) == 0)
		return keeper;
	keeper_free(keeper);
	return NULL;
}

struct event_base *keeper_base(const struct keeper *keeper)
{
	return event_get_base(keeper->told);
}

struct shelves *keeper_shelves(struct keeper *keeper)
{
	return &keeper->shelves;
}

void keeper_say(struct keeper *keeper)
{
	collect_word(keeper, &keeper->shelves.state);
	collect_word(keeper, &keeper->shelves.session);
	finish(keeper);
}

/* Signals are the loop's. */
bool keeper_start(struct keeper *keeper)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	keeper->runs = pthread_create(&keeper->thread, NULL, work, keeper) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return keeper->runs;
}

bool keeper_post(struct keeper *keeper, struct keeper_task *task)
{
	bool good;

	if (!keeper->runs)
		return false;
	pthread_mutex_lock(&keeper->lock);
	good = keeper->to_do.count < KEEPER_TASKS_MAX;
	if (good)
		put(&keeper->to_do, task);
	pthread_mutex_unlock(&keeper->lock);
	/* now, or the thread would wake to find the lock taken */
	if (good)
		pthread_cond_signal(&keeper->wanted);
	return good;
}

static bool join(struct keeper *keeper)
{
	struct timespec until;

	pthread_mutex_lock(&keeper->lock);
	keeper->ending = true;
	pthread_cond_signal(&keeper->wanted);
	pthread_mutex_unlock(&keeper->lock);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += END_WAIT_S;
	if (pthread_timedjoin_np(keeper->thread, NULL, &until) == 0)
		return true;
	log_error(TOKEN, "the disk has not answered for %d s: what was written last may be "
	                 "lost", END_WAIT_S);
	return false;
}

bool keeper_free(struct keeper *keeper)
{
	if (!keeper)
		return true;
	if (keeper->runs && !join(keeper))
		return false;
	keeper->runs = false; /* what is posted from here on would lie there */
	finish(keeper);
	shelf_close(&keeper->shelves.state);
	shelf_close(&keeper->shelves.session);
	if (keeper->told)
		event_free(keeper->told);
	if (keeper->bell >= 0)
		close(keeper->bell);
	pthread_cond_destroy(&keeper->wanted);
	pthread_mutex_destroy(&keeper->lock);
	free(keeper);
	return true;
}
