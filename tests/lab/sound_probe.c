/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Listens to a sound card and measures clicks: how many, and how even.
 *
 *	sound_probe DEVICE SECONDS
 *
 * prints "clicks N mean MS jitter MS rate SPM": the mean gap between two clicks,
 * and by how much at most one differs from it.
 */
#include <alsa/asoundlib.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define RATE 48000u
#define BLOCK 480
#define CLICKS 1000
#define LOUD 300         /* a click, be it ducked */
#define SILENCE (RATE / 20) /* before a click */

static uint64_t clicks[CLICKS]; /* in samples */
static size_t heard;

static void listen_to(const int16_t *samples, snd_pcm_sframes_t count, uint64_t at)
{
	static uint64_t loud_at;

	if (!heard && at == RATE)
		loud_at = 0;
	for (snd_pcm_sframes_t i = 0; i < count; i++) {
		uint64_t now = at + (uint64_t)i;

		if (abs(samples[i]) < LOUD)
			continue;
		if (now - loud_at > SILENCE && heard < CLICKS)
			clicks[heard++] = now;
		loud_at = now;
	}
}

/* False: the card fell behind, so that what was measured is no measure */
static bool record(snd_pcm_t *pcm, unsigned seconds)
{
	uint64_t at = RATE;

	heard = 0;
	snd_pcm_prepare(pcm);
	snd_pcm_start(pcm); /* a short read would not */
	for (uint64_t end = at + (uint64_t)RATE * seconds; at < end;) {
		int16_t samples[BLOCK];
		snd_pcm_sframes_t count = snd_pcm_readi(pcm, samples, BLOCK);

		if (count < 0) {
			fprintf(stderr, "sound_probe: after %.1f s: %s\n",
			        (double)(at - RATE) / RATE, snd_strerror((int)count));
			return false;
		}
		listen_to(samples, count, at);
		at += (uint64_t)count;
	}
	return true;
}

static void report(void)
{
	double mean = (double)(clicks[heard - 1] - clicks[0]) / (double)(heard - 1);
	double worst = 0;

	for (size_t i = 1; i < heard; i++)
		worst = fmax(worst, fabs((double)(clicks[i] - clicks[i - 1]) - mean));
	printf("clicks %zu mean %.2f jitter %.2f rate %.1f\n", heard, mean * 1000 / RATE,
	       worst * 1000 / RATE, 60.0 * RATE / mean);
}

int main(int argc, char **argv)
{
	unsigned seconds = argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
	snd_pcm_t *pcm;
	int error;

	if (!seconds)
		return 2;
	error = snd_pcm_open(&pcm, argv[1], SND_PCM_STREAM_CAPTURE, 0);
	if (error >= 0)
		error = snd_pcm_set_params(pcm, SND_PCM_FORMAT_S16,
		                           SND_PCM_ACCESS_RW_INTERLEAVED, 1, RATE, 0, 1000000);
	if (error < 0) {
		fprintf(stderr, "sound_probe: %s: %s\n", argv[1], snd_strerror(error));
		return EXIT_FAILURE;
	}
	for (int tries = 3; !record(pcm, seconds);)
		if (--tries == 0)
			return EXIT_FAILURE;
	if (heard < 2) {
		fprintf(stderr, "sound_probe: %zu clicks\n", heard);
		return EXIT_FAILURE;
	}
	report();
	snd_pcm_close(pcm);
	return EXIT_SUCCESS;
}
