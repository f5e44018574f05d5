/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Two sides by turns, so that one of them is whole whenever gaitd is killed: a sum at its
 * end tells.
 */
#include <config.h> /* for pwritev() */

#include "daemon/history/leaf.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define SIDE 65536 /* octets */
#define PARTS 3    /* of a side, before its sum */

/* As it is in memory: whoever is not the same gaitd leaves it alone. */
struct head {
	char version[32];
	uint32_t size, second_size, event_size;
	uint32_t second_count, event_count;
	uint64_t turn;
	uint64_t first_second, first_event;
	struct history_touch touch;
	struct session_log log; /* its arrays stand behind it */
};

static size_t seconds_size(const struct head *head)
{
	return head->second_count * sizeof(struct session_second);
}

static size_t events_size(const struct head *head)
{
	return head->event_count * sizeof(struct session_event);
}

static size_t size_of(const struct head *head)
{
	return sizeof(*head) + seconds_size(head) + events_size(head) + sizeof(uint64_t);
}

/* FNV-1a, by words: all parts are of whole ones. */
static uint64_t add_up(uint64_t sum, const char *octets, size_t length)
{
	uint32_t word;

	for (size_t i = 0; i + sizeof(word) <= length; i += sizeof(word)) {
		memcpy(&word, octets + i, sizeof(word));
		sum = (sum ^ word) * UINT64_C(1099511628211);
	}
	return sum;
}

static void sign(struct head *head)
{
	memset(head, 0, sizeof(*head));
	snprintf(head->version, sizeof(head->version), "%s", PACKAGE_VERSION);
	head->size = sizeof(*head);
	head->second_size = sizeof(struct session_second);
	head->event_size = sizeof(struct session_event);
}

static bool name_it(char out[4096], const char *path)
{
	return (unsigned)snprintf(out, 4096, "%s-leaf", path) < 4096;
}

/* ---- writing it ------------------------------------------------------------------ */

void leaf_init(struct leaf *leaf)
{
	*leaf = (struct leaf){ .fd = -1 };
}

void leaf_close(struct leaf *leaf)
{
	if (leaf->fd >= 0)
		close(leaf->fd);
	leaf_init(leaf);
}

static bool open_it(struct leaf *leaf, const char *path)
{
	char name[4096];

	if (leaf->fd >= 0)
		return true;
	if (!name_it(name, path))
		return false;
	unlink(name); /* of an earlier session */
	leaf->fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	return leaf->fd >= 0;
}

/* Of an array that may be none */
static struct iovec part(void *array, size_t skipped, size_t length)
{
	return (struct iovec){ length > 0 ? (char *)array + skipped : NULL, length };
}

bool leaf_write(struct leaf *leaf, const char *path, const struct history_touch *touch,
                const struct session_log *log, size_t first_second, size_t first_event)
{
	struct head head;
	struct iovec parts[PARTS + 1];
	uint64_t sum = 0;
	bool good;

	sign(&head);
	head.turn = leaf->turn + 1;
	head.touch = *touch;
	head.log = *log;
	head.log.seconds = NULL;
	head.log.events = NULL;
	head.first_second = first_second;
	head.first_event = first_event;
	head.second_count = (uint32_t)(log->second_count - first_second);
	head.event_count = (uint32_t)(log->event_count - first_event);
	if (size_of(&head) > SIDE || !open_it(leaf, path))
		return false;
	parts[0] = (struct iovec){ &head, sizeof(head) };
	parts[1] = part(log->seconds, first_second * sizeof(*log->seconds),
	                seconds_size(&head));
	parts[2] = part(log->events, first_event * sizeof(*log->events), events_size(&head));
	parts[PARTS] = (struct iovec){ &sum, sizeof(sum) };
	for (size_t i = 0; i < PARTS; i++)
		sum = add_up(sum, parts[i].iov_base, parts[i].iov_len);
	good = pwritev(leaf->fd, parts, PARTS + 1, (off_t)(head.turn % 2 * SIDE)) ==
	       (ssize_t)size_of(&head);
	if (good)
		leaf->turn = head.turn;
	return good;
}

/* ---- reading it ------------------------------------------------------------------ */

/* Whole as it was written, by a gaitd like this one */
static bool read_head(const char *side, size_t length, struct head *out)
{
	struct head ours;
	uint64_t sum;
	size_t size;

	sign(&ours);
	if (length < sizeof(*out))
		return false; /* this side was not written yet */
	memcpy(out, side, sizeof(*out));
	if (memcmp(out, &ours, offsetof(struct head, second_count)) != 0 ||
	    out->second_count > SIDE || out->event_count > SIDE || size_of(out) > length)
		return false;
	size = size_of(out) - sizeof(sum);
	memcpy(&sum, side + size, sizeof(sum));
	return sum == add_up(0, side, size);
}

static bool is_earlier(const struct history_touch *a, const struct history_touch *b)
{
	return strcmp(a->boot, b->boot) != 0 || a->boot_ms < b->boot_ms;
}

/* All but the arrays, which are added to */
static void add(struct session_log *log, const struct head *head, const char *side)
{
	struct session_log now = head->log;
	struct session_second second;
	struct session_event event;

	side += sizeof(*head);
	for (size_t i = 0; i < head->second_count; i++, side += sizeof(second)) {
		memcpy(&second, side, sizeof(second));
		if (head->first_second + i >= log->second_count)
			session_log_add_second(log, &second);
	}
	for (size_t i = 0; i < head->event_count; i++, side += sizeof(event)) {
		memcpy(&event, side, sizeof(event));
		if (head->first_event + i >= log->event_count)
			session_log_add_event(log, &event);
	}
	now.seconds = log->seconds;
	now.second_count = log->second_count;
	now.second_room = log->second_room;
	now.events = log->events;
	now.event_count = log->event_count;
	now.event_room = log->event_room;
	*log = now;
}

/* The last one that is whole */
static bool find_side(const char sides[2 * SIDE], size_t length, struct head *out,
                      const char **where)
{
	bool found = false;

	for (size_t i = 0; i < 2 && i * SIDE < length; i++) {
		size_t left = length - i * SIDE;
		struct head head;

		if (!read_head(sides + i * SIDE, left < SIDE ? left : SIDE, &head) ||
		    (found && head.turn < out->turn))
			continue;
		*out = head;
		*where = sides + i * SIDE;
		found = true;
	}
	return found;
}

static size_t read_all(const char *path, char sides[2 * SIDE])
{
	char name[4096];
	int fd = name_it(name, path) ? open(name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC) : -1;
	ssize_t length = fd < 0 ? -1 : read(fd, sides, 2 * SIDE);

	if (fd >= 0)
		close(fd);
	return length > 0 ? (size_t)length : 0;
}

void leaf_settle(struct history *history, const char *path, int64_t id,
                 struct history_touch *touch)
{
	char *sides = malloc(2 * SIDE);
	size_t length = sides ? read_all(path, sides) : 0;
	struct history_session session = { .id = id };
	struct session_log log;
	struct head head;
	const char *side;

	if (find_side(sides, length, &head, &side) && !is_earlier(&head.touch, touch) &&
	    history_load_session(history, id, &log) == HISTORY_OK) {
		session.seconds = log.second_count;
		session.events = log.event_count;
		add(&log, &head, side);
		if (history_write(history, &session, &log, 0, 0, &head.touch) == HISTORY_OK)
			*touch = head.touch;
		session_log_free(&log);
	}
	free(sides);
}
