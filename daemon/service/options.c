/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "daemon/service/options.h"

#include "daemon/rules/suggest.h"
#include "daemon/service/log.h"
#include "daemon/service/paths.h"
#include "daemon/sources/player.h"
#include "protocol/display.h"

#include <errno.h>
#include <event2/event.h>
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOKEN "usage"
#ifdef WITH_BLUETOOTH
#define BLUETOOTH_SOURCE ", bluetooth"
#else
#define BLUETOOTH_SOURCE ""
#endif
#ifdef WITH_USB
#define ANT_SOURCE ", ant"
#else
#define ANT_SOURCE ""
#endif
#define SPEED_MIN 0.1
#define SPEED_MAX 1e6

/* Each takes its value; false, and said, if it is none. */
typedef bool (*take_fn)(struct options *options, const char *value);

static bool take_config(struct options *o, const char *value)
{
	o->config = value;
	return true;
}

static bool take_rules(struct options *o, const char *value)
{
	if (o->rule_count == OPTIONS_RULES_MAX) {
		log_error(TOKEN, "--rules is given more than %d times; join the files",
		          OPTIONS_RULES_MAX);
		return false;
	}
	o->rules[o->rule_count++] = value;
	return true;
}

static bool take_check_config(struct options *o, const char *value)
{
	o->check_config = value;
	return true;
}

static bool take_dump_config(struct options *o, const char *value)
{
	(void)value;
	o->dump_config = true;
	return true;
}

static bool take_simulate(struct options *o, const char *value)
{
	o->simulate = value;
	return true;
}

static bool take_seed(struct options *o, const char *value)
{
	char *end;

	errno = 0;
	o->seed = strtoull(value, &end, 10);
	o->has_seed = true;
	if (*value >= '0' && *value <= '9' && *end == '\0' && errno == 0)
		return true;
	log_error(TOKEN, "--seed %s: expected a whole number", value);
	return false;
}

static bool take_replay(struct options *o, const char *value)
{
	o->replay = value;
	return true;
}

static bool take_speed(struct options *o, const char *value)
{
	char *end;

	if (strcmp(value, "max") == 0) {
		o->speed = PLAYER_MAX;
		return true;
	}
	o->speed = strtod(value, &end);
	if (end != value && *end == '\0' && o->speed >= SPEED_MIN &&
	    o->speed <= SPEED_MAX)
		return true;
	log_error(TOKEN, "--speed %s: expected max, or a number from %g to %g", value,
	          SPEED_MIN, SPEED_MAX);
	return false;
}

static bool take_record(struct options *o, const char *value)
{
	o->record = value;
	return true;
}

static bool take_prompts(struct options *o, const char *value)
{
	o->prompts = value;
	return true;
}

static bool take_metrics(struct options *o, const char *value)
{
	(void)value;
	o->metrics = true;
	return true;
}

static bool take_socket(struct options *o, const char *value)
{
	o->socket = value;
	return true;
}

static bool take_instance(struct options *o, const char *value)
{
	(void)o;
	return paths_set_instance(value);
}

static const char examples[] =
	"gaitd reads a treadmill and a foot pod and tells displays what helps a\n"
	"runner's back. It stays in the foreground; end it with Ctrl-C.\n"
	"\n"
	"  gaitd --simulate demo             a simulated run, for any display to show\n"
	"  gaitd-terminal                    a display for it, in another terminal\n"
	"  gaitd --replay run.rec --speed max --prompts -\n"
	"                                    the prompts of a recorded run, at once\n"
	"  gaitd --simulate demo --record run.rec\n"
	"                                    records what it is told\n"
	"  gaitd --check-config /etc/gaitd/gaitd.yaml\n"
	"                                    says whether a configuration is right\n"
	"\n"
	"Options:\n";

static const char epilogue[] =
	"\n"
	"Sockets: --socket, else the instance's, else $GAITD_SOCKET, else\n"
	"display.socket of the configuration, else $XDG_RUNTIME_DIR/gaitd/display.sock\n"
	"or, for root, /run/gaitd/display.sock.\n"
	"Exit status: 0 ok, 1 failure, 2 usage, 3 configuration, 4 no hardware,\n"
	"5 permission, 75 temporary. Manual: gaitd(8), gaitd.yaml(5), gaitd-rules(5).\n";

static bool print_help(struct options *o, const char *value);
static bool print_version(struct options *o, const char *value);

static const struct option_row {
	const char *name;
	const char *argument; /* NULL: takes none */
	take_fn take;
	const char *help;
} rows[] = {
	{ "config", "FILE", take_config, "read FILE alone, over the built-in defaults" },
	{ "rules", "FILE", take_rules, "lay a rule file over the others; may be repeated" },
	{ "check-config", "FILE", take_check_config, "check a configuration and exit" },
	{ "dump-config", NULL, take_dump_config, "print the merged configuration and exit" },
	{ "simulate", "SCENARIO", take_simulate, "play a simulated run; \"list\" lists them" },
	{ "seed", "N", take_seed, "another simulated run of the kind" },
	{ "replay", "FILE", take_replay, "play a recording; - is standard input" },
	{ "speed", "N|max", take_speed, "times real time (1)" },
	{ "record", "FILE", take_record, "record what the devices and displays say" },
	{ "prompts", "FILE", take_prompts, "write prompts as JSON lines; - is standard output" },
	{ "metrics", NULL, take_metrics, "write metrics there, too" },
	{ "socket", "PATH", take_socket, "the displays' socket" },
	{ "instance", "NAME", take_instance, "one of several here: its sockets, state, NAME.yaml" },
	{ "version", NULL, print_version, "print version, libraries and protocols, and exit" },
	{ "help", NULL, print_help, "print this and exit (-h)" },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static bool print_help(struct options *o, const char *value)
{
	(void)o;
	(void)value;
	fputs(examples, stdout);
	for (size_t i = 0; i < ROWS; i++) {
		char option[40];

		snprintf(option, sizeof(option), "--%s%s%s", rows[i].name,
		         rows[i].argument ? " " : "",
		         rows[i].argument ? rows[i].argument : "");
		printf("  %-24s %s\n", option, rows[i].help);
	}
	fputs(epilogue, stdout);
	return true;
}

static bool print_version(struct options *o, const char *value)
{
	(void)o;
	(void)value;
	printf("%s\n", PACKAGE_STRING);
	printf("libraries: libevent %s, jansson %s\n", event_get_version(),
	       jansson_version_str());
	printf("sources: replay, simulate%s%s\n", BLUETOOTH_SOURCE, ANT_SOURCE);
	printf("protocols: display %d, control 1, recording 1\n",
	       DISPLAY_PROTOCOL_VERSION);
	return true;
}

static const char *option_name(size_t index)
{
	return index < ROWS ? rows[index].name : NULL;
}

#define LONG_OPTION 1000 /* + index: what getopt returns for a row */

static void fill_long_options(struct option *options)
{
	memset(options, 0, (ROWS + 1) * sizeof(*options));
	for (int i = 0; i < (int)ROWS; i++) {
		options[i].name = rows[i].name;
		options[i].has_arg = rows[i].argument ? required_argument : no_argument;
		options[i].val = LONG_OPTION + i;
	}
}

/* `word` is what stands behind the dashes. */
static void say_unknown(const char *word)
{
	size_t length = strcspn(word, "=");
	const char *near = suggest(word, length, option_name);
	int begun = 0;

	for (size_t i = 0; i < ROWS; i++)
		begun += strncmp(rows[i].name, word, length) == 0;
	log_error(TOKEN, "%s option --%.*s%s%s%s (gaitd --help lists them all)",
	          begun > 1 ? "ambiguous" : "unknown", (int)length, word,
	          near ? "; did you mean --" : "", near ? near : "", near ? "?" : "");
}

/* What getopt refused: it has moved on behind a long option, not a short one. */
static void say_refused(int got, const char *word)
{
	const struct option_row *row =
		optopt >= LONG_OPTION ? &rows[optopt - LONG_OPTION] : NULL;

	if (row && got == ':')
		log_error(TOKEN, "--%s needs a %s", row->name, row->argument);
	else if (row)
		log_error(TOKEN, "--%s takes no value", row->name);
	else if (optopt)
		log_error(TOKEN, "unknown option -%c (gaitd --help lists them all)", optopt);
	else
		say_unknown(word + 2);
}

/* Options that only make sense beside another one, or without one */
static bool check_together(const struct options *o)
{
	const char *fault = NULL;

	if (o->simulate && o->replay)
		fault = "--simulate and --replay: choose one, there is one treadmill";
	else if (o->has_seed && !o->simulate)
		fault = "--seed is for a simulation; add --simulate SCENARIO";
	else if (o->metrics && !o->prompts)
		fault = "--metrics adds to the prompts' file; add --prompts FILE";
	else if (o->speed != 1 && !o->simulate && !o->replay)
		fault = "--speed is for --replay FILE and --simulate SCENARIO; "
			"real runs go at their own";
	else if (o->record && o->prompts && strcmp(o->record, "-") == 0 &&
	         strcmp(o->prompts, "-") == 0)
		fault = "--record - and --prompts -: only one can have standard output";
	if (fault)
		log_error(TOKEN, "%s", fault);
	return !fault;
}

/* All is done once it is printed. */
static bool only_prints(take_fn take)
{
	return take == print_help || take == print_version;
}

int options_parse(struct options *options, int argc, char **argv)
{
	struct option long_options[ROWS + 1];
	int got;

	*options = (struct options){ .speed = 1 };
	fill_long_options(long_options);
	opterr = 0;
	optind = 0; /* a test parses more than once */
	while ((got = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
		if (got == 'h') {
			print_help(options, NULL);
			return EXIT_OK;
		}
		if (got == '?' || got == ':') {
			say_refused(got, argv[optind - 1]);
			return EXIT_USAGE;
		}
		if (!rows[got - LONG_OPTION].take(options, optarg))
			return EXIT_USAGE;
		if (only_prints(rows[got - LONG_OPTION].take))
			return EXIT_OK;
	}
	if (optind < argc) {
		log_error(TOKEN, "unexpected \"%s\"; gaitd takes options only, gaitd --help "
		                 "lists them all",
		          argv[optind]);
		return EXIT_USAGE;
	}
	return check_together(options) ? EXIT_GO_ON : EXIT_USAGE;
}
