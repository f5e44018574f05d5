/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "plugins/mqtt/spool.h"

#include "plugins/mqtt/spool_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_MAX 1000000000 /* of safety events in one */

/* ---- places ---------------------------------------------------------------- */

static void remove_at(struct spool *spool, size_t at)
{
	struct spool_entry *entry = &spool->entries[at];

	if (*spool->directory) /* one that could not be written anew has an older file */
		spool_file_remove(spool->directory, entry);
	free(entry->text);
	spool->count--;
	memmove(entry, entry + 1, (spool->count - at) * sizeof(*entry));
}

static bool waits(const struct spool_entry *entry)
{
	return !entry->mid && !entry->kept_s;
}

/* The oldest of that class that waits; `count`: there is none */
static size_t oldest(const struct spool *spool, enum spool_class class)
{
	size_t at = 0;

	while (at < spool->count &&
	       (spool->entries[at].class != class || !waits(&spool->entries[at])))
		at++;
	return at;
}

/* The oldest that the broker has; false: there is none. */
static bool let_go(struct spool *spool)
{
	for (size_t at = 0; at < spool->count; at++) {
		if (spool->entries[at].kept_s) {
			remove_at(spool, at);
			return true;
		}
	}
	return false;
}

/* Drops one that matters less than safety; false: there is none. */
static bool drop_one(struct spool *spool)
{
	if (let_go(spool))
		return true;
	for (enum spool_class class = SPOOL_METRICS; class < SPOOL_SAFETY; class++) {
		size_t at = oldest(spool, class);

		if (at == spool->count)
			continue;
		spool->dropped[class]++;
		remove_at(spool, at);
		return true;
	}
	return false;
}

/* ---- the disk -------------------------------------------------------------- */

/* The oldest file of what the broker has, else of one that waits and matters less than
 * `class`, gives up its room on a full disk: the event itself stays in memory. */
static bool free_file(struct spool *spool, enum spool_class class)
{
	struct spool_entry *found = NULL;

	for (size_t at = spool->count; at-- > 0;) {
		struct spool_entry *entry = &spool->entries[at];

		if (entry->on_disk && (entry->kept_s || (class == SPOOL_SAFETY && entry->class < class &&
		                                         !(found && found->kept_s))))
			found = entry;
	}
	if (!found)
		return false;
	spool_file_remove(spool->directory, found);
	found->on_disk = false;
	return true;
}

/* On a full disk what is less than safety makes room for it. Where there is room again,
 * those that found none are written as well. */
static void write_entry(struct spool *spool, struct spool_entry entry)
{
	int before = spool->disk_error;
	size_t at;

	if (!*spool->directory)
		return;
	do
		spool->disk_error = spool_file_write(spool->directory, &entry);
	while ((spool->disk_error == ENOSPC || spool->disk_error == EDQUOT) &&
	       free_file(spool, entry.class));
	for (at = spool->count; at-- > 0;) {
		if (spool->entries[at].number == entry.number)
			spool->entries[at].on_disk = spool->disk_error == 0;
	}
	if (before && !spool->disk_error)
		spool_retry_disk(spool);
}

void spool_retry_disk(struct spool *spool)
{
	for (size_t at = 0; *spool->directory && at < spool->count; at++) {
		struct spool_entry *entry = &spool->entries[at];

		if (entry->on_disk)
			continue;
		spool->disk_error = spool_file_write(spool->directory, entry);
		if (spool->disk_error)
			return;
		entry->on_disk = true;
	}
}

/* ---- what comes in --------------------------------------------------------- */

/* The newest that waits and is of safety, of that rule if there is one */
static struct spool_entry *merge_with(struct spool *spool, const char *rule)
{
	struct spool_entry *found = NULL;

	for (size_t at = spool->count; at-- > 0;) {
		struct spool_entry *entry = &spool->entries[at];
		json_t *event;
		bool same;

		if (entry->class != SPOOL_SAFETY || !waits(entry))
			continue;
		event = json_loads(entry->text, 0, NULL);
		same = rule && json_string_value(json_object_get(event, "rule")) &&
		       strcmp(rule, json_string_value(json_object_get(event, "rule"))) == 0;
		json_decref(event);
		if (same)
			return entry;
		if (!found)
			found = entry;
	}
	return found;
}

/* A file may say anything. */
static json_int_t count_of(const json_t *event)
{
	json_int_t count = json_integer_value(json_object_get(event, "count"));

	return count < 1 ? 1 : count > COUNT_MAX ? COUNT_MAX : count;
}

static char *text_of(const json_t *event)
{
	return json_dumps(event, JSON_COMPACT | JSON_REAL_PRECISION(9));
}

/* False: all are under way, or no memory. */
static bool merge(struct spool *spool, const json_t *event)
{
	const char *rule = json_string_value(json_object_get(event, "rule"));
	struct spool_entry *entry = merge_with(spool, rule);
	json_t *into = entry ? json_loads(entry->text, 0, NULL) : NULL;
	const char *theirs = json_string_value(json_object_get(into, "rule"));
	char *text;

	if (!into)
		return false;
	json_object_set_new(into, "count", json_integer(count_of(into) + count_of(event)));
	json_object_set(into, "last_ts", json_object_get(event, "ts"));
	if (!rule || !theirs || strcmp(rule, theirs) != 0)
		json_object_del(into, "rule");
	text = text_of(into);
	json_decref(into);
	if (!text)
		return false;
	free(entry->text);
	entry->text = text;
	spool->merged++;
	write_entry(spool, *entry);
	return true;
}

static bool append(struct spool *spool, enum spool_class class, char *text)
{
	struct spool_entry entry = { .number = ++spool->last_number, .class = class,
		                     .text = text };

	spool->entries[spool->count++] = entry;
	write_entry(spool, entry);
	return true;
}

/* A little beyond `max` for safety events while all others are under way */
bool spool_add(struct spool *spool, enum spool_class class, json_t *event)
{
	char *text = event ? text_of(event) : NULL;
	bool full = spool->count >= spool->max && !drop_one(spool);
	bool good;

	if (!text)
		good = false;
	else if (!full)
		good = append(spool, class, text);
	else if (class == SPOOL_SAFETY && (merge(spool, event) || spool->count >= spool->max * 2))
		good = (free(text), true);
	else if (class == SPOOL_SAFETY)
		good = append(spool, class, text);
	else
		good = (spool->dropped[class]++, free(text), true);
	json_decref(event);
	return good;
}

/* ---- what goes out --------------------------------------------------------- */

struct spool_entry *spool_next(struct spool *spool)
{
	for (size_t at = 0; at < spool->count; at++) {
		if (waits(&spool->entries[at]))
			return &spool->entries[at];
	}
	return NULL;
}

size_t spool_under_way(const struct spool *spool)
{
	size_t count = 0;

	for (size_t at = 0; at < spool->count; at++)
		count += spool->entries[at].mid != 0;
	return count;
}

size_t spool_waiting(const struct spool *spool, size_t *octets)
{
	size_t count = 0;

	*octets = 0;
	for (size_t at = 0; at < spool->count; at++) {
		if (spool->entries[at].kept_s)
			continue;
		count++;
		*octets += strlen(spool->entries[at].text);
	}
	return count;
}

static size_t find(const struct spool *spool, int mid)
{
	size_t at = 0;

	while (at < spool->count && spool->entries[at].mid != mid)
		at++;
	return at;
}

bool spool_delivered(struct spool *spool, int mid)
{
	size_t at = find(spool, mid);

	if (at == spool->count)
		return false;
	spool->entries[at].mid = 0;
	spool->entries[at].kept_s = spool->keep_s;
	if (!spool->keep_s)
		remove_at(spool, at);
	return true;
}

bool spool_refused(struct spool *spool, int mid)
{
	size_t at = find(spool, mid);

	if (at == spool->count)
		return false;
	spool->entries[at].mid = 0;
	return true;
}

void spool_rewind(struct spool *spool)
{
	for (size_t at = 0; at < spool->count; at++) {
		spool->entries[at].mid = 0;
		spool->entries[at].kept_s = 0;
	}
}

void spool_second(struct spool *spool)
{
	for (size_t at = spool->count; at-- > 0;) {
		if (spool->entries[at].kept_s && --spool->entries[at].kept_s == 0)
			remove_at(spool, at);
	}
}

/* ---- the whole ------------------------------------------------------------- */

bool spool_open(struct spool *spool, const char *directory, size_t max)
{
	memset(spool, 0, sizeof(*spool));
	spool->max = max;
	snprintf(spool->directory, sizeof(spool->directory), "%s", directory);
	/* safety events may go beyond, see spool_add() */
	spool->entries = calloc(max * 2 + 1, sizeof(*spool->entries));
	if (!spool->entries)
		return false;
	if (*directory)
		spool->count = spool_file_load(directory, spool->entries, max * 2,
		                               &spool->last_number);
	while (spool->count > max && drop_one(spool))
		continue;
	return true;
}

void spool_close(struct spool *spool)
{
	for (size_t at = 0; at < spool->count; at++)
		free(spool->entries[at].text);
	free(spool->entries);
	memset(spool, 0, sizeof(*spool));
}
