/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl(1): asks a running gaitd, and checks files for it. The command line;
 * what a command does is in a file of its own.
 */
#include <config.h>

#include "daemon/gaitctl/gaitctl.h"

#include "daemon/rules/suggest.h"
#include "daemon/service/log.h"
#include "daemon/service/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

static const struct command {
	const char *name, *second; /* "rules" "check"; NULL: one word */
	const char *arguments;
	enum { WORDS_NONE, WORDS_SOME, WORDS_ANY } words;
	int (*run)(char **words);
	const char *help;
} commands[] = {
	{ "conform", NULL, "[--list] -- CMD...", WORDS_ANY, gaitctl_conform,
	  "whether a display keeps to gaitd-display(7), as TAP" },
	{ "doctor", NULL, "[--json]", WORDS_NONE, gaitctl_doctor,
	  "look for what is wrong, and say what to do" },
	{ "status", NULL, "[--json]", WORDS_NONE, gaitctl_status,
	  "what gaitd sees, coaches and whom it shows it" },
	{ "reload", NULL, "[--wait]", WORDS_NONE, gaitctl_reload,
	  "read rules and configuration anew; waits for the result" },
	{ "rules", "check", "FILE...", WORDS_SOME, gaitctl_rules_check,
	  "check rule files, each laid over those before it" },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

/* ---- the command line ---------------------------------------------------- */

static const char help_head[] =
	"gaitctl asks a running gaitd.\n"
	"\n"
	"  gaitctl status                    links, session, displays\n"
	"  gaitctl status --json             the same for a program\n"
	"  gaitctl doctor                    why there is no treadmill\n"
	"  gaitctl rules check my-rules.yaml whether a rule file is right\n"
	"  gaitctl reload --wait             have gaitd read it\n"
	"\n"
	"Commands:\n";

static const char help_tail[] =
	"\n"
	"Options:\n"
	"  --json                   print the reply as JSON\n"
	"  --list                   name the checks of conform\n"
	"  --verbose                let through what a display under test prints\n"
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

enum { OPTION_JSON = 1000, OPTION_LIST, OPTION_VERBOSE, OPTION_WAIT, OPTION_SOCKET, OPTION_VERSION };

static const struct option long_options[] = {
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "list", no_argument, NULL, OPTION_LIST },
	{ "verbose", no_argument, NULL, OPTION_VERBOSE },
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
			gaitctl.as_json = true;
			break;
		case OPTION_LIST:
			gaitctl.list = true;
			break;
		case OPTION_VERBOSE:
			gaitctl.verbose = true;
			break;
		case OPTION_WAIT:
			break;
		case OPTION_SOCKET:
			gaitctl.socket = optarg;
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
		if (command->words == WORDS_ANY ||
		    (command->words == WORDS_SOME) == (*rest != NULL))
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
