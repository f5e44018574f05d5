/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * gaitd-voice: prompts spoken.
 */
#include "config.h"
#include "plugins/console/ending.h"
#include "plugins/gaitd-display.h"
#include "plugins/voice/speaker.h"
#include "plugins/voice/speech.h"

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { EXIT_USAGE = 2 };

struct voice {
	const char *socket, *name;
	bool summaries; /* are spoken as well */
	struct gaitd_display *display;
	struct speech speech;
	struct speaker speaker;
};

static uint64_t clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

/* ---- what the daemon says ---- */
static void on_state(bool ready, const char *why, void *user)
{
	struct voice *v = user;

	if (!ready) {
		fprintf(stderr, "gaitd-voice: %s; trying again\n", why);
		speech_forget(&v->speech);
		speaker_hush(&v->speaker, clock_ms());
	}
}

static void on_session(const struct display_session *session, void *user)
{
	struct voice *v = user;

	snprintf(v->speech.lang, sizeof(v->speech.lang), "%s", session->lang);
}

static void on_prompt(const struct display_prompt *prompt, void *user)
{
	struct voice *v = user;

	speech_prompt(&v->speech, prompt, clock_ms());
	speaker_hush(&v->speaker, clock_ms());
}

static void on_clear(const struct display_clear *clear, void *user)
{
	struct voice *v = user;

	if (speech_clear(&v->speech, clear->id))
		speaker_hush(&v->speaker, clock_ms());
}

/* The text of a prompt goes first. */
static void on_summary(const struct display_summary *summary, void *user)
{
	struct voice *v = user;

	if (v->summaries && !v->speech.live)
		speech_summary(&v->speech, summary, clock_ms());
}

static void on_error(const char *code, const char *detail, void *user)
{
	(void)user;
	fprintf(stderr, "gaitd-voice: gaitd: %s: %s\n", code, detail);
}

static const struct gaitd_display_hooks hooks = {
	.state = on_state, .session = on_session, .prompt = on_prompt,
	.clear = on_clear, .summary = on_summary, .error = on_error,
};

/* ---- the loop ---- */
static void speak(struct voice *v)
{
	struct utterance utterance;

	if (speech_advance(&v->speech, clock_ms()))
		speaker_hush(&v->speaker, clock_ms());
	if (!speaker_idle(&v->speaker, clock_ms()))
		return;
	if (!speech_next(&v->speech, &utterance))
		speaker_rest(&v->speaker);
	else if (speaker_speak(&v->speaker, &utterance) && utterance.id)
		gaitd_display_shown(v->display, utterance.id);
}

static int wait_ms(const struct voice *v)
{
	uint64_t now_ms = clock_ms(), at = speech_deadline(&v->speech), wait = 60000;
	int display_ms = gaitd_display_timeout_ms(v->display);

	if (v->speaker.pid && v->speaker.kill_ms < at)
		at = v->speaker.kill_ms;
	if (at < now_ms + wait)
		wait = at > now_ms ? at - now_ms : 0;
	if (display_ms >= 0 && (uint64_t)display_ms < wait)
		wait = (uint64_t)display_ms;
	return (int)wait;
}

/* The end of what speaks is to wake us. */
static void on_child(int number)
{
	(void)number;
}

static void watch_children(void)
{
	struct sigaction action = { .sa_handler = on_child };
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	sigaction(SIGCHLD, &action, NULL);
}

static int run(struct voice *v)
{
	sigset_t unblocked;

	ending_watch(&unblocked);
	watch_children();
	while (!ending_signal) {
		struct pollfd fd = { gaitd_display_fd(v->display),
			             gaitd_display_events(v->display), 0 };
		int ms = wait_ms(v);
		struct timespec wait = { ms / 1000, ms % 1000 * 1000000L };

		if (ppoll(&fd, 1, &wait, &unblocked) < 0 && errno != EINTR)
			return EXIT_FAILURE;
		gaitd_display_process(v->display);
		speak(v);
	}
	speaker_hush(&v->speaker, clock_ms());
	speaker_rest(&v->speaker);
	return 128 + ending_signal;
}

/* ---- the command line ---- */
static void usage(FILE *out)
{
	fputs("Usage: gaitd-voice [--say LEVEL=WHAT,...] [--engine NAME] [--command CMD] ...\n"
	      "Speaks the prompts of gaitd.\n"
	      "\n"
	      "  gaitd-voice --say praise=nothing,form=text\n"
	      "  gaitd-voice --command 'flite -t \"$(cat)\"'\n"
	      "\n"
	      "  --say LIST      safety, load, form, habit, praise, system, each = text,\n"
	      "                  headline or nothing (safety and load: text, else headline)\n"
	      "  --engine NAME   espeak-ng, spd-say or auto, the first that is here (auto)\n"
	      "  --command CMD   for sh, in place of both: reads the words, speaks them\n"
	      "  --duck CMD      for sh, before and after, with GAITD_VOICE=on and =off\n"
	      "  --summary       the sentence that sums up a run as well; all hear it\n"
	      "  --socket PATH   of gaitd (default: $GAITD_SOCKET, else the usual place)\n"
	      "  --name NAME     that gaitd logs (gaitd-voice)\n"
	      "  --help, --version\n", out);
}

static bool parse_say(struct voice *v, const char *words)
{
	char wrong[64];

	if (speech_policy_read(&v->speech.policy, words, wrong, sizeof(wrong)))
		return true;
	fprintf(stderr, "gaitd-voice: --say: expected LEVEL=text, =headline or =nothing, "
	        "such as form=text; got %s\n", wrong);
	return false;
}

static bool parse_engine(struct voice *v, const char *name)
{
	if (speaker_engine_read(&v->speaker, name))
		return true;
	fprintf(stderr, "gaitd-voice: --engine: expected espeak-ng, spd-say or auto, got %s\n",
	        name);
	return false;
}

/* True to go on; else the exit status is in *status */
static bool parse(int argc, char **argv, struct voice *v, int *status)
{
	static const struct option known[] = {
		{ "say", required_argument, NULL, 'y' },
		{ "engine", required_argument, NULL, 'e' },
		{ "command", required_argument, NULL, 'c' },
		{ "duck", required_argument, NULL, 'd' },
		{ "summary", no_argument, NULL, 'u' },
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
		case 'y':
			if (!parse_say(v, optarg))
				return false;
			break;
		case 'e':
			if (!parse_engine(v, optarg))
				return false;
			break;
		case 'c':
			v->speaker.engine = SPEAKER_COMMAND;
			v->speaker.command = optarg;
			break;
		case 'd':
			v->speaker.duck = optarg;
			break;
		case 'u':
			v->summaries = true;
			break;
		case 's':
			v->socket = optarg;
			break;
		case 'n':
			v->name = optarg;
			break;
		case 'h':
			usage(stdout);
			*status = EXIT_SUCCESS;
			return false;
		case 'v':
			printf("gaitd-voice %s\n", PACKAGE_VERSION);
			*status = EXIT_SUCCESS;
			return false;
		default:
			fputs("Try gaitd-voice --help\n", stderr);
			return false;
		}
	if (optind == argc)
		return true;
	fprintf(stderr, "gaitd-voice: what is %s? Try gaitd-voice --help\n", argv[optind]);
	return false;
}

int main(int argc, char **argv)
{
	struct voice v = { .name = "gaitd-voice" };
	struct gaitd_display_settings settings = {
		.version = PACKAGE_VERSION, .caps = DISPLAY_CAP_SHOWN,
	};
	int status;

	speech_init(&v.speech);
	if (!parse(argc, argv, &v, &status))
		return status;
	if (v.summaries)
		settings.caps |= DISPLAY_CAP_PERSONAL;
	settings.socket = v.socket;
	settings.name = v.name;
	v.display = gaitd_display_new(&settings, &hooks, &v);
	if (!v.display) {
		fprintf(stderr, "gaitd-voice: the socket's path: %s\n", strerror(errno));
		return EXIT_FAILURE;
	}
	status = run(&v);
	gaitd_display_free(v.display);
	return status;
}
