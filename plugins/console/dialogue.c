/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "plugins/console/dialogue.h"
#include "plugins/console/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NEXT_RUNNER_MS 60000u /* after a session's end another one stands here */
#define KEYLESS_MS 30000u     /* the disclaimer stays where nobody can confirm */
#define METRES_PER_FOOT 0.3048
#define METRES_PER_INCH 0.0254

const char dialogue_disclaimer[] = N_(
	"Running tips for healthy adults. Not a medical device and not medical "
	"advice. If you have or had back trouble, or any illness, ask your doctor "
	"before running. Stop and get help for severe pain, pain or numbness in a "
	"leg, numbness between the legs, trouble with bladder or bowel, chest pain "
	"or dizziness. Clip on the safety key. The treadmill's own stop button is "
	"always first.");

const struct dialogue_language dialogue_languages[DIALOGUE_LANGUAGES] = {
	{ "en", "English" },
	{ "de", "Deutsch" },
	{ "es", "Espa\xc3\xb1ol" },
	{ "fr", "Fran\xc3\xa7" "ais" },
	{ "ja", "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e" },
};

const char *const *dialogue_question(enum console_mode mode)
{
	static const char *const pain[] = {
		N_("How much does your back hurt?   0 not at all   10 worst"),
		"", N_("press 0 to 9, or t for 10; any other key: back"), NULL,
	};
	static const char *const red_flag[] = {
		N_("Red flag: which one?   (any other key: back)"),
		N_("  1  pain shoots down a leg"), N_("  2  a leg is numb or weak"),
		N_("  3  numb saddle, bladder or bowel change"),
		N_("  4  cannot stand straight"), N_("  5  after a fall"), NULL,
	};
	static const char *const back_pain[] = {
		N_("Have you had back pain?"), "",
		N_("y yes   n no   Enter: no answer   Esc: leave"), NULL,
	};
	static const char *const novice[] = {
		N_("Have you been running for less than six months?"), "",
		N_("y yes   n no   Enter: no answer   Esc: leave"), NULL,
	};
	static const char *const units[] = {
		N_("Which units?"), "",
		N_("k km and km/h   m miles and mph   Enter: no answer"), NULL,
	};
	static const char *const *const questions[] = {
		[CONSOLE_PAIN] = pain,     [CONSOLE_RED_FLAG] = red_flag,
		[CONSOLE_BACK_PAIN] = back_pain, [CONSOLE_NOVICE] = novice,
		[CONSOLE_UNITS] = units,   [CONSOLE_LANGUAGE] = NULL,
	};

	return questions[mode];
}

void dialogue_height(const struct console *c, char *out, size_t size)
{
	snprintf(out, size, _("How tall are you, in cm, or as 5'9?   %s_"), c->typed);
}

const char *dialogue_height_keys(void)
{
	return _("Enter: next question   Esc: leave; kept for this session only");
}

const char *dialogue_understood(void)
{
	return _("Enter: understood, then four questions   Esc: understood");
}

/* ---- the disclaimer ---- */
static bool anonymous(const char *runner)
{
	return strcmp(runner, "anonymous") == 0;
}

static bool greeting_is_due(const struct console *c, uint64_t now_ms)
{
	if (c->greeted || !c->ready || !c->has_session || c->mode != CONSOLE_RUN)
		return false;
	return c->session.state != DISPLAY_SESSION_ENDED || now_ms >= c->greet_ms;
}

void dialogue_greet(struct console *c, uint64_t now_ms)
{
	if (c->mode == CONSOLE_DISCLAIMER && c->keyless && now_ms >= c->greet_ms)
		c->mode = CONSOLE_RUN;
	if (!greeting_is_due(c, now_ms))
		return;
	c->greeted = true;
	c->asks_language = false;
	c->page = 0;
	c->mode = CONSOLE_DISCLAIMER;
	c->greet_ms = now_ms + KEYLESS_MS;
	snprintf(c->greeted_name, sizeof(c->greeted_name), "%s", c->session.runner);
}

/* Another runner, or another session of one whose name is not known */
static bool is_another(const struct console *c, const struct display_session *now)
{
	bool ends = now->state == DISPLAY_SESSION_ENDED &&
	            c->session.state != DISPLAY_SESSION_ENDED;

	if (!c->has_session)
		return false;
	if (!anonymous(now->runner))
		return strcmp(now->runner, c->greeted_name) != 0;
	return ends || !anonymous(c->session.runner);
}

void console_session(struct console *c, const struct display_session *session,
                     uint64_t now_ms)
{
	if (is_another(c, session)) {
		c->greeted = false;
		c->greet_ms = now_ms + NEXT_RUNNER_MS;
		memset(&c->profile, 0, sizeof(c->profile));
	}
	if (!c->has_session || strcmp(session->lang, c->session.lang) != 0)
		snprintf(c->lang, sizeof(c->lang), "%s", session->lang);
	/* the next run has its own */
	if (session->state != DISPLAY_SESSION_ENDED)
		c->has_summary = false;
	c->session = *session;
	c->has_session = true;
}

/* ---- the questions: Enter skips one, Esc the rest ---- */
static bool profile_told(struct console *c, uint64_t now_ms,
                         struct display_request *out)
{
	const struct display_profile *p = &c->profile;

	c->mode = CONSOLE_RUN;
	if (!p->has_height && !p->has_back_pain && !p->has_novice && !p->has_units &&
	    !p->has_lang)
		return false;
	out->profile = *p;
	return console_tell(c, out, DISPLAY_INPUT_PROFILE,
	                    _("Told, for this session only."), now_ms);
}

static bool ask_next(struct console *c, uint64_t now_ms,
                     struct display_request *out)
{
	static const enum console_mode after[] = {
		[CONSOLE_DISCLAIMER] = CONSOLE_HEIGHT,
		[CONSOLE_HEIGHT] = CONSOLE_BACK_PAIN,
		[CONSOLE_BACK_PAIN] = CONSOLE_NOVICE,
		[CONSOLE_NOVICE] = CONSOLE_UNITS,
		[CONSOLE_UNITS] = CONSOLE_LANGUAGE,
		[CONSOLE_LANGUAGE] = CONSOLE_RUN,
	};

	/* the disclaimer asked for the language already */
	c->mode = c->mode == CONSOLE_UNITS && !c->asks_language ? CONSOLE_RUN :
	                                                          after[c->mode];
	c->typed[0] = '\0';
	return c->mode == CONSOLE_RUN && profile_told(c, now_ms, out);
}

/* "175" centimetres, or feet and inches as "5'9"; 0: neither, or nobody's */
static double height_typed(const char *typed)
{
	char *end;
	double height = (double)strtoul(typed, &end, 10) / 100;

	if (*end == '\'')
		height = (double)strtoul(typed, NULL, 10) * METRES_PER_FOOT +
		         (double)strtoul(end + 1, NULL, 10) * METRES_PER_INCH;
	return height >= 1 && height <= 2.5 ? height : 0;
}

static bool key_height(struct console *c, int key, uint64_t now_ms,
                       struct display_request *out)
{
	size_t length = strlen(c->typed);
	double height;

	if (((key >= '0' && key <= '9') || key == '\'') &&
	    length < sizeof(c->typed) - 1) {
		c->typed[length] = (char)key;
		c->typed[length + 1] = '\0';
	} else if (key == CONSOLE_KEY_ERASE && length) {
		c->typed[length - 1] = '\0';
	} else if (key == CONSOLE_KEY_ENTER) {
		height = height_typed(c->typed);
		if (length && height == 0) {
			console_note(c, _("A height from 100 to 250 cm, please."), now_ms);
			c->typed[0] = '\0';
			return false;
		}
		if (length) {
			c->profile.has_height = true;
			c->profile.height_m = height;
		}
		return ask_next(c, now_ms, out);
	}
	return false;
}

/* One of two keys answers, Enter skips. True: on to the next question */
static bool either(int key, const char *keys, bool *has, bool *value)
{
	if (key == keys[0] || key == keys[1]) {
		*has = true;
		*value = key == keys[0];
		return true;
	}
	return key == CONSOLE_KEY_ENTER;
}

static bool choose_language(struct console *c, int key)
{
	const char *tag;

	if (key < '1' || key >= '1' + DIALOGUE_LANGUAGES)
		return false;
	tag = dialogue_languages[key - '1'].tag;
	c->profile.has_lang = true;
	snprintf(c->profile.lang, sizeof(c->profile.lang), "%s", tag);
	snprintf(c->lang, sizeof(c->lang), "%s", tag);
	return true;
}

static bool key_disclaimer(struct console *c, int key, uint64_t now_ms,
                           struct display_request *out)
{
	bool may_tell = c->caps & DISPLAY_CAP_INPUT;

	if (choose_language(c, key)) {
		c->page = 0;
		if (!may_tell)
			return false;
		out->profile = c->profile;
		return console_tell(c, out, DISPLAY_INPUT_PROFILE, "", now_ms);
	}
	if (key == ' ')
		c->page++;
	else if (key == 'q')
		c->quit = true;
	else if (key == CONSOLE_KEY_ENTER && may_tell)
		return ask_next(c, now_ms, out);
	else if (key == CONSOLE_KEY_ENTER || key == CONSOLE_KEY_ESCAPE)
		c->mode = CONSOLE_RUN;
	return false;
}

bool dialogue_key(struct console *c, int key, uint64_t now_ms,
                  struct display_request *out)
{
	struct display_profile *p = &c->profile;
	bool next = false;

	if (c->mode == CONSOLE_DISCLAIMER)
		return key_disclaimer(c, key, now_ms, out);
	if (key == CONSOLE_KEY_ESCAPE)
		return profile_told(c, now_ms, out);
	if (c->mode == CONSOLE_HEIGHT)
		return key_height(c, key, now_ms, out);
	if (c->mode == CONSOLE_BACK_PAIN)
		next = either(key, "yn", &p->has_back_pain, &p->back_pain);
	else if (c->mode == CONSOLE_NOVICE)
		next = either(key, "yn", &p->has_novice, &p->novice);
	else if (c->mode == CONSOLE_UNITS)
		next = either(key, "mk", &p->has_units, &p->miles);
	else if (c->mode == CONSOLE_LANGUAGE)
		next = choose_language(c, key) || key == CONSOLE_KEY_ENTER;
	return next && ask_next(c, now_ms, out);
}
