/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/service/paths.h"

#include "daemon/service/log.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SYSTEM_RUNTIME "/run/gaitd"

static char instance[33];

bool paths_set_instance(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                              "0123456789-_";
	size_t length = strlen(name);

	if (length == 0 || length >= sizeof(instance) || strspn(name, letters) != length ||
	    strcmp(name, "gaitd") == 0) {
		log_error("usage", "--instance %s: expected letters, digits, - and _, at most %zu, "
		          "and not gaitd", name, sizeof(instance) - 1);
		return false;
	}
	memcpy(instance, name, length + 1);
	log_set_field(LOG_INSTANCE, instance);
	return true;
}

const char *paths_instance(void)
{
	return *instance ? instance : NULL;
}

static const char *environment(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

static bool socket_path(char out[PATHS_SOCKET_MAX], const char *directory,
                        size_t length, const char *name)
{
	int n = snprintf(out, PATHS_SOCKET_MAX, "%.*s%s", (int)length, directory, name);

	if (n > 0 && n < PATHS_SOCKET_MAX)
		return true;
	log_known(MESSAGE_SOCKET_UNUSABLE, "socket",
	          "%.*s%s is too long for a socket: %d octets, at most %d; choose a "
	          "shorter path with --socket",
	          (int)length, directory, name, n, PATHS_SOCKET_MAX - 1);
	return false;
}

/* The user's runtime directory; root's daemon is the system's */
static const char *user_runtime(void)
{
	return geteuid() ? environment("XDG_RUNTIME_DIR") : NULL;
}

bool paths_display_socket(const char *asked, const char *configured,
                          char out[PATHS_SOCKET_MAX])
{
	const char *path = asked;
	const char *runtime = user_runtime();
	char directory[PATH_MAX];

	if (!path && !*instance)
		path = environment("GAITD_SOCKET");
	if (!path && !*instance)
		path = configured;
	if (path)
		return socket_path(out, path, strlen(path), "");
	snprintf(directory, sizeof(directory), "%s%s%s%s", runtime ? runtime : SYSTEM_RUNTIME,
	         runtime ? "/gaitd" : "", *instance ? "/" : "", instance);
	return socket_path(out, directory, strlen(directory), "/display.sock");
}

static bool beside(const char *display_socket, const char *name, char out[PATHS_SOCKET_MAX])
{
	const char *slash = strrchr(display_socket, '/');

	return socket_path(out, display_socket,
	                   slash ? (size_t)(slash - display_socket) + 1 : 0, name);
}

bool paths_fleet_socket(const char *display_socket, char out[PATHS_SOCKET_MAX])
{
	return beside(display_socket, "fleet.sock", out);
}

bool paths_control_socket(const char *display_socket, const char *configured,
                          char out[PATHS_SOCKET_MAX])
{
	if (configured && !*instance)
		return socket_path(out, configured, strlen(configured), "");
	return beside(display_socket, "control.sock", out);
}

/* Whether `path` is `directory` or lies below it */
static bool below(const char *path, const char *directory)
{
	size_t length = strlen(directory);

	return strncmp(path, directory, length) == 0 &&
	       (path[length] == '\0' || path[length] == '/');
}

/* A directory of the runtime, and that of an instance below it */
static char made[2][PATHS_SOCKET_MAX];
static size_t made_count;

/* chmod, because the umask is the operator's and may be tighter than what
 * lets the displays' group in. */
static bool make_directory(const char *path, mode_t mode)
{
	if (mkdir(path, mode) < 0) {
		if (errno == EEXIST)
			return true;
		log_known(MESSAGE_SOCKET_UNUSABLE, "socket",
		          "cannot make the directory %s: %s; set XDG_RUNTIME_DIR, or choose "
		          "another path with --socket",
		          path, strerror(errno));
		return false;
	}
	if (made_count < sizeof(made) / sizeof(made[0]))
		snprintf(made[made_count++], sizeof(made[0]), "%s", path);
	return chmod(path, mode) == 0;
}

void paths_remove_made(void)
{
	while (made_count > 0)
		rmdir(made[--made_count]);
}

/* Makes `path` and the directory above it, as far as they are below `top`. */
static bool make_below(const char *path, const char *top, mode_t mode)
{
	char *slash, above[PATHS_SOCKET_MAX];

	snprintf(above, sizeof(above), "%s", path);
	slash = strrchr(above, '/');
	if (slash) {
		*slash = '\0';
		if (below(above, top) && !make_directory(above, mode))
			return false;
	}
	return make_directory(path, mode);
}

bool paths_make_parent(const char *socket)
{
	char parent[PATHS_SOCKET_MAX], own[PATH_MAX];
	const char *slash = strrchr(socket, '/');
	const char *runtime = user_runtime();
	struct stat st;

	if (!slash || slash == socket)
		return true;
	snprintf(parent, sizeof(parent), "%.*s", (int)(slash - socket), socket);
	if (stat(parent, &st) == 0)
		return true;
	/* who may connect is the sockets' mode; all may look */
	if (below(parent, SYSTEM_RUNTIME))
		return make_below(parent, SYSTEM_RUNTIME, 0755);
	if (runtime) {
		snprintf(own, sizeof(own), "%s/gaitd", runtime);
		if (below(parent, own))
			return make_below(parent, own, 0700);
	}
	log_known(MESSAGE_SOCKET_UNUSABLE, "socket", "%s: %s; make it, or choose another path with --socket",
	          parent, strerror(errno));
	return false;
}

/* Cuts the last component off `path`; with `name`, only if that is it. */
static bool cut_last(char *path, const char *name)
{
	char *slash = strrchr(path, '/');

	if (!slash || (name && strcmp(slash + 1, name) != 0))
		return false;
	*slash = '\0';
	return true;
}

static bool has_file(const char *directory, const char *name)
{
	char path[PATH_MAX + 64];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return access(path, R_OK) == 0;
}

/* Programs stand at the build root, tests in tests/WHAT. Looking no further up,
 * a program installed below a build tree is not taken for a part of it. */
static bool find_build_root(char root[PATH_MAX])
{
	char above[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", root, PATH_MAX - 1);

	if (length <= 0)
		return false;
	root[length] = '\0';
	if (!cut_last(root, NULL))
		return false;
	memcpy(above, root, sizeof(above));
	if (cut_last(above, NULL) && cut_last(above, "tests"))
		memcpy(root, above, sizeof(above));
	return has_file(root, "config.status") && has_file(root, "config.h");
}

const char *paths_build_root(void)
{
	static char root[PATH_MAX];
	static enum { UNKNOWN, FOUND, NOWHERE } known = UNKNOWN;

	if (known == UNKNOWN)
		known = find_build_root(root) ? FOUND : NOWHERE;
	return known == FOUND ? root : NULL;
}

const char *paths_state_directory(void)
{
	static char path[PATH_MAX];
	const char *given = environment("STATE_DIRECTORY");
	const char *state = geteuid() ? environment("XDG_STATE_HOME") : NULL;
	const char *home = geteuid() ? environment("HOME") : NULL;
	const char *slash = *instance ? "/" : "";

	if (given) /* several are parted by colons */
		snprintf(path, sizeof(path), "%.*s", (int)strcspn(given, ":"), given);
	else if (state)
		snprintf(path, sizeof(path), "%s/gaitd%s%s", state, slash, instance);
	else if (home)
		snprintf(path, sizeof(path), "%s/.local/state/gaitd%s%s", home, slash, instance);
	else
		snprintf(path, sizeof(path), "/var/lib/gaitd%s%s", slash, instance);
	return path;
}

void paths_history(const char *configured, char out[PATHS_FILE_MAX])
{
	if (*configured)
		snprintf(out, PATHS_FILE_MAX, "%s", configured);
	else
		snprintf(out, PATHS_FILE_MAX, "%.4000s/history.sqlite", paths_state_directory());
}

const char *paths_shipped_rules(void)
{
	static char path[PATH_MAX + 32];

	/* configure links the source's rules into a separate build tree */
	if (paths_build_root())
		snprintf(path, sizeof(path), "%s/daemon/rules/rules.yaml", paths_build_root());
	else
		snprintf(path, sizeof(path), "%s", DATADIR "/rules.yaml");
	return path;
}

const char *paths_languages_directory(void)
{
	static char path[PATH_MAX + 32];

	if (paths_build_root())
		snprintf(path, sizeof(path), "%s/daemon/rules/po", paths_build_root());
	else
		snprintf(path, sizeof(path), "%s", DATADIR "/languages");
	return path;
}

const char *paths_rules_directory(void)
{
	return SYSCONFDIR "/rules.d";
}

const char *paths_vendor_config(void)
{
	return VENDORDIR "/gaitd.yaml";
}

const char *paths_site_config(void)
{
	return SYSCONFDIR "/gaitd.yaml";
}

const char *paths_config_directory(void)
{
	return SYSCONFDIR "/conf.d";
}

const char *paths_instance_config(void)
{
	static char path[PATH_MAX];

	if (!*instance)
		return NULL;
	snprintf(path, sizeof(path), "%s/%s.yaml", SYSCONFDIR, instance);
	return path;
}

bool paths_same_file(const char *a, const char *b)
{
	struct stat sa, sb;

	return a && b && stat(a, &sa) == 0 && stat(b, &sb) == 0 &&
	       S_ISREG(sa.st_mode) && sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
}
