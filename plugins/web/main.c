/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * gaitd-web: the console as a page for browsers.
 */
#include "config.h"
#include "plugins/web/guard.h"
#include "plugins/web/listen.h"
#include "plugins/web/server.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define LISTEN_DEFAULT "127.0.0.1:8417"

enum { EXIT_USAGE = 2, EXIT_CONFIGURATION = 3 };

struct options {
	const char *listen, *token_file, *socket, *name;
};

/* ---- the guard ---- */

/* False, and said, when the file is not one to trust. */
static bool read_token_file(const char *path, struct guard *guard)
{
	char text[GUARD_TOKEN_MOST + 16];
	struct stat what;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ssize_t length = -1;

	if (fd < 0 || fstat(fd, &what) != 0) {
		fprintf(stderr, "gaitd-web: --token-file: %s: %s\n", path, strerror(errno));
	} else if (!S_ISREG(what.st_mode) || what.st_mode & (S_IROTH | S_IWOTH | S_IWGRP)) {
		fprintf(stderr, "gaitd-web: --token-file: %s: it has to be a file that others "
		                "cannot read: chmod 0600 %s\n", path, path);
	} else {
		length = read(fd, text, sizeof(text));
		if (length < 0 || !guard_read_token(text, (size_t)length, guard->token)) {
			fprintf(stderr, "gaitd-web: --token-file: %s: %d to %d letters, digits "
			                "or ._~+/=- are expected, as "
			                "head -c 24 /dev/urandom | base64 makes them\n",
			        path, GUARD_TOKEN_LEAST, GUARD_TOKEN_MOST);
			length = -1;
		}
	}
	if (fd >= 0)
		close(fd);
	return length >= 0;
}

/* Of this process: 128 bits that no other page can guess */
static bool make_key(char key[40])
{
	unsigned char bytes[16];

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return false;
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(key + 2 * i, 3, "%02x", bytes[i]);
	return true;
}

/* An exit status, 0 to go on */
static int set_guard(struct guard *guard, const struct options *options,
                     const struct listen_place *place)
{
	if (options->token_file && !read_token_file(options->token_file, guard))
		return EXIT_CONFIGURATION;
	if (!place->loopback && !guard->token[0]) {
		fprintf(stderr, "gaitd-web: --listen %s can be reached from other machines: "
		                "give --token-file as well\n", options->listen);
		return EXIT_USAGE;
	}
	if (!make_key(guard->key)) {
		fprintf(stderr, "gaitd-web: no random numbers: %s\n", strerror(errno));
		return EXIT_FAILURE;
	}
	guard->any_address = !place->loopback;
	guard->any_host = place->address.ss_family == AF_UNIX && !guard->host_count;
	return EXIT_SUCCESS;
}

/* ---- the loop ---- */
static void on_signal(evutil_socket_t number, short what, void *user)
{
	(void)number;
	(void)what;
	event_base_loopbreak(user);
}

static int loop(struct event_base *base)
{
	struct event *interrupt = evsignal_new(base, SIGINT, on_signal, base);
	struct event *terminate = evsignal_new(base, SIGTERM, on_signal, base);
	int result = -1;

	if (interrupt && terminate && event_add(interrupt, NULL) == 0 &&
	    event_add(terminate, NULL) == 0)
		result = event_base_dispatch(base);
	if (interrupt)
		event_free(interrupt);
	if (terminate)
		event_free(terminate);
	return result;
}

static int serve(const struct options *options, const struct guard *guard,
                 const struct listen_place *place)
{
	struct server_settings settings = {
		.guard = guard, .socket = options->socket, .name = options->name,
	};
	struct event_base *base;
	struct server *server;
	char text[256];
	int result = -1;

	settings.listener = listen_open(place, text, sizeof(text));
	if (settings.listener < 0) {
		fprintf(stderr, "gaitd-web: --listen %s: %s\n", options->listen, text);
		return EXIT_FAILURE;
	}
	listen_url(place, settings.listener, text, sizeof(text));
	base = event_base_new();
	server = base ? server_new(base, &settings) : NULL;
	if (server) {
		printf("gaitd-web: listening on %s\n", text);
		fflush(stdout);
		result = loop(base);
	} else {
		fprintf(stderr, "gaitd-web: %s\n", strerror(errno));
	}
	server_free(server);
	if (base)
		event_base_free(base);
	listen_remove(place);
	return result < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* ---- the command line ---- */
static void usage(FILE *out)
{
	fputs("Usage: gaitd-web [--listen WHERE] [--token-file FILE] ...\n"
	      "The console of gaitd as a page for browsers.\n"
	      "\n"
	      "  gaitd-web                    then open http://" LISTEN_DEFAULT "/\n"
	      "  gaitd-web --listen 192.0.2.7:8417 --token-file /etc/gaitd/web.token\n"
	      "\n"
	      "  --listen WHERE     ADDRESS:PORT or unix:PATH (" LISTEN_DEFAULT ")\n"
	      "  --token-file FILE  what browsers have to show; needed off the loopback\n"
	      "  --host NAME        by which browsers may call us, beside addresses\n"
	      "  --socket PATH      of gaitd (default: $GAITD_SOCKET, else the usual place)\n"
	      "  --name NAME        that the configuration grants to (gaitd-web)\n"
	      "  --help, --version\n", out);
}

static bool add_host(struct guard *guard, const char *name)
{
	if (guard->host_count == GUARD_HOSTS_MAX) {
		fprintf(stderr, "gaitd-web: --host: at most %d are taken\n", GUARD_HOSTS_MAX);
		return false;
	}
	guard->hosts[guard->host_count++] = name;
	return true;
}

/* True to go on; else the exit status is in *status */
static bool parse(int argc, char **argv, struct options *options, struct guard *guard,
                  int *status)
{
	static const struct option known[] = {
		{ "listen", required_argument, NULL, 'l' },
		{ "token-file", required_argument, NULL, 't' },
		{ "host", required_argument, NULL, 'H' },
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
		case 'l':
			options->listen = optarg;
			break;
		case 't':
			options->token_file = optarg;
			break;
		case 'H':
			if (!add_host(guard, optarg))
				return false;
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
			printf("gaitd-web %s\n", PACKAGE_VERSION);
			*status = EXIT_SUCCESS;
			return false;
		default:
			fputs("Try gaitd-web --help\n", stderr);
			return false;
		}
	if (optind == argc)
		return true;
	fprintf(stderr, "gaitd-web: what is %s? Try gaitd-web --help\n", argv[optind]);
	return false;
}

int main(int argc, char **argv)
{
	struct options options = { .listen = LISTEN_DEFAULT, .name = "gaitd-web" };
	struct guard guard = { .host_count = 0 };
	struct listen_place place;
	char why[256];
	int status;

	if (!parse(argc, argv, &options, &guard, &status))
		return status;
	if (!listen_parse(options.listen, &place, why, sizeof(why))) {
		fprintf(stderr, "gaitd-web: --listen: %s\n", why);
		return EXIT_USAGE;
	}
	status = set_guard(&guard, &options, &place);
	if (status != EXIT_SUCCESS)
		return status;
	signal(SIGPIPE, SIG_IGN);
	return serve(&options, &guard, &place);
}
