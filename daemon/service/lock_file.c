/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/service/lock_file.h"

#include "daemon/service/log.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define TOKEN "lock"
#define WORD "locked"
#define SIGN_S 5    /* between two signs of life */

struct lock_file {
	char path[PATH_MAX], fresh[PATH_MAX]; /* the latter while it is written */
	struct event *sign;
	uint64_t session; /* its id: milliseconds since boot at its start */
	bool under_way; /* the session is */
	bool locked;
	bool failed; /* has been said */
};

/* Since boot, suspended time with it: no clock that anybody sets */
static struct timespec since_boot(void)
{
	struct timespec now = { 0, 0 };

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now;
}

static void name_session(struct lock_file *lock)
{
	struct timespec now = since_boot();

	lock->session = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void complain(struct lock_file *lock, const char *what)
{
	if (!lock->failed)
		log_known(MESSAGE_LOCK_UNWRITABLE, TOKEN, "cannot %s %s: %s; a prompt that must be acknowledged "
		                 "will not outlive a restart", what, lock->path,
		          strerror(errno));
	lock->failed = true;
}

/* The time of the file is the last sign of life, counted since boot. */
static bool give_sign(int fd)
{
	struct timespec times[2] = { since_boot(), since_boot() };

	return futimens(fd, times) == 0;
}

static bool write_all(int fd, const char *text)
{
	size_t length = strlen(text);

	return write(fd, text, length) == (ssize_t)length;
}

/* Whole or not at all: a daemon may die at any instruction. */
static void write_file(struct lock_file *lock)
{
	char text[64];
	bool good;
	int fd;

	unlink(lock->fresh);
	fd = open(lock->fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0) {
		complain(lock, "make");
		return;
	}
	snprintf(text, sizeof(text), WORD " %" PRIu64 "\n", lock->session);
	good = write_all(fd, text) && give_sign(fd);
	good &= close(fd) == 0;
	if (!good || rename(lock->fresh, lock->path) < 0)
		complain(lock, "write");
}

static void on_sign(evutil_socket_t fd, short what, void *user)
{
	struct lock_file *lock = user;
	int file = open(lock->path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);

	(void)fd;
	(void)what;
	if (file < 0 || !give_sign(file))
		complain(lock, "keep");
	if (file >= 0)
		close(file);
}

struct lock_file *lock_file_new(struct event_base *base, const char *socket_path)
{
	struct lock_file *lock = calloc(1, sizeof(*lock));

	if (!lock)
		return NULL;
	snprintf(lock->path, sizeof(lock->path), "%s.safety-lock", socket_path);
	snprintf(lock->fresh, sizeof(lock->fresh), "%s.safety-lock.new", socket_path);
	lock->sign = event_new(base, -1, EV_PERSIST, on_sign, lock);
	if (!lock->sign) {
		free(lock);
		return NULL;
	}
	name_session(lock);
	return lock;
}

void lock_file_free(struct lock_file *lock)
{
	if (!lock)
		return;
	event_free(lock->sign);
	free(lock);
}

/* Ours, nobody else's to write, and of the one form that we write */
static bool read_file(struct lock_file *lock, struct stat *st)
{
	int fd = open(lock->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	char text[64] = "", word[8] = "", end = '\0';
	bool good;

	if (fd < 0)
		return false;
	good = fstat(fd, st) == 0 && S_ISREG(st->st_mode) &&
	       st->st_uid == geteuid() && (st->st_mode & 077) == 0 &&
	       read(fd, text, sizeof(text) - 1) > 0 &&
	       /* NOLINTNEXTLINE(cert-err34-c): any number is as good as another */
	       sscanf(text, "%7s %" SCNu64 "%c", word, &lock->session, &end) == 3 &&
	       strcmp(word, WORD) == 0 && end == '\n';
	close(fd);
	if (!good)
		log_warn(TOKEN, "%s is no lock of ours: removed", lock->path);
	return good;
}

bool lock_file_is_left(struct lock_file *lock)
{
	struct timespec now = since_boot();
	struct stat st;
	bool good = read_file(lock, &st);

	lock->under_way = good && st.st_mtime <= now.tv_sec &&
	                  now.tv_sec - st.st_mtime < LOCK_FILE_SILENT_S;
	if (lock->under_way)
		return true;
	if (good)
		log_notice(TOKEN, "%s is of a session that has ended: removed", lock->path);
	name_session(lock);
	unlink(lock->path);
	return false;
}

static void set_locked(struct lock_file *lock, bool locked)
{
	static const struct timeval period = { SIGN_S, 0 };

	if (locked == lock->locked)
		return;
	lock->locked = locked;
	if (locked) {
		write_file(lock);
		event_add(lock->sign, &period);
	} else {
		event_del(lock->sign);
		if (unlink(lock->path) < 0 && errno != ENOENT)
			complain(lock, "remove");
	}
}

static void follow_session(struct lock_file *lock, enum display_session_state state)
{
	bool under_way = state == DISPLAY_SESSION_RUNNING ||
	                 state == DISPLAY_SESSION_PAUSED;

	if (under_way && !lock->under_way)
		name_session(lock);
	lock->under_way = under_way;
}

void lock_file_outcome(struct lock_file *lock, const struct outcome *outcome,
                       bool locked)
{
	if (outcome->message.type == DISPLAY_MESSAGE_SESSION)
		follow_session(lock, outcome->message.session.state);
	if (outcome->message.type == DISPLAY_MESSAGE_PROMPT ||
	    outcome->message.type == DISPLAY_MESSAGE_CLEAR)
		set_locked(lock, locked);
}

void lock_file_end(struct lock_file *lock)
{
	set_locked(lock, false);
}
