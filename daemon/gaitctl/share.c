/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitctl anonymise, gaitctl share: a recording without whose it is, and the proof
 * that it replays to the same prompts.
 */
#include "daemon/captures/anonymiser.h"
#include "daemon/displays/prompt_log.h"
#include "daemon/gaitctl/gaitctl.h"
#include "daemon/gaitctl/recorded.h"
#include "daemon/gaitctl/recording_file.h"
#include "daemon/gaitctl/rules.h"
#include "daemon/loading.h"
#include "daemon/service/log.h"
#include "daemon/sources/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TOKEN "share"
#define BEHIND_US UINT64_C(60000000) /* what is kept behind --at */

/* The recording and what two replays say, where nobody else sees them */
struct bundle {
	char directory[64];
	char recording[96], before[96], after[96];
};

struct shared {
	const char *file;
	struct config *config;
	struct ruleset *rules;
	struct anonymiser anonymiser;
	struct runner original, runner; /* as it was; as much of it as is told */
	bool has_runner, forget, has_choice;
	struct bundle bundle;
	struct recorded played;
	struct recording_file out;
	struct prompt_log *prompts;
	bool has_header;
	bool profiles; /* told on the way: kept */
};

/* ---- the files --------------------------------------------------------------- */

static bool open_bundle(struct bundle *b)
{
	snprintf(b->directory, sizeof(b->directory), "/tmp/gaitctl.XXXXXX");
	if (!mkdtemp(b->directory)) {
		log_error(TOKEN, "cannot make a directory in /tmp");
		return false;
	}
	snprintf(b->recording, sizeof(b->recording), "%s/recording", b->directory);
	snprintf(b->before, sizeof(b->before), "%s/before", b->directory);
	snprintf(b->after, sizeof(b->after), "%s/after", b->directory);
	return true;
}

static void close_bundle(const struct bundle *b)
{
	unlink(b->recording);
	unlink(b->before);
	unlink(b->after);
	rmdir(b->directory);
}

static bool differ(const char *one, const char *two)
{
	char a[DISPLAY_LINE_MAX], b[DISPLAY_LINE_MAX];
	FILE *left = fopen(one, "re"), *right = fopen(two, "re");
	bool found = !left || !right;

	while (!found) {
		char *l = fgets(a, sizeof(a), left), *r = fgets(b, sizeof(b), right);

		if (!l && !r)
			break;
		found = !l || !r || strcmp(a, b) != 0;
	}
	if (left)
		fclose(left);
	if (right)
		fclose(right);
	return found;
}

/* ---- a replay ---------------------------------------------------------------- */

static void put_header(struct shared *s)
{
	struct recording_header header = s->played.header;

	s->has_runner = header.has_runner;
	s->original = header.runner;
	anonymiser_header(&s->anonymiser, &header);
	if (s->forget)
		anonymiser_forget(&header.runner);
	else if (s->has_choice)
		header.runner = s->runner;
	recording_file_header(&s->out, &header);
	s->has_header = true;
}

static void on_event(const struct source_event *event, void *user)
{
	struct shared *s = user;
	struct source_event mine = *event;

	if (!s->has_header)
		put_header(s);
	if (anonymiser_event(&s->anonymiser, &mine))
		recording_file_event(&s->out, &mine);
}

static void on_outcome(const struct outcome *outcome, void *user)
{
	struct shared *s = user;

	prompt_log_outcome(s->prompts, outcome);
}

static uint64_t end_us(void)
{
	return gaitctl.at_us == UINT64_MAX ? SOURCE_NEVER : gaitctl.at_us + BEHIND_US;
}

/* Replays FILE, writes down what comes out and, of the first one, what goes in. */
static bool play(struct shared *s, const char *file, const char *prompts, bool write,
                 int *status)
{
	struct recorded_ear ear = { .event = write ? on_event : NULL,
		                    .outcome = on_outcome,
		                    .user = s };
	bool good;

	s->prompts = prompt_log_open(prompts, false);
	if (!s->prompts)
		return false;
	good = recorded_play(&s->played, file, s->config, s->rules, end_us(), &ear, status);
	good &= prompt_log_close(s->prompts);
	return good;
}

static bool write_recording(struct shared *s, int *status)
{
	bool good;

	if (!recording_file_create(&s->out, s->bundle.recording))
		return false;
	good = play(s, s->file, s->bundle.before, true, status);
	if (!s->has_header)
		put_header(s);
	good &= recording_file_close(&s->out, s->played.reached_us);
	recorded_close(&s->played);
	return good;
}

enum verdict { SAME, OTHER, BROKEN };

/* Writes the recording with as much of the profile as is chosen, and replays it. */
static enum verdict try_it(struct shared *s, bool profiles, int *status)
{
	bool good;

	memset(&s->anonymiser, 0, sizeof(s->anonymiser));
	s->anonymiser.keep_profiles = profiles;
	s->has_header = false;
	if (!write_recording(s, status))
		return BROKEN;
	good = play(s, s->bundle.recording, s->bundle.after, false, status);
	recorded_close(&s->played);
	if (!good)
		return BROKEN;
	return differ(s->bundle.before, s->bundle.after) ? OTHER : SAME;
}

/* ---- as little of the profile as does ------------------------------------------- */

static bool runner_of(const json_t *profile, struct runner *runner)
{
	char *text = json_dumps(profile, 0), why[200];
	bool good;

	runner_init(runner);
	good = text && runner_parse(text, runner, why, sizeof(why));
	free(text);
	return good;
}

static json_t *profile_of(const struct runner *runner)
{
	char text[RECORDING_LINE_MAX];
	unsigned length = runner_write(runner, text, sizeof(text));

	return length > 0 ? json_loadb(text, length, 0, NULL) : json_object();
}

/* One member less, if the prompts do not depend on it */
static enum verdict spare_member(struct shared *s, json_t *profile, const char *key,
                                 int *status)
{
	json_t *kept = json_incref(json_object_get(profile, key));
	enum verdict verdict;

	json_object_del(profile, key);
	verdict = runner_of(profile, &s->runner) ? try_it(s, s->profiles, status) : OTHER;
	if (verdict == OTHER)
		json_object_set(profile, key, kept);
	json_decref(kept);
	return verdict;
}

static enum verdict spare(struct shared *s, int *status)
{
	json_t *all = profile_of(&s->original), *profile = profile_of(&s->original), *value;
	enum verdict verdict = all && profile ? SAME : BROKEN;
	const char *key;

	json_object_foreach(all, key, value) {
		if (verdict != BROKEN)
			verdict = spare_member(s, profile, key, status);
	}
	if (verdict != BROKEN)
		verdict = runner_of(profile, &s->runner) ? try_it(s, s->profiles, status)
		                                         : BROKEN;
	json_decref(all);
	json_decref(profile);
	return verdict;
}

static enum verdict settle(struct shared *s, int *status)
{
	enum verdict verdict;

	s->forget = !gaitctl.keep_profile;
	s->profiles = gaitctl.keep_profile;
	verdict = try_it(s, s->profiles, status);
	if (verdict != OTHER || gaitctl.keep_profile)
		return verdict;
	log_set_level(LOG_LEVEL_ERROR); /* what devices are like has been said */
	s->forget = false;
	verdict = try_it(s, false, status);
	if (verdict == OTHER) {
		s->profiles = true;
		verdict = try_it(s, true, status);
	}
	if (verdict != SAME || !s->has_runner)
		return verdict;
	s->has_choice = true;
	return spare(s, status);
}

/* ---- what is told --------------------------------------------------------------- */

static void count(uint64_t number, const char *what)
{
	if (number > 0)
		fprintf(stderr, "  %llu %s\n", (unsigned long long)number, what);
}

/* What of the runner is left, and why */
static void tell_profile(const struct shared *s)
{
	char text[RECORDING_LINE_MAX] = "{}";
	const struct runner *runner = s->has_choice ? &s->runner : &s->original;

	if (s->forget)
		fprintf(stderr, "Nothing is left of what was known of the runner, but pain.\n");
	else if (s->has_runner && runner_write(runner, text, sizeof(text)) > 0)
		fprintf(stderr, "Of what was known of the runner is left%s: %s\n",
		        s->has_choice ? " what the prompts depend on" : "", text);
	if (s->profiles)
		fprintf(stderr, "What a display told of the runner is left.\n");
}

static void tell(const struct shared *s)
{
	const struct anonymiser *a = &s->anonymiser;

	fprintf(stderr, "Taken out of %s, and it says the same:\n", s->file);
	if (a->had_start)
		fprintf(stderr, "  the date; the time of day stays\n");
	count(a->address_count, "addresses, now 00:00:00:00:00:01 and so on");
	count(a->number_count, "numbers of ANT devices, now 1 and so on");
	count(a->serials, "serial numbers");
	count(a->names, "numbers or owners in names of devices");
	count(a->runner_count, "names of runners");
	count(a->values, "values that gaitd does not read");
	count(a->frames, "ANT frames that gaitd does not read");
	tell_profile(s);
	fprintf(stderr, "Look it through: it is text.\n");
}

static void tell_next(void)
{
	fprintf(stderr,
	        "\nTo make it a test: put it into tests/recordings/ of gaitd's sources, run\n"
	        "make regen-expect, and read the .prompts beside it: where a line is not what\n"
	        "the rules ask for, there is the bug. tests/recordings/README tells more.\n");
}

/* ---- the commands ----------------------------------------------------------------- */

static bool copy_out(const struct shared *s)
{
	struct recording_file out;
	FILE *in = fopen(s->bundle.recording, "re");
	char block[65536];
	size_t got;
	bool good;

	if (!in || !recording_file_create(&out, gaitctl.output)) {
		if (in)
			fclose(in);
		return false;
	}
	while ((got = fread(block, 1, sizeof(block), in)) > 0)
		fwrite(block, 1, got, out.file);
	good = recording_file_finish(&out);
	fclose(in);
	return good;
}

static int publish(struct shared *s)
{
	int status = EXIT_FAILED;

	switch (settle(s, &status)) {
	case SAME:
		if (!copy_out(s))
			return EXIT_FAILED;
		tell(s);
		return EXIT_OK;
	case OTHER:
		log_error(TOKEN, "%s says something else when what tells who it is is taken out; "
		                 "please report this, without the recording", s->file);
		return EXIT_FAILED;
	case BROKEN:
		break;
	}
	return status == EXIT_OK ? EXIT_FAILED : status;
}

static int anonymise(struct shared *s)
{
	int status = EXIT_FAILED;

	s->config = loading_config(gaitctl.config, &status);
	s->rules = s->config ? rules_load(s->config, NULL, 0, &status) : NULL;
	if (s->rules && open_bundle(&s->bundle)) {
		status = publish(s);
		close_bundle(&s->bundle);
	}
	loading_free_rules(s->rules);
	config_free(s->config);
	return status;
}

static int run(char **words, const char *command)
{
	struct shared *s;
	int status;

	if (words[1]) {
		log_error("usage", "gaitctl %s takes one recording, and found \"%s\" too", command,
		          words[1]);
		return EXIT_USAGE;
	}
	s = calloc(1, sizeof(*s));
	if (!s)
		return EXIT_FAILED;
	s->file = words[0];
	status = anonymise(s);
	free(s);
	return status;
}

int gaitctl_anonymise(char **words)
{
	return run(words, "anonymise");
}

int gaitctl_share(char **words)
{
	int status = run(words, "share");

	if (status == EXIT_OK)
		tell_next();
	return status;
}
