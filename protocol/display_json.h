/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * What both readers of display lines share: a line as a JSON object, and its
 * members as values. Inside protocol/ only.
 */
#ifndef GAITD_DISPLAY_JSON_H
#define GAITD_DISPLAY_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DISPLAY_DEPTH_MAX 16 /* objects and arrays inside each other */

/* A new reference, or NULL with `why` set: strict UTF-8 JSON, no NUL, no name
 * twice, at most DISPLAY_DEPTH_MAX deep, an object at the top. */
json_t *display_json_object(const char *line, size_t length, char *why,
                            size_t size);

/* Each false and *out untouched if the value is absent or of another kind. A
 * whole number may stand as 4, 4.0 or 4e0. */
bool display_json_integer(const json_t *value, int64_t low, int64_t high,
                          int64_t *out);
bool display_json_number(const json_t *value, double low, double high,
                         double *out);
bool display_json_bool(const json_t *value, bool *out);

/* Copies as much as fits, up to a character's end; true if all of it did. */
bool display_json_copy(char *out, size_t size, const char *text);

#endif
