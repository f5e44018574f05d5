/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "tests/unit/cut_vfs.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECTOR 512
#define FILES_MAX 8

/* A write (of `data`), or a truncation to `offset` */
struct change {
	struct change *next;
	int64_t offset;
	size_t length;
	unsigned char data[];
};

/* What the disk has of a file, and what it was told since the last sync */
struct disk {
	char path[512];
	unsigned char *image;
	size_t length;
	struct change *first, **last;
};

struct cut_file {
	sqlite3_file base;
	struct disk *disk; /* NULL: a temporary one */
	sqlite3_file *real;
};

static sqlite3_vfs *real_vfs;
static struct disk disks[FILES_MAX];
static size_t disk_count;
static uint64_t changes, cut_at;
static uint32_t dice;
static bool is_cut;

static uint32_t roll(void)
{
	dice ^= dice << 13;
	dice ^= dice >> 17;
	dice ^= dice << 5;
	return dice;
}

/* One more; false: the power is gone. */
static bool count(void)
{
	if (!is_cut && ++changes == cut_at)
		is_cut = true;
	return !is_cut;
}

/* ---- the disk ----------------------------------------------------------------- */

static void put(struct disk *disk, int64_t offset, const unsigned char *data, size_t length)
{
	size_t end = (size_t)offset + length;

	if (end > disk->length) {
		disk->image = realloc(disk->image, end);
		memset(disk->image + disk->length, 0, end - disk->length);
		disk->length = end;
	}
	memcpy(disk->image + offset, data, length);
}

static void note(struct disk *disk, int64_t offset, const void *data, size_t length)
{
	struct change *change;

	if (!disk)
		return;
	change = malloc(sizeof(*change) + length);
	change->next = NULL;
	change->offset = offset;
	change->length = length;
	if (length > 0)
		memcpy(change->data, data, length);
	*disk->last = change;
	disk->last = &change->next;
}

/* All of it arrives, or, without a sync, any sectors */
static void apply(struct disk *disk, const struct change *change, bool whole)
{
	if (change->length == 0) {
		if ((size_t)change->offset < disk->length && (whole || roll() % 2))
			disk->length = (size_t)change->offset;
		return;
	}
	for (size_t at = 0; at < change->length;) {
		size_t sector = SECTOR - (size_t)(change->offset + (int64_t)at) % SECTOR;
		size_t length = change->length - at < sector ? change->length - at : sector;

		if (whole || roll() % 2)
			put(disk, change->offset + (int64_t)at, change->data + at, length);
		at += length;
	}
}

static void settle(struct disk *disk, bool whole)
{
	struct change *change;

	while ((change = disk->first)) {
		apply(disk, change, whole);
		disk->first = change->next;
		free(change);
	}
	disk->last = &disk->first;
}

static struct disk *disk_of(const char *path)
{
	struct disk *disk = NULL;

	for (size_t i = 0; i < disk_count; i++) {
		if (strcmp(disks[i].path, path) == 0)
			return &disks[i];
	}
	if (disk_count == FILES_MAX)
		abort();
	disk = &disks[disk_count++];
	*disk = (struct disk){ .last = NULL };
	snprintf(disk->path, sizeof(disk->path), "%s", path);
	disk->last = &disk->first;
	return disk;
}

void cut_vfs_plan(uint64_t at, uint32_t seed)
{
	for (size_t i = 0; i < disk_count; i++) {
		settle(&disks[i], false);
		free(disks[i].image);
	}
	disk_count = 0;
	changes = 0;
	cut_at = at;
	dice = seed | 1;
	is_cut = false;
}

bool cut_vfs_is_cut(void)
{
	return is_cut;
}

bool cut_vfs_restore(void)
{
	bool good = true;

	for (size_t i = 0; i < disk_count; i++) {
		FILE *file;

		settle(&disks[i], false);
		file = fopen(disks[i].path, "we");
		good = good && file &&
		       fwrite(disks[i].image, 1, disks[i].length, file) == disks[i].length;
		if (file)
			fclose(file);
	}
	return good;
}

/* ---- SQLite's side -------------------------------------------------------------- */

#define REAL(file) (((struct cut_file *)(void *)(file))->real)
#define DISK(file) (((struct cut_file *)(void *)(file))->disk)

static int cut_close(sqlite3_file *f)
{
	int code = REAL(f)->pMethods->xClose(REAL(f));

	sqlite3_free(REAL(f));
	return code;
}

static int cut_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
	return is_cut ? SQLITE_IOERR_READ : REAL(f)->pMethods->xRead(REAL(f), to, n, at);
}

static int cut_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
	if (!is_cut)
		note(DISK(f), at, from, (size_t)n);
	return count() ? REAL(f)->pMethods->xWrite(REAL(f), from, n, at) : SQLITE_IOERR_WRITE;
}

static int cut_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	if (!is_cut)
		note(DISK(f), size, NULL, 0);
	return count() ? REAL(f)->pMethods->xTruncate(REAL(f), size) : SQLITE_IOERR_TRUNCATE;
}

static int cut_sync(sqlite3_file *f, int flags)
{
	(void)flags;
	if (!count())
		return SQLITE_IOERR_FSYNC;
	if (DISK(f))
		settle(DISK(f), true);
	return SQLITE_OK;
}

static int cut_size(sqlite3_file *f, sqlite3_int64 *size)
{
	return REAL(f)->pMethods->xFileSize(REAL(f), size);
}

static int cut_lock(sqlite3_file *f, int level)
{
	return REAL(f)->pMethods->xLock(REAL(f), level);
}

static int cut_unlock(sqlite3_file *f, int level)
{
	return REAL(f)->pMethods->xUnlock(REAL(f), level);
}

static int cut_reserved(sqlite3_file *f, int *out)
{
	return REAL(f)->pMethods->xCheckReservedLock(REAL(f), out);
}

static int cut_control(sqlite3_file *f, int what, void *argument)
{
	return REAL(f)->pMethods->xFileControl(REAL(f), what, argument);
}

static int cut_sector(sqlite3_file *f)
{
	(void)f;
	return SECTOR;
}

/* Of no kindness of the disk anything is known. */
static int cut_traits(sqlite3_file *f)
{
	(void)f;
	return 0;
}

static int cut_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
	return REAL(f)->pMethods->xShmMap(REAL(f), page, size, extend, out);
}

static int cut_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
	return REAL(f)->pMethods->xShmLock(REAL(f), at, n, flags);
}

static void cut_shm_barrier(sqlite3_file *f)
{
	REAL(f)->pMethods->xShmBarrier(REAL(f));
}

static int cut_shm_unmap(sqlite3_file *f, int remove)
{
	return REAL(f)->pMethods->xShmUnmap(REAL(f), remove);
}

static const sqlite3_io_methods methods = {
	2, cut_close, cut_read, cut_write, cut_truncate, cut_sync, cut_size, cut_lock,
	cut_unlock, cut_reserved, cut_control, cut_sector, cut_traits, cut_shm_map,
	cut_shm_lock, cut_shm_barrier, cut_shm_unmap, NULL, NULL,
};

static int cut_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out)
{
	struct cut_file *file = (struct cut_file *)(void *)f;
	int code;

	(void)vfs;
	memset(file, 0, sizeof(*file));
	file->real = sqlite3_malloc(real_vfs->szOsFile);
	memset(file->real, 0, (size_t)real_vfs->szOsFile);
	code = is_cut ? SQLITE_CANTOPEN
	              : real_vfs->xOpen(real_vfs, name, file->real, flags, out);
	if (code != SQLITE_OK) {
		sqlite3_free(file->real);
		return code;
	}
	file->disk = name ? disk_of(name) : NULL;
	file->base.pMethods = &methods;
	return SQLITE_OK;
}

/* Gone at once: the worst is that it is */
static int cut_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	struct disk *disk = disk_of(name);

	(void)vfs;
	if (!count())
		return SQLITE_IOERR_DELETE;
	settle(disk, false);
	disk->length = 0;
	return real_vfs->xDelete(real_vfs, name, sync);
}

bool cut_vfs_install(void)
{
	static sqlite3_vfs vfs;

	real_vfs = sqlite3_vfs_find(NULL);
	vfs = *real_vfs;
	vfs.zName = "cut";
	vfs.szOsFile = sizeof(struct cut_file);
	vfs.xOpen = cut_open;
	vfs.xDelete = cut_delete;
	return sqlite3_vfs_register(&vfs, 1) == SQLITE_OK;
}
