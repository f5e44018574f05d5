/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/history/desk.h"

#include "daemon/history/pin.h"
#include "daemon/sources/knowledge.h"

#include <glob.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define REPLY_ROOM 3600 /* of a list, in a control line */

static const char *text_of(const json_t *request, const char *member)
{
	const char *text = json_string_value(json_object_get(request, member));

	return text ? text : "";
}

__attribute__((format(printf, 2, 3)))
static bool fail(json_t *reply, const char *format, ...)
{
	char error[600];
	va_list args;

	va_start(args, format);
	vsnprintf(error, sizeof(error), format, args);
	va_end(args);
	json_object_set_new(reply, "error", json_string(error));
	return false;
}

static bool failed(struct shelf *shelf, enum history_result result, const char *name,
                   json_t *reply)
{
	switch (result) {
	case HISTORY_OK:
		return true;
	case HISTORY_NOTHING:
		return fail(reply, "there is no %s; gaitctl runner list names those there are",
		            name);
	case HISTORY_TAKEN:
		return fail(reply, "another runner has that name or that pod");
	case HISTORY_BUSY:
		return fail(reply, "%s is in use; try again", shelf->path);
	case HISTORY_DAMAGED:
	case HISTORY_FAILED:
	case HISTORY_NEWER:
		break;
	}
	return fail(reply, "%s", shelf->word[0] ? shelf->word : shelf->path);
}

/* ---- a runner's members ------------------------------------------------------ */

/* The members given go over those he has; null takes one away. */
static bool take_profile(const json_t *given, struct runner *told, json_t *reply)
{
	char text[HISTORY_PROFILE_MAX], why[200];
	json_t *profile, *value;
	const char *key;
	char *merged;
	bool good;

	if (!given)
		return true;
	if (!json_is_object(given) || runner_write(told, text, sizeof(text)) == 0)
		return fail(reply, "expected \"profile\":{\"height_m\":1.75, ...}");
	profile = json_loads(text, 0, NULL);
	json_object_foreach((json_t *)(uintptr_t)given, key, value) {
		if (json_is_null(value))
			json_object_del(profile, key);
		else
			json_object_set(profile, key, value);
	}
	merged = json_dumps(profile, JSON_COMPACT | JSON_REAL_PRECISION(17));
	json_decref(profile);
	good = merged && runner_parse(merged, told, why, sizeof(why));
	free(merged);
	if (good && why[0] == '\0')
		return true;
	return fail(reply, "%s", why);
}

static bool take_pin(const json_t *request, struct history_runner *runner, json_t *reply)
{
	const char *pin = text_of(request, "pin");
	char why[100];

	if (!json_object_get(request, "pin"))
		return true;
	runner->pin[0] = '\0';
	if (*pin == '\0')
		return true;
	if (!pin_is_good(pin, why, sizeof(why)))
		return fail(reply, "%s", why);
	return pin_hash(pin, runner->pin) || fail(reply, "the PIN cannot be hashed");
}

static bool take_pod(const json_t *request, struct history_runner *runner, json_t *reply)
{
	const char *pod = text_of(request, "pod");
	char id[KNOWLEDGE_ID_SIZE];

	if (!json_object_get(request, "pod"))
		return true;
	runner->pod[0] = '\0';
	if (*pod == '\0')
		return true;
	if (!knowledge_normalize(pod, id))
		return fail(reply, "a pod is a Bluetooth address as C0:FF:EE:00:11:22, or "
		                   "\"ant 57043\"");
	snprintf(runner->pod, sizeof(runner->pod), "%s", id);
	return true;
}

static bool take_exports(const json_t *request, struct history_runner *runner,
                         json_t *reply)
{
	const char *folder = text_of(request, "exports");

	if (!json_object_get(request, "exports"))
		return true;
	if (*folder != '\0' && (*folder != '/' || strlen(folder) >= sizeof(runner->exports)))
		return fail(reply, "exports is a folder's whole path, from / on");
	snprintf(runner->exports, sizeof(runner->exports), "%s", folder);
	return true;
}

static bool take_members(const json_t *request, struct history_runner *runner,
                         json_t *reply)
{
	return take_profile(json_object_get(request, "profile"), &runner->told, reply) &&
	       take_pin(request, runner, reply) && take_pod(request, runner, reply) &&
	       take_exports(request, runner, reply);
}

/* ---- runner add, set, list, show ---------------------------------------------- */

static bool add(struct shelves *shelves, const json_t *request, json_t *reply)
{
	struct history_runner runner = { .has_added = true, .added_s = time(NULL) };
	struct shelf *shelf = &shelves->state;
	const char *name = text_of(request, "name");
	enum history_result result;
	struct history *history;
	char why[120];

	runner_init(&runner.told);
	if (!history_name_is_good(name, why, sizeof(why)))
		return fail(reply, "%s", why);
	snprintf(runner.name, sizeof(runner.name), "%s", name);
	if (!take_members(request, &runner, reply))
		return false;
	history = shelf_open(shelf, true, &result);
	if (history)
		result = shelf_did(shelf, history_add_runner(history, &runner));
	return failed(shelf, result, name, reply);
}

static bool find(struct shelves *shelves, const json_t *request, struct history **history,
                 struct history_runner *runner, json_t *reply)
{
	const char *name = text_of(request, "name");
	enum history_result result;

	*history = shelf_open(&shelves->state, false, &result);
	if (*history)
		result = shelf_did(&shelves->state,
		                   history_find_runner(*history, name, runner));
	return failed(&shelves->state, result, *name ? name : "runner without a name", reply);
}

static bool set(struct shelves *shelves, const json_t *request, json_t *reply)
{
	struct history_runner runner = { .id = 0 };
	struct history *history;

	return find(shelves, request, &history, &runner, reply) &&
	       take_members(request, &runner, reply) &&
	       failed(&shelves->state,
	              shelf_did(&shelves->state, history_set_runner(history, &runner)),
	              runner.name, reply);
}

static json_t *describe(const struct history_runner *runner)
{
	json_t *object = json_pack("{s:s, s:I, s:b}", "name", runner->name, "sessions",
	                           (json_int_t)runner->sessions, "pin", runner->pin[0] != '\0');

	if (runner->pod[0])
		json_object_set_new(object, "pod", json_string(runner->pod));
	if (runner->exports[0])
		json_object_set_new(object, "exports", json_string(runner->exports));
	if (runner->has_added)
		json_object_set_new(object, "added_s", json_integer(runner->added_s));
	return object;
}

/* What fits into a reply */
struct page {
	json_t *list;
	size_t used;
	const char *after; /* names up to it are left out */
	bool more;
};

static bool fits(struct page *page, json_t *object)
{
	page->used += json_dumpb(object, NULL, 0, JSON_COMPACT) + 1;
	page->more = page->used > REPLY_ROOM;
	if (page->more)
		json_decref(object);
	else
		json_array_append_new(page->list, object);
	return !page->more;
}

static bool list_runner(const struct history_runner *runner, void *user)
{
	struct page *page = user;

	return strcmp(runner->name, page->after) <= 0 || fits(page, describe(runner));
}

static void put_page(json_t *reply, const char *name, struct page *page)
{
	json_object_set_new(reply, name, page->list);
	if (page->more)
		json_object_set_new(reply, "more", json_true());
}

static bool list(struct shelves *shelves, const json_t *request, json_t *reply)
{
	struct page page = { .list = json_array(), .after = text_of(request, "after") };
	enum history_result result;
	struct history *history = shelf_open(&shelves->state, false, &result);

	if (history)
		result = shelf_did(&shelves->state,
		                   history_each_runner(history, list_runner, &page));
	put_page(reply, "runners", &page);
	return result == HISTORY_NOTHING || failed(&shelves->state, result, "runner", reply);
}

static void put_profile(json_t *reply, const char *name, const struct runner *runner)
{
	char text[HISTORY_PROFILE_MAX];

	if (runner_write(runner, text, sizeof(text)) > 0)
		json_object_set_new(reply, name, json_loads(text, 0, NULL));
}

static bool show(struct shelves *shelves, const json_t *request, json_t *reply)
{
	struct history_runner runner = { .id = 0 };
	struct runner known;
	struct history *history;

	if (!find(shelves, request, &history, &runner, reply))
		return false;
	json_object_set_new(reply, "runner", describe(&runner));
	put_profile(reply, "profile", &runner.told);
	if (shelf_did(&shelves->state,
	              history_know_runner(history, &runner, time(NULL), 0, &known)) == HISTORY_OK)
		put_profile(reply, "known", &known);
	return true;
}

/* ---- forgetting ------------------------------------------------------------------ */

/* What was set aside as nobody's knows is not ours to delete; whoever asks is
 * told where it lies. */
static void put_foreign(struct shelves *shelves, json_t *reply)
{
	char pattern[4200];
	glob_t found;

	snprintf(pattern, sizeof(pattern), "%s.foreign-*", shelves->state.path);
	if (glob(pattern, 0, NULL, &found) == 0)
		json_object_set_new(reply, "foreign", json_string(found.gl_pathv[0]));
	globfree(&found);
}

static bool forget(struct shelves *shelves, const json_t *request, json_t *reply)
{
	const char *name = text_of(request, "name");
	enum history_result result;
	struct history *history = shelf_open(&shelves->state, false, &result);

	if (history)
		result = shelf_did(&shelves->state, history_forget_runner(history, name));
	history_remove_damaged(shelves->state.path);
	put_foreign(shelves, reply);
	return failed(&shelves->state, result, *name ? name : "runner without a name", reply);
}

static bool forget_session(struct shelves *shelves, const json_t *request, json_t *reply)
{
	json_int_t id = json_integer_value(json_object_get(request, "session"));
	enum history_result result;
	struct history *history = shelf_open(&shelves->state, false, &result);

	if (history)
		result = shelf_did(&shelves->state, history_forget_session(history, id));
	history_remove_damaged(shelves->state.path);
	return failed(&shelves->state, result, "such session", reply);
}

static bool remove_all(struct shelf *shelf)
{
	shelf_close(shelf);
	return shelf->path[0] == '\0' || history_remove(shelf->path);
}

static bool forget_all(struct shelves *shelves, const json_t *request, json_t *reply)
{
	bool good = remove_all(&shelves->state);

	(void)request;
	good &= remove_all(&shelves->session);
	put_foreign(shelves, reply);
	return good || fail(reply, "%s cannot be removed whole; look who owns it",
	                    shelves->state.path);
}

/* ---- history ------------------------------------------------------------------------ */

static void put_number(json_t *object, const char *name, double value)
{
	json_t *real = json_real(value); /* none of NaN */

	if (real)
		json_object_set_new(object, name, real);
}

static bool list_session(const struct history_entry *entry, void *user)
{
	const struct runner_session *kept = &entry->kept;
	json_t *object = json_pack("{s:I, s:s, s:i, s:b}", "id", (json_int_t)entry->id, "runner",
	                           entry->runner, "length_s", (int)entry->length_s, "ended",
	                           entry->ended);

	if (entry->has_start) {
		json_object_set_new(object, "start_s", json_integer(entry->start_s));
		json_object_set_new(object, "offset_s", json_integer(entry->offset_s));
	}
	if (entry->has_kept) {
		put_number(object, "distance_m", kept->distance_m);
		json_object_set_new(object, "run_s", json_integer(kept->run_s));
		put_number(object, "run_kmh", kept->run_kmh);
		if (kept->pain >= 0)
			json_object_set_new(object, "pain", json_integer(kept->pain));
	}
	return fits(user, object);
}

static bool history(struct shelves *shelves, const json_t *request, json_t *reply)
{
	struct page page = { .list = json_array() };
	const json_t *before = json_object_get(request, "before");
	const char *runner = text_of(request, "runner");
	enum history_result result;
	struct history *history = shelf_open(&shelves->state, false, &result);
	struct history_runner found;

	if (history && *runner)
		result = shelf_did(&shelves->state, history_find_runner(history, runner, &found));
	if (history && result == HISTORY_OK)
		result = shelf_did(&shelves->state,
		                   history_list(history, *runner ? runner : NULL,
		                                before ? json_integer_value(before) : INT64_MAX,
		                                list_session, &page));
	put_page(reply, "history", &page);
	return (result == HISTORY_NOTHING && *runner == '\0') ||
	       failed(&shelves->state, result, *runner ? runner : "session", reply);
}

bool desk_answer(struct shelves *shelves, const json_t *request, json_t *reply)
{
	static const struct {
		const char *word;
		bool (*run)(struct shelves *shelves, const json_t *request, json_t *reply);
	} verbs[] = {
		{ "add", add }, { "set", set }, { "list", list }, { "show", show },
		{ "forget", forget }, { "forget-session", forget_session },
		{ "forget-all", forget_all },
	};

	if (strcmp(text_of(request, "cmd"), "history") == 0)
		return history(shelves, request, reply);
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(text_of(request, "do"), verbs[i].word) == 0)
			return verbs[i].run(shelves, request, reply);
	}
	return fail(reply, "runner does add, set, list, show, start, stop, forget, "
	                   "forget-session or forget-all");
}
