/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * gaitd-terminal: the plain console.
 */
#include "config.h"
#include "plugins/console/client.h"
#include "plugins/console/ending.h"
#include "plugins/console/words.h"
#include "plugins/terminal/plain.h"
#include "plugins/terminal/screen.h"

#include <errno.h>
#include <getopt.h>
#include <locale.h>
#include <poll.h>
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
	struct client client;
	struct plain plain;
	bool on_screen;
};

/* ---- off a terminal: a line a change ---- */
static void print_changes(struct client *client)
{
	struct terminal *t = client->user;

	if (!t->on_screen)
		plain_print(&t->plain, &client->console, client_clock_ms(), time(NULL));
}

static void print_clear(struct client *client, const struct display_clear *clear)
{
	struct terminal *t = client->user;

	if (!t->on_screen)
		plain_clear(&t->plain, clear, time(NULL));
}

static void print_refusal(struct client *client, const char *what)
{
	struct terminal *t = client->user;

	if (t->on_screen)
		console_note(&client->console, what, client_clock_ms());
	else
		fprintf(stderr, "gaitd-terminal: %s\n", what);
}

/* ---- the loop ---- */
/* False when the keyboard has gone */
static bool turn(struct terminal *t, uint64_t end_ms, const sigset_t *unblocked)
{
	struct client *c = &t->client;
	struct pollfd fds[] = {
		{ .fd = gaitd_display_fd(c->display),
		  .events = gaitd_display_events(c->display) },
		{ .fd = t->on_screen ? STDIN_FILENO : -1, .events = POLLIN },
	};
	uint64_t now_ms = client_clock_ms();
	int ms = client_wait_ms(c, now_ms);
	struct timespec wait;
	int key;

	if (end_ms < now_ms + (uint64_t)ms)
		ms = end_ms > now_ms ? (int)(end_ms - now_ms) : 0;
	wait = (struct timespec){ ms / 1000, ms % 1000 * 1000000L };
	if (ppoll(fds, 2, &wait, unblocked) < 0 && errno != EINTR)
		return false;
	client_turn(c);
	if (!t->on_screen) {
		print_changes(c);
		/* after all that came at once: the target follows them */
		plain_metrics(&t->plain, &c->console, client_clock_ms(), time(NULL));
		return !ferror(t->plain.out) && fflush(t->plain.out) == 0;
	}
	while ((key = screen_key()) != SCREEN_NO_KEY)
		if (key != SCREEN_RESIZED)
			client_key(c, key);
	words_load(c->console.lang); /* plain lines are for programs: they stay */
	screen_draw(&c->console, client_clock_ms());
	return !(fds[1].revents & (POLLHUP | POLLERR | POLLNVAL));
}

static int run(struct terminal *t)
{
	uint64_t end_ms = t->options.seconds ?
		client_clock_ms() + t->options.seconds * 1000 : UINT64_MAX;
	sigset_t unblocked;
	bool good = true;

	ending_watch(&unblocked);
	while (good && !ending_signal && !t->client.console.quit && client_clock_ms() < end_ms)
		good = turn(t, end_ms, &unblocked);
	if (t->on_screen)
		screen_close();
	if (!good && !t->on_screen) {
		fprintf(stderr, "gaitd-terminal: standard output: %s\n",
		        strerror(errno));
		return EXIT_FAILURE;
	}
	if (client_clock_ms() >= end_ms && !t->client.was_ready) {
		fprintf(stderr, "gaitd-terminal: no gaitd at %s in %llu s\n",
		        gaitd_display_socket(t->client.display),
		        (unsigned long long)t->options.seconds);
		return EXIT_TEMPORARY;
	}
	return ending_signal ? 128 + ending_signal : EXIT_SUCCESS;
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
	int status;

	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C");
	if (!parse(argc, argv, &t.options, &status))
		return status;
	t.client = (struct client){
		.changed = print_changes, .clears = print_clear,
		.refused = print_refusal, .user = &t,
	};
	if (!client_open(&t.client, t.options.socket, t.options.name)) {
		fprintf(stderr, "gaitd-terminal: the socket's path: %s\n",
		        strerror(errno));
		return EXIT_FAILURE;
	}
	plain_init(&t.plain, stdout);
	t.on_screen = !t.options.plain && isatty(STDIN_FILENO) &&
	              isatty(STDOUT_FILENO) && screen_open(t.options.colour);
	t.client.console.keyless = !t.on_screen;
	status = run(&t);
	client_close(&t.client);
	return status;
}
