/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "plugins/web/present.h"

#include "protocol/writer.h"

#include <stdio.h>
#include <string.h>

void present_init(struct present *present, const char *key)
{
	*present = (struct present){ .why = "looking for gaitd" };
	snprintf(present->key, sizeof(present->key), "%s", key);
}

/* ---- what the daemon says ---- */
uint32_t present_state(struct present *p, bool ready, const char *why,
                       uint32_t caps)
{
	p->ready = ready;
	p->caps = caps;
	snprintf(p->why, sizeof(p->why), "%s", why);
	p->known = 0;
	p->has_prompt = false;
	p->clear.id = 0;
	return PRESENT_ALL;
}

static uint32_t know(struct present *p, enum present_part part)
{
	p->known |= PRESENT_BIT(part);
	return PRESENT_BIT(part);
}

uint32_t present_link(struct present *p, const struct display_link *link)
{
	p->link = *link;
	return know(p, PRESENT_LINK);
}

/* The next runner has read and said nothing yet. */
static uint32_t forget_runner(struct present *p)
{
	p->welcomed = false;
	p->mute_end_ms = 0;
	p->profile = (struct display_profile){ .has_height = false };
	return PRESENT_BIT(PRESENT_CONSOLE);
}

/* Over a restart of the daemon the last one is still there to compare with:
 * the runner stands where he stood. */
uint32_t present_session(struct present *p, const struct display_session *session)
{
	bool ended = session->state == DISPLAY_SESSION_ENDED;
	bool other = p->session.runner[0] &&
	             strcmp(p->session.runner, session->runner) != 0;
	uint32_t changed = ended || other ? forget_runner(p) : 0;

	p->session = *session;
	if (!ended)
		p->known &= ~PRESENT_BIT(PRESENT_SUMMARY);
	return changed | know(p, PRESENT_SESSION);
}

uint32_t present_target(struct present *p, const struct display_target *target)
{
	p->target = *target;
	return know(p, PRESENT_TARGET);
}

uint32_t present_metrics(struct present *p, const struct display_metrics *metrics)
{
	p->metrics = *metrics;
	return know(p, PRESENT_METRICS);
}

uint32_t present_battery(struct present *p, const struct display_battery *battery)
{
	p->battery = *battery;
	return know(p, PRESENT_BATTERY);
}

uint32_t present_summary(struct present *p, const struct display_summary *summary)
{
	p->summary = *summary;
	return know(p, PRESENT_SUMMARY);
}

uint32_t present_prompt(struct present *p, const struct display_prompt *prompt,
                        uint64_t now_ms)
{
	p->prompt = *prompt;
	p->prompt_end_ms = now_ms + prompt->ttl_ms;
	p->has_prompt = true;
	p->said_shown = false;
	return know(p, PRESENT_PROMPT);
}

uint32_t present_clear(struct present *p, const struct display_clear *clear)
{
	if (!p->has_prompt || p->prompt.id != clear->id)
		return 0;
	p->has_prompt = false;
	p->clear = *clear;
	return PRESENT_BIT(PRESENT_PROMPT);
}

/* ---- what the runner says ---- */
uint32_t present_welcomed(struct present *p)
{
	p->welcomed = true;
	return PRESENT_BIT(PRESENT_CONSOLE);
}

static void merge_profile(struct display_profile *into,
                          const struct display_profile *said)
{
	if (said->has_height) {
		into->has_height = true;
		into->height_m = said->height_m;
	}
	if (said->has_back_pain) {
		into->has_back_pain = true;
		into->back_pain = said->back_pain;
	}
	if (said->has_novice) {
		into->has_novice = true;
		into->novice = said->novice;
	}
	if (said->has_units) {
		into->has_units = true;
		into->miles = said->miles;
	}
	if (said->has_lang) {
		into->has_lang = true;
		memcpy(into->lang, said->lang, sizeof(into->lang));
	}
}

uint32_t present_input(struct present *p, const struct display_request *input,
                       uint64_t now_ms)
{
	if (input->input == DISPLAY_INPUT_PROFILE)
		merge_profile(&p->profile, &input->profile);
	if (input->input != DISPLAY_INPUT_MUTE)
		return 0;
	p->mute_end_ms = now_ms + (uint64_t)input->value * 60000u;
	return PRESENT_BIT(PRESENT_CONSOLE);
}

static bool prompt_is_live(const struct present *p, uint64_t now_ms)
{
	return p->has_prompt && now_ms < p->prompt_end_ms;
}

bool present_shown(struct present *p, uint32_t id, uint64_t now_ms)
{
	if (p->said_shown || !prompt_is_live(p, now_ms) || p->prompt.id != id)
		return false;
	p->said_shown = true;
	return true;
}

/* ---- lines ---- */
static size_t end_line(struct writer *w)
{
	writer_put(w, "}\n");
	return w->full ? 0 : w->length;
}

static struct writer begin_line(char *line, size_t size, const char *type)
{
	struct writer w = { .line = line, .size = size };

	writer_put(&w, "{");
	writer_text(&w, "type", type);
	return w;
}

static size_t write_state(const struct present *p, char *line, size_t size)
{
	struct writer w = begin_line(line, size, p->ready ? "here" : "away");

	if (p->ready)
		writer_bool(&w, "input", p->caps & DISPLAY_CAP_INPUT);
	else
		writer_text(&w, "why", p->why);
	writer_text(&w, "key", p->key);
	return end_line(&w);
}

static size_t write_console(const struct present *p, uint64_t now_ms, char *line,
                            size_t size)
{
	struct writer w = begin_line(line, size, "console");
	uint64_t mute_ms = p->mute_end_ms > now_ms ? p->mute_end_ms - now_ms : 0;

	writer_bool(&w, "welcomed", p->welcomed);
	writer_int(&w, "mute_s", (int64_t)((mute_ms + 999) / 1000));
	return end_line(&w);
}

static size_t write_prompt(struct present *p, uint64_t now_ms, char *line,
                           size_t size)
{
	if (prompt_is_live(p, now_ms)) {
		p->prompt.ttl_ms = (uint32_t)(p->prompt_end_ms - now_ms);
		return display_write_prompt(line, size, &p->prompt, true);
	}
	if (p->has_prompt) {
		p->has_prompt = false;
		p->clear = (struct display_clear){ p->prompt.id, DISPLAY_CLEAR_EXPIRED };
	}
	return p->clear.id ? display_write_clear(line, size, &p->clear) : 0;
}

/* What personal data there is gaitd has granted: it goes on as it came. */
size_t present_write(struct present *p, enum present_part part, uint64_t now_ms,
                     char *line, size_t size)
{
	if (part != PRESENT_STATE && part != PRESENT_CONSOLE &&
	    !(p->known & PRESENT_BIT(part)))
		return 0;
	switch (part) {
	case PRESENT_STATE:
		return write_state(p, line, size);
	case PRESENT_CONSOLE:
		return write_console(p, now_ms, line, size);
	case PRESENT_LINK:
		return display_write_link(line, size, &p->link);
	case PRESENT_SESSION:
		return display_write_session(line, size, &p->session, true);
	case PRESENT_TARGET:
		return display_write_target(line, size, &p->target);
	case PRESENT_METRICS:
		return display_write_metrics(line, size, &p->metrics, true);
	case PRESENT_BATTERY:
		return display_write_battery(line, size, &p->battery);
	case PRESENT_SUMMARY:
		return display_write_summary(line, size, &p->summary);
	case PRESENT_PROMPT:
		return write_prompt(p, now_ms, line, size);
	case PRESENT_PARTS:
		break;
	}
	return 0;
}
