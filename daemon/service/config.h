/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The configuration, gaitd.yaml(5): layers of files, merged key by key, read
 * into a struct. config_keys.h lists the keys.
 */
#ifndef GAITD_CONFIG_H
#define GAITD_CONFIG_H

#include "daemon/rules/yaml_text.h"
#include "daemon/service/config_keys.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* struct config_treadmill { char *address; ... } and so on; a text that is not
 * set is "", a list has its count beside it. */
#define CONFIG_MEMBER(section, key, kind, ...) CONFIG_MEMBER_##kind(key);
#define CONFIG_STRUCT(section, KEYS) struct config_##section { KEYS(CONFIG_MEMBER) };
CONFIG_SECTIONS(CONFIG_STRUCT)
#undef CONFIG_STRUCT
#undef CONFIG_MEMBER

#define CONFIG_SECTION(section, KEYS) struct config_##section section;
struct config {
	CONFIG_SECTIONS(CONFIG_SECTION)
	/* ant.network_key, moved to where no core dump has it; NULL: not set */
	uint8_t *network_key;
	uint64_t hash; /* of what --dump-config shows */
};
#undef CONFIG_SECTION

/* ---- layers -------------------------------------------------------------- */

/* What has been read so far: for each key its value, and where that is from */
struct config_layers;

/* The built-in defaults; NULL: no memory */
struct config_layers *config_layers_new(void);
void config_layers_free(struct config_layers *layers);
/* Lays a file over them. False with `fault` set and the layers as they were:
 * unknown key, value out of range, no YAML. `name` is copied. */
bool config_layers_add(struct config_layers *layers, const char *name,
                       const char *text, size_t length, struct yaml_fault *fault);
/* Prints them as a YAML file with the origin of each value behind it; secrets
 * are said to be set and not shown. */
void config_layers_dump(const struct config_layers *layers, FILE *out);

/* The same for the same merged values and origins: to compare consoles by */
uint64_t config_layers_hash(const struct config_layers *layers);

/* The merged struct; NULL with `fault` set. */
struct config *config_make(const struct config_layers *layers,
                           struct yaml_fault *fault);
void config_free(struct config *config); /* NULL is fine */

/* ---- files --------------------------------------------------------------- */

/* Reads `only` over the defaults, or, when it is NULL, all that there is of
 * vendor's file, site's file, conf.d. NULL, said in the log, with errno set
 * (EINVAL: a file is wrong). */
struct config_layers *config_read(const char *only);

/* ---- values -------------------------------------------------------------- */

/* Whether treadmill.incline fixes it, and at what */
bool config_fixed_incline(const struct config *config, double *incline_pct);
/* "treadmill.address" ...; NULL behind the last one */
const char *config_key_name(size_t index);

#endif
