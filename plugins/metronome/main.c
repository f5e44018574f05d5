/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * gaitd-metronome: a click for each step at the target cadence.
 */
#include "config.h"
#include "plugins/console/ending.h"
#include "plugins/gaitd-display.h"
#include "plugins/metronome/player.h"

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_USAGE = 2 };

struct metronome {
	const char *socket, *name, *device;
	double volume;
	struct gaitd_display *display;
	struct beat_facts facts;
	uint32_t prompt_id;
	struct player *player;
};

/* ---- what the daemon says ---- */
static void wish(const struct metronome *m)
{
	const struct beat_wish wish = beat_wish_of(&m->facts, m->volume);

	player_wish(m->player, &wish);
}

static void on_state(bool ready, const char *why, void *user)
{
	struct metronome *m = user;

	m->facts = (struct beat_facts){ .ready = ready };
	if (!ready)
		fprintf(stderr, "gaitd-metronome: %s; trying again\n", why);
	wish(m);
}

static void on_session(const struct display_session *session, void *user)
{
	struct metronome *m = user;

	m->facts.feedback = session->feedback && session->state == DISPLAY_SESSION_RUNNING;
	wish(m);
}

static void on_metrics(const struct display_metrics *metrics, void *user)
{
	struct metronome *m = user;

	m->facts.running = (metrics->present & DISPLAY_GAIT) &&
	                   metrics->gait == DISPLAY_GAIT_RUN;
	m->facts.has_target = metrics->present & DISPLAY_TARGET;
	m->facts.target_spm = metrics->target_spm;
	wish(m);
}

static void on_prompt(const struct display_prompt *prompt, void *user)
{
	struct metronome *m = user;

	m->facts.has_prompt = true;
	m->prompt_id = prompt->id;
	wish(m);
}

static void on_clear(const struct display_clear *clear, void *user)
{
	struct metronome *m = user;

	if (clear->id == m->prompt_id)
		m->facts.has_prompt = false;
	wish(m);
}

static const struct gaitd_display_hooks hooks = {
	.state = on_state, .session = on_session, .metrics = on_metrics,
	.prompt = on_prompt, .clear = on_clear,
};

/* ---- the loop ---- */
static int run(struct metronome *m)
{
	sigset_t unblocked;
	struct player_count count;

	ending_watch(&unblocked); /* the thread inherits that they are blocked */
	m->player = player_start(m->device);
	if (!m->player) {
		fprintf(stderr, "gaitd-metronome: no thread: %s\n", strerror(errno));
		return EXIT_FAILURE;
	}
	while (!ending_signal) {
		struct pollfd fd = { gaitd_display_fd(m->display),
			             gaitd_display_events(m->display), 0 };
		int ms = gaitd_display_timeout_ms(m->display);
		struct timespec wait = { ms / 1000, ms % 1000 * 1000000L };

		if (ppoll(&fd, 1, ms < 0 ? NULL : &wait, &unblocked) < 0 && errno != EINTR)
			break;
		gaitd_display_process(m->display);
	}
	count = player_count(m->player);
	player_stop(m->player);
	fprintf(stderr, "gaitd-metronome: %llu beats, the sound ran dry %llu times\n",
	        (unsigned long long)count.beats, (unsigned long long)count.run_dry);
	return ending_signal ? 128 + ending_signal : EXIT_FAILURE;
}

/* ---- the command line ---- */
static void usage(FILE *out)
{
	fputs("Usage: gaitd-metronome [--device NAME] [--volume PERCENT] [--socket PATH] ...\n"
	      "A click for each step at the target cadence, while gaitd gives feedback.\n"
	      "\n"
	      "  gaitd-metronome --device plughw:CARD=Headphones --volume 30\n"
	      "\n"
	      "  --device NAME     of ALSA, see aplay -L (default)\n"
	      "  --volume PERCENT  1 to 100 (50)\n"
	      "  --socket PATH     of gaitd (default: $GAITD_SOCKET, else the usual place)\n"
	      "  --name NAME       that gaitd logs (gaitd-metronome)\n"
	      "  --help, --version\n", out);
}

static bool parse_volume(const char *text, double *volume)
{
	char *end;
	unsigned long percent = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || percent < 1 || percent > 100) {
		fprintf(stderr, "gaitd-metronome: --volume: expected 1 to 100, got %s\n", text);
		return false;
	}
	*volume = (double)percent / 100;
	return true;
}

/* True to go on; else the exit status is in *status */
static bool parse(int argc, char **argv, struct metronome *m, int *status)
{
	static const struct option known[] = {
		{ "device", required_argument, NULL, 'd' },
		{ "volume", required_argument, NULL, 'o' },
		{ "socket", required_argument, NULL, 's' },
		{ "name", required_argument, NULL, 'n' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'v' },
		{ 0 },
	};
	int option;

	*status = EXIT_USAGE;
	while ((option = getopt_long(argc, argv, "h", known, NULL)) != -1)
		switch (option) {
		case 'd':
			m->device = optarg;
			break;
		case 'o':
			if (!parse_volume(optarg, &m->volume))
				return false;
			break;
		case 's':
			m->socket = optarg;
			break;
		case 'n':
			m->name = optarg;
			break;
		case 'h':
			usage(stdout);
			*status = EXIT_SUCCESS;
			return false;
		case 'v':
			printf("gaitd-metronome %s\n", PACKAGE_VERSION);
			*status = EXIT_SUCCESS;
			return false;
		default:
			fputs("Try gaitd-metronome --help\n", stderr);
			return false;
		}
	if (optind == argc)
		return true;
	fprintf(stderr, "gaitd-metronome: what is %s? Try gaitd-metronome --help\n",
	        argv[optind]);
	return false;
}

int main(int argc, char **argv)
{
	struct metronome m = { .name = "gaitd-metronome", .device = "default", .volume = 0.5 };
	struct gaitd_display_settings settings = {
		.version = PACKAGE_VERSION, .caps = DISPLAY_CAP_METRICS,
	};
	int status;

	if (!parse(argc, argv, &m, &status))
		return status;
	settings.socket = m.socket;
	settings.name = m.name;
	m.display = gaitd_display_new(&settings, &hooks, &m);
	if (!m.display) {
		fprintf(stderr, "gaitd-metronome: the socket's path: %s\n", strerror(errno));
		return EXIT_FAILURE;
	}
	status = run(&m);
	gaitd_display_free(m.display);
	return status;
}
