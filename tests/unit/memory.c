/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "tests/unit/memory.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PART_MOST (64ul << 20) /* larger ones are a sanitizer's, and empty */

struct part {
	unsigned long start, end;
	char rights[8];
	unsigned long resident_kb;
};

/* The copy is made where no heap is: it would lie over what was freed there, which
 * is what is looked for. */
static bool is_in(int memory, const struct part *part, const char *octets, size_t length)
{
	size_t size = part->end - part->start;
	char *copy = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
	                  -1, 0);
	bool found;
	ssize_t n;

	if (copy == MAP_FAILED)
		return false;
	madvise(copy, size, MADV_DONTDUMP);
	n = pread(memory, copy, size, (off_t)part->start);
	found = n > 0 && memmem(copy, (size_t)n, octets, length);
	munmap(copy, size);
	return found;
}

bool memory_holds(pid_t pid, const char *octets, size_t length)
{
	char path[64], line[512];
	struct part part = { 0 };
	bool found = false;
	FILE *parts;
	int memory;

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
	memory = open(path, O_RDONLY | O_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/%d/smaps", (int)pid);
	parts = fopen(path, "re");
	while (memory >= 0 && parts && fgets(line, sizeof(line), parts)) {
		struct part next = { 0 };

		/* NOLINTBEGIN(cert-err34-c): the kernel's own words */
		if (sscanf(line, "%lx-%lx %7s", &next.start, &next.end, next.rights) == 3)
			part = next;
		sscanf(line, "Rss: %lu", &part.resident_kb);
		/* NOLINTEND(cert-err34-c) */
		if (strncmp(line, "VmFlags:", 8) == 0 && !strstr(line, " dd") &&
		    part.rights[1] == 'w' && part.resident_kb > 0 &&
		    part.end - part.start <= PART_MOST)
			found |= is_in(memory, &part, octets, length);
	}
	if (parts)
		fclose(parts);
	if (memory >= 0)
		close(memory);
	return found;
}
