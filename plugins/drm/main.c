/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * gaitd-drm: the console on a screen of the kernel's, without X.
 */
#include "config.h"
#include "plugins/console/client.h"
#include "plugins/console/ending.h"
#include "plugins/console/words.h"
#include "plugins/drm/card.h"
#include "plugins/drm/picture.h"

#include <errno.h>
#include <getopt.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Where there is no screen to say it */
enum { DEFAULT_WIDTH = 1280, DEFAULT_HEIGHT = 800 };
enum { EXIT_USAGE = 2, EXIT_NO_HARDWARE = 4, EXIT_PERMISSION = 5, EXIT_TEMPORARY = 75 };

struct options {
	const char *socket, *name, *device, *picture;
	int width, height;
};

struct screen {
	struct client client;
	struct card *card;        /* NULL: none, drawn to memory alone */
	int width, height;        /* without a card */
	cairo_surface_t *surface; /* of the card's size */
	bool changed;             /* since it was last drawn */
	bool keys;                /* standard input is a keyboard */
	struct termios terminal;  /* as it was */
};

static void say(const char *words)
{
	fprintf(stderr, "gaitd-drm: %s\n", words);
}

static void on_change(struct client *client)
{
	struct screen *s = client->user;

	s->changed = true;
}

/* ---- pictures ---- */
static bool draw(struct screen *s, int width, int height)
{
	cairo_t *cr;

	if (s->surface && (cairo_image_surface_get_width(s->surface) != width ||
	                   cairo_image_surface_get_height(s->surface) != height)) {
		cairo_surface_destroy(s->surface);
		s->surface = NULL;
	}
	if (!s->surface)
		s->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
	words_load(s->client.console.lang);
	cr = cairo_create(s->surface);
	picture_draw(cr, width, height, &s->client.console, client_clock_ms());
	cairo_destroy(cr);
	cairo_surface_flush(s->surface);
	return cairo_surface_status(s->surface) == CAIRO_STATUS_SUCCESS;
}

static void show(struct screen *s)
{
	int width = s->width, height = s->height;

	if (!s->changed || (s->card && !card_is_ready(s->card, &width, &height)))
		return;
	if (draw(s, width, height) && s->card)
		card_show(s->card, cairo_image_surface_get_data(s->surface),
		          cairo_image_surface_get_stride(s->surface));
	s->changed = false;
}

/* ---- keys, where standard input is a keyboard ---- */
static void open_keys(struct screen *s)
{
	struct termios raw;

	s->keys = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &s->terminal) == 0;
	s->client.console.keyless = !s->keys;
	if (!s->keys)
		return;
	raw = s->terminal;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	raw.c_iflag &= ~(tcflag_t)ICRNL;
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

static void close_keys(const struct screen *s)
{
	if (s->keys)
		tcsetattr(STDIN_FILENO, TCSANOW, &s->terminal);
}

static void take_keys(struct screen *s)
{
	char keys[16];
	ssize_t count = read(STDIN_FILENO, keys, sizeof(keys));

	if (count <= 0) {
		close_keys(s);
		s->keys = false;
		s->client.console.keyless = true;
		return;
	}
	for (ssize_t i = 0; i < count; i++)
		client_key(&s->client, keys[i] == 0x7f ? CONSOLE_KEY_ERASE : keys[i]);
	s->changed = true;
}

/* ---- the loop ---- */
static void turn(struct screen *s, const sigset_t *unblocked)
{
	struct client *c = &s->client;
	struct pollfd fds[] = {
		{ .fd = gaitd_display_fd(c->display),
		  .events = gaitd_display_events(c->display) },
		{ .fd = s->card ? card_fd(s->card) : -1, .events = POLLIN },
		{ .fd = s->keys ? STDIN_FILENO : -1, .events = POLLIN },
	};
	uint64_t now_ms = client_clock_ms();
	int ms = client_wait_ms(c, now_ms);
	struct timespec wait;

	ms = CARD_CHECK_MS < ms ? CARD_CHECK_MS : ms;
	wait = (struct timespec){ ms / 1000, ms % 1000 * 1000000L };
	if (ppoll(fds, 3, &wait, unblocked) < 0)
		return;
	if (console_deadline(&c->console, now_ms) <= client_clock_ms())
		s->changed = true; /* a second of the countdown, or the end of something */
	client_turn(c);
	if (fds[1].revents)
		card_readable(s->card);
	if (fds[2].revents)
		take_keys(s);
	show(s);
}

static int run(struct screen *s)
{
	uint64_t check_ms = 0;
	sigset_t unblocked;

	ending_watch(&unblocked);
	s->changed = true;
	while (!ending_signal && !s->client.console.quit) {
		turn(s, &unblocked);
		if (!s->card || client_clock_ms() < check_ms)
			continue;
		if (card_check(s->card))
			s->changed = true; /* a screen that came has nothing on it */
		check_ms = client_clock_ms() + CARD_CHECK_MS;
	}
	return ending_signal ? 128 + ending_signal : EXIT_SUCCESS;
}

static int run_on_card(struct screen *s, const struct options *options)
{
	const struct card_settings settings = {
		.device = options->device, .width = options->width,
		.height = options->height, .say = say,
	};
	const char *device = options->device ? options->device : "/dev/dri/card*";
	int status;

	s->width = options->width ? options->width : DEFAULT_WIDTH;
	s->height = options->height ? options->height : DEFAULT_HEIGHT;
	if (strcmp(device, "none") == 0)
		return run(s);
	switch (card_open(&s->card, &settings)) {
	case CARD_GOOD:
		break;
	case CARD_ABSENT:
		fprintf(stderr, "gaitd-drm: %s: no display device that can be drawn on; is "
		        "the driver loaded?\n", device);
		return EXIT_NO_HARDWARE;
	case CARD_DENIED:
		fprintf(stderr, "gaitd-drm: %s: no permission: join group video\n", device);
		return EXIT_PERMISSION;
	case CARD_FAILED:
		say("out of memory");
		return EXIT_FAILURE;
	}
	open_keys(s);
	status = run(s);
	close_keys(s);
	card_close(s->card);
	return status;
}

/* One picture of what is so, into a file */
static int run_once(struct screen *s, const struct options *options)
{
	uint64_t end_ms = client_clock_ms() + 5000;

	s->client.console.greeted = true;
	while (client_clock_ms() < end_ms && !(s->client.console.ready &&
	                                       s->client.console.metrics.present)) {
		struct pollfd fd = { gaitd_display_fd(s->client.display),
			             gaitd_display_events(s->client.display), 0 };

		if (poll(&fd, 1, client_wait_ms(&s->client, client_clock_ms())) >= 0)
			client_turn(&s->client);
	}
	if (!draw(s, options->width ? options->width : DEFAULT_WIDTH,
	          options->height ? options->height : DEFAULT_HEIGHT) ||
	    cairo_surface_write_to_png(s->surface, options->picture)) {
		fprintf(stderr, "gaitd-drm: %s: cannot be written\n", options->picture);
		return EXIT_FAILURE;
	}
	return s->client.was_ready ? EXIT_SUCCESS : EXIT_TEMPORARY;
}

/* ---- the command line ---- */
static void usage(FILE *out)
{
	fputs("Usage: gaitd-drm [--device PATH] [--size WxH] [--socket PATH] ...\n"
	      "The console of gaitd on a screen without X, drawn by the kernel's DRM.\n"
	      "\n"
	      "  gaitd-drm                     the first screen that is connected\n"
	      "  gaitd-drm --picture now.png   one picture, no screen needed\n"
	      "\n"
	      "  --device PATH   of the card (default: the first with a screen), or none\n"
	      "  --size WxH      a mode of that size (default: the screen's best)\n"
	      "  --picture FILE  write one PNG of what is so, and end\n"
	      "  --socket PATH   of gaitd (default: $GAITD_SOCKET, else the usual place)\n"
	      "  --name NAME     that the configuration grants to (gaitd-drm)\n"
	      "  --help, --version\n", out);
}

static bool parse_side(const char *text, const char **end, int *side)
{
	unsigned long value = strtoul(text, (char **)end, 10);

	*side = (int)value;
	return *text >= '1' && *text <= '9' && value >= 100 && value <= 16384;
}

static bool parse_size(const char *text, struct options *options)
{
	const char *end;

	if (parse_side(text, &end, &options->width) && *end == 'x' &&
	    parse_side(end + 1, &end, &options->height) && !*end)
		return true;
	fprintf(stderr, "gaitd-drm: --size: expected WIDTHxHEIGHT such as 1280x800, got %s\n",
	        text);
	return false;
}

/* True to go on; else the exit status is in *status */
static bool parse(int argc, char **argv, struct options *options, int *status)
{
	static const struct option known[] = {
		{ "device", required_argument, NULL, 'd' },
		{ "size", required_argument, NULL, 'z' },
		{ "picture", required_argument, NULL, 'p' },
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
			options->device = optarg;
			break;
		case 'z':
			if (!parse_size(optarg, options))
				return false;
			break;
		case 'p':
			options->picture = optarg;
			break;
		case 's':
			options->socket = optarg;
			break;
		case 'n':
			options->name = optarg;
			break;
		case 'h':
			usage(stdout);
			*status = EXIT_SUCCESS;
			return false;
		case 'v':
			printf("gaitd-drm %s\n", PACKAGE_VERSION);
			*status = EXIT_SUCCESS;
			return false;
		default:
			fputs("Try gaitd-drm --help\n", stderr);
			return false;
		}
	if (optind == argc)
		return true;
	fprintf(stderr, "gaitd-drm: what is %s? Try gaitd-drm --help\n", argv[optind]);
	return false;
}

int main(int argc, char **argv)
{
	struct options options = { .name = "gaitd-drm" };
	struct screen s = { .client = { .changed = on_change } };
	int status;

	setlocale(LC_CTYPE, "");
	if (!parse(argc, argv, &options, &status))
		return status;
	s.client.user = &s;
	if (!client_open(&s.client, options.socket, options.name)) {
		fprintf(stderr, "gaitd-drm: the socket's path: %s\n", strerror(errno));
		return EXIT_FAILURE;
	}
	status = options.picture ? run_once(&s, &options) : run_on_card(&s, &options);
	client_close(&s.client);
	if (s.surface)
		cairo_surface_destroy(s.surface);
	picture_end();
	return status;
}
