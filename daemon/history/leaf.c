/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Two heads that are written by turns, and behind them portions of seconds and events,
 * one each second; a sum tells of each whether it is whole. A head counts what stood
 * behind it when it was written: whenever gaitd is killed, one of them finds it there.
 */
#include <config.h> /* for pwritev() */

#include "daemon/history/leaf_private.h"

#include <fcntl.h>
#include <libgen.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define SIDE LEAF_SIDE
#define SIZE_MOST (64 << 20) /* octets of a day, and more */
#define PARTS 3              /* of a portion */

/* FNV-1a, by words: all parts are of whole ones. */
static uint64_t add_up(uint64_t sum, const void *octets, size_t length)
{
	const char *at = octets;
	uint32_t word;

	for (size_t i = 0; i + sizeof(word) <= length; i += sizeof(word)) {
		memcpy(&word, at + i, sizeof(word));
		sum = (sum ^ word) * UINT64_C(1099511628211);
	}
	return sum;
}

uint64_t leaf_head_sum(const struct leaf_head *head)
{
	return add_up(0, head, offsetof(struct leaf_head, own_sum));
}

uint64_t leaf_portion_sum(const void *at, size_t size)
{
	struct leaf_portion portion;

	memcpy(&portion, at, sizeof(portion));
	portion.sum = 0;
	return add_up(add_up(0, &portion, sizeof(portion)), (const char *)at + sizeof(portion),
	              size - sizeof(portion));
}

static void sign(struct leaf_head *head)
{
	memset(head, 0, sizeof(*head));
	snprintf(head->version, sizeof(head->version), "%s", PACKAGE_VERSION);
	head->size = sizeof(*head);
	head->second_size = sizeof(struct session_second);
	head->event_size = sizeof(struct session_event);
}

void leaf_name(const char *path, char out[LEAF_NAME_MAX])
{
	snprintf(out, LEAF_NAME_MAX, "%.4095s-leaf", path);
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

/* Whoever makes it as root makes it for the owner of its directory. */
static bool give(int fd, const char *path)
{
	char copy[4096];
	struct stat st;

	snprintf(copy, sizeof(copy), "%s", path);
	return geteuid() != 0 || stat(dirname(copy), &st) < 0 ||
	       fchown(fd, st.st_uid, st.st_gid) == 0;
}

/* A portion goes behind the others: until a head counts it, it is not there. */
static bool put_portion(struct leaf *leaf, const struct session_log *log)
{
	struct leaf_portion portion = { 0, (uint32_t)(log->second_count - leaf->seconds),
		                        (uint32_t)(log->event_count - leaf->events) };
	struct iovec parts[PARTS] = {
		{ &portion, sizeof(portion) },
		{ portion.seconds ? log->seconds + leaf->seconds : NULL,
		  portion.seconds * sizeof(*log->seconds) },
		{ portion.events ? log->events + leaf->events : NULL,
		  portion.events * sizeof(*log->events) },
	};
	uint64_t sum = 0;
	size_t length = 0;

	if (portion.seconds == 0 && portion.events == 0)
		return true;
	for (size_t i = 0; i < PARTS; i++) {
		length += parts[i].iov_len;
		sum = add_up(sum, parts[i].iov_base, parts[i].iov_len);
	}
	portion.sum = sum;
	if (leaf->end + length > SIZE_MOST ||
	    pwritev(leaf->fd, parts, PARTS, (off_t)leaf->end) != (ssize_t)length)
		return false;
	leaf->end += length;
	leaf->seconds = log->second_count;
	leaf->events = log->event_count;
	return true;
}

static bool put_head(struct leaf *leaf, const struct history_touch *touch,
                     const struct session_log *log)
{
	struct leaf_head head;

	sign(&head);
	head.turn = leaf->turn + 1;
	head.end = leaf->end;
	head.first_second = leaf->first_second;
	head.first_event = leaf->first_event;
	head.touch = *touch;
	head.log = *log;
	/* behind his name may stand the rest of another's */
	memset(head.log.runner, 0, sizeof(head.log.runner));
	snprintf(head.log.runner, sizeof(head.log.runner), "%s", log->runner);
	head.log.seconds = NULL;
	head.log.events = NULL;
	head.log.second_count = head.log.second_room = 0;
	head.log.event_count = head.log.event_room = 0;
	head.own_sum = leaf_head_sum(&head);
	if (pwrite(leaf->fd, &head, sizeof(head), (off_t)(head.turn % 2 * SIDE)) !=
	    (ssize_t)sizeof(head))
		return false;
	leaf->turn = head.turn;
	return true;
}

static bool put(struct leaf *leaf, const struct history_touch *touch,
                const struct session_log *log)
{
	return put_portion(leaf, log) && put_head(leaf, touch, log);
}

/* One that was there, of an earlier gaitd, is replaced when all of it is in the new one. */
static bool begin(struct leaf *leaf, const char *path, const struct history_touch *touch,
                  const struct session_log *log, size_t first_second, size_t first_event)
{
	char name[LEAF_NAME_MAX], made[LEAF_NAME_MAX + 4];

	leaf_name(path, name);
	snprintf(made, sizeof(made), "%s-new", name);
	unlink(made);
	*leaf = (struct leaf){
		.fd = open(made, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600),
		.end = 2 * SIDE,
		.seconds = first_second, .events = first_event,
		.first_second = first_second, .first_event = first_event,
	};
	if (leaf->fd < 0)
		return false;
	if (give(leaf->fd, path) && put(leaf, touch, log) && rename(made, name) == 0)
		return true;
	unlink(made);
	leaf_close(leaf);
	return false;
}

bool leaf_write(struct leaf *leaf, const char *path, const struct history_touch *touch,
                const struct session_log *log, size_t first_second, size_t first_event)
{
	return leaf->fd >= 0 ? put(leaf, touch, log) :
	                       begin(leaf, path, touch, log, first_second, first_event);
}

void leaf_remove(const char *path)
{
	char name[LEAF_NAME_MAX];

	leaf_name(path, name);
	unlink(name);
}

/* ---- reading it ------------------------------------------------------------------ */

/* What lies on the disk: the heads, of which one may be none, and portions */
struct found {
	struct leaf_head heads[2]; /* the later one first; turn 0: none */
	char *octets;
	size_t length; /* of the portions that are whole, from the first on */
};

/* Of what is no second or event of ours none is believed, sum or not. */
static bool portion_holds(const struct leaf_portion *portion, const char *at)
{
	struct session_second second;
	struct session_event event;

	for (uint32_t i = 0; i < portion->seconds; i++, at += sizeof(second)) {
		memcpy(&second, at, sizeof(second));
		if (!leaf_second_holds(&second))
			return false;
	}
	for (uint32_t i = 0; i < portion->events; i++, at += sizeof(event)) {
		memcpy(&event, at, sizeof(event));
		if (!leaf_event_holds(&event))
			return false;
	}
	return true;
}

/* With what stands behind it; 0: it is not whole. */
static size_t portion_size(const char *at, size_t length)
{
	struct leaf_portion portion;
	uint64_t size;

	if (length < sizeof(portion))
		return 0;
	memcpy(&portion, at, sizeof(portion));
	size = sizeof(portion) + portion.seconds * (uint64_t)sizeof(struct session_second) +
	       portion.events * (uint64_t)sizeof(struct session_event);
	return size <= length && portion.sum == leaf_portion_sum(at, (size_t)size) &&
	       portion_holds(&portion, at + sizeof(portion)) ? (size_t)size : 0;
}

static void read_portions(int fd, struct found *found)
{
	struct stat st;
	size_t length = 0, size;
	ssize_t got;

	if (fstat(fd, &st) == 0 && st.st_size > 2 * SIDE && st.st_size <= SIZE_MOST)
		length = (size_t)st.st_size - 2 * SIDE;
	found->octets = malloc(length + 1);
	if (!found->octets)
		return;
	got = pread(fd, found->octets, length, 2 * SIDE);
	length = got > 0 ? (size_t)got : 0;
	while ((size = portion_size(found->octets + found->length, length - found->length)) > 0)
		found->length += size;
}

static bool is_ours(const struct leaf_head *head)
{
	struct leaf_head ours;

	sign(&ours);
	return memcmp(head, &ours, offsetof(struct leaf_head, turn)) == 0 &&
	       head->own_sum == leaf_head_sum(head) && head->end >= 2 * SIDE &&
	       head->end <= SIZE_MOST && leaf_head_holds(head);
}

static void read_heads(int fd, struct found *found)
{
	struct leaf_head *heads = found->heads, later;

	for (size_t i = 0; i < 2; i++) {
		if (pread(fd, &heads[i], sizeof(heads[i]), (off_t)(i * SIDE)) !=
		            (ssize_t)sizeof(heads[i]) ||
		    !is_ours(&heads[i]))
			heads[i].turn = 0;
	}
	if (heads[1].turn > heads[0].turn) {
		later = heads[1];
		heads[1] = heads[0];
		heads[0] = later;
	}
}

/* The later head of which all is there; else what there is. NULL: nothing. */
static struct leaf_head *choose(struct found *found)
{
	for (size_t i = 0; i < 2; i++)
		if (found->heads[i].turn && found->heads[i].end - 2 * SIDE <= found->length)
			return &found->heads[i];
	found->heads[0].end = 2 * SIDE + found->length;
	return found->heads[0].turn ? &found->heads[0] : NULL;
}

/* What the history's form would not take of him is as if he had not told it. */
static void check_who(struct runner *who)
{
	char json[HISTORY_PROFILE_MAX], why[160];
	struct runner taken;

	if (runner_write(who, json, sizeof(json)) == 0 ||
	    !runner_parse(json, &taken, why, sizeof(why)))
		runner_init(who);
}

/* What of a portion, which is whole, the log has not got; where that ends */
static const char *add_portion(struct session_log *log, struct leaf_head *head, const char *at)
{
	struct leaf_portion portion;
	struct session_second second;
	struct session_event event;

	memcpy(&portion, at, sizeof(portion));
	at += sizeof(portion);
	for (uint32_t i = 0; i < portion.seconds; i++, at += sizeof(second)) {
		memcpy(&second, at, sizeof(second));
		if (head->first_second++ >= log->second_count)
			session_log_add_second(log, &second);
	}
	for (uint32_t i = 0; i < portion.events; i++, at += sizeof(event)) {
		memcpy(&event, at, sizeof(event));
		if (head->first_event++ >= log->event_count)
			session_log_add_event(log, &event);
	}
	return at;
}

/* All but the arrays, which are added to */
static void add(struct session_log *log, struct leaf_head *head, const char *octets)
{
	const char *end = octets + (head->end - 2 * SIDE);
	struct session_log now = head->log;

	while (octets < end)
		octets = add_portion(log, head, octets);
	now.seconds = log->seconds;
	now.second_count = log->second_count;
	now.second_room = log->second_room;
	now.events = log->events;
	now.event_count = log->event_count;
	now.event_room = log->event_room;
	*log = now;
	check_who(&log->who);
}

static bool is_earlier(const struct history_touch *a, const struct history_touch *b)
{
	return b->boot_ms > 0 && (strcmp(a->boot, b->boot) != 0 || a->boot_ms < b->boot_ms);
}

/* False: there is none, or none that is later than `touch`. */
static bool read_leaf(const char *path, struct session_log *log, struct history_touch *touch)
{
	struct found found = { .octets = NULL };
	char name[LEAF_NAME_MAX];
	struct leaf_head *head;
	bool good;
	int fd;

	if (path[0] == '\0')
		return false;
	leaf_name(path, name);
	fd = open(name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return false;
	read_heads(fd, &found);
	read_portions(fd, &found);
	close(fd);
	head = found.octets ? choose(&found) : NULL;
	good = head && !is_earlier(&head->touch, touch);
	if (good) {
		add(log, head, found.octets);
		*touch = head->touch;
	}
	free(found.octets);
	return good;
}

enum history_result leaf_load(struct history *history, const char *path,
                              struct session_log *log, struct history_session *in_file,
                              struct history_touch *touch)
{
	enum history_result result = HISTORY_NOTHING;
	int64_t ended;

	*in_file = (struct history_session){ 0 };
	*touch = (struct history_touch){ .boot = "" };
	session_log_init(log);
	if (history) {
		result = history_under_way(history, &in_file->id, touch);
		if (result == HISTORY_OK)
			result = history_load_session(history, in_file->id, log);
		/* one that ended is there; or none at all, where its page was cut off */
		if (result == HISTORY_NOTHING &&
		    history_latest(history, NULL, &ended) == HISTORY_NOTHING)
			return read_leaf(path, log, touch) ? HISTORY_OK : HISTORY_NOTHING;
		if (result != HISTORY_OK)
			return result;
		in_file->seconds = log->second_count;
		in_file->events = log->event_count;
	}
	return read_leaf(path, log, touch) ? HISTORY_OK : result;
}
