/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl report: what a bug report needs, as one JSON text that whoever sends it
 * can read before; redact.h says what is taken out.
 */
#include <config.h>

#include "daemon/gaitctl/command.h"
#include "daemon/gaitctl/doctor.h"
#include "daemon/gaitctl/gaitctl.h"
#include "daemon/gaitctl/redact.h"
#ifdef WITH_HISTORY
#include "daemon/history/history.h"
#endif
#include "daemon/service/config.h"
#include "daemon/service/log.h"
#include "daemon/service/paths.h"
#include "daemon/service/secret.h"

#include <ctype.h>
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#define LOG_SIZE (256 * 1024)
#define LOG_LINES "300"

static const char read_me[] =
	"Read this before you send it. Addresses, pods, people, the machine's name, keys, "
	"PINs and pain were replaced by pseudonyms, addr-1 and so on; look whether anything "
	"is left that is nobody's business, and strike it out.";

struct report {
	struct redact *redact;
	json_t *status;      /* NULL: no daemon */
	json_t *confinement; /* likewise */
	json_t *devices;     /* as they are kept; NULL: none, or not for us */
	char unit[DOCTOR_UNIT_SIZE];
};

/* ---- what is hidden ----------------------------------------------------------------- */

static void hide_machine(struct redact *redact)
{
	struct utsname machine;

	if (uname(&machine) < 0 || strcmp(machine.nodename, "localhost") == 0)
		return;
	redact_hide(redact, "host", machine.nodename);
	machine.nodename[strcspn(machine.nodename, ".")] = '\0';
	redact_hide(redact, "host", machine.nodename);
}

/* Accounts of people; a service's is no secret. */
static void hide_people(struct redact *redact)
{
	static const char *const variables[] = { "USER", "LOGNAME", "SUDO_USER" };
	const struct passwd *user;

	setpwent();
	while ((user = getpwent())) {
		char *name = user->pw_gecos ? strdup(user->pw_gecos) : NULL;

		if (user->pw_uid >= 1000 && user->pw_uid < 60000) {
			redact_hide(redact, "user", user->pw_name);
			if (name)
				name[strcspn(name, ",")] = '\0';
			redact_hide(redact, "user", name);
		}
		free(name);
	}
	endpwent();
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		const char *value = getenv(variables[i]);

		if (value && strcmp(value, "root") != 0 && strcmp(value, "gaitd") != 0)
			redact_hide(redact, "user", value);
	}
}

static const char *text_of(const json_t *object, const char *member)
{
	return json_string_value(json_object_get(object, member));
}

/* "ant 57043" is a pod's number, wherever else that stands by itself. */
static void hide_id(struct redact *redact, const char *id)
{
	if (id && strncmp(id, "ant ", 4) == 0)
		redact_hide(redact, "pod", id + 4);
	else
		redact_hide(redact, "addr", id);
}

static bool is_treadmill(const struct report *report, const char *id)
{
	const char *paired = text_of(json_object_get(report->devices, "paired"), "treadmill");

	return id && paired && strcmp(id, paired) == 0;
}

/* People give straps and pods their own names. A treadmill's is its model, which
 * is what a report is about. */
static void hide_devices(struct report *report)
{
	const json_t *list = json_object_get(report->devices, "devices"), *device;
	const json_t *bluetooth = json_object_get(json_object_get(report->status, "sources"),
	                                          "bluetooth");
	const char *kind;
	json_t *member;
	size_t i;

	json_array_foreach((json_t *)list, i, device) {
		hide_id(report->redact, text_of(device, "id"));
		if (!is_treadmill(report, text_of(device, "id")))
			redact_hide(report->redact, "name", text_of(device, "name"));
	}
	json_object_foreach(json_object_get(report->devices, "paired"), kind, member)
		hide_id(report->redact, json_string_value(member));
	json_object_foreach((json_t *)bluetooth, kind, member) {
		if (json_is_object(member) && strcmp(kind, "treadmill") != 0)
			redact_hide(report->redact, "name", text_of(member, "name"));
	}
	redact_hide(report->redact, "pod", text_of(json_object_get(report->status, "pod"),
	                                           "name"));
}

#ifdef WITH_HISTORY
static bool hide_one(const struct history_runner *runner, void *user)
{
	redact_hide(user, "runner", runner->name);
	hide_id(user, *runner->pod ? runner->pod : NULL);
	return true;
}

/* Those of the history, as far as one may read it */
static void hide_remembered(const struct report *report, const struct config *config)
{
	char path[PATHS_FILE_MAX], why[256];
	enum history_result result;
	struct history *history;

	doctor_history_path(config, report->confinement, path);
	history = history_open(path, HISTORY_READ, &result, why, sizeof(why));
	if (history)
		history_each_runner(history, hide_one, report->redact);
	history_close(history);
}
#else
static void hide_remembered(const struct report *report, const struct config *config)
{
	(void)report;
	(void)config;
}
#endif

static void hide_runners(struct report *report, const struct config *config)
{
	const char *name = text_of(json_object_get(report->status, "session"), "runner");

	if (name && strcmp(name, "anonymous") != 0 && strcmp(name, "known") != 0)
		redact_hide(report->redact, "runner", name);
	hide_remembered(report, config);
}

static void hide_octets(struct redact *redact, const uint8_t *key, const char *separator)
{
	char text[3 * SECRET_ANT_KEY_SIZE + 1] = "";
	size_t used = 0;

	for (size_t i = 0; i < SECRET_ANT_KEY_SIZE; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%02x",
		                         i ? separator : "", key[i]);
	redact_hide(redact, "key", text);
	explicit_bzero(text, sizeof(text));
}

static void hide_key(struct redact *redact, const struct config *config)
{
	uint8_t key[SECRET_ANT_KEY_SIZE];
	bool has = config && config->network_key;

	if (has)
		memcpy(key, config->network_key, sizeof(key));
	else if (config && *config->ant.network_key_file)
		has = secret_ant_key_file(config->ant.network_key_file, key);
	if (!has)
		return;
	hide_octets(redact, key, "");
	hide_octets(redact, key, ":");
	hide_octets(redact, key, " ");
	explicit_bzero(key, sizeof(key));
}

/* ---- its parts ------------------------------------------------------------------------ */

static json_t *versions(const struct report *report)
{
	const char *daemon = text_of(report->status, "daemon");

	return json_pack("{s:s, s:s, s:s, s:s, s:s}", "gaitctl", PACKAGE_STRING, "daemon",
	                 daemon ? daemon : "none answers", "libevent", event_get_version(),
	                 "jansson", JANSSON_VERSION, "yaml", yaml_get_version_string());
}

static json_t *build(void)
{
	return json_pack("{s:b, s:b, s:s, s:s}",
	                 "bluetooth",
#ifdef WITH_BLUETOOTH
	                 1,
#else
	                 0,
#endif
	                 "usb",
#ifdef WITH_USB
	                 1,
#else
	                 0,
#endif
	                 "compiler", __VERSION__, "configuration_in", SYSCONFDIR);
}

static json_t *machine(void)
{
	static const char *const release[] = { "sed", "-n", "s/\"//g; s/^/OS_/p", "/etc/os-release",
		                               NULL };
	struct utsname name;
	char output[4096], title[128];

	if (uname(&name) < 0)
		return json_object();
	command_run(release, output, sizeof(output));
	command_value(output, "OS_PRETTY_NAME", title, sizeof(title));
	return json_pack("{s:s, s:s, s:s, s:s}", "kernel", name.release, "built", name.version,
	                 "machine", name.machine, "system", title);
}

/* The lines of a text as a list */
static json_t *lines_of(const char *text)
{
	json_t *list = json_array();

	for (size_t length; *text; text += length + (text[length] == '\n')) {
		char line[1024], shown[1100];

		length = strcspn(text, "\n");
		snprintf(line, sizeof(line), "%.*s", (int)(length < 1023 ? length : 1023), text);
		log_escape(shown, sizeof(shown), line);
		json_array_append_new(list, json_string(shown));
	}
	return list;
}

static json_t *configuration(void)
{
	struct config_layers *layers = config_read(gaitctl.config);
	char *text = NULL;
	size_t size = 0;
	json_t *list;
	FILE *out;

	if (!layers)
		return json_string("it has a fault, see doctor");
	out = open_memstream(&text, &size);
	if (out) {
		config_layers_dump(layers, out);
		fclose(out);
	}
	config_layers_free(layers);
	list = lines_of(text ? text : "");
	free(text);
	return list;
}

/* What a device's name may have beside its model: a serial number */
static json_t *model_of(const char *name)
{
	char text[256];

	snprintf(text, sizeof(text), "%s", name ? name : "");
	for (char *at = text; *at; at++) {
		size_t digits = strspn(at, "0123456789");

		if (digits > 3)
			memset(at, '#', digits);
		at += digits > 0 ? digits - 1 : 0;
	}
	return json_string(text);
}

/* What a device said of itself (its attributes) may have a serial number. */
static json_t *devices(const struct report *report)
{
	json_t *copy = json_deep_copy(report->devices), *device;
	size_t i;

	json_array_foreach(json_object_get(copy, "devices"), i, device) {
		const json_t *attributes = json_object_get(device, "attributes");

		if (is_treadmill(report, text_of(device, "id")))
			json_object_set_new(device, "name", model_of(text_of(device, "name")));
		json_object_set_new(device, "attributes",
		                    json_integer((json_int_t)json_array_size(attributes)));
	}
	return copy ? copy : json_string("none, or not for you to read");
}

/* Names of files are given by people. */
static json_t *status(const struct report *report)
{
	json_t *copy = json_deep_copy(report->status), *treadmill;

	if (!copy)
		return json_string("no gaitd answers");
	if (json_object_get(copy, "recording"))
		json_object_set_new(copy, "recording", json_string("yes"));
	treadmill = json_object_get(json_object_get(json_object_get(copy, "sources"), "bluetooth"),
	                            "treadmill");
	if (json_object_get(treadmill, "name"))
		json_object_set_new(treadmill, "name", model_of(text_of(treadmill, "name")));
	return copy;
}

static json_t *service_log(const struct report *report)
{
	const char *const journal[] = {
		"journalctl", "--quiet", "--no-pager", "--no-hostname", "--output=short-iso",
		"--lines", LOG_LINES, "--unit", report->unit, NULL,
	};
	char *text = malloc(LOG_SIZE);
	int ended = text ? command_run(journal, text, LOG_SIZE) : COMMAND_NOT_THERE;
	json_t *list;

	if (ended == 0 && *text)
		list = lines_of(text);
	else if (ended == 0)
		list = json_string("the journal has nothing of it, or not for you to read: try "
		                   "sudo gaitctl report");
	else
		list = json_string("no journal");
	free(text);
	return list;
}

/* ---- the whole --------------------------------------------------------------------------- */

static json_t *ask_quietly(const char *cmd)
{
	int exit_status;
	json_t *reply = ask(cmd, NULL, &exit_status);

	if (json_is_true(json_object_get(reply, "ok")))
		return reply;
	json_decref(reply);
	return NULL;
}

static void look(struct report *report)
{
	const char *directory;
	char path[PATH_MAX];
	struct config *config = NULL;
	struct config_layers *layers = config_read(gaitctl.config);
	struct yaml_fault fault;

	if (layers)
		config = config_make(layers, &fault);
	config_layers_free(layers);
	report->status = ask_quietly("status");
	report->confinement = report->status ? ask_quietly("confinement") : NULL;
	directory = text_of(report->confinement, "state");
	snprintf(path, sizeof(path), "%s/devices.json",
	         directory ? directory : paths_state_directory());
	report->devices = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
	doctor_unit_name(config, report->unit);
	hide_machine(report->redact);
	hide_people(report->redact);
	hide_devices(report);
	hide_runners(report, config);
	hide_key(report->redact, config);
	config_free(config);
}

static void drop_message(enum log_level level, const char *message, void *user)
{
	(void)level;
	(void)message;
	(void)user;
}

static json_t *make(struct report *report)
{
	char made[32] = "?";
	time_t now = time(NULL);
	struct tm tm;
	json_t *findings = doctor_examine(), *all, *shown;

	if (gmtime_r(&now, &tm))
		strftime(made, sizeof(made), "%Y-%m-%dT%H:%M:%SZ", &tm);
	log_divert(drop_message, NULL);
	look(report);
	all = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "versions", versions(report),
	                "build", build(), "machine", machine(), "doctor", findings,
	                "configuration", configuration(), "status", status(report), "devices",
	                devices(report), "log", service_log(report));
	log_divert(NULL, NULL);
	shown = redact_json(report->redact, all);
	json_decref(all);
	all = json_pack("{s:s, s:i, s:s}", "read_me", read_me, "gaitd_report", 1, "made", made);
	json_object_update(all, shown);
	json_decref(shown);
	return all;
}

/* Nobody else's to read, and no other file is written over. */
static int write_file(const json_t *report, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool good = fd >= 0 && json_dumpfd(report, fd, JSON_INDENT(1)) == 0 &&
	            write(fd, "\n", 1) == 1;
	int error = errno;

	if (fd >= 0 && close(fd) < 0 && good) {
		error = errno;
		good = false;
	}
	if (!good) {
		log_error("report", "%s: %s", path, strerror(error));
		return EXIT_FAILED;
	}
	printf("%s: read it before you send it\n", path);
	return EXIT_OK;
}

int gaitctl_report(char **words)
{
	struct report report = { .redact = redact_new() };
	int exit_status = EXIT_OK;
	json_t *all;

	if (words[0] && words[1]) {
		log_error("usage", "gaitctl report takes one file, or none");
		redact_free(report.redact);
		return EXIT_USAGE;
	}
	all = report.redact ? make(&report) : NULL;
	if (!all) {
		log_error("report", "out of memory");
		exit_status = EXIT_FAILED;
	} else if (words[0]) {
		exit_status = write_file(all, words[0]);
	} else {
		print_json(all);
	}
	json_decref(all);
	json_decref(report.status);
	json_decref(report.confinement);
	json_decref(report.devices);
	redact_free(report.redact);
	return exit_status;
}
