/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/history/owed.h"

#include "daemon/service/whole_file.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOTE_MAX (OWED_MAX * 21 + 1)

/* Numbers, a line each */
static void read_note(struct owed *owed)
{
	char text[NOTE_MAX] = "", *at = text, *end;
	int fd = open(owed->path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return;
	if (read(fd, text, sizeof(text) - 1) < 0)
		text[0] = '\0';
	close(fd);
	for (int64_t id; owed->count < OWED_MAX; at = end) {
		id = strtoll(at, &end, 10);
		if (end == at || id <= 0)
			break;
		owed->ids[owed->count++] = id;
	}
	owed->noted = owed->count;
}

void owed_open(struct owed *owed, const char *path)
{
	*owed = (struct owed){ .path = "" };
	if (path[0] == '\0')
		return;
	snprintf(owed->path, sizeof(owed->path), "%.4095s-owed", path);
	read_note(owed);
}

static void note(struct owed *owed)
{
	char text[NOTE_MAX] = "";
	size_t length = 0;

	if (owed->count == owed->noted || owed->path[0] == '\0')
		return;
	for (size_t i = 0; i < owed->count; i++)
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%" PRId64 "\n",
		                           owed->ids[i]);
	if (owed->count == 0 ? unlink(owed->path) == 0
	                     : whole_file_write(owed->path, text, length, 0600) == 0)
		owed->noted = owed->count;
}

bool owed_has(const struct owed *owed, int64_t id)
{
	for (size_t i = 0; i < owed->count; i++)
		if (owed->ids[i] == id)
			return true;
	return false;
}

void owed_add(struct owed *owed, int64_t id)
{
	if (!owed_has(owed, id) && owed->count < OWED_MAX)
		owed->ids[owed->count++] = id;
}

enum history_result owed_pay(struct owed *owed, struct shelf *state)
{
	enum history_result result = HISTORY_OK;
	struct history *history = owed->count ? shelf_open(state, false, &result) : NULL;

	while (history && owed->count > 0) {
		result = shelf_did(state, history_drop_session(history,
		                                               owed->ids[owed->count - 1]));
		if (result != HISTORY_OK)
			break;
		owed->count--;
	}
	/* its file is gone, or set aside, and another one counts from 1 again */
	if (result == HISTORY_NOTHING || result == HISTORY_DAMAGED)
		owed->count = 0;
	note(owed);
	return owed->count == 0 ? HISTORY_OK : result;
}
