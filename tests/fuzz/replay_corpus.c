/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Gives files to a fuzz target, one after the other, where libFuzzer is not
 * there to do it: fuzz_x FILE...
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define INPUT_MAX (16u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Each input in a buffer of its own size: a sanitizer sees the octet behind. */
static int run(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *all = malloc(INPUT_MAX);
	uint8_t *input;
	size_t size;

	if (file == NULL || all == NULL) {
		perror(path);
		return 1;
	}
	size = fread(all, 1, INPUT_MAX, file);
	fclose(file);
	input = realloc(all, size ? size : 1);
	if (input == NULL)
		return 1;
	LLVMFuzzerTestOneInput(input, size);
	free(input);
	return 0;
}

int main(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++) {
		if (run(argv[i]))
			return 1;
	}
	return 0;
}
