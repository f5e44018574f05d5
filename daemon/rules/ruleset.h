/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Rules as data: what a rule file says, checked and compiled. The file format
 * is gaitd-rules(5); ruleset_yaml.c reads it.
 */
#ifndef GAITD_RULESET_H
#define GAITD_RULESET_H

#include "daemon/rules/expression.h"
#include "protocol/display.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RULES_MAX 1024
#define RULE_TEXTS_MAX 8
#define RULE_CLAUSES_MAX 4
#define RULE_ARGS_MAX DISPLAY_ARGS_MAX
#define RULE_WORDS_MAX 8
#define RULE_YES 1 /* the answers to "is it still you?", and their words */
#define RULE_NO 0
#define RULE_YES_TEXT "Yes"
#define RULE_NO_TEXT "No"

enum rule_once {
	RULE_ANY_TIME,
	RULE_ONCE_PER_SESSION,
	RULE_ONCE_PER_REPORT,
	RULE_ONCE_PER_CONDITION, /* for each of its clauses: one that spoke, and
	                            those behind it, are done */
};

struct rule_arg {
	char name[24]; /* {name} in headline and text */
	struct expression value;
	const struct unit *unit; /* shown as the bare number in it; NULL: with the
	                            runner's own unit behind it */
	bool with_unit; /* the unit stands behind it, or what it is in miles */
	bool personal; /* its value goes only to displays granted personal */
	bool is_runner; /* the runner's name, in place of a value */
	char *words[RULE_WORDS_MAX]; /* allocated; shown in its place, in turn */
	uint8_t word_count;
};

/* A condition that must hold for so long. `when` and `hold` of a rule are its
 * first clause, `also: [{when, hold, text}]` the others: any one of them is
 * enough, and the first that is true speaks. */
struct rule_clause {
	struct expression when;
	uint32_t hold_s;
	char *text; /* allocated; said in place of the rule's own; NULL: that */
};

/* All strings are allocated; the ones that a file left out are "". */
struct rule {
	char *id;
	enum display_level level;
	uint8_t rank; /* 0..9 within the level; a higher one wins */
	struct rule_clause clauses[RULE_CLAUSES_MAX];
	uint8_t clause_count;
	struct expression await; /* length 0: nothing. Its prompt waits for this */
	struct expression clear; /* length 0: cleared when no clause is true */
	uint32_t clear_hold_s;
	uint32_t repeat_s; /* least time between two prompts; 0: only after clear */
	uint32_t limit;    /* prompts a session; 0: no limit */
	enum rule_once once;
	bool has_gap;   /* least time since any prompt, in place of its level's gaps */
	uint32_t gap_s;
	bool instant;  /* a clause reads an instant metric: answered at once */
	bool lock;     /* until acknowledged, nothing else is shown */
	bool ack;      /* offers a button, as all safety prompts do */
	bool disabled; /* an overlay switched it off */
	enum display_ask_kind ask;
	int32_t ask_minimum, ask_maximum;
	bool answer_is_pain; /* an answer counts as a pain report */
	bool answer_is_pod;  /* an answer says which foot pod is his */
	bool answer_is_morning; /* ... as the pain of this morning */
	bool answer_is_runner;  /* ... whether it is still he: RULE_YES, RULE_NO */
	const struct rule *praise; /* shown when this rule clears after a prompt */
	uint32_t praise_within_s;
	bool only_as_praise; /* some rule's praise: never due by itself */
	uint64_t needs[METRIC_WORDS]; /* any of them absent: the rule sleeps */
	uint64_t mutes[RULES_MAX / 64]; /* held back while this one is true */
	uint64_t bars[RULES_MAX / 64];  /* silent for the session once this one spoke */
	char *headline;
	char *texts[RULE_TEXTS_MAX]; /* taken in turn */
	uint8_t text_count;
	char *public_text; /* for displays without personal; "" = text */
	char *why;
	struct rule_arg args[RULE_ARGS_MAX];
	uint8_t arg_count;
	char *source;
	char *strength;
	char *where; /* "file:line" of the last file that names the rule */
};

struct ruleset {
	struct rule *rules; /* allocated; in file order, overlays in place */
	size_t count;
};

/* `where` is "file:line:column"; `message` what, what was expected, the fix */
struct ruleset_error {
	char where[512];
	char message[400];
};

/* Lays a file's text over what `set` holds: a rule of an id that is there
 * changes only the keys it names; a new id is added at the end. `name` stands
 * for the file in messages. False with `error` set and `set` as it was. */
bool ruleset_parse(struct ruleset *set, const char *name, const char *text,
                   size_t length, struct ruleset_error *error);
const struct rule *ruleset_find(const struct ruleset *set, const char *id);
/* Room for `more` rules is made besides. False: out of memory. */
bool ruleset_copy(const struct ruleset *from, struct ruleset *to, size_t more);
void ruleset_free(struct ruleset *set);
/* Adds an empty rule where ruleset_copy() made room; NULL: out of memory. */
struct rule *ruleset_add(struct ruleset *set, const char *id);
/* Frees what a file replaces as a whole. */
void rule_drop_args(struct rule *rule);
void rule_drop_clauses(struct rule *rule, size_t from);

#endif
