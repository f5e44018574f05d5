/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "config.h"
#include "plugins/metronome/player.h"

#include <alsa/asoundlib.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define RATE 48000u
#define BLOCK 480          /* samples: 10 ms */
#define BUFFER_US 250000u  /* so late at most is a change heard */
#define PRIORITY 10        /* of real time, where that is allowed */
#define RETRY_S 2          /* for a card that is not there or was taken */

struct player {
	pthread_t thread;
	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t changed;
	struct beat_wish wish;
	struct player_count count;
	bool end;
	/* the thread's own */
	char device[128];
	snd_pcm_t *pcm;
	struct beat beat;
	bool complained;
};

/* ---- between the threads ---- */
static bool take_wish(struct player *p, struct beat_wish *wish)
{
	bool goes_on;

	pthread_mutex_lock(&p->lock);
	*wish = p->wish;
	p->count.beats = p->beat.beats;
	goes_on = !p->end;
	pthread_mutex_unlock(&p->lock);
	return goes_on;
}

/* For so long, or until something is wished. False: the end */
static bool wait_for_wish(struct player *p, int seconds, bool wake_on)
{
	struct timespec until;
	bool goes_on;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += seconds;
	pthread_mutex_lock(&p->lock);
	while (!p->end && !(wake_on && p->wish.on) &&
	       pthread_cond_timedwait(&p->changed, &p->lock, &until) == 0)
		;
	goes_on = !p->end;
	pthread_mutex_unlock(&p->lock);
	return goes_on;
}

/* ---- the card ---- */
static bool complain(struct player *p, int error)
{
	if (!p->complained)
		fprintf(stderr, "gaitd-metronome: sound device %s: %s; trying again; "
		        "aplay -L lists devices for --device\n", p->device,
		        snd_strerror(error));
	p->complained = true;
	return false;
}

static bool open_card(struct player *p)
{
	int error = snd_pcm_open(&p->pcm, p->device, SND_PCM_STREAM_PLAYBACK, 0);

	if (error < 0)
		return complain(p, error);
	error = snd_pcm_set_params(p->pcm, SND_PCM_FORMAT_S16, SND_PCM_ACCESS_RW_INTERLEAVED,
	                           1, RATE, 1, BUFFER_US);
	if (error < 0) {
		snd_pcm_close(p->pcm);
		p->pcm = NULL;
		return complain(p, error);
	}
	p->complained = false;
	return true;
}

static void close_card(struct player *p, bool play_out)
{
	if (play_out)
		snd_pcm_drain(p->pcm);
	snd_pcm_close(p->pcm);
	p->pcm = NULL;
}

static double seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The card ran dry, or slept: the beat goes on where it would be by now. False:
 * the card is lost */
static bool recover(struct player *p, const struct beat_wish *wish, int error,
                    double written_at)
{
	double silent = seconds_now() - written_at - BUFFER_US / 1e6;

	pthread_mutex_lock(&p->lock);
	p->count.run_dry++;
	pthread_mutex_unlock(&p->lock);
	if (snd_pcm_recover(p->pcm, error, 1) < 0)
		return complain(p, error);
	beat_skip(&p->beat, wish, silent);
	return true;
}

/* Until nothing is wished. The card's own clock is the schedule: each write
 * waits until there is room for the next 10 ms. */
static void play(struct player *p)
{
	double written_at = seconds_now();
	int16_t samples[BLOCK];
	struct beat_wish wish;
	snd_pcm_sframes_t written;

	beat_init(&p->beat, RATE);
	while (take_wish(p, &wish) && wish.on) {
		beat_write(&p->beat, &wish, samples, BLOCK);
		written = snd_pcm_writei(p->pcm, samples, BLOCK);
		if (written < 0 && !recover(p, &wish, (int)written, written_at)) {
			close_card(p, false);
			return;
		}
		written_at = seconds_now();
	}
	close_card(p, true);
}

static void *player_main(void *argument)
{
	const struct sched_param real_time = { .sched_priority = PRIORITY };
	struct player *p = argument;

	/* else the buffer has to do */
	pthread_setschedparam(pthread_self(), SCHED_FIFO, &real_time);
	while (wait_for_wish(p, 3600, true)) {
		struct beat_wish wish;

		if (!take_wish(p, &wish) || !wish.on)
			continue;
		if (open_card(p))
			play(p);
		if (!p->complained)
			continue;
		if (!wait_for_wish(p, RETRY_S, false))
			break;
	}
	return NULL;
}

/* ---- for the other thread ---- */
struct player *player_start(const char *device)
{
	struct player *p = calloc(1, sizeof(*p));
	pthread_condattr_t monotonic;

	if (!p)
		return NULL;
	snprintf(p->device, sizeof(p->device), "%s", device);
	pthread_mutex_init(&p->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&p->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	if (pthread_create(&p->thread, NULL, player_main, p) != 0) {
		free(p);
		return NULL;
	}
	return p;
}

void player_stop(struct player *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->end = true;
	pthread_cond_signal(&p->changed);
	pthread_mutex_unlock(&p->lock);
	pthread_join(p->thread, NULL);
	pthread_cond_destroy(&p->changed);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

void player_wish(struct player *p, const struct beat_wish *wish)
{
	pthread_mutex_lock(&p->lock);
	p->wish = *wish;
	pthread_cond_signal(&p->changed);
	pthread_mutex_unlock(&p->lock);
}

struct player_count player_count(struct player *p)
{
	struct player_count count;

	pthread_mutex_lock(&p->lock);
	count = p->count;
	pthread_mutex_unlock(&p->lock);
	return count;
}
