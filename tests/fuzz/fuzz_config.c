/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Any octets as gaitd.yaml, and any two such files over each other (a NUL octet
 * parts them): a fault has its place within the file and leaves what was read
 * before as it was; what is taken makes a configuration, and is taken again to
 * the same effect, as it is when --dump-config's print is read as a file.
 */
#include "daemon/service/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check_place(const struct yaml_fault *fault, const char *text,
                        size_t size)
{
	unsigned long line, column, lines = 1;

	for (size_t i = 0; i < size; i++)
		lines += text[i] == '\n' || text[i] == '\r';
	require(sscanf(fault->where, "f:%lu:%lu", &line, &column) == 2);
	require(line >= 1 && line <= lines + 1 && column >= 1 &&
	        column <= size + 2);
	require(*fault->message);
}

static char *dump_of(const struct config_layers *layers, size_t *length)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, length);

	require(out != NULL);
	config_layers_dump(layers, out);
	require(fclose(out) == 0);
	return text;
}

/* All behind " # " says where a value is from */
static void without_origins(char *text)
{
	char *to = text;

	for (char *line = text, *next; *line; line = next) {
		char *end = strchr(line, '\n');
		char *at = end;

		next = end + 1;
		while (at > line && strncmp(at, "  # ", 4) != 0)
			at--;
		if (at == line)
			at = end;
		memmove(to, line, (size_t)(at - line));
		to += at - line;
		*to++ = '\n';
	}
	*to = '\0';
}

static void require_same_dump(const struct config_layers *a,
                              const struct config_layers *b)
{
	size_t length;
	char *text_a = dump_of(a, &length), *text_b = dump_of(b, &length);

	without_origins(text_a);
	without_origins(text_b);
	require(strcmp(text_a, text_b) == 0);
	free(text_a);
	free(text_b);
}

static struct config_layers *read_dump(const struct config_layers *layers)
{
	struct config_layers *again = config_layers_new();
	struct yaml_fault fault;
	size_t length;
	char *text = dump_of(layers, &length);

	require(again && config_layers_add(again, "f", text, length, &fault));
	free(text);
	return again;
}

static void check_made(const struct config_layers *layers)
{
	struct yaml_fault fault;
	struct config *config = config_make(layers, &fault);
	struct config_layers *again;
	double incline;

	if (!config) {
		require(*fault.message);
		return;
	}
	(void)config_fixed_incline(config, &incline);
	if (!config->network_key) { /* which is not printed */
		again = read_dump(layers);
		require_same_dump(layers, again);
		config_layers_free(again);
	}
	config_free(config);
}

static void check_file(struct config_layers *layers, const char *text,
                       size_t size)
{
	struct yaml_fault fault;
	size_t length;
	char *before = dump_of(layers, &length), *after;

	if (config_layers_add(layers, "f", text, size, &fault)) {
		check_made(layers);
		require(config_layers_add(layers, "f", text, size, &fault));
	} else {
		check_place(&fault, text, size);
		after = dump_of(layers, &length);
		require(strcmp(before, after) == 0);
		free(after);
	}
	free(before);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *nul = size ? memchr(text, '\0', size) : NULL;
	size_t first = nul ? (size_t)(nul - text) : size;
	struct config_layers *layers = config_layers_new();

	require(layers != NULL);
	check_file(layers, text, first);
	if (nul)
		check_file(layers, nul + 1, size - first - 1);
	config_layers_free(layers);
	return 0;
}
