/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * devices.json, read and written for knowledge.c:
 *
 *   {"devices_version": 1,
 *    "paired": {"treadmill": "C0:FF:EE:00:11:22", "footpod": "ant 57043"},
 *    "devices": [{"id": "C0:FF:EE:00:11:22", "name": "URTM041", "type": "random",
 *                 "unit": "strides", "attributes": ["service 0001 ...", ...]}]}
 *
 * A later version may add members, and changes none: a daemon reads what the
 * version before and after it wrote, and leaves out what it does not know.
 */
#ifndef GAITD_KNOWLEDGE_FILE_H
#define GAITD_KNOWLEDGE_FILE_H

#include "daemon/sources/knowledge.h"

#include <stddef.h>

#define KNOWLEDGE_FILE "devices.json"
#define KNOWLEDGE_DEVICES_MAX 16

struct knowledge_content {
	char paired[SOURCE_HEART_RATE + 1][KNOWLEDGE_ID_SIZE]; /* "": none */
	struct knowledge_device devices[KNOWLEDGE_DEVICES_MAX];
	size_t count;
};

/* Of exactly that id; NULL: there is none. */
struct knowledge_device *knowledge_content_find(const struct knowledge_content *content,
                                                const char *id);
void knowledge_content_remove(struct knowledge_content *content, size_t index);

/* Adds to `content`, which is empty, what the file has. */
void knowledge_file_read(const char *directory, struct knowledge_content *content);
/* Mode 0600, complete or as it was. False, and said. */
bool knowledge_file_write(const char *directory,
                          const struct knowledge_content *content);
/* False, and said; a file that is not there is gone. */
bool knowledge_file_remove(const char *directory);

#endif
