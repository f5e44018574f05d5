/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl doctor: runs the tables and prints what they found.
 */
#include <config.h>

#include "daemon/gaitctl/doctor.h"

#include "daemon/gaitctl/bluetooth_facts.h"
#include "daemon/gaitctl/gaitctl.h"
#include "daemon/gaitctl/machine_facts.h"
#include "daemon/loading.h"
#include "daemon/service/log.h"
#include "daemon/service/options.h"
#include "daemon/service/paths.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const struct doctor_check *const tables[] = {
	doctor_daemon_checks,
	doctor_sandbox_checks,
#ifdef WITH_BLUETOOTH
	doctor_bluetooth_checks,
#endif
#ifdef WITH_USB
	doctor_usb_checks,
#endif
#ifdef WITH_HISTORY
	doctor_history_checks,
#endif
	doctor_machine_checks,
};

#define TABLES (sizeof(tables) / sizeof(tables[0]))
#define NAME_COLUMN 6  /* behind "fail  " */
#define TEXT_COLUMN 20 /* behind the name */

const char *doctor_level_name(enum doctor_level level)
{
	static const char *const names[] = {
		[DOCTOR_OK] = "ok",
		[DOCTOR_UNSEEN] = "unseen",
		[DOCTOR_WARN] = "warn",
		[DOCTOR_FAIL] = "fail",
	};

	return names[level];
}

void doctor_say(struct doctor_finding *finding, enum doctor_level level,
                const char *fix, const char *format, ...)
{
	va_list args;

	finding->level = level;
	snprintf(finding->fix, sizeof(finding->fix), "%s", fix ? fix : "");
	va_start(args, format);
	vsnprintf(finding->text, sizeof(finding->text), format, args);
	va_end(args);
}

/* ---- what all checks look at ---------------------------------------------- */

/* The first error is the cause. */
static void keep_error(enum log_level level, const char *message, void *user)
{
	struct doctor *doctor = user;

	if (level == LOG_LEVEL_ERROR && !*doctor->config_fault)
		log_escape(doctor->config_fault, sizeof(doctor->config_fault), message);
}

static void keep_nothing(enum log_level level, const char *message, void *user)
{
	(void)level;
	(void)message;
	(void)user;
}

/* /run/gaitd/NAME/display.sock is that of the instance NAME. */
void doctor_unit_name(const struct config *config, char unit[DOCTOR_UNIT_SIZE])
{
	static const char instances[] = "/run/gaitd/";
	const char *configured = config && *config->display.socket ? config->display.socket :
	                                                             NULL;
	char path[PATHS_SOCKET_MAX], *name = path + sizeof(instances) - 1, *slash;

	snprintf(unit, DOCTOR_UNIT_SIZE, "gaitd.service");
	if (!paths_display_socket(gaitctl.socket, configured, path) ||
	    strncmp(path, instances, sizeof(instances) - 1) != 0)
		return;
	slash = strchr(name, '/');
	if (slash)
		snprintf(unit, DOCTOR_UNIT_SIZE, "gaitd@%.*s.service", (int)(slash - name) % 64,
		         name);
}

static void look(struct doctor *doctor)
{
	static struct machine_facts machine;
	char unit[DOCTOR_UNIT_SIZE];
	int status;
	struct ruleset *rules;

	log_divert(keep_error, doctor);
	doctor->config = loading_config(gaitctl.config, &status);
	if (doctor->config) {
		rules = loading_rules(doctor->config, &(struct options){ .rule_count = 0 },
		                      &status);
		loading_free_rules(rules);
	}
	log_divert(keep_nothing, NULL);
	doctor->status = ask("status", NULL, &doctor->daemon_status);
	doctor->confinement = doctor->status ? ask("confinement", NULL, &status) : NULL;
	log_divert(NULL, NULL);
	doctor_unit_name(doctor->config, unit);
	machine_facts_read(&machine, unit);
	doctor->machine = &machine;
#ifdef WITH_BLUETOOTH
	static struct bluetooth_facts bluetooth;

	bluetooth_facts_read(&bluetooth, "");
	doctor->bluetooth = &bluetooth;
#endif
}

/* ---- for people ----------------------------------------------------------- */

/* Where a line may end; 0: never, so that other programs can cut it */
static size_t line_width(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO))
		return 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col < 40)
		return 80;
	return size.ws_col;
}

/* From `column` on; further lines begin below it. */
static void print_wrapped(const char *text, size_t column, size_t width)
{
	size_t used = column;

	while (*text) {
		size_t word = strcspn(text, " ");

		if (width && used > column && used + 1 + word > width) {
			printf("\n%*s", (int)column, "");
			used = column;
		}
		used += (size_t)printf("%s%.*s", used > column ? " " : "", (int)word, text);
		text += word;
		text += strspn(text, " ");
	}
	printf("\n");
}

static void print_finding(const char *name, const struct doctor_finding *finding,
                          size_t width)
{
	printf("%-*s %-*s ", NAME_COLUMN, doctor_level_name(finding->level),
	       TEXT_COLUMN - NAME_COLUMN - 2, name);
	print_wrapped(finding->text, TEXT_COLUMN, width);
	if (!*finding->fix)
		return;
	printf("%*sfix: ", TEXT_COLUMN, "");
	print_wrapped(finding->fix, TEXT_COLUMN + 5, width);
}

static const char *plural(unsigned count, const char *one, const char *many)
{
	return count == 1 ? one : many;
}

static void print_sum(const unsigned counts[])
{
	unsigned fail = counts[DOCTOR_FAIL], warn = counts[DOCTOR_WARN];

	if (fail + warn == 0)
		printf("\nNothing is wrong");
	else
		printf("\n%u %s, %u %s", fail, plural(fail, "failure", "failures"), warn,
		       plural(warn, "warning", "warnings"));
	if (counts[DOCTOR_UNSEEN])
		printf("; %u could not be looked at", counts[DOCTOR_UNSEEN]);
	printf(".\n");
}

/* ---- the whole ------------------------------------------------------------ */

static json_t *as_json(const char *name, const struct doctor_finding *finding)
{
	json_t *object = json_pack("{s:s, s:s, s:s}", "check", name, "result",
	                           doctor_level_name(finding->level), "text",
	                           finding->text);

	if (*finding->fix)
		json_object_set_new(object, "fix", json_string(finding->fix));
	return object;
}

/* Calls `each` for every check that has something to say. */
static void run_checks(const struct doctor *doctor,
                       void (*each)(const char *name, const struct doctor_finding *finding,
                                    void *user),
                       void *user)
{
	for (size_t i = 0; i < TABLES; i++) {
		for (const struct doctor_check *check = tables[i]; check->name; check++) {
			struct doctor_finding finding = { .level = DOCTOR_OK };

			check->run(doctor, &finding);
			if (*finding.text)
				each(check->name, &finding, user);
		}
	}
}

static void forget(struct doctor *doctor)
{
	json_decref((json_t *)doctor->status);
	json_decref((json_t *)doctor->confinement);
	if (doctor->config)
		config_free((struct config *)doctor->config);
}

static void list_finding(const char *name, const struct doctor_finding *finding, void *user)
{
	json_array_append_new(user, as_json(name, finding));
}

json_t *doctor_examine(void)
{
	struct doctor doctor = { .config = NULL };
	json_t *list = json_array(), *check;
	const char *fail = doctor_level_name(DOCTOR_FAIL);
	bool good = true;
	size_t i;

	look(&doctor);
	run_checks(&doctor, list_finding, list);
	forget(&doctor);
	json_array_foreach(list, i, check)
		good = good && strcmp(json_string_value(json_object_get(check, "result")),
		                      fail) != 0;
	return json_pack("{s:b, s:o}", "ok", good, "checks", list);
}

struct printing {
	unsigned counts[DOCTOR_FAIL + 1];
	size_t width;
};

static void show_finding(const char *name, const struct doctor_finding *finding, void *user)
{
	struct printing *printing = user;

	printing->counts[finding->level]++;
	print_finding(name, finding, printing->width);
}

static bool print_all(void)
{
	struct printing printing = { .width = line_width() };
	struct doctor doctor = { .config = NULL };

	look(&doctor);
	run_checks(&doctor, show_finding, &printing);
	forget(&doctor);
	print_sum(printing.counts);
	return printing.counts[DOCTOR_FAIL] == 0;
}

int gaitctl_doctor(char **words)
{
	json_t *reply;
	bool good;

	(void)words;
	if (!gaitctl.as_json)
		return print_all() ? EXIT_OK : EXIT_FAILED;
	reply = doctor_examine();
	good = json_is_true(json_object_get(reply, "ok"));
	print_json(reply);
	json_decref(reply);
	return good ? EXIT_OK : EXIT_FAILED;
}
