/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * gaitd-mqtt: a console in its fleet, by a broker of MQTT.
 */
#include "config.h"
#include "plugins/mqtt/bridge.h"
#include "plugins/mqtt/claims.h"
#include "plugins/mqtt/say.h"

#include <ctype.h>
#include <errno.h>
#include <event2/event.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_USAGE = 2, EXIT_CONFIGURATION = 3, EXIT_PERMISSION = 5 };

#define FILE_MAX 65536
#define USUAL_FILE SYSCONFDIR "/mqtt.yaml"

struct arguments {
	const char *config, *check;
	struct bridge_options bridge;
};

/* ---- files ---------------------------------------------------------------- */

/* 0, or the status to exit with, and said; `text` is to be freed. */
static int read_file(const char *path, char **text, size_t *length)
{
	FILE *file = fopen(path, "re");
	int error = errno;

	*text = file ? malloc(FILE_MAX + 1) : NULL;
	*length = *text ? fread(*text, 1, FILE_MAX + 1, file) : 0;
	if (file && !*text)
		error = ENOMEM;
	else if (file && ferror(file))
		error = EIO;
	else if (file)
		error = *length > FILE_MAX ? EFBIG : 0;
	if (file)
		fclose(file);
	if (!error && *text) {
		(*text)[*length] = '\0';
		return 0;
	}
	say("%s: %s%s", path, strerror(error),
	    error == ENOENT ? "; gaitd-mqtt(1) has an example" : "");
	free(*text);
	*text = NULL;
	return error == EACCES ? EXIT_PERMISSION : EXIT_CONFIGURATION;
}

/* This computer's, as far as it goes as one */
static void default_console(struct settings *settings)
{
	char name[SETTINGS_NAME_MAX] = "";
	size_t length;

	gethostname(name, sizeof(name) - 1);
	length = strcspn(name, ".");
	name[length] = '\0';
	for (size_t i = 0; i < length; i++)
		name[i] = (char)tolower((unsigned char)name[i]);
	if (settings_is_name(name))
		snprintf(settings->console, sizeof(settings->console), "%s", name);
}

static int read_settings(const char *path, struct settings *settings)
{
	struct settings_fault fault;
	char *text;
	size_t length;
	int status = read_file(path, &text, &length);

	if (status)
		return status;
	settings_init(settings);
	default_console(settings);
	if (!settings_read(settings, path, text, length, &fault) ||
	    !settings_complete(settings, path, &fault)) {
		say("%s: %s", fault.where, fault.message);
		status = EXIT_CONFIGURATION;
	}
	free(text);
	return status;
}

/* The first line of a file, "" : NULL */
static int read_secret(const char *path, char **secret)
{
	size_t length;
	int status;

	*secret = NULL;
	if (!*path)
		return 0;
	status = read_file(path, secret, &length);
	if (!status)
		(*secret)[strcspn(*secret, "\r\n")] = '\0';
	return status;
}

static int read_key(const struct settings *settings, char **key)
{
	int status = read_secret(settings->pods.key_file, key);

	if (status || !*key || (strlen(*key) >= CLAIM_KEY_MIN && strlen(*key) < 128))
		return status;
	say("%s: expected a line of 16 to 127 octets, as \"openssl rand -hex 32\" makes one",
	    settings->pods.key_file);
	return EXIT_CONFIGURATION;
}

static void drop_secret(char *secret)
{
	if (secret)
		explicit_bzero(secret, strlen(secret));
	free(secret);
}

/* As libmosquitto would find out later, and again and again */
static int check_readable(const struct settings *settings)
{
	const char *const paths[] = { settings->broker.ca, settings->broker.certificate,
		                      settings->broker.key, settings->pods.key_file };

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (*paths[i] && access(paths[i], R_OK) < 0) {
			say("%s: %s; it must be readable by who runs this", paths[i],
			    strerror(errno));
			return errno == EACCES ? EXIT_PERMISSION : EXIT_CONFIGURATION;
		}
	}
	return 0;
}

/* ---- the loop --------------------------------------------------------------- */

static void on_signal(evutil_socket_t number, short what, void *user)
{
	(void)number;
	(void)what;
	event_base_loopbreak(user);
}

static int run(const struct settings *settings, const struct bridge_options *options)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	struct event *signals[3] = { NULL, NULL, NULL };
	struct event_base *base = event_base_new();
	struct bridge *bridge;

	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; base && i < 3; i++) {
		signals[i] = evsignal_new(base, numbers[i], on_signal, base);
		if (signals[i])
			event_add(signals[i], NULL);
	}
	bridge = base ? bridge_new(base, settings, options) : NULL;
	if (bridge)
		event_base_dispatch(base);
	if (!bridge_free(bridge))
		_exit(EXIT_SUCCESS); /* nothing is under way but a question to the resolver */
	for (size_t i = 0; i < 3; i++) {
		if (signals[i])
			event_free(signals[i]);
	}
	if (base)
		event_base_free(base);
	return bridge ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* ---- the command line --------------------------------------------------------- */

static void usage(FILE *out)
{
	fputs("Usage: gaitd-mqtt [--config FILE] [--socket PATH] [--name NAME]\n"
	      "       gaitd-mqtt --check-config FILE\n"
	      "A console in its fleet: status, state and events go to a broker of MQTT.\n"
	      "\n"
	      "  gaitd-mqtt --config gym.yaml --socket /tmp/demo.sock\n"
	      "\n"
	      "  --config FILE        broker, site and so on (" USUAL_FILE ")\n"
	      "  --check-config FILE  says whether it is right, and no more\n"
	      "  --socket PATH        of gaitd (default: $GAITD_SOCKET, else the usual place)\n"
	      "  --name NAME          that gaitd logs (gaitd-mqtt)\n"
	      "  --help, --version\n", out);
}

/* True to go on; else the exit status is in *status */
static bool parse(int argc, char **argv, struct arguments *arguments, int *status)
{
	static const struct option known[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "check-config", required_argument, NULL, 'k' },
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
		case 'c':
			arguments->config = optarg;
			break;
		case 'k':
			arguments->check = optarg;
			break;
		case 's':
			arguments->bridge.socket = optarg;
			break;
		case 'n':
			arguments->bridge.name = optarg;
			break;
		case 'h':
			usage(stdout);
			*status = EXIT_SUCCESS;
			return false;
		case 'v':
			printf("gaitd-mqtt %s\n", PACKAGE_VERSION);
			*status = EXIT_SUCCESS;
			return false;
		default:
			fputs("Try gaitd-mqtt --help\n", stderr);
			return false;
		}
	if (optind == argc)
		return true;
	fprintf(stderr, "gaitd-mqtt: what is %s? Try gaitd-mqtt --help\n", argv[optind]);
	return false;
}

/* Where events are kept: as the file says, else as systemd does, else nowhere */
static const char *spool_of(const struct settings *settings)
{
	const char *given = getenv("STATE_DIRECTORY");

	return *settings->spool.directory ? settings->spool.directory : given ? given : "";
}

int main(int argc, char **argv)
{
	struct arguments arguments = { .config = USUAL_FILE, .bridge.name = "gaitd-mqtt" };
	struct settings settings;
	char *password = NULL, *key = NULL;
	int status;

	if (!parse(argc, argv, &arguments, &status))
		return status;
	status = read_settings(arguments.check ? arguments.check : arguments.config, &settings);
	if (status)
		return status;
	if (arguments.check) {
		printf("%s: ok\n", arguments.check);
		return EXIT_SUCCESS;
	}
	status = check_readable(&settings);
	if (!status)
		status = read_secret(settings.broker.password_file, &password);
	if (!status)
		status = read_key(&settings, &key);
	if (!status) {
		arguments.bridge.key = key;
		arguments.bridge.spool = spool_of(&settings);
		arguments.bridge.password = password;
		status = run(&settings, &arguments.bridge);
	}
	drop_secret(password);
	drop_secret(key);
	return status;
}
