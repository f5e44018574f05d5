/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl status, gaitctl reload, gaitctl restart
 */
#include "daemon/gaitctl/gaitctl.h"

#include "daemon/service/options.h"

#include <stdio.h>

static void print_metrics(const json_t *metrics)
{
	static const struct {
		const char *name, *before;
		int decimals;
		const char *after;
	} rows[] = {
		{ "speed_kmh", "", 2, " km/h" },
		{ "incline_pct", "", 1, " %" },
		{ "cadence_spm", "", 0, " steps/min" },
		{ "target_spm", "target ", 0, "" },
		{ "step_m", "step ", 2, " m" },
		{ "heart_rate_bpm", "", 0, " bpm" },
		{ "ground_contact_ms", "ground contact ", 0, " ms" },
		{ "vertical_oscillation_mm", "oscillation ", 1, " mm" },
		{ "stance_pct", "stance ", 1, " %" },
		{ "balance_pct", "left ", 1, " %" },
		{ "vertical_ratio_pct", "vertical ratio ", 1, " %" },
	};
	const char *between = "";

	if (json_object_size(metrics) == 0)
		return;
	printf("now         ");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!json_object_get(metrics, rows[i].name))
			continue;
		printf("%s%s%.*f%s", between, rows[i].before, rows[i].decimals,
		       reply_number(metrics, rows[i].name), rows[i].after);
		between = ", ";
	}
	if (json_object_get(metrics, "gait"))
		printf("%s%s", between, reply_text(metrics, "gait"));
	printf("\n");
}

static void print_number(const json_t *device, const char *name, const char *before,
                         const char *after)
{
	if (json_object_get(device, name))
		printf(", %s%lld%s", before, reply_whole(device, name), after);
}

static void print_named(const json_t *device, const char *name, const char *before)
{
	if (json_object_get(device, name))
		printf(", %s%s", before, reply_text(device, name));
}

static void print_device(const char *what, const json_t *device)
{
	printf("  %-10s %s", what, reply_text(device, "state"));
	print_named(device, "name", "");
	print_named(device, "id", "");
	print_number(device, "rssi_dbm", "", " dBm");
	print_number(device, "battery_pct", "battery ", " %");
	print_named(device, "quirk", "quirk ");
	print_named(device, "searched", "for ");
	print_named(device, "several", "several are near: ");
	if (json_is_true(json_object_get(device, "candidate")))
		printf(", a candidate");
	if (json_object_get(device, "why"))
		printf("; %s", reply_text(device, "why"));
	printf("\n");
}

/* What each live source says of itself and of its devices, which are the
 * members that are objects */
static void print_sources(const json_t *reply)
{
	const char *source, *name;
	json_t *state, *device;

	json_object_foreach(json_object_get(reply, "sources"), source, state) {
		printf("%-12s%s\n", source, reply_text(state, "message"));
		json_object_foreach(state, name, device) {
			if (json_is_object(device))
				print_device(name, device);
		}
	}
}

static void print_displays(const json_t *reply)
{
	json_t *list = json_object_get(reply, "displays"), *display, *cap;
	size_t i, j;

	printf("displays    %lld\n", reply_whole(reply, "display_count"));
	json_array_foreach(list, i, display) {
		printf("  %s %s ", reply_text(display, "name"), reply_text(display, "version"));
		json_array_foreach(json_object_get(display, "caps"), j, cap)
			printf("%c%s", j ? ',' : '(', json_string_value(cap));
		printf("%s %lld sent, %lld dropped, %lld prompts shown\n", j ? ")" : "",
		       reply_whole(display, "sent"), reply_whole(display, "dropped"),
		       reply_whole(display, "shown"));
	}
	if (reply_whole(reply, "display_count") > (long long)json_array_size(list))
		printf("  and more\n");
}

static void print_pod(const json_t *reply, const json_t *link)
{
	const json_t *pod = json_object_get(reply, "pod");
	const json_t *cadence = json_object_get(reply, "cadence");

	printf("foot pod    %s", reply_text(link, "footpod"));
	print_named(pod, "name", "");
	print_named(pod, "choice", "");
	print_number(pod, "rssi_dbm", "", " dBm");
	print_number(pod, "signal_dbm", "a fifth of its messages below ", " dBm");
	print_named(pod, "battery", "battery ");
	print_named(pod, "location", "on ");
	print_number(pod, "others", "", " others near");
	printf("\n");
	if (cadence)
		printf("cadence     %.1f steps/min by %s, %s, %.1f s old\n",
		       reply_number(cadence, "spm"), reply_text(cadence, "source"),
		       reply_text(cadence, "quality"), reply_number(cadence, "age_s"));
}

static void print_status(const json_t *reply)
{
	const json_t *link = json_object_get(reply, "link");
	const json_t *session = json_object_get(reply, "session");

	printf("%s, process %lld, up ", reply_text(reply, "daemon"), reply_whole(reply, "pid"));
	print_duration(reply_whole(reply, "uptime_s"));
	printf("\nsource      %s, at ", reply_text(reply, "source"));
	print_duration(reply_whole(reply, "source_s"));
	printf("; %lld events, %lld not understood\n", reply_whole(reply, "events"),
	       reply_whole(reply, "undecoded"));
	print_sources(reply);
	printf("treadmill   %s", reply_text(link, "treadmill"));
	if (json_object_get(reply, "quirk"))
		printf(", quirk %s", reply_text(reply, "quirk"));
	printf("\n");
	print_pod(reply, link);
	printf("session     %s", reply_text(session, "state"));
	if (json_object_get(session, "elapsed_s")) {
		printf(", ");
		print_duration(reply_whole(session, "elapsed_s"));
	}
	if (json_object_get(session, "distance_m"))
		printf(", %lld m", reply_whole(session, "distance_m"));
	printf("\n");
	print_metrics(json_object_get(reply, "metrics"));
	printf("rules       %lld\n", reply_whole(reply, "rules"));
	if (json_object_get(reply, "recording"))
		printf("recording   %s\n", reply_text(reply, "recording"));
	if (json_object_get(reply, "display_socket"))
		printf("socket      %s\n", reply_text(reply, "display_socket"));
	print_displays(reply);
}

int gaitctl_status(char **words)
{
	(void)words;
	return show_reply("status", print_status);
}

static void print_reload(const json_t *reply)
{
	printf("reloaded: %lld rules\n", reply_whole(reply, "rules"));
}

int gaitctl_reload(char **words)
{
	(void)words;
	return show_reply("reload", print_reload);
}

static void print_restart(const json_t *reply)
{
	if (json_is_true(json_object_get(reply, "now")))
		printf("gaitd starts anew\n");
	else
		printf("gaitd starts anew when the run is over\n");
}

int gaitctl_restart(char **words)
{
	(void)words;
	return show_reply("restart", print_restart);
}
