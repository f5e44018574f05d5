/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The daemon, its configuration, its sockets and who may use them.
 */
#include "daemon/gaitctl/doctor.h"

#include "daemon/gaitctl/gaitctl.h"
#include "daemon/gaitctl/radio_state.h"
#include "daemon/service/log.h"
#include "daemon/service/options.h"
#include "daemon/service/paths.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void check_configuration(const struct doctor *doctor,
                                struct doctor_finding *finding)
{
	if (*doctor->config_fault)
		doctor_say(finding, DOCTOR_FAIL,
		           "mend that line; gaitctl reload tells whether it is right",
		           "%s", doctor->config_fault);
	else
		doctor_say(finding, DOCTOR_OK, NULL, "configuration and rules are right");
}

static void check_daemon(const struct doctor *doctor, struct doctor_finding *finding)
{
	if (doctor->status)
		doctor_say(finding, DOCTOR_OK, NULL, "%s runs, process %lld",
		           reply_text(doctor->status, "daemon"),
		           reply_whole(doctor->status, "pid"));
	else if (doctor->daemon_status == EXIT_PERMISSION)
		doctor_say(finding, DOCTOR_UNSEEN,
		           "be root, or join the group: usermod -aG gaitd NAME, then log in "
		           "anew",
		           "a gaitd is there, and you may not ask it");
	else
		doctor_say(finding, DOCTOR_WARN,
		           "systemctl start gaitd; or, to see it without a treadmill, gaitd "
		           "--simulate demo; --socket names another one",
		           "no gaitd answers");
}

/* The radio that is worst off says why, with the fix. */
static bool say_trouble(const json_t *sources, struct doctor_finding *finding)
{
	static const enum doctor_level levels[] = {
		[RADIO_SOON] = DOCTOR_WARN,
		[RADIO_TROUBLE] = DOCTOR_FAIL,
	};
	const char *name = "";
	const json_t *source = NULL;
	enum radio_state worst = radio_state_worst(sources, &name, &source);

	if (worst == RADIO_WELL)
		return false;
	doctor_say(finding, levels[worst], NULL, "%s: %s", name,
	           reply_text(source, "message"));
	return true;
}

static void check_source(const struct doctor *doctor, struct doctor_finding *finding)
{
	const json_t *link = json_object_get(doctor->status, "link");
	const json_t *sources = json_object_get(doctor->status, "sources");
	const json_t *bluetooth = json_object_get(sources, "bluetooth");
	const json_t *treadmill = json_object_get(bluetooth, "treadmill");
	const char *state = json_string_value(json_object_get(link, "treadmill"));

	if (!state || say_trouble(sources, finding))
		return;
	doctor_say(finding, strcmp(state, "live") == 0 ? DOCTOR_OK : DOCTOR_WARN,
	           json_object_get(treadmill, "why") ? reply_text(treadmill, "why") : NULL,
	           "%s: treadmill %s, foot pod %s", reply_text(doctor->status, "source"),
	           reply_text(link, "treadmill"), reply_text(link, "footpod"));
}

/* ---- the foot pod -------------------------------------------------------- */

#define WEAK_DBM (-85) /* as the rule pod-signal-weak */

static void add_words(char *text, size_t size, const char *before, const char *words)
{
	size_t used = strlen(text);

	snprintf(text + used, size - used, "%s%.40s", before, words);
}

/* The pod that counts, as it tells of itself */
static void check_footpod(const struct doctor *doctor, struct doctor_finding *finding)
{
	const json_t *pod = json_object_get(doctor->status, "pod");
	const char *battery = json_string_value(json_object_get(pod, "battery"));
	const char *location = json_string_value(json_object_get(pod, "location"));
	const json_t *signal = json_object_get(pod, "signal_dbm");
	char text[160] = "", dbm[24];

	if (!json_object_get(pod, "name"))
		return;
	add_words(text, sizeof(text), "", reply_text(pod, "name"));
	if (battery)
		add_words(text, sizeof(text), ", battery ", battery);
	snprintf(dbm, sizeof(dbm), "%lld dBm", (long long)json_integer_value(signal));
	if (signal)
		add_words(text, sizeof(text), ", a fifth of its messages below ", dbm);
	if (location)
		add_words(text, sizeof(text), ", worn on ", location);
	doctor_say(finding, DOCTOR_OK, NULL, "%s", text);
	if (battery && (strcmp(battery, "low") == 0 || strcmp(battery, "critical") == 0))
		doctor_say(finding, DOCTOR_WARN, "change its battery, mostly a CR2032", "%s",
		           text);
	else if (signal && json_integer_value(signal) <= WEAK_DBM)
		doctor_say(finding, DOCTOR_WARN,
		           "put the stick where it sees the runner's feet, with a USB2 cable of "
		           "1 m, away from USB3 ports; wear the pod outside on the shoe",
		           "%s: weak", text);
	else if (location && strcmp(location, "other") == 0)
		doctor_say(finding, DOCTOR_WARN, "wear it on the laces, or tell it where it is",
		           "%s", text);
}

/* ---- sockets and groups --------------------------------------------------- */

static bool in_group(gid_t group)
{
	gid_t groups[256];
	int count = getgroups(256, groups);

	if (geteuid() == 0 || getegid() == group)
		return true;
	for (int i = 0; i < count; i++) {
		if (groups[i] == group)
			return true;
	}
	return false;
}

/* A daemon of one's own needs no groups: only the system's has an owner that
 * is not the one who asks. */
static void check_displays(const struct doctor *doctor, struct doctor_finding *finding)
{
	const char *configured = doctor->config && *doctor->config->display.socket ?
	                                 doctor->config->display.socket :
	                                 NULL;
	char path[PATHS_SOCKET_MAX], fix[160];
	const struct group *group;
	struct stat status;

	if (!paths_display_socket(gaitctl.socket, configured, path) ||
	    stat(path, &status) < 0 || status.st_uid == geteuid())
		return;
	group = getgrgid(status.st_gid);
	snprintf(fix, sizeof(fix), "usermod -aG %s NAME, for who shall show prompts",
	         group ? group->gr_name : "gaitd-display");
	if (group && strcmp(group->gr_name, "gaitd-display") != 0)
		doctor_say(finding, DOCTOR_WARN,
		           "systemd-sysusers, which makes the group gaitd-display and gaitd a "
		           "member of it; then restart gaitd",
		           "%s is of group %s: displays of other users cannot connect", path,
		           group->gr_name);
	else if (!in_group(status.st_gid))
		doctor_say(finding, DOCTOR_WARN, fix, "you may not connect displays to %s", path);
	else
		doctor_say(finding, DOCTOR_OK, NULL, "displays connect to %s", path);
}

/* Whose rights all this is about */
static void check_you(const struct doctor *doctor, struct doctor_finding *finding)
{
	static const char *const names[] = { "gaitd", "gaitd-display", "gaitd-fleet" };
	const struct passwd *user = getpwuid(geteuid());
	char groups[80] = "";

	(void)doctor;
	for (size_t i = 0; geteuid() != 0 && i < sizeof(names) / sizeof(names[0]); i++) {
		const struct group *group = getgrnam(names[i]);

		if (group && in_group(group->gr_gid))
			add_words(groups, sizeof(groups), *groups ? ", " : "; of group ", names[i]);
	}
	doctor_say(finding, DOCTOR_OK, NULL, "you are %.40s, user %ld%s",
	           user ? user->pw_name : "nobody known", (long)geteuid(), groups);
}

/* Prompts that nobody is shown help nobody. */
static void check_connected(const struct doctor *doctor, struct doctor_finding *finding)
{
	const json_t *list = json_object_get(doctor->status, "displays"), *display;
	char names[200] = "";
	size_t i;

	if (!list)
		return;
	json_array_foreach((json_t *)list, i, display)
		add_words(names, sizeof(names), i ? ", " : "", reply_text(display, "name"));
	if (i > 0)
		doctor_say(finding, DOCTOR_OK, NULL, "%lld connected: %s",
		           reply_whole(doctor->status, "display_count"), names);
	else
		doctor_say(finding, DOCTOR_WARN,
		           "gaitd-terminal in a terminal; systemctl enable --now "
		           "gaitd-display@web, or another, for good",
		           "no display is connected: nobody is shown a prompt");
}

const struct doctor_check doctor_daemon_checks[] = {
	{ "settings", check_configuration },
	{ "daemon", check_daemon },
	{ "source", check_source },
	{ "footpod", check_footpod },
	{ "displays", check_displays },
	{ "connected", check_connected },
	{ "you", check_you },
	{ NULL, NULL },
};
