/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * readers json|yaml FILE...: what others test their readers with, read by ours.
 *
 * JSON, as a whole line and as a member of one: what begins with y_ is taken,
 * with n_ refused with words, with i_ either. YAML: what is valid (a file
 * .events lies beside it) is read as it was meant or refused, what is not is
 * refused; and none of it is a configuration or rules, which is said with its
 * place.
 */
#include "daemon/rules/ruleset.h"
#include "daemon/service/config.h"
#include "daemon/service/yaml_files.h"
#include "protocol/display.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CAPACITY (1024 * 1024)
#define YAML_ALIKE \
	224u /* files that libyaml 0.2.5 reads, and we do not refuse */

static const char *current; /* the case's name */
static unsigned cases, failures, taken, refused;
static unsigned alike; /* of YAML that was taken */

__attribute__((format(printf, 2, 3))) static void require(bool holds,
                                                          const char *format,
                                                          ...)
{
	va_list args;

	if (holds)
		return;
	failures++;
	printf("FAIL: %s: ", current);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

/* Names that stand in a list, between blanks */
static bool is_among(const char *list, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = list; (at = strstr(at, name)) != NULL;
	     at += length)
		if ((at == list || at[-1] == ' ') &&
		    (at[length] == ' ' || !at[length]))
			return true;
	return false;
}

/* ---- JSON ------------------------------------------------------------------
 */

/* Valid JSON that gaitd-display(7) refuses: a name twice, NUL in a text or a
 * name */
static const char json_refused[] =
	"y_object_duplicated_key.json y_object_duplicated_key_and_value.json "
	"y_object_escaped_null_in_key.json y_string_null_escape.json";

struct verdict {
	unsigned lines, taken; /* as JSON, whatever its members are */
};

static void read_line(const char *line, size_t length, struct verdict *verdict)
{
	struct display_request request;
	struct display_message message;
	struct display_fault fault = { .detail = "" };
	bool good = display_request_read(line, length, &request, &fault);
	bool is_json = good || fault.code != DISPLAY_ERROR_BAD_JSON;

	verdict->lines++;
	verdict->taken += is_json;
	require(good || *fault.detail, "refused without a word");
	require(is_json || !display_message_read(line, length, &message),
	        "a display takes what the daemon refuses");
}

/* As it comes from a socket, with an LF at its end */
static struct verdict read_stream(const char *bytes, size_t length)
{
	static struct display_framer framer;
	struct verdict verdict = { 0, 0 };
	enum display_frame_result result;
	size_t line_length = 0;

	memset(&framer, 0, sizeof(framer));
	while ((result = display_framer_next(&framer, &bytes, &length,
	                                     &line_length)))
		if (result == DISPLAY_FRAME_LINE)
			read_line(framer.line, line_length, &verdict);
		else
			verdict.lines++;
	return verdict;
}

/* An LF ends a line; between values a blank is as good */
static void without_line_ends(char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] == '\n')
			text[i] = ' ';
}

static void judge(const struct verdict *verdict, bool valid, const char *how)
{
	require(verdict->lines > 0, "%s: no line came out", how);
	if (valid)
		require(verdict->taken == verdict->lines, "%s: refused", how);
	else
		require(verdict->taken == 0, "%s: taken", how);
	*(valid ? &taken : &refused) += 1;
}

static void check_json(char *bytes, size_t length, bool valid)
{
	static char line[CAPACITY + 64];
	struct verdict verdict;
	int written;

	if (valid)
		without_line_ends(bytes, length);
	memcpy(line, bytes, length);
	line[length] = '\n';
	verdict = read_stream(line, length + 1);
	judge(&verdict, valid && line[strspn(line, " \t\r")] == '{',
	      "as a line");
	written = snprintf(line, 32, "{\"type\":\"pong\",\"value\":");
	memcpy(line + written, bytes, length);
	line[(size_t)written + length] = '}';
	line[(size_t)written + length + 1] = '\n';
	verdict = read_stream(line, (size_t)written + length + 2);
	judge(&verdict, valid, "as a member");
}

static void check_json_file(const char *path, char *bytes, size_t length)
{
	struct verdict verdict;

	(void)path;
	if (current[0] == 'i') {
		verdict = read_stream(bytes, length);
		require(verdict.taken <= verdict.lines,
		        "more is taken than there was");
	} else {
		check_json(bytes, length,
		           current[0] == 'y' &&
		                   !is_among(json_refused, current));
	}
}

/* ---- YAML ------------------------------------------------------------------
 */

struct events {
	char text[CAPACITY];
	size_t length;
};

__attribute__((format(printf, 2, 3))) static void add(struct events *events,
                                                      const char *format, ...)
{
	va_list args;
	int count;

	va_start(args, format);
	count = vsnprintf(events->text + events->length,
	                  CAPACITY - events->length, format, args);
	va_end(args);
	if (count > 0 && events->length + (size_t)count < CAPACITY)
		events->length += (size_t)count;
}

static void add_scalar(struct events *events, const struct yaml_node *node)
{
	bool plain = node->style == YAML_PLAIN_SCALAR_STYLE;
	const char *text = yaml_text_scalar(node);

	add(events, "=VAL %c", plain ? ':' : '"');
	for (; *text; text++) {
		static const char escaped[] = "\\\n\t\r\b",
				  letters[] = "\\ntrb";
		const char *at = strchr(escaped, *text);

		if (at)
			add(events, "\\%c", letters[at - escaped]);
		else
			add(events, "%c", *text);
	}
	add(events, "\n");
}

static void add_node(struct events *events, const struct yaml_text *yaml,
                     const struct yaml_node *node)
{
	const char *kind = node->type == YAML_MAPPING_NODE ? "MAP" : "SEQ";

	if (node->type == YAML_SCALAR_NODE) {
		add_scalar(events, node);
		return;
	}
	add(events, "+%s\n", kind);
	for (const struct yaml_node *in = yaml_text_first(yaml, node); in;
	     in = yaml_text_next(yaml, in))
		add_node(events, yaml, in);
	add(events, "-%s\n", kind);
}

static void check_place(const char *where, const char *message,
                        const char *bytes, size_t length)
{
	unsigned long line = 0, column = 0, lines = 1;

	for (size_t i = 0; i < length; i++)
		lines += bytes[i] == '\n' || bytes[i] == '\r';
	require(sscanf(where, "case.yaml:%lu:%lu", &line, &column) == 2 &&
	                line >= 1 && line <= lines + 1 && column >= 1,
	        "a place that is none: %s", where);
	require(*message != '\0', "refused without a word");
}

static bool is_same(const char *text, const char *bytes, size_t length)
{
	return strlen(text) == length && memcmp(text, bytes, length) == 0;
}

/* Ours is none of it but what is empty */
static void check_ours(const char *bytes, size_t length, bool empty)
{
	struct config_layers *layers = config_layers_new();
	struct ruleset rules = { 0 };
	struct ruleset_error error = { .message = "" };
	struct yaml_fault fault = { .message = "" };

	if (!layers)
		abort();
	if (config_layers_add(layers, "case.yaml", bytes, length, &fault))
		require(empty, "taken as a configuration");
	else
		check_place(fault.where, fault.message, bytes, length);
	if (ruleset_parse(&rules, "case.yaml", bytes, length, &error))
		require(empty, "taken as rules");
	else
		check_place(error.where, error.message, bytes, length);
	ruleset_free(&rules);
	config_layers_free(layers);
}

/* NULL: the case is no YAML */
static char *events_of(const char *path, size_t *length)
{
	char beside[4096];

	snprintf(beside, sizeof(beside), "%.*s.events", (int)strlen(path) - 5,
	         path);
	return yaml_files_read(beside, length);
}

/* What libyaml 0.2 takes for something else: ? within a flow, : within an
 * anchor, blanks behind the last line of a block */
static const char yaml_otherwise[] =
	"652Z-0.yaml HM87-1.yaml JEF9-2.yaml L24T-1.yaml Y2GN-0.yaml";

/* What libyaml 0.2 takes though it is no YAML */
static const char yaml_lenient[] =
	"9C9N-0.yaml 9JBA-0.yaml CVW2-0.yaml DK95-1.yaml G5U8-0.yaml MUS6-0.yaml "
	"QB6E-0.yaml S98Z-0.yaml SU5Z-0.yaml X4QW-0.yaml Y79Y-3.yaml YJV2-0.yaml";

static void compare(const struct events *found, const char *expected,
                    size_t length)
{
	/* nothing at all, or a document that is empty */
	bool both_empty =
		found->length == 0 && is_same("=VAL :\n", expected, length);

	if (!expected)
		require(is_among(yaml_lenient, current), "no YAML, and taken");
	else if (both_empty || is_same(found->text, expected, length))
		alike++;
	else
		require(is_among(yaml_otherwise, current),
		        "read as\n%sin place of\n%.*s", found->text,
		        (int)length, expected);
}

static void check_yaml_file(const char *path, char *bytes, size_t length)
{
	static struct events found;
	struct yaml_text yaml;
	struct yaml_fault fault = { .message = "" };
	size_t expected_length = 0;
	char *expected = events_of(path, &expected_length);

	found.length = 0;
	found.text[0] = '\0';
	if (yaml_text_parse(&yaml, "case.yaml", bytes, length, &fault)) {
		if (yaml_text_root(&yaml))
			add_node(&found, &yaml, yaml.nodes);
		compare(&found, expected, expected_length);
		check_ours(bytes, length, found.length == 0);
		yaml_text_free(&yaml);
		taken++;
	} else {
		check_place(fault.where, fault.message, bytes, length);
		check_ours(bytes, length, false);
		refused++;
	}
	free(expected);
}

/* ---- files -----------------------------------------------------------------
 */

static void check_file(const char *path,
                       void (*check)(const char *, char *, size_t))
{
	const char *slash = strrchr(path, '/');
	size_t length;
	char *bytes = yaml_files_read(path, &length);

	current = slash ? slash + 1 : path;
	if (!bytes || length > CAPACITY) {
		perror(path);
		exit(1);
	}
	cases++;
	check(path, bytes, length);
	free(bytes);
}

int main(int argc, char **argv)
{
	bool yaml = argc > 1 && strcmp(argv[1], "yaml") == 0;

	if (argc < 3 || (!yaml && strcmp(argv[1], "json") != 0)) {
		fprintf(stderr, "usage: readers json|yaml FILE...\n");
		return 2;
	}
	for (int i = 2; i < argc; i++)
		check_file(argv[i], yaml ? check_yaml_file : check_json_file);
	current = "all of them";
	require(!yaml || alike >= YAML_ALIKE,
	        "only %u of %u valid ones are read", alike, YAML_ALIKE);
	printf("%s: %u cases, %u taken, %u refused, %u failures\n", argv[1],
	       cases, taken, refused, failures);
	return failures > 0;
}
