/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Rules from files: gaitd-rules(5), FILES.
 */
#ifndef GAITD_RULE_FILES_H
#define GAITD_RULE_FILES_H

#include "daemon/rules/ruleset.h"

/* Lays one file over what `set` holds, as ruleset_parse() does. False with
 * `error` set and `set` as it was. */
bool rule_files_load(struct ruleset *set, const char *path,
                     struct ruleset_error *error);

/* Lays *.yaml of a directory over it, in the order of names; none is no error. */
bool rule_files_load_directory(struct ruleset *set, const char *directory,
                               struct ruleset_error *error);

/* All that the daemon runs by, into an empty set: the shipped file, those of
 * /etc/gaitd/rules.d, then the `count` files at `paths` (rules.files, --rules)
 * in that order. False with `error` set and `set` empty. */
bool rule_files_load_all(struct ruleset *set, const char *const *paths,
                         size_t count, struct ruleset_error *error);

#endif
