/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Rule files, gaitd-rules(5): from the words of a file to rules, with
 * every fault at its place in the file. ruleset_parse() of ruleset.h is here.
 */
#ifndef GAITD_RULESET_YAML_H
#define GAITD_RULESET_YAML_H

#include "daemon/rules/ruleset_schema.h"
#include "daemon/rules/yaml_schema.h"

#define RULE_SECONDS_MAX 86400 /* of hold, repeat ... */

struct rule_loader {
	struct yaml_text yaml;
	struct rule_file *file;
	struct ruleset set; /* what was there, with the file laid over it */
	struct yaml_fault *fault;
};

/* One rule of the file on its way */
struct rule_entry {
	struct rule_loader *loader;
	const struct file_rule *from;
	const struct yaml_node *node; /* the rule's mapping in the file */
	struct rule *rule;
	bool is_new;
};

/* ruleset_keys.c: takes over the keys that the file names. `praise` and
 * `mutes` name rules, which may stand further below: they come second. */
bool rule_entry_apply(struct rule_entry *entry);
bool rule_entry_link(struct rule_entry *entry);
/* A text of the file in place of `*out`, in one line, if a display can show it */
bool rule_entry_text(struct rule_entry *entry, const struct yaml_node *node,
                     const char *text, char **out);

/* ruleset_args.c: takes over the key `args` */
bool rule_entry_args(struct rule_entry *entry, const struct yaml_node *node);

#endif
