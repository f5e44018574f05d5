/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What the commands of gaitctl share: its options, a question to the daemon,
 * and the commands themselves. Each takes the words behind its name, ends with
 * NULL, and returns the status to exit with.
 */
#ifndef GAITD_GAITCTL_H
#define GAITD_GAITCTL_H

#include "daemon/service/options.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define GAITCTL_HANDLES_MAX 32

struct gaitctl_options {
	const char *command; /* its first word, as "pair" */
	const char *socket; /* --socket; NULL: not given */
	bool as_json;       /* --json */
	bool list;          /* --list */
	bool test;          /* --test */
	bool verbose;       /* --verbose */
	const char *config; /* --config; NULL: all layers */
	const char *rules[OPTIONS_RULES_MAX]; /* --rules */
	size_t rule_count;
	uint64_t at_us; /* --at; UINT64_MAX: not given */
	bool all;           /* --all */
	bool pin;            /* --pin: one is to be read */
	const char *runner, *pod, *exports; /* --runner, --pod, --exports */
	const char *height; /* --height, as a member of the profile */
	bool yes;           /* --yes */
	bool idle;          /* --idle */
	bool once;          /* --once */
	unsigned wait_s;    /* --wait SECONDS; 0: not given, or without a number */
	const char *format; /* --format; NULL: not given, as the others */
	const char *output; /* --output */
	const char *start;  /* --start */
	const char *units;  /* --units: what a console shows; NULL: not given */
	bool keep_profile; /* --keep-profile */
	const char *handles[GAITCTL_HANDLES_MAX]; /* --handle */
	size_t handle_count;
	const char *cadence_unit; /* --cadence-unit */
	const char *discovery; /* --discovery */
	const char *treadmill, *footpod; /* --treadmill, --footpod */
	const char *html;      /* --html: "-" is standard output; NULL: not given */
	const char *recording; /* --recording; NULL: not given */
	bool trend;            /* --trend */
	unsigned weeks;        /* --weeks; 0: not given */
};
extern struct gaitctl_options gaitctl;

/* ---- ask.c ---- */

/* The reply to `cmd` with further members (NULL: none), to be given back by
 * json_decref(); or NULL with the status to exit with, and said; errno is
 * ENOENT or ECONNREFUSED where no daemon is. */
json_t *ask(const char *cmd, const json_t *members, int *status);
/* The same; a reply that is no is said, and NULL. */
json_t *ask_good(const char *cmd, const json_t *members, int *status);
/* Whether a daemon listens; nothing is said. */
bool ask_is_there(void);
/* That daemon knows no such question: it replays, or lacks a part. */
bool reply_is_unknown(const json_t *reply);
void print_json(const json_t *reply);
/* Asks, and prints the reply as JSON, or by `print`; the status to exit with. */
int show_reply(const char *cmd, void (*print)(const json_t *reply));

/* A member as text that may be printed: names are a plugin's, or a radio's, and
 * nothing of them may move a cursor. Valid until the fourth next call. */
const char *reply_text(const json_t *object, const char *name);
double reply_number(const json_t *object, const char *name);
long long reply_whole(const json_t *object, const char *name);
void print_duration(long long seconds);

/* ---- pair.c: the status to exit with ---- */
int pair_with(const char *kind, const char *id, const char *name);
/* Who knows which one it is need not prove it: `words` name it. */
int pair_by_id(const char *kind, char **words);

/* ---- runner.c: all runners and sessions; the status to exit with ---- */
int forget_everybody(void);

/* ---- the commands ---- */
int gaitctl_anonymise(char **words);
int gaitctl_conform(char **words);
int gaitctl_doctor(char **words);
int gaitctl_export(char **words);
int gaitctl_forget(char **words);
int gaitctl_health(char **words);
int gaitctl_history(char **words);
int gaitctl_import(char **words);
int gaitctl_metrics(char **words);
int gaitctl_pair_footpod(char **words);
int gaitctl_pair_strap(char **words);
int gaitctl_pair_treadmill(char **words);
int gaitctl_prompt(char **words);
int gaitctl_report(char **words);
int gaitctl_runner_add(char **words);
int gaitctl_runner_export(char **words);
int gaitctl_runner_forget(char **words);
int gaitctl_runner_list(char **words);
int gaitctl_runner_set(char **words);
int gaitctl_runner_show(char **words);
int gaitctl_runner_start(char **words);
int gaitctl_runner_stop(char **words);
int gaitctl_scan(char **words);
int gaitctl_share(char **words);
int gaitctl_status(char **words);
int gaitctl_summary(char **words);
int gaitctl_reload(char **words);
int gaitctl_restart(char **words);
int gaitctl_top(char **words);
int gaitctl_rules_check(char **words);
int gaitctl_rules_explain(char **words);
int gaitctl_rules_list(char **words);
int gaitctl_rules_why(char **words);

#endif
