/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/gaitctl/conform_checks.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOW_MS 2000    /* a display's time to show a prompt, at most */
#define LINGER_MS 1000  /* after a clear: nothing may be shown any more */
#define BURST 1000      /* prompts at once */
#define AWAY_MS 1500    /* of a daemon that is started again */

/* ---- the handshake ------------------------------------------------------- */

static bool check_handshake(struct kit *kit)
{
	return kit_ready(kit, KIT_RECONNECT_MS);
}

/* A stream has no borders: what a write holds means nothing. */
static bool say_in_bytes(struct kit *kit, const char *line)
{
	for (; *line; line++) {
		if (!kit_send(kit, line, 1))
			return false;
		poll(NULL, 0, 1);
	}
	return true;
}

static bool check_hello_in_bytes(struct kit *kit)
{
	if (!kit_ready(kit, KIT_RECONNECT_MS))
		return false;
	kit_hang_up(kit);
	return kit_accept(kit, KIT_RECONNECT_MS) &&
	       say_in_bytes(kit, "{\"type\":\"hello\",\"protocol\":[1],\"daemon\":\"gaitd\",") &&
	       kit_greet(kit, "\"ping_ms\":5000}") &&
	       say_in_bytes(kit, "{\"type\":\"ready\",\"caps\":[\"metrics\"]}\n");
}

/* A later daemon that serves the version before, too */
static bool check_later_daemon(struct kit *kit)
{
	if (!kit_ready(kit, KIT_RECONNECT_MS))
		return false;
	kit_hang_up(kit);
	return kit_accept(kit, KIT_RECONNECT_MS) &&
	       kit_greet(kit, "{\"type\":\"hello\",\"daemon\":\"gaitd 9.9\",\"mood\":\"good\","
	                      "\"protocol\":[2,1],\"ping_ms\":5000}") &&
	       kit_say(kit, "{\"type\":\"ready\",\"caps\":[\"metrics\",\"shown\"]}");
}

/* A daemon that serves nothing we know must not be lied to */
static bool check_no_common_version(struct kit *kit)
{
	if (!kit_ready(kit, KIT_RECONNECT_MS))
		return false;
	kit_hang_up(kit);
	if (!kit_accept(kit, KIT_RECONNECT_MS) ||
	    !kit_say(kit, "{\"type\":\"hello\",\"protocol\":[99],\"daemon\":\"gaitd 9.9\","
	                  "\"ping_ms\":5000}") ||
	    !kit_hear(kit, 500, NULL))
		return false;
	kit_hang_up(kit);
	return true;
}

static bool check_nothing_granted(struct kit *kit)
{
	bool good;

	if (!kit_ready(kit, KIT_RECONNECT_MS))
		return false;
	kit_hang_up(kit);
	kit->caps_offered = 0;
	good = kit_ready(kit, KIT_RECONNECT_MS) && kit_prompt(kit, "form", "Not granted") &&
	       kit_hear(kit, 500, NULL) && kit_clear(kit, kit->prompt_id, "expired") &&
	       kit_alive(kit);
	kit_hang_up(kit); /* the next one is granted what it asks for */
	return good;
}

/* ---- lines --------------------------------------------------------------- */

static bool check_bytes(struct kit *kit)
{
	return kit_ready(kit, KIT_RECONNECT_MS) &&
	       say_in_bytes(kit, "{\"type\":\"metrics\",\"speed_kmh\":10.25,\"gait\":\"run\"}\n"
	                         "{\"type\":\"target\",\"low_spm\":165,\"high_spm\":178}\n");
}

static bool check_two_in_a_write(struct kit *kit)
{
	static const char two[] = "{\"type\":\"metrics\",\"speed_kmh\":9.75}\n{\"type\":\"ping\"}\n";

	if (!kit_ready(kit, KIT_RECONNECT_MS))
		return false;
	kit->pings++;
	return kit_send(kit, two, sizeof(two) - 1) && kit_alive(kit);
}

static bool check_unknown_members(struct kit *kit)
{
	return kit_ready(kit, KIT_RECONNECT_MS) &&
	       kit_say(kit, "{\"type\":\"metrics\",\"speed_kmh\":9.75,\"mood\":\"good\","
	                    "\"power\":{\"watts\":[250,251]},\"gait\":\"run\"}") &&
	       kit_say(kit, "{\"type\":\"link\",\"treadmill\":\"live\",\"footpod\":\"live\","
	                    "\"lamp\":true}");
}

static bool check_unknown_type(struct kit *kit)
{
	return kit_ready(kit, KIT_RECONNECT_MS) &&
	       kit_say(kit, "{\"type\":\"weather\",\"sun\":true}");
}

static bool check_unknown_words(struct kit *kit)
{
	return kit_ready(kit, KIT_RECONNECT_MS) &&
	       kit_say(kit, "{\"type\":\"link\",\"treadmill\":\"asleep\",\"footpod\":\"live\"}") &&
	       kit_say(kit, "{\"type\":\"session\",\"state\":\"dreaming\",\"elapsed_s\":1}") &&
	       kit_prompt(kit, "urgent", "A level of tomorrow") && kit_hear(kit, 200, NULL) &&
	       kit_clear(kit, kit->prompt_id, "bored");
}

static bool check_absent_values(struct kit *kit)
{
	return kit_ready(kit, KIT_RECONNECT_MS) && kit_say(kit, "{\"type\":\"metrics\"}") &&
	       kit_say(kit, "{\"type\":\"target\"}") && kit_say(kit, "{\"type\":\"battery\"}");
}

static bool check_odd_text(struct kit *kit)
{
	return kit_ready(kit, KIT_RECONNECT_MS) &&
	       kit_prompt(kit, "habit", "\\u30ea\\u30ba\\u30e0 \xc3\xa4 \\\"\\\\ \\ud83c\\udfc3") &&
	       kit_hear(kit, 200, NULL) && kit_clear(kit, kit->prompt_id, "expired");
}

static bool check_longest_line(struct kit *kit)
{
	char line[DISPLAY_LINE_MAX];
	size_t used;

	if (!kit_ready(kit, KIT_RECONNECT_MS))
		return false;
	used = (size_t)snprintf(line, sizeof(line), "{\"type\":\"battery\",\"footpod\":\"ok\","
	                                            "\"filling\":\"");
	memset(line + used, 'x', sizeof(line) - used);
	line[sizeof(line) - 3] = '"';
	line[sizeof(line) - 2] = '}';
	line[sizeof(line) - 1] = '\n';
	return kit_send(kit, line, sizeof(line));
}

/* ---- prompts ------------------------------------------------------------- */

static bool check_levels(struct kit *kit)
{
	static const char *const levels[] = { "system", "praise", "habit",
		                              "form",   "load",   "safety" };

	if (!kit_ready(kit, KIT_RECONNECT_MS))
		return false;
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		if (!kit_prompt(kit, levels[i], "Quicker, lighter beat") ||
		    !kit_hear(kit, 50, NULL) ||
		    !kit_clear(kit, kit->prompt_id, "replaced"))
			return false;
	}
	return true;
}

static bool check_asks(struct kit *kit)
{
	static const char yes_or_no[] =
		"\"ask\":{\"kind\":\"choice\",\"choices\":[{\"value\":1,\"text\":\"Yes\"},"
		"{\"value\":0,\"text\":\"No\"}]}";
	static const char *const asks[] = {
		"\"ask\":{\"kind\":\"scale\",\"min\":0,\"max\":10}",
		yes_or_no,
		"\"ask\":{\"kind\":\"riddle\"}",
	};
	char line[512];

	if (!kit_ready(kit, KIT_RECONNECT_MS))
		return false;
	for (size_t i = 0; i < sizeof(asks) / sizeof(asks[0]); i++) {
		snprintf(line, sizeof(line),
		         "{\"type\":\"prompt\",\"id\":%u,\"rule\":\"ask-pain\",\"level\":"
		         "\"safety\",\"headline\":\"How is your back?\",\"text\":\"How is your "
		         "back now? 0 to 10\",\"args\":{},\"ttl_ms\":30000,\"ack\":true,%s}",
		         ++kit->prompt_id, asks[i]);
		if (!kit_say(kit, line) || !kit_hear(kit, 50, NULL) ||
		    !kit_clear(kit, kit->prompt_id, "condition"))
			return false;
	}
	return true;
}

static bool is_shown(const struct kit *kit)
{
	return kit->shown_id == kit->prompt_id;
}

/* What a display says it showed after the clear was too late for the runner. */
static bool check_shown_before_clear(struct kit *kit)
{
	bool good;

	if (!kit_ready(kit, KIT_RECONNECT_MS) || !kit_prompt(kit, "form", "Quicker beat") ||
	    !kit_hear(kit, SHOW_MS, is_shown))
		return false;
	kit->over_id = kit->prompt_id;
	good = kit_clear(kit, kit->prompt_id, "expired") && kit_hear(kit, LINGER_MS, NULL);
	kit->over_id = 0;
	return good;
}

static bool check_replaced(struct kit *kit)
{
	return kit_ready(kit, KIT_RECONNECT_MS) && kit_prompt(kit, "form", "The first") &&
	       kit_clear(kit, kit->prompt_id, "replaced") &&
	       kit_prompt(kit, "safety", "The second") && kit_hear(kit, 200, NULL) &&
	       kit_clear(kit, kit->prompt_id, "acknowledged");
}

static bool check_clear_of_unknown(struct kit *kit)
{
	return kit_ready(kit, KIT_RECONNECT_MS) && kit_clear(kit, 4294967295u, "expired") &&
	       kit_clear(kit, kit->prompt_id, "expired");
}

static bool check_burst(struct kit *kit)
{
	enum { ROOM = 640 };
	char *lines = malloc((size_t)BURST * ROOM);
	size_t used = 0;
	bool good;

	if (!lines || !kit_ready(kit, KIT_RECONNECT_MS)) {
		free(lines);
		return false;
	}
	for (int i = 0; i < BURST; i++)
		used += kit_prompt_line(kit, "form", "One of a thousand", lines + used, ROOM);
	good = kit_send(kit, lines, used) && kit_alive(kit) &&
	       kit_clear(kit, kit->prompt_id, "expired");
	free(lines);
	return good;
}

/* ---- pings, errors, ends ------------------------------------------------- */

static bool check_pings(struct kit *kit)
{
	if (!kit_ready(kit, KIT_RECONNECT_MS))
		return false;
	for (int i = 0; i < 3; i++) {
		if (!kit_alive(kit))
			return false;
	}
	return true;
}

static bool check_error(struct kit *kit)
{
	return kit_ready(kit, KIT_RECONNECT_MS) &&
	       kit_say(kit, "{\"type\":\"error\",\"code\":\"not-granted\",\"detail\":\"input\","
	                    "\"fatal\":false}") &&
	       kit_say(kit, "{\"type\":\"error\",\"code\":\"of-tomorrow\",\"fatal\":false}");
}

static bool check_bye(struct kit *kit)
{
	if (!kit_ready(kit, KIT_RECONNECT_MS) ||
	    !kit_say(kit, "{\"type\":\"bye\",\"reason\":\"shutdown\"}"))
		return false;
	kit_hang_up(kit);
	return true;
}

static bool check_eof(struct kit *kit)
{
	if (!kit_ready(kit, KIT_RECONNECT_MS))
		return false;
	kit_hang_up(kit);
	return true;
}

/* A connection that ends in the middle of a line leaves nothing behind. */
static bool check_eof_in_a_line(struct kit *kit)
{
	static const char half[] = "{\"type\":\"prompt\",\"id\":";

	if (!kit_ready(kit, KIT_RECONNECT_MS) || !kit_send(kit, half, sizeof(half) - 1))
		return false;
	kit_hang_up(kit);
	return true;
}

static bool check_restart(struct kit *kit)
{
	if (!kit_ready(kit, KIT_RECONNECT_MS))
		return false;
	kit_say(kit, "{\"type\":\"bye\",\"reason\":\"shutdown\"}");
	kit_stop_listening(kit);
	kit_hang_up(kit);
	poll(NULL, 0, AWAY_MS);
	return kit_listen(kit);
}

const struct conform_check conform_checks[] = {
	{ "says hello within 3 s of the daemon's", check_handshake },
	{ "answers pings", check_pings },
	{ "reads a hello that comes a byte at a time", check_hello_in_bytes },
	{ "chooses its version from a later daemon's", check_later_daemon },
	{ "comes again when there is no common version", check_no_common_version },
	{ "sends no input when nothing is granted", check_nothing_granted },
	{ "reads lines that come a byte at a time", check_bytes },
	{ "reads two lines of one write", check_two_in_a_write },
	{ "reads a line of exactly 4096 octets", check_longest_line },
	{ "ignores members it does not know", check_unknown_members },
	{ "ignores types it does not know", check_unknown_type },
	{ "goes on at words it does not know", check_unknown_words },
	{ "goes on when values are absent", check_absent_values },
	{ "reads escapes and every script", check_odd_text },
	{ "takes a prompt of each level", check_levels },
	{ "takes questions, of an unknown kind too", check_asks },
	{ "shows no prompt after its clear", check_shown_before_clear },
	{ "takes a prompt in place of another", check_replaced },
	{ "ignores the clear of a prompt it does not know", check_clear_of_unknown },
	{ "stands a burst of 1000 prompts", check_burst },
	{ "goes on after an error", check_error },
	{ "comes again after bye", check_bye },
	{ "comes again after the connection ended", check_eof },
	{ "comes again after an end within a line", check_eof_in_a_line },
	{ "comes again after the daemon was restarted", check_restart },
	{ NULL, NULL },
};
