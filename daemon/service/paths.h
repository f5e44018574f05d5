/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Where things lie: sockets, shipped files, configuration, state. A program run from
 * its build tree finds the tree's own files. One of several daemons on a computer,
 * an instance, has places of its own below the others'.
 */
#ifndef GAITD_PATHS_H
#define GAITD_PATHS_H

#include <stdbool.h>
#include <stddef.h>

#define PATHS_SOCKET_MAX 108 /* octets of sun_path, with the NUL */

/* From now on for the instance of that name: letters, digits, - and _, at most 32,
 * and not "gaitd", whose file is everybody's. False, and said, if it is none. */
bool paths_set_instance(const char *name);
const char *paths_instance(void); /* NULL: it is the one */

/* The display socket: `asked` (--socket) if not NULL, else the instance's, else
 * GAITD_SOCKET, else `configured` (display.socket) if not NULL, else display.sock
 * in $XDG_RUNTIME_DIR/gaitd (not for root) or /run/gaitd; an instance's is in a
 * directory of its name there. False, and logged, when it is too long for a
 * socket. */
bool paths_display_socket(const char *asked, const char *configured,
                          char out[PATHS_SOCKET_MAX]);
/* The control socket: `configured` (control.socket) if not NULL and this is no
 * instance, else control.sock beside the display socket. */
bool paths_control_socket(const char *display_socket, const char *configured,
                          char out[PATHS_SOCKET_MAX]);
/* The fleet's socket: fleet.sock beside the display socket */
bool paths_fleet_socket(const char *display_socket, char out[PATHS_SOCKET_MAX]);
/* Makes the directory of a socket below our own runtime directory; anybody
 * else's must be there. False, and logged, when it is not. */
bool paths_make_parent(const char *socket_path);
/* Removes the directories that paths_make_parent() made, if they are empty. */
void paths_remove_made(void);

/* Where what outlives a run is kept: STATE_DIRECTORY as systemd sets it, else
 * $XDG_STATE_HOME/gaitd or ~/.local/state/gaitd (not for root), else
 * /var/lib/gaitd; but for the first, an instance's is below that. It may not be
 * there. */
const char *paths_state_directory(void);

/* The history's file: `configured` (history.path) if it is not "", else
 * history.sqlite there */
#define PATHS_FILE_MAX 4096
void paths_history(const char *configured, char out[PATHS_FILE_MAX]);

/* The build root that this program was started from, or NULL */
const char *paths_build_root(void);
/* rules.yaml as shipped; from a build tree the tree's own */
const char *paths_shipped_rules(void);
/* Where the catalogues of languages lie; from a build tree the tree's own */
const char *paths_languages_directory(void);
/* Where overlays of rules lie: SYSCONFDIR/rules.d */
const char *paths_rules_directory(void);
/* The configuration's layers: VENDORDIR/gaitd.yaml, SYSCONFDIR/gaitd.yaml,
 * SYSCONFDIR/conf.d, SYSCONFDIR/INSTANCE.yaml (NULL: no instance) */
const char *paths_vendor_config(void);
const char *paths_site_config(void);
const char *paths_config_directory(void);
const char *paths_instance_config(void);

/* Both are the one regular file that is there; false where a name is NULL. */
bool paths_same_file(const char *a, const char *b);

#endif
