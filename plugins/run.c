/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * gaitd-run: makes any program that reads and writes lines a display. Between
 * the daemon and the program at most a line waits here: when the program does
 * not read, the daemon is not read from either, and keeps the newest for it.
 */
#include "config.h"
#include "plugins/gaitd-display.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXIT_USAGE = 2, EXIT_NOT_EXECUTABLE = 126, EXIT_NOT_FOUND = 127 };

#define NAME_MAX_OCTETS 63
#define LAST_WORDS_MS 500 /* for what CMD wrote just before it ended */

struct run {
	struct gaitd_display_settings settings;
	struct gaitd_display *display;
	pid_t child;
	int to_child;   /* -1: it does not listen any more */
	int from_child; /* -1: it does not speak any more */
	int signals;
	sigset_t usual_mask; /* the program's */
	char pending[DISPLAY_LINE_MAX]; /* a line the child has not taken yet */
	size_t pending_length;
	struct display_framer framer;
	int status; /* of the child, when it has ended */
	bool ended;
};

/* ---- from the daemon to the program ---- */
static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void flush_to_child(struct run *run)
{
	ssize_t taken;

	while (run->pending_length && run->to_child >= 0) {
		taken = write(run->to_child, run->pending, run->pending_length);
		if (taken < 0 && errno == EINTR)
			continue;
		if (taken < 0 && errno == EAGAIN)
			break;
		if (taken < 0) {
			close_fd(&run->to_child);
			run->pending_length = 0;
			break;
		}
		run->pending_length -= (size_t)taken;
		memmove(run->pending, run->pending + taken, run->pending_length);
	}
	gaitd_display_hold(run->display, run->pending_length > 0);
}

static void on_line(const char *line, size_t length, void *user)
{
	struct run *run = user;

	if (run->to_child < 0)
		return;
	memcpy(run->pending, line, length);
	run->pending[length] = '\n';
	run->pending_length = length + 1;
	flush_to_child(run);
}

static void on_state(bool ready, const char *why, void *user)
{
	(void)user;
	if (!ready)
		fprintf(stderr, "gaitd-run: %s; trying again\n", why);
}

static void on_error(const char *code, const char *detail, void *user)
{
	(void)user;
	fprintf(stderr, "gaitd-run: gaitd refused a line: %s: %s\n", code, detail);
}

/* ---- from the program to the daemon ---- */

/* The beginning of the line: what it has of control characters is no terminal's
 * to obey. */
static void name_dropped(const char *line, size_t length, const char *why)
{
	char text[61];
	size_t count = length < sizeof(text) - 1 ? length : sizeof(text) - 1;

	memcpy(text, line, count);
	text[count] = '\0';
	for (size_t i = 0; i < count; i++)
		if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
			text[i] = '?';
	fprintf(stderr, "gaitd-run: dropped, %s: %s%s\n", why, text,
	        length > count ? "..." : "");
}

static void take_line(struct run *run, const char *line, size_t length)
{
	struct display_request request;
	struct display_fault fault;

	/* What is JSON but wrong is the daemon's to name: it may be newer. */
	if (!display_request_read(line, length, &request, &fault) &&
	    fault.code == DISPLAY_ERROR_BAD_JSON)
		name_dropped(line, length, "not a line of JSON");
	else if (!gaitd_display_send(run->display, line, length))
		name_dropped(line, length, "gaitd is not there");
}

static void take_bytes(struct run *run, const char *bytes, size_t left)
{
	size_t length = 0;

	for (;;)
		switch (display_framer_next(&run->framer, &bytes, &left, &length)) {
		case DISPLAY_FRAME_NONE:
			return;
		case DISPLAY_FRAME_LINE:
			take_line(run, run->framer.line, length);
			break;
		case DISPLAY_FRAME_TOO_LONG:
			name_dropped(run->framer.line, sizeof(run->framer.line),
			             "longer than 4096 octets");
			break;
		}
}

/* True when there may be more */
static bool read_child(struct run *run)
{
	char bytes[DISPLAY_LINE_MAX];
	ssize_t count = read(run->from_child, bytes, sizeof(bytes));

	if (count < 0 && errno == EINTR)
		return true;
	if (count < 0 && errno == EAGAIN)
		return false;
	if (count <= 0) {
		close_fd(&run->from_child);
		return false;
	}
	take_bytes(run, bytes, (size_t)count);
	return true;
}

/* ---- the program ---- */
static int shell_status(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void take_signal(struct run *run)
{
	struct signalfd_siginfo info;

	if (read(run->signals, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo != SIGCHLD)
		kill(run->child, (int)info.ssi_signo);
	else if (waitpid(run->child, &run->status, WNOHANG) == run->child)
		run->ended = true;
}

static void child_main(const struct run *run, char **argv, const int in[2],
                       const int out[2])
{
	int error;

	sigprocmask(SIG_SETMASK, &run->usual_mask, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (dup2(in[0], STDIN_FILENO) >= 0 && dup2(out[1], STDOUT_FILENO) >= 0)
		execvp(argv[0], argv);
	error = errno;
	fprintf(stderr, "gaitd-run: %s: %s\n", argv[0], strerror(error));
	_exit(error == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE);
}

static bool start_child(struct run *run, char **argv)
{
	int in[2], out[2];

	if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0)
		return false;
	/* A full-sized pipe would hold a minute of stale lines. */
	fcntl(in[1], F_SETPIPE_SZ, 4096);
	fflush(NULL);
	run->child = fork();
	if (run->child < 0)
		return false;
	if (run->child == 0)
		child_main(run, argv, in, out);
	close(in[0]);
	close(out[1]);
	run->to_child = in[1];
	run->from_child = out[0];
	return fcntl(in[1], F_SETFL, O_NONBLOCK) == 0 &&
	       fcntl(out[0], F_SETFL, O_NONBLOCK) == 0;
}

static bool watch_signals(struct run *run)
{
	static const int watched[] = { SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGQUIT };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(watched) / sizeof(watched[0]); i++)
		sigaddset(&set, watched[i]);
	signal(SIGPIPE, SIG_IGN);
	if (sigprocmask(SIG_BLOCK, &set, &run->usual_mask) < 0)
		return false;
	run->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return run->signals >= 0;
}

/* ---- the loop ---- */

/* The program's lines wait in its pipe until the daemon is there and has taken
 * those before. */
static void turn(struct run *run)
{
	bool open = gaitd_display_is_ready(run->display) &&
	            !(gaitd_display_events(run->display) & POLLOUT);
	struct pollfd fds[] = {
		{ .fd = run->signals, .events = POLLIN },
		{ .fd = gaitd_display_fd(run->display),
		  .events = gaitd_display_events(run->display) },
		{ .fd = open ? run->from_child : -1, .events = POLLIN },
		{ .fd = run->pending_length ? run->to_child : -1,
		  .events = POLLOUT },
	};

	if (poll(fds, 4, gaitd_display_timeout_ms(run->display)) < 0)
		return;
	if (fds[3].revents)
		flush_to_child(run);
	gaitd_display_process(run->display);
	if (fds[2].revents)
		read_child(run);
	if (fds[0].revents)
		take_signal(run);
}

/* What the program wrote last still goes out, if the daemon takes it. */
static void last_words(struct run *run)
{
	struct pollfd fd;

	while (run->from_child >= 0 && read_child(run))
		;
	fd = (struct pollfd){ .fd = gaitd_display_fd(run->display),
		              .events = POLLOUT };
	for (int ms = 0; ms < LAST_WORDS_MS; ms += 50) {
		if (!(gaitd_display_events(run->display) & POLLOUT))
			break;
		poll(&fd, 1, 50);
		gaitd_display_hold(run->display, true);
		gaitd_display_process(run->display);
	}
}

static int run_child(struct run *run, char **argv)
{
	static const struct gaitd_display_hooks hooks = {
		.state = on_state, .error = on_error, .line = on_line,
	};

	run->display = gaitd_display_new(&run->settings, &hooks, run);
	if (!run->display || !watch_signals(run) || !start_child(run, argv)) {
		fprintf(stderr, "gaitd-run: cannot start: %s\n", strerror(errno));
		return EXIT_FAILURE;
	}
	while (!run->ended)
		turn(run);
	last_words(run);
	gaitd_display_free(run->display);
	return shell_status(run->status);
}

/* ---- the command line ---- */
static void usage(FILE *out)
{
	fputs("Usage: gaitd-run [--socket PATH] [--name NAME] [--caps LIST] CMD...\n"
	      "Makes CMD, which reads and writes lines of gaitd-display(7), a display.\n"
	      "\n"
	      "  gaitd-run plugins/examples/hello.sh\n"
	      "  gaitd-run --name board --caps metrics,shown ./board.py /dev/ttyUSB0\n"
	      "\n"
	      "  --socket PATH  of gaitd (default: $GAITD_SOCKET, else the usual place)\n"
	      "  --name NAME    of the display (default: CMD without its directories)\n"
	      "  --caps LIST    of metrics, shown, input, personal\n"
	      "                 (default: metrics,shown,input)\n"
	      "  --help, --version\n", out);
}

static bool parse_caps(const char *list, uint32_t *caps)
{
	char words[128], *rest = words, *word;
	enum display_cap cap;

	snprintf(words, sizeof(words), "%s", list);
	*caps = 0;
	while ((word = strsep(&rest, ","))) {
		if (*word == '\0')
			continue;
		if (!display_cap_from_name(word, &cap)) {
			fprintf(stderr, "gaitd-run: --caps: no such word: %s; there are "
			        "metrics, shown, input and personal\n", word);
			return false;
		}
		*caps |= (uint32_t)cap;
	}
	return true;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The first word of CMD, or 0: said what there was to say, exit with *status */
static int parse(int argc, char **argv, struct gaitd_display_settings *settings,
                 int *status)
{
	static const struct option options[] = {
		{ "socket", required_argument, NULL, 's' },
		{ "name", required_argument, NULL, 'n' },
		{ "caps", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'v' },
		{ 0 },
	};
	int option;

	*status = EXIT_USAGE;
	while ((option = getopt_long(argc, argv, "+h", options, NULL)) != -1)
		switch (option) {
		case 's':
			settings->socket = optarg;
			break;
		case 'n':
			settings->name = optarg;
			break;
		case 'c':
			if (!parse_caps(optarg, &settings->caps))
				return 0;
			break;
		case 'h':
			usage(stdout);
			*status = EXIT_SUCCESS;
			return 0;
		case 'v':
			printf("gaitd-run %s\n", PACKAGE_VERSION);
			*status = EXIT_SUCCESS;
			return 0;
		default:
			fputs("Try gaitd-run --help\n", stderr);
			return 0;
		}
	if (optind < argc)
		return optind;
	usage(stderr);
	return 0;
}

int main(int argc, char **argv)
{
	struct run run = {
		.settings = { .version = PACKAGE_VERSION,
			      .caps = DISPLAY_CAP_METRICS | DISPLAY_CAP_SHOWN |
			              DISPLAY_CAP_INPUT },
		.to_child = -1, .from_child = -1,
	};
	int status;
	int first = parse(argc, argv, &run.settings, &status);

	if (!first)
		return status;
	if (!run.settings.name)
		run.settings.name = base_name(argv[first]);
	if (!*run.settings.name || strlen(run.settings.name) > NAME_MAX_OCTETS) {
		fprintf(stderr, "gaitd-run: --name: expected 1 to %d octets\n",
		        NAME_MAX_OCTETS);
		return EXIT_USAGE;
	}
	return run_child(&run, argv + first);
}
