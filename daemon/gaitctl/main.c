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
#include "daemon/service/paths.h"
#include "daemon/sessions/trend.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct command {
	const char *name, *second; /* "rules" "check"; NULL: one word */
	const char *arguments;
	enum { WORDS_NONE, WORDS_SOME, WORDS_ANY } words;
	int (*run)(char **words);
	const char *help;
} commands[] = {
	{ "anonymise", NULL, "FILE.rec", WORDS_SOME, gaitctl_anonymise,
	  "a recording without whose it is" },
	{ "conform", NULL, "[--list] -- CMD...", WORDS_ANY, gaitctl_conform,
	  "whether a display keeps to gaitd-display(7), as TAP" },
	{ "doctor", NULL, "[--json]", WORDS_NONE, gaitctl_doctor,
	  "look for what is wrong, and say what to do" },
	{ "export", NULL, "[ID] --format FORMAT", WORDS_ANY, gaitctl_export,
	  "a session as a file for others: fit, tcx, csv" },
	{ "forget", NULL, "--all | KIND", WORDS_ANY, gaitctl_forget,
	  "undo a pairing; or all: devices, runners, sessions" },
	{ "health", NULL, "[--idle] [--wait S]", WORDS_NONE, gaitctl_health,
	  "whether it works; or whether a restart disturbs nobody" },
	{ "history", NULL, "[--runner NAME] [--json]", WORDS_NONE, gaitctl_history,
	  "the sessions that are kept" },
	{ "import", NULL, "CAPTURE", WORDS_SOME, gaitctl_import,
	  "a recording out of what a sniffer or phone captured" },
	{ "metrics", NULL, "[-o FILE]", WORDS_NONE, gaitctl_metrics,
	  "how it fares, for Prometheus" },
	{ "pair", "treadmill", "[ADDRESS]", WORDS_ANY, gaitctl_pair_treadmill,
	  "find the treadmill that follows two speeds" },
	{ "pair", "footpod", "[ID]", WORDS_ANY, gaitctl_pair_footpod,
	  "find the foot pod that goes with the belt" },
	{ "pair", "strap", "ID", WORDS_SOME, gaitctl_pair_strap,
	  "the heart-rate strap of this place" },
	{ "prompt", NULL, "--test [--json]", WORDS_NONE, gaitctl_prompt,
	  "show a prompt of each level on the displays" },
	{ "report", NULL, "[FILE]", WORDS_ANY, gaitctl_report,
	  "what a bug report needs, without whose it is" },
	{ "runner", "add", "NAME [KEY=VALUE...]", WORDS_SOME, gaitctl_runner_add,
	  "remember a runner: his profile, and his sessions" },
	{ "runner", "export", "NAME [-o FILE]", WORDS_SOME, gaitctl_runner_export,
	  "all that is kept of a runner, as JSON" },
	{ "runner", "forget", "NAME", WORDS_SOME, gaitctl_runner_forget,
	  "a runner and all that is kept of him" },
	{ "runner", "list", "[--json]", WORDS_NONE, gaitctl_runner_list,
	  "who is remembered" },
	{ "runner", "set", "NAME [KEY=VALUE...]", WORDS_SOME, gaitctl_runner_set,
	  "change what a runner told of himself" },
	{ "runner", "show", "NAME", WORDS_SOME, gaitctl_runner_show,
	  "what a runner told, and what his sessions tell" },
	{ "runner", "start", "NAME", WORDS_SOME, gaitctl_runner_start,
	  "it is he who runs, until his session ends" },
	{ "runner", "stop", "", WORDS_NONE, gaitctl_runner_stop,
	  "nobody known runs" },
	{ "scan", NULL, "[--json]", WORDS_NONE, gaitctl_scan,
	  "which devices are near" },
	{ "share", NULL, "FILE.rec", WORDS_SOME, gaitctl_share,
	  "the same, and how it becomes a test of a bug" },
	{ "status", NULL, "[--json]", WORDS_NONE, gaitctl_status,
	  "what gaitd sees, coaches and whom it shows it" },
	{ "summary", NULL, "[NUMBER] [--trend]", WORDS_ANY, gaitctl_summary,
	  "a session summed up: text, --json, --html FILE" },
	{ "reload", NULL, "[--wait]", WORDS_NONE, gaitctl_reload,
	  "read rules and configuration anew; waits for the result" },
	{ "restart", NULL, "[--json]", WORDS_NONE, gaitctl_restart,
	  "start gaitd anew, once nobody runs" },
	{ "rules", "check", "FILE...", WORDS_SOME, gaitctl_rules_check,
	  "check rule files, each laid over those before it" },
	{ "rules", "explain", "ID...", WORDS_SOME, gaitctl_rules_explain,
	  "a rule in words" },
	{ "rules", "list", "[--json]", WORDS_NONE, gaitctl_rules_list,
	  "all rules, with level and strength" },
	{ "top", NULL, "[--once] [--json]", WORDS_NONE, gaitctl_top,
	  "rates, delays, links, displays and rules, as they go" },
	{ "rules", "why", "FILE.rec [ID...]", WORDS_SOME, gaitctl_rules_why,
	  "what each rule made of a second of a recording" },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

/* ---- the command line ---------------------------------------------------- */

static const char help_head[] =
	"gaitctl asks a running gaitd.\n"
	"\n"
	"  gaitctl status                    links, session, displays\n"
	"  gaitctl status --json             the same for a program\n"
	"  gaitctl doctor                    why there is no treadmill\n"
	"  gaitctl pair treadmill            which of them is mine\n"
	"  gaitctl rules check my-rules.yaml whether a rule file is right\n"
	"  gaitctl rules explain cadence-low what a rule does\n"
	"  gaitctl rules why run.rec --at 372\n"
	"                                    why a rule spoke then, or did not\n"
	"  gaitctl reload --wait             have gaitd read it\n"
	"  gaitctl health --wait 60          whether an update is good\n"
	"  gaitctl export --recording run.rec --format fit\n"
	"                                    the run as a file for training logs\n"
	"  gaitctl runner add Ada --height 1.75\n"
	"                                    remember her, and her runs\n"
	"  gaitctl history --runner Ada      her runs\n"
	"  gaitctl summary --html run.html   how the last run was, with charts\n"
	"  gaitctl import btsnoop_hci.log -o run.rec\n"
	"                                    what a phone heard of a treadmill\n"
	"\n"
	"Commands:\n";

static const char help_tail[] =
	"\n"
	"Options:\n"
	"  --json                   print the reply as JSON\n"
	"  --html FILE              summary: a page with charts (\"-\": standard output)\n"
	"  --recording FILE         summary, export: the session in a recording\n"
	"  --trend                  summary: the runner's weeks instead\n"
	"  --weeks N                how many, up to this one (12)\n"
	"  --all                    forget everything; export: all of a --runner\n"
	"  --runner NAME            history, summary, export: of him alone\n"
	"  --pin                    runner add, set: read a PIN, for displays\n"
	"  --pod ID                 runner add, set: the foot pod that is his alone\n"
	"  --height M               runner add, set: as height_m=M\n"
	"  --exports DIR            runner add, set: a folder that is his, noted\n"
	"  --units km|mi            what the treadmill's console shows, for pair\n"
	"  --list                   name the checks of conform\n"
	"  --test                   what prompt shows is a test and nothing else\n"
	"  --verbose                let through what a display under test prints\n"
	"  --wait                   wait for the result of a reload (it always does)\n"
	"  --wait SECONDS           health: ask until all is well, so long at most\n"
	"  --once                   top: print it once\n"
	"  --idle                   health: whether no belt moves and nobody runs\n"
	"  --yes                    pair footpod: do not ask, keep what is found\n"
	"  --config FILE            rules, doctor, report: this configuration alone\n"
	"  --rules FILE             rules laid over the others; may be repeated\n"
	"  --format fit|tcx|csv     export: what is written\n"
	"  --output FILE            export, import, metrics, share: written to (-o); of\n"
	"                           export a directory has it named in it\n"
	"  --start TIME             export: when it began, as in 2026-11-30T06:30:00+01:00\n"
	"  --at T                   rules why: seconds of the recording, or m:ss; share,\n"
	"                           anonymise: what comes a minute behind it is left out\n"
	"  --keep-profile           share, anonymise: keep what is known of the runner\n"
	"  --handle UUID=HANDLE     import: what a handle is, as in 2acd=0x0023, where the\n"
	"                           capture does not tell; may be repeated\n"
	"  --cadence-unit UNIT      import: what a FIT or TCX file counts, strides or steps\n"
	"  --discovery CAPTURE      import: another capture of the device, that tells\n"
	"  --treadmill ADDRESS      import: this treadmill of several\n"
	"  --footpod ID             import: this foot pod of several, by address or by its\n"
	"                           ANT number\n"
	"  --socket PATH            the displays' socket of that gaitd; the control\n"
	"                           socket is beside it\n"
	"  --instance NAME          the gaitd that runs as gaitd@NAME.service\n"
	"  --version                print the version and exit\n"
	"  --help                   print this and exit (-h)\n"
	"\n"
	"Exit status: 0 ok, 1 failure, 2 usage, 3 rule file, 5 permission,\n"
	"75 no gaitd there. Manual: gaitctl(1).\n";

static int print_help(void)
{
	fputs(help_head, stdout);
	for (size_t i = 0; i < COMMANDS; i++) {
		char usage[48];

		snprintf(usage, sizeof(usage), "%s%s%s %s", commands[i].name,
		         commands[i].second ? " " : "",
		         commands[i].second ? commands[i].second : "",
		         commands[i].arguments);
		printf("  %-26s %s\n", usage, commands[i].help);
	}
	fputs(help_tail, stdout);
	return EXIT_OK;
}

enum {
	OPTION_JSON = 1000,
	OPTION_ALL,
	OPTION_IDLE,
	OPTION_HTML,
	OPTION_INSTANCE,
	OPTION_KEEP_PROFILE,
	OPTION_LIST,
	OPTION_ONCE,
	OPTION_RECORDING,
	OPTION_TREND,
	OPTION_WEEKS,
	OPTION_TEST,
	OPTION_UNITS,
	OPTION_VERBOSE,
	OPTION_WAIT,
	OPTION_YES,
	OPTION_RUNNER,
	OPTION_PIN,
	OPTION_POD,
	OPTION_HEIGHT,
	OPTION_EXPORTS,
	OPTION_CONFIG,
	OPTION_CADENCE_UNIT,
	OPTION_DISCOVERY,
	OPTION_FOOTPOD,
	OPTION_FORMAT,
	OPTION_HANDLE,
	OPTION_RULES,
	OPTION_START,
	OPTION_AT,
	OPTION_SOCKET,
	OPTION_TREADMILL,
	OPTION_VERSION,
};

static const struct option long_options[] = {
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "all", no_argument, NULL, OPTION_ALL },
	{ "html", required_argument, NULL, OPTION_HTML },
	{ "recording", required_argument, NULL, OPTION_RECORDING },
	{ "trend", no_argument, NULL, OPTION_TREND },
	{ "weeks", required_argument, NULL, OPTION_WEEKS },
	{ "units", required_argument, NULL, OPTION_UNITS },
	{ "runner", required_argument, NULL, OPTION_RUNNER },
	{ "pin", no_argument, NULL, OPTION_PIN },
	{ "pod", required_argument, NULL, OPTION_POD },
	{ "height", required_argument, NULL, OPTION_HEIGHT },
	{ "exports", required_argument, NULL, OPTION_EXPORTS },
	{ "idle", no_argument, NULL, OPTION_IDLE },
	{ "instance", required_argument, NULL, OPTION_INSTANCE },
	{ "keep-profile", no_argument, NULL, OPTION_KEEP_PROFILE },
	{ "list", no_argument, NULL, OPTION_LIST },
	{ "once", no_argument, NULL, OPTION_ONCE },
	{ "test", no_argument, NULL, OPTION_TEST },
	{ "verbose", no_argument, NULL, OPTION_VERBOSE },
	{ "wait", optional_argument, NULL, OPTION_WAIT },
	{ "yes", no_argument, NULL, OPTION_YES },
	{ "config", required_argument, NULL, OPTION_CONFIG },
	{ "cadence-unit", required_argument, NULL, OPTION_CADENCE_UNIT },
	{ "discovery", required_argument, NULL, OPTION_DISCOVERY },
	{ "footpod", required_argument, NULL, OPTION_FOOTPOD },
	{ "format", required_argument, NULL, OPTION_FORMAT },
	{ "handle", required_argument, NULL, OPTION_HANDLE },
	{ "output", required_argument, NULL, 'o' },
	{ "rules", required_argument, NULL, OPTION_RULES },
	{ "start", required_argument, NULL, OPTION_START },
	{ "at", required_argument, NULL, OPTION_AT },
	{ "socket", required_argument, NULL, OPTION_SOCKET },
	{ "treadmill", required_argument, NULL, OPTION_TREADMILL },
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

static int take_rules(const char *file)
{
	if (gaitctl.rule_count == OPTIONS_RULES_MAX) {
		log_error("usage", "--rules at most %d times", OPTIONS_RULES_MAX);
		return EXIT_USAGE;
	}
	gaitctl.rules[gaitctl.rule_count++] = file;
	return EXIT_GO_ON;
}

static int take_handle(const char *handle)
{
	if (gaitctl.handle_count == GAITCTL_HANDLES_MAX) {
		log_error("usage", "--handle at most %d times", GAITCTL_HANDLES_MAX);
		return EXIT_USAGE;
	}
	gaitctl.handles[gaitctl.handle_count++] = handle;
	return EXIT_GO_ON;
}

/* Seconds as digits and a point: no sign, no exponent */
static bool take_seconds(const char *text, double *out)
{
	char *end;

	if (!*text || strspn(text, "0123456789.") != strlen(text))
		return false;
	*out = strtod(text, &end);
	return *end == '\0';
}

/* "372", "372.5", "6:12" */
static int take_at(const char *text)
{
	const char *colon;
	size_t digits;
	double minutes = 0, seconds;

	assert(text); /* getopt's: it needs a value */
	colon = strchr(text, ':');
	digits = strspn(text, "0123456789");
	if (colon && digits > 0 && digits <= 6 && text + digits == colon) {
		minutes = strtod(text, NULL);
		text = colon + 1;
	} else if (colon) {
		text = "";
	}
	if (!take_seconds(text, &seconds) || (colon && seconds >= 60) || seconds > 1e9) {
		log_error("usage", "--at: expected seconds of the recording, as in 372, or "
		                   "minutes and seconds, as in 6:12");
		return EXIT_USAGE;
	}
	gaitctl.at_us = (uint64_t)((minutes * 60 + seconds) * 1e6 + 0.5);
	return EXIT_GO_ON;
}

static bool is_number(const char *text)
{
	assert(text); /* getopt's, or a word */
	return *text && strspn(text, "0123456789") == strlen(text);
}

/* For a reload it has no number: NULL. */
static int take_wait(const char *text)
{
	if (!text)
		return EXIT_GO_ON;
	if (!is_number(text) || strlen(text) > 5) {
		log_error("usage", "--wait: expected whole seconds, at most 99999, as in "
		                   "--wait 60");
		return EXIT_USAGE;
	}
	gaitctl.wait_s = (unsigned)strtoul(text, NULL, 10);
	return EXIT_GO_ON;
}

/* Options that set something and nothing else */
static const struct {
	int option;
	bool *flag;        /* or, of one with a value, */
	const char **text;
} plain_options[] = {
	{ OPTION_JSON, &gaitctl.as_json, NULL },
	{ OPTION_YES, &gaitctl.yes, NULL },
	{ OPTION_PIN, &gaitctl.pin, NULL },
	{ OPTION_RUNNER, NULL, &gaitctl.runner },
	{ OPTION_POD, NULL, &gaitctl.pod },
	{ OPTION_HEIGHT, NULL, &gaitctl.height },
	{ OPTION_EXPORTS, NULL, &gaitctl.exports },
	{ OPTION_ALL, &gaitctl.all, NULL },
	{ OPTION_IDLE, &gaitctl.idle, NULL },
	{ OPTION_KEEP_PROFILE, &gaitctl.keep_profile, NULL },
	{ OPTION_LIST, &gaitctl.list, NULL },
	{ OPTION_ONCE, &gaitctl.once, NULL },
	{ OPTION_TEST, &gaitctl.test, NULL },
	{ OPTION_VERBOSE, &gaitctl.verbose, NULL },
	{ OPTION_CONFIG, NULL, &gaitctl.config },
	{ OPTION_CADENCE_UNIT, NULL, &gaitctl.cadence_unit },
	{ OPTION_DISCOVERY, NULL, &gaitctl.discovery },
	{ OPTION_FOOTPOD, NULL, &gaitctl.footpod },
	{ OPTION_FORMAT, NULL, &gaitctl.format },
	{ OPTION_HTML, NULL, &gaitctl.html },
	{ OPTION_RECORDING, NULL, &gaitctl.recording },
	{ OPTION_TREND, &gaitctl.trend, NULL },
	{ OPTION_SOCKET, NULL, &gaitctl.socket },
	{ OPTION_START, NULL, &gaitctl.start },
	{ OPTION_TREADMILL, NULL, &gaitctl.treadmill },
	{ OPTION_UNITS, NULL, &gaitctl.units },
	{ 'o', NULL, &gaitctl.output },
};

static void take_plain(int option)
{
	for (size_t i = 0; i < sizeof(plain_options) / sizeof(plain_options[0]); i++) {
		if (plain_options[i].option != option)
			continue;
		if (plain_options[i].flag)
			*plain_options[i].flag = true;
		else
			*plain_options[i].text = optarg;
	}
}

static int take_weeks(const char *text)
{
	if (is_number(text) && strlen(text) <= 2)
		gaitctl.weeks = (unsigned)strtoul(text, NULL, 10);
	if (gaitctl.weeks > 0 && gaitctl.weeks <= TREND_WEEKS_MAX)
		return EXIT_GO_ON;
	log_error("usage", "--weeks: expected 1 to %u", TREND_WEEKS_MAX);
	return EXIT_USAGE;
}

static int parse_options(int argc, char **argv)
{
	int got, status = EXIT_GO_ON;

	opterr = 0;
	while (status == EXIT_GO_ON &&
	       (got = getopt_long(argc, argv, ":ho:", long_options, NULL)) != -1) {
		switch (got) {
		case OPTION_WAIT:
			if (!optarg && optind < argc && is_number(argv[optind]))
				optarg = argv[optind++];
			status = take_wait(optarg);
			break;
		case OPTION_RULES:
			status = take_rules(optarg);
			break;
		case OPTION_HANDLE:
			status = take_handle(optarg);
			break;
		case OPTION_AT:
			status = take_at(optarg);
			break;
		case OPTION_INSTANCE:
			status = paths_set_instance(optarg) ? EXIT_GO_ON : EXIT_USAGE;
			break;
		case OPTION_WEEKS:
			status = take_weeks(optarg);
			break;
		case OPTION_VERSION:
			printf("gaitctl (%s)\n", PACKAGE_STRING);
			return EXIT_OK;
		case 'h':
			return print_help();
		case '?':
		case ':':
			return refuse_option(got, argv[optind - 1]);
		default:
			take_plain(got);
		}
	}
	return status;
}

static int unknown_command(const char *word)
{
	char hint[64];

	suggest_text(hint, sizeof(hint), word, strlen(word), command_name);
	log_error("usage", "unknown command \"%s\"%s (gaitctl --help lists them all)", word,
	          hint);
	return EXIT_USAGE;
}

/* The second words of a command: "check, explain, list or why" */
static int fail_second(const char *name, const char *found)
{
	const char *seconds[COMMANDS], *near = NULL;
	size_t count = 0;

	for (size_t i = 0; i < COMMANDS; i++)
		if (commands[i].second && strcmp(commands[i].name, name) == 0)
			seconds[count++] = commands[i].second;
	if (found)
		near = suggest_among(found, strlen(found), seconds, count);
	if (near)
		log_error("usage", "unknown command \"%s %s\"; did you mean %s %s?", name,
		          found, name, near);
	else
		log_error("usage", "gaitctl %s goes on with another word (gaitctl --help "
		                   "lists them all)", name);
	return EXIT_USAGE;
}

static int run_command(char **words)
{
	bool known = false;

	for (size_t i = 0; i < COMMANDS; i++) {
		const struct command *command = &commands[i];
		char **rest = words + 1;

		if (strcmp(words[0], command->name) != 0)
			continue;
		known = true;
		if (command->second && (!*rest || strcmp(*rest++, command->second) != 0))
			continue;
		gaitctl.command = command->name;
		if (command->words == WORDS_ANY ||
		    (command->words == WORDS_SOME) == (*rest != NULL))
			return command->run(rest);
		log_error("usage", "gaitctl %s%s%s takes %s", command->name,
		          command->second ? " " : "", command->second ? command->second : "",
		          command->arguments);
		return EXIT_USAGE;
	}
	return known ? fail_second(words[0], words[1]) : unknown_command(words[0]);
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
