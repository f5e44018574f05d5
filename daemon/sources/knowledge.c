/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/sources/knowledge.h"

#include "daemon/service/log.h"
#include "daemon/sources/knowledge_file.h"
#include "protocol/le_address.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KINDS (SOURCE_HEART_RATE + 1)

struct knowledge {
	char *directory; /* NULL: none */
	struct knowledge_content content;
	char configured[KINDS][KNOWLEDGE_ID_SIZE];
};

/* ---- ids ----------------------------------------------------------------- */

const char *knowledge_kind_name(enum source_device kind)
{
	static const char *const names[KINDS] = {
		[SOURCE_TREADMILL] = "treadmill",
		[SOURCE_FOOTPOD] = "footpod",
		[SOURCE_HEART_RATE] = "heart_rate",
	};

	assert(kind < KINDS);
	return names[kind];
}

/* Device numbers have 20 bits: extended ones have four more than the 16 of the
 * channel's. */
uint32_t knowledge_ant_number(const char *id)
{
	unsigned long number;
	char *end;

	if (strncmp(id, "ant ", 4) != 0 || !isdigit((unsigned char)id[4]))
		return 0;
	number = strtoul(id + 4, &end, 10);
	return *end || number > 0xfffff ? 0 : (uint32_t)number;
}

bool knowledge_normalize(const char *id, char out[KNOWLEDGE_ID_SIZE])
{
	uint32_t number = knowledge_ant_number(id);
	struct le_address address;

	*out = '\0';
	if (number > 0)
		snprintf(out, KNOWLEDGE_ID_SIZE, "ant %u", number);
	else if (le_address_from_text(id, &address))
		le_address_text(&address, out);
	return *out;
}

/* ---- devices ------------------------------------------------------------- */

static struct knowledge_device *find(const struct knowledge *k, const char *id)
{
	char normal[KNOWLEDGE_ID_SIZE];

	knowledge_normalize(id, normal);
	return knowledge_content_find(&k->content, normal);
}

static bool is_kept(const struct knowledge *k, const char *id)
{
	for (size_t kind = 0; kind < KINDS; kind++) {
		if (strcmp(k->content.paired[kind], id) == 0 ||
		    strcmp(k->configured[kind], id) == 0)
			return true;
	}
	return false;
}

static void drop_unkept(struct knowledge *k)
{
	size_t i = 0;

	while (i < k->content.count) {
		if (is_kept(k, k->content.devices[i].id))
			i++;
		else
			knowledge_content_remove(&k->content, i);
	}
}

/* What is not kept is not written. */
static bool save(const struct knowledge *k)
{
	struct knowledge_content kept = k->content;

	kept.count = 0;
	for (size_t i = 0; i < k->content.count; i++) {
		if (is_kept(k, k->content.devices[i].id))
			kept.devices[kept.count++] = k->content.devices[i];
	}
	return !k->directory || knowledge_file_write(k->directory, &kept);
}

const struct knowledge_device *knowledge_find(const struct knowledge *k,
                                              const char *id)
{
	return find(k, id);
}

/* Its place, made if there is none: the first that is not kept makes room. */
static struct knowledge_device *place(struct knowledge *k, const char *id)
{
	struct knowledge_device *device = find(k, id);

	if (device)
		return device;
	for (size_t i = 0; k->content.count == KNOWLEDGE_DEVICES_MAX && i < k->content.count;
	     i++) {
		if (!is_kept(k, k->content.devices[i].id))
			knowledge_content_remove(&k->content, i);
	}
	if (k->content.count == KNOWLEDGE_DEVICES_MAX)
		return NULL;
	device = &k->content.devices[k->content.count++];
	memset(device, 0, sizeof(*device));
	knowledge_normalize(id, device->id);
	return device;
}

static bool same_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool same(const struct knowledge_device *a, const struct knowledge_device *b)
{
	return strcmp(a->name, b->name) == 0 && a->address_type == b->address_type &&
	       strcmp(a->unit, b->unit) == 0 && same_text(a->attributes, b->attributes);
}

void knowledge_set(struct knowledge *k, const struct knowledge_device *told)
{
	struct knowledge_device *device, now = *told;

	if (!knowledge_normalize(told->id, now.id))
		return;
	device = place(k, now.id);
	if (!device || same(device, told))
		return;
	/* without memory for them the attributes are asked for once more */
	now.attributes = told->attributes ? strdup(told->attributes) : NULL;
	free((char *)(uintptr_t)device->attributes);
	*device = now;
	if (is_kept(k, device->id))
		save(k);
}

/* ---- pairing ------------------------------------------------------------- */

const char *knowledge_paired(const struct knowledge *k, enum source_device kind)
{
	assert(kind < KINDS);
	return k->content.paired[kind];
}

bool knowledge_pair(struct knowledge *k, enum source_device kind, const char *id,
                    const char *name)
{
	struct knowledge_device *device;

	assert(kind < KINDS);
	knowledge_normalize(id, k->content.paired[kind]);
	device = *k->content.paired[kind] ? place(k, id) : NULL;
	if (device && *name)
		snprintf(device->name, sizeof(device->name), "%s", name);
	return save(k);
}

void knowledge_configure(struct knowledge *k, enum source_device kind, const char *id)
{
	assert(kind < KINDS);
	knowledge_normalize(id, k->configured[kind]);
}

bool knowledge_forget_all(struct knowledge *k)
{
	memset(k->content.paired, 0, sizeof(k->content.paired));
	while (k->content.count > 0)
		knowledge_content_remove(&k->content, k->content.count - 1);
	return !k->directory || knowledge_file_remove(k->directory);
}

void knowledge_end_session(struct knowledge *k)
{
	drop_unkept(k);
}

/* ---- life ---------------------------------------------------------------- */

struct knowledge *knowledge_open(const char *directory)
{
	struct knowledge *k = calloc(1, sizeof(*k));

	if (!k)
		return NULL;
	if (directory && !(k->directory = strdup(directory))) {
		free(k);
		return NULL;
	}
	if (directory)
		knowledge_file_read(directory, &k->content);
	return k;
}

void knowledge_close(struct knowledge *k)
{
	while (k->content.count > 0)
		knowledge_content_remove(&k->content, k->content.count - 1);
	free(k->directory);
	free(k);
}
