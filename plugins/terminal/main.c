/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * gaitd-terminal: the plain console.
 */
#include "config.h"
#include "plugins/gaitd-display.h"
#include "plugins/console/console.h"
#include "plugins/terminal/plain.h"
#include "plugins/terminal/screen.h"
#include "plugins/console/words.h"

#include <errno.h>
#include <getopt.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { EXIT_USAGE = 2, EXIT_TEMPORARY = 75 };

struct options {
	const char *socket;
	const char *name;
	uint64_t seconds; /* 0: for ever */
	bool plain, colour;
};

struct terminal {
	struct options options;
	struct gaitd_display *display;
	struct console console;
	struct plain plain;
	bool on_screen;
	bool was_ready;
};

static volatile sig_atomic_t ended_by; /* a signal */

static uint64_t clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

/* ---- what the daemon says ---- */
static void show(struct terminal *t)
{
	if (!t->on_screen)
		plain_print(&t->plain, &t->console, clock_ms(), time(NULL));
}

static void on_state(bool ready, const char *why, void *user)
{
	struct terminal *t = user;
	const struct display_profile *p = &t->console.profile;

	console_state(&t->console, ready, why, gaitd_display_caps(t->display));
	t->was_ready |= ready;
	/* What the runner told of himself lasts as long as he stands here. */
	if (ready && (p->has_height || p->has_back_pain || p->has_novice ||
	              p->has_units || p->has_lang))
		gaitd_display_profile(t->display, p);
	show(t);
}

static void on_link(const struct display_link *link, void *user)
{
	struct terminal *t = user;

	t->console.link = *link;
	t->console.has_link = true;
	show(t);
}

static void on_session(const struct display_session *session, void *user)
{
	struct terminal *t = user;

	console_session(&t->console, session, clock_ms());
	show(t);
}

static void on_metrics(const struct display_metrics *metrics, void *user)
{
	struct terminal *t = user;

	t->console.metrics = *metrics;
	show(t);
}

static void on_target(const struct display_target *target, void *user)
{
	struct terminal *t = user;

	t->console.target = *target;
	t->console.has_target = true;
	show(t);
}

static void on_prompt(const struct display_prompt *prompt, void *user)
{
	struct terminal *t = user;

	console_prompt(&t->console, prompt, clock_ms());
	gaitd_display_shown(t->display, prompt->id);
	show(t);
}

static void on_clear(const struct display_clear *clear, void *user)
{
	struct terminal *t = user;

	if (!t->on_screen)
		plain_clear(&t->plain, clear, time(NULL));
	console_clear(&t->console, clear);
	show(t);
}

static void on_battery(const struct display_battery *battery, void *user)
{
	struct terminal *t = user;

	t->console.battery_low = battery->footpod >= DISPLAY_BATTERY_LOW;
	show(t);
}

static void on_error(const char *code, const char *detail, void *user)
{
	struct terminal *t = user;
	char note[256];

	snprintf(note, sizeof(note), "gaitd: %s: %s", code, detail);
	if (t->on_screen)
		console_note(&t->console, note, clock_ms());
	else
		fprintf(stderr, "gaitd-terminal: %s\n", note);
	show(t);
}

static const struct gaitd_display_hooks hooks = {
	.state = on_state, .link = on_link, .session = on_session,
	.metrics = on_metrics, .target = on_target, .prompt = on_prompt,
	.clear = on_clear, .battery = on_battery, .error = on_error,
};

/* ---- the loop ---- */
static void take_keys(struct terminal *t)
{
	struct display_request request;
	int key;

	while ((key = screen_key()) != SCREEN_NO_KEY) {
		if (key != SCREEN_RESIZED &&
		    console_key(&t->console, key, clock_ms(), &request) &&
		    !gaitd_display_input(t->display, &request))
			console_note(&t->console, _("gaitd did not take it: press again"),
			             clock_ms());
	}
}

static int wait_ms(const struct terminal *t, uint64_t end_ms, uint64_t now_ms)
{
	int display_ms = gaitd_display_timeout_ms(t->display);
	uint64_t at = console_deadline(&t->console, now_ms);
	uint64_t wait = 60000;

	if (end_ms < at)
		at = end_ms;
	if (at < now_ms + wait)
		wait = at > now_ms ? at - now_ms : 0;
	if (display_ms >= 0 && (uint64_t)display_ms < wait)
		wait = (uint64_t)display_ms;
	return (int)wait;
}

/* False when the keyboard has gone */
static bool turn(struct terminal *t, uint64_t end_ms, const sigset_t *unblocked)
{
	struct pollfd fds[] = {
		{ .fd = gaitd_display_fd(t->display),
		  .events = gaitd_display_events(t->display) },
		{ .fd = t->on_screen ? STDIN_FILENO : -1, .events = POLLIN },
	};
	int ms = wait_ms(t, end_ms, clock_ms());
	struct timespec wait = { ms / 1000, ms % 1000 * 1000000L };

	if (ppoll(fds, 2, &wait, unblocked) < 0 && errno != EINTR)
		return false;
	gaitd_display_process(t->display);
	console_advance(&t->console, clock_ms());
	if (!t->on_screen) {
		show(t);
		/* after all that came at once: the target follows them */
		plain_metrics(&t->plain, &t->console, clock_ms(), time(NULL));
		return !ferror(t->plain.out) && fflush(t->plain.out) == 0;
	}
	take_keys(t);
	words_load(t->console.lang); /* plain lines are for programs: they stay */
	screen_draw(&t->console, clock_ms());
	return !(fds[1].revents & (POLLHUP | POLLERR | POLLNVAL));
}

static void on_signal(int number)
{
	ended_by = number;
}

/* They come only while we wait, so none is missed between. */
static void watch_signals(sigset_t *unblocked)
{
	struct sigaction action = { .sa_handler = on_signal };
	sigset_t ours;

	sigemptyset(&ours);
	sigaddset(&ours, SIGINT);
	sigaddset(&ours, SIGTERM);
	sigaddset(&ours, SIGHUP);
	sigprocmask(SIG_BLOCK, &ours, unblocked);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static int run(struct terminal *t)
{
	uint64_t end_ms = t->options.seconds ?
		clock_ms() + t->options.seconds * 1000 : UINT64_MAX;
	sigset_t unblocked;
	bool good = true;

	watch_signals(&unblocked);
	while (good && !ended_by && !t->console.quit && clock_ms() < end_ms)
		good = turn(t, end_ms, &unblocked);
	if (t->on_screen)
		screen_close();
	if (!good && !t->on_screen) {
		fprintf(stderr, "gaitd-terminal: standard output: %s\n",
		        strerror(errno));
		return EXIT_FAILURE;
	}
	if (clock_ms() >= end_ms && !t->was_ready) {
		fprintf(stderr, "gaitd-terminal: no gaitd at %s in %llu s\n",
		        gaitd_display_socket(t->display),
		        (unsigned long long)t->options.seconds);
		return EXIT_TEMPORARY;
	}
	return ended_by ? 128 + ended_by : EXIT_SUCCESS;
}

/* ---- the command line ---- */
static void usage(FILE *out)
{
	fputs("Usage: gaitd-terminal [--socket PATH] [--seconds N] [--plain] ...\n"
	      "The console of gaitd on a terminal; off a terminal a line a change.\n"
	      "\n"
	      "  gaitd-terminal\n"
	      "  gaitd-terminal --plain --seconds 60 > changes.txt\n"
	      "\n"
	      "  --socket PATH  of gaitd (default: $GAITD_SOCKET, else the usual place)\n"
	      "  --seconds N    end after N seconds\n"
	      "  --plain        a line a change on a terminal too\n"
	      "  --no-color     as with NO_COLOR: shapes and words only\n"
	      "  --name NAME    that the configuration grants to (gaitd-terminal)\n"
	      "  --help, --version\n", out);
}

static bool parse_seconds(const char *text, uint64_t *seconds)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || value < 1 || value > 604800) {
		fprintf(stderr, "gaitd-terminal: --seconds: expected 1 to 604800, "
		        "got %s\n", text);
		return false;
	}
	*seconds = value;
	return true;
}

/* True to go on; else the exit status is in *status */
static bool parse(int argc, char **argv, struct options *options, int *status)
{
	static const struct option known[] = {
		{ "socket", required_argument, NULL, 's' },
		{ "seconds", required_argument, NULL, 't' },
		{ "plain", no_argument, NULL, 'p' },
		{ "no-color", no_argument, NULL, 'c' },
		{ "name", required_argument, NULL, 'n' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'v' },
		{ 0 },
	};
	int option;

	*status = EXIT_USAGE;
	while ((option = getopt_long(argc, argv, "h", known, NULL)) != -1)
		switch (option) {
		case 's':
			options->socket = optarg;
			break;
		case 't':
			if (!parse_seconds(optarg, &options->seconds))
				return false;
			break;
		case 'p':
			options->plain = true;
			break;
		case 'c':
			options->colour = false;
			break;
		case 'n':
			options->name = optarg;
			break;
		case 'h':
			usage(stdout);
			*status = EXIT_SUCCESS;
			return false;
		case 'v':
			printf("gaitd-terminal %s\n", PACKAGE_VERSION);
			*status = EXIT_SUCCESS;
			return false;
		default:
			fputs("Try gaitd-terminal --help\n", stderr);
			return false;
		}
	if (optind == argc)
		return true;
	fprintf(stderr, "gaitd-terminal: what is %s? Try gaitd-terminal --help\n",
	        argv[optind]);
	return false;
}

static bool colour_wanted(void)
{
	const char *no_color = getenv("NO_COLOR");

	return !no_color || !*no_color;
}

int main(int argc, char **argv)
{
	struct terminal t = {
		.options = { .name = "gaitd-terminal", .colour = colour_wanted() },
	};
	struct gaitd_display_settings settings = {
		.version = PACKAGE_VERSION,
		.caps = DISPLAY_CAP_METRICS | DISPLAY_CAP_SHOWN | DISPLAY_CAP_INPUT |
		        DISPLAY_CAP_PERSONAL,
	};
	int status;

	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C");
	if (!parse(argc, argv, &t.options, &status))
		return status;
	settings.socket = t.options.socket;
	settings.name = t.options.name;
	t.display = gaitd_display_new(&settings, &hooks, &t);
	if (!t.display) {
		fprintf(stderr, "gaitd-terminal: the socket's path: %s\n",
		        strerror(errno));
		return EXIT_FAILURE;
	}
	console_init(&t.console);
	plain_init(&t.plain, stdout);
	t.on_screen = !t.options.plain && isatty(STDIN_FILENO) &&
	              isatty(STDOUT_FILENO) && screen_open(t.options.colour);
	t.console.keyless = !t.on_screen;
	status = run(&t);
	gaitd_display_free(t.display);
	return status;
}
