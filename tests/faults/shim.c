/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Loaded into a gaitd (LD_PRELOAD): its clocks are the campaign's, its disk fails
 * as told, and the n-th of its allocations. Without GAITD_FAULTS it does nothing.
 *
 * Time stands still until the campaign moves it, and the campaign moves it when
 * nothing is left to do: a run of minutes takes a second, and the same on a computer
 * that is busy with something else.
 */
#define _GNU_SOURCE
#include "tests/faults/shim.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FILES_MAX 1024
#define WALL_US INT64_C(1795000000000000) /* some day of 2026 */
#define HANGS_S 20

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

struct control *control;
static const char *place;
static size_t place_length;
static bool on_disk[FILES_MAX]; /* by descriptor */
static uint64_t allocation;     /* of this process */
static uint32_t stride;         /* each so manieth fails in a child; 0: none any more */
static bool is_child;

__attribute__((constructor)) static void start(void)
{
	const char *path = getenv(CONTROL_FILE);
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *mapped = MAP_FAILED;

	if (fd < 0)
		return;
	mapped = mmap(NULL, sizeof(*control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	place = getenv(CONTROL_PLACE);
	place_length = place ? strlen(place) : 0;
	if (mapped == MAP_FAILED)
		return;
	control = mapped;
	stride = control->stride;
}

/* ---- clocks ---------------------------------------------------------------- */

static int real_clock(clockid_t id, struct timespec *out)
{
	REAL(clock_gettime, id, out);
}

static int64_t real_us(clockid_t id)
{
	struct timespec now = { 0, 0 };

	real_clock(id, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static bool is_wall(clockid_t id)
{
	return id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE;
}

int clock_gettime(clockid_t id, struct timespec *out)
{
	int64_t us;

	if (!control)
		return real_clock(id, out);
	if (control->real_time)
		us = real_us(id);
	else
		us = CONTROL_BOOT_US + control->now_us + (is_wall(id) ? WALL_US : 0);
	if (is_wall(id) || id == CLOCK_BOOTTIME)
		us += control->asleep_us;
	if (is_wall(id))
		us += control->wall_us;
	out->tv_sec = us / 1000000;
	out->tv_nsec = us % 1000000 * 1000;
	return 0;
}

time_t time(time_t *out)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (out)
		*out = now.tv_sec;
	return now.tv_sec;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
	struct timespec now;

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &now);
	out->tv_sec = now.tv_sec;
	out->tv_usec = now.tv_nsec / 1000;
	return 0;
}

/* libevent does without */
int timerfd_create(clockid_t id, int flags)
{
	if (control) {
		errno = ENOSYS;
		return -1;
	}
	REAL(timerfd_create, id, flags);
}

static int real_epoll_wait(int fd, struct epoll_event *events, int max, int ms)
{
	REAL(epoll_wait, fd, events, max, ms);
}

static int real_poll(struct pollfd *fds, nfds_t count, int ms)
{
	REAL(poll, fds, count, ms);
}

struct waiting {
	int epoll; /* -1: poll() */
	struct epoll_event *events;
	struct pollfd *fds;
	int max;
};

static int look(const struct waiting *w, int ms)
{
	if (w->epoll < 0)
		return real_poll(w->fds, (nfds_t)w->max, ms);
	return real_epoll_wait(w->epoll, w->events, w->max, ms);
}

/* Nothing to read, nothing due, no thread at work: the campaign's turn */
static int wait_for(const struct waiting *w, int ms)
{
	int64_t until = ms < 0 ? INT64_MAX : 0;
	int n;

	if (control)
		shim_measure();
	if (!control || control->real_time)
		return look(w, ms);
	if (ms >= 0)
		until = control->now_us + (int64_t)ms * 1000;
	for (;;) {
		uint64_t asked = control->asked;
		bool busy = control->busy > 0;

		n = look(w, 0);
		if (n != 0 || control->now_us >= until)
			return n;
		shim_measure();
		if (!busy)
			control->done = asked;
		n = look(w, 1);
		if (n != 0)
			return n;
	}
}

int epoll_wait(int fd, struct epoll_event *events, int max, int ms)
{
	return wait_for(&(struct waiting){ fd, events, NULL, max }, ms);
}

/* Short of memory for the one, libevent takes the other. */
int poll(struct pollfd *fds, nfds_t count, int ms)
{
	return wait_for(&(struct waiting){ -1, NULL, fds, (int)count }, ms);
}

/* ---- the thread that writes -------------------------------------------------- */

/* There are older ones of these names, which are for other structures. */
static void *of_now(const char *name)
{
	void *found = dlvsym(RTLD_NEXT, name, "GLIBC_2.3.2");

	return found ? found : dlsym(RTLD_NEXT, name);
}

int pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex)
{
	static int (*real)(pthread_cond_t *, pthread_mutex_t *);

	if (!real)
		*(void **)&real = of_now("pthread_cond_wait");
	if (control)
		control->busy = 0;
	return real(cond, mutex);
}

int pthread_cond_signal(pthread_cond_t *cond)
{
	static int (*real)(pthread_cond_t *);

	if (!real)
		*(void **)&real = of_now("pthread_cond_signal");
	if (control)
		control->busy = 1;
	return real(cond);
}

/* By the clock that it was reckoned with */
int pthread_timedjoin_np(pthread_t thread, void **result, const struct timespec *until)
{
	static int (*tryjoin)(pthread_t, void **);
	struct timespec now, moment = { 0, 1000000 };
	int status;

	if (!control) {
		REAL(pthread_timedjoin_np, thread, result, until);
	}
	*(void **)&tryjoin = dlsym(RTLD_NEXT, "pthread_tryjoin_np");
	for (;;) {
		status = tryjoin(thread, result);
		clock_gettime(CLOCK_REALTIME, &now);
		if (status != EBUSY)
			return status;
		if (now.tv_sec >= until->tv_sec)
			return ETIMEDOUT;
		if (control->disk == CONTROL_DISK_SLOW)
			control->done = control->asked; /* it waits for time to pass */
		nanosleep(&moment, NULL);
	}
}

/* ---- the disk ---------------------------------------------------------------- */

static bool is_on_disk(const char *path)
{
	return control && place && strncmp(path, place, place_length) == 0;
}

/* True: refused */
static bool disk_refuses(bool needs_room)
{
	static const int errors[] = {
		[CONTROL_DISK_FULL] = ENOSPC, [CONTROL_DISK_READ_ONLY] = EROFS,
		[CONTROL_DISK_BROKEN] = EIO, [CONTROL_DISK_SLOW] = 0,
	};
	uint32_t disk = control->disk;

	if (errors[disk] == 0 || (disk == CONTROL_DISK_FULL && !needs_room))
		return false;
	control->disk_refused++;
	errno = errors[disk];
	return true;
}

static bool refuses(int fd, bool needs_room)
{
	return control && fd >= 0 && fd < FILES_MAX && on_disk[fd] && disk_refuses(needs_room);
}

static int opened(const char *path, int flags, int fd)
{
	if (fd >= 0 && fd < FILES_MAX)
		on_disk[fd] = is_on_disk(path) && (flags & O_ACCMODE) != O_RDONLY;
	return fd;
}

static int real_open(const char *path, int flags, mode_t mode)
{
	REAL(open, path, flags, mode);
}

static int open_any(const char *path, int flags, mode_t mode)
{
	bool writes = (flags & O_ACCMODE) != O_RDONLY;
	bool is_new = (flags & O_CREAT) && is_on_disk(path) && access(path, F_OK) != 0;

	if (writes && is_on_disk(path) && disk_refuses(is_new))
		return -1;
	return opened(path, flags, real_open(path, flags, mode));
}

static mode_t mode_of(int flags, va_list more)
{
	return flags & (O_CREAT | __O_TMPFILE) ? va_arg(more, mode_t) : 0;
}

int open(const char *path, int flags, ...)
{
	va_list more;
	mode_t mode;

	va_start(more, flags);
	mode = mode_of(flags, more);
	va_end(more);
	return open_any(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	va_list more;
	mode_t mode;

	va_start(more, flags);
	mode = mode_of(flags, more);
	va_end(more);
	return open_any(path, flags, mode);
}

int close(int fd)
{
	if (fd >= 0 && fd < FILES_MAX)
		on_disk[fd] = false;
	REAL(close, fd);
}

ssize_t write(int fd, const void *octets, size_t length)
{
	if (refuses(fd, true))
		return -1;
	REAL(write, fd, octets, length);
}

ssize_t pwrite64(int fd, const void *octets, size_t length, off64_t at)
{
	if (refuses(fd, true))
		return -1;
	REAL(pwrite64, fd, octets, length, at);
}

int ftruncate64(int fd, off64_t length)
{
	if (refuses(fd, false))
		return -1;
	REAL(ftruncate64, fd, length);
}

/* A thread that waits for its disk is not at work: time passes. */
static void sync_slowly(int fd)
{
	struct timespec moment = { 0, 500000 };
	int64_t until = control->now_us + CONTROL_SYNC_US;

	if (fd < 0 || fd >= FILES_MAX || !on_disk[fd])
		return;
	while (control->disk == CONTROL_DISK_SLOW && control->now_us < until) {
		control->busy = 0;
		nanosleep(&moment, NULL);
	}
	control->busy = 1;
}

int fsync(int fd)
{
	if (refuses(fd, true))
		return -1;
	if (control && control->disk == CONTROL_DISK_SLOW)
		sync_slowly(fd);
	return control ? 0 : -1;
}

int fdatasync(int fd)
{
	return fsync(fd);
}

int unlink(const char *path)
{
	if (is_on_disk(path) && disk_refuses(false))
		return -1;
	REAL(unlink, path);
}

int rename(const char *from, const char *to)
{
	if (is_on_disk(to) && disk_refuses(false))
		return -1;
	REAL(rename, from, to);
}

/* ---- memory ------------------------------------------------------------------ */

/* As printed without any fault? */
static bool is_golden(int printed)
{
	static char golden[CONTROL_GOLDEN_MAX], seen[CONTROL_GOLDEN_MAX];
	const char *path = getenv(CONTROL_GOLDEN);
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	ssize_t length = pread(fd, golden, sizeof(golden), 0);

	close(fd);
	return length >= 0 && pread(printed, seen, sizeof(seen), 0) == length &&
	       memcmp(golden, seen, (size_t)length) == 0;
}

/* It ends and says why, or goes on as if nothing had been. */
static void judge(pid_t child, int said, int printed)
{
	char text[4096];
	ssize_t length;
	int status = 0;
	bool good;

	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	length = pread(said, text, sizeof(text) - 1, 0);
	text[length > 0 ? length : 0] = '\0';
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		good = is_golden(printed);
	else
		good = WIFEXITED(status) && strcasestr(text, "memory");
	if (good)
		return;
	control->bad++;
	dprintf(STDERR_FILENO, "allocation %llu, status 0x%x: %s\n",
	        (unsigned long long)allocation, (unsigned)status, text);
}

/* True in the child: there it fails. */
static bool fails_in_child(void)
{
	int said = memfd_create("said", MFD_CLOEXEC);
	int printed = memfd_create("printed", MFD_CLOEXEC);
	pid_t child = fork();

	if (child == 0) {
		is_child = true;
		alarm(HANGS_S);
		dup2(said, STDERR_FILENO);
		dup2(printed, STDOUT_FILENO);
		return true;
	}
	control->forks++;
	judge(child, said, printed);
	close(said);
	close(printed);
	return false;
}

/* The shim, or what is left alone; found without an allocation */
static __thread bool within __attribute__((tls_model("initial-exec")));

/* Here the C library itself, of 2.36, ends a process that has no memory. */
struct group *getgrnam(const char *name)
{
	static struct group *(*real)(const char *);
	struct group *group;

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "getgrnam");
	within = true;
	group = real(name);
	within = false;
	return group;
}

static bool allocation_fails(void)
{
	uint64_t number;
	bool fails;

	if (!control || is_child || within)
		return false;
	within = true;
	number = __atomic_add_fetch(&allocation, 1, __ATOMIC_RELAXED);
	control->allocations = number;
	fails = number == control->failing ||
	        (stride && number % stride == 0 && fails_in_child());
	within = false;
	if (fails)
		errno = ENOMEM;
	return fails;
}

void *malloc(size_t size)
{
	return allocation_fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return allocation_fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return allocation_fails() ? NULL : __libc_realloc(old, size);
}

/* One run after the other, each in a child that goes on from here. Time stands still
 * until the campaign has seen the end of it. */
static void serve_runs(void)
{
	struct timespec moment = { 0, 100000 };
	pid_t child = -1;
	int status;

	while (child != 0) {
		while (control->run_asked == control->run_begun)
			nanosleep(&moment, NULL);
		child = fork();
		if (child < 0)
			_exit(1); /* the campaign sees it */
		if (child == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			break;
		}
		control->run_pid = child;
		control->run_begun++;
		while (waitpid(child, &status, 0) < 0 && errno == EINTR)
			;
		control->run_status = status;
		control->run_ended++;
	}
}

/* From here on a child would share what waits: it is told of by control->allocations. */
int epoll_create1(int flags)
{
	bool is_first = control && !is_child && control->before_loop == 0;

	if (is_first)
		control->before_loop = allocation;
	if (is_first && control->serves)
		serve_runs();
	stride = 0;
	REAL(epoll_create1, flags);
}
