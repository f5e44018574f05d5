/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl(1): asks a running gaitd, and checks files for it.
 */
#include <config.h>

#include "daemon/core/suggest.h"
#include "daemon/service/control.h"
#include "daemon/service/log.h"
#include "daemon/service/options.h"
#include "daemon/service/paths.h"
#include "daemon/service/rule_files.h"

#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define REPLY_TIMEOUT_S 10

static const char *asked_socket; /* --socket */
static bool as_json;             /* --json */

/* ---- asking the daemon --------------------------------------------------- */

/* A descriptor, or -1 with the status to exit with, and said. */
static int dial(int *status)
{
	static const struct timeval timeout = { REPLY_TIMEOUT_S, 0 };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char display[PATHS_SOCKET_MAX];
	int fd;

	*status = EXIT_USAGE;
	if (!paths_display_socket(asked_socket, NULL, display) ||
	    !paths_control_socket(display, NULL, address.sun_path))
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	*status = errno == EACCES ? EXIT_PERMISSION : EXIT_TEMPORARY;
	if (errno == EACCES)
		log_error("control", "%s: %s; be root, or of group gaitd", address.sun_path,
		          strerror(errno));
	else
		log_error("control",
		          "no gaitd at %s: %s. Start one (gaitd --simulate demo), or name "
		          "its socket with --socket",
		          address.sun_path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

/* One line, without its LF; false when it does not come whole. */
static bool read_line(int fd, char *line, size_t size)
{
	size_t length = 0;
	char *lf = NULL;

	while (!lf && length + 1 < size) {
		ssize_t n = recv(fd, line + length, size - 1 - length, 0);

		if (n <= 0)
			return false;
		length += (size_t)n;
		line[length] = '\0';
		lf = strchr(line, '\n');
	}
	if (lf)
		*lf = '\0';
	return lf != NULL;
}

/* The reply, or NULL with the status to exit with, and said. */
static json_t *ask(const char *cmd, int *status)
{
	char line[CONTROL_LINE_MAX + 1];
	int length = snprintf(line, sizeof(line), "{\"cmd\":\"%s\",\"id\":1}\n", cmd);
	int fd = dial(status);
	json_t *reply = NULL;

	if (fd < 0)
		return NULL;
	if (send(fd, line, (size_t)length, MSG_NOSIGNAL) == length &&
	    read_line(fd, line, sizeof(line)))
		reply = json_loads(line, 0, NULL);
	close(fd);
	*status = EXIT_TEMPORARY;
	if (!reply)
		log_error("control", "gaitd gave no answer to %s within %d s", cmd,
		          REPLY_TIMEOUT_S);
	return reply;
}

/* ---- text ---------------------------------------------------------------- */

/* Names are a plugin's, or a radio's: nothing of them may move a cursor. */
static const char *text(const json_t *object, const char *name)
{
	static char shown[4][256];
	static unsigned turn;
	const char *value = json_string_value(json_object_get(object, name));
	char *out = shown[turn++ % 4];

	log_escape(out, sizeof(shown[0]), value ? value : "?");
	return out;
}

static double number(const json_t *object, const char *name)
{
	return json_number_value(json_object_get(object, name));
}

static long long whole(const json_t *object, const char *name)
{
	return (long long)number(object, name);
}

static void print_duration(long long seconds)
{
	if (seconds >= 86400)
		printf("%lld d ", seconds / 86400);
	if (seconds >= 3600)
		printf("%lld h ", seconds / 3600 % 24);
	if (seconds >= 60)
		printf("%lld min ", seconds / 60 % 60);
	printf("%lld s", seconds % 60);
}

static void print_metrics(const json_t *metrics)
{
	static const struct {
		const char *name, *before;
		int decimals;
		const char *after;
	} rows[] = {
		{ "speed_kmh", "", 2, " km/h" },
		{ "incline_pct", "", 1, " %" },
		{ "cadence_spm", "", 0, " steps/min" },
		{ "target_spm", "target ", 0, "" },
		{ "step_m", "step ", 2, " m" },
		{ "heart_rate_bpm", "", 0, " bpm" },
	};
	const char *between = "";

	printf("now         ");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!json_object_get(metrics, rows[i].name))
			continue;
		printf("%s%s%.*f%s", between, rows[i].before, rows[i].decimals,
		       number(metrics, rows[i].name), rows[i].after);
		between = ", ";
	}
	if (json_object_get(metrics, "gait"))
		printf("%s%s", between, text(metrics, "gait"));
	printf("\n");
}

static void print_displays(const json_t *reply)
{
	json_t *list = json_object_get(reply, "displays"), *display, *cap;
	size_t i, j;

	printf("displays    %lld\n", whole(reply, "display_count"));
	json_array_foreach(list, i, display) {
		printf("  %s %s ", text(display, "name"), text(display, "version"));
		json_array_foreach(json_object_get(display, "caps"), j, cap)
			printf("%c%s", j ? ',' : '(', json_string_value(cap));
		printf("%s %lld sent, %lld dropped, %lld prompts shown\n", j ? ")" : "",
		       whole(display, "sent"), whole(display, "dropped"),
		       whole(display, "shown"));
	}
	if (whole(reply, "display_count") > (long long)json_array_size(list))
		printf("  and more\n");
}

static void print_status(const json_t *reply)
{
	const json_t *link = json_object_get(reply, "link");
	const json_t *session = json_object_get(reply, "session");

	printf("%s, process %lld, up ", text(reply, "daemon"), whole(reply, "pid"));
	print_duration(whole(reply, "uptime_s"));
	printf("\nsource      %s, at ", text(reply, "source"));
	print_duration(whole(reply, "source_s"));
	printf("; %lld events, %lld not understood\n", whole(reply, "events"),
	       whole(reply, "undecoded"));
	printf("treadmill   %s", text(link, "treadmill"));
	if (json_object_get(reply, "quirk"))
		printf(", quirk %s", text(reply, "quirk"));
	printf("\n");
	printf("foot pod    %s\n", text(link, "footpod"));
	printf("session     %s", text(session, "state"));
	if (json_object_get(session, "elapsed_s")) {
		printf(", ");
		print_duration(whole(session, "elapsed_s"));
	}
	if (json_object_get(session, "distance_m"))
		printf(", %lld m", whole(session, "distance_m"));
	printf("\n");
	print_metrics(json_object_get(reply, "metrics"));
	printf("rules       %lld\n", whole(reply, "rules"));
	if (json_object_get(reply, "recording"))
		printf("recording   %s\n", text(reply, "recording"));
	if (json_object_get(reply, "display_socket"))
		printf("socket      %s\n", text(reply, "display_socket"));
	print_displays(reply);
}

/* ---- commands ------------------------------------------------------------ */

/* Prints the reply as JSON, or by `print`; the status to exit with. */
static int show(const char *cmd, void (*print)(const json_t *reply))
{
	int status;
	json_t *reply = ask(cmd, &status);

	if (!reply)
		return status;
	status = json_is_true(json_object_get(reply, "ok")) ? EXIT_OK : EXIT_FAILED;
	if (as_json) {
		json_dumpf(reply, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
		printf("\n");
	} else if (status == EXIT_OK) {
		print(reply);
	} else {
		log_error("control", "%s", text(reply, "error"));
	}
	json_decref(reply);
	return status;
}

static int run_status(char **words)
{
	(void)words;
	return show("status", print_status);
}

static void print_reload(const json_t *reply)
{
	printf("reloaded: %lld rules\n", whole(reply, "rules"));
}

static int run_reload(char **words)
{
	(void)words;
	return show("reload", print_reload);
}

/* Each file is laid over all that gaitd would run by, and those before it. */
static int run_rules_check(char **words)
{
	for (size_t count = 1; words[count - 1]; count++) {
		struct ruleset rules = { NULL, 0 };
		struct ruleset_error error;

		if (!rule_files_load_all(&rules, (const char *const *)words, count, &error)) {
			log_error("rules", "%s: %s", error.where, error.message);
			return EXIT_CONFIGURATION;
		}
		printf("%s: ok\n", words[count - 1]);
		ruleset_free(&rules);
	}
	return EXIT_OK;
}

static const struct command {
	const char *name, *second; /* "rules" "check"; NULL: one word */
	const char *arguments;
	bool takes_words; /* at least one; else none */
	int (*run)(char **words);
	const char *help;
} commands[] = {
	{ "status", NULL, "[--json]", false, run_status,
	  "what gaitd sees, coaches and whom it shows it" },
	{ "reload", NULL, "[--wait]", false, run_reload,
	  "read rules and configuration anew; waits for the result" },
	{ "rules", "check", "FILE...", true, run_rules_check,
	  "check rule files, each laid over those before it" },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

/* ---- the command line ---------------------------------------------------- */

static const char help_head[] =
	"gaitctl asks a running gaitd.\n"
	"\n"
	"  gaitctl status                    links, session, displays\n"
	"  gaitctl status --json             the same for a program\n"
	"  gaitctl rules check my-rules.yaml whether a rule file is right\n"
	"  gaitctl reload --wait             have gaitd read it\n"
	"\n"
	"Commands:\n";

static const char help_tail[] =
	"\n"
	"Options:\n"
	"  --json                   print the reply as JSON\n"
	"  --wait                   wait for the result of a reload (it always does)\n"
	"  --socket PATH            the displays' socket of that gaitd; the control\n"
	"                           socket is beside it\n"
	"  --version                print the version and exit\n"
	"  --help                   print this and exit (-h)\n"
	"\n"
	"Exit status: 0 ok, 1 failure, 2 usage, 3 rule file, 5 permission,\n"
	"75 no gaitd there. Manual: gaitctl(1).\n";

static int print_help(void)
{
	fputs(help_head, stdout);
	for (size_t i = 0; i < COMMANDS; i++) {
		char usage[40];

		snprintf(usage, sizeof(usage), "%s%s%s %s", commands[i].name,
		         commands[i].second ? " " : "",
		         commands[i].second ? commands[i].second : "",
		         commands[i].arguments);
		printf("  %-24s %s\n", usage, commands[i].help);
	}
	fputs(help_tail, stdout);
	return EXIT_OK;
}

enum { OPTION_JSON = 1000, OPTION_WAIT, OPTION_SOCKET, OPTION_VERSION };

static const struct option long_options[] = {
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "wait", no_argument, NULL, OPTION_WAIT },
	{ "socket", required_argument, NULL, OPTION_SOCKET },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static const char *option_name(size_t index)
{
	return long_options[index].name;
}

static const char *command_name(size_t index)
{
	return index < COMMANDS ? commands[index].name : NULL;
}

static int refuse_option(int got, const char *word)
{
	const char *near = suggest(word + 2, strcspn(word + 2, "="), option_name);

	if (got == ':')
		log_error("usage", "%s needs a value", word);
	else if (optopt > 0 && optopt < OPTION_JSON)
		log_error("usage", "unknown option -%c (gaitctl --help lists them all)", optopt);
	else
		log_error("usage", "unknown option %s%s%s%s (gaitctl --help lists them all)",
		          word, near ? "; did you mean --" : "", near ? near : "",
		          near ? "?" : "");
	return EXIT_USAGE;
}

static int parse_options(int argc, char **argv)
{
	int got;

	opterr = 0;
	while ((got = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
		switch (got) {
		case OPTION_JSON:
			as_json = true;
			break;
		case OPTION_WAIT:
			break;
		case OPTION_SOCKET:
			asked_socket = optarg;
			break;
		case OPTION_VERSION:
			printf("gaitctl (%s)\n", PACKAGE_STRING);
			return EXIT_OK;
		case 'h':
			return print_help();
		case '?':
		case ':':
			return refuse_option(got, argv[optind - 1]);
		}
	}
	return EXIT_GO_ON;
}

static int unknown_command(const char *word)
{
	char hint[64];

	suggest_text(hint, sizeof(hint), word, strlen(word), command_name);
	log_error("usage", "unknown command \"%s\"%s (gaitctl --help lists them all)", word,
	          hint);
	return EXIT_USAGE;
}

static int run_command(char **words)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		const struct command *command = &commands[i];
		char **rest = words + 1;

		if (strcmp(words[0], command->name) != 0)
			continue;
		if (command->second && (!*rest || strcmp(*rest++, command->second) != 0)) {
			log_error("usage", "gaitctl %s goes on with \"%s\"", command->name,
			          command->second);
			return EXIT_USAGE;
		}
		if (command->takes_words == (*rest != NULL))
			return command->run(rest);
		log_error("usage", "gaitctl %s%s%s takes %s", command->name,
		          command->second ? " " : "", command->second ? command->second : "",
		          command->arguments);
		return EXIT_USAGE;
	}
	return unknown_command(words[0]);
}

int main(int argc, char **argv)
{
	int status;

	log_start("gaitctl");
	status = parse_options(argc, argv);
	if (status != EXIT_GO_ON)
		return status;
	if (optind == argc) {
		log_error("usage", "what shall it do? Try gaitctl status, or gaitctl --help");
		return EXIT_USAGE;
	}
	status = run_command(argv + optind);
	if (fflush(stdout) != 0 && status == EXIT_OK) {
		log_error("control", "standard output: %s", strerror(errno));
		status = EXIT_FAILED;
	}
	return status;
}
