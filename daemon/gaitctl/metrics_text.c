/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "daemon/gaitctl/metrics_text.h"

#include "daemon/gaitctl/radio_state.h"

#include <stdarg.h>
#include <string.h>

struct writer {
	FILE *out;
	const struct metrics_sample *sample;
};

/* ---- lines ----------------------------------------------------------------- */

static void put_escaped(FILE *out, const char *value)
{
	for (; *value; value++) {
		if (*value == '\n')
			fputs("\\n", out);
		else if (*value == '"' || *value == '\\')
			fprintf(out, "\\%c", *value);
		else
			putc(*value, out);
	}
}

static void family(struct writer *w, const char *name, const char *type, const char *help)
{
	fprintf(w->out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void put_label(FILE *out, char before, const char *name, const char *value)
{
	fprintf(out, "%c%s=\"", before, name);
	put_escaped(out, value);
	putc('"', out);
}

/* A name of at most two labels; NULL: not that one */
static void put_series(struct writer *w, const char *name, const char *label,
                       const char *value, const char *label2, const char *value2)
{
	const char *const labels[][2] = {
		{ w->sample->console ? "console" : NULL, w->sample->console },
		{ label, value },
		{ label2, value2 },
	};
	char before = '{';

	fputs(name, w->out);
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		if (!labels[i][0])
			continue;
		put_label(w->out, before, labels[i][0], labels[i][1]);
		before = ',';
	}
	if (before == ',')
		putc('}', w->out);
}

static void line(struct writer *w, const char *name, const char *label, const char *value,
                 const char *label2, const char *value2, double number)
{
	put_series(w, name, label, value, label2, value2);
	fprintf(w->out, " %.15g\n", number);
}

/* ---- members ----------------------------------------------------------------- */

static const json_t *member(const json_t *object, const char *name)
{
	return json_object_get(object, name);
}

/* "a.b.c", member by member */
static const json_t *at(const json_t *object, const char *path)
{
	char name[32];

	while (object && *path) {
		size_t length = strcspn(path, ".");

		snprintf(name, sizeof(name), "%.*s", (int)length, path);
		object = member(object, name);
		path += length + (path[length] == '.');
	}
	return object;
}

static const char *word(const json_t *object, const char *name)
{
	const char *text = json_string_value(member(object, name));

	return text ? text : "";
}

/* ---- what has the same shape for many ------------------------------------------ */

/* One number, where it is there */
static void single(struct writer *w, const char *name, const char *type, const char *help,
                   const json_t *number, double scale)
{
	if (!json_is_number(number))
		return;
	family(w, name, type, help);
	line(w, name, NULL, NULL, NULL, NULL, json_number_value(number) * scale);
}

/* A number for each member of an object that has one, at `path` in it; "": it is one */
static void each(struct writer *w, const char *name, const char *type, const char *help,
                 const char *label, const json_t *object, const char *path, double scale)
{
	const char *key;
	json_t *value;
	bool told = false;

	json_object_foreach((json_t *)object, key, value) {
		const json_t *number = at(value, path);

		if (!json_is_number(number))
			continue;
		if (!told)
			family(w, name, type, help);
		told = true;
		line(w, name, label, key, NULL, NULL, json_number_value(number) * scale);
	}
}

/* A line for each state there is: 1 for the one that it is in */
static void states(struct writer *w, const char *name, const char *label, const char *value,
                   const char *const *words, const char *state)
{
	for (; *words; words++)
		line(w, name, label, value, "state", *words, strcmp(*words, state) == 0);
}

/* ---- the families -------------------------------------------------------------- */

static void put_daemon(struct writer *w)
{
	const json_t *status = w->sample->status;

	family(w, "gaitd_up", "gauge", "Whether the daemon answered.");
	line(w, "gaitd_up", NULL, NULL, NULL, NULL, status ? 1 : 0);
	if (!status)
		return;
	family(w, "gaitd_build_info", "gauge", "The version that runs, as a label of 1.");
	line(w, "gaitd_build_info", "version",
	     strncmp(word(status, "daemon"), "gaitd ", 6) == 0 ? word(status, "daemon") + 6 :
	                                                         word(status, "daemon"),
	     NULL, NULL, 1);
	single(w, "gaitd_start_time_seconds", "gauge",
	       "When it started, since 1970, as the clock was then.",
	       member(status, "started_unix_s"), 1);
}

static void put_unit(struct writer *w)
{
	const struct machine_facts *facts = w->sample->machine;

	if (!facts || !facts->unit.there)
		return;
	family(w, "gaitd_restarts_total", "counter",
	       "How often the service manager started it anew by itself.");
	line(w, "gaitd_restarts_total", NULL, NULL, NULL, NULL, facts->unit.restarts);
	if (!facts->unit.journal)
		return;
	family(w, "gaitd_watchdog_resets_total", "counter",
	       "How often the watchdog ended it since the machine started.");
	line(w, "gaitd_watchdog_resets_total", NULL, NULL, NULL, NULL, facts->unit.watchdogs);
}

static void put_links(struct writer *w)
{
	static const char *const words[] = { "off", "searching", "live", "stale", "lost", NULL };
	const json_t *links = member(w->sample->meter, "links");
	const char *device;
	json_t *link;

	family(w, "gaitd_link_state", "gauge",
	       "1 for the state that the link with a device is in, 0 for the others.");
	json_object_foreach((json_t *)links, device, link)
		states(w, "gaitd_link_state", "device", device, words, word(link, "state"));
	each(w, "gaitd_link_age_seconds", "gauge", "How old a device's last message is.",
	     "device", links, "age_us", 1e-6);
	each(w, "gaitd_link_connects_total", "counter", "How often a link came to be.",
	     "device", links, "connects", 1);
	each(w, "gaitd_link_losses_total", "counter", "How often a link was lost.", "device",
	     links, "losses", 1);
	each(w, "gaitd_frames_total", "counter",
	     "Messages of devices; others: of pods that may be meant.", "device",
	     member(w->sample->meter, "frames"), "", 1);
}

static void put_undecoded(struct writer *w)
{
	static const char name[] = "gaitd_decode_errors_total";
	const char *device, *kind;
	json_t *of, *count;

	family(w, name, "counter",
	       "Messages that made no sense: notify and value over Bluetooth, ant over ANT.");
	json_object_foreach((json_t *)member(w->sample->meter, "undecoded"), device, of) {
		json_object_foreach(of, kind, count)
			line(w, name, "device", device, "kind", kind, json_number_value(count));
	}
}

/* Starting anew, or not there though it is wanted: it hears nothing. */
static bool works(const char *name, const json_t *source)
{
	return radio_state(name, source) == RADIO_WELL &&
	       strcmp(word(source, "state"), "absent") != 0;
}

/* One that is not configured is not told of. */
static void put_sources(struct writer *w)
{
	const json_t *sources = member(w->sample->status, "sources");
	const char *name;
	json_t *source;

	if (!sources)
		return;
	family(w, "gaitd_source_up", "gauge",
	       "Whether a radio can hear: an adapter that is ready, a stick that listens.");
	json_object_foreach((json_t *)sources, name, source) {
		if (strcmp(name, "ant") != 0 || strcmp(word(source, "state"), "off") != 0)
			line(w, "gaitd_source_up", "source", name, NULL, NULL,
			     works(name, source));
	}
	family(w, "gaitd_source_info", "gauge", "The state of a radio, as a label of 1.");
	json_object_foreach((json_t *)sources, name, source)
		line(w, "gaitd_source_info", "source", name, "state", word(source, "state"), 1);
}

/* ---- devices: the pod that counts, and what Bluetooth is linked with -------------- */

static const char *const devices[] = { "treadmill", "footpod", "heart_rate" };
#define DEVICES (sizeof(devices) / sizeof(devices[0]))

static const json_t *of_device(struct writer *w, const char *device, const char *name)
{
	const json_t *status = w->sample->status;
	const json_t *found = NULL;

	if (strcmp(device, "footpod") == 0)
		found = member(member(status, "pod"), name);
	return found ? found : member(member(at(status, "sources.bluetooth"), device), name);
}

static void put_signal(struct writer *w)
{
	static const struct {
		const char *member, *percentile;
	} rows[] = { { "signal_p10_dbm", "10" }, { "signal_p50_dbm", "50" } };
	bool told = false;

	for (size_t i = 0; i < DEVICES * 2; i++) {
		const json_t *dbm = of_device(w, devices[i / 2], rows[i % 2].member);

		if (!json_is_number(dbm))
			continue;
		if (!told)
			family(w, "gaitd_signal_dbm", "gauge",
			       "How strongly a device is heard: so many per cent of its "
			       "messages were at most so strong.");
		told = true;
		line(w, "gaitd_signal_dbm", "device", devices[i / 2], "percentile",
		     rows[i % 2].percentile, json_number_value(dbm));
	}
}

static void put_battery(struct writer *w)
{
	static const char *const words[] = { "new", "good", "ok", "low", "critical", NULL };
	const char *state = word(member(w->sample->status, "pod"), "battery");
	bool told = false;

	for (size_t i = 0; i < DEVICES; i++) {
		const json_t *pct = of_device(w, devices[i], "battery_pct");

		if (!json_is_number(pct))
			continue;
		if (!told)
			family(w, "gaitd_battery_ratio", "gauge", "How full a battery is, 0 to 1.");
		told = true;
		line(w, "gaitd_battery_ratio", "device", devices[i], NULL, NULL,
		     json_number_value(pct) / 100);
	}
	if (!*state || strcmp(state, "unknown") == 0)
		return;
	family(w, "gaitd_battery_state", "gauge",
	       "1 for the word that a device has for its battery, 0 for the others.");
	states(w, "gaitd_battery_state", "device", "footpod", words, state);
}

/* ---- what is coached, and how it runs ---------------------------------------------- */

static void put_coaching(struct writer *w)
{
	static const char *const words[] = { "idle", "running", "paused", "ended", NULL };
	const json_t *meter = w->sample->meter;

	family(w, "gaitd_session_state", "gauge",
	       "1 for the state that the session is in, 0 for the others.");
	states(w, "gaitd_session_state", NULL, NULL, words,
	       word(member(w->sample->status, "session"), "state"));
	single(w, "gaitd_sessions_total", "counter", "Sessions that began.",
	       member(meter, "sessions"), 1);
	each(w, "gaitd_prompts_total", "counter", "Prompts, by how grave they are.", "level",
	     member(meter, "prompts"), "", 1);
	single(w, "gaitd_displays", "gauge", "Displays that are connected.",
	       member(w->sample->status, "display_count"), 1);
}

static void put_delay(struct writer *w)
{
	static const struct {
		const char *member, *percentile;
	} rows[] = { { "p50_us", "50" }, { "p90_us", "90" }, { "p99_us", "99" } };
	const json_t *latency = member(w->sample->meter, "latency");
	const char *message;
	json_t *object;
	bool told = false;

	json_object_foreach((json_t *)latency, message, object) {
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
			const json_t *delay = member(object, rows[i].member);

			if (!json_is_number(delay))
				continue;
			if (!told)
				family(w, "gaitd_delay_seconds", "gauge",
				       "From what decides until it is out at all displays, of "
				       "the last minute or two.");
			told = true;
			line(w, "gaitd_delay_seconds", "message", message, "percentile",
			     rows[i].percentile, json_number_value(delay) * 1e-6);
		}
	}
}

static void put_process(struct writer *w)
{
	const json_t *process = member(w->sample->meter, "process");

	single(w, "gaitd_wakeups_total", "counter", "How often the daemon woke up.",
	       member(process, "waits"), 1);
	single(w, "gaitd_cpu_seconds_total", "counter", "Processor time that it took.",
	       member(process, "cpu_us"), 1e-6);
	single(w, "gaitd_resident_memory_bytes", "gauge", "Memory that it holds.",
	       member(process, "resident_bytes"), 1);
}

/* ---- the fleet: what gaitd-mqtt told the daemon, each minute ------------------------ */

#define FLEET_SILENT_US 180e6 /* then it is not there any more, and so not connected */

static void put_spool(struct writer *w, const json_t *fleet)
{
	static const char name[] = "gaitd_spool_dropped_total";
	static const struct {
		const char *member, *kind;
	} rows[] = { { "dropped_metrics", "minute" }, { "dropped_events", "event" },
		     { "merged_safety", "safety" } };
	bool told = false;

	single(w, "gaitd_spool_events", "gauge", "Events that wait for the broker.",
	       member(fleet, "waiting_events"), 1);
	single(w, "gaitd_spool_bytes", "gauge", "How large they are.",
	       member(fleet, "waiting_bytes"), 1);
	single(w, "gaitd_spool_limit", "gauge", "How many may wait.",
	       member(fleet, "limit_events"), 1);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const json_t *count = member(fleet, rows[i].member);

		if (!json_is_number(count))
			continue;
		if (!told)
			family(w, name, "counter",
			       "Events that made room for others; safety: that are counted in another.");
		told = true;
		line(w, name, "kind", rows[i].kind, NULL, NULL, json_number_value(count));
	}
}

static void put_fleet(struct writer *w)
{
	static const char connected[] = "gaitd_broker_connected";
	static const char help[] = "Whether gaitd-mqtt is connected with its broker.";
	const json_t *fleet = member(w->sample->meter, "fleet");
	const json_t *age = member(fleet, "age_us");

	if (json_is_number(age) && json_number_value(age) > FLEET_SILENT_US) {
		family(w, connected, "gauge", help);
		line(w, connected, NULL, NULL, NULL, NULL, 0);
		return;
	}
	single(w, connected, "gauge", help, member(fleet, "connected"), 1);
	single(w, "gaitd_broker_connects_total", "counter", "How often it came to be connected.",
	       member(fleet, "connects"), 1);
	single(w, "gaitd_broker_acknowledged_age_seconds", "gauge",
	       "How long ago the broker last said that it has an event, else since gaitd-mqtt started.",
	       member(fleet, "acknowledged_age_s"), 1);
	single(w, "gaitd_broker_refused_total", "counter", "Events that the broker would not take.",
	       member(fleet, "refused"), 1);
	put_spool(w, fleet);
}

void metrics_text(FILE *out, const struct metrics_sample *sample)
{
	static void (*const parts[])(struct writer *w) = {
		put_links,   put_undecoded, put_sources, put_signal,
		put_battery, put_coaching,  put_delay,   put_process,
		put_fleet,
	};
	struct writer w = { .out = out, .sample = sample };

	put_daemon(&w);
	put_unit(&w);
	for (size_t i = 0; sample->status && i < sizeof(parts) / sizeof(parts[0]); i++)
		parts[i](&w);
}
